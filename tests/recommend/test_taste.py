"""Tastes as features: by hand, everybody alike, a bot no more than anybody, few people hidden."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import moment, written
from tests.audience.planted import ARTISTS, LAST, planted
from workbench.audience import clusters as clustering
from workbench.audience.rules import Segment, segment_sizes
from workbench.audience.segments import clusters
from workbench.dataset import make
from workbench.errors import NotEnoughEvidence
from workbench.parameters import Filters, Private
from workbench.recommend.lists import recommendations
from workbench.recommend.taste import taste

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    found = planted()
    saved = pl.col("listener_id") == "l000"
    skipped = (pl.col("listener_id") == "l001").alias("skipped")
    return {**found, "plays": found["plays"].with_columns(saved.alias("saved"), skipped)}


def opened(folder, tables):
    label = written(folder, **tables)
    make(label, "recommender", lambda *_: None)
    return label


@pytest.fixture(scope="module")
def label(tmp_path_factory, tables):
    return opened(tmp_path_factory.mktemp("taste") / "label", tables)


def exact(label, **whom) -> dict[str, dict]:
    found = taste(label, **whom, min_group=1).features
    return {row["feature"]: row for row in found.to_dicts()}


def test_shares_are_means_over_listeners_and_add_up(label, tables):
    found = exact(label)
    for kind in ("genre", "artist"):
        own = [row for row in found.values() if row["kind"] == kind]
        assert sum(row["share"] for row in own) == pytest.approx(1)
    plays = tables["plays"].with_columns(artist=pl.col("track_id").str.strip_prefix("t-"))
    whole, own = [], "genre:genre0"
    for (name,), rows in plays.group_by("listener_id"):
        counts = rows.group_by("artist").len().with_columns(
            worth=1 + 2 * pl.col("len").rank("average") / pl.len()
            + (name == "l000") - (name == "l001")
        )  # fmt: skip
        genre = counts.filter(pl.col("artist").is_in(ARTISTS[:5]))["worth"].sum()
        whole.append(genre / counts["worth"].sum())
    assert found[own]["share"] == pytest.approx(sum(whole) / 320)
    parts = sum(found[own][part] for part in ("played", "saved", "skipped", "bought"))
    assert parts == pytest.approx(found[own]["share"])
    assert found[own]["saved"] > 0 > found["genre:genre1"]["skipped"]


def test_an_audience_has_its_own_taste(label):
    rule = Segment("seg", "One taste", genres=("genre1",))
    found = exact(label, segment=rule)["genre:genre1"]
    assert found["share"] > 0.7 and found["everybody"] == pytest.approx(0.25, abs=0.05)
    shown = taste(label, segment=rule)
    assert shown.people % 5 == 0 and (shown.features["listeners"] % 5 == 0).all()
    assert (shown.features["listeners"] >= 10).all()
    # the step of the shares is of the shown size: of the exact one it would tell that
    steps = shown.features["share"] / (5 / shown.people)
    assert (steps - steps.round()).abs().max() < 1e-9
    wide = taste(label, segment=rule, min_group=60)
    assert wide.hidden and wide.features.height + wide.hidden == len(exact(label, segment=rule))


def test_a_country_is_an_audience_as_its_segment_is(label):
    here, rule = Filters(countries=("DE",)), Segment("seg", "Germans", countries=("DE",))
    one, other = taste(label, filters=here), taste(label, segment=rule)
    assert 0 < one.people < taste(label).people
    assert one.people == other.people and one.features.equals(other.features)
    listed = recommendations(label, filters=here)
    assert listed.songs.equals(recommendations(label, segment=rule).songs)
    with pytest.raises(NotEnoughEvidence, match="Fewer than 10"):
        recommendations(label, filters=Filters(countries=("XX",)))


def test_a_bot_with_a_hundred_thousand_plays_is_one_listener(label, tables, tmp_path, monkeypatch):
    """Eight of nine plays of the label are the bot's; the taste moves by a 321st at most."""
    seconds = pl.int_range(0, 100_000, eager=True)
    bot = pl.DataFrame({
        "listener_id": "bot", "track_id": "t-a19", "ms_played": 180_000, "source": "library",
        "played_at": pl.Series(seconds * 1000 + int(START.timestamp() * 1000)).cast(
            pl.Datetime("ms")).dt.replace_time_zone("UTC"),
    })  # fmt: skip
    both = pl.concat([tables["plays"], bot.select(c for c in tables["plays"].columns if c in bot)],
                     how="diagonal_relaxed")  # fmt: skip
    crowded = opened(tmp_path / "label", {**tables, "plays": both})
    with_bot = exact(crowded)
    assert taste(crowded, min_group=1).tireless == 1 and taste(crowded).tireless is None
    assert taste(label).tireless == 0
    for feature, row in exact(label).items():
        assert with_bot[feature]["share"] == pytest.approx(row["share"], abs=1 / 320)
    # nor is it in the sums and averages of clusters and segments
    monkeypatch.setattr(clustering, "OFFERED", (4,))
    monkeypatch.setattr(clustering, "RESAMPLES", 2)
    make(crowded, "segments", lambda *_: None)
    found = clusters(crowded)
    assert found.tireless is None and found.cards["streams_per_listener"].max() < 60
    rules = [Segment(one, one, countries=(one,)) for one in ("US", "DE", "GB", "FR")]
    shares = [segment_sizes(one, segments=tuple(rules)) for one in (label, crowded)]
    assert shares[0]["streams_share"].equals(shares[1]["streams_share"])


def test_what_was_bought_speaks_for_its_artist(tables, tmp_path):
    products = pl.DataFrame(
        {"product_id": ["p1", "p2"], "artist_id": ["a07", "a07"], "kind": ["vinyl"] * 2,
         "name": ["One", "Two"]}
    )  # fmt: skip
    orders = pl.DataFrame(
        {"order_id": ["o1", "o2"], "line": [1, 1], "listener_id": ["l000", "l000"],
         "product_id": ["p1", "p2"], "quantity": [1, 1], "amount": [20.0, 20.0],
         "currency": ["EUR"] * 2, "purchased_at": [moment(LAST)] * 2}
    )  # fmt: skip
    label = opened(tmp_path / "label", {**tables, "products": products, "purchases": orders})
    found = exact(label)
    assert found["artist:a07"]["bought"] > 0 == found["artist:a08"]["bought"]


def test_one_listener_is_shut_unless_the_owner_opens(label, monkeypatch):
    from workbench.errors import BadInput, SetUpError
    from workbench.recommend.lists import recommendations
    from workbench.settings import settings

    with pytest.raises(SetUpError, match="switched off"):
        recommendations(label, listener=Private("l000"))
    monkeypatch.setenv("WORKBENCH_SINGLE_LISTENERS", "1")
    settings.cache_clear()
    found = recommendations(label, listener=Private("l000"), dial=0.0, variety=0.0)
    heard = set(label.view(["plays"]).table("plays").filter(listener_id="l000")["track_id"])
    assert found.songs.height and not heard & set(found.songs["track_id"])
    assert found.listeners is None and found.songs_known == len(heard)
    with pytest.raises(BadInput, match="pseudonym"):
        recommendations(label, listener=Private("nobody"))
