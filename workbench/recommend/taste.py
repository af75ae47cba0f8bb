"""What an audience is made of: its taste as weighted features, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience.profiles import source
from workbench.audience.rules import Segment
from workbench.audience.tireless import tireless
from workbench.listening.streams import is_stream
from workbench.recommend.asked import members
from workbench.recommend.lists import READS
from workbench.recommend.profile import SPREAD
from workbench.recommend.reasons import facts_of
from workbench.recommend.recommender import recommender
from workbench.store.memory import memory
from workbench.store.privacy import FIVES, in_fives, per_head, shown_people

if TYPE_CHECKING:
    from workbench.dataset import View

SAVED, SKIPPED, BOUGHT = 1.0, -1.0, 2.0  # of a song or artist, beside 1 to 3 for its plays
KINDS = {"genre": "genre", "mood": "mood", "artist": "artist_id"}
PARTS = ("played", "saved", "skipped", "bought")
STEP = 0.005  # of a share; in small audiences what five of them make


@dataclass(frozen=True, eq=False)
class Taste:
    """A profile as people read it.

    Attributes
    ----------
    features : feature (“genre:folk”) | kind | name | share (of the whole taste) | everybody (the
        same of all listeners) | played, saved, skipped, bought (what the share is made of) |
        listeners (who have it, in fives); by kind, then share. Features that fewer than `min_group`
        have are left out, `hidden` of them.
    people : in the audience, in fives. tireless : of them those who once streamed more than a day
        holds, bots as a rule; in fives, None for a few. They count as one listener each.
    """

    features: pl.DataFrame
    hidden: int
    people: int | None
    tireless: int | None
    min_group: int


@analysis(reads="tracks", optional=f"{READS} products")
def taste(
    label, *, cluster: int | None = None, clusters: int | None = None,
    segment: Segment | None = None, filters: Filters = Filters(), min_group: int = 10,
) -> Taste:  # fmt: skip
    """Return what a cluster, a segment or everybody plays, saves, skips and buys, as features.

    A song is worth 1 to 3 to a listener by its place among their own, 1 more where they saved it,
    1 less the more of its plays they skipped; an artist 2 for each thing bought. Every listener
    counts alike, whatever they play: shares of each, then their mean. A feature is a song's genre,
    leading mood or artist. Of songs that were streamed; what was only skipped is not known. Of
    `filters` countries count: whose listeners these are.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence, BadInput
        As `recommendations`.
    """
    known = recommender(label)
    rows = members(label, known, cluster, clusters, segment, filters.countries, min_group)
    inside = known.listeners.gather(rows).alias("listener_id").to_frame()
    reads = ("tracks", *READS.split(), "products")
    worth = memory.load(  # of everybody, for every audience: kept until the data change
        f"worth:{label.dataset.folder}:{label.version(*dict.fromkeys(reads))}",
        lambda: _worth(label, facts_of(label, known)),
        lambda frame: int(frame.estimated_size()),
    )
    own = worth.join(inside, on="listener_id", how="semi")
    found = _shares(own, inside.height).join(
        _shares(worth, len(known.listeners)).select("feature", everybody="share"), on="feature"
    )
    shown = found.filter(pl.col("listeners") >= max(min_group, 1))
    # of the shown size: the step stands in every share
    step = max(STEP, FIVES / (shown_people(inside.height, min_group) or inside.height))
    rounded = [
        per_head(pl.col(name), pl.lit(1), min_group, step).alias(name)
        for name in ("share", "everybody", *PARTS)
    ]
    features = shown.with_columns(*rounded, in_fives(pl.col("listeners"), min_group))
    artists = label.scan("artists").select(name="artist_id", artist="name").collect()
    features = features.join(artists, on="name", how="left").with_columns(
        name=pl.when(kind="artist").then(pl.coalesce("artist", "name")).otherwise("name")
    )
    order = ("feature", "kind", "name", "share", "everybody", *PARTS, "listeners")
    return Taste(
        features.select(order).sort("kind", "share", "feature", descending=[False, True, False]),
        found.height - shown.height,
        shown_people(inside.height, min_group),
        shown_people(inside.join(tireless(label), on="listener_id", how="semi").height, min_group),
        min_group,
    )


def _worth(label: View, facts: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | genre | mood | artist_id | played | saved | skipped | bought."""
    songs = facts.lazy().select("track_id", *KINDS.values())
    if source(label) == "plays":
        heard = label.scan("plays").group_by("listener_id", "track_id").agg(
            streams=is_stream().sum(), saved=pl.col("saved").fill_null(False).any(),
            skipped=pl.col("skipped").cast(pl.Float64).mean().fill_null(0.0),
        )  # fmt: skip
    else:
        heard = label.scan("listening_counts").filter(entity="track").select(
            "listener_id", track_id="entity_id", streams="plays", saved=False, skipped=0.0
        )  # fmt: skip
    place = pl.col("streams").rank("average").over("listener_id") / pl.len().over("listener_id")
    rows = heard.filter(pl.col("streams") > 0).join(songs, on="track_id").select(
        "listener_id", *KINDS.values(), played=1.0 + SPREAD * place, saved=SAVED * pl.col("saved"),
        skipped=SKIPPED * pl.col("skipped"), bought=0.0,
    )  # fmt: skip
    if not (label.has("purchases") and label.has("products")):
        return rows.collect()
    artists = label.scan("products").select("product_id", "artist_id").drop_nulls()
    things = label.scan("purchases").filter(pl.col("quantity") > 0).join(artists, on="product_id")
    bought = things.group_by("listener_id", "artist_id").agg(
        bought=BOUGHT * pl.col("product_id").n_unique()
    )
    return pl.concat([rows, bought], how="diagonal_relaxed").collect()


def _shares(worth: pl.DataFrame, people: int) -> pl.DataFrame:
    """Return feature | kind | name | listeners | share | the parts: means over `people`."""
    parts = [pl.col(name).fill_null(0.0) for name in PARTS]
    whole = pl.sum_horizontal(*parts).sum().over("listener_id")
    each = worth.filter(whole > 0).with_columns(part / whole for part in parts)
    found = [
        each.filter(pl.col(column).is_not_null())
        .group_by(pl.col(column).alias("name"))
        .agg(pl.col("listener_id").n_unique().cast(pl.Int64).alias("listeners"),
             *(pl.col(part).sum() / people for part in PARTS))
        .with_columns(pl.lit(kind).alias("kind"), pl.format("{}:{}", pl.lit(kind), "name")
                      .alias("feature"), share=pl.sum_horizontal(*PARTS))
        for kind, column in KINDS.items()
    ]  # fmt: skip
    return pl.concat(found)
