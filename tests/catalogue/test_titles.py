"""Titles: split by hand, lossless, and different recordings stay apart whatever the form."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.catalogue.titles import core_key, numbers, parts, split, titles_split
from workbench.catalogue.versions import version


@pytest.mark.parametrize(
    ("title", "core", "kinds", "detail", "featured"),
    [
        ("Slow Tide", "Slow Tide", "", "", []),
        ("Slow Tide (feat. Ana & Ben)", "Slow Tide", "", "", ["Ana", "Ben"]),
        ("Slow Tide ft. Ana", "Slow Tide", "", "", ["Ana"]),
        ("Slow Tide [with Ana]", "Slow Tide", "", "", ["Ana"]),
        ("Marea (con Ana)", "Marea", "", "", ["Ana"]),
        ("Marée (avec Ana)", "Marée", "", "", ["Ana"]),
        ("Flut (mit Ana)", "Flut", "", "", ["Ana"]),
        ("Slow Tide (Otto Remix)", "Slow Tide", "remix", "otto", []),
        ("Slow Tide - Otto Remix", "Slow Tide", "remix", "otto", []),
        ("Slow Tide Remix", "Slow Tide", "remix", "", []),
        ("Slow Tide (feat. Ana) [Otto Remix]", "Slow Tide", "remix", "otto", ["Ana"]),
        ("Slow Tide (Remix feat. Ana)", "Slow Tide", "remix", "", ["Ana"]),
        ("Slow Tide - Radio Edit", "Slow Tide", "edit", "radio", []),
        ("Slow Tide - Extended Mix", "Slow Tide", "extended", "", []),
        ("Slow Tide – Live at the Pier, Bath - May 2, 1996", "Slow Tide", "live",
         "1996 2 bath may pier", []),
        ("Slow Tide - Live at the Pier (May 2, 1996)", "Slow Tide", "live", "1996 2 may pier", []),
        ("Slow Tide (1996)", "Slow Tide 1996", "", "", []),
        ("Slow Tide (Ao Vivo)", "Slow Tide", "live", "", []),
        ("Slow Tide （Live）", "Slow Tide", "live", "", []),
        ("Slow Tide 「ライブ」", "Slow Tide", "live", "ライブ", []),
        ("Slow Tide - Acústico", "Slow Tide", "acoustic", "", []),
        ("Slow Tide (Instrumental)", "Slow Tide", "instrumental", "", []),
        ("Slow Tide - Remastered 2011", "Slow Tide", "remaster", "2011", []),
        ("Slow Tide (2011 Remaster)", "Slow Tide", "remaster", "2011", []),
        ("Slow Tide - Remasterizado 2011", "Slow Tide", "remaster", "2011", []),
        ("Slow Tide - 2011 - Remaster", "Slow Tide", "remaster", "2011", []),
        ("Slow Tide (Live / Remastered 2009)", "Slow Tide", "live+remaster", "2009", []),
        ("Slow Tide (sped up)", "Slow Tide", "sped up", "", []),
        ("Slow Tide (slowed + reverb)", "Slow Tide", "slowed", "", []),
        ("Slow Tide (Demo)", "Slow Tide", "demo", "", []),
        ("Slow Tide (Ana's Version)", "Slow Tide", "version", "anas", []),
        ("Slow Tide - Original Mix", "Slow Tide", "", "", []),  # the plain song
        ("Slow Tide (Album Version)", "Slow Tide", "", "", []),
        # words that only look like a version or a guest
        ("Live Forever", "Live Forever", "", "", []),
        ("Long Live", "Long Live", "", "", []),
        ("Live", "Live", "", "", []),
        ("Remix", "Remix", "", "", []),
        ("(I Can't Wait) Forever", "I Can't Wait Forever", "", "", []),
        ("Dancing (With Somebody)", "Dancing With Somebody", "", "", []),
        ("Part 2", "Part 2", "", "", []),
        ("", "", "", "", []),
    ],
)  # fmt: skip
def test_a_title_is_split(title, core, kinds, detail, featured):
    found = split(title)
    assert (found["core"], found["kinds"], found["detail"], found["featured"]) == (
        core, kinds, detail, featured,
    )  # fmt: skip


def test_a_film_is_a_note():
    found = split('Slow Tide (From "Harbour") - Radio Edit')
    assert (found["core"], found["note"], found["kinds"]) == ("Slow Tide", "from harbour", "edit")


SIGNS = "()[]{}-–/ .,&'\"!feat. Live Remix（）「」é"
PIECES = st.sampled_from(
    ["Song", " ", "(", ")", "[", "]", " - ", " – ", "feat. ", "ft ", "with ", "Live", "Remix",
     "2011", "Remastered", "Otto", "/", "Acoustic Version", "from ", "'", "é", "「", "」",
     "con ", "Demo"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=9).map("".join), st.text(SIGNS, max_size=40), st.text()))
@settings(deadline=None, max_examples=150)
def test_nothing_of_a_title_is_lost(title):
    found = parts(title)
    assert "".join(part.text for part in found) == unicodedata.normalize("NFKC", title)
    if any(c.isalnum() for c in title):
        assert any(part.kind == "core" and part.text.strip() for part in found)


TAGS = {
    "remix": ["Remix", "Otto Remix", "Club Mix"],
    "live": ["Live", "Live at the Pier", "En Vivo"],
    "acoustic": ["Acoustic", "Acoustic Version", "Unplugged"],
    "remaster": ["Remastered", "2011 Remaster", "Remastered 2011"],
    "instrumental": ["Instrumental", "Instrumental Version", "Inst.", "Instr.", "No Vocals"],
    "sped up": ["Sped Up"],
    "slowed": ["Slowed"],
    "demo": ["Demo", "Original Demo"],
    "extended": ["Extended", "Extended Version"],
    "edit": ["Radio Edit", "Single Edit"],
    "": ["", "Original Mix"],
}
FORMS = ("{} ({})", "{} [{}]", "{} - {}", "{} – {}", "{} （{}）", "{} (feat. Ana) - {}")
SONGS = st.text("abcdefgh ijk", min_size=2, max_size=20).map(lambda t: f"X{t}".strip())


def written(song: str, tag: str, form: str, shout: str) -> str:
    return getattr(form.format(song, tag) if tag else song, shout)()


@given(SONGS, st.data())
@settings(deadline=None, max_examples=100)
def test_versions_stay_apart_in_any_form(song, data):
    drawn = []
    for _ in range(2):
        kind = data.draw(st.sampled_from(sorted(TAGS)))
        tag = data.draw(st.sampled_from(TAGS[kind]))
        shout = data.draw(st.sampled_from(["upper", "lower", "title"]))
        drawn.append((kind, split(written(song, tag, data.draw(st.sampled_from(FORMS)), shout))))
    (kind, one), (other, two) = drawn
    assert one["core"].casefold() == two["core"].casefold() == " ".join(song.split()).casefold()
    assert (one["kinds"], two["kinds"]) == (kind, other)


def test_a_column_is_split_as_its_titles_are():
    titles = pl.Series(["Slow  Tide", "A (Live)", None, "A (Live)", "B ft. C", "Ｗide"])
    found = titles_split(titles)
    assert found["core"].to_list() == ["Slow Tide", "A", None, "A", "B", "Wide"]
    assert found["kinds"].to_list() == ["", "live", "", "live", "", ""]
    assert found["version"].to_list() == [None, "Live", None, "Live", None, None]
    assert found["featured"].to_list() == [[], [], [], [], ["C"], []]


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_the_short_way_through_agrees_with_the_parser(titles):
    found = titles_split(pl.Series(titles))
    for title, row in zip(titles, found.iter_rows(named=True), strict=True):
        parsed = split(title)
        assert {k: row[k] for k in ("kinds", "detail", "featured")} == {
            k: parsed[k] for k in ("kinds", "detail", "featured")
        }
        assert row["core"].split() == parsed["core"].split()


def test_keys_and_numbers():
    cores = pl.DataFrame({"x": ["Mambo Nº 5", "Song, Pt. II", "Song Part 2", "Song Vol I", "I Do"]})
    keys = cores.select(key=core_key(pl.col("x")))
    assert keys["key"].to_list() == ["mambo no 5", "song part 2", "song part 2", "song volume 1",
                                     "i do"]  # fmt: skip
    assert keys.select(n=numbers(pl.col("key")))["n"].to_list() == ["5", "2", "2", "1", ""]


def test_a_version_column_counts_whatever_it_says():
    assert version("Blue Take") is None
    assert version("Blue Take", certain=True).kinds == ("version",)
    assert version("Album Version", certain=True).kinds == ()
    assert version("", certain=True) is None
