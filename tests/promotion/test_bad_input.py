"""What the model cannot learn from is named, never fitted over in silence."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.promotion import planted
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.promotion.observations import observed
from workbench.promotion.spend import weekly_spend

NO_RATES = pl.DataFrame(schema={"currency": pl.String, "day": pl.Date, "rate": pl.Float64})
FIFTH = planted.FIRST + datetime.timedelta(weeks=5)


@pytest.fixture(scope="module")
def frames():
    weekly, spend, tracks = planted.frames(tracks=2)
    return weekly.with_columns(pl.col("streams") + pl.int_range(pl.len()) % 7), spend, tracks


def changed(frames, streams: pl.Expr) -> tuple:
    weekly, spend, tracks = frames
    return weekly.with_columns(streams.alias("streams")), spend, tracks


@pytest.mark.parametrize(
    ("streams", "error", "words"),
    [
        (pl.lit(0), NotEnoughEvidence, "never change"),
        (pl.lit(500), NotEnoughEvidence, "never change"),
        (pl.lit(None, pl.Int64), NotEnoughEvidence, "at least eight weeks"),
        (pl.when(pl.col("week") == FIFTH).then(-3).otherwise("streams"), BadInput,
         r"zero or more, and 4 are not: the first is -3 of t0 in the week of 2025-02-07"),
        (pl.when(pl.col("week") == FIFTH).then(float("nan")).otherwise("streams"), BadInput,
         "the first is nan"),
    ],
)  # fmt: skip
def test_streams_that_teach_nothing_are_refused(frames, streams, error, words):
    with pytest.raises(error, match=words):
        observed(*changed(frames, streams))


def test_one_week_is_too_little(frames):
    weekly, spend, tracks = frames
    with pytest.raises(NotEnoughEvidence, match="at least eight weeks"):
        observed(weekly.filter(pl.col("week") == FIFTH), spend, tracks)


def test_a_missing_week_is_missing_and_not_zero(frames):
    weekly, spend, tracks = frames
    data = observed(weekly.filter(pl.col("week") != FIFTH), spend, tracks)
    assert len(data.weeks) == planted.WEEKS
    assert not data.seen[5].any()
    assert data.seen[4].any()


def moved(frames, name: str, days: int) -> tuple:
    """Return the frames with the catalogue's release date of one track moved."""
    weekly, spend, tracks = frames
    later = pl.col("release_date") + datetime.timedelta(days=days)
    one = pl.when(pl.col("track_id") == name).then(later).otherwise("release_date")
    return weekly, spend, tracks.with_columns(release_date=one)


def test_a_release_within_a_week_counts_from_its_own_week(frames):
    friday, monday = observed(*frames), observed(*moved(frames, "t1", 3))
    assert frames[2]["release_date"][1].weekday() == 4
    np.testing.assert_array_equal(monday.seen, friday.seen)
    np.testing.assert_array_equal(monday.age, friday.age)


def test_streams_before_a_release_do_not_count(frames):
    late = observed(*moved(frames, "t0", 7 * 46))  # 40 weeks after the first one
    assert np.flatnonzero(late.seen[:, 0].any(1)).tolist() == list(range(40, planted.WEEKS))
    assert late.age[39:41, 0].tolist() == [-1, 0]
    gone = observed(*moved(frames, "t0", 7 * 200))
    assert gone.tracks.tolist() == ["t1"]  # it is to come, whatever a stray stream says
    assert gone.seen.any()
    weekly, spend, tracks = frames
    with pytest.raises(NotEnoughEvidence, match="before the release of their song"):
        observed(weekly, spend, tracks.with_columns(release_date=pl.date(2099, 1, 1)))


def test_spend_of_nothing_is_no_spend():
    rows = pl.DataFrame(
        {"campaign_id": ["c"], "track_id": ["t"], "channel": ["meta"], "day": [planted.FIRST],
         "territory": ["US"], "spend": [0.0], "currency": ["EUR"], "days": [1]}
    )  # fmt: skip
    found = weekly_spend(rows, NO_RATES, planted.FIRST, whole=False)
    assert found.weekly.is_empty()
    assert found.currency == ""


def test_spend_on_a_song_without_streams_is_no_run(frames):
    weekly, spend, tracks = frames
    data = observed(weekly.filter(pl.col("track_id") != "t1"), spend, tracks)
    assert data.tracks.tolist() == ["t0"]
    assert np.unique(data.run_track).tolist() == [0]
    known = spend.filter(pl.col("track_id") == "t0")["spend"].sum()
    assert data.run_spend.sum() == pytest.approx(known)
