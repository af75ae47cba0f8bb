"""What lyricsgenius saves: a song, an artist, an album, lists; and its traps."""

import json

import adding_up
import bringing
import polars as pl
import pytest
from bringing import TRACKS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lyricsgenius.types import Album, Artist, Song

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import gathering, genius_json, run
from workbench.importers.reading import Source
from workbench.lyrics.lyric_lines import chosen_lyrics
from workbench.lyrics.structure import parsed_lyric

# As a page is scraped: a header, an advertisement between the lines, a foot.
PAGE = (
    "12 ContributorsTranslationsDeutschLeaving Lyrics[Verse 1]\nOh, the train pulls out\n"
    "See Ada LiveGet tickets as low as $17You might also like[Chorus: Ada]\nAnd I am gone34Embed"
)
WORDS = "[Verse]\nHere I am again\nThe door is open\n"


def body(title: str, artist: str = "Ada", **more: object) -> dict:
    return {
        "annotation_count": 3, "api_path": "/songs/7", "full_title": f"{title} by {artist}",
        "id": 7, "title": title, "lyrics_state": "complete", "lyrics_owner_id": 1, "path": "/x",
        "primary_artist": {"id": 1, "name": artist}, "featured_artists": [], "album": None,
        "language": "en", "release_date": "2024-05-01", "instrumental": False,
        "stats": {"hot": False}, "media": [{"provider": "youtube"}], "url": "https://genius.com/x",
    } | more  # fmt: skip


def song(title: str, words: object = WORDS, artist: str = "Ada", **more: object) -> Song:
    return Song(words, body(title, artist, **more))


def saved(tmp_path, thing: Song | Artist | Album, name: str = "saved.json") -> bytes:
    """Return the bytes of a file as the library itself writes it."""
    thing.save_lyrics(str(tmp_path / name), overwrite=True)
    return (tmp_path / name).read_bytes()


def artist(*songs: Song) -> Artist:
    plain = dict.fromkeys(("api_path", "header_image_url", "image_url", "url"), "x")
    names = {"name": "Ada", "alternate_names": ["A."], "description": {"plain": "?"}}
    made = Artist(plain | names | {"is_meme_verified": False, "is_verified": True})
    made.songs.extend(songs)
    return made


def album(*songs: Song) -> Album:
    names = ("api_path", "cover_art_thumbnail_url", "cover_art_url", "full_title", "name",
             "name_with_artist", "url")  # fmt: skip
    return Album(dict.fromkeys(names, "Coast") | {"artist": {"id": 1, "name": "Ada"}}, list(songs))


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", TRACKS, "artist_id,name\na1,Ada\n")


def again(label):
    return open_dataset(str(label.folder))


def test_a_song_is_kept_as_genius_gave_it_and_read_without_what_its_page_prints(label, tmp_path):
    report = bringing.brought(label, saved(tmp_path, song("Leaving", PAGE)), "any.json")
    assert report.title == "Lyrics from Genius"
    stored = again(label).table("lyrics")
    assert stored.rows() == [("t1", "genius", PAGE, "en", None)]
    lines = parsed_lyric(stored["text"][0]).lines
    assert [(line.kind, line.text) for line in lines] == [
        ("verse", "Oh, the train pulls out"), ("chorus", "And I am gone"),
    ]  # fmt: skip
    assert {"id", "lyrics_state", "media", "stats", "url"} <= set(report.unused)


def test_the_labels_own_words_come_first_whichever_came_last(label, tmp_path):
    genius = saved(tmp_path, song("Leaving", PAGE))
    bringing.brought(label, "title,artist,lyrics\nLeaving,Ada,Our own words\n")
    bringing.brought(again(label), genius, "x.json")
    words = again(label)
    assert words.table("lyrics").height == 2
    assert chosen_lyrics(words.scan("lyrics")).select("source", "text").rows() == [
        ("label", "Our own words")
    ]


@pytest.mark.parametrize("kind", ["artist", "album", "list", "lines"])
def test_songs_are_found_wherever_they_stand(label, tmp_path, kind):
    songs = (
        song("Leaving", PAGE),
        song("Arriving\u200b"),
        song("Fresh\xa0air", album={"name": "Coast"}),
    )
    whole = {
        "artist": lambda: saved(tmp_path, artist(*songs)),
        "album": lambda: saved(tmp_path, album(*songs)),
        "list": lambda: json.dumps([one.to_dict() for one in songs]).encode(),
        "lines": lambda: b"\n".join(json.dumps(one.to_dict()).encode() for one in songs),
    }[kind]()  # fmt: skip
    report = bringing.brought(label, whole, "x.json")
    assert (report.tables[0].read, report.tables[0].accepted) == (3, 3)
    stored = again(label).table("lyrics").sort("track_id")
    assert stored["track_id"].to_list() == ["name:Ada · Fresh air", "t1", "t2"]
    assert stored["text"].to_list() == [WORDS, PAGE, WORDS]
    made = again(label).table("tracks").filter(title="Fresh air")
    assert made.select("artist_id", "album", pl.col("release_date").cast(pl.String)).rows() == [
        ("a1", "Coast", "2024-05-01")
    ]


def test_what_is_no_lyric_of_its_song_is_refused_with_the_reason(label, tmp_path):
    songs = artist(
        song("Leaving", "Leaving wörter\nund so weiter", artist="Genius Deutsche Übersetzungen"),
        song("Quiet", "", instrumental=True), song("Gone", None),
        song("Bare", "3 ContributorsBare Lyrics9Embed"),
        song("Later", "Lyrics for this song have yet to be released. Please check back"),
        song("Listed", ["Oh", "no"]), song("Guest", WORDS, featured_artists=[{"name": "Bea"}]),
    )  # fmt: skip
    data = json.loads(saved(tmp_path, songs))
    data["songs"] += [{"title": "No words"}]
    report = bringing.brought(label, json.dumps(data), "x.json")
    table = report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (8, 1, 7)
    assert table.rejects.sort("file_row")["reason"].to_list() == [
        "is a translation on Genius, not the song",
        "Genius has it as an instrumental: there are no words",
        "has no words",
        "has no words",
        "only says that there are no lyrics yet",
        "is no text, but a list or an object",
        "has no words",
    ]
    made = again(label).table("tracks").filter(pl.col("track_id").str.starts_with("name:"))
    assert made.select("title", "featured").rows() == [("Guest", ["Bea"])]


def test_a_folder_of_saved_songs_is_one_import_and_a_damaged_one_is_told_of(label, tmp_path):
    folder = tmp_path / "songs"
    folder.mkdir()
    for name in ("Leaving", "Arriving"):
        saved(folder, song(name, f"{WORDS}{name}"), f"saved_song_lyrics_Ada_{name}.json")
    whole = saved(folder, song("Other"), "cut.json")
    (folder / "cut.json").write_bytes(whole[:-200])
    damaged, songs = gathering.gathered([folder]).sources
    assert songs.name == "2 files of lyricsgenius"
    with pytest.raises(BadInput, match=r"cut\.json comes from Genius and holds no lyrics"):
        run.plan(damaged, label, now=bringing.NOW)
    (report,) = run.store([run.plan(songs, label, now=bringing.NOW)], label)
    assert report.tables[0].accepted == 2
    assert sorted(again(label).table("lyrics")["track_id"]) == ["t1", "t2"]
    assert run.plan(songs, again(label), now=bringing.NOW).rows == 2


def test_a_list_that_is_cut_off_keeps_its_whole_songs(label):
    rows = [song("Leaving", PAGE).to_dict(), song("Arriving").to_dict()]
    report = bringing.planned(label, json.dumps(rows, indent=4)[:-90], "x.json").report
    table = report.tables[0]
    assert table.accepted == 1
    assert table.read == table.accepted + table.rejected
    assert "cut off" in " ".join(table.rejects["reason"])


@pytest.mark.parametrize("opened", ['{"lyrics_state":1,"lyrics":', "["])
def test_a_file_nested_ten_thousand_deep_is_refused_in_words(label, opened):
    closing = {"{": "}", "[": "]"}[opened[0]]
    deep = opened * 10_000 + "1" + closing * 10_000
    data = '{"lyrics_state": "complete", "lyrics": ' + deep + "}"
    with pytest.raises(BadInput, match=r"x.json is nested too deep"):
        bringing.planned(label, data, "x.json")
    assert genius_json.combined([Source("x", data.encode())] * 2)


def test_a_rejected_song_that_is_corrected_is_still_from_genius(label, tmp_path):
    lost = bringing.planned(label, saved(tmp_path, song("Leeving")), "x.json")
    assert lost.report.tables[0].rejected == 1
    corrected = lost.rejected_rows.with_columns(title=pl.lit("Leaving"))
    bringing.brought(label, corrected.write_csv(), "rejected.csv")
    assert again(label).table("lyrics").select("track_id", "source", "text").rows() == [
        ("t1", "genius", WORDS)
    ]


LINE = st.text(st.sampled_from("abcñ ,.'\"\\[]{}é愛\u2005\U0001f3b5-:"), max_size=30)
TEXTS = st.lists(LINE, min_size=1, max_size=6).map(lambda lines: "river " + "\n".join(lines))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), indent=st.sampled_from([None, 1, 4]),
       ascii_only=st.booleans())  # fmt: skip
def test_any_words_come_back_exactly(tmp_path_factory, texts, indent, ascii_only):
    label = bringing.empty_label(tmp_path_factory.mktemp("label") / "label")
    data = artist(*(song(f"Song no {n}", text) for n, text in enumerate(texts))).to_dict()
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    rows = bringing.planned(label, text, "x.json").settled[0].rows
    assert dict(rows.select("track_id", "text").iter_rows()) == {
        f"name:Ada · Song no {n}": text for n, text in enumerate(texts)
    }


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_done_to_a_file_it_is_accounted_for(label, tmp_path, seed):
    data = saved(tmp_path, artist(song("Leaving", PAGE), song("Arriving"), song("Fresh")))
    adding_up.checked(label, adding_up.mutated(data, seed), "x.json")


def test_other_json_with_lyrics_is_not_from_genius(label):
    text = '{"title": "Leaving", "artist": "Ada", "lyrics": "Oh, the train"}\n'
    report = bringing.planned(label, text, "x.jsonl").report
    assert report.title == "Table of lyrics"


def test_a_lyric_that_only_says_instrumental_is_refused_as_one(label, tmp_path):
    lyric = song("Leaving", "3 ContributorsLeaving Lyrics[Instrumental]5Embed")
    (table, *_) = bringing.planned(label, saved(tmp_path, lyric), "leaving.json").report.tables
    assert (table.read, table.accepted, table.rejected) == (1, 0, 1)
    said = "Genius has it as an instrumental: there are no words"
    assert table.rejects["reason"].to_list() == [said]
