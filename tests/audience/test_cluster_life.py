"""Clusters over time, beside recency, frequency and value, and in words: planted and counted."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.audience.conftest import catalogue, moment, plays, written
from tests.audience.planted import ARTISTS, GENRES
from workbench.analysis import Filters
from workbench.audience import clusters as clustering
from workbench.audience.persistence import persistence
from workbench.audience.personas import persona
from workbench.audience.rfv import rfv
from workbench.audience.segments import clusters
from workbench.dataset import make, open_dataset
from workbench.errors import NotEnoughEvidence

TODAY = datetime.date(2026, 10, 30)
MOVERS, EACH = 20, 50


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    """Four groups of fifty with a genre each, two periods of ten streams; twenty change genre.

    Only group 0 streamed in the last 28 days. Every second one of group 1 bought twice.
    """
    draw = np.random.default_rng(2)
    rows = []
    for i in range(4 * EACH):
        group, mover = i % 4, i % 4 == 0 and i < 4 * MOVERS
        for first, genre in ((120, group), (1 if group == 0 else 40, 1 if mover else group)):
            for _ in range(12):
                artist = ARTISTS[genre * 5 + int(draw.integers(5))]
                rows.append((f"l{i:03d}", artist, ago(first + int(draw.integers(20))), "library"))
    rows += [("l000", ARTISTS[0], TODAY, "library"), ("l000", ARTISTS[0], ago(167), "library")]
    buyers = [f"l{i:03d}" for i in range(1, 4 * EACH, 8)]
    bought = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(2 * len(buyers))],
            "line": [1] * 2 * len(buyers),
            "listener_id": buyers * 2,
            "quantity": [1] * 2 * len(buyers),
            "amount": [20.0] * 2 * len(buyers),
            "currency": ["EUR"] * 2 * len(buyers),
            "purchased_at": [moment(ago(9))] * 2 * len(buyers),
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 4)))
    folder = tmp_path_factory.mktemp("life") / "label"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (4,))
        patch.setattr(clustering, "RESAMPLES", 2)
        made = written(folder, **catalogue(ARTISTS, GENRES), plays=plays(rows), purchases=bought)
        make(made, "segments", lambda *_: None)
    return open_dataset(str(folder))


def by_genre(label) -> dict[str, int]:
    """Return the number of the cluster of each genre."""
    names = clusters(label).cards.select("name", "segment").iter_rows()
    return {name.split(" · ")[0]: number for name, number in names}


def test_who_moves_between_clusters_is_counted(label):
    found = persistence(label)
    (period,) = found.periods.to_dicts()
    assert (period["day"], period["people"]) == (TODAY, 200)
    # Twenty of two hundred left; their streams dealt out anew stand between two clusters.
    assert period["stayed"] == pytest.approx(0.9, abs=0.001)
    assert period["low"] < period["stayed"] < period["high"]
    at = by_genre(label)
    whole = persistence(label, min_group=1)
    flow = {(r["segment"], r["to"]): r for r in whole.flows.to_dicts()}
    moved = flow[at["genre0"], at["genre1"]]
    assert (moved["moves"], moved["share"]) == (20, pytest.approx(0.4))
    few = persistence(label, min_group=21)
    assert few.flows.filter(segment=at["genre0"], to=at["genre1"])["moves"].item() is None
    assert few.periods["stayed"].item() is None
    with pytest.raises(NotEnoughEvidence, match="168 days"):
        persistence(label, filters=Filters(until=ago(60)))


def test_recent_and_buying_clusters_are_told_apart(label):
    rows = {(r["segment"], r["key"]): r for r in rfv(label).rows.to_dicts()}
    at = by_genre(label)
    recent = rows[at["genre0"], "28 days"]
    assert recent["apart"]
    assert recent["index"] > 150
    assert rows[at["genre2"], "28 days"]["count"] is None  # nobody, which nobody is told
    bought = rows[at["genre1"], "2 orders or more"]
    assert (bought["count"], bought["apart"]) == (25, True)
    assert rows[at["genre3"], "2 orders or more"]["count"] is None
    assert (
        rows[at["genre1"], "1 order"]["count"] is None if (at["genre1"], "1 order") in rows else 1
    )


def test_a_persona_says_what_the_card_says_and_nothing_hidden(label):
    found = clusters(label)
    told = {}
    for row in found.cards.to_dicts():
        own = found.traits.filter(segment=row["segment"])
        told[row["name"]] = persona(row, own, found.currency)
        hidden = own.filter("hidden")["name"].to_list()
        assert not [name for name in hidden if name in told[row["name"]]]
    first = next(text for name, text in told.items() if name.startswith("genre1"))
    assert first.startswith("Every fourth listener. ")
    assert "play genre1 most, of everybody 25 %" in first
    assert first.endswith("24 streams each.")  # the only buyers: their number would tell of others
    alone = {**found.cards.row(0, named=True), "hidden": True}
    assert persona(alone, found.traits, "EUR") == ""


def test_a_persona_of_a_small_group_names_no_single_listeners_artist(label):
    """A favourite of fewer than a group is hidden, so no sentence can say it."""
    found = clusters(label, min_group=40)
    for row in found.cards.to_dicts():
        own = found.traits.filter(segment=row["segment"])
        text = persona(row, own, found.currency)
        shown = own.filter(~pl.col("hidden"))
        named = [name for name in own.filter(kind="artist")["name"] if name in text]
        assert set(named) <= set(shown["name"])
        assert (shown["count"] >= 40).all()
