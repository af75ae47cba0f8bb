"""A sheet of events comes in by its header; whom it touches is of the label, or refused."""

import datetime

import bringing
import labels
import pytest

from workbench.dataset import open_dataset
from workbench.importers.events_sheet import columns_of
from workbench.importers.incoming import Incoming
from workbench.importers.reading import Source

SHEET = (
    "Event,Type,Start,End,Artist,Song,Country,Value,Notes\n"
    "Late Show,TV,2026-09-04,,ada *star*,,,,live\n"
    "Summer Days,Festival,2026-08-01,2026-08-03,,,Germany,2,\n"
    "Ad with it,sync,2026-10-01,2026-12-31,,Home <b>,us,,\n"
    "Coming,TV,2027-01-05,,ar-bo,not yet,,,\n"
    "Lost,TV,2026-09-05,,Nobody,,,,\n"
    "Lost song,TV,2026-09-05,,,No such song,,,\n"
    "Nowhere,TV,2026-09-05,,,,Atlantis,,\n"
    "Backwards,TV,2026-09-05,2026-09-01,,,,,\n"
    ",TV,2026-09-05,,,,,,\n"
)
PLAIN = (
    "Event,Type,Start,End,Country,Value\nLate Show,tv,2026-09-04,,US,\n"
    "Summer Days,festival,2026-08-01,2026-08-03,Germany,2.5\n"
)


@pytest.fixture(scope="module")
def brought(tmp_path_factory):
    label = labels.opened(tmp_path_factory.mktemp("events") / "catalogue", "catalogue")
    report = bringing.brought(label, SHEET)
    rows = open_dataset(str(label.folder)).table("events").sort("name")
    return report, {row["name"]: row for row in rows.to_dicts()}


def test_each_row_stands_or_says_why_not(brought):
    report, rows = brought
    assert set(rows) == {"Late Show", "Summer Days", "Ad with it", "Coming"}
    (table,) = report.tables
    assert (table.accepted + table.repaired, table.rejected) == (4, 5)
    why = {row["file_row"]: row["reason"] for row in table.rejects.to_dicts()}
    assert "no single artist" in why[6]
    assert "no single song" in why[7]
    assert "no country" in why[8]
    assert 9 in why
    assert "is missing" in why[10]
    assert "not taken: Notes" in report.notes


def test_whom_they_touch_is_the_labels_own(brought):
    _, rows = brought
    show, days, ad, coming = (rows[n] for n in ("Late Show", "Summer Days", "Ad with it", "Coming"))
    assert (show["artist_id"], show["track_id"], show["territory"]) == ("ar-ada", None, None)
    assert show["first_day"] == datetime.date(2026, 9, 4)
    assert (show["last_day"], show["value"]) == (None, None)
    assert (days["territory"], days["value"]) == ("DE", 2.0)
    assert (ad["track_id"], ad["territory"], ad["artist_id"]) == ("tr-3", "US", None)
    assert (coming["track_id"], coming["artist_id"]) == ("tr-4", None)  # a day ahead may be


def test_a_series_of_values_is_one_row_a_day_and_stands_once(tmp_path):
    label = labels.opened(tmp_path / "catalogue", "catalogue")
    sheet = "name,kind,date,value\n" + "".join(
        f"Heat,weather,2026-08-{day:02},{20 + day}\n" for day in range(1, 29)
    )
    for _ in range(2):
        bringing.brought(label, sheet)
        label = open_dataset(str(label.folder))
    assert label.table("events").height == 28
    again = label.table("events").write_csv()
    fresh = labels.opened(tmp_path / "other", "catalogue")
    assert bringing.brought(fresh, again).tables[0].accepted == 28  # as our own table
    assert open_dataset(str(fresh.folder)).table("events").equals(label.table("events"))


@pytest.mark.parametrize("header", ["name,type,date,price", "title,artist,type,date", "kind,date"])
def test_other_sheets_are_left_to_others(tmp_path, header):
    label = bringing.empty_label(tmp_path)
    sheet = header + "\n" + ",".join("2026-01-01" for _ in header.split(",")) + "\n"
    assert not columns_of(Incoming(Source("f.csv", sheet.encode()), label).sheet)
