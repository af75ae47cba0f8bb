"""Statements and spend that a mapping reads: their recordings are found as in the known ones."""

from decimal import Decimal

import bringing
import pytest

from tests.adding_up import checked, mutated
from workbench.dataset import open_dataset
from workbench.importers import profiles, wizard
from workbench.importers.wizard import Choice
from workbench.tables import table

TRACKS = (
    "track_id,title,artist_id,status,isrc,release_date\n"
    "t1,Slow Tide,name:Nora Vale,released,GBAYE2400001,2024-05-01\n"
)
ARTISTS = "artist_id,name\nname:Nora Vale,Nora Vale\n"
HEAD = "Monat;Laden;Lied;Wer;Kennung;Menge;Betrag\n"
LINES = (
    "2026-07;Spotify;Slow Tide;Nora Vale;GBAYE2400001;10;1,50\n"
    "2026-07;Spotify;Paper Moon;Otto Brandt;;4;0,25\n"
    "2026-07;Spotify;;;;;-0,05\n"
)
MAPPING = """
source = "kontor"
[[tables]]
name = "statements"
[tables.columns]
statement_period = "Monat"
store = "Laden"
track_title = "Lied"
track_artist = "Wer"
isrc = "Kennung"
quantity = "Menge"
net = { column = "Betrag", decimal = "," }
currency = { constant = "EUR" }
"""
SPEND = (
    "Aktion,Tag,Song,Artist,Kosten\nTide,2026-07-01,Slow Tide,Nora Vale,10\nBrand,2026-07-01,,,5\n"
)


@pytest.fixture
def label(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(label, TRACKS)
    bringing.brought(again(label), ARTISTS)
    return again(label)


def again(label):
    return open_dataset(str(label.folder), rows=True)


def mapped():
    return profiles.parsed(MAPPING, "kontor")


def test_each_line_stands_and_its_recording_is_known_or_made(label):
    report = bringing.brought(label, HEAD + LINES, "juli.csv", mapping=mapped())
    assert (report.tables[0].table, report.tables[0].accepted) == ("statements", 3)
    assert "recordings named: 1 that are known, 1 new" in report.notes
    assert report.notes[-1].startswith("net amounts: EUR 1.70 imported")
    rows = again(label).table("statements").sort("source_row")
    assert rows.select("source_row", "source", "source_file", "track_title", "net").rows() == [
        (2, "kontor", "juli.csv", "Slow Tide", Decimal("1.50")),
        (3, "kontor", "juli.csv", "Paper Moon", Decimal("0.25")),
        (4, "kontor", "juli.csv", None, Decimal("-0.05")),
    ]
    tracks = again(label).table("tracks").sort("track_id")
    assert tracks["track_id"].to_list() == ["name:Otto Brandt · Paper Moon", "t1"]
    assert bringing.brought(again(label), HEAD + LINES, "juli.csv", mapping=mapped()).unchanged


def test_a_line_in_doubt_stands_and_is_asked(label):
    unsure = "2026-07;Spotify;Slow Tyde;Nora Vale;;10;1,50\n"
    planned = bringing.planned(label, HEAD + unsure, mapping=mapped())
    assert planned.settled[0].rows.height == 1
    assert planned.understood.sheet.doubtful["track_id"].to_list() == ["t1"]


def test_the_wizard_asks_nothing_that_the_file_itself_tells(label):
    kind, columns = table("statements"), HEAD.strip().split(";")
    assert wizard.still_needed(kind, {}, {}) == ["currency"]
    said = {"track_title": "Lied", "track_artist": "Wer", "isrc": "Kennung", "net": "Betrag"}
    choices = {name: Choice(column) for name, column in said.items()}
    made = wizard.mapping(
        "kontor", kind, choices | {"currency": Choice(constant="EUR")}, columns, decimal=","
    )
    assert profiles.parsed(profiles.toml(made), "kontor") == made
    assert bringing.brought(label, HEAD + LINES, mapping=made).tables[0].accepted == 3
    named = ["Period", "Store", "Title", "Artist", "ISRC", "Units", "Net Revenue", "Currency"]
    assert wizard.guessed_table(named) == "statements"
    assert wizard.guessed_choice(kind, "track_title", named) == Choice("Title")


def test_spend_names_its_song_by_title_and_stands_without(label):
    choices = {
        "campaign_id": Choice("Aktion"), "channel": Choice(constant="meta"), "day": Choice("Tag"),
        "territory": Choice(constant="WW"), "spend": Choice("Kosten"),
        "currency": Choice(constant="EUR"), "days": Choice(constant="1"),
    }  # fmt: skip
    columns, named = ["Aktion", "Tag", "Song", "Artist", "Kosten"], {"title": "Song"}
    made = wizard.mapping(
        "spend", table("campaigns"), choices, columns, named=named | {"artist": "Artist"}
    )
    report = bringing.brought(label, SPEND, mapping=made)
    assert report.tables[0].accepted == 2
    rows = again(label).table("campaigns").sort("campaign_id")
    assert rows["track_id"].to_list() == [None, "t1"]
    alone = wizard.mapping("spend", table("campaigns"), choices, columns, named=named)
    assert alone.recording == ()


def test_whatever_is_in_the_file_adds_up(label):
    file = (HEAD + LINES).encode()
    reports = [checked(label, mutated(file, n), "juli.csv", mapping=mapped()) for n in range(12)]
    assert any(reports)
