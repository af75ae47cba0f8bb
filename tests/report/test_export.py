"""Exports that no spreadsheet obeys."""

import csv as csv_module
import io
import zipfile

import polars as pl
from hypothesis import given
from hypothesis import strategies as some

from workbench.report.export import TRIGGERS, csv, xlsx

texts = some.text(alphabet=some.characters(blacklist_categories=["Cs"]), max_size=20)


@given(some.lists(texts | some.sampled_from(["=1+1", "@x", "-2", "+3", "\t=1", "＝1"]), max_size=8))
def test_no_text_cell_begins_with_a_trigger(values):
    written = csv(pl.DataFrame({"name": values}, schema={"name": pl.String}))
    _, *back = csv_module.reader(io.StringIO(written.decode(), newline=""))
    assert len(back) == len(values)
    for (cell,) in back:
        assert cell == "-" or not cell.startswith(TRIGGERS)


def test_numbers_stay_numbers_and_lists_become_text():
    frame = pl.DataFrame({"n": [-1.5], "genres": [["pop", "=x"]], "name": ["=cmd"]})
    assert csv(frame) == b'n,genres,name\n-1.5,"pop, =x",\'=cmd\n'


def test_a_header_is_escaped_too():
    assert csv(pl.DataFrame({"=evil": ["a"]})) == b"'=evil\na\n"


def test_a_workbook_holds_every_sheet_and_obeys_no_cell():
    rows = pl.DataFrame({"title": ["=1+1", "http://x.y"], "because": [["a", "b"], []], "n": [1, 2]})
    made = xlsx({"Draft": rows, "Profile": rows.select("n")})
    back = pl.read_excel(io.BytesIO(made), sheet_name="Draft")
    assert back.rows() == [("=1+1", "a, b", 1), ("http://x.y", None, 2)]
    assert pl.read_excel(io.BytesIO(made), sheet_name="Profile")["n"].to_list() == [1, 2]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
