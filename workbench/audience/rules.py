"""Segments by a rule: who lives where, hears what most, and how often.

A rule is a plain value with an id that stays, so that a plan and a notebook can name it. It says
nothing of single listeners: who is in it follows from the plays that there are. Beside these,
`segments` finds groups in the listening itself; they have no rule and move with the data.
"""

import functools
import operator
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.audience import tier_rules
from workbench.audience.known import (
    CLUSTER,
    MOOD,
    ORDERS,
    READS,
    RECENT_DAYS,
    known_of,
    last_day,
    recent,
)
from workbench.audience.tireless import tireless
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.parameters import literal
from workbench.store.memory import memory

__all__ = ["READS", "RECENT_DAYS", "Segment", "inside", "known_of", "last_day", "recent"]

ANY, ALL, WITHOUT = "any", "all", "without"
HOWS = {ANY: "in any of", ALL: "in all of", WITHOUT: "in the first, not the others of"}
REST, REST_NAME = "rest", "Everybody else"


@dataclass(frozen=True)
class Segment:
    """A saved rule. Conditions that are given must all hold; an empty one asks nothing.

    Attributes
    ----------
    id : fixed once made. name : as people call it.
    countries : ISO 3166 alpha-2, of the listener. genres : of which the listener streamed one most
        in the last 84 days. tiers : as Listener tiers, over the whole label.
    least_streams : streams in the last 28 days, or more. moods : of which the listener streamed one
        most. clusters : numbers of Taste clusters, from 0, of the most stable number of clusters;
        these are learnt anew with the data. least_orders : orders of something kept, or more.
    parts, how : other rules, and whether any or all of them must hold, or the first without the
        others.
    """

    id: str
    name: str
    countries: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    least_streams: int = 0
    moods: tuple[str, ...] = ()
    clusters: tuple[int, ...] = ()
    least_orders: int = 0
    parts: tuple["Segment", ...] = ()
    how: str = ANY


def checked(segment: Segment) -> Segment:
    """Return the segment, or say what is wrong with it.

    Raises
    ------
    BadInput
        No name, no condition, an unknown tier, or a number of streams below zero.
    """
    if not segment.name.strip():
        raise BadInput("A segment needs a name.")
    least = segment.least_streams, segment.least_orders
    lists = segment.countries, segment.genres, segment.tiers, segment.moods, segment.clusters
    if not (any(lists) or any(least) or segment.parts):
        raise BadInput(
            "A segment needs a condition: a country, genre, mood, tier, Taste cluster, or number "
            "of streams or orders."
        )
    if segment.how not in HOWS or len(segment.parts) == 1:
        raise BadInput("Two segments or more are put together by any, all or without.")
    for part in segment.parts:
        checked(part)
    if unknown := set(segment.tiers) - set(tier_rules.TIERS):
        raise BadInput(f"There is no tier {', '.join(sorted(unknown))}.")
    if min(least) < 0:
        raise BadInput("Nobody has fewer than no streams, or orders.")
    return segment


def in_words(segment: Segment) -> str:
    """Return the rule as people read it."""
    parts = [", ".join(segment.countries)]
    parts += [f"mostly {' or '.join(segment.genres)}" if segment.genres else ""]
    parts += [" or ".join(tier.replace("_", " ") for tier in segment.tiers)]
    parts += [f"{segment.least_streams} streams or more" if segment.least_streams else ""]
    parts += [f"mostly {' or '.join(segment.moods)} songs" if segment.moods else ""]
    numbers = " or ".join(str(number + 1) for number in segment.clusters)
    parts += [f"Taste cluster {numbers}" if numbers else ""]
    parts += [f"{segment.least_orders} orders or more" if segment.least_orders else ""]
    names = ", ".join(part.name for part in segment.parts)
    parts += [f"{HOWS[segment.how]} {names}" if names else ""]
    return " · ".join(part for part in parts if part)


def fits(segment: Segment) -> pl.Expr:
    """Tell whether a row of `known_of` is in a segment; what is not known is not in it."""
    asked = [
        pl.col(column).is_in(list(values)).fill_null(False)
        for column, values in (
            ("country", segment.countries), ("genre", segment.genres), ("tier", segment.tiers),
            (MOOD, segment.moods), (CLUSTER, segment.clusters),
        )
        if values
    ]  # fmt: skip
    if segment.least_orders:
        asked.append((pl.col(ORDERS) >= segment.least_orders).fill_null(False))
    if segment.parts:
        first, *others = (fits(part) for part in segment.parts)
        if segment.how == WITHOUT:
            others = [~other for other in others]
        put = operator.or_ if segment.how == ANY else operator.and_
        asked.append(functools.reduce(put, others, first))
    return functools.reduce(operator.and_, asked, pl.col("streams_28d") >= segment.least_streams)


def also(*segments: Segment) -> tuple[str, ...]:
    """Return what rules ask beyond what is always known, as `known_of` takes it."""
    found = set()
    for one in segments:
        wanted = {MOOD: one.moods, CLUSTER: one.clusters, ORDERS: one.least_orders}
        found |= {name for name, value in wanted.items() if value} | set(also(*one.parts))
    return tuple(sorted(found))


def inside(label, segment: Segment) -> pl.DataFrame:
    """Return listener_id of everybody in a segment; kept until the data change."""
    return memory.load(
        f"inside:{label.version(*READS.split())}:{literal(segment)}",
        lambda: known_of(label, *also(segment)).filter(fits(segment)).select("listener_id"),
        lambda frame: int(frame.estimated_size()),
    )


def members(label, segments: tuple[Segment, ...], min_group: int) -> pl.DataFrame:
    """Return the one cell of each listener: the first segment whose rule fits, else the rest.

    Returns
    -------
    listener_id | country | segment (id, or “rest”)

    Raises
    ------
    NotEnoughEvidence
        A cell would hold fewer than `min_group` people; an empty rest is none and may be.
    """
    cell = functools.reduce(
        lambda rest, one: pl.when(fits(one)).then(pl.lit(one.id)).otherwise(rest),
        reversed(segments),
        pl.lit(REST),
    )
    found = known_of(label, *also(*segments)).select(
        "listener_id", "country", cell.alias("segment")
    )
    sizes = dict(found.group_by("segment").len().iter_rows())
    names = {one.id: one.name for one in segments} | {REST: REST_NAME}
    small = [
        name
        for key, name in names.items()
        if sizes.get(key, 0) < max(min_group, 1) and (key != REST or sizes.get(key, 0))
    ]
    if small:
        raise NotEnoughEvidence(
            f"{', '.join(small)}: fewer than {min_group} listeners in the panel, too few to show or"
            " plan with. A listener in two segments counts in the first of them only."
        )
    return found


@analysis(reads="plays", optional=READS)
def segment_sizes(label, *, segments: tuple[Segment, ...], min_group: int = 10) -> pl.DataFrame:
    """Return how many listeners each rule takes; they may overlap.

    Sizes are rounded to whole `min_group`s, so that two rules that differ by one person do not say
    so, and null (`hidden`) where fewer are in it, or in nobody's but it.

    Returns
    -------
    segment | name | rule | listeners (about) | streams_share (of 84 days, to the percent, without
    who streams more than a day holds) | hidden
    """
    known = known_of(label, *also(*segments)).with_columns(
        fits(one).alias(one.id) for one in segments
    )
    counted = known.join(
        recent(label)
        .group_by("listener_id")
        .len("streams")
        .collect()
        .join(tireless(label), on="listener_id", how="anti"),
        on="listener_id",
        how="left",
    ).with_columns(pl.col("streams").fill_null(0))
    rows, unit = [], max(min_group, 1)
    for one in segments:
        inside = counted.filter(one.id)
        outside = counted.height - inside.height
        hidden = inside.height < unit or 0 < outside < unit
        share = inside["streams"].sum() / max(counted["streams"].sum(), 1)
        size = round(inside.height / unit) * unit
        shown = (None, None) if hidden else (size, round(share, 2))
        rows.append((one.id, one.name, in_words(one), *shown, hidden))
    kinds = (pl.String, pl.String, pl.String, pl.Int64, pl.Float64, pl.Boolean)
    names = ("segment", "name", "rule", "listeners", "streams_share", "hidden")
    schema = dict(zip(names, kinds, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row").sort("segment")
