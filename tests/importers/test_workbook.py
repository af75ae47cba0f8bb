"""Workbooks: which sheet is read, what is told of the others, and what is too much."""

import datetime
import io
import struct
import zipfile

import bringing
import pytest
import xlsxwriter
from bringing import TRACKS

from workbench.errors import BadInput
from workbench.importers import reading
from workbench.importers.mapping import CHOICE, Unanswered
from workbench.importers.sheet import Limits, Reading
from workbench.importers.source import Source
from workbench.importers.workbook import sheet_question

TABLE = [["track_id", "title", "artist_id", "status"], ["t1", "Leaving", "a1", "demo"]]
OTHER = [["week", "streams"], ["2026-07-03", "5"], ["2026-07-10", "6"]]
COVER = [["Sales of July"], ["confidential"]]


def source(*sheets, **options) -> Source:
    return Source("book.xlsx", bringing.workbook(*sheets, **options))


def far(row: int, column: int) -> Source:
    """Return a workbook of two cells, far apart."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "title")
        sheet.write(row - 1, column - 1, "end")
    return Source("far.xlsx", out.getvalue())


def test_one_sheet_is_read_and_nothing_is_asked_or_told():
    assert sheet_question(source(TABLE)) is None
    assert reading.sheet(source(TABLE)).notes == ()


def test_of_several_sheets_the_only_one_with_a_table_is_read_and_told():
    book = source(COVER, TABLE, [], names=("Cover", "Data", "Notes"), hidden=("Notes",))
    assert sheet_question(book) is None
    read = reading.sheet(book)
    assert read.frame.drop("file_row").rows() == [("t1", "Leaving", "a1", "demo")]
    assert read.notes == (
        "the sheet “Data” is read, and not “Cover” (2 rows), “Notes” (hidden, empty)",
    )


def test_several_tables_are_asked_about_the_hidden_ones_too():
    book = source(OTHER, TABLE, COVER, names=("Weeks", "Data", "Cover"), hidden=("Data",))
    question = sheet_question(book)
    assert (question.name, question.kind, question.choices) == ("sheet", CHOICE, ("Weeks", "Data"))
    assert question.text == (
        "Which sheet of the workbook? It has “Weeks” (3 rows), “Data” (hidden, 2 rows)."
    )
    with pytest.raises(Unanswered, match="sheet: Which sheet of the workbook"):
        reading.sheet(book)
    read = reading.sheet(book, Reading(sheet="Data"))
    assert read.frame["title"].to_list() == ["Leaving"]
    assert read.notes == ("the sheet “Data” is read, and not “Weeks” (3 rows), “Cover” (2 rows)",)
    with pytest.raises(BadInput, match="no sheet “Q3”; it has Weeks, Data, Cover"):
        reading.sheet(book, Reading(sheet="Q3"))


def test_an_answer_says_the_sheet_and_other_files_pay_no_heed_to_it(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    book = bringing.workbook(OTHER, TABLE, names=("Weeks", "Data"))
    with pytest.raises(Unanswered):
        bringing.planned(label, book, "book.xlsx")
    planned = bringing.planned(label, book, "book.xlsx", answers={"sheet": "Data"})
    assert planned.report.tables[0].accepted == 1
    assert bringing.planned(label, TRACKS, answers={"sheet": "Data"}).report.tables[0].read == 2


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 200), (200_000, 600), (1_048_576, 16_384)])
def test_cells_far_apart_are_refused_before_the_sheet_fills_the_memory(row, column):
    with pytest.raises(BadInput, match=rf"reaches to row {row:,}, with more than 40,000,000 cells"):
        reading.sheet(far(row, column))


def test_a_stray_cell_below_a_table_is_no_harm():
    assert reading.sheet(far(60_000, 3)).frame.rows() == [(60_000, None, None, "end")]


def test_parts_are_counted_whatever_the_directory_says_of_them():
    data = bytearray(source([["title"], *([f"{n:06}" * 50] for n in range(4_000))]).data)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        listed = packed.infolist()
    at = 0
    for _ in listed:
        at = data.index(b"PK\x01\x02", at) + 24
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(BadInput, match="when unpacked"):
        reading.sheet(Source("lying.xlsx", bytes(data)), limits=Limits(expanded=500_000))


def test_numbers_keep_their_digits_and_days_are_days():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["net", "day", "time", "code"])
        for row, number in enumerate((4.2012345678, 1 / 3, -6.5, 0.1 + 0.2), 1):
            sheet.write(row, 0, number)
            sheet.write_datetime(row, 1, datetime.datetime(2026, 7, row), form)  # noqa: DTZ001
            sheet.write_datetime(row, 2, datetime.datetime(2026, 7, 3, row - 1), form)  # noqa: DTZ001
            sheet.write_string(row, 3, "0.123456789")
    frame = reading.sheet(Source("a.xlsx", out.getvalue())).frame
    assert frame["net"].to_list() == ["4.2012345678", "0.3333333333333333", "-6.5", "0.3"]
    assert frame["day"].to_list() == ["2026-07-01", "2026-07-02", "2026-07-03", "2026-07-04"]
    assert frame["time"].to_list()[:2] == ["2026-07-03 00:00:00", "2026-07-03 01:00:00"]
    assert set(frame["code"]) == {"0.123456789"}
