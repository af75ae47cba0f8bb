"""Moods as visitors of four kinds of label meet it."""

import json

import polars as pl
import pytest

from tests import labels
from tests.apptest import Visit
from tests.songs import ODD_GLAD, ODD_SAD, with_sound
from workbench.charts import theme
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.groups import BY
from workbench.ui.moods import WAYS


def test_every_song_is_on_the_map_or_named_with_its_reason(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods")
    assert "Songs scored 5" in visit.words
    assert "Not scored 6" in visit.words
    assert visit.page.shown["songs"].height == 5
    assert visit.page.shown["unscored"].height == 6
    assert visit.page.shown["outcomes"]["tracks"].sum() == 11


def test_repeats_can_be_left_out(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", lines=WAYS["written"])
    shown = visit.page.shown["songs"]
    wanted = catalogue_moods(songs, heard=False).tracks.drop_nulls("lead")
    assert shown["lead_share"].to_list() == pytest.approx((wanted["lead_share"] * 100).to_list())


@pytest.mark.parametrize("by", BY)
def test_groups(songs, monkeypatch, by):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", by=by.capitalize())
    assert visit.page.calls["moods_by"].parameters["by"] == by
    assert visit.page.shown["groups"]["songs"].sum() == 5


def test_a_genre_can_be_chosen(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", genre="folk")
    assert "No song here could be scored" in visit.words
    assert visit.page.shown["outcomes"]["tracks"].sum() == 6


def test_a_lasso_lists_its_songs(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods")
    row = catalogue_moods(songs).tracks["track_id"].to_list().index("tr-sad")
    visit.app.session_state["map"] = {"selection": {"points": [{"customdata": [row]}]}}
    visit.run()
    assert visit.page.shown["songs"]["title"].to_list() == ["Sad"]


def test_a_year_shows_its_songs_and_moods(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods")
    assert visit.app.selectbox(key="released").options == ["All years", "2025", "2024"]
    visit.app.selectbox(key="released").set_value("2024")
    visit.run()
    assert "Songs scored 3" in visit.words
    assert set(visit.page.shown["songs"]["title"]) == {"Glad", "Turning", "Glad-Again"}
    assert visit.page.shown["outcomes"]["tracks"].sum() == 6
    assert visit.page.shown["groups"]["songs"].to_list() == [3]
    assert visit.notebook_agrees() == 3
    visit.app.selectbox(key="released").set_value("All years")
    visit.run()
    assert "Songs scored 5" in visit.words


def test_a_link_brings_its_year(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", released="2025", by="Year")
    assert "Songs scored 2" in visit.words
    assert visit.page.shown["groups"]["group"].to_list() == ["2025"]


def test_a_row_of_the_groups_leads_into_its_year(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", by="Year")
    visit.app.session_state["groups"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    visit.run()
    link = visit.app.get("page_link")[0].proto  # to the page itself, so it is there in a test, too
    assert (link.label, link.query_string) == ("Only 2024", "released=2024")


def test_a_cell_lists_the_songs_that_make_it(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", by="Year")
    spec = json.loads(visit.app.get("plotly_chart")[1].proto.spec)
    cells = [list(point) for point in spec["data"][1]["customdata"]]
    assert ["2025", "anger"] in cells
    point = {"selection": {"points": [{"customdata": ["2025", "anger"]}]}}
    visit.app.session_state["heat-year"] = point
    visit.run()
    assert "songs with lines in anger" in visit.words
    assert visit.page.shown["cell"]["title"].to_list() == ["Angry"]
    assert visit.page.shown["cell"]["share"][0] > 50
    visit.app.session_state["cell"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    visit.run()
    assert "Open Angry" in visit.words
    nothing = {"selection": {"points": [{"customdata": ["2025", "pride"]}]}}
    visit.app.session_state["heat-year"] = nothing
    visit.run()
    assert "No song of it has a line in pride" in visit.words


def test_own_columns_colour_the_map_and_choose_songs(songs, monkeypatch):
    frame = pl.DataFrame({"track_id": ["tr-sad", "tr-glad"], "camp": ["rain", "sun"]})
    songs.annotate("ours", frame)
    visit = Visit(monkeypatch, songs.folder, "songs/moods", own="ours.camp")
    spec = json.loads(visit.app.get("plotly_chart")[0].proto.spec)
    assert [trace.get("name") for trace in spec["data"]] == ["", "rain", "sun", "no value"]
    assert "ours.camp" in visit.page.shown["songs"].columns
    assert visit.notebook_agrees() == 3
    visit.app.multiselect(key="own-ours.camp").set_value(["rain"])
    visit.run()
    assert visit.page.shown["songs"]["title"].to_list() == ["Sad"]
    assert visit.notebook_agrees() == 3


def test_a_number_on_some_songs_colours_the_map(songs, monkeypatch):
    songs.annotate("ours", pl.DataFrame({"track_id": ["tr-sad", "tr-glad"], "score": [2, 7]}))
    visit = Visit(monkeypatch, songs.folder, "songs/moods", own="ours.score")
    dots = json.loads(visit.app.get("plotly_chart")[0].proto.spec)["data"][0]["marker"]
    assert sorted(dots["color"], key=str) == [theme.GREY] * 3 + [2.0, 7.0]
    visit.app.slider(key="own-ours.score").set_value((2.0, 3.0))
    visit.run()
    assert visit.page.shown["songs"]["title"].to_list() == ["Sad"]


def figures(visit) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in visit.app.get("plotly_chart")]


def test_moods_over_the_years_have_a_band_where_three_songs_tell_it(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", by="Year")
    traces = figures(visit)[2]["data"]
    bands, lines = traces[::2], traces[1::2]
    assert len(lines) == 11
    assert all(line["x"] == [2024, 2025] for line in lines)
    assert all(band["x"] == [2024, 2024] for band in bands)  # 2025 has two scored songs
    assert "Mean share of lines by year of release" in visit.words
    assert len(figures(Visit(monkeypatch, songs.folder, "songs/moods"))) == 2


def test_a_decade_without_a_period_of_its_own_says_where_its_years_are(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", by="Decade")
    visit.app.session_state["groups"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    visit.run()
    assert "Choose its years above the map" in visit.words


def test_where_no_sound_is_known_it_says_what_brings_it(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods")
    assert "No scored song has audio_energy" in visit.words
    assert "outliers" not in visit.page.shown
    other = Visit(monkeypatch, songs.folder, "songs/moods", sound="Brightness")
    assert "No scored song has audio_valence" in other.words


def test_sad_words_to_high_energy_are_listed(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, with_sound(tmp_path).folder, "songs/moods")
    assert "Sad words, high energy: 1 song; glad words, low energy: 1 song. " in visit.words
    assert visit.page.shown["outliers"]["title"].to_list() == [ODD_SAD, ODD_GLAD]
    visit.app.session_state["outliers"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    visit.run()
    assert f"Open {ODD_GLAD}" in visit.words
    assert visit.notebook_agrees() == 3


def test_filters_that_no_song_fits_are_said_to_be_why(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", artist="Bo", genre="pop")
    assert visit.page.shown["songs"].height > 0
    frame = pl.DataFrame({"track_id": ["tr-elsewhere", "tr-sad"], "camp": ["moon", "sun"]})
    songs.annotate("ours", frame)
    visit = Visit(monkeypatch, songs.folder, "songs/moods", own="ours.camp")
    visit.app.multiselect(key="own-ours.camp").set_value(["moon"])
    visit.run()
    assert "No song fits these filters. Reset the filters to see all." in visit.words
    assert "Songs scored" not in visit.words
    assert "says why" not in visit.words
    assert "outcomes" not in visit.page.shown


def test_the_notebook_computes_the_page(songs, monkeypatch):
    assert Visit(monkeypatch, songs.folder, "songs/moods").notebook_agrees() == 3


@pytest.mark.parametrize("kind", ["catalogue", "streams"])
def test_without_lyrics_it_says_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), "songs/moods")
    assert "Not in this data" in visit.words


@pytest.mark.parametrize("kind", ["full", "lyrics"])
def test_lyrics_that_are_not_scored_yet_are_offered(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), "songs/moods")
    assert [button.label for button in visit.app.button if button.key == "make-line_moods"] == [
        "Make it now"
    ]
