"""Bringing files to a small label in a test."""

import datetime
import io
from pathlib import Path

import xlsxwriter

from workbench.dataset import Dataset, open_dataset
from workbench.importers import run
from workbench.importers.reading import Source
from workbench.importers.report import ImportReport
from workbench.store.change import change

NOW = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
# A catalogue in our own columns; every cell is good.
TRACKS = (
    "track_id,title,artist_id,status,isrc,release_date\n"
    "t1,Leaving,a1,released,USRC17607839,2024-05-01\n"
    "t2,Arriving,a1,planned,,2027-01-01\n"
)
STREAMS = (
    "entity,entity_id,day,territory,store,streams\n"
    "track,t1,2026-07-03,US,spotify,1200\n"
    "track,t1,2026-07-04,US,spotify,1300\n"
)


def empty_label(folder: Path) -> Dataset:
    """Make a label without rows."""
    with change(folder) as writing:
        writing.describe(title="Test")
    return open_dataset(str(folder))


def planned(label: Dataset, data: str | bytes, name: str = "file.csv", **options) -> run.Planned:
    """Plan the import of a file that holds these bytes."""
    data = data.encode() if isinstance(data, str) else data
    return run.plan(Source(name, data), label, now=NOW, **options)


def brought(label: Dataset, data: str | bytes, name: str = "file.csv", **options) -> ImportReport:
    """Import a file that holds these bytes."""
    (report,) = run.store([planned(label, data, name, **options)], label)
    return report


def workbook(
    *sheets: list[list[object]], names: tuple[str, ...] = (), hidden: tuple[str, ...] = ()
) -> bytes:
    """Return an .xlsx file with these rows in its sheets, some of them hidden."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[number] if names else None)
            if sheet.name in hidden:
                sheet.hide()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return out.getvalue()
