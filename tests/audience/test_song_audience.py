"""Who listens to a song: shares and over-index by hand, small groups, what cannot be said."""

import datetime

import polars as pl
import pytest

from tests import labels
from tests.audience.conftest import catalogue, plays, written
from tests.audience.planted import GENRES, as_counts, planted
from workbench.audience import clusters as clustering
from workbench.audience.segments import clusters
from workbench.audience.song_audience import song_audience
from workbench.dataset import make
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence

LAST = datetime.date(2026, 10, 30)
QUIET = {"progress": lambda done, total, text: None}


def audience(markets: dict[str | None, tuple[int, int]]) -> dict[str, pl.DataFrame]:
    """Return tables where (heard, people) of each market streamed song t-a, and all t-b."""
    people = [
        (f"{country}{n:03d}", country, n < heard)
        for country, (heard, everybody) in markets.items()
        for n in range(everybody)
    ]
    rows = [(who, "b", LAST, "library") for who, _, _ in people]
    rows += [(who, "a", LAST, "library") for who, _, heard in people if heard]
    return {
        **catalogue(["a", "b", "c"]),
        "plays": plays(rows),
        "listeners": pl.DataFrame(
            {"listener_id": [p[0] for p in people], "country": [p[1] for p in people]},
            schema_overrides={"country": pl.String},
        ),
    }


@pytest.fixture(scope="module")
def planted_label(tmp_path_factory):
    """Return four planted groups, clustered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4, 5))
        patch.setattr(clustering, "RESAMPLES", 3)
        made = written(tmp_path_factory.mktemp("label"), **planted())
        make(made, "segments", lambda *_: None)
        yield made


def test_markets_by_hand(label_of):
    found = song_audience(label_of(**audience({"DE": (30, 60), "FR": (10, 40)})), track_id="t-a")
    assert (found.listeners, found.population, found.hidden) == (40, 100, 0)
    assert found.until == LAST
    german, french = found.markets.to_dicts()
    assert (german["country"], german["listeners"]) == ("DE", 30)
    assert (german["share"], german["all_share"]) == (0.75, 0.6)
    # A prior worth 20 listeners: (30 + 20 x .6) / (40 + 20) over .6, and (10 + 20 x .4) / 60 / .4.
    assert german["index"] == pytest.approx(100 * 42 / 60 / 0.6)
    assert french["index"] == pytest.approx(100 * 18 / 60 / 0.4)
    for row in (german, french):
        assert row["low"] < row["index"] < row["high"]
    assert found.clusters.is_empty()


def test_only_the_last_days_and_only_streams_count(tmp_path):
    # On the last day those whose step divides 111 play: 1, 6, 11 (tr-2), 16, 21, 26 (tr-3).
    label = labels.opened(tmp_path)
    found = song_audience(label, track_id="tr-2", days=1, min_group=1)
    assert (found.listeners, found.population) == (3, 6)
    assert found.since == found.until == labels.day(111)
    shown = found.markets.select("country", "listeners", "share", "all_share").rows()
    assert shown == [("US", 3, 1.0, 4 / 6), ("DE", 0, 0.0, 2 / 6)]
    # Six people carry no verdict.
    assert found.markets["index"].null_count() == 2
    with pytest.raises(NotEnoughEvidence, match="Fewer than 10 listeners"):
        song_audience(label, track_id="tr-2", days=1)
    # On day 104 only steps 2 and 4 play, and 104 ends in 4: plays of 12 seconds.
    week = song_audience(label, track_id="tr-2", days=8, min_group=1)
    assert week.since == labels.day(104)
    streamed = labels.plays().filter(
        (pl.col("ms_played") >= 30_000) & (pl.col("played_at") >= labels.moment(104, 0))
    )
    assert week.population == streamed["listener_id"].n_unique()


def test_a_small_group_is_hidden_with_the_next_smallest(label_of):
    tables = audience({"DE": (40, 80), "FR": (20, 60), "GB": (12, 30), "US": (3, 30)})
    found = song_audience(label_of(**tables), track_id="t-a")
    assert found.hidden == 2
    assert found.markets["country"].to_list() == ["DE", "FR", "GB", "US"]
    closed = found.markets.filter("hidden")
    assert closed["country"].to_list() == ["GB", "US"]
    assert all(closed[name].null_count() == 2 for name in closed.columns[1:-1])
    # 15 hidden listeners: the small market may hold from none to nine.
    assert found.listeners - found.markets["listeners"].sum() == 15


def test_counts_in_fives_keep_those_who_did_not_hear_it(label_of):
    tables = audience({"DE": (41, 83), "FR": (30, 60), "NL": (28, 29)})
    label = label_of(**tables)
    found = song_audience(label, track_id="t-a")
    assert found.hidden == 0
    shown = dict(found.markets.select("country", "listeners").iter_rows())
    assert shown == {"DE": 40, "FR": 30, "NL": 30}
    dutch = found.markets.row(by_predicate=pl.col("country") == "NL", named=True)
    assert (dutch["share"], dutch["all_share"]) == (30 / 99, 30 / 172)
    exact = song_audience(label, track_id="t-a", min_group=1).markets
    assert exact["listeners"].to_list() == [41, 30, 28]
    # Whether it differs is decided on what was counted, not on what is shown.
    assert exact["apart"].to_list() == [
        found.markets.row(by_predicate=pl.col("country") == c, named=True)["apart"]
        for c in exact["country"]
    ]


def test_listeners_of_unknown_home_are_counted(label_of):
    found = song_audience(
        label_of(**audience({"DE": (30, 60), None: (20, 40), "FR": (10, 40)})), track_id="t-a"
    )
    assert dict(found.markets.select("country", "listeners").iter_rows()) == {
        "DE": 30, "not known": 20, "FR": 10,
    }  # fmt: skip
    assert found.markets["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("without", ["listeners", "countries"])
def test_without_countries_there_are_no_markets(label_of, without):
    tables = audience({None: (30, 60)})
    if without == "listeners":
        del tables["listeners"]
    found = song_audience(label_of(**tables), track_id="t-a")
    assert found.listeners == 30
    assert found.markets.is_empty()


def test_clusters_are_those_of_taste_clusters(planted_label):
    found = song_audience(planted_label, track_id="t-a00", min_group=1)
    names = dict(clusters(planted_label, min_group=1).cards.select("segment", "name").iter_rows())
    named = dict(
        found.clusters.filter(pl.col("segment") >= 0).select("segment", "name").iter_rows()
    )
    assert named == names
    fit = planted_label.view(["segments"]).fit("segments")
    own = fit.arrays["labels"][:, fit.meta["offered"].index(fit.meta["chosen"])]
    heard = set(planted()["plays"].filter(track_id="t-a00")["listener_id"])
    stands = zip(fit.frames["listeners"]["listener_id"], own, strict=True)
    inside = [int(segment) for who, segment in stands if who in heard]
    for segment, listeners in found.clusters.select("segment", "listeners").iter_rows():
        assert listeners == inside.count(segment)
    assert found.listeners == len(heard) == found.clusters["listeners"].sum()
    assert found.population == 320


def test_the_planted_group_stands_out(planted_label):
    found = song_audience(planted_label, track_id="t-a00")
    top = found.clusters.sort("index", descending=True, nulls_last=True).row(0, named=True)
    assert top["name"].split(" · ")[0] == GENRES["a00"]
    assert top["apart"]
    assert top["low"] > 100


@pytest.mark.parametrize("min_group", [10, 25])
def test_nothing_shown_is_small(planted_label, min_group):
    for artist in range(0, 20, 3):
        found = song_audience(planted_label, track_id=f"t-a{artist:02d}", min_group=min_group)
        for frame in (found.clusters, found.markets):
            shown = frame.filter(~pl.col("hidden"))
            assert (shown["listeners"] >= min_group).all()
            assert (shown["listeners"] % 5 == 0).all()
            assert frame["hidden"].sum() != 1
        assert found.hidden == found.clusters["hidden"].sum() + found.markets["hidden"].sum()


def test_another_number_of_clusters(planted_label):
    found = song_audience(planted_label, track_id="t-a00", count=3, min_group=1)
    assert set(found.clusters["segment"]) - {-1} == {0, 1, 2}
    with pytest.raises(BadInput, match="from 3 to 5"):
        song_audience(planted_label, track_id="t-a00", count=9)


def test_too_few_for_clusters_still_gives_markets(tmp_path):
    label = labels.opened(tmp_path)
    make(label, "segments", **QUIET)
    found = song_audience(label, track_id="tr-1")
    assert found.clusters.is_empty()
    # 18, 23 and 28 play Ada where day + number divides by five: never, on their days.
    assert found.listeners == 25  # of 27, in fives


def test_a_song_to_come_says_what_answers_instead(tmp_path):
    label = labels.opened(tmp_path)
    with pytest.raises(NotEnoughEvidence, match=r"planned for 20 November 2026\. .*Potential"):
        song_audience(label, track_id="tr-4")


def test_a_song_that_nobody_heard_is_not_called_planned(label_of):
    label = label_of(**audience({"DE": (30, 60)}))
    with pytest.raises(NotEnoughEvidence, match="Nobody in the panel") as said:
        song_audience(label, track_id="t-c")
    assert "planned" not in str(said.value)


def test_what_cannot_be_asked(label_of):
    with pytest.raises(BadInput, match="no track"):
        song_audience(label_of(**audience({"DE": (30, 60)})), track_id="t-z")
    with pytest.raises(MissingTable, match="listener, track and time"):
        song_audience(label_of(**catalogue(["a"]) | as_counts(planted(80))), track_id="t-a")


def test_same_question_same_answer(planted_label):
    one, two = (song_audience(planted_label, track_id="t-a07") for _ in range(2))
    assert one.clusters.equals(two.clusters)
    assert one.markets.equals(two.markets)
