"""A demo: what an unreleased lyric says, and where it would stand among the label's songs.

The text comes as `Private`: it is read and scored in memory and stored nowhere.
"""

from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.aside import DEMO, beside
from workbench.lyrics.catalogue import SHARES, CatalogueMoods, catalogue_moods
from workbench.lyrics.groups import AXES, moods_by
from workbench.lyrics.moving_words import moving_words
from workbench.lyrics.similar import SimilarSongs, similar_songs
from workbench.lyrics.song import SongMoods, song_moods
from workbench.parameters import Private

# More than any song has; what is longer is a book, a log or a file chosen by mistake.
MOST_LETTERS, MOST_LINES = 60_000, 1_000
# Songs below which a share of the roster is not said.
LEAST_SONGS = 5


@dataclass(frozen=True, eq=False)
class DemoPlace:
    """Where a demo stands among the songs of a label, or of those chosen of them.

    Attributes
    ----------
    roster : the songs, without the demo. demo : one row, the facts of the demo with its moods.
    axes : axis | below (scored songs with less of it) | songs (scored).
    artists : artist_id | artist | songs | affinity (0-1, Hellinger, of the shares of lines by mood
        to the mean shares of the artist's songs) | lead | valence | arousal; the closest first.
    sentence : the finding in words.
    """

    roster: CatalogueMoods
    demo: pl.DataFrame
    axes: pl.DataFrame
    artists: pl.DataFrame
    sentence: str


def checked(lyric: Private) -> Private:
    """Return a lyric that can be read in a moment; nothing is cut off one that cannot.

    Raises
    ------
    BadInput
        It is empty, or longer than any song.
    """
    text = lyric.text
    lines = len(text.splitlines())
    if not text.strip():
        raise BadInput("There is no lyric yet: paste one, or drop a text file.")
    if lines > MOST_LINES:
        raise BadInput(
            f"This text has {lines:,} lines; a song has {MOST_LINES:,} at most. "
            "Nothing of it was read: paste the lyric of one song."
        )
    if len(text) > MOST_LETTERS:
        raise BadInput(
            f"This text has {len(text):,} letters; a song has {MOST_LETTERS:,} at most. "
            "Nothing of it was read: paste the lyric of one song."
        )
    # half a letter, as a wrongly decoded file may hold, fits no table
    return Private(text.encode("utf-8", "replace").decode("utf-8"))


@analysis()
def demo_song(label, *, lyric: Private, heard: bool = True) -> SongMoods:
    """Return the moods of an unreleased lyric, as `song_moods` gives them for a song on file.

    Raises
    ------
    BadInput
        It is empty, or longer than any song.
    """
    return song_moods(beside(checked(lyric)), track=DEMO, heard=heard)


@analysis()
def demo_moving_words(label, *, lyric: Private, line: int | None = None) -> pl.DataFrame:
    """Return the words that move an unreleased lyric, as `moving_words` finds them.

    Raises
    ------
    BadInput
        The lyric cannot be read.
    """
    return moving_words(beside(checked(lyric)), track=DEMO, line=line)


@analysis(reads="tracks lyrics line_moods lyric_lines line_embeddings", optional="artists")
def demo_similar(
    label, *, lyric: Private, by: str = "both", count: int = 10, filters: Filters = Filters()
) -> SimilarSongs:
    """Return the label's songs most like an unreleased lyric, as `similar_songs` finds them.

    Raises
    ------
    BadInput
        The lyric cannot be read, or `by` is unknown. NotEnoughEvidence : nothing to compare.
    """
    among = beside(checked(lyric), label)
    return similar_songs(among, track=DEMO, by=by, count=count, filters=filters)


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists track_annotations")
def demo_place(
    label, *, lyric: Private, filters: Filters = Filters(), heard: bool = True
) -> DemoPlace:
    """Return where an unreleased lyric stands by mood among the label's scored songs.

    Raises
    ------
    BadInput
        The lyric cannot be read. NotEnoughEvidence : it, or every song chosen, has no scored line.
    """
    demo = demo_song(label, lyric=lyric, heard=heard).facts
    roster = catalogue_moods(label, filters=filters, heard=heard)
    scored = roster.tracks.filter(pl.col("lead").is_not_null())
    if demo["lead"][0] is None or scored.is_empty():
        raise NotEnoughEvidence(
            "A demo is placed by its scored lines; it, or every song chosen here, has none."
        )
    axes = pl.DataFrame(
        {
            "axis": list(AXES),
            "below": [int((scored[axis] < demo[axis][0]).sum()) for axis in AXES],
            "songs": [scored.height] * len(AXES),
        }
    )
    return DemoPlace(roster, demo, axes, _artists(label, demo, filters, heard), _sentence(axes))


def _artists(label, demo: pl.DataFrame, filters: Filters, heard: bool) -> pl.DataFrame:
    """Return the artists by how alike the mix of moods of their songs is."""
    found = moods_by(label, by="artist", filters=filters, heard=heard, count=10_000)
    own = pl.DataFrame(
        {"family": list(SHARES), "own": [float(demo[f"share_{name}"][0]) for name in SHARES]}
    )
    affinity = (
        found.shares.join(own, on="family")
        .group_by("key")
        .agg(affinity=(pl.col("share") * pl.col("own")).sqrt().sum())
    )
    return (
        found.groups.filter(pl.col("songs") > 0)
        .join(affinity, on="key")
        .select(
            pl.col("key").alias("artist_id"), pl.col("group").alias("artist"), "songs", "affinity",
            "lead", "valence", "arousal",
        )
        .sort("affinity", "artist_id", descending=[True, False])
    )  # fmt: skip


def _sentence(axes: pl.DataFrame) -> str:
    """Return “More pleasant than 34 of 172 scored songs, more stirred than 120”."""
    songs = axes["songs"][0]
    if songs < LEAST_SONGS:
        return f"Beside {songs} scored song{'s' * (songs != 1)}: too few to say where it stands"
    pleasant, stirred = axes["below"]
    return (
        f"More pleasant than {pleasant:,} of the {songs:,} scored songs here, "
        f"more stirred than {stirred:,}"
    )
