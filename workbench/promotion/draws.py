"""Stored draws made ready for the engine: one release, one window, everything but the spend.

Two plans are compared on the same scene draws, so that what both share falls out of their
difference. Arrays are float32 with draws last: the engine's inner loops run along them.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.errors import BadInput
from workbench.promotion import own_draws
from workbench.promotion.events import stirs
from workbench.promotion.expected import logistic
from workbench.promotion.lasting import believed, gone_on, off, wandered
from workbench.promotion.observations import OLD, SETTLED
from workbench.promotion.places import EDITORIAL, PERSONAL
from workbench.promotion.plan import Plan, friday, not_covered
from workbench.promotion.response import reached, release_curve, retained_back
from workbench.promotion.season import seasons
from workbench.store.artifacts import Fit

WANDERING = 7  # seed
LEAD = 8  # weeks before the window whose spend still carries over into it


@dataclass(frozen=True, eq=False)
class Scene:
    """A release in its window, over T weeks, K cells, C channels and S draws.

    Attributes
    ----------
    weeks : first days (T,). release : week of the release in the window, below zero if before.
    planned : whether the release is to come, so that its level is a draw from the pool.
    base : expected streams without promotion (K, T, S). lift : season of promotion (T, S).
    carry, gain : (C, S). height : (C, K, S). kept, stay : (S,).
    worth : streams in the window that one stream won in a week leads to (T, S).
    audience : share of streams (K,). hill : which form of `response.reached` spend has.
    playlist_rate : streams that a follower of an editorial list of `places.LARGEST` brings a day;
        of a smaller one `places.share_listening` of it (S,).
    """

    weeks: np.ndarray
    release: int
    planned: bool
    cells: tuple[str, ...]
    channels: tuple[str, ...]
    base: np.ndarray
    lift: np.ndarray
    carry: np.ndarray
    gain: np.ndarray
    height: np.ndarray
    kept: np.ndarray
    stay: np.ndarray
    worth: np.ndarray
    audience: np.ndarray
    playlist_rate: np.ndarray
    hill: bool = False

    @property
    def bytes(self) -> int:
        """Size in memory."""
        return sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))


def dated(fit: Fit, plan: Plan) -> Plan:
    """Return the plan with its artist, genre, release date and start filled in.

    Raises
    ------
    BadInput
        The label has no such track; a release without a track is not after the data, or that of a
        track is moved to where the data are already.
    """
    if plan.track_id is not None:
        row = fit.frames["catalogue"].filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
        if row.is_empty():
            raise BadInput(f"The label has no track “{plan.track_id}”.")
        facts = row.row(0, named=True)
        _not_back(fit, plan, facts["release_date"])
        plan = replace(
            plan,
            artist_id=facts["artist_id"],
            genre=facts["genre"],
            release_date=plan.release_date or facts["release_date"],
        )
    after = datetime.date.fromisoformat(fit.meta["last_week"]) + datetime.timedelta(weeks=1)
    plan = not_covered(plan, after - datetime.timedelta(weeks=1))
    if plan.start is None:
        release = friday(plan.release_date) if plan.release_date else after
        plan = replace(plan, start=release if to_come(fit, plan) else after)
    return replace(plan, start=friday(plan.start))


def _not_back(fit: Fit, plan: Plan, own: datetime.date | None) -> None:
    """Say that a release cannot be moved into weeks that were observed."""
    last = datetime.date.fromisoformat(fit.meta["last_week"]) + datetime.timedelta(days=6)
    if plan.release_date not in (None, own) and plan.release_date <= last:
        raise BadInput(
            f"A release cannot be moved to {plan.release_date}: the data end with {last}. Choose a "
            "later date."
        )


def to_come(fit: Fit, plan: Plan) -> bool:
    """Tell whether the plan's release has not been heard yet."""
    if (
        plan.track_id is None
        or fit.frames["tracks"]
        .filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
        .is_empty()
    ):
        last = datetime.date.fromisoformat(fit.meta["last_week"])
        return plan.release_date is not None and plan.release_date > last
    return False


def scene(fit: Fit, plan: Plan) -> Scene:
    """Return everything about a dated plan but its spend, on the draws of the fit."""
    draws = fit.arrays["draws"].astype(np.float64)
    at = {name: slice(*ends) for name, ends in fit.meta["blocks"].items()}
    cells, channels = tuple(fit.meta["cells"]), tuple(fit.meta["channels"])
    weeks = np.arange(plan.weeks) * 7 + np.datetime64(plan.start, "D")
    planned = to_come(fit, plan)
    fitted = fit.frames["tracks"].filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
    heard = not fitted.is_empty() and not planned
    row = fitted["row"][0] if heard else None
    own = own_draws.heard(fit, row, draws, at) if heard else own_draws.drawn(fit, plan, draws, at)
    age = _ages(plan, weeks)
    alive = (age >= 0).astype(np.float64)
    lift = seasons(fit, weeks)[1] * alive[:, None]
    rates = list_rates(fit, draws, at) + own["listed"]
    base = _base(fit, plan, weeks, own, row, rates)
    if heard:
        last = fit.arrays["last_week"][row : row + 1]
        before = (
            _base(fit, plan, last, own, row, rates)[:, 0] + fit.arrays["last_won"][row][:, None]
        )
        gap = off(fit.arrays["last_streams"][row][:, None], before)[:, None]
        beyond = (weeks - last).astype(int) // 7
        rng = np.random.default_rng([WANDERING, row])  # paired over plans
        path = wandered(max(beyond.max(), 0) + 1, fit.meta["wandering"], len(draws), rng)
        strays = np.where(beyond[:, None] > 0, path[np.maximum(beyond - 1, 0)], 0.0)
        base = gone_on(base, gap, beyond[:, None]) * np.exp(strays)
    size = own_draws.known_size(fit, plan) or 1.0
    if planned:
        size = own_draws.size_of(fit, plan, len(draws))
    carry = logistic(draws[:, at["carry"]]).T
    bend = np.exp(draws[:, at["bend"]]).T
    effect = (draws[:, at["effect"]].T + own["appeal"])[:, None]
    if len(cells) > 1:
        effect = effect + draws[:, at["cell"]].T.reshape(len(channels), len(cells), -1)
    reach = fit.arrays["audience"][:, None] * size
    hill = fit.meta["hill"]
    height = reach * np.exp(effect) / reached(bend, hill)[:, None]
    kept = logistic(draws[:, at["kept"]])[:, 0]
    stay = np.exp(-np.exp(draws[:, at["leaving"]]))[:, 0]
    single = np.float32
    return Scene(
        weeks=weeks,
        release=int(np.searchsorted(age, 0.0)) if planned else -1,
        planned=planned,
        cells=cells,
        channels=channels,
        base=base.astype(single),
        lift=lift.astype(single),
        carry=carry.astype(single),
        gain=(bend / (fit.arrays["usual"][:, None] * size)).astype(single),
        height=height.astype(single),
        kept=kept.astype(single),
        stay=stay.astype(single),
        # who is won before the release cannot hear it
        worth=(retained_back(lift, kept, stay) * alive[:, None]).astype(single),
        audience=fit.arrays["audience"].astype(single),
        playlist_rate=np.exp(rates[fit.meta["kinds"].index(EDITORIAL)]).astype(single)
        * single(fit.meta["list_scale"]),
        hill=hill,
    )


def _ages(plan: Plan, weeks: np.ndarray) -> np.ndarray:
    """Return weeks since the release, counted from its own week, whichever day it falls on."""
    if plan.release_date is None:
        return np.full(len(weeks), OLD)
    return (weeks - np.datetime64(friday(plan.release_date), "D")).astype(float) / 7


def _base(
    fit: Fit, plan: Plan, weeks: np.ndarray, own: dict, row: int | None, rates: np.ndarray
) -> np.ndarray:
    """Return expected streams without promotion (K, T, S); `row` of a track that was heard."""
    age = _ages(plan, weeks)
    settled = SETTLED if row is None else fit.arrays["settled"][row]
    clock = age - settled if plan.release_date is not None else _clock_zero(fit, weeks)
    if row is not None:
        beyond = (weeks - fit.arrays["last_week"][row]).astype(float) / 7
        clock = clock - beyond + believed(beyond)
    curve = own["level"] - release_curve(np.float64(settled), *own["shape"])
    curve = curve + release_curve(np.maximum(age, 0)[:, None], *own["shape"])
    total = np.exp(curve + own["drift"] * clock[:, None])
    if (stirred := stirs(fit, plan, weeks)) is not None:
        total = total * stirred  # by territory from here on
    if row is not None:  # stays without an end are taken to go on
        total = total + fit.arrays["running"][row] @ np.exp(rates)
    total = total * seasons(fit, weeks)[0] * (age >= 0)[:, None]
    return (fit.arrays["audience"][:, None] * np.exp(own["mix"]))[:, None] * total


def list_rates(fit: Fit, draws: np.ndarray, at: dict[str, slice]) -> np.ndarray:
    """Return log streams of a unit of dose on each kind of list (M, S)."""
    counted = np.array([kind != PERSONAL for kind in fit.meta["kinds"]], float)
    return draws[:, at["listing_kind"]].T + counted[:, None] * draws[:, at["listing"]].T


def _clock_zero(fit: Fit, weeks: np.ndarray) -> np.ndarray:
    """Return weeks since the first observed one: the clock of a track without a release date."""
    return (weeks - np.datetime64(fit.meta["first_week"], "D")).astype(float) / 7
