"""A team's own model: the posterior that PyMC-Marketing or Meridian saved, as channel draws.

Both save ArviZ's InferenceData as netCDF4. Which form a model has is told by the names of its
parameters, and the file proves it: its own contributions of the channels must come out of its
draws by the formula of that form.
"""

import json

import numpy as np
import polars as pl

from workbench.errors import BadInput
from workbench.importers import own_tables
from workbench.importers.hdf import MARK, Arrays, arrays
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.model_forms import FORMS, Form, proved
from workbench.importers.sheet import MALFORMED, ROW, Sheet
from workbench.tables import TABLES

MOST_DRAWS = 2000
WEEK = 7.0  # days
SCALES = ("constant_data/channel_scale", "constant_data/target_scale")
HOW = "docs/formats.md says how to save it with the model"
READ = (
    "geometric adstock with logistic saturation (adstock_alpha, saturation_lam, saturation_beta) "
    "or Michaelis–Menten's (saturation_alpha in place of beta), and Meridian's national model "
    "(alpha_m, ec_m, beta_gm, with slope_m of 1)"
)
OTHER_PARTS = {"alpha_rf": "reach and frequency", "beta_grf": "reach and frequency",
               "alpha_om": "organic media", "alpha_orf": "organic reach and frequency"}  # fmt: skip


def recognised(incoming: Incoming) -> Understood | None:
    """Return the draws of a saved model as rows of `channel_draws`.

    Raises
    ------
    BadInput
        It is no model, or not of a form that is ours; the message names what differs.
    """
    if not incoming.source.unpacked.startswith(MARK):
        return None
    with arrays(incoming.source) as held:
        sheet = _sheet(held)
    _alone(incoming, sheet)
    return own_tables.of_table(sheet, TABLES["channel_draws"])


def _alone(incoming: Incoming, sheet: Sheet) -> None:
    """Say that draws of another model would be mixed with these."""
    before = incoming.label.table("channel_draws")
    now = sheet.frame.drop(ROW).cast(before.schema).select(before.columns).sort("channel", "draw")
    if before.height and not before.sort("channel", "draw").equals(now):
        raise BadInput(
            "This label has draws of another model already, and two models are not one. Take that "
            "import back first, in the history of imports."
        )


def _sheet(held: Arrays) -> Sheet:
    form = _form(held)
    window = _window(held)
    _weekly(held)
    names = held.texts(f"posterior/{form.channels}")
    values = np.stack([_values(held, name, len(names))
                       for name in (form.adstock, form.bend, form.height)])  # fmt: skip
    _possible(held.file, form, values)
    scale, target = _scales(held, len(names))
    checked = proved(held, form, values, scale, window)
    draws = np.arange(values.shape[1])
    if len(draws) > MOST_DRAWS:
        draws = np.linspace(0, len(draws) - 1, MOST_DRAWS).round().astype(int)
    carry, bend, height = values[:, draws]
    frame = pl.DataFrame(
        {
            "channel": names * len(draws),
            "draw": np.repeat(draws, len(names)),
            "adstock_kind": "geometric",
            "saturation_kind": form.kind,
            "adstock": carry.ravel(),
            "saturation": bend.ravel(),
            "effect": (height * target).ravel(),
            "spend_scale": np.tile(scale, len(draws)),
        }
    ).cast(pl.String)
    notes = [f"a model of {form.who}, {values.shape[1]:,} draws of {len(names)} channels"]
    notes += [f"{len(draws):,} of them taken"] if len(draws) < values.shape[1] else []
    notes += [
        f"spend works for {window} weeks there and without an end here",
        "its spend is taken for money a week, its outcome for streams a week",
        checked,
    ]
    rows = pl.int_range(1, frame.height + 1, eager=True).alias(ROW)
    return Sheet(frame.insert_column(0, rows), pl.DataFrame(schema=MALFORMED), notes=tuple(notes))


def _form(held: Arrays) -> Form:
    """Return which form the model has; say what differs where it is none of ours."""
    here = set(held.names("posterior"))
    if not here:
        raise BadInput(
            f"{held.file} is an HDF5 file without a posterior: no model that was fitted. Bring "
            "what PyMC-Marketing's or Meridian's fit was saved as."
        )
    for name, words in OTHER_PARTS.items():
        if name in here:
            raise BadInput(
                f"{held.file} is a model with {words} (`{name}`): only paid media by spend is read."
            )
    form = next((one for one in FORMS if {one.adstock, one.bend, one.height} <= here), None)
    if form is None or {"saturation_slope", "saturation_kappa"} & here:
        own = sorted(one for one in here if one.startswith(("adstock", "saturation", "alpha", "ec",
                                                            "slope", "beta")))  # fmt: skip
        raise BadInput(
            f"The model in {held.file} has {', '.join(own[:12]) or 'no adstock'}; read are {READ}."
        )
    if "slope_m" in here and np.any(held.numbers("posterior/slope_m") != 1):
        raise BadInput(
            f"{held.file} has a `slope_m` other than 1, so that a little money does less than its "
            "share: such a curve is none of ours. Fit with Meridian's default slope of 1."
        )
    adstock = _said(held, "adstock")
    if adstock.get("lookup_name", "geometric") != "geometric" or not adstock.get("normalize", True):
        raise BadInput(f"{held.file}: only geometric adstock that is normalised is read.")
    if held.attribute("/", "time_varying_media") == "true":
        raise BadInput(f"{held.file} has effects that vary over time; ours are the same each week.")
    return form


def _said(held: Arrays, name: str) -> dict:
    """Return what PyMC-Marketing says of a part of its model."""
    try:
        found = json.loads(held.attribute("/", name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _window(held: Arrays) -> int:
    """Return for how many weeks spend works."""
    window = _said(held, "adstock").get("l_max")
    if window is None and held.has("constant_data/l_max"):
        window = int(held.numbers("constant_data/l_max"))
    if not isinstance(window, int) or not 1 <= window <= 1000:
        raise BadInput(f"{held.file} does not say for how many weeks spend works; {HOW}.")
    return window


def _weekly(held: Arrays) -> None:
    """Say that a model is not by the week, where the file tells its dates."""
    path = "constant_data/date"
    if not held.has(path) or held.shape(path)[0] < 2:
        return
    unit = (held.attribute(path, "units") or "").split(" ")[0]
    a_day = {"days": 1, "hours": 24, "minutes": 1440, "seconds": 86400}.get(unit)
    if a_day is not None:
        days = held.numbers(path) / a_day
    elif unit:
        return
    else:
        told = pl.Series(held.texts(path)).str.slice(0, 10).str.to_date(strict=False)
        days = told.dt.epoch("d").to_numpy()
    if float(np.nanmedian(np.diff(days))) != WEEK:
        raise BadInput(f"{held.file} is not a model of weeks; fit it to weekly data.")


def _values(held: Arrays, name: str, channels: int) -> np.ndarray:
    """Return a parameter by draw and channel (S, C), all chains together."""
    shape = held.shape(f"posterior/{name}")
    if len(shape) == 4 and shape[2] == 1:  # Meridian's national model has one place
        shape = (*shape[:2], shape[3])
    if len(shape) != 3 or shape[2] != channels:
        raise BadInput(
            f"{held.file}: `{name}` is not by channel alone. A model of several markets or places "
            "is not read; fit one of their total."
        )
    return held.numbers(f"posterior/{name}").reshape(-1, channels)


def _possible(file: str, form: Form, values: np.ndarray) -> None:
    odd = ~np.isfinite(values)
    if odd.any():
        raise BadInput(
            f"{file}: {int(odd.any((0, 2)).sum()):,} of {values.shape[1]:,} draws hold values that "
            "are no numbers. Leave the chain out that broke, and save again."
        )
    for name, found in zip((form.adstock, form.bend, form.height), values, strict=True):
        top = 1.0 if name == form.adstock else np.inf
        if np.any((found <= 0) | (found >= top)):
            raise BadInput(
                f"{file}: `{name}` must lie above 0{' and below 1' if top == 1 else ''} on "
                f"every draw, and lies between {found.min():.3g} and {found.max():.3g}."
            )


def _scales(held: Arrays, channels: int) -> tuple[np.ndarray, float]:
    """Return what spend (C,) and outcome were divided by."""
    if lost := [path for path in SCALES if not held.has(path)]:
        raise BadInput(
            f"{held.file} has no `{'`, `'.join(lost)}`: what spend and outcome were divided by; "
            f"{HOW}."
        )
    scale, target = (np.ravel(held.numbers(path)) for path in SCALES)
    if len(scale) not in (1, channels) or len(target) != 1:
        raise BadInput(f"{held.file}: scales must be one for each channel, one for the outcome.")
    if not (np.isfinite([*scale, *target]).all() and min(*scale, *target) > 0):
        raise BadInput(f"{held.file}: scales of spend and outcome must be numbers above zero.")
    return np.broadcast_to(scale, channels), float(target[0])
