"""Matching: a small catalogue and one row for each way to be the same recording, or another."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.catalogue.artists import CONFIRM, NEW, SURE
from workbench.catalogue.matching import Rules, matches
from workbench.errors import BadInput

TRACKS = pl.DataFrame(
    [
        ("t1", "GBAYE2400001", "Slow Tide", None, "Nora Vale", [], 200_000),
        ("t2", "GBAYE2400002", "Slow Tide", "Otto Remix", "Nora Vale", [], 260_000),
        ("t3", None, "Harbour Lights (feat. Ana)", None, "Nora Vale", [], 181_000),
        ("t4", None, "Nocturne No. 1", None, "Otto", [], 150_000),
        ("t5", None, "Slow Tide", None, "Milo", [], 201_000),
        ("t6", None, "Twice Told", None, "Milo", [], 190_000),
        ("t7", None, "Twice Told", None, "Milo", [], 190_500),
        ("t8", None, "Yesterdays", "Remastered 2011", "Milo", [], 170_000),
        ("t9", None, "Theme (From “Harbour”)", None, "Otto", [], 120_000),
    ],
    {
        "track_id": pl.String, "isrc": pl.String, "title": pl.String, "version": pl.String,
        "artist": pl.String, "featured": pl.List(pl.String), "duration_ms": pl.Int64,
    },
    orient="row",
)  # fmt: skip


def asked(title, artist="Nora Vale", seconds=None, isrc=None, version=None, featured=None, **more):
    row = {"title": title, "artist": artist, "isrc": isrc, "version": version, "featured": featured}
    length = None if seconds is None else int(seconds * 1000)
    kinds = {"featured": pl.List(pl.String), "duration_ms": pl.Int64, "isrc": pl.String,
             "version": pl.String, "artist": pl.String}  # fmt: skip
    frame = pl.DataFrame([row | {"duration_ms": length}], schema_overrides=kinds)
    return matches(frame, TRACKS, **more)


@pytest.mark.parametrize(
    ("row", "outcome", "track", "doubt"),
    [
        (asked("slow tide", seconds=200), SURE, "t1", None),
        (asked("SLOW TIDE", "nora vale"), SURE, "t1", None),  # no length, but all texts agree
        (asked("Slow Tide", "Vale, Nora", 201), SURE, "t1", None),
        (asked("Slow Tde", seconds=201), SURE, "t1", None),  # the length settles the spelling
        (asked("Slow Tde"), CONFIRM, "t1", "spelt"),
        (asked("Slow Tide", "Nora Vael", 200), SURE, "t1", None),
        (asked("Slow Tide", "Nora Vael"), CONFIRM, "t1", "artists"),
        (asked("Slow Tide", seconds=240), CONFIRM, "t1", "lengths differ by 40 s"),
        (asked("Slow Tide", None, 200), CONFIRM, "t1", "no artist"),
        (asked("Slow Tide", "Milo", 201), SURE, "t5", None),
        (asked("Slow Tide", "Somebody Else", 200), NEW, None, None),
        # versions stay apart
        (asked("Slow Tide (Live)", seconds=200), NEW, None, None),
        (asked("Slow Tide", version="Acoustic", seconds=200), NEW, None, None),
        (asked("Slow Tide - Instrumental", seconds=200), NEW, None, None),
        (asked("Slow Tide (Inst.)", seconds=200), NEW, None, None),
        (asked("Slow Tide (Otto Remix)", seconds=260), SURE, "t2", None),
        (asked("Slow Tide", version="Otto Remix"), SURE, "t2", None),
        (asked("Slow Tide (Remix)", seconds=260), CONFIRM, "t2", "which version"),
        (asked("Slow Tide (Milo Remix)", seconds=260), NEW, None, None),
        (asked("Slow Tide - Remastered 2011", seconds=200), CONFIRM, "t1", "remaster"),
        (asked("Yesterdays (2011 Remaster)", "Milo", 170), SURE, "t8", None),
        (asked("Yesterdays (2015 Remaster)", "Milo", 170), NEW, None, None),
        (asked("Yesterdays", "Milo", 170), CONFIRM, "t8", "remaster"),
        (asked("Slow Tide - Original Mix", seconds=200), SURE, "t1", None),
        # guests move between title, credit and column
        (asked("Harbour Lights", "Nora Vale feat. Ana", 181), SURE, "t3", None),
        (asked("Harbour Lights", "Nora Vale & Ana", 181), SURE, "t3", None),
        (asked("Harbour Lights", featured=["Ana"], seconds=181), SURE, "t3", None),
        (asked("Harbour Lights", seconds=181), CONFIRM, "t3", "names more artists"),
        (asked("Harbour Lights (feat. Ben)", seconds=181), CONFIRM, "t3", "named differently"),
        # the guests agree, the artists do not
        (asked("Harbour Lights (feat. Ana)", "Quill", 181), NEW, None, None),
        (asked("Nocturne No. 2", "Otto", 150), NEW, None, None),
        (asked("Twice Told", "Milo", 190), CONFIRM, "t6", "more than one track fits"),
        (asked("Theme (From “Storm”)", "Otto", 120), CONFIRM, "t9", "film"),
        # ISRC first
        (asked("Anything", "Nobody", isrc="GB-AYE-24-00001"), CONFIRM, "t1", "another title"),
        (asked("Slow Tide", isrc="gbaye2400001", seconds=90), SURE, "t1", None),
        (asked("Slow Tide (Live)", isrc="GBAYE2400001"), CONFIRM, "t1", "another version"),
        (asked("Slow Tide", isrc="GBAYE2400002"), CONFIRM, "t2", "another version"),
        (asked("Slow Tide", isrc="GBAYE2499999", seconds=200), CONFIRM, "t1", "another ISRC"),
        (asked("", None, isrc="GBAYE2400002"), SURE, "t2", None),  # a statement line
        (asked("Slow Tide", isrc="no isrc", seconds=200), SURE, "t1", None),
        (asked("", "", 200), NEW, None, None),
    ],
)
def test_one_row(row, outcome, track, doubt):
    found = row.rows.row(0, named=True)
    assert (found["outcome"], found["track_id"]) == (outcome, track), found
    assert (found["doubt"] is None) == (doubt is None)
    assert doubt is None or doubt in found["doubt"]


def test_candidates_show_their_parts():
    found = asked("Slow Tide", "Nora Vael", 203).candidates
    one = found.filter(pl.col("track_id") == "t1").row(0, named=True)
    # "nora vael" and "nora vale" share 8 of 9 letters in order: 2 x 8 / 18
    assert one["artist"] == pytest.approx(16 / 18) and one["title"] == 1.0
    assert one["seconds"] == 3.0 and one["version"] == "equal" and one["isrc"] is None
    # .5 title + .3 artist and credit + .1 version + .1 x (1 - 3 s / 30 s)
    assert one["score"] == pytest.approx(0.5 + 0.3 * 16 / 18 + 0.1 + 0.09)
    twice = asked("Twice Told", "Milo").candidates
    assert twice["track_id"].to_list() == ["t6", "t7"] and twice["place"].to_list() == [1, 2]


def test_a_decision_holds_until_it_is_taken_back():
    first = asked("Slow Tde")
    said = first.rows["said"][0]

    def decided(track, same):
        decisions = pl.DataFrame({"said": [said], "track_id": [track], "same": [same]})
        return asked("slow tde", decisions=decisions).rows.row(0, named=True)

    yes = decided("t1", True)
    assert (yes["outcome"], yes["track_id"], yes["decided"]) == (SURE, "t1", True)
    # a person may say what no score would
    assert decided("t4", True)["track_id"] == "t4"
    assert (decided("t1", False)["outcome"], decided(None, False)["outcome"]) == (NEW, NEW)
    assert decided("gone", True)["outcome"] == CONFIRM
    assert asked("slow tde").rows["outcome"].to_list() == [CONFIRM]
    both = pl.DataFrame({"said": [said] * 2, "track_id": ["t4", "t1"], "same": [True, True]})
    assert asked("slow tde", decisions=both).rows["track_id"].to_list() == ["t1"]
    # an ISRC makes it another question
    assert asked("Slow Tde", isrc="GBAYE2400009").rows["said"][0] != said


def test_rows_that_contradict_each_other_are_asked_about():
    rows = pl.DataFrame({"title": ["Slow Tide"] * 2, "artist": ["Milo"] * 2,
                         "isrc": ["GBAYE2400007", "GBAYE2400008"]})  # fmt: skip
    found = matches(rows, TRACKS).rows
    assert found["outcome"].to_list() == [CONFIRM, CONFIRM]
    assert "other ISRCs" in found["doubt"][0]
    lengths = pl.DataFrame({"title": ["Slow Tide"] * 2, "artist": ["Milo"] * 2,
                            "duration_ms": [180_000, 240_000]})  # fmt: skip
    bare = matches(lengths, TRACKS.with_columns(duration_ms=pl.lit(None, pl.Int64))).rows
    assert bare["outcome"].to_list() == [CONFIRM, CONFIRM]
    same = lengths.with_columns(duration_ms=pl.lit(201_000))
    assert matches(same, TRACKS).rows["track_id"].to_list() == ["t5", "t5"]


def test_empty_sides_and_bad_input():
    rows = pl.DataFrame({"title": ["Slow Tide"], "artist": ["Milo"]})
    assert matches(rows, TRACKS.clear()).rows["outcome"].to_list() == [NEW]
    assert matches(rows.clear(), TRACKS).rows.height == 0
    with pytest.raises(BadInput, match="title"):
        matches(rows.drop("title"), TRACKS)
    with pytest.raises(BadInput, match="same id"):
        matches(rows, pl.concat([TRACKS, TRACKS]))


def test_against_nothing_every_row_is_new_in_the_columns_that_others_have():
    with_tracks = asked("Brick Lane")
    frame = pl.DataFrame({"title": ["Brick Lane", "Slow Tide"], "isrc": [None, "GBAYE2400001"]})
    for found in (matches(frame, TRACKS.clear()), matches(frame.clear(), TRACKS)):
        assert found.rows.schema == with_tracks.rows.schema
        assert found.candidates.schema == with_tracks.candidates.schema
        assert found.candidates.is_empty()
    found = matches(frame, TRACKS.clear()).rows
    assert found.select("row", "outcome", "track_id", "decided").rows() == [
        (0, NEW, None, False), (1, NEW, None, False),
    ]  # fmt: skip


LONG = "Dancing in the Moonlight All Night Long"


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        (LONG, SURE),
        (LONG.replace("light All", "lihgt Al"), SURE),
        ("Dancing in the Moon Light All Night Long", SURE),
        ("All Night Long Dancing in the Moonlight", SURE),  # the words in another order
        *((LONG + tail, CONFIRM) for tail in
          (" Live", " Inst.", " You", " (Intro)", " [Kygo]", " (Solo)", " B", " VIP", " Long")),
        (LONG.replace("Night", "Day"), CONFIRM),
        (LONG + " (Inst.)", NEW),
        (LONG + " (Without Vocals)", NEW),
    ],
)  # fmt: skip
def test_a_word_more_is_no_misspelling_however_long_the_title(title, outcome):
    tracks = pl.DataFrame({"track_id": ["t"], "title": [LONG], "artist": ["Otto"],
                           "duration_ms": [200_000]})  # fmt: skip
    rows = tracks.drop("track_id").with_columns(title=pl.lit(title))
    assert matches(rows, tracks).rows["outcome"].to_list() == [outcome]


def test_an_unplugged_version_is_asked_about_and_not_taken_for_any_acoustic_one():
    tracks = pl.DataFrame({"track_id": ["t"], "title": ["Tide (Acoustic)"], "artist": ["Otto"]})
    rows = pl.DataFrame({"title": ["Tide (Unplugged)", "Tide (Acoustic Version)"],
                         "artist": ["Otto", "Otto"]})  # fmt: skip
    assert matches(rows, tracks).rows["outcome"].to_list() == [CONFIRM, SURE]


def test_rules_are_parameters():
    strict = asked("Slow Tde", seconds=201, rules=Rules(title_sure=1.01))
    assert strict.rows["outcome"].to_list() == [CONFIRM]


KINDS = ["", "(Live)", "(Acoustic)", "- Otto Remix", "(Instrumental)", "- Remastered 2011",
         "(Demo)", "(Sped Up)", "[Radio Edit]", "(Karaoke)"]  # fmt: skip
SONG = st.text("abcdefghijklmnop", min_size=3, max_size=12)


@given(SONG, st.booleans())
@settings(deadline=None, max_examples=6)
def test_another_version_is_never_sure(song, timed):
    length = {"duration_ms": 200_000} if timed else {}
    titles = [f"Z{song} {tag}".strip() for tag in KINDS]
    rows = pl.DataFrame([{"title": title, "artist": "Otto", **length} for title in titles])
    tracks = rows.with_columns(track_id=pl.Series(KINDS))
    assert matches(rows, tracks).rows.select("outcome", "track_id").rows() == [
        (SURE, tag) for tag in KINDS
    ]
    for at in range(len(KINDS)):  # each row against every version but its own
        others = matches(rows[[at]], tracks.filter(pl.col("track_id") != KINDS[at]))
        assert others.rows["outcome"][0] != SURE
