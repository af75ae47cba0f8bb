"""The benchmark of all importers leaves none out, and notices what is lost, invented or changed."""

import random
from dataclasses import replace

import pytest

from benchmarks import round_trips
from benchmarks.generated import files
from benchmarks.generated.outcomes import differences, not_adding_up
from workbench.dataset import open_dataset
from workbench.importers import formats
from workbench.store.change import change


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "label"
    with change(folder) as writing:
        writing.describe(title="Empty")
    return open_dataset(str(folder))


def made(name: str, seed: int = 1):
    return round_trips.MAKERS[name](random.Random(seed))


def test_every_format_has_made_up_files():
    modules = {one.recognised.__module__.rpartition(".")[2] for one in formats.FORMATS}
    others = {"formats", "own_models"}  # files of own models are real ones, beside their tests
    assert round_trips.MAKERS.keys() == modules - others | {"mappings"}


@pytest.mark.parametrize("name", round_trips.MAKERS)
def test_the_same_seed_makes_the_same_file(name):
    assert made(name) == made(name)
    assert any(made(name, seed).data != made(name).data for seed in (2, 3, 4))


def test_workbooks_and_zips_are_the_same_bytes_whenever_they_are_made():
    assert files.zipped({"a": b"1"}) == files.zipped({"a": b"1"})
    packed = [made("mappings", seed) for seed in range(60)]
    assert {one.name.rpartition(".")[2] for one in packed} == {"csv", "xlsx", "gz", "zip"}
    assert packed == [made("mappings", seed) for seed in range(60)]


def test_a_row_that_is_lost_invented_or_changed_is_told(label):
    good = made("ad_managers")
    assert differences(good, label) == ""
    assert not_adding_up(good, good.data, label) == ""
    first, *rest = good.rows["campaigns"]
    for rows, said in (
        (rest, "0 rows lacking, for example [], and 1 too many"),
        ([first, first, *rest], "1 rows lacking"),
        ([first | {"clicks": -1}, *rest], "1 rows lacking, for example clicks: -1 became"),
    ):
        assert said in differences(replace(good, rows={"campaigns": rows}), label)


def test_a_format_is_counted():
    found = round_trips.counted("shop_orders", 3)
    assert (found.exact, found.adding_up, found.tracebacks, found.said) == (3, 3, 0, [])
