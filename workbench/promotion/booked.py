"""What is booked for a release, as far as a plan can say it: one flight, shares of each channel."""

import datetime
from dataclasses import replace

import numpy as np
import polars as pl

from workbench.promotion.amounts import whole
from workbench.promotion.draws import dated
from workbench.promotion.exchange import changed
from workbench.promotion.plan import FLIGHTINGS, Plan, flight_weights
from workbench.promotion.runs import runs_of
from workbench.promotion.spend import netted, weekly_spend
from workbench.store.artifacts import Fit

AROUND = datetime.timedelta(weeks=52)  # of the release; money further away is not for it
ALIKE = 1e-3  # shares that differ by less are the same
FINE = 1e-4  # shares are told apart by the hundredth of a percent


def booked_plan(label, fit: Fit, plan: Plan) -> tuple[Plan, float] | None:
    """Return the plan with the money booked for its track, and how much of it lies elsewhere.

    Booked is spend after the last observed week, on channels of the model, in any currency that has
    a rate. A plan has one flight for all channels, from the first booked week to the last, and of
    the ways in which money can lie there it takes the nearest. Where channels go to different
    territories each has shares of its own; money without a territory follows the audience.

    Returns
    -------
    the plan, and the share of its money that lies in other weeks than it is booked for; None where
    nothing is booked
    """
    known = dated(fit, plan)
    channels, cells = tuple(fit.meta["channels"]), tuple(fit.meta["cells"])
    after = datetime.date.fromisoformat(fit.meta["last_week"]) + datetime.timedelta(weeks=1)
    money = _weekly(label, fit, known, after)
    if money.is_empty():
        return None
    weeks = np.arange(money["week"].min(), money["week"].max() + datetime.timedelta(days=1), 7,
                      dtype="datetime64[D]")  # fmt: skip
    index = {plan.track_id: 0}
    (_, at, runs), _ = runs_of(money, channels, weeks, index, cells, fit.arrays["audience"])
    spent = dict(zip([channels[one] for one in at], runs.sum((0, 2)).tolist(), strict=True))
    first = (weeks[0].item() - known.start).days // 7
    plan = replace(
        plan.with_spend({name: round(spent.get(name, 0.0), 2) for name in channels}),
        flight=(first, len(weeks)),
    )
    plan = min((replace(plan, flighting=one) for one in FLIGHTINGS), key=lambda p: _apart(p, runs))
    split = {channels[one]: runs[:, place].sum(0) for place, one in enumerate(at)}
    return _placed(plan, split, cells, fit.arrays["audience"]), _apart(plan, runs)


def _weekly(label, fit: Fit, plan: Plan, after: datetime.date) -> pl.DataFrame:
    """Return what is booked by channel, week and territory, in the currency of the model."""
    currency = fit.meta["currency"]
    rows = label.scan("campaigns").filter(
        pl.col("track_id") == pl.lit(plan.track_id, pl.String),
        pl.col("channel").is_in(fit.meta["channels"]),
    )
    rates = label.scan("fx_rates").collect()
    rows = changed(netted(rows.collect()), rates, currency, "spend")
    rows = rows.drop_nulls("spend").with_columns(currency=pl.lit(currency))
    return weekly_spend(rows, rates, after, whole=False).weekly.filter(
        pl.col("week") >= after, (pl.col("week") - plan.start).abs() < AROUND
    )


def _apart(plan: Plan, runs: np.ndarray) -> float:
    """Return the share of the money (weeks, runs, cells) that a plan puts into other weeks."""
    booked = runs.sum(2)
    even = flight_weights(plan)[:, None] * booked.sum(0)
    return float(np.abs(even - booked).sum() / 2 / booked.sum())


def _placed(
    plan: Plan, split: dict[str, np.ndarray], cells: tuple[str, ...], audience: np.ndarray
) -> Plan:
    """Return the plan with shares of cells, where the money does not follow the audience."""
    shares = {name: money / money.sum() for name, money in split.items()}
    one = next(iter(shares.values()))
    if all(np.allclose(each, one, atol=ALIKE) for each in shares.values()):
        if np.allclose(one, audience, atol=ALIKE):
            return plan
        return replace(plan, shares=tuple(_fine(one, cells)))
    return replace(
        plan,
        channel_shares=tuple(
            (name, cell, share)
            for name, each in sorted(shares.items())
            if not np.allclose(each, audience, atol=ALIKE)
            for cell, share in _fine(each, cells)
        ),
    )


def _fine(shares: np.ndarray, cells: tuple[str, ...]) -> list[tuple[str, float]]:
    """Return cell and share of those that have one, in the order of their names."""
    fine = np.round(whole(shares, FINE), 4).tolist()
    return [(cell, share) for cell, share in sorted(zip(cells, fine, strict=True)) if share]
