"""What next for an audience: a list of songs, each with what speaks for it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience.rules import Segment
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.parameters import Private
from workbench.recommend.asked import WORTH, asked
from workbench.recommend.blend import standardised
from workbench.recommend.exploration import drawn, explored, propensities, woven
from workbench.recommend.feedback import LESS, NOTHING, Feedback, carried, heard, spoken, voices
from workbench.recommend.model import listeners_of
from workbench.recommend.reasons import facts_of, reasons
from workbench.recommend.recommender import Recommender, recommender
from workbench.store.privacy import shown_people

if TYPE_CHECKING:
    from workbench.dataset import View

READS = (
    "recommender segments plays listening_counts listeners artists purchases lyrics lyric_lines "
    "line_moods"
)
WHICH = ("released", "new", "all")
NEW_DAYS = 180
POOL = 200  # songs among which variety chooses
DIAL = 0.25  # at .5 what everybody knows takes away nearly all of what speaks for them
FAR = 2.0  # how much a whole turn of a dial weighs, in standard scores


@dataclass(frozen=True, eq=False)
class Recommendations:
    """A playlist draft.

    Attributes
    ----------
    songs : rank | track_id | title | artist_id | artist | genre | release_date | isrc | score (in
        standard deviations over the songs) | heard (share of the audience that streamed it, null
        where few did) | because (songs of the profile that speak most for it) | same (what it has
        in common with the first of these) | basis: "plays", "its artist's other songs" (nobody
        has heard it) or "content" | kept (liked before; these stand first, beyond `length`) |
        propensity (probability to stand in the list; below 1 it is there to find out; null for
        kept ones) | blend_place, popular_place (from 1: in the list without finding out, in that
        of the most streamed; null for kept ones).
    profile : track_id | name | heard | liked | share (of what speaks for the list), the most
        telling first.
    listeners : of the audience, in fives; None for pasted songs. songs_known : in the profile.
    left : songs that the choices allow and that are not in the list.
    candidates : songs that could have stood in it, `left` and those that do.
    """

    songs: pl.DataFrame
    profile: pl.DataFrame
    listeners: int | None
    songs_known: int
    left: int
    candidates: int
    min_group: int


@analysis(reads="tracks", optional=READS)
def recommendations(
    label, *, cluster: int | None = None, clusters: int | None = None,
    segment: Segment | None = None, songs: tuple[str, ...] = (),
    listener: Private | None = None, dial: float = DIAL,
    variety: float = 0.2, which: str = "released", own: bool = False, clean: bool = False,
    filters: Filters = Filters(), length: int = 20, feedback: Feedback = NOTHING,
    explore: float = 0.0, draw: int = 0, min_group: int = 10,
) -> Recommendations:  # fmt: skip
    """Return what next for a Taste cluster, a saved segment, a list of songs, or everybody.

    The profile of an audience is the share of it that streamed each song, of songs that at least
    `min_group` of it did, counts rounded to fives; that of a list is its songs, which are then
    left out. `filters` choose what may be recommended by artists and genres, and by countries whose
    listeners are the audience.

    Parameters
    ----------
    cluster : number of a Taste cluster, of `clusters` (by default the most that stay the same).
    segment : a rule. songs : track ids. listener : a pseudonym, where the owner of the installation
        has switched that on; never written down. At most one of the four.
    dial : 0 familiar to 1 adventurous: how far songs that the audience knows are held back.
    variety : 0 to 1: how far songs alike to those above them are held back.
    which : "released", "new" (released within 180 days) or "all", also what is planned.
    own : only signed artists. clean : nothing marked explicit. length : songs of the list.
    feedback : what was said of earlier lists; songs that are gone are passed over.
    explore : share of the list that is drawn from all other songs that may be in it, each with a
        known probability. draw : seeds it; another number, other songs.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence, BadInput, SetUpError
        No listening by listener; not made; an audience under `min_group` or without a song that
        enough of it know; a choice that is not offered, an unknown song; not switched on.
    """
    shares = (dial, variety, explore)
    if which not in WHICH or not all(0 <= share <= 1 for share in shares):
        raise BadInput(f"Songs are {', '.join(WHICH)}; dial, variety, explore are from 0 to 1.")
    if length < 1:
        raise BadInput("A list has a song at least.")
    known = recommender(label)
    who = asked(
        label, known, cluster, clusters, segment, songs, listener, filters.countries, min_group
    )
    if not who.profile.nnz:
        raise NotEnoughEvidence(
            f"No song was streamed by {min_group} or more of this audience, so there is nothing to "
            "recommend from."
        )
    said, facts = heard(feedback, known.tracks), facts_of(label, known)
    allowed = _allowed(label, known.tracks, filters, which, own, clean)
    allowed[np.concatenate([said.liked, said.against, said.without])] = False
    if songs or listener:
        allowed[who.profile.indices] = False
    speaking = voices(who.profile, said, known, WORTH)
    score = spoken(known, speaking) - LESS * carried(facts, feedback.less)
    told = score - FAR * dial * standardised(who.heard[None, :].astype(np.float32))[0]
    chosen = composed(np.where(allowed, told, -np.inf), known, variety, length, explore, draw)
    both = np.concatenate([said.liked, chosen.songs])
    found, profile = reasons(facts, known, who, both, speaking)
    kept, fame = len(said.liked), _places(np.where(allowed, listeners_of(known.counts), -np.inf))
    blank = [None] * kept
    return Recommendations(
        found.with_columns(
            pl.Series("score", score[both].astype(np.float64)),
            pl.Series("kept", np.arange(len(both)) < kept),
            pl.Series("propensity", blank + chosen.propensity.tolist(), pl.Float64),
            pl.Series("blend_place", blank + chosen.place.tolist(), pl.Int64),
            pl.Series("popular_place", blank + fame[chosen.songs].tolist(), pl.Int64),
        ),
        profile,
        None if songs or listener else shown_people(who.people, min_group),
        who.profile.nnz,
        int(allowed.sum()) - len(chosen.songs),
        int(allowed.sum()),
        min_group,
    )


@dataclass(frozen=True, eq=False)
class Composed:
    """Songs of a list in its order; the probability of each, its place without finding out."""

    songs: np.ndarray
    propensity: np.ndarray
    place: np.ndarray


def composed(
    told: np.ndarray, known: Recommender, variety: float, length: int, explore: float, draw: int
) -> Composed:
    """Return a list: the best varied songs, and some of all the others, drawn."""
    best = varied(told, known, variety, length)
    others = np.flatnonzero(told > -np.inf)
    others = others[~np.isin(others, best)]
    order = np.concatenate([best, others[np.argsort(-told[others], kind="stable")]])
    count = explored(len(order), length, explore)
    sure = min(length, len(order)) - count
    chance = propensities(len(order) - sure, count)
    seeded = np.random.default_rng([draw, 7])
    songs = woven(np.arange(sure), sure + drawn(chance, seeded), seeded)
    return Composed(order[songs], np.concatenate([np.ones(sure), chance])[songs], songs + 1)


def _places(value: np.ndarray) -> np.ndarray:
    """Return the place of each song from 1, the largest value first, ties as they stand."""
    place = np.empty(len(value), np.int64)
    place[np.argsort(-value, kind="stable")] = np.arange(1, len(value) + 1)
    return place


def _allowed(
    label: View, tracks: pl.Series, filters: Filters, which: str, own: bool, clean: bool
) -> np.ndarray:
    """Return which songs may be recommended, Boolean (tracks,)."""
    songs = filters.tracks(label.scan("tracks"))
    out = pl.col("status").fill_null("released") == "released"
    if which == "released":
        songs = songs.filter(out)
    if which == "new":
        newest = label.scan("tracks").filter(out).select(pl.col("release_date").max())
        last = newest.collect().item() or datetime.date.min
        day = pl.col("release_date")
        recent = day > last - datetime.timedelta(days=min(NEW_DAYS, last.toordinal() - 1))
        songs = songs.filter(out & recent)
    if own:
        signed = label.scan("artists").filter(pl.col("signed").fill_null(False))
        songs = songs.join(signed, on="artist_id", how="semi")
    if clean:
        songs = songs.filter(~pl.col("explicit").fill_null(False))
    wanted = songs.select("track_id").collect()["track_id"]
    return tracks.is_in(wanted.implode()).to_numpy().copy()


def varied(score: np.ndarray, known: Recommender, variety: float, length: int) -> np.ndarray:
    """Return places of songs, best first: each the best after what it repeats of those before.

    `variety` takes off up to two standard scores times the cosine to the nearest song above.
    Source: Carbonell and Goldstein 1998 (maximal marginal relevance).
    """
    pool = np.argsort(-score, kind="stable")[:POOL]
    pool = pool[score[pool] > -np.inf]
    features = known.features[pool]
    alike = (features @ features.T).toarray()
    left, nearest = score[pool].astype(np.float64), np.zeros(len(pool))
    chosen: list[int] = []
    for _ in range(min(length, len(pool))):
        worth = left - FAR * variety * nearest
        best = int(np.argmax(worth))
        chosen.append(best)
        left[best] = -np.inf
        nearest = np.maximum(nearest, alike[best])
    return pool[chosen]
