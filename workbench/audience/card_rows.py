"""The numbers on the cards of Taste clusters: who is counted, how many, what they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from workbench.audience import chosen
from workbench.audience.clusters import UNASSIGNED
from workbench.audience.overindex import share_interval
from workbench.audience.profiles import counted, listened, source
from workbench.audience.taste_map import neighbourhoods
from workbench.store.privacy import HIDDEN, in_fives, per_head, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.parameters import Filters

DOTS = 600
MONEY_STEP = 5.0  # of the average basket: a few large ones must not show in it


def scoped(label: View, filters: Filters) -> pl.LazyFrame:
    """Return listener_id | artist_id | streams within the filters (dates need plays)."""
    tracks, people = label.scan("tracks"), label.scan("listeners")
    if source(label) == "plays":
        return listened(chosen.plays(label, filters), tracks)
    heard = counted(label)
    if filters.countries:
        at_home = people.filter(pl.col("country").is_in(list(filters.countries)))
        heard = heard.join(at_home, on="listener_id", how="semi")
    if filters.artists:
        heard = heard.filter(pl.col("artist_id").is_in(list(filters.artists)))
    if filters.genres:
        fits = pl.col("genres").list.eval(pl.element().is_in(list(filters.genres))).list.any()
        heard = heard.join(label.scan("artists").filter(fits), on="artist_id", how="semi")
    return chosen.of_segment(label, filters, heard)


def cards(
    label: View, inside: pl.DataFrame, count: int, filters: Filters, min_group: int
) -> tuple[pl.DataFrame, int]:
    """Return sizes and value per cluster, the unassigned (-1) with them, and hidden cells.

    Counts of people are rounded to fives; streams and revenue are those times averages a head
    rounded, streams to whole ones, money to fives: this blurs what two filters
    differ in; how far, the card says.
    """
    spending = bought(label, filters)
    everyone = pl.DataFrame({"segment": range(UNASSIGNED, count)}, schema={"segment": pl.Int64})
    whole = pl.select(in_fives(pl.lit(inside.height), min_group)).item()
    exact = pl.col("exact_listeners"), pl.col("exact_buyers")
    heads = pl.col("listeners")
    low, high = share_interval(heads, pl.max_horizontal(pl.lit(max(whole, 1)), heads))
    frame = (
        inside.join(spending, on="listener_id", how="left")
        .group_by("segment")
        .agg(
            pl.len().cast(pl.Int64).alias("exact_listeners"),
            pl.col("streams").sum(),
            pl.col("revenue").is_not_null().sum().cast(pl.Int64).alias("exact_buyers"),
            pl.col("revenue").sum(),
        )
        .pipe(lambda found: everyone.join(found, on="segment", how="left"))
        .with_columns(pl.col("^exact_.*$", "streams", "revenue").fill_null(0))
        .with_columns(
            in_fives(exact[0], min_group).alias("listeners"),
            in_fives(exact[1], min_group).alias("buyers"),
            per_head(pl.col("streams"), exact[0], min_group, 1.0).alias("streams_per_listener"),
            per_head(pl.col("revenue"), exact[1], min_group, MONEY_STEP).alias("revenue_per_buyer"),
        )
        .with_columns(
            (heads / max(whole, 1)).clip(upper_bound=1.0).alias("share"),
            low.alias("low"),
            high.alias("high"),
            (pl.col("streams_per_listener") * heads).fill_null(0).round().cast(pl.Int64)
            .alias("streams"),
            (pl.col("revenue_per_buyer") * pl.col("buyers")).fill_null(0).alias("revenue"),
        )
        .sort("segment")
    )  # fmt: skip
    spent = ("revenue", "revenue_per_buyer")
    people = ("share", "low", "high", "streams", "streams_per_listener")
    frame, small = suppressed(frame, "exact_listeners", min_group, also=("listeners", *people))
    closed = frame.rename({HIDDEN: "small"}).with_columns(pl.col("small").alias("close"))
    frame, few = suppressed(
        closed, "exact_buyers", min_group, also=("buyers", *spent), hide="close"
    )
    if not label.has("purchases"):
        frame = frame.with_columns(
            pl.lit(None).cast(frame.schema[c]).alias(c) for c in ("buyers", *spent)
        )
        few = 0
    columns = ("segment", "listeners", *people, "buyers", *spent)
    return frame.select(*columns, pl.col("small").alias(HIDDEN)), small + few


def bought(label: View, filters: Filters) -> pl.DataFrame:
    """Return listener_id | revenue of everybody who bought in the commonest currency."""
    lines = label.scan("purchases").filter(pl.col("listener_id").is_not_null())
    day = pl.col("purchased_at").dt.date()
    if filters.since is not None:
        lines = lines.filter(day >= filters.since)
    if filters.until is not None:
        lines = lines.filter(day <= filters.until)
    if filters.artists:
        own = label.scan("products").filter(pl.col("artist_id").is_in(list(filters.artists)))
        lines = lines.join(own.select("product_id"), on="product_id", how="semi")
    # Who bought in another currency has no amount in this one, so is no buyer of the average.
    lines = lines.filter(pl.col("currency") == pl.lit(currency(label), pl.String))
    return (
        lines.group_by("listener_id")
        .agg(pl.col("quantity").sum(), pl.col("amount").sum().cast(pl.Float64).alias("revenue"))
        .filter(pl.col("quantity") > 0)
        .select("listener_id", "revenue")
        .collect()
    )


def currency(label: View) -> str | None:
    """Return the currency of most order lines."""
    counted_lines = label.scan("purchases").group_by("currency").agg(pl.len().alias("lines"))
    found = counted_lines.sort("lines", "currency", descending=[True, False]).head(1).collect()
    return found["currency"].item() if found.height else None


def places(
    members: pl.DataFrame, inside: pl.DataFrame, shown: list[int], min_group: int
) -> pl.DataFrame:
    """Return the dots of the clusters whose size is shown, of `inside` among all `members`."""
    smallest = max(min_group, inside.height // DOTS, 1)
    counted = members.with_columns(
        pl.col("listener_id").is_in(inside["listener_id"].implode()).alias("counted")
    )
    found = []
    for segment in shown:
        own = counted.filter((pl.col("segment") == segment) & pl.col("x").is_finite()).sort(
            "listener_id"
        )
        if own["counted"].sum() < smallest:
            continue
        dot = neighbourhoods(own.select("x", "y").to_numpy(), own["counted"].to_numpy(), smallest)
        found.append(own.with_columns(pl.Series("dot", dot)))
    if not found:
        return members.head(0).select("segment", "x", "y", pl.lit(0, pl.Int64).alias("listeners"))
    return (
        pl.concat(found)
        .group_by("segment", "dot")
        .agg(
            pl.col("x", "y").mean(),
            in_fives(pl.col("counted").sum().cast(pl.Int64), min_group).alias("listeners"),
        )
        .sort("segment", "dot")
        .select("segment", "x", "y", "listeners")
    )
