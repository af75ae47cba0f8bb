"""ListenBrainz, Last.fm, Libre.fm, .scrobbler.log, Maloja and Pano: each to plays, exactly."""

import dataclasses
import datetime
import json

import adding_up
import bringing
import polars as pl
import pytest
import scrobbles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrobbles import PLAYED, WRITERS, Scrobble

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import gathering, run
from workbench.report.export import csv
from workbench.store.pseudonyms import pseudonym, pseudonym_key

WHO = {"listener": "ann"}
TIDE, MOON = "name:Nora Vale · Slow Tide", "name:Otto Brandt · Paper Moon"


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


PLAYS = [
    Scrobble(at(2026, 7, 3, 10), "Slow Tide", "Nora Vale", ms_played=200_000, skipped=False),
    Scrobble(at(2026, 7, 3, 11, 5), "Paper Moon", "Otto Brandt", ms_played=31_000, skipped=True),
]
TITLES = {
    "listenbrainz": "ListenBrainz: listens", "lastfm_json": "Last.fm: scrobbles (JSON)",
    "lastfm": "Last.fm: scrobbles", "librefm": "Libre.fm: scrobbles",
    "scrobbler_log": "Log of a player (.scrobbler.log)", "maloja": "Maloja: scrobbles",
    "pano": "Pano Scrobbler: scrobbles",
}  # fmt: skip


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def plays(label) -> pl.DataFrame:
    return open_dataset(str(label.folder), rows=True).table("plays").sort("played_at")


@pytest.mark.parametrize("write", WRITERS)
def test_each_format_is_known_by_its_columns_whatever_its_name(label, write):
    report = bringing.brought(label, write(PLAYS), "renamed", answers=WHO)
    name = write.__name__
    assert report.title == next(TITLES[key] for key in TITLES if name.startswith(key))
    table = report.tables[0]
    assert (table.read, table.accepted, table.repaired, table.rejected) == (2, 2, 0, 0)
    ann = pseudonym(pseudonym_key(label.home), "ann")
    ms = (200_000, 31_000) if write in PLAYED else (None, None)
    skipped = (False, True) if write is scrobbles.scrobbler_log else (None, None)
    assert plays(label).rows() == [
        (ann, TIDE, at(2026, 7, 3, 10), ms[0], "unknown", skipped[0], None),
        (ann, MOON, at(2026, 7, 3, 11, 5), ms[1], "unknown", skipped[1], None),
    ]
    made = open_dataset(str(label.folder)).table("tracks").sort("track_id")
    assert made.select("title", "artist_id", "album").rows() == [
        ("Slow Tide", "name:Nora Vale", "Coast"), ("Paper Moon", "name:Otto Brandt", "Coast"),
    ]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_file_again_changes_nothing_and_another_kind_finds_its_tracks(label, write):
    bringing.brought(label, scrobbles.lastfm_csv(PLAYS), answers=WHO)
    again = open_dataset(str(label.folder))
    report = bringing.brought(again, write(PLAYS), answers=WHO)
    assert report.unchanged or report.tables[0].again == 2
    assert open_dataset(str(label.folder)).table("tracks").height == 2


def test_the_zip_of_listenbrainz_says_whose_it_is(label):
    report = bringing.brought(label, scrobbles.listenbrainz_zip(PLAYS))
    assert plays(label)["listener_id"].unique().to_list() == [
        pseudonym(pseudonym_key(label.home), "ann")
    ]
    assert any("feedback.jsonl" in note for note in report.notes)
    assert any("7.jsonl from row 2" in note for note in report.notes)


@pytest.mark.parametrize("write", [w for w in WRITERS if w is not scrobbles.listenbrainz_zip])
def test_others_are_asked_whose_they_are(label, write):
    with pytest.raises(BadInput, match="listener: Whose plays are these"):
        bringing.planned(label, write(PLAYS))


def test_names_of_musicbrainz_are_preferred_and_joined_by_its_words(label):
    listen = json.loads(scrobbles.listenbrainz_lines(PLAYS[:1] * 2).splitlines()[1])
    listen["track_metadata"]["mbid_mapping"]["artists"] = [
        {"artist_credit_name": "Nora Vale", "join_phrase": " feat. ", "artist_mbid": "a"},
        {"artist_credit_name": "Otto", "join_phrase": "", "artist_mbid": "b"},
    ]
    report = bringing.brought(label, json.dumps(listen) + "\n", answers=WHO)
    assert {"inserted_at", "track_metadata.additional_info.duration_ms"} <= set(report.unused)
    tracks = (
        open_dataset(str(label.folder)).table("tracks").select("title", "artist_id", "featured")
    )
    assert tracks.rows() == [("Slow Tide", "name:Nora Vale", ["Otto"])]


def test_several_artists_of_maloja_are_one_credit(label):
    whole = json.loads(scrobbles.maloja(PLAYS[:1]))
    whole["scrobbles"][0]["track"]["artists"] = ["Nora Vale", "Tyler, The Creator"]
    bringing.brought(label, json.dumps(whole), answers=WHO)
    artists = open_dataset(str(label.folder)).table("artists")["name"].to_list()
    assert artists == ["Nora Vale & Tyler, The Creator"]


def test_the_clock_of_a_player_may_run_in_a_zone_that_is_asked_for(label):
    log = scrobbles.scrobbler_log(PLAYS).replace(b"#TZ/UTC", b"#TZ/UNKNOWN")
    with pytest.raises(BadInput, match="zone: In which time zone"):
        bringing.planned(label, log, answers=WHO)
    bringing.brought(label, log, answers=WHO | {"zone": "Europe/Berlin"})
    assert plays(label)["played_at"].to_list() == [at(2026, 7, 3, 8), at(2026, 7, 3, 9, 5)]


def test_a_log_keeps_its_row_numbers_below_comments_and_takes_short_rows(label):
    log = scrobbles.scrobbler_log(PLAYS) + b"Ada\tAlbum\tSong\t1\t100\tL\t1783080000\nhalf a row\n"
    table = bringing.brought(label, log, answers=WHO).tables[0]
    assert (table.read, table.accepted, table.rejected) == (4, 3, 1)
    assert table.rejects["file_row"].to_list() == [7]


def test_an_album_that_is_named_like_its_artist_is_no_header_and_no_lyric(label, tmp_path):
    same = [dataclasses.replace(one, album=one.artist) for one in PLAYS]
    path = tmp_path / "plays.csv"
    path.write_bytes(scrobbles.lastfm_bare(same))
    (source,) = gathering.gathered([path]).sources
    table = run.plan(source, label, answers=WHO, now=bringing.NOW, dry_run=True).report.tables[0]
    assert (table.table, table.read, table.accepted) == ("plays", 2, 2)


def test_a_list_of_releases_is_not_taken_for_scrobbles(label):
    text = "artist,album,track,date\nAda,Album,Song,2024-05-01\n"
    tables = bringing.planned(label, text).report.tables
    assert [one.table for one in tables] == ["tracks", "artists"]
    with pytest.raises(BadInput, match="not recognised"):
        bringing.planned(label, "Artist,Album,Track,Time\nAda,Album,Song,3:45\n", answers=WHO)


def test_a_track_that_is_playing_now_and_what_is_no_play_are_refused(label):
    pages = json.loads(scrobbles.lastfm_json(PLAYS))
    del pages[0]["track"][0]["date"]
    table = bringing.planned(label, json.dumps(pages), answers=WHO).report.tables[0]
    assert (table.read, table.accepted) == (2, 1)
    assert table.rejects.rows() == [(1, "played_at", "is missing")]
    loved = scrobbles.pano(PLAYS).replace(b'"event": "scrobble"', b'"event": "love"', 1)
    table = bringing.planned(label, loved, answers=WHO).report.tables[0]
    assert (table.accepted, table.rejects["reason"].to_list()) == (1, ["is no play (see event)"])


@pytest.mark.parametrize("write", [w for w in WRITERS if w is not scrobbles.listenbrainz_zip])
def test_rejected_rows_can_be_corrected_and_brought_again(label, write):
    wrong = write(PLAYS).replace(b"Slow Tide", b"")
    planned = bringing.planned(label, wrong, answers=WHO)
    rejects = planned.rejected_rows
    assert rejects.height == 1
    title = next(c for c in rejects.columns if c in TITLE_COLUMNS)
    corrected = csv(rejects.with_columns(pl.lit("Night Bus").alias(title)))
    table = bringing.planned(
        label, corrected, "corrected.csv", answers=WHO | {"zone": "UTC"}
    ).report.tables[0]
    assert (table.table, table.read, table.accepted) == ("plays", 1, 1)


TITLE_COLUMNS = ("track_metadata.track_name", "name", "track.title", "track", "Track", "track_name")
NAMES = st.sampled_from(["Slow Tide", "Wind", "Ölberg", "夜の海", "Rain, Rain", 'The "Quiet"'])
ROWS = st.lists(
    st.builds(
        Scrobble,
        st.integers(1_100_000_000 // 60, 1_780_000_000 // 60).map(
            lambda minute: datetime.datetime.fromtimestamp(60 * minute, datetime.UTC)
        ),
        NAMES,
        st.sampled_from(["Nora Vale", "Otto Brandt"]),
        st.just("Coast"),
        st.integers(0, 10_000).map(lambda seconds: 1000 * seconds) | st.none(),
        st.booleans(),
    ),
    min_size=1, max_size=8, unique_by=lambda play: play.at,
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, write=st.sampled_from(WRITERS))
def test_generated_scrobbles_come_back_exactly(tmp_path_factory, rows, write):
    if write is scrobbles.scrobbler_log:  # which knows no quotes
        rows = [dataclasses.replace(one, title=one.title.replace('"', "")) for one in rows]
    label = bringing.empty_label(tmp_path_factory.mktemp("round") / "label")
    table = bringing.brought(label, write(rows), answers=WHO).tables[0]
    assert (table.read, table.accepted) == (len(rows), len(rows))
    tracks = (
        open_dataset(str(label.folder)).table("tracks").select("track_id", "title", "artist_id")
    )
    named = {track: (title, who) for track, title, who in tracks.iter_rows()}
    found = {
        (when, *named[track], ms, skipped)
        for _, track, when, ms, _, skipped, _ in plays(label).iter_rows()
    }
    assert found == {
        (
            one.at, one.title, f"name:{one.artist}",
            one.ms_played if write in PLAYED else None,
            one.skipped if write is scrobbles.scrobbler_log else None,
        )
        for one in rows
    }  # fmt: skip


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("still") / "label")


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), write=st.sampled_from(WRITERS))
def test_a_damaged_copy_adds_up_or_is_refused(still, seed, write):
    data = adding_up.mutated(write(PLAYS * 2), seed)
    adding_up.checked(still, data, "f", answers=WHO | {"zone": "UTC"})


def test_half_a_letter_and_lists_where_names_should_be_cost_their_rows(label):
    listens = [json.loads(line) for line in scrobbles.listenbrainz_lines(PLAYS * 2).splitlines()]
    listens[0]["track_metadata"]["track_name"] = "\ud800"
    listens[1]["track_metadata"]["mbid_mapping"]["artists"][0]["artist_credit_name"] = "\udc00"
    listens[2]["track_metadata"] = ["Slow Tide"]
    data = "\n".join(json.dumps(listen) for listen in listens)
    table = bringing.planned(label, data, answers=WHO).report.tables[0]
    assert (table.read, table.accepted + table.repaired, table.rejected) == (4, 3, 1)
