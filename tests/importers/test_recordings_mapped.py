"""Mappings that name recordings by title and artist: their rows go through matching."""

import bringing
import polars as pl
import pytest

from tests.adding_up import checked, mutated
from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import decisions, profiles, run

TRACKS = (
    "track_id,title,artist_id,status,isrc,release_date\n"
    "t1,Intro,a1,planned,USRC17607839,2024-05-01\n"
    "t2,Slow Tide,a1,released,,2024-05-01\n"
)
ARTISTS = "artist_id,name\na1,Ada Lund\n"
MAPPING = """
source = "weekly"
[recording]
title = "Song"
artist = "Wer"
isrc = "ISRC"
[[tables]]
name = "daily_streams"
[tables.columns]
day = "Tag"
territory = { constant = "WW" }
store = { constant = "spotify" }
streams = "Anzahl"
"""
HEAD = "Song,Wer,ISRC,Tag,Anzahl\n"
ALIKE = "Intro,Ada Lund,,2026-07-03,10\nIntro,Bo Quist,,2026-07-03,20\n"


def again(label):
    return open_dataset(str(label.folder), rows=True)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


@pytest.fixture
def known(holding, tmp_path):
    return again(holding(tmp_path / "known", TRACKS, ARTISTS))


def mapped(text: str = MAPPING):
    return profiles.parsed(text, "weekly")


def streams(label) -> dict[str, int]:
    rows = again(label).table("daily_streams").sort("streams")
    return dict(rows.select("entity_id", "streams").iter_rows())


def test_one_title_of_two_artists_is_two_tracks(label):
    report = bringing.brought(label, HEAD + ALIKE, mapping=mapped())
    assert (report.tables[0].accepted, report.unused) == (2, ())
    assert streams(label) == {"name:Ada Lund · Intro": 10, "name:Bo Quist · Intro": 20}
    tracks = again(label).table("tracks").sort("track_id")
    assert tracks.select("title", "artist_id").rows() == [
        ("Intro", "name:Ada Lund"), ("Intro", "name:Bo Quist"),
    ]  # fmt: skip
    assert again(label).table("artists")["name"].sort().to_list() == ["Ada Lund", "Bo Quist"]
    assert bringing.brought(again(label), HEAD + ALIKE, mapping=mapped()).unchanged


def test_the_track_that_the_catalogue_has_is_taken(known):
    rows = "Intro,Ada Lund,US-RC1-76-07839,2026-07-03,10\nSlow Tide,Ada Lund,,2026-07-03,30\n"
    report = bringing.brought(known, HEAD + rows, mapping=mapped())
    assert [table.table for table in report.tables] == ["daily_streams"]
    assert streams(known) == {"t1": 10, "t2": 30}
    assert again(known).table("tracks").height == 2


def test_what_is_in_doubt_waits_for_a_person(known):
    plan = bringing.planned(known, HEAD + "Slow Tde,Ada Lund,,2026-07-03,30\n", mapping=mapped())
    table = plan.report.tables[0]
    assert (table.read, table.rejected) == (1, 1)
    assert "has to be confirmed" in table.rejects["reason"][0]
    doubtful = plan.understood.sheet.doubtful
    assert doubtful["track_id"].to_list() == ["t2"]
    decisions.decide(known, doubtful, {doubtful["decision"][0]: "t2"}, "file.csv")
    bringing.brought(again(known), HEAD + "Slow Tde,Ada Lund,,2026-07-03,30\n", mapping=mapped())
    assert streams(known) == {"t2": 30}


def test_an_id_that_the_label_knows_goes_before_what_its_row_says(known):
    text = MAPPING.replace('isrc = "ISRC"', 'track_id = "ISRC"')
    rows = (
        "Intro,Bo Quist,t1,2026-07-03,10\n"
        "Intro,Bo Quist,x7,2026-07-03,20\n"
        "Outro,Bo Quist,x8,2026-07-03,30\n"
        "Outro,Bo Quist,x9,2026-07-03,40\n"
    )
    report = bringing.brought(known, HEAD + rows, mapping=mapped(text))
    assert streams(known) == {"t1": 10, "name:Bo Quist · Intro": 20}
    assert report.tables[0].rejects["file_row"].to_list() == [4, 5]
    assert "called alike" in report.tables[0].rejects["reason"][0]
    own = bringing.planned(again(known), HEAD + rows.splitlines()[0] + "\n", mapping=mapped(text))
    assert own.report.tables[0].accepted == 1


CATALOGUE = """
[recording]
title = "Song"
artist = "Wer"
[[tables]]
name = "tracks"
[tables.columns]
genre = "Stil"
"""


def test_a_catalogue_completes_what_is_known_and_makes_the_rest(known):
    text = "Song,Wer,Stil\nSlow Tide,Ada Lund,folk\nIntro,Bo Quist,jazz\nIntro,Bo Quist,jazz\n"
    bringing.brought(known, text, mapping=mapped(CATALOGUE))
    rows = again(known).table("tracks").sort("track_id").select("track_id", "artist_id", "genre")
    assert rows.rows() == [
        ("name:Bo Quist · Intro", "name:Bo Quist", "jazz"),
        ("t1", "a1", None),
        ("t2", "a1", "folk"),
    ]
    alone = bringing.planned(again(known), "Song,Wer,Stil\nIntro,Ada Lund,pop\n",
                             mapping=mapped(CATALOGUE))  # fmt: skip
    run.store([alone], again(known))
    row = again(known).table("tracks").row(by_predicate=pl.col("track_id") == "t1",
                                           named=True)  # fmt: skip
    assert (row["status"], row["genre"], row["isrc"]) == ("planned", "pop", "USRC17607839")


def test_weeks_that_stand_side_by_side_are_of_recordings_too(label):
    text = """
    [recording]
    title = "Song"
    artist = { constant = "Ada" }
    [[tables]]
    name = "window_totals"
    [tables.unpivot]
    but = ["Song"]
    name = "week"
    value = "count"
    [tables.columns]
    window_start = "week"
    window_end = { column = "week", plus_days = 6 }
    territory = { constant = "WW" }
    store = { constant = "spotify" }
    metric = { constant = "streams" }
    value = "count"
    """
    file = "Song,2026-07-03,2026-07-10\nTide,1,2\nMoon,3,4\n"
    report = bringing.brought(label, file, mapping=mapped(text))
    assert (report.tables[0].read, report.tables[0].accepted) == (4, 4)
    rows = again(label).table("window_totals").sort("value")
    assert rows["entity_id"].to_list() == ["name:Ada · Tide"] * 2 + ["name:Ada · Moon"] * 2


OLD = """
[file]
columns = ["Song", "Wer", "Tag", "Anzahl"]
[[tables]]
name = "daily_streams"
[tables.columns]
entity = { constant = "track" }
entity_id = { column = ["Song"] }
day = "Tag"
territory = { constant = "WW" }
store = { constant = "spotify" }
streams = "Anzahl"
[[tables]]
name = "tracks"
existing = "keep"
[tables.columns]
track_id = { column = ["Song"] }
title = { column = ["Song"] }
artist_id = { column = ["Wer"], prefix = "name:" }
status = { constant = "released" }
[[tables]]
name = "artists"
existing = "keep"
[tables.columns]
artist_id = { column = ["Wer"], prefix = "name:" }
name = "Wer"
"""


def test_saved_mappings_that_took_titles_for_ids_are_matched_too(label):
    profiles.save(mapped(OLD), label.home)
    bringing.brought(label, HEAD + ALIKE)
    assert streams(label) == {"name:Ada Lund · Intro": 10, "name:Bo Quist · Intro": 20}


def test_a_mapping_with_recordings_survives_being_written():
    assert profiles.parsed(profiles.toml(mapped()), "weekly") == mapped()


@pytest.mark.parametrize(
    ("said", "told"),
    {
        'title = "Song"': "needs title and artist, or isrc",
        'song = "Song"': "not song",
        'isrc = { answer = "isrc" }': "needs one of column, constant",
    }.items(),
)
def test_a_recording_that_names_nothing_is_told(said, told):
    tables = MAPPING[MAPPING.index("[[tables]]") :]
    with pytest.raises(BadInput, match=told):
        mapped(f"[recording]\n{said}\n{tables}")


def test_without_a_recording_the_track_must_be_said_and_its_columns_must_be_there(label):
    with pytest.raises(BadInput, match="every row of daily_streams needs entity, entity_id"):
        mapped(MAPPING[MAPPING.index("[[tables]]") :])
    with pytest.raises(BadInput, match="artist of the recordings is read from the column Wer"):
        bringing.planned(label, "Song,Tag,Anzahl\nA,2026-07-03,1\n", mapping=mapped())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("text", [MAPPING, MAPPING.replace('isrc = "ISRC"', 'track_id = "ISRC"')])
def test_damaged_rows_are_accounted_for(known, text, seed):
    file = (HEAD + ALIKE + "Slow Tide,Ada Lund,t2,2026-07-03,30\n").encode()
    checked(known, mutated(file, seed), "week.csv", mapping=mapped(text))
