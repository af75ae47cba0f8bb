"""Whom to write to: people who consented, in the order of what a mailing is expected to bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.sales.buying import CELLS, DRAWS, LEVEL, learnt
from workbench.sales.first import PERIOD, newcomers
from workbench.sales.orders import WEEK, buyers, orders, unit_margin
from workbench.settings import settings
from workbench.store.contact_list import consenting, hashed_list
from workbench.store.privacy import in_fives, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View

STEPS = 20  # of the curve, fewer where a step would hold few people
OPTIONAL = "products fx_rates plays tracks"
AGAIN, FIRST, ALL = "bought before", "never bought", "all"
KINDS = {"kind": pl.String, "consenting": pl.Int64, "written": pl.Int64, "orders": pl.Float64,
         "low": pl.Float64, "high": pl.Float64}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Contacts:
    """What mailings are expected to bring, under the assumptions given.

    Attributes
    ----------
    curve : contacted (people, best first) | share (of those who consented) | gain (margin that
        mailings add, less their cost, in `currency`), from nobody to everybody.
    apart : kind (“bought before”, “never bought”) | contacted | gain, each kind alone.
    kinds : kind | consenting, written (of them among the best; in fives) | orders, low, high (of
        the consenting, expected without a mailing; 90 %) | hidden.
    consenting, buyers : people, in fives; of all kinds, and who ever bought. best : of the curve's
        steps, the one of the most gain. gain : there. margin : of revenue, from prices and unit
        costs of what was sold; None where no product has both, and then money is revenue.
        without_rate : products that it does not count, as their currency has no rate.
    """

    curve: pl.DataFrame
    apart: pl.DataFrame
    kinds: pl.DataFrame
    consenting: int
    buyers: int
    best: int
    gain: float
    margin: float | None
    without_rate: int
    currency: str


@analysis(reads="purchases listeners", optional=OPTIONAL)
def contacts(
    label, *, weeks: int = 26, cost: float = 0.5, lift: float = 0.1, first: bool = False,
    min_group: int = 10, seed: int = 0,
) -> Contacts:  # fmt: skip
    """Return what writing to the best people brings, by how many are written to.

    A mailing brings `lift` times the orders expected without it in the next `weeks`, at the mean
    order and margin, less `cost`. What a mailing does is not in the data: `lift` is an
    assumption until an experiment says. Only those with recorded consent are counted. With `first`
    also those who listen and never bought: of them one order is expected at most, at everybody's
    mean.

    Raises
    ------
    MissingTable, NotEnoughEvidence, BadInput
        No purchases or listeners; too few buyers, or under twice `min_group` with consent; a cost
        or lift below 0; with `first` as `first_purchases`.
    """
    if not (0 <= cost < 1e6 and 0 <= lift <= 10 and 1 <= weeks <= 260):
        raise BadInput("Cost and lift are from 0, lift up to 10, weeks from 1 to 260.")
    step = max(2 * min_group, 1)
    worth, kinds, everybody, currency = _worth(label, weeks, first, seed)
    if worth.height < step:
        raise NotEnoughEvidence(
            f"Fewer than {step} people who could buy consented to be written to, too few to rank."
        )
    margin = unit_margin(label, currency)
    each = pl.col("revenue") * (1.0 if margin.share is None else margin.share) * lift - cost
    worth = worth.with_columns(gain=each)
    curve = _curve(worth, step, min_group)
    best = int(curve["gain"].arg_max())
    ends = _ends(worth.height, step)
    written = worth.head(int(ends[best])).group_by("kind").agg(written=pl.len().cast(pl.Int64))
    parts = [
        _curve(own, step, min_group).select(kind=pl.lit(kind), contacted="contacted", gain="gain")
        for (kind,), own in sorted(worth.group_by("kind"))
        if own.height >= step
    ]
    return Contacts(
        curve=curve,
        apart=pl.concat(parts) if parts else curve.select(kind=pl.lit(ALL)).clear(),
        kinds=_shown(kinds, written, min_group),
        consenting=curve["contacted"][-1],
        buyers=pl.select(in_fives(pl.lit(everybody), min_group)).item(),
        best=best,
        gain=float(curve["gain"][best]),
        margin=margin.share,
        without_rate=margin.without_rate,
        currency=currency,
    )


@analysis(reads="purchases listeners", optional=OPTIONAL)
def hashed_contacts(
    label, *, weeks: int = 26, share: float = 1.0, first: bool = False, min_group: int = 100
) -> pl.DataFrame:
    """Return the hashed ids of the best people who consented, as `contact_list.hashed_list`.

    For a file to hand over, never for a notebook.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` in that share; otherwise as `contacts`.
    """
    least = max(min_group, settings().min_group_outside)
    worth, *_ = _worth(label, weeks, first, 0)
    best = worth["listener_id"].head(round(worth.height * min(max(share, 0.0), 1.0)))
    few = f"Fewer than {least} people: an audience to take away needs more."
    return hashed_list(best, least, few)


def _worth(
    label: View, weeks: int, first: bool, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame, int, str]:
    """Return who consented, kinds, all buyers, and the currency.

    Who: listener_id | kind | revenue (expected), most first. Kinds: kind | consenting | orders |
    low | high.
    """
    sold, may = orders(label), consenting(label).implode()
    known = buyers(sold.orders, sold.until)
    (model, *_), money = learnt(label, known)
    own = np.flatnonzero(known.ids.is_in(may).to_numpy())
    held = known.held.of(own)
    coming = model.expected(held, float(weeks))
    mean = money.mean_order(known.orders[own], known.mean[own])
    draws = int(np.clip(CELLS // max(len(own), 1), 40, DRAWS))
    parts = [
        (AGAIN, known.ids.gather(own), coming, coming * mean,
         model.simulated(held, float(weeks), draws, seed).sum(axis=1))
    ]  # fmt: skip
    if first:
        new = newcomers(label, sold)
        own = np.flatnonzero(new.ids.is_in(may).to_numpy())
        horizon = new.hazard.over(WEEK * weeks / PERIOD)
        chance = horizon.chances(new.held[own])
        mean = money.mean_order(np.zeros(1), np.zeros(1))[0]
        drawn = horizon.simulated(new.held[own], DRAWS, seed)
        parts.append((FIRST, new.ids.gather(own), chance, chance * mean, drawn))
    who = pl.concat(
        pl.DataFrame({"listener_id": ids, "revenue": worth}).with_columns(kind=pl.lit(kind))
        for kind, ids, _, worth, _ in parts
    )
    kinds = [
        (kind, len(ids), float(count.sum()), *map(float, np.quantile(drawn, LEVEL)))
        for kind, ids, count, _, drawn in parts
    ]
    names = [name for name in KINDS if name != "written"]
    return (
        who.sort("revenue", "listener_id", descending=[True, False]),
        pl.DataFrame(kinds, schema={name: KINDS[name] for name in names}, orient="row"),
        len(known.ids),
        sold.currency,
    )


def _ends(people: int, step: int) -> np.ndarray:
    """Return how many are written to at each step of a curve, from nobody to all."""
    steps = max(min(STEPS, people // step), 1)
    return np.round(np.linspace(0, people, steps + 1)).astype(int)


def _curve(worth: pl.DataFrame, step: int, min_group: int) -> pl.DataFrame:
    """Return contacted | share | gain of people in their order."""
    ends = _ends(worth.height, step)
    gain = np.concatenate([[0.0], np.cumsum(worth["gain"].to_numpy())])[ends]
    found = pl.DataFrame({"contacted": ends, "share": ends / worth.height, "gain": gain})
    return found.with_columns(in_fives(pl.col("contacted").cast(pl.Int64), min_group))


def _shown(kinds: pl.DataFrame, written: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return the kinds with who is written to, small groups hidden and people in fives."""
    whole = kinds.join(written, on="kind", how="left", maintain_order="left")
    whole = whole.with_columns(pl.col("written").fill_null(0)).select(*KINDS)
    shown, _ = suppressed(whole, "consenting", min_group, also=("orders", "low", "high"))
    few = (whole["written"].is_between(1, min_group - 1)).any() or shown["hidden"].any()
    told = pl.lit(None, pl.Int64) if few else in_fives(pl.col("written"), min_group)
    return shown.with_columns(in_fives(pl.col("consenting"), min_group), told.alias("written"))
