"""Recency, frequency and value beside taste: how lately, how often and for how much, by cluster.

Whether a cluster has more of the recent, the frequent or the buyers than everybody is a trait like
any other: the same over-index, interval, correction and privacy.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.audience import traits as traiting
from workbench.audience.assigned import assigned, held_traits
from workbench.audience.known import last_day
from workbench.audience.overindex import MIN_SUPPORT
from workbench.audience.segments import READS
from workbench.audience.tier_rules import day_of
from workbench.listening.streams import is_stream
from workbench.store.privacy import HIDDEN, suppressed

RECENT_DAYS, YEAR_DAYS, FIFTHS = 28, 364, 5
RECENCY, FREQUENCY, VALUE = "recency", "frequency", "value"
# In the order in which they are read: what a label would rather have comes first.
KEYS = {
    RECENCY: ("28 days", "a year", "longer ago"),
    FREQUENCY: ("top fifth", "between", "lowest fifth"),
    VALUE: ("2 orders or more", "1 order", "none"),
}


@dataclass(frozen=True, eq=False)
class RFV:
    """Recency, frequency and value of the clusters. Hidden cells are null; people in fives.

    Attributes
    ----------
    rows : segment | name | kind | key | count | share | population_share | index | low | high | z |
        q | apart | hidden: a row for each of `KEYS`; value only where there are purchases.
        Frequency is streams of 364 days among those who had any.
    hidden : rows hidden for privacy.
    """

    rows: pl.DataFrame
    hidden: int
    min_group: int


@analysis(optional=READS)
def rfv(label, *, count: int | None = None, min_group: int = 10) -> RFV:
    """Return how recent, frequent and valuable the listeners of each Taste cluster are; unfiltered.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        No plays; the clusters are not fitted.

    Source: Bult and Wansbeek 1995 (recency, frequency and monetary value).
    """
    if not label.has("plays"):
        raise label.missing("plays")
    _, count, members = assigned(label, count)
    people = members.select("listener_id", "segment")
    counts = traiting.trait_counts(held(label), people, max(min_group, MIN_SUPPORT))
    sizes = people.group_by("segment").agg(pl.len().cast(pl.Int64).alias("listeners"))
    closed = suppressed(sizes, "listeners", min_group)[0].filter(HIDDEN)["segment"].to_list()
    rows, hidden = traiting.traits(counts, closed, min_group)
    names = traiting.cluster_names(held_traits(label, members, min_group)[0], list(range(count)))
    name = pl.col("segment").replace_strict(names, return_dtype=pl.String).alias("name")
    place = {key: place for keys in KEYS.values() for place, key in enumerate(keys)}
    rows = rows.with_columns(name, pl.col("key").replace_strict(place, default=9).alias("place"))
    rows = rows.sort("segment", "kind", "place").drop("place")
    return RFV(rows.select("segment", "name", pl.exclude("segment", "name")), hidden, min_group)


def held(label) -> pl.DataFrame:
    """Return listener_id | kind | key of everybody with a stream."""
    age = (pl.lit(last_day(label)) - day_of()).dt.total_days()
    heard = (
        label.scan("plays")
        .filter(is_stream())
        .group_by("listener_id")
        .agg(age.min().alias("age"), (age < YEAR_DAYS).sum().alias("year"))
        .collect(engine="streaming")
        .sort("listener_id")
    )
    recent, year, longer = KEYS[RECENCY]
    recency = (
        pl.when(pl.col("age") < RECENT_DAYS)
        .then(pl.lit(recent))
        .when(pl.col("age") < YEAR_DAYS)
        .then(pl.lit(year))
        .otherwise(pl.lit(longer))
    )
    active = heard.filter(pl.col("year") > 0)
    # Equal counts are in the same fifth: the mean of their places decides.
    fifth = ((pl.col("year").rank("average") - 0.5) / pl.len() * FIFTHS).floor()
    top, between, lowest = KEYS[FREQUENCY]
    frequency = (
        pl.when(fifth >= FIFTHS - 1)
        .then(pl.lit(top))
        .when(fifth < 1)
        .then(pl.lit(lowest))
        .otherwise(pl.lit(between))
    )
    found = [
        heard.select("listener_id", pl.lit(RECENCY).alias("kind"), recency.alias("key")),
        active.select("listener_id", pl.lit(FREQUENCY).alias("kind"), frequency.alias("key")),
    ]
    if label.has("purchases"):
        kept = label.scan("purchases").filter(pl.col("quantity") > 0).drop_nulls("listener_id")
        orders = (
            kept.group_by("listener_id").agg(pl.col("order_id").n_unique().alias("n")).collect()
        )
        bought = heard.join(orders, on="listener_id", how="left").with_columns(
            pl.col("n").fill_null(0)
        )
        many, one, none = KEYS[VALUE]
        value = (
            pl.when(pl.col("n") > 1)
            .then(pl.lit(many))
            .when(pl.col("n") == 1)
            .then(pl.lit(one))
            .otherwise(pl.lit(none))
        )
        found.append(bought.select("listener_id", pl.lit(VALUE).alias("kind"), value.alias("key")))
    return pl.concat(found)
