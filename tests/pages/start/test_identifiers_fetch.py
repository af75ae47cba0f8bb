"""ISRCs from MusicBrainz on the Import page: accept, look up, confirm, take back."""

import threading

import answering
import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.dataset import open_dataset
from workbench.importers import permission
from workbench.settings import settings
from workbench.store.change import change
from workbench.store.jobs import jobs

SEARCH = "/musicbrainz.org/ws/2/recording"
CODES = {"Leaving": "USRC17607839", "=Arriving": "GBAYE0601498"}


def listed(title: str, length: int) -> answering.Answer:
    """Answer a search with one recording."""
    found = {
        "id": f"0b2a8a4c-6f1e-4c55-9d8e-1f2a3b4c5d6{len(title) % 10}",
        "title": title,
        "length": length,
        "artist-credit": [{"name": "Ada *Star*"}],
        "isrcs": [CODES[title]],
    }
    return answering.data({"recordings": [found]})


@pytest.fixture
def server(home, monkeypatch):
    """Two released tracks: one that is surely there, one whose length differs."""
    folder = labels.written(home / "own", "catalogue")
    with change(folder) as writing:
        some = pl.col("track_id").is_in(["tr-1", "tr-2"])
        writing.put("tracks", labels.tracks().filter(some), source="test")
    with answering.service() as made:
        monkeypatch.setenv("WORKBENCH_LOOKUPS", made.url)
        monkeypatch.delenv("WORKBENCH_CONTACT", raising=False)
        settings.cache_clear()
        # The newest release is asked for first.
        made.on(SEARCH, listed("=Arriving", 260_000), listed("Leaving", 200_000))
        yield made


def button(page: Visit, key: str):
    return next((one for one in page.app.button if one.key == key), None)


def press(page: Visit, key: str) -> Visit:
    button(page, key).click()
    return page.run()


def choose(page: Visit, table: str, *rows: int) -> Visit:
    chosen = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    page.app.session_state[table] = chosen
    return page.run()


def codes() -> dict[str, str | None]:
    return dict(open_dataset("own").table("tracks").select("track_id", "isrc").iter_rows())


def test_isrcs_are_looked_up_confirmed_and_taken_back(server, monkeypatch):
    page = Visit(monkeypatch, "own", "start/import_data")
    assert "2 released tracks without an ISRC" in page.words
    page.app.checkbox(key="musicbrainz-read").check()
    page.run()
    press(page, "musicbrainz-accept")
    assert "WORKBENCH_CONTACT" in page.words
    assert button(page, "musicbrainz-fetch").disabled
    assert server.asked == []

    monkeypatch.setenv("WORKBENCH_CONTACT", "owner@example.org")
    settings.cache_clear()
    page.run()
    press(page, "musicbrainz-fetch")
    label, pause = open_dataset("own"), threading.Event()
    for _ in range(300):
        if any(job.state == "done" for job in jobs(label.home)):
            break
        pause.wait(0.1)
    page.run()
    assert codes() == {"tr-1": "USRC17607839", "tr-2": None}
    assert len(server.asked) == 2

    assert "Is it the same?" in page.words
    choose(page, "musicbrainz-doubtful-0", 0)
    press(page, "musicbrainz-same-True")
    assert codes() == {"tr-1": "USRC17607839", "tr-2": "GBAYE0601498"}
    assert "Every released track has an ISRC" in page.words

    choose(page, "musicbrainz-tracks-1", 0, 1)
    press(page, "musicbrainz-wrong")
    assert codes() == {"tr-1": None, "tr-2": None}
    press(page, "musicbrainz-withdraw")
    assert permission.accepted(label, "musicbrainz") is None
    assert len(server.asked) == 2
