"""Campaign rows as weekly spend per track, channel and territory."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.promotion.exchange import DOLLAR, changed, dollar

SPEND = pl.Schema(
    {
        "track_id": pl.String(),
        "channel": pl.String(),
        "week": pl.Date(),
        "territory": pl.String(),
        "spend": pl.Float64(),
    }
)


@dataclass(frozen=True, eq=False)
class Spend:
    """Weekly spend, and what could not be used.

    Attributes
    ----------
    weekly : track_id, channel, week, territory, spend; sorted by its first four.
    currency : of all amounts. without_track : money left out because no track is named.
    without_rate : (currency, money in it) left out because no exchange rate is known.
    credits : (currency, money in it) credited beyond what the same campaign spent.
    """

    weekly: pl.DataFrame
    currency: str
    without_track: float
    without_rate: tuple[tuple[str, float], ...]
    credits: tuple[tuple[str, float], ...]


def weekly_spend(
    campaigns: pl.DataFrame, rates: pl.DataFrame, anchor: datetime.date, *, whole: bool
) -> Spend:
    """Return spend by week; weeks begin on the weekday of `anchor`.

    Parameters
    ----------
    campaigns, rates : the tables `campaigns` and `fx_rates`.
    whole : a row of up to a week belongs to the week in which it begins (sources that count by
        their own weeks); otherwise a row is spread evenly over the days it covers.
    """
    net = netted(campaigns)
    rows, back = net.filter(pl.col("spend") > 0), _by_currency(net.filter(pl.col("spend") < 0))
    if rows.is_empty():
        return Spend(SPEND.to_frame(), "", 0.0, (), back)
    money = rows["currency"].mode().sort()[0]
    known = changed(rows, rates, money, "spend").drop_nulls("spend")
    lost = rows.join(known.select("currency").unique(), on="currency", how="anti")
    bound = known.filter(pl.col("track_id").is_not_null())
    length = pl.col("days").fill_null(1).clip(1, 366)
    if whole:
        length = pl.when(length <= 7).then(1).otherwise(length)
    into_week = (pl.col("day") - pl.lit(anchor)).dt.total_days().mod(7)
    weekly = (
        bound.with_columns(length=length)
        .with_columns(
            spend=pl.col("spend") / pl.col("length"),
            day=pl.date_ranges("day", pl.col("day") + pl.duration(days=pl.col("length") - 1)),
        )
        .explode("day")
        .with_columns(week=pl.col("day") - pl.duration(days=into_week))
        .group_by("track_id", "channel", "week", "territory")
        .agg(pl.col("spend").sum())
        .sort("track_id", "channel", "week", "territory")
    )
    return Spend(
        weekly=weekly.select(list(SPEND)).cast(dict(SPEND)),
        currency=money,
        without_track=float(known.filter(pl.col("track_id").is_null())["spend"].sum()),
        without_rate=_by_currency(lost),
        credits=back,
    )


def model_money(
    campaigns: pl.DataFrame, tests: pl.DataFrame, rates: pl.DataFrame
) -> tuple[str, float | None]:
    """Return the currency that a label's model counts in, and what a US dollar is worth in it.

    It is that of most rows of spend, else of most lift tests, else the dollar, for then all is
    published figures. The second is None where no rate is known.
    """
    spent = netted(campaigns).filter(pl.col("spend") > 0)["currency"]
    held = spent if len(spent) else tests["currency"]
    money = held.mode().sort()[0] if len(held) else DOLLAR
    return money, dollar(rates, {*spent, *tests["currency"]}, money)


def netted(campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return rows of campaigns with credits taken off what they are for; `spend` is never zero.

    A row below zero lowers what the same campaign spent on the same channel and track (in the same
    currency), all its rows by the same part: those of its own territory first, then the others. A
    row that is still below zero afterwards is a credit for something else.
    """
    rows = campaigns.drop_nulls("spend").with_columns(pl.col("spend").cast(pl.Float64))
    campaign = ["campaign_id", "channel", "track_id", "currency"]
    for alike in ([*campaign, "territory"], campaign):
        gross = pl.col("spend").clip(lower_bound=0).sum().over(alike)
        credit = -pl.col("spend").clip(upper_bound=0).sum().over(alike)
        side = pl.when(pl.col("spend") > 0).then(gross).otherwise(credit)
        left = side - pl.min_horizontal(gross, credit)
        rows = rows.with_columns(spend=pl.when(side > 0).then(pl.col("spend") * left / side))
        rows = rows.with_columns(pl.col("spend").fill_null(0.0))
    return rows.filter(pl.col("spend") != 0)


def _by_currency(rows: pl.DataFrame) -> tuple[tuple[str, float], ...]:
    sums = rows.group_by("currency").agg(pl.col("spend").abs().sum()).sort("currency")
    return tuple(sums.iter_rows())
