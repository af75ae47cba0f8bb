"""What rules ask of each listener: tier, streams, country, what is heard most and bought."""

import polars as pl

from workbench.audience import tier_rules
from workbench.audience.assigned import assigned
from workbench.audience.properties import LYRICS, heard_most_of_mood
from workbench.audience.steps import last_day
from workbench.errors import NotMade
from workbench.listening.streams import is_stream
from workbench.store.artifacts import ARTIFACTS

RECENT_DAYS = 84  # what is heard most, and whose share of streams counts: twelve weeks
READS = "plays tracks listeners purchases artists segments " + " ".join(LYRICS)
MOOD, ORDERS, CLUSTER = "mood", "orders", "cluster"


def recent(label) -> pl.LazyFrame:
    """Return the streams of the last 84 days: rows of table plays."""
    age = (pl.lit(last_day(label)) - tier_rules.day_of()).dt.total_days()
    return label.scan("plays").filter(is_stream() & (age >= 0) & (age < RECENT_DAYS))


def known_of(label, *also: str) -> pl.DataFrame:
    """Return what rules ask of each listener with a stream within two years.

    Returns
    -------
    listener_id | tier | streams_28d | country | genre (streamed most in 84 days; of equals the
    first by name) | of `also`: mood (streamed most, of songs that have one) | orders | cluster
    (Taste cluster of the most stable number, -1 unassigned), sorted by listener_id

    Raises
    ------
    MissingTable, NotMade
        What `also` asks for is not there.
    """
    by = ("listener_id",)
    steps = tier_rules.stepped(label.scan("plays"), pl.lit(last_day(label)), by=by, history=False)
    genre = (
        recent(label)
        .join(label.scan("tracks").select("track_id", "genre"), on="track_id")
        .filter(pl.col("genre").is_not_null())
        .group_by("listener_id", "genre")
        .len()
        .sort(["listener_id", "len", "genre"], descending=[False, True, False])
        .group_by("listener_id", maintain_order=True)
        .agg(pl.col("genre").first())
    )
    found = (
        tier_rules.tiered(steps, by=by)
        .join(
            label.scan("listeners").select("listener_id", "country"), on="listener_id", how="left"
        )
        .join(genre, on="listener_id", how="left")
        .select("listener_id", "tier", "streams_28d", "country", "genre")
        .sort("listener_id")
        .collect()
    )
    for name in also:
        found = found.join(_MORE[name](label), on="listener_id", how="left")
    return found


def _orders(label) -> pl.DataFrame:
    """Return listener_id | orders of something kept."""
    if not label.has("purchases"):
        raise label.missing("purchases")
    kept = label.scan("purchases").filter(pl.col("quantity") > 0).drop_nulls("listener_id")
    orders = pl.col("order_id").n_unique().cast(pl.Int64).alias(ORDERS)
    return kept.group_by("listener_id").agg(orders).collect()


def _moods(label) -> pl.DataFrame:
    """Return listener_id | mood."""
    for name in LYRICS:
        if not label.has(name):
            raise NotMade(name) if name in ARTIFACTS else label.missing(name)
    return heard_most_of_mood(label).select("listener_id", pl.col("key").alias(MOOD))


def _clusters(label) -> pl.DataFrame:
    """Return listener_id | cluster."""
    _, _, members = assigned(label, None)
    return members.select("listener_id", pl.col("segment").alias(CLUSTER))


_MORE = {MOOD: _moods, ORDERS: _orders, CLUSTER: _clusters}
