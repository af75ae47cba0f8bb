"""What sets a cluster apart, trait by trait: counts of people, over-index, names.

A trait is something a listener has or has not (`properties`), so that the unit is always a person.
"""

from __future__ import annotations

import polars as pl

from workbench.audience.overindex import overindex
from workbench.audience.properties import ARTIST, GENRE, MOOD, TIER
from workbench.store.privacy import HIDDEN, suppressed

FIVES = 5
MEASURES = ("share", "index", "low", "high", "z", "q", "apart")


def trait_counts(held: pl.DataFrame, members: pl.DataFrame, min_support: int) -> pl.DataFrame:
    """Return segment | kind | key | count | size | population_count | population.

    Parameters
    ----------
    held : from `properties`. members : listener_id | segment of everybody, -1 for the unassigned.
    min_support : traits of fewer people of the population are left out.

    A size counts the people whose trait of that kind is known. Cells that do not occur are zero.
    """
    held = held.join(members, on="listener_id")
    known = held.select("kind", "listener_id", "segment").unique()
    sizes = known.group_by("kind", "segment").agg(pl.len().cast(pl.Int64).alias("size"))
    everybody = sizes.group_by("kind").agg(pl.col("size").sum().alias("population"))
    keys = (
        held.group_by("kind", "key")
        .agg(pl.len().cast(pl.Int64).alias("population_count"))
        .filter(pl.col("population_count") >= min_support)
    )
    cells = held.group_by("kind", "key", "segment").agg(pl.len().cast(pl.Int64).alias("count"))
    return (
        keys.join(sizes, on="kind")
        .join(everybody, on="kind")
        .join(cells, on=["kind", "key", "segment"], how="left")
        .with_columns(pl.col("count").fill_null(0))
        .select("segment", "kind", "key", "count", "size", "population_count", "population")
        .sort("kind", "key", "segment")
    )


def traits(counts: pl.DataFrame, closed: list[int], min_group: int) -> tuple[pl.DataFrame, int]:
    """Return the over-index of every trait of every cluster, small cells emptied, and their number.

    Shown counts, and the share, index and interval that come of them, are rounded to fives: a
    cluster that is nearly all of one genre could not show it otherwise, since the few others would
    follow by subtraction. Whether a trait sets a cluster apart is decided on exact counts.
    Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 5: rounding.

    Parameters
    ----------
    counts : from `trait_counts`. closed : clusters whose size is hidden: all of theirs is.

    Returns
    -------
    segment (without the unassigned) | kind | key | count | share | population_share | index | low |
    high | z | q | apart | hidden
    """
    ours = counts.filter(pl.col("segment") >= 0)
    rounded = in_fives(ours, min_group).with_columns(
        pl.col("segment").is_in(closed).alias("closed")
    )
    tests = overindex(ours).select(pl.col("z").round(1), pl.col("q").round(3), "apart")
    shown = overindex(rounded).drop("z", "q", "apart", "supported")
    frame = pl.concat([shown, tests, ours.select(pl.col("count").alias("exact"))], how="horizontal")
    frame, hidden = suppressed(
        frame, "exact", min_group, also=("count", *MEASURES), margins=(), hide="closed"
    )
    columns = ("segment", "kind", "key", "count", "share", "population_share", *MEASURES[1:])
    return frame.select(*columns, HIDDEN).sort("segment", "kind", "key"), hidden


def in_fives(counts: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return what `overindex` takes with `count` and `population_count` rounded to fives.

    They stay within `size` and `population`; a `min_group` of 1 or less rounds nothing.
    """
    base = FIVES if min_group > 1 else 1
    return counts.with_columns(
        pl.min_horizontal((pl.col(column) / base).round().cast(pl.Int64) * base, most).alias(column)
        for column, most in (("count", "size"), ("population_count", "population"))
    )


def named(frame: pl.DataFrame, artists: pl.DataFrame) -> pl.DataFrame:
    """Add `name` beside `key`: artists by name, everything else as it is written."""
    names = artists.select(pl.lit(ARTIST).alias("kind"), pl.col("artist_id").alias("key"), "name")
    return frame.join(names, on=["kind", "key"], how="left").with_columns(
        pl.coalesce("name", pl.col("key").str.replace("_", " ")).alias("name")
    )


def cluster_names(frame: pl.DataFrame, segments: list[int]) -> dict[int, str]:
    """Return a name for each cluster: the genre, then the favourites, that set it apart most.

    Names differ; a cluster that nothing sets apart is called by its number.
    """
    over = frame.filter(pl.col("apart") & (pl.col("index") > 100)).sort(
        "segment", "z", "kind", "key", descending=[False, True, False, False]
    )
    names: dict[int, str] = {}
    for segment in segments:
        own = over.filter(pl.col("segment") == segment)
        parts = own.filter(pl.col("kind") == GENRE)["name"].to_list()[:1]
        artists = own.filter(pl.col("kind") == ARTIST)["name"].to_list()
        parts += artists[: 1 if parts else 2]
        while parts and " · ".join(parts) in names.values() and len(parts) <= len(artists):
            parts.append(artists[len(parts) - 1])
        name = " · ".join(parts)
        taken = not name or name in names.values()
        names[segment] = f"{name or 'Cluster'} {segment + 1}" if taken else name
    return names


def leading(frame: pl.DataFrame, top: int) -> pl.DataFrame:
    """Keep the traits that set a cluster apart most, all of the kinds that have few."""
    ranked = frame.sort(
        "segment", "kind", "z", "key", descending=[False, False, True, False], nulls_last=True
    ).with_columns(pl.int_range(pl.len()).over("segment", "kind").alias("rank"))
    few = pl.col("kind").is_in([GENRE, MOOD, TIER])
    kept = ranked.filter(few | (pl.col("rank") < top))
    return kept.select(
        "segment",
        "kind",
        "key",
        "name",
        "rank",
        pl.exclude("segment", "kind", "key", "name", "rank"),
    )
