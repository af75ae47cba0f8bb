"""An unreleased lyric: what a song on file would get, its place, and that nothing of it is kept."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.songs import GLAD, TURNING
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.aside import DEMO, beside
from workbench.lyrics.catalogue import SHARES
from workbench.lyrics.demo import (
    MOST_LETTERS,
    MOST_LINES,
    checked,
    demo_place,
    demo_similar,
    demo_song,
)
from workbench.lyrics.similar import similar_songs
from workbench.lyrics.song import song_moods
from workbench.parameters import Filters, Private
from workbench.store.memory import memory

# Batches of other sizes add up in another order: float32 scores agree to so many digits.
NEARLY = {"rel_tol": 1e-4, "abs_tol": 1e-4}
OWN = (
    "[Verse]\nI wept beside the window where your picture used to be\n"
    "The tears run down my face and every song is misery\n"
    "I am so sad, I miss you so\n"
)
RIGHT_TO_LEFT = (
    "שלום עולם אני שר לך שיר ארוך\nהלב שלי שבור הלילה ואין לי מנוחה\n"
    "אני לבד ואין איש בבית הריק שלנו\nחכי לי בבוקר ליד הים הגדול\n"
)


@pytest.mark.parametrize("heard", [True, False])
def test_a_demo_gets_what_the_same_song_on_file_gets(songs, heard):
    demo = demo_song(songs, lyric=Private(TURNING), heard=heard)
    song = song_moods(songs, track="tr-turning", heard=heard)
    assert demo.sentence == song.sentence
    for part in ("lines", "shares", "arc", "evidence", "repeats", "sections", "kinds", "changes"):
        assert_frame_equal(getattr(demo, part), getattr(song, part), **NEARLY)
    kept = ["lead", "second", "valence", "arousal", "outcome", "coverage", "lines"]
    assert_frame_equal(demo.facts[kept], song.facts[kept], **NEARLY)
    assert demo.facts["track_id"].to_list() == [DEMO]


@pytest.mark.parametrize("by", ["mood", "theme", "both"])
def test_the_songs_most_like_a_demo_are_those_most_like_the_same_song(songs, by):
    found = demo_similar(songs, lyric=Private(GLAD), by=by)
    assert found.compared == 5  # the song itself is on file as well
    assert found.songs["track_id"][0] == "tr-glad"
    assert found.songs["line"][0] == found.songs["their_line"][0]
    others = found.songs.filter(pl.col("track_id") != "tr-glad")["track_id"].to_list()
    # Themes are told apart from the mean of all songs, which the demo moves a little.
    on_file = similar_songs(songs, track="tr-glad", by="mood").songs["track_id"].to_list()
    assert set(others) == set(on_file)
    if by == "mood":
        assert others == on_file


def test_filters_choose_what_a_demo_is_held_against(songs):
    filters = Filters(artists=("ar-b",))
    assert set(demo_similar(songs, lyric=Private(OWN), filters=filters).songs["artist"]) == {"Bo"}
    place = demo_place(songs, lyric=Private(OWN), filters=filters)
    assert place.artists["artist_id"].to_list() == ["ar-b"]
    assert place.sentence == "Beside 2 scored songs: too few to say where it stands"


def test_the_place_is_a_count_of_songs(songs):
    place = demo_place(songs, lyric=Private(OWN))
    scored = place.roster.tracks.filter(pl.col("lead").is_not_null())
    assert DEMO not in place.roster.tracks["track_id"]
    for axis, below, of in place.axes.iter_rows():
        assert below == sum(value < place.demo[axis][0] for value in scored[axis])
        assert of == 5
    pleasant, stirred = place.axes["below"]
    assert place.sentence == (
        f"More pleasant than {pleasant} of the 5 scored songs here, more stirred than {stirred}"
    )


def test_artists_go_by_the_overlap_of_their_mix_of_moods(songs):
    place = demo_place(songs, lyric=Private(OWN))
    scored = place.roster.tracks.filter(pl.col("lead").is_not_null())
    for row in place.artists.iter_rows(named=True):
        own = scored.filter(pl.col("artist_id") == row["artist_id"])
        assert row["songs"] == own.height
        wanted = sum(
            (place.demo[f"share_{name}"][0] * own[f"share_{name}"].mean()) ** 0.5 for name in SHARES
        )
        assert row["affinity"] == pytest.approx(wanted)
    assert place.artists["affinity"].is_sorted(descending=True)


def files(label) -> dict[str, bytes]:
    folders = {label.folder, label.home}
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths}


def test_nothing_of_a_demo_is_written_or_kept_in_words(songs):
    lyric = Private(OWN)
    before = files(songs)
    demo_song(songs, lyric=lyric)
    demo_similar(songs, lyric=lyric)
    demo_place(songs, lyric=lyric)
    assert files(songs) == before
    assert not songs.scan("tracks").filter(pl.col("track_id") == DEMO).collect().height
    kept = [value for key, (value, _) in memory._values.items() if key.startswith("demo ")]
    assert kept
    texts = [
        str(cell)
        for rows in kept
        for frame in rows.values()
        for name in frame.columns
        if frame.schema[name] == pl.String
        for cell in frame[name]
    ]
    assert texts
    assert all(len(text) == 32 and set(text) <= set("0123456789abcdef") for text in texts)


def test_lines_that_the_label_holds_already_stand_once(songs):
    among = beside(Private(TURNING), songs)
    for name in ("lyric_lines", "line_embeddings", "line_moods"):
        assert among.row_keys(name).is_unique().all()
        assert among.row_keys(name).len() == songs.scan(name).collect().height


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("😀😀😀\n🎉 🎉\n", "no_text"),
        ("love " * 10_000, "too_short"),
        ("love\n" * MOST_LINES, "too_short"),
        ("\u200b\u200d\ufeff\u2060" * 100, "no_text"),
        (RIGHT_TO_LEFT * 20, "unsupported_language"),
        ("[Instrumental]", "instrumental"),
        ("la la la\nooh ooh\nna na na\n", "vocables"),
        ("1" * MOST_LETTERS, "too_short"),
        ("<!--" * (MOST_LETTERS // 4), "no_text"),
        ("la la\n" + "(x16)\n" * 900, "vocables"),
        ("\ud800 broken half of a letter", "too_short"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_scored_says_why(songs, text, outcome):
    song = demo_song(songs, lyric=Private(text))
    assert song.facts["outcome"][0] == outcome
    assert song.facts["lead"][0] is None
    with pytest.raises(NotEnoughEvidence):
        demo_similar(songs, lyric=Private(text))
    with pytest.raises(NotEnoughEvidence):
        demo_place(songs, lyric=Private(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("one line\n" * 50_000, "50,000 lines; a song has 1,000 at most"),
        ("love\n" * 10_000, "10,000 lines; a song has 1,000 at most"),
        ("love " * 50_000, "250,000 letters; a song has 60,000 at most"),
        (" \n\t\n", "There is no lyric yet"),
    ],
)
def test_what_is_longer_than_any_song_is_refused_whole(songs, text, what):
    with pytest.raises(BadInput, match=what):
        checked(Private(text))
    with pytest.raises(BadInput, match=what):
        demo_song(songs, lyric=Private(text))


def same_lines(songs, text: str) -> None:
    """Hold the lines and leads of a disguised lyric against those of the plain one."""
    kept = ["text", "kind", "heard", "state", "lead"]
    plain = demo_song(songs, lyric=Private(GLAD)).lines[kept]
    assert_frame_equal(demo_song(songs, lyric=Private(text)).lines[kept], plain)


@pytest.mark.parametrize(
    "text",
    [
        GLAD.replace("a", "а"),  # Cyrillic
        GLAD.replace("o", "o\u200b"),
        GLAD.replace("\n", "\r\n"),
        "\u202e" + GLAD,
        "<p>" + GLAD.replace("I love you", "<b>I love</b> you") + "</p>",
        GLAD.replace("I", "Ｉ"),  # full width
    ],
)
def test_a_lyric_in_disguise_is_the_same_lyric(songs, text):
    same_lines(songs, text)


def test_a_file_with_broken_stamps_keeps_every_word(songs):
    text = (
        "[ti:Turning]\n[00:01.00]I cried all night because you are gone\n"
        "[00:0x.10]I am so sad and lonely without you\n"
        "[00:05.00][99]My heart is broken and the house is cold\n[::]\n"
    )
    song = demo_song(songs, lyric=Private(text))
    words = " ".join([*song.lines["text"], *song.changes["text"]])
    for said in ("I cried all night", "00:0x.10", "I am so sad and lonely", "My heart is broken",
                 "Turning"):  # fmt: skip
        assert said in words


def test_what_has_no_letters_is_not_lost_in_silence(songs):
    song = demo_song(songs, lyric=Private(GLAD.replace("[Chorus x2]", "💔💔💔\n[Chorus x2]")))
    assert "💔💔💔" in song.changes["text"].to_list()
    assert song.lines.height == demo_song(songs, lyric=Private(GLAD)).lines.height


def test_another_text_is_another_answer(songs):
    first = demo_song(songs, lyric=Private(GLAD)).facts["valence"][0]
    second = demo_song(songs, lyric=Private(OWN)).facts["valence"][0]
    assert second < first
