"""Who buys again: orders and money to come, by group, and how well that was told before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.audience import rules
from workbench.audience import traits as traiting
from workbench.audience.assigned import assigned, held_traits
from workbench.audience.clusters import UNASSIGNED
from workbench.errors import BadInput
from workbench.sales import gamma_gamma
from workbench.sales.orders import Buyers, buyers, orders
from workbench.sales.repeat import likeliest, tracked
from workbench.store.memory import memory
from workbench.store.privacy import in_fives, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.sales.gamma_gamma import Worth
    from workbench.sales.repeat import Model

READS = (
    "fx_rates plays tracks artists listeners segments listening_counts line_moods lyric_lines "
    "lyrics"
)
BY = ("tier", "cluster", "country")
DRAWS, CELLS = 400, 20_000_000  # of simulated futures; of them times buyers at most
LEVEL = (0.05, 0.95)
OTHER = "not known"
Futures = tuple[np.ndarray | None, np.ndarray, np.ndarray]  # alive, orders and money to come
GROUPS = pl.Schema(
    {
        "group": pl.String(), "buyers": pl.Int64(), "alive": pl.Float64(),
        "orders": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(),
        "value": pl.Float64(), "value_low": pl.Float64(), "value_high": pl.Float64(),
    }
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Buying:
    """What known buyers are expected to order in the weeks to come. Intervals are 90 %.

    Attributes
    ----------
    groups : group | buyers (in fives) | alive (share; null where no order says that anybody stops)
        | orders | low | high | value | value_low |
        value_high | hidden; values in `currency`. total : the same of all, one row.
    weekly : week (its first day) | actual | expected (by the model; actual null in the future),
        repeat orders of all known buyers; weeks with under `min_group` buyers have no actual.
    models : model | log_likelihood | used | parameters, in words. correlation : of how often and
        how much (rank), which the money to come takes for none. mean_order : what each order counts
        as, where orders do not say that buyers spend differently; else None.
    """

    groups: pl.DataFrame
    total: pl.DataFrame
    weekly: pl.DataFrame
    models: pl.DataFrame
    correlation: float | None
    mean_order: float | None
    currency: str
    weeks: int
    since: datetime.date
    until: datetime.date
    unknown: int
    refunded: int
    without_rate: int
    hidden: int
    min_group: int


@analysis(reads="purchases", optional=READS)
def buying(
    label, *, weeks: int = 26, by: str = "tier", min_group: int = 10, seed: int = 0
) -> Buying:
    """Return the orders and money expected of known buyers in the next `weeks`, by group.

    BG/NBD, Pareto/NBD and NBD are fitted, the likeliest counts; money follows Gamma-Gamma. Futures
    are drawn with parameters, buyers and chance, so an interval is of what will be seen, if buyers
    go on as they did. Where Gamma-Gamma does not settle, as with one price, every order is as
    anybody's, and the answer says so. `by` is "tier", "cluster" or "country".

    Raises
    ------
    MissingTable, NotEnoughEvidence, BadInput
        No purchases; too few buyers; a choice that is not offered.
    """
    if by not in BY or not 1 <= weeks <= 260:
        raise BadInput(f"Groups are {', '.join(BY)}, and weeks from 1 to 260.")
    sold = orders(label)
    known = buyers(sold.orders, sold.until)
    fits, worth = learnt(label, known)
    best = fits[0]
    draws = max(min(DRAWS, CELLS // len(known.held)), 40)
    coming = best.simulated(known.held, float(weeks), draws, seed)
    money = worth.simulated(known.orders, known.mean, coming, seed + 7)
    alive = best.alive(known.held) if best.stops else None
    everybody = np.zeros(len(known.held), np.int64)
    groups, hidden = _groups(label, known, by, (alive, coming, money), min_group)
    total = _sums(["All"], everybody, (alive, coming, money)).with_columns(
        in_fives(pl.col("buyers"), min_group)
    )
    correlation = gamma_gamma.correlated(known.orders, known.mean)
    return Buying(
        groups=groups,
        total=total,
        weekly=tracked(best, known.held, sold.orders, sold.until, weeks, min_group),
        models=_models(fits),
        correlation=None if np.isnan(correlation) else round(correlation, 2),
        mean_order=None if worth.apart else float(worth.mean_order(np.zeros(1), np.zeros(1))[0]),
        currency=sold.currency,
        weeks=weeks,
        since=sold.since,
        until=sold.until,
        unknown=sold.unknown,
        refunded=sold.refunded,
        without_rate=sold.without_rate,
        hidden=hidden,
        min_group=min_group,
    )


def learnt(label: View, known: Buyers) -> tuple[list[Model], Worth]:
    """Return the models of all known buyers, the likeliest first, and of what an order is worth."""
    return memory.load(
        f"buying:{label.version('purchases', 'fx_rates')}",
        lambda: (likeliest(known.held), gamma_gamma.worth(known.orders, known.mean)),
        lambda _: 2_000 + known.orders.nbytes + known.mean.nbytes,  # of buyers all alike
    )


def group_of(label: View, known: Buyers, by: str) -> pl.Series:
    """Return the group of each buyer, `OTHER` where it is not known; in the order of `known`.

    Raises
    ------
    BadInput, NotMade
        The label cannot be grouped so.
    """
    ids = pl.DataFrame({"listener_id": known.ids})
    if by == "cluster":
        _, count, members = assigned(label, None)
        names = traiting.cluster_names(held_traits(label, members, 10)[0], list(range(count)))
        names[UNASSIGNED] = "Unassigned"
        found = members.select(
            "listener_id", pl.col("segment").replace_strict(names, default=None).alias("group")
        )
    elif by == "tier":
        if not label.has("plays"):
            raise BadInput("Tiers need plays by listener; group by country instead.")
        found = rules.known_of(label).select("listener_id", pl.col("tier").alias("group"))
    else:
        found = label.scan("listeners").select("listener_id", group="country").collect()
    placed = ids.join(found, on="listener_id", how="left", maintain_order="left")
    return placed["group"].fill_null(OTHER)


def _groups(
    label: View, known: Buyers, by: str, futures: Futures, min_group: int
) -> tuple[pl.DataFrame, int]:
    group = group_of(label, known, by)
    names = sorted(group.unique())
    place = group.replace_strict(names, range(len(names)), return_dtype=pl.Int64).to_numpy()
    shown, hidden = suppressed(
        _sums(names, place, futures), "buyers", min_group, also=tuple(GROUPS)[2:]
    )
    shown = shown.with_columns(in_fives(pl.col("buyers"), min_group))
    return shown.sort("value", "group", descending=[True, False], nulls_last=True), hidden


def _sums(names: list[str], place: np.ndarray, futures: Futures) -> pl.DataFrame:
    """Return the rows of `GROUPS`."""
    alive, coming, money = futures
    rows = []
    for number, name in enumerate(names):
        own = place == number
        count, value = coming[:, own].sum(axis=1), money[:, own].sum(axis=1)
        rows.append(
            (name, int(own.sum()), None if alive is None else float(alive[own].mean()),
             float(count.mean()), *map(float, np.quantile(count, LEVEL)),
             float(value.mean()), *map(float, np.quantile(value, LEVEL)))
        )  # fmt: skip
    return pl.DataFrame(rows, schema=GROUPS, orient="row")


def _models(fits: list[Model]) -> pl.DataFrame:
    rows = [
        {
            "model": fit.name,
            "log_likelihood": fit.estimate.log_likelihood,
            "used": place == 0,
            "parameters": ", ".join(
                f"{name} {value:.3g}"
                for name, value in zip(fit.parameters, fit.estimate.values, strict=True)
            ),
        }
        for place, fit in enumerate(fits)
    ]
    return pl.DataFrame(rows)
