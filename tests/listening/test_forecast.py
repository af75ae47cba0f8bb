"""The weeks ahead: planted decays are foretold, intervals cover, nothing later is looked at."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.listening.decaying import START, decays, written
from workbench.dataset import open_dataset
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening import ahead
from workbench.listening.forecast import forecast
from workbench.store.change import change


def test_the_features_of_a_week_do_not_change_when_later_weeks_are_known():
    streams = decays(20, 80, 0.05)
    thursdays = streams * np.random.default_rng(1).uniform(0.1, 0.2, streams.shape)
    known = ahead.Weeks(ahead.logs(streams), 7, ahead.endings(streams, thursdays))
    series, week = ahead.origins(known.level[:, :50])
    early = ahead.features(known.until(50), series, week)
    assert early.shape[1] == 36
    assert np.isfinite(early).all()
    assert np.array_equal(early, ahead.features(known, series, week))


def test_a_week_that_ends_as_it_began_ends_at_zero():
    week, thursday = np.array([[700.0, 700.0, np.nan]]), np.array([[100.0, 200.0, np.nan]])
    ends = ahead.endings(week, thursday)
    # ten streams a week are added: 10/7 a day
    expected = [0.0, np.log((200 + 10 / 7) / (500 / 6 + 10 / 7)), np.nan]
    assert ends[0] == pytest.approx(expected, nan_ok=True)


def test_how_weeks_end_tells_of_the_next_one():
    draw = np.random.default_rng(5)
    days = np.exp(9 + np.cumsum(draw.normal(0, 0.03, (80, 90 * 7)), axis=1)).reshape(80, 90, 7)
    streams, cut = days.sum(axis=2), 70
    level, ends = ahead.logs(streams), ahead.endings(streams, days[:, :, 6])
    error = []
    for known in (ahead.Weeks(level, 0), ahead.Weeks(level, 0, ends)):
        fit = ahead.fitted(known.until(cut), 1)
        series, week = (place[ahead.origins(level)[1] >= cut] for place in ahead.origins(level))
        series, week = series[week < 89], week[week < 89]
        grown = level[series, week + 1] - level[series, week]
        told = fit.growth(ahead.features(known, series, week))
        error.append(np.abs(grown - told).mean())
    assert error[1] < 0.85 * error[0]


def test_origins_have_four_known_weeks():
    level = np.array([[1.0, 2, 3, 4, np.nan, 6, 7, 8, 9], [np.nan] * 9])
    assert [*zip(*ahead.origins(level), strict=True)] == [(0, 3), (0, 8)]


def test_planted_decays_are_foretold_better_than_standing_still():
    cut, inside = 70, []
    for seed in range(3):
        level = ahead.logs(decays(120, 100, 0.05, seed))
        known = ahead.Weeks(level, 0)
        fit = ahead.fitted(known.until(cut), 8)
        series, week = ahead.origins(level)
        late = (week >= cut) & (week + 8 < 100)
        series, week = series[late], week[late]
        grown = level[series, week + 8] - level[series, week]
        told = fit.growth(ahead.features(known, series, week))
        assert np.abs(grown - told).mean() < 0.6 * np.abs(grown).mean()
        inside.append(((grown >= told + fit.low) & (grown <= told + fit.high)).mean())
    assert 0.85 < np.mean(inside) < 0.95


def test_a_few_songs_that_explode_do_not_bend_what_is_said_of_the_others():
    draw = np.random.default_rng(0)
    found = draw.normal(size=(400, 3))
    growth = found @ [0.5, -0.2, 0.0] + 0.05 * draw.normal(size=400)
    growth[:8] += 40
    fit = ahead.regression(found, growth, 1)
    assert fit.weights / fit.scale == pytest.approx([0.5, -0.2, 0.0], abs=0.1)
    assert np.median(growth - fit.growth(found)) == pytest.approx(0.0, abs=0.01)


def test_between_horizons_growth_runs_straight():
    known = ahead.Weeks(ahead.logs(decays(60, 100, 0.02)), 0)
    fits = [ahead.fitted(known, one) for one in (1, 2, 4)]
    said = ahead.ahead(known, 3, fits, 4)
    assert said.shape == (3, 4)
    assert said[0, 2] == pytest.approx((said[0, 1] + said[0, 3]) / 2)
    assert (said[1] < said[0]).all()
    assert (said[0] < said[2]).all()


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    return open_dataset(str(written(tmp_path_factory.mktemp("ahead") / "label")), rows=True)


def test_a_track_and_its_artist_are_told(label):
    found = forecast(label, track_id="t7", weeks=6)
    assert found.series == 65
    coming = found.weeks.filter(pl.col("expected").is_not_null())
    known = found.weeks.filter(pl.col("expected").is_null())
    assert coming.height == 6
    assert known.height == 26
    assert coming["week"][0] == known["week"][-1] + datetime.timedelta(days=7)
    assert coming["week"][0].weekday() == 4
    assert found.total == pytest.approx(coming["expected"].sum())
    assert found.low < found.total < found.high
    whole = forecast(label, artist_id="a2", weeks=6)
    assert whole.total > found.total


def test_what_cannot_be_told_is_said(label, tmp_path):
    for asked in ({}, {"track_id": "t1", "artist_id": "a1"}, {"track_id": "t1", "weeks": 27}):
        with pytest.raises(BadInput):
            forecast(label, **asked)
    with pytest.raises(NotEnoughEvidence, match="fewer than 4 weeks"):
        forecast(label, track_id="nobody")
    short = tmp_path / "short"
    day = START + datetime.timedelta(days=28)
    with change(short) as writing:
        writing.put(
            "tracks",
            pl.DataFrame(
                {"track_id": ["t"], "title": ["A"], "status": ["released"], "artist_id": ["a"]}
            ),
            source="test",
        )
        days = pl.date_range(START, day, eager=True)
        rows = pl.DataFrame({"day": days, "streams": 100}).with_columns(
            entity=pl.lit("track"), entity_id=pl.lit("t"), territory=pl.lit("WW"),
            store=pl.lit("all"), streams=pl.col("streams").cast(pl.Int64),
        )  # fmt: skip
        writing.put("daily_streams", rows, source="test")
    with pytest.raises(NotEnoughEvidence, match="too few to say anything 1 weeks ahead"):
        forecast(open_dataset(str(short)), track_id="t", weeks=1)


def test_without_a_stream_there_is_no_forecast_of_zero(tmp_path):
    place = written(tmp_path / "label")
    days = open_dataset(str(place)).table("daily_streams")
    with change(place) as writing:
        silent = days.with_columns(streams=pl.lit(0, pl.Int64))
        writing.put("daily_streams", silent.select(days.columns), source="test")
    label = open_dataset(str(place), rows=True)
    for whom in ({"track_id": "t7"}, {"artist_id": "a2"}):
        with pytest.raises(NotEnoughEvidence, match="Nothing is streamed"):
            forecast(label, **whom)


def test_a_week_far_above_its_trend_is_told(tmp_path):
    streams = decays(60, 90, 0.03)
    streams[4, -1] *= 3
    known = ahead.Weeks(ahead.logs(streams), 0)
    fit = ahead.fitted(known, 1)
    from workbench.listening.forecast import _beyond

    assert _beyond(known, 4, fit) == "above"
    assert sum(_beyond(known, row, fit) is not None for row in range(60)) < 18
