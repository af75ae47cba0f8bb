"""Plays of several imports in one month: each can be taken back, and the others stay exactly."""

import datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as some

from workbench.dataset import open_dataset
from workbench.store.change import change
from workbench.store.erasure import erase
from workbench.tables import table

KIND = table("plays")
START = datetime.datetime(2026, 1, 30, tzinfo=datetime.UTC)


def plays(hours, listener="ann") -> pl.DataFrame:
    """Return plays at these hours after the start, which run into February."""
    rows = [
        (listener, "t1", START + datetime.timedelta(hours=hour), hour, "search", None, None)
        for hour in sorted(hours)
    ]
    return pl.DataFrame(rows, KIND.polars_schema, orient="row")


def put(folder, source, hours, **options):
    with change(folder) as writing:
        return writing.put("plays", plays(hours, **options), source=source)


def taken_back(folder, source) -> int:
    with change(folder) as writing:
        return writing.drop(source=source)


def content(folder):
    """Return what the label holds: whose, of which month, and the hash of the bytes."""
    return {(e.source, e.period, e.hash, e.imports) for e in entries(folder)}


def entries(folder):
    return open_dataset(str(folder)).manifest.of("plays")


def hours(folder) -> list[int]:
    rows = open_dataset(str(folder), rows=True).table("plays")
    assert rows.columns == KIND.polars_schema.names()
    return sorted(rows["ms_played"].to_list())


def test_either_of_two_imports_of_a_month_can_be_taken_back(tmp_path):
    put(tmp_path / "a", "a", {0, 1, 2})
    put(tmp_path / "b", "b", {2, 3})
    for gone, kept, rows in (("a", "b", 2), ("b", "a", 1)):
        both = tmp_path / f"without {gone}"
        put(both, "a", {0, 1, 2})
        put(both, "b", {2, 3})
        assert [(e.source, e.imports) for e in entries(both)] == [("several", (("a", 2), ("b", 1)))]
        assert hours(both) == [0, 1, 2, 3]
        assert taken_back(both, gone) == rows
        assert content(both) == content(tmp_path / kept)


def test_an_import_that_added_nothing_takes_nothing_with_it(tmp_path):
    put(tmp_path, "a", {0, 1})
    held = content(tmp_path)
    assert put(tmp_path, "b", {0, 1}).replaced == 2
    assert open_dataset(str(tmp_path)).manifest.standing() == {("plays", "a"): 0, ("plays", "b"): 0}
    assert taken_back(tmp_path, "b") == 0
    assert content(tmp_path) == held
    put(tmp_path, "b", {0, 1})
    assert taken_back(tmp_path, "a") == 0, "b says them as well"
    assert hours(tmp_path) == [0, 1]
    assert taken_back(tmp_path, "b") == 2
    assert entries(tmp_path) == []


def test_what_was_taken_back_can_come_again(tmp_path):
    put(tmp_path, "a", {0, 1})
    put(tmp_path, "b", {1, 2, 50})
    held = content(tmp_path)
    taken_back(tmp_path, "a")
    put(tmp_path, "a", {0, 1})
    assert content(tmp_path) == held
    put(tmp_path, "a", {0, 1})
    assert content(tmp_path) == held, "the same again changes nothing"


def test_an_erased_listener_leaves_the_rest_as_it_was_brought(tmp_path):
    put(tmp_path, "a", {0, 1})
    put(tmp_path, "b", {1, 2})
    put(tmp_path, "b", {5}, listener="bob")
    assert erase(tmp_path, tmp_path, "bob") == 1
    assert [entry.imports for entry in entries(tmp_path)] == [(("a", 1), ("b", 1))]
    assert taken_back(tmp_path, "a") == 1
    assert hours(tmp_path) == [1, 2]


steps = some.lists(
    some.tuples(
        some.sampled_from("abcd"), some.none() | some.sets(some.integers(0, 60), max_size=5)
    ),
    max_size=7,
)


@settings(max_examples=15, deadline=None)
@given(steps=steps, more=some.sets(some.integers(0, 60), max_size=5))
def test_an_import_that_is_taken_back_was_never_there(tmp_path_factory, steps, more):
    folder = tmp_path_factory.mktemp("label")
    model: dict[str, set[int]] = {}
    for source, brought in [("a", {0}), *steps]:
        if brought is None:
            others = set().union(*(held for name, held in model.items() if name != source))
            assert taken_back(folder, source) == len(model.pop(source, set()) - others)
        else:
            put(folder, source, brought)
            model[source] = model.get(source, set()) | brought
    every = set().union(*model.values())
    held = content(folder)
    assert hours(folder) == sorted(every)
    standing = open_dataset(str(folder)).manifest.standing()
    for source, brought in model.items():
        others = set().union(*(rows for name, rows in model.items() if name != source))
        assert standing.get(("plays", source), 0) == len(brought - others)
    put(folder, "new", more)
    assert hours(folder) == sorted(every | more)
    assert taken_back(folder, "new") == len(more - every)
    assert content(folder) == held
