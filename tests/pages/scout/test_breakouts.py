"""Break-outs on the Catalogue and under Next weeks: named with their weeks, or why not."""

import labels
import pytest
from apptest import Visit

from tests.listening.breaking import written


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return written(tmp_path_factory.mktemp("broken") / "label")


def test_the_catalogue_lists_them_when_asked(place, monkeypatch):
    seen = Visit(monkeypatch, place, "scout/catalogue", breakouts="true")
    shown = seen.page.shown["breakout"]
    assert {"Song 4", "Song 9"} <= set(shown["title"])
    assert f"{shown.height} of 40 songs" in seen.words
    assert "one in twenty" in seen.words
    assert seen.notebook_agrees() == 2


def test_a_song_says_it_under_its_next_weeks(place, monkeypatch):
    seen = Visit(monkeypatch, place, "songs/song", track="t9", ahead="true", weeks_ahead="4 weeks")
    assert "Break-out since" in seen.words
    assert "on file: playlist New \\<b\\>" in seen.words
    calm = Visit(monkeypatch, place, "songs/song", track="t3", ahead="true", weeks_ahead="4 weeks")
    assert "No break-out since" in calm.words


def test_too_few_weeks_are_said(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    seen = Visit(monkeypatch, folder, "scout/catalogue", breakouts="true")
    assert "16 weeks are known" in seen.words
