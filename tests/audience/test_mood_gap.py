"""Mood gap: a planted wish is found, none is invented, and nothing is told of few people."""

import json

import numpy as np
import polars as pl
import pytest

from tests.audience import wanting
from workbench.audience import mood_gap as module
from workbench.audience import mood_offer, mood_shares
from workbench.audience.mood_cells import EVERYBODY
from workbench.audience.mood_gap import mood_gap
from workbench.audience.mood_hidden import hidden_cells
from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.settings import PROJECT

MEASURES = (
    "listeners",
    "demand",
    "index",
    "offered",
    "gap",
    "gap_low",
    "gap_high",
    "q",
    "plan_gap",
)


@pytest.fixture(scope="module")
def label(wished, tmp_path_factory):
    return wished(tmp_path_factory.mktemp("wished") / "label")


@pytest.fixture(scope="module")
def found(label):
    return mood_gap(label)


def test_the_planted_wish_is_wanted_and_nothing_else(found):
    wanted = found.cells.filter(pl.col("verdict") == "wanted")
    rows = wanted.filter(pl.col("segment") != EVERYBODY).to_dicts()
    assert [row["mood"] for row in rows] == ["joy"]
    # glad songs are one in six; six times as often played that makes 6 of 11
    assert rows[0]["offered"] == pytest.approx(1 / 6, abs=0.05)
    assert rows[0]["demand"] == pytest.approx(6 / 11, abs=0.08)
    assert rows[0]["gap_low"] > 0.1
    assert rows[0]["index"] > 150
    assert set(wanted["mood"]) == {"joy"}
    others = found.cells.filter(
        (pl.col("segment") != rows[0]["segment"]) & (pl.col("segment") != EVERYBODY)
    )
    assert set(others["verdict"]) <= {"noise", "hidden", "few songs"}


def test_the_plan_lacks_it(found):
    row = found.cells.filter((pl.col("mood") == "joy") & (pl.col("verdict") == "wanted"))
    assert row["planned"].to_list() == [0] * row.height
    assert (row["plan_gap_low"] > 0).all()
    assert (found.planned, found.plan_scored) == (6, 6)
    moods = {row["mood"]: row for row in found.moods.to_dicts()}
    assert moods["joy"]["songs"] == 12
    assert moods["sadness"]["planned"] == 3
    assert not moods["hope"]["judged"]
    assert moods["longing"]["share"] is None


def test_what_is_not_on_offer_is_not_judged(found):
    absent = found.cells.filter(songs=0)
    assert absent.height
    assert set(absent["verdict"]) == {"few songs"}
    assert not absent["hidden"].any()
    assert absent.select(MEASURES).null_count().row(0) == (absent.height,) * len(MEASURES)


def test_without_a_wish_nothing_is_wanted(tmp_path, monkeypatch):
    found = mood_gap(wanting.made(tmp_path / "even", wanting.wanting(wish=1.0), monkeypatch))
    assert "wanted" not in found.cells["verdict"].to_list()
    assert found.cells["q"].min() > 0.05


def test_counts_and_shares_of_people_are_rounded(label, found):
    assert (found.segments["listeners"] % 5 == 0).all()
    shown = found.cells.drop_nulls("gap")
    assert (shown["listeners"] % 5 == 0).all()
    assert (shown["index"].drop_nulls() % 5 == 0).all()
    for name in ("demand", "offered", "gap", "gap_low", "plan_gap"):
        steps = (shown[name] / module.STEP).to_numpy()
        assert np.abs(steps - np.rint(steps)).max() < 1e-6
    exact = mood_gap(label, min_group=1).cells
    steps = (exact.drop_nulls("gap")["gap"] / module.STEP).to_numpy()
    assert np.abs(steps - np.rint(steps)).max() > 0.01


@pytest.mark.parametrize("few", [0, 1, 9])
def test_a_mood_that_few_played_is_hidden_and_does_not_follow_from_the_rest(few):
    moods = ("joy", "sadness", "anger", "fear")
    songs = pl.DataFrame(
        {
            "song": range(16),
            "artist_id": [f"a{n // 4}" for n in range(16)],
            "mood": [moods[n % 4] for n in range(16)],
            "weight": [1.0] * 16,
        }
    )
    heard = pl.DataFrame(
        [
            (f"l{person:02d}", person % 2, song, 1.0)
            for person in range(80)
            for song in range(16)
            if moods[song % 4] != "joy" or person % 2 or person < 2 * few
        ],
        schema=["listener_id", "segment", "song", "share"],
        orient="row",
    ).with_columns(pl.col("share") / pl.col("share").sum().over("listener_id"))
    segments = module._segments(heard, {0: "Few", 1: "Many"}, 10)
    offer = module._moods(songs, songs.head(0))
    cells, hidden = module._cells(heard, songs, offer, segments, 10, 0)
    own = cells.filter(pl.col("hidden"))
    # of two clusters both have to go, and with them their sum
    assert hidden == own.height == 6
    assert set(own["segment"]) == {0, 1, EVERYBODY}
    assert own["mood"].to_list().count("joy") == 3
    assert set(own["verdict"]) == {"hidden"}
    measures = own.select(MEASURES)
    assert measures.null_count().row(0) == (6,) * len(MEASURES)


def test_a_hidden_cluster_follows_neither_from_its_moods_nor_from_all_clusters():
    sizes = {0: (4, 40, 30, 60), 1: (50, 60, 70, 80), 2: (45, 25, 90, 95), EVERYBODY: (99,) * 4}
    counts = pl.DataFrame(
        [(s, mood, n) for s, row in sizes.items() for mood, n in zip("abcd", row, strict=True)],
        schema=["segment", "mood", "exact"],
        orient="row",
    )
    hidden = hidden_cells(counts, 10).filter("hidden")
    cells = set(hidden.select("segment", "mood").iter_rows())
    assert (0, "a") in cells
    clusters = [cell for cell in cells if cell[0] != EVERYBODY]
    for place in (0, 1):
        held = [cell[place] for cell in clusters]
        assert all(held.count(key) >= 2 for key in held)
    assert len(clusters) < 12
    assert hidden_cells(counts, 1)["hidden"].sum() == 0
    all_small = counts.with_columns(exact=pl.when(pl.col("mood") == "a").then(3).otherwise("exact"))
    shown = hidden_cells(all_small, 10).filter(mood="a")
    assert shown["hidden"].all()


def test_clusters_of_few_listeners_are_left_out(label):
    with pytest.raises(NotEnoughEvidence, match="No Taste cluster has 100 listeners"):
        mood_gap(label, min_group=100)


def test_keys_are_unique_and_the_answer_repeats(label, found):
    assert found.cells.select("segment", "mood").is_unique().all()
    again = mood_gap(label)
    assert again.cells.equals(found.cells)


def test_the_method_finds_what_was_planted_in_the_sample():
    """With the moods and the groups as planted; with scored moods see docs/methods.md."""
    truth = PROJECT / "sample_data" / "truth"
    groups = json.loads((truth / "groups.json").read_text(encoding="utf-8"))["groups"]
    planted = pl.read_parquet(truth / "release_curves.parquet").select("track_id", "mood")
    wished = [mood for group in groups for mood in group["moods"]]
    moods = tuple(dict.fromkeys(wished))
    view = open_dataset("sample").view(["plays", "tracks"])
    first = max(entry.last for entry in view.entries("plays"))
    until = module.datetime.date.fromisoformat(first)
    since = until - module.datetime.timedelta(days=364)
    out, _, _ = mood_offer.songs(view, planted.filter(pl.col("mood").is_in(moods)), until)
    plays = mood_offer.recent(view, since)
    songs, _ = mood_offer.weighted(plays, out, since, until)
    number = {group["name"]: n for n, group in enumerate(groups)}
    people = pl.read_parquet(truth / "taste.parquet").select(
        "listener_id", segment=pl.col("group").replace_strict(number, return_dtype=pl.Int64)
    )
    heard = module._heard(plays, songs, people)
    played = np.zeros((len(groups), songs.height))
    for (group,), part in heard.group_by("segment"):
        played[group] = np.bincount(part["song"], part["share"], songs.height)
        played[group] /= part["listener_id"].n_unique()
    arrays = mood_shares.Songs(
        songs["artist_id"].rank("dense").to_numpy().astype(int) - 1,
        songs["mood"].replace_strict({m: n for n, m in enumerate(moods)}).to_numpy().astype(int),
        songs["weight"].to_numpy(),
        len(moods),
    )
    gaps = np.subtract(*mood_shares.played_and_offered(played, arrays))
    p = mood_shares.by_chance(gaps, mood_shares.shuffled_gaps(played, arrays))
    wanted = np.array([[mood in group["moods"] for mood in moods] for group in groups])
    sure = p <= 0.005
    assert sure.sum() >= 4
    assert ((gaps > 0) == wanted)[sure].all()
