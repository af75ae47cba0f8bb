"""Streams and money that the model does not use are counted, each with its reason."""

from datetime import timedelta

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.dataset import make, open_dataset
from workbench.promotion import teaching
from workbench.promotion.draws import dated, to_come
from workbench.promotion.left_out import left_out, not_in_the_model
from workbench.promotion.observations import observed
from workbench.promotion.overview import releases
from workbench.promotion.past import around
from workbench.promotion.plan import Plan
from workbench.promotion.spend import weekly_spend
from workbench.promotion.teaching import since_release
from workbench.store.change import change

NO_RATES = pl.DataFrame(schema={"currency": pl.String, "day": pl.Date, "rate": pl.Float64})
CAME_OUT = labels.day(labels.DAYS - 3)  # a Tuesday of the last whole week


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A label with a song of the last days, one with a stray stream, and money on all sorts."""
    folder = labels.written(tmp_path_factory.mktemp("left-out") / "full", "full")
    streams, tracks, spend = labels.daily_streams(), labels.tracks(), labels.campaigns()
    first, song = streams.head(1), tracks.filter(track_id="tr-4")
    more = [
        first.with_columns(entity_id=pl.lit("tr-4"), day=pl.lit(labels.day(100)),
                           streams=pl.lit(3, pl.Int64)),
        *(first.with_columns(entity_id=pl.lit("tr-5"), day=pl.lit(CAME_OUT) + days,
                             streams=pl.lit(5000, pl.Int64))
          for days in (pl.duration(days=n) for n in range(3))),
    ]  # fmt: skip
    out = song.with_columns(track_id=pl.lit("tr-5"), release_date=pl.lit(CAME_OUT),
                            status=pl.lit("released"))  # fmt: skip
    one = spend.head(1)
    odd = [  # campaign, day, track, spend, currency
        ("early", -30, "tr-2", 500.0, "EUR"), ("late", 120, "tr-2", 700.0, "EUR"),
        ("c-radio", 60, "tr-2", -20.0, "EUR"), ("note", 60, "tr-2", -90.0, "EUR"),
        ("mute", 60, "tr-4", 40.0, "EUR"), ("loose", 60, None, 30.0, "EUR"),
        ("far", 60, "tr-2", 1000.0, "JPY"),
    ]  # fmt: skip
    rows = [
        one.with_columns(campaign_id=pl.lit(name), day=pl.lit(labels.day(day)), spend=pl.lit(money),
                         track_id=pl.lit(track, pl.String), currency=pl.lit(currency),
                         channel=pl.lit("radio"), territory=pl.lit("WW"))
        for name, day, track, money, currency in odd
    ]  # fmt: skip
    spend = pl.concat([spend.filter(pl.col("day") != labels.day(60)), *rows])
    with change(folder) as writing:
        writing.put("daily_streams", pl.concat([streams, *more]), source="test")
        writing.put("tracks", pl.concat([tracks, out]), source="test")
        writing.put("campaigns", spend, source="test")
    make(open_dataset(str(folder)), "promotion", progress=lambda done, total, text: None)
    return folder


def test_each_reason_has_its_sum_and_the_sums_add_up(folder):
    label = open_dataset(str(folder))
    found = not_in_the_model(label)
    assert found.rows.rows() == [
        ("after", None, 700.0, None, 1), ("before", None, 500.0, None, 1),
        ("credit", "EUR", 90.0, None, None), ("early", None, None, 3, 1),
        ("no_rate", "JPY", 1000.0, None, None), ("no_track", None, 30.0, None, None),
        ("unheard", None, 40.0, None, 1),
    ]  # fmt: skip
    gross = label.table("campaigns").filter(currency="EUR")["spend"].cast(pl.Float64).sum()
    assert found.missing == 570.0
    assert found.used == pytest.approx(gross + 90 - 570 - 700)


def test_a_song_of_the_last_days_is_out_and_one_with_a_stray_stream_is_to_come(folder):
    label = open_dataset(str(folder))
    fit = label.fit("promotion")
    assert CAME_OUT.weekday() == 1
    assert fit.frames["tracks"]["track_id"].to_list() == ["tr-1", "tr-2", "tr-3", "tr-5"]
    known = dict(releases(label).tracks.select("track_id", "to_come").iter_rows())
    assert known == {"tr-1": False, "tr-2": False, "tr-3": False, "tr-4": True, "tr-5": False}
    for name, release in (("tr-4", labels.day(labels.DAYS + 28)), ("tr-5", CAME_OUT)):
        plan = dated(fit, Plan(track_id=name))
        assert (plan.release_date, to_come(fit, plan)) == (release, name == "tr-4")


def test_songs_beyond_as_many_as_are_fitted_are_told_apart(monkeypatch):
    monkeypatch.setattr(teaching, "MAX_TRACKS", 2)
    rows = [
        (f"t{n}", labels.day(7 * week), "WW", 100 + week + n)
        for n in range(3)
        for week in range(10)
    ]
    weekly = pl.DataFrame(rows, schema=["track_id", "week", "territory", "streams"], orient="row")
    tracks = pl.DataFrame(
        {"track_id": ["t0", "t1", "t2"], "artist_id": ["a"] * 3, "genre": ["pop"] * 3,
         "release_date": [labels.day(-n) for n in (9, 8, 7)]}
    )  # fmt: skip
    campaigns = labels.campaigns().head(4).with_columns(
        day=pl.lit(labels.day(30)), track_id=pl.Series(["t0", "t1", "t2", "t9"]),
        spend=pl.Series([1.0, 2.0, 4.0, 8.0]),
    )  # fmt: skip
    spent = weekly_spend(campaigns, NO_RATES, labels.FIRST, whole=False)
    data = observed(weekly, spent.weekly, tracks)
    heard = since_release(weekly, tracks)
    assert left_out(data, spent, weekly, heard, tracks).select("kind", "money", "songs").rows() == [
        ("limit", 1.0, 1), ("unheard", 8.0, 1),
    ]  # fmt: skip


def test_the_lab_says_it_in_a_line(folder, monkeypatch):
    words = Visit(monkeypatch, folder, "promote/lab", track="tr-4").words
    assert "spent by now are not in the model: 500 EUR lie before the first week" in words
    assert "1,000 JPY are in a currency without a rate" in words
    assert "3 streams of 1 song lie before the week of their release" in words
    assert "booked" not in words.split("not in the model")[1].split("\n")[0]


def test_results_says_it_of_the_campaign(folder, monkeypatch):
    words = Visit(monkeypatch, folder, "promote/results").words
    assert "Not in these numbers:** 1,000 JPY (Radio) went to this song around" in words
    assert "spent by now are not in the model: 500 EUR lie before the first week" in words


def test_money_belongs_to_a_campaign_until_four_weeks_bring_none():
    first, last = labels.day(28), labels.day(83)
    days = [first - timedelta(29), first - timedelta(28), last + timedelta(28),
            last + timedelta(29)]  # fmt: skip
    rows = labels.campaigns().head(4).with_columns(
        day=pl.Series(days), spend=pl.Series([1.0, 2.0, 4.0, 8.0]), currency=pl.lit("JPY"),
        days=pl.lit(1),
    )  # fmt: skip
    assert around(rows, first, last).rows() == [("JPY", "meta", 6.0)]
    longer = rows.with_columns(days=pl.lit(2))  # the first one's second day is near enough
    assert around(longer, first, last)["spend"].item() == 7.0


@pytest.mark.parametrize(
    ("money", "track", "said"),
    [
        (0.0, "tr-2", "Campaigns are on file, but none of them has spend: channels follow"),
        (1.0, "tr-9", "Campaigns are on file, but no spend of theirs is on a song that the"),
    ],
)
def test_campaigns_that_teach_nothing_are_not_called_none(
    tmp_path, monkeypatch, money, track, said
):
    folder = labels.written(tmp_path / "streams", "streams")
    spend = labels.campaigns().with_columns(pl.col("spend") * money, track_id=pl.lit(track))
    with change(folder) as writing:
        writing.put("campaigns", spend, source="test")
    make(open_dataset(str(folder)), "promotion", progress=lambda done, total, text: None)
    words = Visit(monkeypatch, folder, "promote/lab", track="tr-3").words
    assert said in words
    assert "(**assumption**): no campaign taught the model" in words
    assert "o campaigns in this label" not in words and "has no campaigns" not in words
    assert ("spent by now are not in the model" in words) is (money > 0)
