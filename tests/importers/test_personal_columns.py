"""Columns that say who somebody is and that nothing reads are not handed out again."""

import bringing
import pytest

from workbench.importers import profiles, wizard
from workbench.importers.records import personal
from workbench.importers.wizard import Choice
from workbench.report.export import csv
from workbench.tables import TABLES

HEADER = "buyer name,buyer email,Lied,paid to,Tag,buyer phone,Anzahl"
ROWS = (
    "Jane Roe,jane@roe.com,t1,Joe,2026-07-03,030 1,12\nAnn Poe,ann@poe.com,t1,Joe,soon,030 2,13\n"
)


@pytest.fixture
def label(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(label, bringing.TRACKS)
    return label


@pytest.mark.parametrize(
    "name",
    ["buyer name", "Buyer e-mail", "buyer_phone", "paid to", "username", "user_name", "Username",
     "Billing Address1", "Shipping Name", "E-Mail", "ip_addr", "userName", "Phone"],
)  # fmt: skip
def test_a_column_that_says_who_somebody_is(name):
    assert personal(name)


@pytest.mark.parametrize(
    "name",
    ["artist name", "name", "item name", "Billing Country", "track_name", "users", "listeners",
     "paid", "Song/Album", "release_name", "country", "zip", "Last modified"],
)  # fmt: skip
def test_a_column_that_does_not(name):
    assert not personal(name)


def test_rejected_rows_of_a_saved_mapping_come_without_people_and_are_taken_again(label):
    kind = TABLES["daily_streams"]
    choices = {
        "entity": Choice(constant="track"), "entity_id": Choice("Lied"), "day": Choice("Tag"),
        "territory": Choice(constant="WW"), "store": Choice(constant="spotify"),
        "streams": Choice("Anzahl"),
    }  # fmt: skip
    made = wizard.mapping("own", kind, choices, HEADER.split(","))
    profiles.save(made, label.home)
    rejects = bringing.planned(label, f"{HEADER}\n{ROWS}").rejected_rows
    assert rejects.columns[2:] == ["Lied", "Tag", "Anzahl"]
    assert rejects.rows()[0][0] == 3
    corrected = csv(rejects).decode().replace("soon", "2026-07-04")
    report = bringing.brought(label, corrected, "corrected.csv")
    (table,) = report.tables
    assert (report.title, table.read, table.accepted) == (made.title, 1, 1)


def test_a_listener_that_a_rule_reads_stays(label):
    text = "listener_id,track_id,played_at,source,phone\nann,t1,soon,unknown,030\n"
    rejects = bringing.planned(label, text).rejected_rows
    assert rejects.columns[2:] == ["listener_id", "track_id", "played_at", "source"]
