"""Who would love this: how many listeners would come to a song, artist or demo, and who they are.

Only groups leave here. An audience is the listeners at the top of the ranking, as a share of those
who do not know it yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import chosen
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.parameters import Private
from workbench.recommend.prospect_cells import CELLS, KINDS, cells, places
from workbench.recommend.prospect_reasons import speaking
from workbench.recommend.prospect_scores import BASIS, Scored, of_artist, of_demo, of_track
from workbench.recommend.prospecting import made_rankers
from workbench.recommend.reached import between
from workbench.store.privacy import HIDDEN, shown_people

if TYPE_CHECKING:
    from workbench.dataset import View

READS = (
    "prospects recommender segments plays listening_counts listeners purchases artists lyrics "
    "lyric_lines line_embeddings line_moods"
)


@dataclass(frozen=True, eq=False)
class Prospects:
    """An expected audience within the panel. Sizes of groups are in fives, expected ones whole.

    Attributes
    ----------
    named : what was asked for. basis : what the chances rest on. meaning : what a chance is of.
    people : who do not know it yet; None for few. expected, low, high : of them that come, 90 %.
    audience : the first of them. caught : expected share of those who come that is in it.
    cells : kind (country, cluster, tier) | key | name | people | expected | low | high | share
        (expected over people) | audience (of those people, in it) | hidden; the most likely first.
    curve : reached (share of listeners) | caught (of those who came) | active (the same, the most
        active first), means over `items` songs or artists held back in the trial.
    bands : band (listeners of the seed) | items | auc | lift | active, of the trial.
    bins : said | came | pairs: chances against what came in the trial.
    why : name | genre | mood | share (of what speaks for it) | audience (share of it that streamed
        the song) | everybody (the same of all), the most telling first.
    covered : share of sizes in the trial that lay in their 90 % intervals. hidden : cells.
    """

    named: str
    basis: str
    meaning: str
    people: int | None
    expected: int
    low: int
    high: int
    audience: int | None
    caught: float
    cells: pl.DataFrame
    curve: pl.DataFrame
    bands: pl.DataFrame
    bins: pl.DataFrame
    why: pl.DataFrame
    covered: float
    items: int
    hidden: int
    min_group: int


@analysis(reads="tracks", optional=READS)
def prospects(
    label, *, track: str | None = None, artist: str | None = None, share: float = 0.1,
    clusters: int | None = None, filters: Filters = Filters(), min_group: int = 10,
) -> Prospects:  # fmt: skip
    """Return who of the panel would come to a song or an artist that they do not know.

    A song of fewer than five listeners is ranked by what it is (lyric, moods, genre) and by its
    artist's other songs; else by who listens to it, look-alikes for small seeds, other models for
    large ones. Intervals hold what sizes in the trial were off by.

    Parameters
    ----------
    track, artist : ids, one of them. share : of those who do not know it, the audience's size.
    clusters : number of Taste clusters. filters : countries of listeners and a
        segment; nothing else counts.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence, BadInput
        No listening by listener; not made; too little to learn from, or fewer than `min_group`
        listeners left; no such song or artist, both or neither.
    """
    if (track is None) == (artist is None):
        raise BadInput("Ask for a song or for an artist.")
    fit = made_rankers(label)
    scored = of_track(label, fit, track) if track else of_artist(label, fit, artist)
    return _found(label, scored, share, clusters, filters, min_group)


@analysis(reads="tracks", optional=READS)
def demo_prospects(
    label, *, lyric: Private, artist: str | None = None, genre: str | None = None,
    share: float = 0.1, clusters: int | None = None, filters: Filters = Filters(),
    min_group: int = 10,
) -> Prospects:  # fmt: skip
    """Return who of the panel would come to an unreleased lyric; see `prospects`.

    Parameters
    ----------
    lyric : read in memory, stored nowhere. artist, genre : whose it is and what, where known.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence, BadInput
        As `prospects`; the lyric cannot be read.
    """
    scored = of_demo(label, made_rankers(label), lyric, artist, genre)
    return _found(label, scored, share, clusters, filters, min_group)


def audience_rows(scored: Scored, asked: np.ndarray, share: float) -> np.ndarray:
    """Return the rows of the audience, the most likely first; of equal chances by id.

    Raises
    ------
    BadInput
        A share outside of 0 to 1.
    """
    if not 0 < share <= 1:
        raise BadInput("An audience is a share above 0 and up to 1.")
    rows = np.flatnonzero(scored.open_ & asked)
    order = np.argsort(-scored.chance[rows], kind="stable")
    return rows[order[: max(1, round(share * len(rows)))]]


def _found(
    label: View, scored: Scored, share: float, clusters: int | None, filters: Filters,
    min_group: int,
) -> Prospects:  # fmt: skip
    known = places(label, scored.ranker.listeners, clusters, min_group)
    asked = chosen.among(label, filters, scored.ranker.listeners)
    rows = np.flatnonzero(scored.open_ & asked)
    if len(rows) < max(min_group, 1):
        raise NotEnoughEvidence(
            f"Fewer than {min_group} listeners here do not know it yet, too few to show."
        )
    first = audience_rows(scored, asked, share)
    inside = np.zeros(len(asked), np.int64)
    inside[first] = 1
    people = known.with_columns(
        pl.Series("chance", scored.chance), pl.Series("inside", inside)
    )[rows]  # fmt: skip
    expected = int(np.rint(scored.chance[rows].sum()))
    low, high = (int(end[0]) for end in between(np.array([expected]), scored.ranker.spread))
    there = shown_people(len(rows), min_group)
    kinds = [kind for kind in KINDS if kind in people.columns]
    groups = [cells(people, kind, scored.ranker.cell_spread, min_group) for kind in kinds]
    frame = pl.concat(groups) if groups else pl.DataFrame(schema=CELLS)
    frames = scored.ranker.frames
    return Prospects(
        named=scored.named,
        basis=BASIS[scored.kind],
        meaning=scored.ranker.meaning,
        people=there,
        expected=expected,
        low=low,
        high=max(expected, min(high, there)),
        audience=shown_people(len(first), min_group),
        caught=round(float(scored.chance[first].sum() / scored.chance[rows].sum()), 2),
        cells=frame,
        curve=frames["curve"],
        bands=frames["bands"],
        bins=frames["bins"],
        why=speaking(label, scored, first, rows, min_group),
        covered=scored.ranker.covered,
        items=int(frames["bands"]["items"].sum()),
        hidden=int(frame[HIDDEN].sum()),
        min_group=min_group,
    )
