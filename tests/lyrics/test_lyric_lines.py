"""Which of several texts of a track counts."""

import datetime

import polars as pl

from workbench.lyrics.lyric_lines import chosen_lyrics

EARLY, LATE = (datetime.datetime(2026, day, 1, tzinfo=datetime.UTC) for day in (1, 7))


def chosen(*rows: tuple[str, str, datetime.datetime | None]) -> str:
    """Return the source that counts of rows of one track: source, text, fetched_at."""
    schema = {"source": pl.String, "text": pl.String, "fetched_at": pl.Datetime("ms", "UTC")}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    (row,) = chosen_lyrics(frame.lazy().with_columns(track_id=pl.lit("t1"))).to_dicts()
    return row["source"]


def test_the_labels_own_words_win_over_what_was_fetched_however_new():
    own = ("label", "mine", None)
    assert chosen(("genius", "theirs", LATE), own) == "label"
    assert chosen(own, ("genius", "theirs", LATE), ("another site", "x", LATE)) == "label"


def test_genius_comes_after_every_other_source():
    assert chosen(("genius", "x", LATE), ("songbook", "y", None)) == "songbook"
    assert chosen(("genius", "x", LATE)) == "genius"


def test_of_other_sources_the_one_fetched_last_counts_and_ties_break_by_name():
    assert chosen(("a", "x", EARLY), ("b", "y", LATE)) == "b"
    assert chosen(("b", "x", LATE), ("a", "y", LATE)) == "a"
