"""Listening and lyrics side by side: what became of a lyric is told alike wherever it is told."""

import labels
import polars as pl
import pytest
from stream_rows import stream_rows

from tests.songs import TEXTS
from workbench.analysis import Filters
from workbench.catalogue.songs import songs
from workbench.dataset import open_dataset
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.outcome import MEANING, OUTCOMES, STATE, WITHOUT_LYRIC
from workbench.store.change import change

SILENT = {"tr-silent": "instrumental", "tr-wordless": "instrumental", "tr-none": "none"}


@pytest.fixture(scope="module")
def read(scored, tmp_path_factory):
    """Return the label of one lyric of each outcome, scored."""
    return scored(tmp_path_factory.mktemp("read") / "label")


def states(found) -> dict[str, str]:
    return dict(found.tracks.select("track_id", "lyric").iter_rows())


def test_every_outcome_has_its_words():
    assert set(OUTCOMES) == set(STATE) == set(MEANING)
    assert len(set(STATE.values())) == len(OUTCOMES)


def test_a_lyric_has_one_state_on_all_pages(read):
    found, moods = songs(read), catalogue_moods(read)
    assert states(found) == SILENT | {
        **dict.fromkeys(("tr-glad", "tr-sad", "tr-turning", "tr-angry", "tr-glad-again"), "scored"),
        "tr-foreign": "other language",
        "tr-sounds": "vocables only",
        "tr-short": "too short",
    }
    # the vocables are sung: a lyric is on file, nothing in it can be scored
    assert (found.with_lyrics, found.scored) == (8, 5)
    counts = dict(moods.outcomes.select("outcome", "tracks").iter_rows())
    assert found.scored == counts["scored"]
    assert found.with_lyrics == sum(n for name, n in counts.items() if name not in WITHOUT_LYRIC)


def test_a_vocables_song_that_the_catalogue_calls_wordless_has_a_lyric(read, tmp_path):
    tracks = read.table("tracks").with_columns(
        language=pl.when(pl.col("track_id") == "tr-sounds")
        .then(pl.lit("zxx"))
        .otherwise("language")
    )
    with change(tmp_path) as writing:
        writing.put("tracks", tracks, source="test")
        writing.put("lyrics", read.table("lyrics"), source="test")
    found = songs(open_dataset(str(tmp_path)))
    assert states(found)["tr-sounds"] == "not scored yet"
    assert found.with_lyrics == 8


def test_before_anything_is_scored_what_is_silent_is_known(tmp_path, read):
    """Whether a lyric is on file does not change with scoring it."""
    with change(tmp_path) as writing:
        for name in ("tracks", "lyrics"):
            writing.put(name, read.table(name), source="test")
    found = songs(open_dataset(str(tmp_path)))
    assert (found.with_lyrics, found.scored) == (8, None)
    waiting = dict.fromkeys(TEXTS, "not scored yet")
    assert states(found) == waiting | SILENT
    assert found.tracks["lead"].null_count() == 11


def test_filters_choose_whose_lyrics_count(read):
    folk = songs(read, filters=Filters(genres=("folk",)))
    assert (folk.found, folk.with_lyrics, folk.scored) == (6, 3, 0)
    one = songs(read, limit=1)
    assert (one.tracks.height, one.with_lyrics) == (1, 8)


@pytest.mark.parametrize(("kind", "known"), [("full", 2), ("catalogue", 0), ("streams", 0)])
def test_of_each_kind_of_label(tmp_path, kind, known):
    found = songs(labels.opened(tmp_path, kind))
    assert (found.with_lyrics, found.scored) == (known, None)
    assert states(found)["tr-3"] == "none"


def test_an_id_without_a_track_has_no_lyric(tmp_path):
    track = {"track_id": "t1", "title": "One", "artist_id": "a", "status": "released"}
    with change(tmp_path) as writing:
        writing.put("tracks", pl.DataFrame([track]), source="test")
        rows = stream_rows("t1", [10] * 60) + stream_rows("stray", [20] * 60)
        writing.put("daily_streams", pl.DataFrame(rows), source="test")
    assert states(songs(open_dataset(str(tmp_path)))) == {"stray": "none", "t1": "none"}


def test_the_sample_knows_what_it_was_written_with():
    """The roster says file, instrumental or none of every track; a file of vocables is a file."""
    found = songs(open_dataset("sample"))
    assert (found.found, found.with_lyrics) == (180, 146)
    counts = found.tracks["lyric"].value_counts()
    silent = dict(counts.filter(pl.col("lyric").is_in(["instrumental", "none"])).iter_rows())
    assert silent == {"instrumental": 8, "none": 26}
