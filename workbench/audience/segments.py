"""Taste clusters as people read them: how many, how sure, what sets each apart."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import card_rows
from workbench.audience import properties as having
from workbench.audience import traits as traiting
from workbench.audience.assigned import assigned, fitted, held_traits, own_traits
from workbench.audience.clusters import UNASSIGNED
from workbench.audience.profiles import source
from workbench.audience.tireless import tireless
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.store.privacy import HIDDEN, shown_people

READS = "segments plays listening_counts tracks artists listeners purchases products " + " ".join(
    having.LYRICS
)
OWN_TOO = f"{READS} {having.OWN}"
TOP = 8


@dataclass(frozen=True, eq=False)
class Clusters:
    """Taste clusters of a label. Hidden cells are null; counts of people are rounded to 5.

    Attributes
    ----------
    cards : segment | name | listeners | share | low | high (90 %, the listeners as a sample) |
        streams | streams_per_listener | buyers | revenue | revenue_per_buyer | hidden.
    traits : segment | kind | key | name | rank | count | share | population_share | index | low |
        high | z | q | apart | hidden: per cluster all genres, moods, markets and tiers and the
        `top` favourites, by how much they set it apart.
    places : segment (-1 unassigned) | x | y | listeners: dots of `min_group` listeners or more.
    stability : count | agreement | error | lowest | chosen, per number of clusters offered.
    count, chosen : clusters shown, and how many are the most that stay the same.
    agreement : how alike two halves of the listeners sort everybody, adjusted Rand index.
    listeners : in the filters, None under `min_group`, 0 when nobody fits. unassigned : of them
        between clusters or with too few streams; None when hidden. tireless : of them who once
        streamed more than a day holds, bots as a rule, whose streams are no part of `cards`; None
        for a few.
    currency : of revenue, None without purchases.
    source : table of who listened to what. hidden : cells hidden for privacy.
    """

    cards: pl.DataFrame
    traits: pl.DataFrame
    places: pl.DataFrame
    stability: pl.DataFrame
    count: int
    chosen: int
    agreement: float
    listeners: int | None
    unassigned: int | None
    tireless: int | None
    currency: str | None
    source: str
    hidden: int
    min_group: int


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two clusters side by side.

    Attributes
    ----------
    traits : kind | key | name | index_first | low_first | high_first | index_second | low_second |
        high_second | gap (difference of z), the widest gaps first.
    first, second : names. hidden : rows left out because a cell is hidden.
    """

    traits: pl.DataFrame
    first: str
    second: str
    hidden: int


@analysis(optional="segments plays listening_counts")
def offered(label) -> pl.DataFrame:
    """Return the numbers fitted: count | agreement | error | lowest | chosen."""
    return fitted(label).frames["stability"]


@analysis(optional=OWN_TOO)
def clusters(
    label,
    *,
    count: int | None = None,
    filters: Filters = Filters(),
    top: int = TOP,
    min_group: int = 10,
) -> Clusters:
    """Return the Taste clusters with names, sizes, traits, value and map.

    `count` is the number of clusters, by default the most that stay the same. `filters` chooses the
    listeners counted (a stream within the filters makes one), their streams, value and dots;
    clusters, names and traits are learnt from everything.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence, BadInput
        No listening by listener; the clusters are not fitted; too few listeners or shared artists;
        a count that is not offered.
    """
    fit, count, members = assigned(label, count)
    held = held_traits(label, members, min_group)
    own = own_traits(label, members, min_group)
    scope = card_rows.scoped(label, filters).collect()
    inside = members.join(
        scope.group_by("listener_id").agg(pl.col("streams").sum()), on="listener_id"
    )
    bot = pl.col("listener_id").is_in(tireless(label)["listener_id"].implode())
    bots = inside.filter(bot).height
    inside = inside.with_columns(pl.when(~bot).then("streams").otherwise(0).alias("streams"))
    cards, hidden = card_rows.cards(label, inside, count, filters, min_group)
    names = traiting.cluster_names(held[0], list(range(count)))
    shown = cards.filter(~pl.col(HIDDEN))["segment"].to_list()
    unassigned = cards.filter(segment=UNASSIGNED)["listeners"].to_list()
    cards = cards.filter(pl.col("segment") >= 0).with_columns(
        pl.col("segment").replace_strict(names, return_dtype=pl.String).alias("name")
    )
    stability = fit.frames["stability"]
    return Clusters(
        cards=cards.select("segment", "name", pl.exclude("segment", "name")),
        traits=traiting.leading(pl.concat([held[0], own[0]]), top),
        places=card_rows.places(members, inside, shown, min_group),
        stability=stability,
        count=count,
        chosen=fit.meta["chosen"],
        agreement=stability.filter(pl.col("count") == count)["agreement"].item(),
        listeners=shown_people(inside.height, min_group),
        unassigned=unassigned[0] if unassigned else 0,
        tireless=shown_people(bots, min_group),
        currency=card_rows.currency(label),
        source=source(label),
        hidden=hidden + held[1] + own[1],
        min_group=min_group,
    )


@analysis(optional=OWN_TOO)
def compare(
    label,
    *,
    first: int,
    second: int,
    count: int | None = None,
    kind: str | None = None,
    top: int = 12,
    min_group: int = 10,
) -> Comparison:
    """Return what two clusters differ in most, both against the population.

    `kind` is one of artist, genre, mood, country, tier, an own column (“set.column”), or None for
    all. Unfiltered.

    Raises
    ------
    BadInput
        A cluster that does not exist.
    """
    _, count, members = assigned(label, count)
    for segment in (first, second):
        if not 0 <= segment < count:
            raise BadInput(f"There is no cluster {segment + 1}: there are {count}.")
    held, _ = held_traits(label, members, min_group)
    names = traiting.cluster_names(held, list(range(count)))
    held = pl.concat([held, own_traits(label, members, min_group)[0]])
    wanted = held if kind is None else held.filter(kind=kind)
    measures = ("index", "low", "high", "z", "apart")
    sides = [
        wanted.filter(pl.col("segment") == segment).select(
            "kind", "key", "name", HIDDEN, *[pl.col(m).alias(f"{m}_{side}") for m in measures]
        )
        for segment, side in ((first, "first"), (second, "second"))
    ]
    both = sides[0].join(sides[1].drop("name"), on=["kind", "key"], suffix="_too")
    empty = pl.any_horizontal(HIDDEN, f"{HIDDEN}_too")
    differ = both.filter(~empty & (pl.col("apart_first") | pl.col("apart_second")))
    rows = (
        differ.with_columns((pl.col("z_first") - pl.col("z_second")).alias("gap"))
        .sort(pl.col("gap").abs(), "kind", "key", descending=[True, False, False])
        .head(top)
        .select("kind", "key", "name", pl.col("^(index|low|high)_.*$"), "gap")
    )
    return Comparison(rows, names[first], names[second], both.filter(empty).height)


@analysis(optional=READS)
def definition(
    label, *, segment: int, count: int | None = None, min_group: int = 100
) -> pl.DataFrame:
    """Return one cluster as a description that may leave the house: aggregates only.

    Returns
    -------
    kind | name | share | population_share | index: first the cluster itself (kind "cluster", share
    of all listeners), then what sets it apart, shares to the whole per cent, index to 5.

    Raises
    ------
    NotEnoughEvidence
        The cluster holds fewer than `min_group` listeners.
    """
    _, count, members = assigned(label, count)
    held, _ = held_traits(label, members, min_group)
    size = members.filter(segment=segment).height
    if size < min_group:
        raise NotEnoughEvidence(
            f"This cluster holds fewer than {min_group} listeners, too few to describe outside."
        )
    names = traiting.cluster_names(held, list(range(count)))
    head = pl.DataFrame(
        {"kind": ["cluster"], "name": [names[segment]], "share": [size / members.height]}
    )
    own = traiting.leading(held.filter(segment=segment), TOP)
    own = own.filter(~pl.col(HIDDEN) & pl.col("apart"))
    body = own.select("kind", "name", "share", "population_share", "index")
    return pl.concat([head, body], how="diagonal").with_columns(
        pl.col("share", "population_share").round(2), (pl.col("index") / 5).round() * 5
    )
