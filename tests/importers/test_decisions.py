"""Decisions on recordings in doubt: kept, applied to later files, and undone with their effect."""

import bringing
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from workbench.catalogue.matching import DECISIONS
from workbench.dataset import open_dataset
from workbench.errors import BadInput, ReadOnly
from workbench.importers import decided_rows, decisions, history, run, undoing

CATALOGUE = (
    "track_id,title,version,artist_id,status,isrc,release_date\n"
    "t1,Slow Tide,,a1,released,GBAYE2400001,2024-05-01\n"
    "t2,Slow Tide,Live,a1,released,,2024-06-01\n"
    "t6,Twice Told,,a2,released,,2024-05-01\n"
    "t7,Twice Told,,a2,released,,2024-05-02\n"
)
ARTISTS = "artist_id,name\na1,Nora Vale\na2,Milo\n"
SCROBBLES = "uts,artist,album,track\n"
SPELT = "Nora Vale,,Slow Tde"  # one letter short of t1


def again(label):
    return open_dataset(str(label.folder), rows=True)


@pytest.fixture
def label(holding, tmp_path):
    return again(holding(tmp_path / "label", CATALOGUE, ARTISTS))


def history_of(*lines: str, first: int = 1782864000) -> str:
    """Return a Last.fm table, one play an hour."""
    return SCROBBLES + "".join(f"{first + 3600 * n},{one}\n" for n, one in enumerate(lines))


def planned(label, *lines: str, **options) -> run.Planned:
    return bringing.planned(again(label), history_of(*lines, **options), answers={"listener": "me"})


def stored(label, *lines: str, **options) -> run.Planned:
    plan = planned(label, *lines, **options)
    run.store([plan], again(label))
    return plan


def doubts(plan: run.Planned) -> pl.DataFrame:
    return plan.understood.sheet.doubtful


def said(label, plan: run.Planned, answer: str, place: int = 0) -> str:
    """Answer one question of a plan; return its key."""
    key = doubts(plan)["decision"].unique(maintain_order=True)[place]
    decisions.decide(again(label), doubts(plan), {key: answer}, plan.source.name)
    return key


def content(label) -> set:
    return {(e.table, e.hash, e.source, e.period) for e in again(label).manifest.slices}


def tracks_played(label) -> dict[str, int]:
    counted = again(label).table("plays").group_by("track_id").len()
    return dict(counted.sort("track_id").iter_rows())


def test_what_is_asked_stands_beside_what_it_may_be(label):
    one = doubts(planned(label, SPELT, SPELT, "Milo,,Twice Told"))
    shown = one.select("title", "artist", "rows", "track_id", "of_title", "of_artist", "of_isrc")
    assert shown.rows() == [
        ("Slow Tde", "Nora Vale", 2, "t1", "Slow Tide", "Nora Vale", "GBAYE2400001"),
        ("Twice Told", "Milo", 1, "t6", "Twice Told", "Milo", None),
        ("Twice Told", "Milo", 1, "t7", "Twice Told", "Milo", None),
    ]
    assert one["doubt"].to_list() == [
        "the title is spelt differently", *["more than one track fits"] * 2
    ]  # fmt: skip


def test_the_same_takes_the_rows_now_and_of_later_files(label):
    plan = planned(label, SPELT, "Milo,,Other")
    assert next(one.rejected for one in plan.settled) == 1
    said(label, plan, "t1")
    now = stored(label, SPELT, "Milo,,Other")
    assert doubts(now).is_empty()
    assert tracks_played(label) == {"name:Milo · Other": 1, "t1": 1}
    stored(label, "Nora Vale,,slow tde", first=1782950400)
    assert tracks_played(label) == {"name:Milo · Other": 1, "t1": 2}


def test_another_recording_is_made_and_known_from_then_on(label):
    said(label, planned(label, SPELT), decisions.ANOTHER)
    stored(label, SPELT)
    own = "name:Nora Vale · Slow Tde"
    assert tracks_played(label) == {own: 1}
    assert again(label).table("tracks").filter(pl.col("track_id") == own)["artist_id"][0] == "a1"
    later = stored(label, SPELT, first=1782950400)
    assert doubts(later).is_empty()
    assert tracks_played(label) == {own: 2}


def test_one_of_two_that_fit_can_be_chosen(label):
    said(label, planned(label, "Milo,,Twice Told"), "t7")
    stored(label, "Milo,,Twice Told")
    assert tracks_played(label) == {"t7": 1}


def test_decisions_are_listed_with_who_and_what(label, monkeypatch):
    monkeypatch.setenv("WORKBENCH_USER", "grace")
    from workbench.settings import settings as ours

    ours.cache_clear()
    plan = planned(label, SPELT, "Milo,,Twice Told")
    first = said(label, plan, "t1")
    second = said(label, plan, decisions.ANOTHER, 1)
    listed = decisions.listed(label)
    assert listed.columns == ["at", "user", "file", "recording", "answer", "decision"]
    assert listed.drop("at").rows() == [
        ("grace", "file.csv", "Twice Told – Milo", "is not Twice Told – Milo", second),
        ("grace", "file.csv", "Slow Tde – Nora Vale", "is Slow Tide – Nora Vale", first),
    ]
    ours.cache_clear()


def test_undoing_takes_back_the_rows_and_asks_again(label):
    before = stored(label, SPELT, "Milo,,Other")
    standing = content(label)
    key = said(label, before, "t1")
    after = planned(label, SPELT, "Milo,,Other")
    assert decided_rows.stale(again(label), after)
    stored(label, SPELT, "Milo,,Other")
    assert not decided_rows.stale(again(label), after)
    assert undoing.effect(again(label), key).tables.rows() == [("plays", 1, 0)]
    assert undoing.undo(again(label), key) == 1
    assert content(label) == standing
    assert decisions.listed(label).is_empty()
    assert doubts(planned(label, SPELT)).height == 1
    assert not decided_rows.stale(again(label), before)


def test_undoing_another_takes_the_track_and_all_that_was_stored_for_it(label):
    before = content(label)
    key = said(label, planned(label, SPELT), decisions.ANOTHER)
    stored(label, SPELT)
    stored(label, SPELT, "Nora Vale,,Slow Tide", first=1788134400)  # sure of the new track by now
    lyric = "track_id,source,text\nname:Nora Vale · Slow Tde,own,Slow\nt1,own,Tide\n"
    bringing.brought(again(label), lyric)
    effect = undoing.effect(again(label), key)
    assert effect.tracks == ("Slow Tde",)
    assert effect.tables.rows() == [("lyrics", 1, 1), ("plays", 2, 1), ("tracks", 1, 0)]
    assert undoing.undo(again(label), key) == 4
    assert tracks_played(label) == {"t1": 1}
    assert again(label).table("lyrics")["track_id"].to_list() == ["t1"]
    assert set(again(label).table("tracks")["track_id"]) == {"t1", "t2", "t6", "t7"}
    tables = {table for table, *_ in content(label) - before}
    assert tables == {"plays", "lyrics"}


def test_a_new_artist_goes_with_the_last_track(label):
    before = content(label)
    key = said(label, planned(label, "Nora Vael,,Slow Tide"), decisions.ANOTHER)
    stored(label, "Nora Vael,,Slow Tide", "Nora Vael,,Whole Other Song")
    assert "name:Nora Vael" in again(label).table("artists")["artist_id"]
    undoing.undo(again(label), key)
    assert "name:Nora Vael" in again(label).table("artists")["artist_id"], "of the other song"
    history.undo(again(label), next(iter({s for *_, s, _ in content(label) - before})))
    assert content(label) == before
    stored(label, "Nora Vale,,Slow Tide")
    held = content(label)
    key = said(label, planned(label, "Nora Vael,,Slow Tide"), decisions.ANOTHER)
    stored(label, "Nora Vael,,Slow Tide", first=1788134400)
    undoing.undo(again(label), key)
    assert content(label) == held


def test_plays_that_share_a_month_with_other_imports_are_told_apart(label):
    stored(label, "Nora Vale,,Slow Tide", first=1782864000)
    held = again(label).table("plays")
    key = said(label, planned(label, SPELT), "t1")
    stored(label, SPELT, SPELT, first=1782900000)
    assert tracks_played(label) == {"t1": 3}
    assert undoing.undo(again(label), key) == 2
    assert again(label).table("plays").equals(held)


def test_a_row_that_an_undecided_one_says_too_stays(label):
    """Two names of one song: the day stands by the sure name, whatever is decided on the other."""
    stored(label, SPELT)
    key = said(label, planned(label, SPELT), "t1")
    twice = SCROBBLES + f"1782864000,{SPELT}\n1782864000,Nora Vale,,Slow Tide\n"
    plan = bringing.planned(again(label), twice, answers={"listener": "me"})
    run.store([plan], again(label))
    assert undoing.undo(again(label), key) == 0
    assert tracks_played(label) == {"t1": 1}


def test_an_import_that_was_taken_back_has_nothing_left_to_undo(label):
    key = said(label, planned(label, SPELT), "t1")
    plan = stored(label, SPELT)
    history.undo(again(label), plan.report.source)
    assert undoing.effect(again(label), key).tables.is_empty()
    assert undoing.undo(again(label), key) == 0


@pytest.mark.parametrize(
    ("asked", "answer", "words"),
    [("nothing", "t1", "No recording of this file"), (None, "t99", "There is no track “t99”")],
)
def test_answers_that_mean_nothing_are_refused_whole(label, asked, answer, words):
    one = doubts(planned(label, SPELT))
    key = asked or one["decision"][0]
    with pytest.raises(BadInput, match=words):
        decisions.decide(label, one, {one["decision"][0]: answer, key: answer}, "file.csv")
    assert decisions.given(label).is_empty()
    with pytest.raises(BadInput, match="No decision is called"):
        undoing.undo(label, key)


def test_the_sample_takes_no_decisions(label, home):
    sample = open_dataset("sample")
    with pytest.raises(ReadOnly):
        decisions.decide(sample, doubts(planned(label, SPELT)), {"x": "t1"}, "file.csv")
    assert decisions.given(sample).schema == DECISIONS


def test_the_same_isrc_kept_apart_is_another_track(label):
    """A statement's remix with the song's ISRC must not get the id that the song has."""
    sheet = "isrc,title,artist\nGBAYE2400009,Night Bus,Nora Vale\n"
    bringing.brought(again(label), sheet)
    remix = sheet.replace("Night Bus", "Night Bus (Remix)")
    plan = bringing.planned(again(label), remix)
    assert doubts(plan)["track_id"].to_list() == ["GBAYE2400009"]
    said(label, plan, decisions.ANOTHER)
    run.store([bringing.planned(again(label), remix)], again(label))
    rows = again(label).table("tracks").filter(pl.col("isrc") == "GBAYE2400009").sort("title")
    assert rows.select("track_id", "title").rows() == [
        ("GBAYE2400009", "Night Bus"),
        ("name:Nora Vale · Night Bus (Remix)", "Night Bus (Remix)"),
    ]
    for title, track in (("Night Bus", 0), ("Night Bus (Remix)", 1)):
        later = bringing.planned(again(label), sheet.replace("Night Bus", title) + "\n")
        assert doubts(later).is_empty()
        assert later.understood.sheet.frame["→ track"].to_list() == [rows["track_id"][track]]


LINES = st.lists(
    st.sampled_from([SPELT, "Milo,,Twice Told", "Nora Vale,,Slow Tide", "Milo,,Other",
                     "Nora Vael,,Slow Tide", "Nora Vale,,Slow Tide (Live)"]),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(lines=LINES, other=LINES, answers=st.lists(st.integers(0, 2), min_size=3, max_size=3))
@example(lines=[SPELT, SPELT], other=["Nora Vale,,Slow Tide"], answers=[1, 0, 0])
def test_decide_and_undo_leave_all_as_before(tmp_path_factory, lines, other, answers):
    label = bringing.empty_label(tmp_path_factory.mktemp("undone") / "label")
    bringing.brought(label, CATALOGUE)
    bringing.brought(label, ARTISTS)
    stored(label, *other, first=1782867600)
    plan = stored(label, *lines)
    before = {
        name: again(label).table(name).sort(pl.all())
        for name in ("plays", "tracks", "artists")
    }  # fmt: skip
    asked = doubts(plan).unique("decision", maintain_order=True)
    decided = []
    for (key, track), answer in zip(asked.select("decision", "track_id").rows(), answers,
                                    strict=False):  # fmt: skip
        if answer:
            says = {key: track if answer == 1 else decisions.ANOTHER}
            decisions.decide(again(label), doubts(plan), says, "file.csv")
            decided.append(key)
    now = stored(label, *lines)
    assert set(doubts(now)["decision"]).isdisjoint(decided)
    for key in decided:
        undoing.undo(again(label), key)
    for name, rows in before.items():
        assert again(label).table(name).sort(pl.all()).equals(rows), name
    assert doubts(planned(label, *lines)).equals(doubts(plan))


def test_what_a_sheet_changed_in_a_known_track_is_put_back(label):
    before = again(label).table("tracks")
    sheet = "title,artist,release date,genre\nSlow Tde,Nora Vale,2024-05-09,folk\n"
    plan = bringing.planned(again(label), sheet)
    key = said(label, plan, "t1")
    for _ in range(2):  # the same file again must not forget what stood before
        run.store([bringing.planned(again(label), sheet)], again(label))
    assert again(label).table("tracks")["genre"].drop_nulls().to_list() == ["folk"]
    assert undoing.effect(again(label), key).tables.is_empty()
    assert len(undoing.effect(again(label), key).changed) == 1
    # a cell that a later sheet changed stays as that one has it
    newer = "title,artist,genre\nSlow Tide,Nora Vale,rock\n"
    run.store([bringing.planned(again(label), newer)], again(label))
    undoing.undo(again(label), key)
    after = again(label).table("tracks").sort("track_id")
    rock = pl.when(pl.col("track_id") == "t1").then(pl.lit("rock")).alias("genre")
    assert after.equals(before.sort("track_id").with_columns(rock))


def test_rows_that_would_stand_without_the_decision_stay(label):
    """The label learns the recording from elsewhere: later files would be sure of it anyway."""
    key = said(label, planned(label, SPELT), decisions.ANOTHER)
    bringing.brought(again(label), CATALOGUE.splitlines()[0] + "\nown,Slow Tde,,a1,released,,\n")
    stored(label, SPELT)
    assert tracks_played(label) == {"own": 1}
    assert undoing.undo(again(label), key) == 0
    assert tracks_played(label) == {"own": 1}


def test_a_file_that_contradicts_itself_is_decided_and_undone(label):
    """Two ISRCs for one track: each is in doubt because of the other."""
    sheet = (
        "isrc,title,artist,genre\n"
        "GBAYE2400007,Twice Known,Milo,folk\n"
        "GBAYE2400008,Twice Known,Milo,rock\n"
    )
    known = CATALOGUE.splitlines()[0] + "\nk1,Twice Known,,a2,released,,\n"
    bringing.brought(again(label), known)
    plan = bringing.planned(again(label), sheet)
    assert doubts(plan)["doubt"].unique().to_list() == ["this file has other ISRCs for this track"]
    before = content(label)
    keys = [said(label, plan, decisions.ANOTHER, 0), said(label, plan, decisions.ANOTHER, 1)]
    run.store([bringing.planned(again(label), sheet)], again(label))
    made = again(label).table("tracks").filter(pl.col("title") == "Twice Known")
    assert set(made["track_id"]) == {"k1", "GBAYE2400007", "GBAYE2400008"}
    for key in keys:
        assert undoing.undo(again(label), key) == 1
    assert content(label) == before


def test_recordings_of_one_file_can_be_told_to_be_one(label):
    """The file makes one of them itself, so the label does not know it yet."""
    sheet = "isrc,title,artist\nGBAYE2400007,Glass Coast,Nora Vale\n,Glas Coast,Nora Vale\n"
    plan = bringing.planned(again(label), sheet)
    assert doubts(plan).select("title", "track_id", "of_title").rows() == [
        ("Glas Coast", "GBAYE2400007", "Glass Coast")
    ]
    before = content(label)
    key = said(label, plan, "GBAYE2400007")
    run.store([bringing.planned(again(label), sheet)], again(label))
    assert again(label).table("tracks").filter(pl.col("isrc") == "GBAYE2400007").height == 1
    assert undoing.undo(again(label), key) == 0
    assert {table for table, *_ in content(label) - before} == {"tracks"}
    # the next file says the wrong name alone, and is asked about again
    assert doubts(planned(label, "Nora Vale,,Glas Coast")).height == 1
