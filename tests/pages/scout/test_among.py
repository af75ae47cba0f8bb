"""A segment on the pages that count streams: whose plays count is said, and is in the notebook."""

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.audience.rules import Segment
from workbench.audience.saved import save
from workbench.dataset import open_dataset
from workbench.store.change import change


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = labels.written(tmp_path_factory.mktemp("among") / "full", "full")
    with change(place) as writing:
        writing.put("artists", pl.DataFrame({"artist_id": ["ar-cy"], "name": ["Cy"]}), source="new")
    home = open_dataset(str(place)).home
    save(home, "ada", Segment("", "America", countries=("US",)))
    save(home, "ada", Segment("", "Germany", countries=("DE",)))
    return place


@pytest.mark.parametrize("route", ["scout/catalogue", "scout/artist", "songs/song"])
def test_streams_are_those_of_the_segment(folder, monkeypatch, route):
    visit = Visit(monkeypatch, folder, route, among="America")
    assert "plays of the panel by “America”" in visit.words
    assert "workbench.audience.heard_by." in visit.page.notebook().decode()
    if route == "scout/catalogue":
        assert visit.notebook_agrees() == 1
        # fifteen of twenty listeners have a handful of plays a week; the store has thousands
        assert 0 < visit.page.shown["tracks"]["streams"].max() < 200
        next(one for one in visit.app.button if one.label == "Reset").click()
        visit.run()
        assert "plays of the panel by" not in visit.words


def test_an_artist_whom_nobody_of_them_streams_is_said_so(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, "scout/artist", artist_id="ar-cy", among="America")
    assert "No stream of Cy counts under these choices." in visit.words


def test_a_segment_too_small_is_refused_in_words(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, "scout/catalogue", among="Germany")
    assert "“Germany” has too few listeners" in visit.words
    assert not visit.page.shown
