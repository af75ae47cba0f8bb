"""The contract of an analysis: it reads what it declares, and returns what a page can show."""

import datetime
from dataclasses import dataclass

import labels
import polars as pl
import pytest

from workbench.analysis import MAX_ROWS, analysis
from workbench.errors import MissingTable, NotMade, PrivateRows, UndeclaredRead, UsageError
from workbench.parameters import Filters


@analysis(reads="tracks", optional="plays")
def titles(label, *, genre: str | None = None) -> pl.DataFrame:
    rows = label.scan("tracks")
    if genre:
        rows = rows.filter(pl.col("genre") == genre)
    return rows.select("track_id", "title").sort("track_id").collect()


@pytest.fixture
def full(tmp_path):
    return labels.opened(tmp_path / "full")


def test_an_analysis_answers_on_a_label(full):
    assert titles(full, genre="folk")["title"].to_list() == ["Home <b>", "Not yet"]


def test_it_may_not_touch_what_it_did_not_declare(full):
    @analysis(reads="tracks")
    def sneaky(label) -> pl.DataFrame:
        return label.table("artists")

    with pytest.raises(UndeclaredRead, match="artists"):
        sneaky(full)


def test_an_analysis_calls_another_only_within_what_it_reads(full):
    @analysis(reads="artists")
    def outer(label) -> pl.DataFrame:
        return titles(label)

    @analysis(reads="artists tracks")
    def wider(label) -> pl.DataFrame:
        return titles(label)

    with pytest.raises(UndeclaredRead, match="tracks"):
        outer(full)
    assert wider(full).height == 4


def test_an_optional_read_of_an_inner_analysis_is_cut_to_the_outer(full):
    @analysis(reads="tracks", optional="plays")
    def inner(label) -> pl.DataFrame:
        return pl.DataFrame({"seen": [label.names == {"tracks"}]})

    @analysis(reads="tracks")
    def outer(label) -> pl.DataFrame:
        return inner(label)

    assert outer(full)["seen"].to_list() == [True]


def test_a_missing_table_is_named_with_the_file_that_fills_it(tmp_path):
    @analysis(reads="plays")
    def listened(label) -> pl.DataFrame:
        return label.table("plays")

    with pytest.raises(MissingTable, match="Spotify history") as caught:
        listened(labels.opened(tmp_path / "catalogue", "catalogue"))
    assert caught.value.table == "plays"


def test_an_artifact_that_is_not_made_says_how_to_make_it(full):
    @analysis(reads="segments")
    def clusters(label) -> pl.DataFrame:
        return label.fit("segments").frames["segments"]

    with pytest.raises(NotMade, match="python -m workbench make segments"):
        clusters(full)


def test_rows_of_listeners_are_closed_outside_an_analysis(full):
    with pytest.raises(PrivateRows):
        full.table("plays")
    assert full.has("plays")


def test_unknown_reads_and_positional_parameters_are_refused():
    with pytest.raises(UsageError, match="no such table"):
        analysis(reads="tracs")(lambda label: None)

    def positional(label, count=1):
        return pl.DataFrame()

    with pytest.raises(UsageError, match="keyword-only"):
        analysis(reads="tracks")(positional)


def test_parameters_are_checked_before_anything_runs(full):
    with pytest.raises(UsageError, match="genres"):
        titles(full, genres="pop")
    with pytest.raises(UsageError):
        titles(full, genre=["pop"])


def test_a_result_must_be_a_frame_or_a_frozen_dataclass_of_few_rows(full):
    @dataclass
    class Loose:
        rows: pl.DataFrame

    @analysis(reads="tracks")
    def loose(label):
        return Loose(pl.DataFrame())

    @analysis(reads="tracks")
    def many(label):
        return pl.DataFrame({"n": range(MAX_ROWS + 1)})

    with pytest.raises(UsageError, match="frozen dataclass"):
        loose(full)
    with pytest.raises(UsageError, match="rows"):
        many(full)


def test_filters_choose_tracks_days_and_countries(full):
    view = full.view(["tracks", "plays", "listeners", "daily_streams"])
    everything = view.scan("daily_streams").rename({"entity_id": "track_id"})
    chosen = Filters(
        artists=("ar-bo",), countries=("DE",), since=labels.day(1), until=labels.day(2)
    )
    days = chosen.daily(everything, view.scan("tracks")).collect()
    assert days.select("track_id", "territory").unique().rows() == [("tr-3", "DE")]
    assert sorted(days["day"]) == [labels.day(1), labels.day(2)]
    plays = chosen.plays(view.scan("plays"), view.scan("tracks"), view.scan("listeners")).collect()
    assert set(plays["track_id"]) == {"tr-3"}
    assert set(plays["played_at"].dt.date()) <= {labels.day(1), labels.day(2)}
    assert set(plays["listener_id"]) <= {f"{n:08x}" for n in range(20, 30)}


def test_a_handle_reads_on_while_the_label_changes(full, tmp_path):
    from workbench.store.change import change

    before = full.version("tracks")
    with change(full.folder) as writing:
        writing.put(
            "tracks",
            pl.DataFrame(
                {"track_id": ["tr-1"], "title": ["New name"], "artist_id": ["ar-ada"],
                 "status": ["released"], "release_date": [datetime.date(2026, 1, 1)]}
            ),
            source="later",
        )  # fmt: skip
    assert "New name" not in full.table("tracks")["title"]
    assert full.version("tracks") == before
    reopened = type(full)(full.name, full.folder, full.home)
    assert "New name" in reopened.table("tracks")["title"]
    assert reopened.version("tracks") != before
