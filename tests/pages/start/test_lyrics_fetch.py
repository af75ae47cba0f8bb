"""Lyrics from Genius on the Import page: accept, fetch, confirm, throw out, withdraw."""

import threading

import answering
import genius_answers as genius
import labels
import polars as pl
import pytest
from apptest import Visit
from genius_answers import SEARCH, TOKEN, listed, lyric_page, serves, song

from workbench.dataset import open_dataset
from workbench.importers import permission
from workbench.importers.lyric_outcomes import outcomes
from workbench.settings import settings
from workbench.store.change import change
from workbench.store.jobs import jobs

ROUTE = "start/import_data"
ADA = "Ada *Star*"


@pytest.fixture
def server(home, monkeypatch, tmp_path):
    with answering.service() as made:
        monkeypatch.setenv("WORKBENCH_LOOKUPS", made.url)
        monkeypatch.setattr(permission, "SECRETS", (tmp_path / "none.toml",))
        monkeypatch.delenv(permission.TOKEN, raising=False)
        settings.cache_clear()
        yield made


@pytest.fixture
def label(home):
    """One released track, and one that nobody outside may hear of."""
    folder = labels.written(home / "own", "catalogue")
    with change(folder) as writing:
        some = pl.col("track_id").is_in(["tr-1", "tr-4"])
        writing.put("tracks", labels.tracks().filter(some), source="test")
    return open_dataset("own")


def visit(monkeypatch) -> Visit:
    return Visit(monkeypatch, "own", ROUTE)


def button(page: Visit, key: str):
    return next((one for one in page.app.button if one.key == key), None)


def press(page: Visit, key: str) -> Visit:
    button(page, key).click()
    return page.run()


def choose(page: Visit, table: str, *rows: int) -> Visit:
    chosen = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    page.app.session_state[table] = chosen
    return page.run()


def finished(page: Visit, label, state: str = "done") -> Visit:
    """Look at the page until its job has ended; it cannot be waited for, being no child of ours."""
    pause = threading.Event()
    for _ in range(300):
        if any(job.state == state for job in jobs(label.home)):
            return page.run()
        pause.wait(0.1)
    raise AssertionError(jobs(label.home))


def accepted(monkeypatch, label) -> Visit:
    monkeypatch.setenv(permission.TOKEN, TOKEN)
    permission.accept(label, "genius")
    return visit(monkeypatch)


def test_a_label_without_tracks_is_not_bothered(home, monkeypatch):
    labels.written(home / "own", "empty")
    assert "Genius" not in visit(monkeypatch).words


def test_the_note_is_read_accepted_and_withdrawn(label, server, monkeypatch):
    page = visit(monkeypatch)
    assert "1 released track without a lyric" in page.words
    assert "What leaves this machine" in page.words
    assert button(page, "genius-accept").disabled
    assert button(page, "genius-fetch") is None
    page.app.checkbox(key="genius-read").check()
    page.run()
    press(page, "genius-accept")
    assert permission.accepted(label, "genius") is not None
    assert button(page, "genius-accept") is None
    assert "genius.com/api-clients" in page.words
    assert button(page, "genius-fetch").disabled
    press(page, "genius-withdraw")
    assert permission.accepted(label, "genius") is None
    assert button(page, "genius-fetch") is None
    assert server.asked == []


def test_looking_at_the_page_asks_nothing(label, server, monkeypatch):
    page = accepted(monkeypatch, label)
    page.run()
    assert not button(page, "genius-fetch").disabled
    assert TOKEN not in page.words
    assert server.asked == []


def test_lyrics_are_fetched_and_thrown_out(label, server, monkeypatch):
    server.on(SEARCH, listed(song("Leaving", ADA)))
    serves(server, "Leaving", ADA, lyric_page("Leaving", ADA))
    page = accepted(monkeypatch, label)
    press(page, "genius-fetch")
    finished(page, label)
    assert "Every released track has a lyric" in page.words
    assert open_dataset("own").table("lyrics")["track_id"].to_list() == ["tr-1"]
    counted = next(t.value for t in page.app.dataframe if "advice" in t.value)
    assert counted[["title", "tracks"]].to_numpy().tolist() == [["Fetched", 1]]
    assert button(page, "genius-wrong").disabled
    choose(page, "genius-tracks-0", 0)
    press(page, "genius-wrong")
    assert not open_dataset("own").has("lyrics")
    assert "1 released track without a lyric" in page.words


def test_a_doubtful_hit_is_confirmed_and_only_then_fetched(label, server, monkeypatch):
    server.on(SEARCH, listed(song("Leavin", ADA)))
    serves(server, "Leavin", ADA, lyric_page("Leavin", ADA))
    page = accepted(monkeypatch, label)
    press(page, "genius-fetch")
    finished(page, label)
    assert "Is it the same?" in page.words
    assert server.paths == [SEARCH]
    assert button(page, "genius-same-True").disabled
    choose(page, "genius-doubtful-0", 0)
    (label.home / "jobs" / "lyrics_fetch.jsonl").unlink()
    press(page, "genius-same-True")
    finished(page, label)
    assert "Is it the same?" not in page.words
    assert server.paths == [SEARCH, f"/genius.com/{genius.slug('Leavin', ADA)}"]
    assert open_dataset("own").table("lyrics").height == 1


def test_a_doubtful_hit_is_refused_without_asking_anything(label, server, monkeypatch):
    server.on(SEARCH, listed(song("Leavin", ADA)))
    page = accepted(monkeypatch, label)
    press(page, "genius-fetch")
    finished(page, label)
    shown = next(t.value for t in page.app.dataframe if "found" in t.value)
    assert shown[["title", "found"]].to_numpy().tolist() == [["Leaving", f"Leavin – {ADA}"]]
    choose(page, "genius-doubtful-0", 0)
    press(page, "genius-same-False")
    assert outcomes(label)["outcome"].to_list() == ["declined"]
    assert server.paths == [SEARCH]


def test_a_run_is_stopped_from_the_page(label, server, monkeypatch):
    server.on(SEARCH, answering.silent)
    page = accepted(monkeypatch, label)
    press(page, "genius-fetch")
    finished(page, label, "running")
    press(page, "stop-lyrics_fetch")
    finished(page, label, "stopped")
    assert "what it had found is kept" in page.words
    assert button(page, "genius-fetch") is not None


def test_why_a_run_ended_early_is_said(label, server, monkeypatch):
    server.on(SEARCH, answering.status(401))
    page = accepted(monkeypatch, label)
    press(page, "genius-fetch")
    finished(page, label, "failed")
    assert "does not accept the token" in page.words
    assert TOKEN not in page.words
