"""What people said of lists, as parameters of the next one: heard at once, without a new fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.recommend.blend import standardised

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.recommend.recommender import Recommender

HEED = 1.5  # how much marks weigh against the whole profile, in standard scores, once many
HALF = 3  # marks at which half of that is reached
LESS = 3.0  # standard scores that a song loses for a feature that is wanted less


@dataclass(frozen=True)
class Feedback:
    """What was said of songs for one audience, as track ids.

    Attributes
    ----------
    liked : kept, and more like them. against : disliked, or not for this audience: left out, and
        less like them. without : disliked for another audience: left out, nothing more.
    less : features of the taste wanted less of, “genre:folk”, “mood:sadness”, “artist:ID”.
    """

    liked: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


NOTHING = Feedback()


@dataclass(frozen=True, eq=False)
class Heard:
    """Feedback over the songs of a recommender; what it has no longer, or not yet, is passed over.

    Attributes
    ----------
    liked, against, without : places of songs, int64.
    """

    liked: np.ndarray
    against: np.ndarray
    without: np.ndarray


def heard(feedback: Feedback, tracks: pl.Series) -> Heard:
    """Return the places of the songs that were spoken of."""
    place = {track: n for n, track in enumerate(tracks)}

    def places(named: tuple[str, ...]) -> np.ndarray:
        return np.array([place[one] for one in dict.fromkeys(named) if one in place], np.int64)

    return Heard(places(feedback.liked), places(feedback.against), places(feedback.without))


def force(marks: int) -> float:
    """Return how much marks of one kind weigh: `HEED` n / (n + `HALF`)."""
    return HEED * marks / (marks + HALF)


def row_of(places: np.ndarray, known: Recommender, worth: float) -> csr_matrix:
    """Return songs as a profile, CSR float32 (1, tracks)."""
    from scipy.sparse import csr_matrix

    value = np.zeros(len(known.tracks), np.float32)
    value[places] = worth
    return csr_matrix(value[None, :])


def voices(
    profile: csr_matrix, told: Heard, known: Recommender, worth: float
) -> list[tuple[float, csr_matrix]]:
    """Return what speaks, each with its weight: the profile 1, likes above 0, marks against below.

    The score of a song is the weighted sum of standard scores, one for each voice.
    Source: Rocchio 1971 (relevance feedback), with standard scores in place of vectors.
    """
    found = [(1.0, profile)]
    for sign, places in ((1.0, told.liked), (-1.0, told.against)):
        if len(places):
            found.append((sign * force(len(places)), row_of(places, known, worth)))
    return found


def spoken(known: Recommender, told: list[tuple[float, csr_matrix]]) -> np.ndarray:
    """Return the score of each song by all voices, float32 (tracks,)."""
    return sum(weight * standardised(known.blend.scores(row))[0] for weight, row in told)


def carried(facts: pl.DataFrame, less: tuple[str, ...]) -> np.ndarray:
    """Return how many of the features each song carries, int64 (tracks,); see `Feedback.less`."""
    columns = {"genre": "genre", "mood": "mood", "artist": "artist_id"}
    count = np.zeros(facts.height, np.int64)
    for feature in less:
        kind, _, name = feature.partition(":")
        if kind in columns:
            count += (facts[columns[kind]] == name).fill_null(False).to_numpy()
    return count
