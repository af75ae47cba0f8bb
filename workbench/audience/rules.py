"""Segments by a rule: who lives where, hears what most, and how often.

A rule is a plain value with an id that stays, so that a plan and a notebook can name it. It says
nothing of single listeners: who is in it follows from the plays that there are. Beside these,
`segments` finds groups in the listening itself; they have no rule and move with the data.
"""

import datetime
import functools
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.audience import tier_rules
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening.streams import is_stream

RECENT_DAYS = 84  # what is heard most, and whose share of streams counts: twelve weeks
REST, REST_NAME = "rest", "Everybody else"


@dataclass(frozen=True)
class Segment:
    """A saved rule. Conditions that are given must all hold; an empty one asks nothing.

    Attributes
    ----------
    id : fixed once made. name : as people call it.
    countries : ISO 3166 alpha-2, of the listener. genres : of which the listener streamed one most
        in the last 84 days. tiers : as Listener tiers, over the whole label.
    least_streams : streams in the last 28 days, or more.
    """

    id: str
    name: str
    countries: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    least_streams: int = 0


def checked(segment: Segment) -> Segment:
    """Return the segment, or say what is wrong with it.

    Raises
    ------
    BadInput
        No name, no condition, an unknown tier, or a number of streams below zero.
    """
    if not segment.name.strip():
        raise BadInput("A segment needs a name.")
    if not (segment.countries or segment.genres or segment.tiers or segment.least_streams):
        raise BadInput("A segment needs a condition: a country, genre, tier or number of streams.")
    if unknown := set(segment.tiers) - set(tier_rules.TIERS):
        raise BadInput(f"There is no tier {', '.join(sorted(unknown))}.")
    if segment.least_streams < 0:
        raise BadInput("Nobody has fewer than no streams.")
    return segment


def in_words(segment: Segment) -> str:
    """Return the rule as people read it."""
    parts = [", ".join(segment.countries)]
    parts += [f"mostly {' or '.join(segment.genres)}" if segment.genres else ""]
    parts += [" or ".join(tier.replace("_", " ") for tier in segment.tiers)]
    parts += [f"{segment.least_streams} streams or more" if segment.least_streams else ""]
    return " · ".join(part for part in parts if part)


def last_day(label) -> datetime.date:
    """Return the last day of plays, from which rules look back."""
    return max(
        datetime.date.fromisoformat(entry.last) for entry in label.entries("plays") if entry.rows
    )


def recent(label) -> pl.LazyFrame:
    """Return the streams of the last 84 days: rows of table plays."""
    age = (pl.lit(last_day(label)) - tier_rules.day_of()).dt.total_days()
    return label.scan("plays").filter(is_stream() & (age >= 0) & (age < RECENT_DAYS))


def known_of(label) -> pl.DataFrame:
    """Return what rules ask of each listener with a stream within two years.

    Returns
    -------
    listener_id | tier | streams_28d | country | genre (streamed most in 84 days; of equals the
    first by name), sorted by listener_id
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
    return (
        tier_rules.tiered(steps, by=by)
        .join(
            label.scan("listeners").select("listener_id", "country"), on="listener_id", how="left"
        )
        .join(genre, on="listener_id", how="left")
        .select("listener_id", "tier", "streams_28d", "country", "genre")
        .sort("listener_id")
        .collect()
    )


def fits(segment: Segment) -> pl.Expr:
    """Tell whether a row of `known_of` is in a segment; what is not known is not in it."""
    asked = [
        pl.col(column).is_in(list(values)).fill_null(False)
        for column, values in (
            ("country", segment.countries), ("genre", segment.genres), ("tier", segment.tiers),
        )
        if values
    ]  # fmt: skip
    return functools.reduce(pl.Expr.and_, asked, pl.col("streams_28d") >= segment.least_streams)


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
    found = known_of(label).select("listener_id", "country", cell.alias("segment"))
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


@analysis(reads="plays", optional="tracks listeners")
def segment_sizes(label, *, segments: tuple[Segment, ...], min_group: int = 10) -> pl.DataFrame:
    """Return how many listeners each rule takes; they may overlap.

    Sizes are rounded to whole `min_group`s, so that two rules that differ by one person do not say
    so, and null (`hidden`) where fewer are in it, or in nobody's but it.

    Returns
    -------
    segment | name | rule | listeners (about) | streams_share (of 84 days, to the percent) | hidden
    """
    known = known_of(label).with_columns(fits(one).alias(one.id) for one in segments)
    counted = known.join(
        recent(label).group_by("listener_id").len("streams").collect(), on="listener_id", how="left"
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
