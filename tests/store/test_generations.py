"""What a write does to what is there: newest wins by key, handles read on, versions tell."""

import datetime
import os
from dataclasses import replace
from pathlib import Path

import labels
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from polars.testing import assert_frame_equal

from workbench.dataset import Dataset
from workbench.errors import BadInput, DamagedFile
from workbench.store import manifest
from workbench.store.change import change, sweep
from workbench.store.files import GRACE_SECONDS
from workbench.store.slices import slice_path
from workbench.tables import TABLES

DAY = datetime.date(2026, 1, 1)
START = datetime.datetime(2026, 1, 30, 23, tzinfo=datetime.UTC)
LONG_AGO = 1_000_000_000


def opened(folder: Path) -> Dataset:
    return Dataset("test", folder, folder, rows=True)


def rates(values: dict[str, float]) -> pl.DataFrame:
    schema = {"currency": pl.String, "day": pl.Date, "rate": pl.Float64}
    return pl.DataFrame([(name, DAY, rate) for name, rate in values.items()], schema, orient="row")


def plays(values: dict[int, int]) -> pl.DataFrame:
    """One listener's plays: hours after the start, and milliseconds played."""
    moments = [START + datetime.timedelta(hours=hour) for hour in values]
    return pl.DataFrame(
        {"listener_id": "a", "track_id": "t", "played_at": moments,
         "ms_played": list(values.values()), "source": "search"},
        schema_overrides={"played_at": pl.Datetime("us", "UTC"), "ms_played": pl.Int64},
    )  # fmt: skip


sources = some.sampled_from(["a", "b", "c"])
rate_values = some.dictionaries(
    some.sampled_from(["EUR", "USD", "GBP", "JPY"]), some.floats(0.1, 9), max_size=4
)
rate_steps = some.lists(
    some.tuples(sources, rate_values | some.just("drop")), min_size=1, max_size=6
)


@settings(max_examples=30)
@given(steps=rate_steps)
def test_a_table_is_what_a_dictionary_would_be(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("label")
    model: dict[str, dict[str, float]] = {}
    for source, values in steps:
        with change(folder) as writing:
            if values == "drop":
                assert writing.drop(source=source) == len(model.pop(source, {}))
                continue
            put = writing.put("fx_rates", rates(values), source=source)
        others = [held for name, held in model.items() if name != source]
        assert put.replaced == sum(len(held.keys() & values.keys()) for held in others)
        assert put.rows == len(values)
        for held in others:
            for key in values:
                held.pop(key, None)
        model[source] = dict(values)
    expected = {key: value for held in model.values() for key, value in held.items()}
    rows = opened(folder).table("fx_rates") if (folder / manifest.NAME).exists() else rates({})
    assert rows.height == len(expected)
    assert dict(rows.select("currency", "rate").rows()) == expected


play_steps = some.lists(
    some.tuples(sources, some.dictionaries(some.integers(0, 60), some.integers(0, 9), max_size=5)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25)
@given(steps=play_steps)
def test_plays_of_all_sources_are_merged_by_month(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("label")
    expected: dict[int, int] = {}
    for source, values in steps:
        with change(folder) as writing:
            put = writing.put("plays", plays(values), source=source)
        assert put.replaced == len(expected.keys() & values.keys())
        expected |= values
    if not expected:
        return
    label = opened(folder)
    assert_frame_equal(
        label.table("plays").sort("played_at").select("played_at", "ms_played"),
        plays(dict(sorted(expected.items()))).select(
            pl.col("played_at").cast(pl.Datetime("ms", "UTC")), "ms_played"
        ),
    )
    months = {f"{START + datetime.timedelta(hours=hour):%Y-%m}" for hour in expected}
    assert [entry.period for entry in label.entries("plays")] == sorted(months)


def test_plays_that_an_earlier_version_merged_cannot_be_taken_back_apart(tmp_path):
    with change(tmp_path) as writing:
        writing.put("plays", plays({0: 1, 1: 1}), source="old")
        writing.put("fx_rates", rates({"EUR": 1.0}), source="a")
        (month,) = writing.manifest.of("plays")
        slices = [*writing.manifest.of("fx_rates"), replace(month, source="several")]
        writing.describe(slices=tuple(slices), merged=("a", "b"))
    held = opened(tmp_path).entries("plays")
    with change(tmp_path) as writing:
        writing.put("plays", plays({1: 2, 2: 2, 48: 2}), source="c")
    assert opened(tmp_path).manifest.sources() == {"a", "b", "c", "several"}
    with pytest.raises(BadInput, match="Plays of a"), change(tmp_path) as writing:
        writing.drop(source="a")
    with change(tmp_path) as writing:
        assert writing.drop(source="a", name="fx_rates") == 1
        assert writing.drop(source="c") == 2
    assert [entry.source for entry in opened(tmp_path).entries("plays")] == ["several"]
    assert opened(tmp_path).entries("plays")[0].rows == held[0].rows == 2


def test_a_put_that_is_refused_half_way_leaves_nothing_of_itself(tmp_path):
    with change(tmp_path) as writing:
        writing.put("plays", plays({0: 1, 48: 1}), source="a")
    january, february = opened(tmp_path).entries("plays")
    slice_path(tmp_path, february).unlink()
    with change(tmp_path) as writing:
        with pytest.raises(DamagedFile):
            writing.put("plays", plays({1: 1, 49: 1}), source="b")  # January could be merged
        writing.put("fx_rates", rates({"EUR": 1.0}), source="b")
    label = opened(tmp_path)
    assert label.entries("plays") == [january, february]
    assert label.table("fx_rates").height == 1


def test_a_source_needs_a_name_of_its_own(tmp_path):
    for name in ("", "several"):
        with pytest.raises(BadInput), change(tmp_path) as writing:
            writing.put("fx_rates", rates({"EUR": 1.0}), source=name)


# --- Handles ----------------------------------------------------------------------------------


def test_an_old_handle_reads_on_until_an_hour_and_two_generations_have_passed(tmp_path):
    with change(tmp_path) as writing:
        writing.put("fx_rates", rates({"EUR": 1.0}), source="a")
    old = opened(tmp_path)
    path = slice_path(tmp_path, old.entries("fx_rates")[0])
    os.utime(path, (LONG_AGO, LONG_AGO))  # written long ago, in use until now
    for n in range(2, 6):
        with change(tmp_path) as writing:
            writing.put("fx_rates", rates({"EUR": float(n)}), source="a")
        assert old.table("fx_rates")["rate"].to_list() == [1.0]
    assert path.stat().st_mtime > LONG_AGO + GRACE_SECONDS, "the hour begins when it is superseded"
    later = opened(tmp_path)
    os.utime(path, (LONG_AGO, LONG_AGO))  # now the hour has passed, and two generations
    with change(tmp_path) as writing:
        writing.put("fx_rates", rates({"EUR": 9.0}), source="a")
    with pytest.raises(DamagedFile, match="open it again"):
        old.table("fx_rates")
    assert later.table("fx_rates")["rate"].to_list() == [5.0]


def test_two_generations_are_kept_however_old(tmp_path):
    handles = []
    for n in range(5):
        with change(tmp_path) as writing:
            writing.put("fx_rates", rates({"EUR": float(n + 1)}), source="a")
        handles.append(opened(tmp_path))
    sweep(tmp_path, grace_seconds=-60)
    assert [handle.table("fx_rates")["rate"][0] for handle in handles[-3:]] == [3.0, 4.0, 5.0]
    for gone in handles[:2]:
        with pytest.raises(DamagedFile):
            gone.table("fx_rates")
    assert [path.stem for path in manifest.history(tmp_path)] == [f"{n:09d}" for n in (5, 4, 3)]


# --- Versions ---------------------------------------------------------------------------------


def test_a_version_changes_when_the_data_does_and_only_then(tmp_path):
    label = labels.opened(tmp_path)
    names = list(TABLES)
    before = {name: label.version(name) for name in names}
    with change(tmp_path) as writing:
        writing.put("tracks", labels.tracks(), source="test")
        writing.put("plays", labels.plays(), source="test")
    again = opened(tmp_path)
    assert again.manifest.generation == label.manifest.generation + 1
    assert {name: again.version(name) for name in names} == before
    with change(tmp_path) as writing:
        writing.put("tracks", labels.tracks().head(3), source="test")
    fewer = opened(tmp_path)
    assert {name for name in names if fewer.version(name) != before[name]} == {"tracks"}
    with change(tmp_path) as writing:
        writing.put("tracks", labels.tracks(), source="another name")
        writing.drop(source="test", name="tracks")
    assert opened(tmp_path).version("tracks") == before["tracks"], "the same rows, the same version"


def test_every_cell_counts_for_the_version(tmp_path):
    seen = set()
    for title in ("One", "Two", "One ", None, "one"):
        with change(tmp_path) as writing:
            row = {"track_id": ["t"], "title": ["x"], "artist_id": ["a"], "status": ["demo"]}
            frame = pl.DataFrame(
                {**row, "version": [title]}, schema_overrides={"version": pl.String}
            )
            writing.put("tracks", frame, source="test")
        seen.add(opened(tmp_path).version("tracks"))
    assert len(seen) == 5


def test_a_version_is_known_without_reading_data(tmp_path):
    label = labels.opened(tmp_path)
    label.annotate("mine", pl.DataFrame({"track_id": ["tr-1"], "n": [1]}))
    names = [*TABLES, "segments", "track_annotations"]
    versions = label.version(*names)
    (tmp_path / "slices").rename(tmp_path / "elsewhere")
    (annotation,) = (tmp_path / "annotations" / "track_annotations").glob("*.parquet")
    annotation.write_bytes(b"not read")
    handle = opened(tmp_path)
    assert handle.version(*names) == versions
    assert handle.has("plays")
    with pytest.raises(DamagedFile):
        handle.table("tracks")


def test_the_same_rows_in_another_order_give_the_same_file(tmp_path):
    hashes = set()
    for n, frame in enumerate((labels.plays(), labels.plays().reverse())):
        with change(tmp_path / str(n)) as writing:
            writing.put("plays", frame, source="test")
        hashes.add(tuple(e.hash for e in opened(tmp_path / str(n)).entries("plays")))
    assert len(hashes) == 1
