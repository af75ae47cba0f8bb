"""The Import page with zips, workbooks and files that mean harm."""

import io
import zipfile

import bringing
import pytest
from apptest import Visit
from bringing import STREAMS, TRACKS

from workbench.dataset import open_dataset


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def dropped(monkeypatch, label, *files: tuple[str, str | bytes]) -> Visit:
    page = Visit(monkeypatch, label.folder, "start/import_data")
    whole = [(name, data.encode() if isinstance(data, str) else data, "") for name, data in files]
    page.app.file_uploader(key="files").set_value(whole)
    return page.run()


def packed(*files: tuple[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def words(page: Visit) -> str:
    return page.words.replace("\\", "")


def store(page: Visit) -> Visit:
    next(button for button in page.app.button if "Store" in button.label).click()
    return page.run()


def test_the_files_of_a_zip_have_a_panel_each_and_the_others_are_listed(label, monkeypatch):
    data = packed(("a.csv", TRACKS), ("x/s.csv", STREAMS), ("cover.png", "\x89PNG"), ("b.zip", ""))
    page = dropped(monkeypatch, label, ("exports.zip", data), ("again.csv", TRACKS))
    assert "**exports.zip/a.csv**" in words(page)
    assert "**exports.zip/x/s.csv**" in words(page)
    assert any(
        "again.csv: the same file as exports.zip/a.csv" in one.value for one in page.app.code
    )
    store(page)
    stored = open_dataset(str(label.folder))
    assert (stored.table("tracks").height, stored.table("daily_streams").height) == (2, 2)


def test_a_hostile_zip_is_listed_and_the_page_goes_on(label, monkeypatch):
    bad = packed(("../../a.csv", TRACKS))
    page = dropped(monkeypatch, label, ("bad.zip", bad), ("s.csv", STREAMS))
    assert any("leads out of it" in one.value for one in page.app.code)
    assert "2 rows of 1 file" in page.app.button[-1].label


def test_a_workbook_with_several_tables_asks_which_and_reads_that_one(label, monkeypatch):
    tables = [[line.split(",") for line in text.splitlines()] for text in (TRACKS, STREAMS)]
    book = bringing.workbook(*tables, names=("Songs", "Days"), hidden=("Days",))
    page = dropped(monkeypatch, label, ("book.xlsx", book))
    question = next(box for box in page.app.selectbox if "Which sheet" in box.label)
    assert "“Songs” (3 rows), “Days” (hidden, 3 rows)" in question.label.replace("\\", "")
    assert not [button for button in page.app.button if "Store" in button.label]
    question.set_value("Days")
    page.run()
    assert "Our table daily streams" in words(page)
    assert "Note: the sheet “Days” is read, and not “Songs” (3 rows)." in words(page)
    next(box for box in page.app.selectbox if "Which sheet" in box.label).set_value("Songs")
    page.run()
    assert "Our table tracks" in words(page)
    store(page)
    assert open_dataset(str(label.folder)).table("tracks").height == 2


def test_a_name_with_markup_is_shown_as_letters(label, monkeypatch):
    name = "<img src=x onerror=alert(1)>*b*.csv"
    text = "artist_id,name\na1,<script>alert(1)</script>\n"
    page = dropped(monkeypatch, label, (name, text))
    shown = [one.value for one in page.app.markdown if "img src" in one.value]
    assert len(shown) == 1
    assert "\\<img" in shown[0] or "&lt;img" in shown[0]
    assert not any(one.allow_html for one in page.app.markdown)
