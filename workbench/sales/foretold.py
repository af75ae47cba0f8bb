"""How well the model told the orders of the last third of the time, from what was before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.sales import gamma_gamma
from workbench.sales.buying import CELLS, DRAWS, LEVEL
from workbench.sales.orders import WEEK, Buyers, buyers, orders
from workbench.sales.repeat import likeliest
from workbench.store.privacy import shown_people

if TYPE_CHECKING:
    from workbench.sales.repeat import Model

LEARNT = 2 / 3  # of the time
STEPS = 20  # of the gains curve
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
    months : since, until (days; the first and last month may be cut) | orders, orders_low,
        orders_high (expected) | orders_came | money, money_low, money_high | money_came.
    total : the same of all days, one row. Intervals are 90 %, money in `currency`.
    others : later orders of people who had not bought by then, whom no model here expects; None
        where few of them ordered.
    buyers : in fives.
    """

    gains: pl.DataFrame
    figures: pl.DataFrame
    model: str
    months: pl.DataFrame
    total: pl.DataFrame
    currency: str
    others: int | None
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
    spans = _spans(cut, sold.until)
    drawn = _drawn(model, known, [(end - cut).days / WEEK for _, end in spans], seed)
    own = pl.col("listener_id").is_in(known.ids.implode())
    later = sold.orders.filter(pl.col("day") > cut)
    kept, others = later.filter(own), later.filter(~own)
    few = others["listener_id"].n_unique() < min_group
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
        months=pl.concat(
            _row(span, [part[:, place] for part in drawn], kept)
            for place, span in enumerate(spans, start=1)
        ),
        total=_row((spans[0][0], spans[-1][1]), [part[:, 0] for part in drawn], kept),
        currency=sold.currency,
        others=None if few else others.height,
        buyers=shown_people(len(came), min_group),
        learnt_until=cut,
        until=sold.until,
    )


def _spans(cut: datetime.date, until: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Return the first and last day of each month after `cut`, the ends cut off."""
    first = cut + datetime.timedelta(days=1)
    starts = pl.date_range(first.replace(day=1), until, "1mo", eager=True)
    ends = starts.dt.month_end()
    return [(max(a, first), min(b, until)) for a, b in zip(starts, ends, strict=True)]


def _drawn(
    model: Model, known: Buyers, ends: list[float], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return orders and money of futures, both (draws, 1 + months): in all, then by month.

    The orders that a buyer makes in a future fall on months as the model expects of the buyer:
    exact where nobody stops, else the spread of a month is a little too small.
    """
    draws = int(np.clip(CELLS // (len(known.ids) * len(ends)), 40, DRAWS))
    left = model.simulated(known.held, ends[-1], draws, seed)
    worth = gamma_gamma.worth(known.orders, known.mean)
    sofar = np.stack([np.zeros(len(known.ids)), *(model.expected(known.held, e) for e in ends)])
    draw = np.random.default_rng(seed + 3)
    parts = [left]
    for place in range(len(ends)):
        whole = np.maximum(sofar[-1] - sofar[place], 1e-300)
        share = np.clip((sofar[place + 1] - sofar[place]) / whole, 0.0, 1.0)
        parts.append(draw.binomial(left, share if place < len(ends) - 1 else 1.0))
        left = left - parts[-1]
    money = (worth.simulated(known.orders, known.mean, part, seed + 7) for part in parts)
    sums = ((part.sum(axis=1), own.sum(axis=1)) for part, own in zip(parts, money, strict=True))
    count, worths = zip(*sums, strict=True)
    return np.stack(count, axis=1), np.stack(worths, axis=1)


def _row(
    span: tuple[datetime.date, datetime.date], drawn: list[np.ndarray], came: pl.DataFrame
) -> pl.DataFrame:
    own = came.filter(pl.col("day").is_between(*span))
    found = {"since": span[0], "until": span[1]}
    for name, values in zip(("orders", "money"), drawn, strict=True):
        low, high = np.quantile(values, LEVEL)
        found |= {name: values.mean(), f"{name}_low": low, f"{name}_high": high}
        found[f"{name}_came"] = own.height if name == "orders" else own["amount"].sum()
    return pl.DataFrame([found])


def reached(order: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Return the share of what came that the best 0, 5, … 100 % of buyers gave, (21,).

    Among buyers whom `order` holds equal everybody counts as their mean: no luck of the sort.
    """
    _, place, size = np.unique(-order, return_inverse=True, return_counts=True)
    each = (np.bincount(place, came) / size)[np.sort(place)]
    total = max(came.sum(), 1e-12)
    ahead = np.concatenate([[0.0], np.cumsum(each)]) / total
    return np.interp(np.linspace(0, len(came), STEPS + 1), np.arange(len(came) + 1), ahead)
