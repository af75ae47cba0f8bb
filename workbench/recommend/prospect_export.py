"""An audience to take away: what its people have in common, or hashed ids of those who consent.

Never of fewer people than leave the house. Groups are of everybody in the audience. Identifiers
are of listeners with recorded consent alone; they come without filters, ranks or chances, in whole
hundreds and in the order of the hash, so that two exports differ by a hundred people or by none.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.audience.assigned import fitted as clustered
from workbench.audience.chosen import among
from workbench.audience.properties import ARTIST, GENRE, TIER
from workbench.errors import NotEnoughEvidence
from workbench.parameters import Filters, Private
from workbench.recommend.prospect_scores import Scored, of_artist, of_demo, of_track
from workbench.recommend.prospecting import made_rankers
from workbench.recommend.prospects import READS, audience_rows
from workbench.settings import settings
from workbench.store.contact_list import consenting, hashed_list
from workbench.store.privacy import HIDDEN, in_fives, suppressed

KINDS = ("country", TIER, GENRE, ARTIST)


@analysis(reads="tracks", optional=READS)
def audience_definition(
    label, *, track: str | None = None, artist: str | None = None, share: float = 0.1,
    filters: Filters = Filters(), min_group: int = 100,
) -> pl.DataFrame:  # fmt: skip
    """Return what the people of an audience have in common, for the targeting of ads.

    Parameters
    ----------
    track, artist : ids, one of them. share : of those who do not know it, as on the page.
    filters : countries, a segment. min_group : as settings, or more; fewer people are never shown.

    Returns
    -------
    kind (audience, country, tier, genre, artist) | key | people (in fives) | of_audience | index
    (100 is as many as among all who do not know it); by kind, the largest first. A genre is the
    one streamed most, an artist one of the five streamed most.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` people; otherwise as `prospects`.
    """
    return _defined(label, _scored(label, track, artist), share, filters, min_group)


@analysis(reads="tracks", optional=READS)
def demo_definition(
    label, *, lyric: Private, artist: str | None = None, genre: str | None = None,
    share: float = 0.1, filters: Filters = Filters(), min_group: int = 100,
) -> pl.DataFrame:  # fmt: skip
    """Return the same for an unreleased lyric; see `audience_definition`.

    Parameters
    ----------
    lyric : read in memory, stored nowhere. artist, genre : whose it is and what, where known.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` people; otherwise as `demo_prospects`.
    """
    scored = of_demo(label, made_rankers(label), lyric, artist, genre)
    return _defined(label, scored, share, filters, min_group)


@analysis(reads="tracks listeners", optional=READS.replace(" listeners", ""))
def hashed_audience(
    label, *, track: str | None = None, artist: str | None = None, share: float = 0.1,
    min_group: int = 100,
) -> pl.DataFrame:  # fmt: skip
    """Return SHA-256 of the ids of those in an audience who consented to be contacted.

    The most likely of those with consent, as many whole `min_group`s as there are among them.
    Ids are as the label's tables hold them: who holds the same ids can match them. For a file to
    hand over, never for a notebook.

    Returns
    -------
    sha256, sorted

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` with consent; otherwise as `prospects`.
    """
    least = max(min_group, settings().min_group_outside)
    scored = _scored(label, track, artist)
    chosen = audience_rows(scored, np.ones(len(scored.chance), bool), share)
    ids = scored.ranker.listeners.gather(chosen)
    ids = ids.filter(ids.is_in(consenting(label).implode()))
    return hashed_list(ids, least, f"Of those with consent: {_too_few(least)}")


def _scored(label, track: str | None, artist: str | None) -> Scored:
    fit = made_rankers(label)
    return of_track(label, fit, track) if track else of_artist(label, fit, artist or "")


def _defined(label, scored: Scored, share: float, filters: Filters, min_group: int) -> pl.DataFrame:
    """Return the definition of an audience, or say that it has too few people."""
    least = max(min_group, settings().min_group_outside)
    listeners = scored.ranker.listeners
    homes = label.scan("listeners").select("listener_id", "country").collect()
    asked = among(label, filters, listeners)
    open_ = np.flatnonzero(scored.open_ & asked)
    chosen = audience_rows(scored, asked, share) if len(open_) else open_
    if len(chosen) < least:
        raise NotEnoughEvidence(_too_few(least))
    held = _held(label, homes)
    inside, everybody = (listeners.gather(rows).alias("listener_id").to_frame()
                         for rows in (chosen, open_))  # fmt: skip
    size = int(inside.select(in_fives(pl.len().cast(pl.Int64), least)).item())
    found = [pl.DataFrame({"kind": ["audience"], "key": ["everybody in it"], "people": [size],
                           "of_audience": [1.0], "index": [100.0]})]  # fmt: skip
    for kind in KINDS:
        own = held.filter(kind=kind).select("listener_id", "key")
        if own.height:
            found.append(_shares(own, inside, everybody, kind, least))
    return pl.concat(found)


def _held(label, homes: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | kind | key: markets, and with Taste clusters tier, genre, artists."""
    countries = homes.drop_nulls().select(
        "listener_id", pl.lit("country").alias("kind"), pl.col("country").alias("key")
    )
    if not label.has("segments"):
        return countries
    learnt = clustered(label).frames["learnt"].select("listener_id", "kind", "key")
    names = label.scan("artists").select(
        pl.col("artist_id").alias("key"), "name", pl.lit(ARTIST).alias("kind")
    )
    learnt = learnt.join(names.collect(), on=["kind", "key"], how="left", maintain_order="left")
    return pl.concat([
        countries, learnt.select("listener_id", "kind", pl.col("name").fill_null(pl.col("key"))
                                 .alias("key")),
    ])  # fmt: skip


def _shares(
    own: pl.DataFrame, inside: pl.DataFrame, everybody: pl.DataFrame, kind: str, least: int
) -> pl.DataFrame:
    """Return the rows of one kind; hidden ones are left out, as no reader of a file needs them."""
    counts = [
        people.join(own, on="listener_id").group_by("key").agg(pl.len().cast(pl.Int64).alias(name))
        for name, people in (("people", inside), ("all", everybody))
    ]
    rows = counts[1].join(counts[0], on="key", how="left").with_columns(
        pl.col("people").fill_null(0)
    )  # fmt: skip
    rows = rows.sort("key")
    shown, _ = suppressed(rows, "people", least)
    size, whole = (max(round(people.height / 5) * 5, 1) for people in (inside, everybody))
    return (
        shown.filter(~pl.col(HIDDEN))
        .with_columns(in_fives(pl.col("people"), least), in_fives(pl.col("all"), least))
        .with_columns((pl.col("people") / size).round(3).alias("of_audience"))
        .with_columns(
            (100 * pl.col("of_audience") / (pl.col("all") / whole)).round().alias("index"),
            pl.lit(kind).alias("kind"),
        )
        .select("kind", "key", "people", "of_audience", "index")
        .sort("people", "key", descending=[True, False])
    )


def _too_few(least: int) -> str:
    return (
        f"fewer than {least} people, too few to leave the house. Take a larger share or fewer "
        "filters."
    )
