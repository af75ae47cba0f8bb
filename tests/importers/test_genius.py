"""Genius through lyricsgenius: hits, their likeness, pages with their junk, and each outcome."""

import json
from dataclasses import replace

import genius_answers as genius
import pytest
from answering import cut_off, data, moved, page, status
from genius_answers import SEARCH, TEXT, TOKEN, listed, lyric_page, serves, song

from workbench.importers import services, web
from workbench.importers.genius import (
    DOUBTFUL,
    FOUND,
    INSTRUMENTAL,
    NO_TEXT,
    WRONG_PAGE,
    Genius,
    Hit,
    Song,
    closest,
)
from workbench.importers.services import GENIUS, Failed, Limits

ADA = "Ada *Star*"
LEAVING = Song("Leaving", None, ADA)
URL = f"https://genius.com/{genius.slug('Leaving', ADA)}"
QUICK = Limits(tries=1, connect=2, read=0.5, whole=1, pause=0.01, patience=1)


@pytest.fixture
def client(server):
    return web.Client(replace(GENIUS, seconds=0), limits=QUICK)


@pytest.fixture
def asked(client) -> Genius:
    return Genius(client, TOKEN)


def hit(title: str, artist: str = ADA, featured: tuple[str, ...] = ()) -> Hit:
    return Hit(title, artist, featured, f"https://genius.com/{title}-{artist}", True, True)


def test_a_search_goes_to_the_interface_with_the_token_and_a_page_without(server, asked):
    server.on(SEARCH, listed(song("Leaving", ADA)))
    serves(server, "Leaving", ADA, lyric_page("Leaving", ADA))
    (one,) = asked.hits(Song("Leaving (Acoustic) [feat. Bo]", None, ADA))
    assert one == Hit("Leaving", ADA, (), URL, True, True)
    assert asked.words(one.url, "Leaving").outcome == FOUND
    search, read = server.asked
    assert (search.path, search.query) == (SEARCH, {"q": f"Leaving {ADA}"})
    assert search.headers["authorization"] == f"Bearer {TOKEN}"
    assert "authorization" not in {name.lower() for name in read.headers}


def test_words_come_clean_of_what_the_page_prints_around_them(server, asked):
    serves(server, "Leaving", ADA, lyric_page("Leaving", ADA))
    words = asked.words(URL, "Leaving")
    assert (words.outcome, words.text) == (FOUND, TEXT)


@pytest.mark.parametrize(
    ("junk", "kind"),
    [
        ("12 ContributorsLeaving Lyrics\n", "page header"),
        ("3 ContributorsTranslationsDeutschLeaving Lyrics“Leaving” is a song … Read More \n", "x"),
        ("You might also like\n", "advertisement"),
        ("See Ada Live\nGet tickets as low as $17\n", "advertisement"),
    ],
)
def test_junk_among_the_words_is_removed_and_told(server, asked, junk, kind):
    text = junk.replace("\n", "<br/>")
    first, *rest = genius.LINES
    serves(server, "Leaving", ADA, lyric_page("Leaving", ADA, text + first, *rest))
    words = asked.words(URL, "Leaving")
    if kind == "x":
        assert words.text.endswith(TEXT[-40:])
        return
    assert words.text == TEXT
    assert kind in words.remark


def test_letters_of_a_page_without_an_encoding_stay(server, asked):
    text = "[Verse]<br/>Ça va, für mich – naïve<br/>Señorita, 私は行く"
    body = f'<html><div data-lyrics-container="true">{text}</div></html>'
    serves(server, "Leaving", ADA, page(body, Content_Type="text/html"))
    assert "für mich - naïve\nSeñorita, 私は行く" in asked.words(URL, "Leaving").text


def test_words_that_only_the_state_of_the_page_holds_are_read(server, asked):
    state = json.dumps({"songPage": {"lyricsData": {"body": {"html": "<p>One line<br>Two</p>"}}}})
    body = f"<html>window.__PRELOADED_STATE__ = JSON.parse('{state}');</html>"
    serves(server, "Leaving", ADA, page(body.replace("\\", "\\\\")))
    assert asked.words(URL, "Leaving").text == "One line\nTwo"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (page('<html>"songPage"<p>This song is an instrumental</p></html>'), INSTRUMENTAL),
        (page(r"<html>{\"songPage\":{\"instrumental\":true}}</html>"), INSTRUMENTAL),
        (lyric_page("Leaving", ADA, "[Instrumental]"), INSTRUMENTAL),
        (page(r"<html>{\"songPage\":{\"instrumental\":false}}</html>"), NO_TEXT),
        (page('<html>"songPage" {"instrumental":false}, {"instrumental": true}</html>'), NO_TEXT),
        (lyric_page("Leaving", ADA, "Lyrics for this song have yet to be released"), NO_TEXT),
        (page("<html><title>Just a moment</title>Are you human?</html>"), WRONG_PAGE),
        (lyric_page("Coming Home", "Somebody Else"), DOUBTFUL),
    ],
)
def test_why_a_page_has_no_words_is_told(server, asked, answer, outcome):
    serves(server, "Leaving", ADA, answer)
    words = asked.words(URL, "Leaving")
    assert (words.outcome, words.text) == (outcome, "")
    assert words.remark


def test_an_address_that_leads_to_another_page_is_the_wrong_page(server, asked):
    serves(server, "Leaving", ADA, moved(f"{server.url}/genius.com/spotify-top-50-lyrics"))
    server.on("/genius.com/spotify-top-50-lyrics", lyric_page("Leaving", ADA))
    assert asked.words(URL, "Leaving").outcome == WRONG_PAGE


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (status(401), services.TOKEN),
        (status(403), services.BLOCKED),
        (status(404), services.NOT_FOUND),
        (status(429), services.LIMITED),
        (status(500), services.TROUBLE),
        (status(204), services.UNREADABLE),
        (cut_off, services.CUT_OFF),
        (page("<html>Just a moment</html>"), services.UNREADABLE),
        (data({"response": {}}), services.UNREADABLE),
        (data({"response": {"hits": [{"result": None}]}}), services.UNREADABLE),
        (data(["odd"]), services.UNREADABLE),
        (page("[" * 100_000), services.UNREADABLE),
    ],
)
def test_a_search_that_fails_says_how_and_never_what_was_sent(server, asked, answer, outcome):
    server.on(SEARCH, answer)
    with pytest.raises(Failed) as found:
        asked.hits(LEAVING)
    assert found.value.outcome == outcome
    assert TOKEN not in repr(found.value)


@pytest.mark.parametrize("end", ["", "</div>"])
def test_a_page_that_ends_too_soon_is_no_lyric(server, asked, end):
    serves(server, "Leaving", ADA, page(f'<html><div data-lyrics-container="true">Half a{end}'))
    with pytest.raises(Failed) as found:
        asked.words(URL, "Leaving")
    assert found.value.outcome == services.CUT_OFF


def test_hits_elsewhere_are_none(server, asked):
    elsewhere = song("Leaving", ADA, url="https://genius.com.example.org/ada-leaving")
    server.on(SEARCH, listed(elsewhere, {**song("Leaving", ADA), "type": "lyric"}))
    assert asked.hits(LEAVING) == []


# --- Likeness ------------------------------------------------------------------------------------


def test_the_song_is_found_among_others_whatever_their_order():
    hits = [hit("Leaving", "Genius English Translations"), hit("Arriving"), hit("leaving!")]
    best = closest(LEAVING, hits)
    assert (best.hit.title, best.doubt) == ("leaving!", "")


@pytest.mark.parametrize(
    ("song_", "hits"),
    [
        (LEAVING, []),
        (LEAVING, [hit("Leaving", "Other Band")]),
        (LEAVING, [hit("Totally Other")]),
        (LEAVING, [hit("Leaving (English Translation)", "Genius English Translations")]),
        (LEAVING, [hit("Leaving (Live)")]),
    ],
)
def test_what_is_not_like_it_is_not_offered(song_, hits):
    assert closest(song_, hits) is None


@pytest.mark.parametrize(
    ("song_", "hit_", "doubt"),
    [
        (LEAVING, hit("Leavin"), "spelt differently"),
        (Song("Leaving", "Acoustic", ADA), hit("Leaving"), "not this version"),
        (Song("Leaving (Live at Home)", None, ADA), hit("Leaving"), "not this version"),
        (Song("Leaving", None, None), hit("Leaving"), "no artist is given"),
        (Song("Leaving", None, ADA, ("Bo",)), hit("Leaving"), "names more artists"),
    ],
)
def test_what_may_be_it_is_asked(song_, hit_, doubt):
    best = closest(song_, [hit_])
    assert doubt in best.doubt
    assert 0.5 < best.score < 1


@pytest.mark.parametrize(
    ("song_", "hit_"),
    [
        (Song("Leaving", "Album Version", ADA), hit("Leaving")),
        (Song("Leaving", "Acoustic", ADA), hit("Leaving (Acoustic)")),
        (LEAVING, hit("Leaving", featured=("Bo",))),
        (Song("Leaving (feat. Bo)", None, ADA), hit("Leaving", featured=("Bo",))),
        (Song("LEAVING", None, "ada star"), hit("Leaving")),
    ],
)
def test_what_is_surely_it_is_not_asked(song_, hit_):
    assert closest(song_, [hit_]).doubt == ""
