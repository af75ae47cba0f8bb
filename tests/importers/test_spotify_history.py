"""Spotify's privacy export: zips and single files, what is refused, and that nobody is named."""

import datetime
import io
import json
import zipfile

import adding_up
import bringing
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import json_rows
from workbench.report.export import csv
from workbench.store.pseudonyms import pseudonym, pseudonym_key

KEYS = (
    "ts", "platform", "ms_played", "conn_country", "ip_addr", "master_metadata_track_name",
    "master_metadata_album_artist_name", "master_metadata_album_album_name", "spotify_track_uri",
    "episode_name", "episode_show_name", "spotify_episode_uri", "audiobook_title", "audiobook_uri",
    "audiobook_chapter_uri", "audiobook_chapter_title", "reason_start", "reason_end", "shuffle",
    "skipped", "offline", "offline_timestamp", "incognito_mode",
)  # fmt: skip
ADDRESS = "203.0.113.77"
WHO = {"listener": "ann"}
TIDE, MOON = "name:Nora Vale · Slow Tide", "name:Otto Brandt · Paper Moon"


def play(
    ts: str, ms: int, title: str | None = "Slow Tide", artist: str | None = "Nora Vale", **more
):
    row = dict.fromkeys(KEYS) | {
        "ts": ts, "ms_played": ms, "conn_country": "DE", "ip_addr": ADDRESS, "shuffle": False,
        "master_metadata_track_name": title, "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": "Coast", "skipped": False, "platform": "an agent",
    }  # fmt: skip
    return row | more


AUDIO = [
    play("2026-07-03T10:03:20Z", 200_000),
    play("2026-07-03T10:05:00Z", 30_500, "Paper Moon", "Otto Brandt", skipped=True),
    play("2026-07-03T11:00:00Z", 900_000, None, None, episode_name="A talk"),
    play("2026-07-03T12:00:00Z", 800_000, None, None, audiobook_title="A book"),
]
VIDEO = [play("2026-08-01T00:00:10Z", 60_000)]
SHORT = [
    {"endTime": "2026-07-03 10:03", "artistName": "Nora Vale", "trackName": "Slow Tide",
     "msPlayed": 120_000},
    {"endTime": "2026-07-03 10:09", "artistName": "Otto Brandt", "trackName": "Paper Moon",
     "msPlayed": 1_500},
]  # fmt: skip


def text(rows: list) -> bytes:
    return json.dumps(rows, indent=2, ensure_ascii=False).encode()


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"Spotify Extended Streaming History/{name.replace('_j', '.j')}", data)
    return out.getvalue()


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def plays(label) -> pl.DataFrame:
    return open_dataset(str(label.folder), rows=True).table("plays").sort("played_at")


def test_the_extended_history_as_one_file(label):
    report = bringing.brought(label, text(AUDIO), "renamed.json", answers=WHO)
    table = report.tables[0]
    assert (table.read, table.accepted, table.repaired, table.rejected) == (4, 2, 0, 2)
    assert table.rejects.select("file_row", "reason").rows() == [
        (3, "is a podcast or an audiobook, no song"), (4, "is a podcast or an audiobook, no song"),
    ]  # fmt: skip
    ann = pseudonym(pseudonym_key(label.home), "ann")
    assert plays(label).rows() == [
        (ann, TIDE, at(2026, 7, 3, 10), 200_000, "unknown", False, None),
        (ann, MOON, at(2026, 7, 3, 10, 4, 29, 500_000), 30_500, "unknown", True, None),
    ]
    made = open_dataset(str(label.folder)).table("tracks")
    assert made.select("track_id", "title", "artist_id", "album", "status").rows() == [
        (TIDE, "Slow Tide", "name:Nora Vale", "Coast", "released"),
        (MOON, "Paper Moon", "name:Otto Brandt", "Coast", "released"),
    ]


def test_the_zip_is_one_import_with_audio_and_video(label):
    data = packed(
        Streaming_History_Audio_2026_1_json=text(AUDIO), Streaming_History_Video_json=text(VIDEO),
        ReadMeFirst_pdf=b"%PDF-1.7", Userdata_json=b'{"email": "ann@example.org"}',
    )  # fmt: skip
    report = bringing.brought(label, data, "my_spotify_data.zip", answers=WHO)
    assert (report.tables[0].read, report.tables[0].accepted) == (5, 3)
    assert any("Video.json from row 5" in note for note in report.notes)
    assert any("Userdata.json" in note for note in report.notes)
    assert plays(label).height == 3


def test_neither_addresses_nor_agents_nor_the_name_are_stored(label):
    report = bringing.brought(label, text(AUDIO), answers={"listener": "ann@example.org"})
    assert {"ip_addr", "platform", "conn_country", "spotify_track_uri"} <= set(report.unused)
    for path in label.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for private in (ADDRESS.encode(), b"an agent", b"ann@"):
                assert private not in data, path


def test_older_files_say_whose_they_are_and_newer_ones_join_them(label):
    older = [play("2020-01-01T00:03:20Z", 200_000, username="ann", user_agent_decrypted="x")]
    report = bringing.brought(label, text(older), "endsong_0.json")
    assert report.tables[0].accepted == 1
    bringing.brought(open_dataset(str(label.folder)), text(AUDIO), answers=WHO)
    assert plays(label)["listener_id"].n_unique() == 1


def test_whose_plays_they_are_is_asked_where_the_file_does_not_say(label):
    with pytest.raises(BadInput, match="listener: Whose plays are these"):
        bringing.planned(label, text(AUDIO))


def test_what_the_export_says_twice_counts_once(label):
    again = [
        *AUDIO[:1],
        play("2026-07-03T10:03:29Z", 200_000),
        play("2026-07-03T10:06:40Z", 200_000),
    ]
    table = bringing.brought(label, text(again), answers=WHO).tables[0]
    assert (table.read, table.accepted, table.rejected) == (3, 2, 1)
    assert table.rejects["file_row"].to_list() == [2]


def test_the_short_history_begins_before_the_minute_that_it_names(label):
    report = bringing.brought(label, text(SHORT), "StreamingHistory0.json", answers=WHO)
    assert (report.tables[0].accepted, report.unused) == (2, ())
    assert plays(label).select("track_id", "played_at", "ms_played", "skipped").rows() == [
        (TIDE, at(2026, 7, 3, 10, 1), 120_000, None),
        (MOON, at(2026, 7, 3, 10, 8, 58, 500_000), 1_500, None),
    ]


def test_a_recording_of_the_label_is_found_and_one_in_doubt_waits(label):
    catalogue = "track_id,title,artist_id,status\nt1,Slow Tide,a1,released\nt2,Far,a1,released\n"
    bringing.brought(label, catalogue)
    bringing.brought(label, "artist_id,name\na1,Nora Vale\n")
    rows = [*AUDIO[:1], play("2026-07-04T00:00:00Z", 40_000, "Far (2011 Remaster)")]
    table = bringing.brought(open_dataset(str(label.folder)), text(rows), answers=WHO).tables[0]
    assert table.rejects["reason"].to_list() == [
        "which recording this is has to be confirmed first"
    ]
    assert plays(label)["track_id"].to_list() == ["t1"]


def test_refused_plays_come_back_as_a_table_and_can_be_brought_again(label):
    rows = [*AUDIO[:1], play("soon", 40_000)]
    planned = bringing.planned(label, text(rows), answers=WHO)
    assert planned.report.tables[0].rejects.rows() == [(2, "ts", "is no time")]
    corrected = csv(planned.rejected_rows).decode().replace("soon", "2026-07-05T00:00:40Z")
    assert ADDRESS not in corrected
    table = bringing.brought(label, corrected, "corrected.csv", answers=WHO).tables[0]
    assert (table.read, table.accepted) == (1, 1)
    assert plays(label)["played_at"].to_list() == [at(2026, 7, 5)]


def test_the_same_file_again_changes_nothing(label):
    bringing.brought(label, text(AUDIO), answers=WHO)
    report = bringing.brought(open_dataset(str(label.folder)), text(AUDIO), answers=WHO)
    assert report.unchanged


def test_a_file_that_is_cut_off_costs_its_last_row(label):
    report = bringing.planned(label, text(AUDIO)[:-300], answers=WHO).report
    assert (report.tables[0].read, report.tables[0].accepted) == (4, 2)
    assert "is no readable JSON: cut off or damaged" in report.tables[0].rejects["reason"].to_list()


def test_a_song_of_which_no_play_stands_is_not_made_and_one_of_which_one_does_is(label):
    rows = [
        play("garbage", 200_000),
        play("2026-07-03T10:03:20Z", 200_000),
        play("2999-01-01T00:00:00Z", 200_000, "Only Tomorrow"),
        play("1970-01-01T00:00:00Z", 0, "Never Set", "Otto Brandt"),
        play("nonsense", 200_000, "Nowhere"),
    ]
    report = bringing.brought(label, text(rows), answers=WHO)
    assert (report.tables[0].accepted, report.tables[0].rejected) == (1, 4)
    held = open_dataset(str(label.folder), rows=True)
    assert plays(label)["track_id"].to_list() == [TIDE]
    assert held.table("tracks")["track_id"].to_list() == [TIDE]
    assert held.table("artists")["name"].to_list() == ["Nora Vale"]


def test_of_a_damaged_row_the_rejects_show_what_is_taken_and_nothing_of_people(label):
    damaged = json.dumps([AUDIO[0], VIDEO[0]]).replace(
        '"conn_country": "DE"', '"conn_country": x', 1
    )
    shown = bringing.planned(label, damaged, answers=WHO).rejected_rows.row(0, named=True)
    assert shown["rejected because"].endswith("is no readable JSON")
    assert '"ts": "2026-07-03T10:03:20Z", "ms_played": 200000, ' in shown["ts"]
    assert '"master_metadata_track_name": "Slow Tide"' in shown["ts"]
    assert ADDRESS not in str(shown)


def test_what_is_nested_too_deep_is_refused_quickly():
    shape = json_rows.Shape(frozenset(("ts",)), "ts", ("ts",))
    deep = bringing.Source("deep.json", b'[{"ts":' * 20_000)
    with pytest.raises(BadInput, match="damaged in too many places"):
        json_rows.sheet(deep, [deep.name], shape)
    row = bringing.Source("row.json", b'[{"ts":1},{"ts":1,"a":' + b"[" * 20_000)
    sheet = json_rows.sheet(row, [row.name], shape)
    assert (sheet.frame["ts"].to_list(), sheet.malformed.height) == (["1"], 1)


def test_a_zip_that_grows_without_end_is_refused(label, monkeypatch):
    from workbench.importers import archive
    from workbench.importers.sheet import Limits

    data = packed(Streaming_History_Audio_json=text(AUDIO * 2_000))
    with pytest.raises(BadInput, match="grows beyond 1 MB"):
        archive.heads(bringing.Source("a.zip", data), Limits(expanded=1_000_000))


TITLES = st.sampled_from(["Slow Tide", "Paper Moon", "Wind", "Ölberg", "夜の海", "=1+1"])
ROWS = st.lists(
    st.tuples(
        st.datetimes(at(2012, 1, 1).replace(tzinfo=None), at(2026, 6, 1).replace(tzinfo=None)),
        st.integers(0, 10_000_000), TITLES, st.booleans() | st.none(),
    ),
    min_size=1, max_size=12,
    unique_by=lambda row: (row[0].replace(microsecond=0).timestamp() // 20_000),
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, zipped=st.booleans())
def test_generated_histories_come_back_exactly(tmp_path_factory, rows, zipped):
    label = bringing.empty_label(tmp_path_factory.mktemp("round") / "label")
    whole = [(ts.replace(microsecond=0, tzinfo=datetime.UTC), *rest) for ts, *rest in rows]
    data = text(
        [
            play(ts.strftime("%Y-%m-%dT%H:%M:%SZ"), ms, title, "Nora Vale", skipped=skipped)
            for ts, ms, title, skipped in whole
        ]
    )
    data = packed(Audio_json=data) if zipped else data
    bringing.brought(label, data, answers=WHO)
    names = dict(
        open_dataset(str(label.folder)).table("tracks").select("track_id", "title").iter_rows()
    )
    found = {
        (at_, ms, names[track], skipped)
        for _, track, at_, ms, _, skipped, _ in plays(label).iter_rows()
    }
    assert found == {
        (ts - datetime.timedelta(milliseconds=ms), ms, title, skipped)
        for ts, ms, title, skipped in whole
    }


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("still") / "label")


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32),
    data=st.sampled_from(
        [text(AUDIO), text(SHORT), packed(a_json=text(AUDIO), b_json=text(VIDEO))]
    ),
)
def test_a_damaged_copy_adds_up_or_is_refused(still, seed, data):
    adding_up.checked(still, adding_up.mutated(data, seed), "f.json", answers=WHO)
