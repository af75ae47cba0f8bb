"""Lyrics from Genius for tracks that lack them: outcomes, stopping, deciding, taking back."""

import datetime

import genius_answers as genius
import labels
import polars as pl
import pytest
from answering import cut_off, moved, page, silent, status
from fetching import ADA, again, all_there, said
from genius_answers import SEARCH, TEXT, by_query, listed, lyric_page, serves, song

from workbench.importers import history, lyric_fetch
from workbench.importers import services as web
from workbench.importers.genius import DOUBTFUL, FOUND, INSTRUMENTAL, NO_TEXT, WRONG_PAGE
from workbench.importers.lyric_fetch import fetch
from workbench.importers.lyric_outcomes import ACCEPTED, decide, lacking, outcomes, waiting
from workbench.importers.services import Failed
from workbench.lyrics.lyric_lines import chosen_lyrics
from workbench.store import state
from workbench.store.change import change


def test_released_tracks_without_a_lyric_get_one(allowed, server):
    all_there(server)
    assert fetch(allowed) == {FOUND: 3}
    rows = again(allowed).table("lyrics").sort("track_id")
    assert rows["track_id"].to_list() == ["tr-1", "tr-2", "tr-3"]
    assert set(rows["source"]) == {"genius"}
    assert set(rows["text"]) == {TEXT}
    assert rows["fetched_at"].null_count() == 0
    told = outcomes(again(allowed)).sort("track_id").row(0, named=True)
    assert told["url"] == f"https://genius.com/{genius.slug('Leaving', ADA)}"
    assert (told["found"], told["outcome"]) == (f"Leaving – {ADA}", FOUND)
    assert told["score"] > 0.9


def test_planned_tracks_and_those_with_a_lyric_are_never_sent(allowed, server):
    all_there(server)
    with change(allowed.folder) as writing:
        own = pl.DataFrame({"track_id": ["tr-1"], "source": ["label"], "text": ["Own words"]})
        writing.put("lyrics", own, source="own file")
        silent_one = labels.tracks().with_columns(
            language=pl.when(pl.col("track_id") == "tr-3").then(pl.lit("zxx"))
        )
        writing.put("tracks", silent_one, source="test")
    fetch(again(allowed))
    asked = [one.query["q"] for one in server.asked if one.query]
    assert asked == [f"=Arriving {ADA}"]
    assert lacking(again(allowed)).is_empty()


def test_the_labels_own_file_wins_when_it_comes_later(allowed, server):
    all_there(server)
    fetch(allowed)
    with change(allowed.folder) as writing:
        own = pl.DataFrame({"track_id": ["tr-1"], "source": ["label"], "text": ["Own words"]})
        writing.put("lyrics", own, source="own file")
    chosen = chosen_lyrics(again(allowed).scan("lyrics"))
    assert dict(chosen.select("track_id", "source").iter_rows())["tr-1"] == "label"
    assert "tr-1" not in said(allowed)


@pytest.mark.parametrize(
    ("search", "read", "outcome"),
    [
        (listed(), None, web.NOT_FOUND),
        (listed(song("Other", "Others")), None, web.NOT_FOUND),
        (listed(song("Leavin", ADA)), None, DOUBTFUL),
        (listed(song("Leaving", ADA, instrumental=True)), None, INSTRUMENTAL),
        (listed(song("Leaving", ADA, lyrics_state="unreleased")), None, NO_TEXT),
        (None, status(404), web.NOT_FOUND),
        (None, status(403), web.BLOCKED),
        (None, status(500), web.TROUBLE),
        (None, silent, web.TIMED_OUT),
        (None, cut_off, web.CUT_OFF),
        (None, moved("http://169.254.169.254/"), web.REFUSED),
        (None, page("x" * 4_000_001), web.UNREADABLE),
        (None, page("<html>Are you human?</html>"), WRONG_PAGE),
        (None, lyric_page("Home", "Nobody"), DOUBTFUL),
        (status(403), None, web.BLOCKED),
        (page("<html>Are you human?</html>"), None, web.UNREADABLE),
    ],
)
def test_each_way_it_can_go_is_an_outcome_of_its_own(allowed, server, search, read, outcome):
    server.on(SEARCH, search or listed(song("Leaving", ADA)))
    serves(server, "Leaving", ADA, read or lyric_page("Leaving", ADA))
    leaving = pl.col("track_id") == "tr-1"
    with change(allowed.folder) as writing:
        writing.put("tracks", labels.tracks().filter(leaving), source="test")
    assert fetch(again(allowed)) == {outcome: 1}
    assert said(allowed) == {"tr-1": outcome}
    assert not again(allowed).has("lyrics")


@pytest.mark.parametrize(
    ("answer", "times", "outcome"),
    [
        (status(401), 1, web.TOKEN),
        (status(429, Retry_After="900"), 1, web.LIMITED),
        (status(403), 3, web.BLOCKED),
        (status(500), 3, web.TROUBLE),
    ],
)
def test_a_run_ends_when_going_on_would_be_pointless(allowed, server, answer, times, outcome):
    server.on(SEARCH, answer)
    with pytest.raises(Failed) as found:
        fetch(allowed)
    assert found.value.outcome == outcome
    assert len(server.asked) == times
    assert list(said(allowed).values()) == [outcome] * times


def test_a_run_that_is_stopped_keeps_what_it_had_and_goes_on_from_there(allowed, server):
    all_there(server)

    def stop_at_second(done, total, text):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(allowed, progress=stop_at_second)
    assert again(allowed).table("lyrics").height == 1
    assert history.history(again(allowed))["standing"].to_list() == [1]
    first = [one.query["q"] for one in server.asked if one.query]
    server.asked.clear()
    steps = []
    fetch(again(allowed), progress=lambda done, total, text: steps.append((done, total)))
    then = [one.query["q"] for one in server.asked if one.query]
    assert len(first) == 1 and len(then) == 2 and not set(first) & set(then)
    assert steps == [(0, 2), (1, 2), (2, 2)]
    assert again(allowed).table("lyrics").height == 3


def test_a_limit_is_kept(allowed, server):
    all_there(server)
    assert fetch(allowed, limit=2) == {FOUND: 2}
    assert waiting(again(allowed)).height == 1


def test_what_genius_lacks_is_asked_again_after_a_month_or_when_told(allowed, server):
    server.on(SEARCH, listed())
    assert fetch(allowed) == {web.NOT_FOUND: 3}
    assert fetch(again(allowed)) == {}
    assert waiting(again(allowed), again=True).height == 3
    old = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=31)
    with state.engine(allowed.home).begin() as connection:
        connection.exec_driver_sql("UPDATE look_ups SET at = ?", (old.replace(tzinfo=None),))
    assert waiting(again(allowed)).height == 3


def test_a_run_is_an_import_that_can_be_taken_back(allowed, server):
    all_there(server)
    fetch(allowed)
    (row,) = history.history(again(allowed)).to_dicts()
    assert (row["file"], row["table"], row["standing"]) == ("Lyrics from Genius", "lyrics", 3)
    assert row["rows_read"] == row["accepted"] + row["repaired"] == 3
    history.undo(again(allowed), row["source"])
    assert not again(allowed).has("lyrics")
    assert waiting(again(allowed)).height == 3


# --- Deciding ------------------------------------------------------------------------------------


@pytest.fixture
def doubtful(allowed, server):
    """One track that Genius has under another spelling."""
    with change(allowed.folder) as writing:
        leaving = pl.col("track_id") == "tr-1"
        writing.put("tracks", labels.tracks().filter(leaving), source="test")
    server.on(SEARCH, listed(song("Leavin", ADA)))
    serves(server, "Leavin", ADA, lyric_page("Leavin", ADA))
    assert fetch(again(allowed)) == {DOUBTFUL: 1}
    server.asked.clear()
    return allowed


def test_a_doubtful_hit_waits_for_a_person(doubtful, server):
    (row,) = outcomes(again(doubtful)).to_dicts()
    assert (row["found"], row["doubt"]) == (f"Leavin – {ADA}", "the title is spelt differently")
    assert fetch(again(doubtful)) == {}
    assert server.asked == []


def test_a_confirmed_hit_is_fetched_without_another_search(doubtful, server):
    decide(again(doubtful), ["tr-1"], same=True)
    assert said(doubtful) == {"tr-1": ACCEPTED}
    assert fetch(again(doubtful)) == {FOUND: 1}
    assert server.paths == [f"/genius.com/{genius.slug('Leavin', ADA)}"]
    assert again(doubtful).table("lyrics")["text"].item() == TEXT


def test_a_confirmed_hit_stays_confirmed_when_genius_is_in_trouble(doubtful, server):
    decide(again(doubtful), ["tr-1"], same=True)
    serves(server, "Leavin", ADA, status(500))
    assert fetch(again(doubtful)) == {web.TROUBLE: 1}
    serves(server, "Leavin", ADA, lyric_page("Leavin", ADA))
    server.asked.clear()
    assert fetch(again(doubtful)) == {FOUND: 1}
    assert len(server.asked) == 1


def test_a_refused_hit_is_never_offered_again_and_the_next_one_is(doubtful, server):
    decide(again(doubtful), ["tr-1"], same=False)
    assert fetch(again(doubtful)) == {web.NOT_FOUND: 1}
    server.on(SEARCH, listed(song("Leavin", ADA), song("Leaving", ADA)))
    serves(server, "Leaving", ADA, lyric_page("Leaving", ADA))
    assert fetch(again(doubtful), again=True) == {FOUND: 1}
    assert said(doubtful) == {"tr-1": FOUND}


def test_what_is_confirmed_during_a_run_is_fetched_by_it(allowed, server):
    all_there(server)
    arriving = listed(song("Leavin", ADA))
    server.on(SEARCH, by_query(Leaving=arriving, Arriving=listed(), Home=listed()))
    serves(server, "Leavin", ADA, lyric_page("Leavin", ADA))
    with change(allowed.folder) as writing:
        first = pl.when(pl.col("track_id") == "tr-1").then(pl.col("release_date"))
        writing.put("tracks", labels.tracks().with_columns(release_date=first), source="test")

    def confirm(done, total, text):
        if said(allowed).get("tr-1") == DOUBTFUL:
            decide(again(allowed), ["tr-1"], same=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lyric_fetch, "BATCH", 1)
        fetch(again(allowed), progress=confirm)
    assert said(allowed)["tr-1"] == FOUND


def test_words_of_the_wrong_song_are_thrown_out(allowed, server):
    all_there(server)
    fetch(allowed)
    decide(again(allowed), ["tr-1"], same=False)
    assert sorted(again(allowed).table("lyrics")["track_id"]) == ["tr-2", "tr-3"]
    assert fetch(again(allowed)) == {web.NOT_FOUND: 1}
    decide(again(allowed), ["tr-2", "tr-3"], same=False)
    assert not again(allowed).has("lyrics")
