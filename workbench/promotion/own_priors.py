"""A label's own priors in the place of the published ones, kept beside its tables with their words.

They are among what the fit is addressed by: a change makes it stale, and what was fitted before is
found again when they are reset.
"""

import math
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.observations import PUBLISHED_CHANNELS
from workbench.promotion.priors import COST, EDGE, PRIORS, Prior, cost, table, unbounded
from workbench.promotion.spend import model_money
from workbench.store import annotations
from workbench.store.manifest import locked

if TYPE_CHECKING:
    from workbench.dataset import Dataset

KIND, SET, KEY = "own_priors", "own", annotations.NAMES["own_priors"]
COLUMNS = {KEY: pl.String, "low": pl.Float64, "median": pl.Float64, "high": pl.Float64,
           "source": pl.String}  # fmt: skip
LONGEST = 200  # letters of the words that say where a prior is from
NARROWEST, WIDEST, FARTHEST = 0.01, 5.0, 15.0  # of the published spread; currencies differ
# Of a channel about which nothing is published, only to tell what is out of all measure.
ANY_COST = Prior(math.log(0.25), 1.3, "log", "money per stream at small spend", "", True)
NEEDED = {"log": "above 0", "logit": "between 0 and 1, as it is a share"}


def in_force(rows: pl.DataFrame) -> dict[str, Prior]:
    """Return all priors by name, the label's own in the place of the published ones.

    Parameters
    ----------
    rows : what the label holds of `own_priors`.
    """
    held = dict(PRIORS)
    for row in _own(rows).to_dicts():
        name = row.pop(KEY)
        held[name] = believed(name, **row)
    return held


def believed(prior: str, *, low: float, median: float, high: float, source: str) -> Prior:
    """Return the prior that a median and a 90 % range say; its spread is that of the range.

    Raises
    ------
    BadInput
        No such prior, one that is fixed, no words of where it is from, or a range that cannot be.
    """
    known = _published(prior)
    told, source = prior.removeprefix(COST), " ".join(source.split())
    if not 0 < len(source) <= LONGEST:
        raise BadInput(
            f"Say where the prior of {told} is from, in up to {LONGEST} letters, such as “our own "
            "tests of 2025”."
        )
    values = (low, median, high)
    if not all(math.isfinite(one) for one in values):
        raise BadInput(f"The prior of {told} needs three numbers: 5 %, median and 95 %.")
    top = {"log": math.inf, "logit": 1.0}.get(known.scale)
    if top is not None and not all(0 < one < top for one in values):
        raise BadInput(f"{told}: every number must be {NEEDED[known.scale]}.")
    if not low < median < high:
        raise BadInput(
            f"{told}: the median must lie inside of the 90 % range, and its low end come first; "
            f"{low:g}, {median:g}, {high:g} do not."
        )
    ends = [unbounded(known.scale, one) for one in values]
    spread, off = (ends[2] - ends[0]) / (2 * EDGE), abs(ends[1] - known.mean)
    published = " to ".join(f"{one:.3g}" for one in known.range[::2])
    if not NARROWEST <= spread / known.sd <= WIDEST:
        wrong = "wide to say anything" if spread > known.sd else "narrow for data to speak against"
        raise BadInput(f"{told}: {low:g} to {high:g} is too {wrong} (published: {published}).")
    if off > FARTHEST * known.sd:
        raise BadInput(f"{told}: {median:g} is out of all measure (published: {published}).")
    return Prior(ends[1], spread, known.scale, known.meaning, source, False, own=True)


def _published(prior: str) -> Prior:
    if prior.startswith(COST):
        return cost(prior.removeprefix(COST)) or ANY_COST
    if prior not in PRIORS:
        raise BadInput(f"There is no prior “{prior}”. There are: {', '.join(sorted(PRIORS))}.")
    if PRIORS[prior].fixed:
        raise BadInput(f"“{prior}” is fixed: no data move it, and it cannot be set.")
    return PRIORS[prior]


@analysis(optional=f"{KIND} campaigns lift_tests fx_rates")
def priors_in_force(label) -> pl.DataFrame:
    """Return every prior, and the cost per stream of the channels that the label uses.

    Returns
    -------
    prior | low | median | high (90 %; null where nothing is known) | meaning | source | assumption
    | own (the label's, in place of the published one), sorted by prior
    """
    held = (label.table(name) for name in ("campaigns", "lift_tests", "fx_rates"))
    return table(in_force(label.table(KIND)), _channels(label), model_money(*held)[1])


def _channels(label) -> list[str]:
    used = [label.scan(name).select("channel") for name in ("campaigns", "lift_tests")]
    return pl.concat(used).unique().collect()["channel"].sort().to_list() or PUBLISHED_CHANNELS


def set_prior(
    label: "Dataset", prior: str, *, low: float, median: float, high: float, source: str
) -> None:
    """Put a prior of the label's own in the place of the published one; the fit is then stale.

    Parameters
    ----------
    prior : its name, as `priors_in_force` has it. low, median, high : 5 %, 50 % and 95 % points
        in its unit. source : where it is from, in words.

    Raises
    ------
    BadInput
        As `believed` does; or a channel that the label does not use.
    """
    one = believed(prior, low=low, median=median, high=high, source=source)
    if prior.startswith(COST) and prior.removeprefix(COST) not in (used := _channels(label)):
        raise BadInput(f"The label uses no such channel as “{prior.removeprefix(COST)}”. It "
                       f"uses: {', '.join(used)}.")  # fmt: skip
    row = {KEY: prior, "low": low, "median": median, "high": high, "source": one.source}
    _replace(label, prior, pl.DataFrame([row], schema=COLUMNS))


def reset_prior(label: "Dataset", prior: str) -> None:
    """Put the published prior back; nothing happens where it is the published one."""
    _replace(label, prior, pl.DataFrame(schema=COLUMNS))


def _replace(label: "Dataset", prior: str, row: pl.DataFrame) -> None:
    with locked(label.home / "annotations"):
        held = _own(annotations.scan(label.home, KIND).collect())
        rows = pl.concat([held.filter(pl.col(KEY) != prior), row])
        if rows.is_empty():
            annotations.remove(label.home, KIND, SET)
        else:
            annotations.write(label.home, SET, rows)


def _own(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the label's own priors: prior_name | low | median | high | source."""
    if f"{SET}.median" not in rows.columns:
        return pl.DataFrame(schema=COLUMNS)
    return rows.rename({f"{SET}.{name}": name for name in list(COLUMNS)[1:]}).select(list(COLUMNS))
