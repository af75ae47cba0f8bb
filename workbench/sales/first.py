"""Who buys for the first time: listeners without an order, by how they listened so far."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.audience.streamed import streamed
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.sales.first_told import Told, told
from workbench.sales.foretold import LEARNT, LEVEL
from workbench.sales.hazard import Hazard, fitted
from workbench.sales.listened import FEATURES, known_on, selling
from workbench.sales.orders import orders
from workbench.store.memory import memory
from workbench.store.privacy import shown_people

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.sales.orders import Orders

PERIOD = 28  # days
MOST_PERIODS, FEWEST_PERIODS = 20, 6
FEWEST_FIRST = 30  # first orders, on either side of the check
PEOPLE = 20_000  # listeners that are learnt from; more do not change the weights
DRAWS = 400
NEVER = 10**6  # as a day of an order, days since 1970


@dataclass(frozen=True, eq=False)
class Newcomers:
    """Those who listen and have not bought, on a day.

    Attributes
    ----------
    ids : sorted. held : features (n, f), see `listened`. hazard : the model. learnt : first orders
        it saw.
    """

    ids: pl.Series
    held: np.ndarray
    hazard: Hazard
    learnt: int


@dataclass(frozen=True, eq=False)
class FirstPurchases:
    """What those who never bought are expected to do. Intervals are 90 %.

    Attributes
    ----------
    people : who streamed and never bought, in fives. expected, low, high : of them buy within
        `weeks`. weights : feature (in words) | weight (of log odds, for one standard deviation) |
        low | high. calibration : how scores became chances. learnt : first orders learnt from.
    check, gains, bins : what was told of the last third of the time, see `first_told`; empty where
        too few came.
    """

    people: int | None
    expected: float
    low: float
    high: float
    weights: pl.DataFrame
    calibration: str
    learnt: int
    weeks: int
    check: pl.DataFrame
    gains: pl.DataFrame
    bins: pl.DataFrame
    min_group: int


@analysis(reads="purchases plays", optional="tracks products fx_rates")
def first_purchases(
    label, *, weeks: int = 26, min_group: int = 10, seed: int = 0
) -> FirstPurchases:
    """Return how many listeners without an order will make one in the next `weeks`, and the check.

    People and periods of four weeks are learnt from, each with what was streamed before. Who goes
    on as so far is taken to: features stay as they are. What comes after two thirds of the periods
    is told by those before, and compared.

    Raises
    ------
    MissingTable, NotEnoughEvidence, BadInput
        No purchases or plays; nobody or everybody bought, too few first orders or periods,
        everybody listened alike; weeks out of range.
    """
    if not 1 <= weeks <= 260:
        raise BadInput("Weeks are from 1 to 260.")
    sold = orders(label)
    now = newcomers(label, sold)
    horizon = now.hazard.over(7.0 * weeks / PERIOD)
    low, high = np.quantile(horizon.simulated(now.held, DRAWS, seed), LEVEL)
    deviation = np.sqrt(np.diag(now.hazard.covariance))[1:]
    weight = now.hazard.weights[1:]
    past = memory.load(
        f"first told:{_version(label)}:{min_group}:{seed}",
        lambda: _past(label, sold, min_group, seed), lambda _: 10_000,
    )  # fmt: skip
    return FirstPurchases(
        people=shown_people(len(now.ids), min_group),
        expected=float(horizon.chances(now.held).sum()),
        low=float(low),
        high=float(high),
        weights=pl.DataFrame(
            {"feature": list(FEATURES.values()), "weight": weight,
             "low": weight - 1.645 * deviation, "high": weight + 1.645 * deviation}
        ),
        calibration=horizon.calibration,
        learnt=now.learnt,
        weeks=weeks,
        check=past.check,
        gains=past.gains,
        bins=past.bins,
        min_group=min_group,
    )  # fmt: skip


def newcomers(label: View, sold: Orders, until: datetime.date | None = None) -> Newcomers:
    """Return who has not bought up to a day, the last one unless told, and the model of them.

    Nothing after that day is seen. Raises as `first_purchases`.
    """
    day = until or sold.until
    return memory.load(
        f"newcomers:{_version(label)}:{day}", lambda: _learnt(label, sold, day),
        lambda one: one.held.nbytes,
    )  # fmt: skip


def _version(label: View) -> str:
    return label.version("purchases", "plays", "tracks", "products", "fx_rates")


def _learnt(label: View, sold: Orders, until: datetime.date) -> Newcomers:
    streams = streamed(label)
    sells = selling(label, streams)
    end = until + datetime.timedelta(days=1)
    day = np.datetime64(end).astype(int)
    there = streams.first_day() < day
    if not there.any():
        _refuse(0, 0)
    since = max(sold.since, np.datetime64(int(streams.day.min()), "D").item())
    orders = sold.orders.filter(pl.col("day") < end).group_by("listener_id")
    first = (
        streams.listeners.alias("listener_id").to_frame()
        .join(orders.agg(first=pl.col("day").min()), on="listener_id", how="left",
              maintain_order="left")["first"]
        .to_physical().fill_null(NEVER).to_numpy()
    )  # fmt: skip
    _refuse(int((first[there] < NEVER).sum()), int(there.sum()))
    starts = _starts(since, until)
    if len(starts) < FEWEST_PERIODS:
        raise NotEnoughEvidence(
            f"Plays and orders are on file together for {len(starts)} times four weeks; "
            f"{FEWEST_PERIODS} are the least to say who buys for the first time."
        )
    kept = _learnt_from(streams.listeners, int(there.sum()))
    known = known_on(streams if kept.all() else streams.of(kept), sells, [*starts, end])
    waited = first[kept] - np.array(starts, "datetime64[D]").astype(int)[:, None]
    at_risk = ~np.isnan(known[:-1, :, 0]) & (waited >= 0)
    period, person = np.nonzero(at_risk)
    came = waited[at_risk] < PERIOD
    if came.sum() < FEWEST_FIRST:
        raise NotEnoughEvidence(
            f"{came.sum()} listeners bought for the first time after they were heard; "
            f"{FEWEST_FIRST} are the least to say who will."
        )
    hazard = fitted(
        known[:-1][at_risk].astype(np.float32).astype(float), came,
        np.unique(person, return_inverse=True)[1], period,
    )  # fmt: skip
    now = known[-1] if kept.all() else known_on(streams, sells, [end])[0]
    left = there & (first == NEVER)
    return Newcomers(streams.listeners.filter(pl.Series(left)), now[left], hazard, int(came.sum()))


def _learnt_from(listeners: pl.Series, people: int) -> np.ndarray:
    """Return who of all is learnt from, Boolean (listeners,), so many having listened.

    Drawn by a hash of the id, so that the same people are learnt from on every day.
    """
    if people <= PEOPLE:
        return np.ones(len(listeners), bool)
    return (listeners.hash(0) % 1000 < 1000 * PEOPLE / people).to_numpy()


def _refuse(bought: int, people: int) -> None:
    if not bought:
        raise NotEnoughEvidence(
            f"None of {people:,} listeners has bought anything yet: what comes before a first "
            "purchase cannot be learnt."
        )
    if bought == people:
        raise NotEnoughEvidence(
            "Everybody who listens has bought before: nobody is left to buy for the first time."
        )


def _starts(since: datetime.date, until: datetime.date) -> list[datetime.date]:
    """Return the first days of the periods back from a day, the oldest first."""
    count = min(((until - since).days + 1) // PERIOD, MOST_PERIODS)
    end = until + datetime.timedelta(days=1)
    return [end - datetime.timedelta(days=PERIOD * back) for back in range(count, 0, -1)]


def _past(label: View, sold: Orders, min_group: int, seed: int) -> Told:
    """Return what was told of the last third of the time by what was before, and what came."""
    days = (sold.until - sold.since).days
    cut = sold.since + datetime.timedelta(days=int(days * LEARNT))
    try:
        then = newcomers(label, sold, cut)
    except NotEnoughEvidence:
        return Told()
    bought = sold.orders["listener_id"].unique()
    came = then.ids.is_in(bought.implode()).to_numpy()
    if came.sum() < max(FEWEST_FIRST, min_group):
        return Told()
    horizon = then.hazard.over((sold.until - cut).days / PERIOD)
    chance = horizon.chances(then.held)
    low, high = np.quantile(horizon.simulated(then.held, DRAWS, seed), LEVEL)
    streams = then.held[:, list(FEATURES).index("ever")]
    row = {
        "learnt_until": cut, "until": sold.until, "people": shown_people(len(came), min_group),
        "expected": chance.sum(), "low": low, "high": high,
    }  # fmt: skip
    return told(row, chance, streams, came, min_group)
