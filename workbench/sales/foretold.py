"""How well the model told the orders of the last third of the time, from what was before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.sales.orders import WEEK, buyers, orders
from workbench.sales.repeat import likeliest
from workbench.store.privacy import shown_people

LEARNT = 2 / 3  # of the time
STEPS = 20  # of the gains curve
LEVEL = (0.05, 0.95)
DRAWS = 400
ORDERS_SO_FAR = "orders so far"


@dataclass(frozen=True, eq=False)
class Foretold:
    """Orders after `learnt_until`, of buyers known by then.

    Attributes
    ----------
    gains : ranking (the model's name, or "orders so far") | contacted (share of buyers, best
        first) | reached (share of the orders that came).
    figures : ranking | mae (orders, of the mean buyer) | top_fifth (share of orders that the best
        fifth of buyers gave). The rival expects each buyer to go on at the rate of the past.
    expected, low, high, actual : orders in all; 90 % interval.
    buyers : in fives.
    """

    gains: pl.DataFrame
    figures: pl.DataFrame
    model: str
    expected: float
    low: float
    high: float
    actual: int
    buyers: int | None
    learnt_until: datetime.date
    until: datetime.date


@analysis(reads="purchases", optional="fx_rates")
def foretold(label, *, min_group: int = 10, seed: int = 0) -> Foretold:
    """Return how well orders of the last third of the days were told from the days before.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        No purchases; too few buyers in the first two thirds.
    """
    sold = orders(label)
    days = (sold.until - sold.since).days
    cut = sold.since + datetime.timedelta(days=int(days * LEARNT))
    known = buyers(sold.orders, cut)
    weeks = (sold.until - cut).days / WEEK
    model = likeliest(known.held)[0]
    came = (
        pl.DataFrame({"listener_id": known.ids})
        .join(
            sold.orders.filter(pl.col("day") > cut).group_by("listener_id").len(),
            on="listener_id", how="left", maintain_order="left",
        )["len"]
        .fill_null(0)
        .to_numpy()
        .astype(float)
    )  # fmt: skip
    expected = model.expected(known.held, weeks)
    rate = known.held.frequency / np.maximum(known.held.age, 1.0) * weeks
    rankings = {model.name: (expected, expected), ORDERS_SO_FAR: (known.orders, rate)}
    curves = {name: reached(order, came) for name, (order, _) in rankings.items()}
    contacted = np.linspace(0, 1, STEPS + 1)
    totals = model.simulated(known.held, weeks, DRAWS, seed).sum(axis=1)
    low, high = np.quantile(totals, LEVEL)
    return Foretold(
        gains=pl.concat(
            pl.DataFrame({"ranking": name, "contacted": contacted, "reached": curve})
            for name, curve in curves.items()
        ),
        figures=pl.DataFrame(
            {
                "ranking": list(rankings),
                "mae": [float(np.abs(told - came).mean()) for _, told in rankings.values()],
                "top_fifth": [float(curves[name][STEPS // 5]) for name in rankings],
            }
        ),
        model=model.name,
        expected=float(expected.sum()),
        low=float(low),
        high=float(high),
        actual=int(came.sum()),
        buyers=shown_people(len(came), min_group),
        learnt_until=cut,
        until=sold.until,
    )


def reached(order: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Return the share of what came that the best 0, 5, … 100 % of buyers gave, (21,).

    Among buyers whom `order` holds equal everybody counts as their mean: no luck of the sort.
    """
    _, place, size = np.unique(-order, return_inverse=True, return_counts=True)
    each = (np.bincount(place, came) / size)[np.sort(place)]
    total = max(came.sum(), 1e-12)
    ahead = np.concatenate([[0.0], np.cumsum(each)]) / total
    return np.interp(np.linspace(0, len(came), STEPS + 1), np.arange(len(came) + 1), ahead)
