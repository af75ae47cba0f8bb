"""Themes as visitors of several kinds of label meet it; the search with every kind of text."""

import json

import pytest

from tests import labels
from tests.apptest import Visit
from workbench.dataset import make
from workbench.lyrics.query import LONGEST

ROUTE = "songs/themes"


@pytest.fixture(scope="module")
def themed(songs):
    """The ten small lyrics: too few for a theme, enough to be searched."""
    make(songs, "themes", lambda done, total, text: None)
    return songs


def test_few_songs_have_no_theme_and_it_says_so(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE)
    assert "Themes 0" in visit.words
    assert "Songs in a theme 0" in visit.words
    assert visit.page.shown["themes"]["name"].to_list() == ["no clear theme"]
    assert visit.page.shown["themes"]["songs"].to_list() == [5]
    assert visit.notebook_agrees() == 1


def test_a_search_explains_its_hits(themed, monkeypatch):
    ask = "songs about crying in a cold house that end happy"
    visit = Visit(monkeypatch, themed.folder, ROUTE, ask=ask)
    assert "about “crying in a cold house”; joy at the end" in visit.words
    table = visit.app.dataframe[0].value
    assert table["title"].to_list()[0] == "Turning"
    assert table["said"].to_list()[0].startswith("joy at the end: ")
    assert "My heart is broken and the house is cold" in table["line"].to_list()
    # what leaves the page has no line of a lyric
    assert "line" not in visit.page.shown["hits"].columns
    assert "cold and" not in visit.page.notebook().decode()
    assert visit.notebook_agrees() == 2


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ("x", "Type at least two letters"),
        ("😀😀", "Type at least two letters"),
        ("пустой дом", "The encoder reads English"),
        ("пустой дом", "No lyric holds these words"),
        ('"not a line of any song here"', "No song holds the quoted words"),
        ("longing for the sea", "No emotion label says “longing”"),
        ("qwpx zzkt vvbn", "random letters come as near"),
    ],
)
def test_odd_searches_are_answered(themed, monkeypatch, ask, said):
    assert said in Visit(monkeypatch, themed.folder, ROUTE, ask=ask).words


def test_nothing_asked_nothing_searched(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE, ask="   ")
    assert "hits" not in visit.page.shown
    assert "Read as" not in visit.words


def test_a_long_text_is_cut_where_it_says(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE)
    assert visit.app.text_input(key="ask").proto.max_chars == LONGEST


def test_a_quotation_in_another_language_finds_its_song(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE, ask='"la noche cae despacio"')
    first = visit.app.dataframe[0].value.iloc[0]
    assert (first["title"], first["exact"]) == ("Foreign", True)
    assert first["line"] == "La noche cae despacio sobre el mar"


def test_a_search_can_be_changed_and_taken_back(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE)
    visit.app.text_input(key="ask").set_value("angry songs")
    visit.run()
    assert visit.page.shown["hits"]["title"][0] == "Angry"
    visit.app.session_state["hits"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    visit.run()
    assert "Open Angry" in visit.words
    visit.app.text_input(key="ask").set_value("sad songs")
    visit.run()
    assert visit.page.shown["hits"]["title"][0] == "Sad"
    place = visit.page.shown["hits"]["title"].to_list().index("Angry")
    # the choice stays with its song, wherever it stands now
    assert visit.app.session_state["hits"]["selection"]["rows"] == [place]
    visit.app.text_input(key="ask").set_value("")
    visit.run()
    assert "hits" not in visit.page.shown


def test_filters_choose_what_is_searched_and_counted(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE, artist="Ada", ask="happy songs")
    assert "Songs in a theme 0" in visit.words
    assert set(visit.page.shown["hits"]["title"]) <= {"Glad", "Turning", "Glad-Again"}
    visit = Visit(monkeypatch, themed.folder, ROUTE, genre="folk")
    assert "No song here has a lyric that could be scored" in visit.words


def test_a_bar_or_a_row_lists_the_songs_of_a_theme(themed, monkeypatch):
    visit = Visit(monkeypatch, themed.folder, ROUTE)
    spec = json.loads(visit.app.get("plotly_chart")[0].proto.spec)
    assert spec["data"][0]["customdata"] == [[-1]]
    point = {"selection": {"points": [{"customdata": [-1]}]}}
    visit.app.session_state["themes-bars"] = point
    visit.run()
    assert "no clear theme" in visit.words
    assert visit.page.shown["theme-songs"].height == 5
    visit.app.session_state["themes"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    visit.run()
    assert visit.page.shown["theme-songs"].height == 5


@pytest.mark.parametrize("kind", ["catalogue", "streams"])
def test_without_lyrics_it_says_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), ROUTE)
    assert "Not in this data" in visit.words


@pytest.mark.parametrize("kind", ["full", "lyrics"])
def test_themes_that_are_not_made_are_offered(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), ROUTE)
    made = [button.label for button in visit.app.button if button.key == "make-themes"]
    assert made == ["Make it now"]
