"""ISRCs from MusicBrainz and ListenBrainz: only where null, only what is sure, each undoable."""

from dataclasses import replace

import labels
import polars as pl
import pytest
from answering import data, page, silent, status
from fetching import ADA, QUICK, again

from workbench.__main__ import main
from workbench.dataset import open_dataset
from workbench.errors import SetUpError
from workbench.importers import identifier_fetch, permission
from workbench.importers import identifier_outcomes as told
from workbench.importers import services as web
from workbench.importers.identifier_fetch import fetch
from workbench.importers.identifier_outcomes import decide, outcomes
from workbench.importers.metabrainz import DOUBTFUL, FOUND, SEVERAL, WITHOUT
from workbench.importers.services import LISTENBRAINZ, MUSICBRAINZ, Failed
from workbench.settings import settings
from workbench.store.change import change

SEARCH = "/musicbrainz.org/ws/2/recording"
MAPPED = "/api.listenbrainz.org/1/metadata/lookup/"
MBID = "0b2a8a4c-6f1e-4c55-9d8e-1f2a3b4c5d6e"
OTHER = "1b2a8a4c-6f1e-4c55-9d8e-1f2a3b4c5d6e"
CODE, SECOND = "USRC17607839", "GBAYE0601498"


def recording(title: str, *codes: str, mbid: str = MBID, artist: str = ADA, **facts) -> dict:
    credit = [{"name": artist, "joinphrase": "", "artist": {"name": artist}}]
    found = {"id": mbid, "title": title, "length": 200_000, "artist-credit": credit}
    return {**found, "isrcs": list(codes), **facts}


def listed(*recordings: dict):
    return data({"count": len(recordings), "recordings": list(recordings)})


@pytest.fixture
def label(home, monkeypatch):
    """One released track without an ISRC, and one that nobody outside may hear of."""
    monkeypatch.setattr(identifier_fetch, "LIMITS", QUICK)
    monkeypatch.setattr(identifier_fetch, "MUSICBRAINZ", replace(MUSICBRAINZ, seconds=0))
    monkeypatch.setattr(identifier_fetch, "LISTENBRAINZ", replace(LISTENBRAINZ, seconds=0))
    monkeypatch.setenv("WORKBENCH_CONTACT", "owner@example.org")
    settings.cache_clear()
    folder = labels.written(home / "own", "catalogue")
    with change(folder) as writing:
        some = pl.col("track_id").is_in(["tr-1", "tr-4"])
        writing.put("tracks", labels.tracks().filter(some), source="test")
    made = open_dataset("own")
    permission.accept(made, "musicbrainz")
    return made


def codes(label) -> dict[str, str | None]:
    return dict(again(label).table("tracks").select("track_id", "isrc").iter_rows())


def said(label) -> dict[str, str]:
    return dict(outcomes(again(label)).select("track_id", "outcome").iter_rows())


def test_nothing_is_asked_before_the_note_is_accepted_and_a_contact_is_set(
    label, server, monkeypatch
):
    monkeypatch.delenv("WORKBENCH_CONTACT")
    settings.cache_clear()
    with pytest.raises(SetUpError, match="WORKBENCH_CONTACT"):
        fetch(label)
    permission.withdraw(label, "musicbrainz")
    permission.accept(label, "genius")
    with pytest.raises(SetUpError, match="isrcs terms"):
        fetch(label)
    assert server.asked == []


def test_an_isrc_is_filled_where_one_recording_is_surely_the_track(label, server):
    server.on(SEARCH, listed(recording("Leaving", CODE), recording("Leaving (Live)", SECOND)))
    before = again(label).table("tracks").drop("isrc")
    assert fetch(label) == {FOUND: 1}
    assert codes(label) == {"tr-1": CODE, "tr-4": None}
    assert again(label).table("tracks").drop("isrc").equals(before)
    (asked,) = server.asked
    assert asked.query["query"] == f'recording:"Leaving" AND artist:"{ADA}"'
    assert "owner@example.org" in asked.headers["User-Agent"]
    (row,) = outcomes(again(label)).to_dicts()
    assert (row["isrc"], row["url"]) == (CODE, f"https://musicbrainz.org/recording/{MBID}")


def test_a_filled_one_is_taken_back_and_not_filled_again(label, server):
    server.on(SEARCH, listed(recording("Leaving", CODE)))
    fetch(label)
    decide(again(label), ["tr-1"], same=False)
    assert codes(label)["tr-1"] is None
    assert said(label) == {"tr-1": told.UNDONE}
    assert fetch(again(label)) == {}
    assert fetch(again(label), again=True) == {web.NOT_FOUND: 1}
    assert codes(label)["tr-1"] is None


def test_rows_stay_with_the_import_that_brought_them(label, server):
    server.on(SEARCH, listed(recording("Leaving", CODE)))
    fetch(label)
    entries = again(label).manifest.of("tracks")
    assert {entry.source for entry in entries} == {"test"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (listed(), web.NOT_FOUND),
        (listed(recording("Other", CODE)), web.NOT_FOUND),
        (listed(recording("Leaving", CODE, disambiguation="live, 2011: Paris")), web.NOT_FOUND),
        (listed(recording("Leaving")), WITHOUT),
        (listed(recording("Leaving", "no code")), WITHOUT),
        (listed(recording("Leaving", CODE, SECOND)), SEVERAL),
        (listed(recording("Leaving", CODE), recording("Leaving", SECOND, mbid=OTHER)), SEVERAL),
        (listed(recording("Leavin", CODE, length=None)), DOUBTFUL),
        (listed(recording("Leaving", CODE, length=260_000)), DOUBTFUL),
        (status(403), web.BLOCKED),
        (status(500), web.TROUBLE),
        (silent, web.TIMED_OUT),
        (page("<html></html>"), web.UNREADABLE),
        (data({"recordings": [{"id": "../../x", "title": "Leaving"}]}), web.UNREADABLE),
        (data([]), web.UNREADABLE),
        (data({"recordings": None}), web.UNREADABLE),
    ],
)
def test_whatever_is_not_sure_is_not_filled(label, server, answer, outcome):
    server.on(SEARCH, answer)
    assert fetch(label) == {outcome: 1}
    assert said(label) == {"tr-1": outcome}
    assert codes(label)["tr-1"] is None


def test_the_same_code_on_two_entries_of_one_recording_is_one_code(label, server):
    both = recording("Leaving", CODE), recording("Leaving", CODE, mbid=OTHER)
    server.on(SEARCH, listed(*both))
    assert fetch(label) == {FOUND: 1}


def test_a_code_that_another_track_has_is_not_given_twice(label, server):
    with change(label.folder) as writing:
        taken = labels.tracks().filter(pl.col("track_id") == "tr-3")
        writing.put("tracks", taken.with_columns(isrc=pl.lit(CODE)), source="more")
    server.on(SEARCH, listed(recording("Leaving", CODE)))
    fetch(again(label))
    assert said(label) == {"tr-1": told.TAKEN}
    assert codes(label)["tr-1"] is None


def test_two_tracks_that_would_get_one_code_get_none(label, server):
    with change(label.folder) as writing:
        twin = labels.tracks().filter(pl.col("track_id") == "tr-1")
        writing.put("tracks", twin.with_columns(track_id=pl.lit("tr-9")), source="more")
    server.on(SEARCH, listed(recording("Leaving", CODE)))
    fetch(again(label))
    assert said(label) == {"tr-1": told.TAKEN, "tr-9": told.TAKEN}


def test_a_code_that_came_meanwhile_is_not_changed(label, server):
    server.on(SEARCH, listed(recording("Leaving", CODE)))

    def import_it(done, total, text):
        with change(label.folder) as writing:
            own = labels.tracks().filter(pl.col("track_id") == "tr-1")
            writing.put("tracks", own.with_columns(isrc=pl.lit(SECOND)), source="own file")

    fetch(label, progress=import_it)
    assert codes(label)["tr-1"] == SECOND
    assert said(label) == {}


def test_listenbrainz_is_asked_where_musicbrainz_lists_nothing_alike(label, server):
    server.on(SEARCH, listed())
    server.on(MAPPED, data({"recording_mbid": MBID, "recording_name": "Leaving"}))
    server.on(f"{SEARCH}/{MBID}", data(recording("Leaving", CODE)))
    assert fetch(label) == {FOUND: 1}
    assert server.paths == [SEARCH, MAPPED, f"{SEARCH}/{MBID}"]
    assert server.asked[1].query == {"artist_name": ADA, "recording_name": "Leaving"}
    assert codes(label)["tr-1"] == CODE


@pytest.mark.parametrize("answer", [data({}), status(404), data([])])
def test_what_neither_lists_is_not_found(label, server, answer):
    server.on(SEARCH, listed())
    server.on(MAPPED, answer)
    assert fetch(label) == {web.NOT_FOUND: 1}


def test_a_doubtful_one_is_confirmed_without_asking_again(label, server):
    server.on(SEARCH, listed(recording("Leaving", CODE, length=260_000)))
    fetch(label)
    server.asked.clear()
    assert fetch(again(label)) == {}
    decide(again(label), ["tr-1"], same=True)
    assert codes(label)["tr-1"] == CODE
    assert said(label) == {"tr-1": FOUND}
    assert server.asked == []


def test_a_doubtful_one_is_declined(label, server):
    server.on(SEARCH, listed(recording("Leaving", CODE, length=260_000)))
    fetch(label)
    decide(again(label), ["tr-1"], same=False)
    assert (codes(label)["tr-1"], said(label)["tr-1"]) == (None, told.DECLINED)


def test_a_long_wait_ends_the_run_and_holds_for_the_next(label, server):
    server.on(SEARCH, status(503, Retry_After="600"))
    for _ in range(2):
        with pytest.raises(Failed) as found:
            fetch(again(label))
        assert found.value.outcome == web.LIMITED
    assert len(server.asked) == 1


def test_the_command_line_fills_them_too(label, server, capsys):
    server.on(SEARCH, listed(recording("Leaving", CODE)))
    assert main(["isrcs", "fetch", "--label", "own"]) == 0
    assert "Filled" in capsys.readouterr().out
    assert main(["isrcs", "terms", "--label", "own"]) == 0
    assert "CC0" in capsys.readouterr().out
