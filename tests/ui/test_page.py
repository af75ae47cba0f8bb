"""A page computes, records, gives away, and says what is missing."""

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.analysis import analysis
from workbench.dataset import open_dataset
from workbench.listening.catalogue import catalogue
from workbench.ui import compute


def test_a_page_and_its_notebook_give_the_same_numbers(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, "scout/catalogue", genre="folk")
    assert visit.notebook_agrees() >= 1
    assert "genres=('folk',)" in visit.page.notebook().decode()


def test_a_page_without_its_table_says_which_file_fills_it(tmp_path, monkeypatch):
    from workbench.store.change import change

    with change(tmp_path / "empty") as writing:
        writing.describe(title="Empty *label*")
    visit = Visit(monkeypatch, tmp_path / "empty", "scout/catalogue")
    assert "Not in this data" in visit.words
    assert "catalogue sheet" in visit.words
    assert "Empty \\*label\\*" in visit.words


def test_the_title_of_a_label_is_letters_in_what_a_page_says(tmp_path, monkeypatch):
    from workbench.store.change import change

    with change(tmp_path / "odd") as writing:
        writing.describe(title="$x$ & *co*")
    visit = Visit(monkeypatch, tmp_path / "odd", "scout/catalogue")
    (said,) = [one.value for one in visit.app.markdown if "Not in this data" in one.value]
    assert "\\$x\\$ & \\*co\\* has none" in said
    missing = Visit(monkeypatch, tmp_path / "$y$ *no*", "scout/catalogue")
    assert "\\$y\\$ \\*no\\*" in missing.app.error[0].value


def test_a_label_that_does_not_exist_is_an_error_a_person_can_read(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, tmp_path / "nowhere", "scout/catalogue")
    assert "There is no label" in visit.words


def test_the_key_of_a_result_changes_with_data_and_parameters_only(tmp_path):
    label = labels.opened(tmp_path / "full")
    plain = catalogue.arguments({})
    first = compute.key(label, catalogue, plain)
    assert first == compute.key(open_dataset(str(tmp_path / "full")), catalogue, plain)
    from workbench.analysis import Filters
    from workbench.store.change import change

    chosen = catalogue.arguments({"filters": Filters(genres=("pop",))})
    assert compute.key(label, catalogue, chosen) != first
    with change(label.folder) as writing:
        writing.put("artists", labels.artists().head(1).with_columns(name=pl.lit("X")), source="y")
    assert compute.key(open_dataset(str(label.folder)), catalogue, plain) != first


def test_every_table_downloads_as_it_is_shown(tmp_path, monkeypatch):
    from workbench.ui.takeaway import _csv

    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), "scout/catalogue")
    for frame in visit.page.shown.values():
        text = _csv(frame, sample=False).decode()
        assert text.count("\n") >= frame.height + 1
    assert "'=Arriving" in _csv(next(iter(visit.page.shown.values())), sample=False).decode()


@pytest.mark.parametrize("query", ["nothing-like-it", "<script>", "a" * 5000])
def test_a_foreign_value_in_the_url_is_ignored(tmp_path, monkeypatch, query):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, "scout/catalogue", genre=query)
    assert "genres=" not in visit.page.notebook().decode()


def test_after_an_erasure_no_result_of_before_is_kept(tmp_path):
    from workbench.store.erasure import erase

    label = labels.opened(tmp_path / "full")
    counted = []

    @analysis(reads="tracks")
    def asked(label) -> pl.DataFrame:
        counted.append(1)
        return label.table("tracks")

    def ask() -> int:
        opened = open_dataset(str(label.folder))
        compute.forget_erased(opened)
        compute.result(opened, asked, {}, keep=True)
        return len(counted)

    assert (ask(), ask()) == (1, 1)  # tracks do not change by an erasure, so the key stays
    erase(label.folder, label.home, "00000000")
    assert (ask(), ask()) == (2, 2)
