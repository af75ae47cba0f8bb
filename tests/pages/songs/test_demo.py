"""Demo as visitors of every kind of label meet it: nothing of the lyric leaves the session."""

import json

import pytest

from tests import labels
from tests.apptest import Visit
from tests.songs import GLAD, SAD, TURNING
from workbench.report.export import csv


def given(visit: Visit, text: str) -> Visit:
    visit.app.text_area(key="demo-text").set_value(text)
    return visit.run()


def test_a_pasted_lyric_is_shown_whole(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), TURNING)
    assert "Sadness turning to joy" in visit.words
    sheet = json.loads(visit.app.get("plotly_chart")[0].proto.spec)
    texts = [text for trace in sheet["data"] for text in trace.get("text", [])]
    for line in TURNING.splitlines():
        if line and not line.startswith("["):
            assert any(line in text for text in texts), line
    assert "of the 5 scored songs here" in visit.words
    assert visit.page.shown["similar"]["title"][0] == "Turning"
    assert set(visit.page.shown["for"]["side"]) == {"for", "against"}
    assert visit.page.shown["sections"].height == 2
    assert visit.page.shown["artists-alike"].height == 2


def test_no_word_of_it_leaves_in_links_downloads_or_notebook(songs, monkeypatch):
    text = SAD.replace("cold", "c🥶ld").replace("house", "zeppelin")
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), text)
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": 0}]}}
    visit.run()
    taken = visit.page.notebook() + b"".join(csv(frame) for frame in visit.page.shown.values())
    for word in (b"zeppelin", b"cried", b"grief", "🥶".encode()):
        assert word not in taken
    assert set(visit.app.query_params) <= {"label", "lines", "alike"}
    assert "zeppelin" not in str(dict(visit.app.query_params))


def test_the_notebook_asks_for_the_file_and_computes_the_page(songs, tmp_path, monkeypatch):
    file = tmp_path / "demo.txt"
    file.write_bytes(TURNING.encode())
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), TURNING)
    assert visit.notebook_agrees(typed=str(file)) == 4


def test_a_file_goes_before_what_is_pasted(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), SAD)
    visit.app.file_uploader[0].set_value(("glad.lrc", GLAD.encode("utf-16"), "text/plain"))
    visit.run()
    assert "glad.lrc, read as utf-16" in visit.words
    assert visit.page.shown["similar"]["title"][0] == "Glad"
    visit.app.button(key="demo-forget").click()
    visit.run()
    assert "similar" not in visit.page.shown
    assert not visit.page.calls


def test_forget_drops_the_text_and_what_was_found(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), SAD)
    held = visit.app.session_state["results on a private text"]
    assert len(held[1]) == 4
    visit.app.button(key="demo-forget").click()
    visit.run()
    assert visit.app.text_area(key="demo-text").value == ""
    assert "results on a private text" not in visit.app.session_state
    given(visit, GLAD)
    assert len(visit.app.session_state["results on a private text"][1]) == 4


def test_another_text_replaces_what_was_held(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), SAD)
    first = visit.app.session_state["results on a private text"][0]
    given(visit, GLAD)
    second, results = visit.app.session_state["results on a private text"]
    assert second != first
    assert len(results) == 4
    assert visit.page.shown["similar"]["title"][0] == "Glad"


def test_as_heard_and_alike_by_change_what_is_shown(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), GLAD)
    assert visit.page.calls["demo_song"].parameters["heard"] is True
    visit.app.session_state["lines"] = "written"
    visit.app.session_state["alike"] = "mood"
    visit.run()
    calls = visit.page.calls
    assert calls["demo_song"].parameters["heard"] is False
    assert calls["demo_similar"].parameters["by"] == "mood"


def test_the_chosen_artist_is_what_it_is_held_against(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo", artist="Bo"), SAD)
    assert set(visit.page.shown["similar"]["artist"]) == {"Bo"}
    assert visit.page.shown["artists-alike"]["artist"].to_list() == ["Bo"]


def test_a_chosen_dot_or_artist_leads_on_and_the_star_leads_nowhere(songs, monkeypatch):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), SAD)
    visit.app.session_state["place"] = {"selection": {"points": [{"customdata": 1}]}}
    visit.app.session_state["artists-alike"] = {"selection": {"rows": [0]}}
    visit.run()
    title = visit.page._results[1][1].roster.tracks["title"][1]
    assert f"Open {title}" in visit.words.replace("\\", "")
    visit.app.session_state["place"] = {"selection": {"points": [{}]}}
    visit.run()
    assert "The star is the demo" in visit.words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("line\n" * 50_000, "50,000 lines; a song has 1,000 at most"),
        ("😀🎉\n" * 40, "No line of this text holds a word"),
        ("love " * 10_000, "Too short"),
        ("*[x](http://y)* <script>alert(1)</script>", "Too short"),
        ("Camino por la calle sin tu voz\nNunca voy a olvidar tu corazón\n"
         "La noche cae despacio sobre el mar\nMi amor se fue con el tren de ayer\n",
         "Language not supported"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_says_why(songs, monkeypatch, text, said):
    visit = given(Visit(monkeypatch, songs.folder, "songs/demo"), text)
    assert said in visit.words
    assert "similar" not in visit.page.shown


@pytest.mark.parametrize("kind", ["full", "catalogue", "lyrics", "streams", *labels.BARE])
def test_a_lyric_is_scored_whatever_the_label_has(tmp_path, monkeypatch, kind):
    visit = given(Visit(monkeypatch, labels.written(tmp_path, kind), "songs/demo"), TURNING)
    assert "Sadness turning to joy" in visit.words
    assert visit.page.shown["lines"].height == 6
    wanted = "Make it now" if kind in ("full", "lyrics") else "Not in this data"
    assert wanted in visit.words + " ".join(button.label for button in visit.app.button)
    assert "similar" not in visit.page.shown
