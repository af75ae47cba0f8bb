"""Campaign rows as weekly spend per track, channel and territory."""

import datetime
from dataclasses import dataclass

import polars as pl

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
    currency : of all amounts. without_track, without_rate : money (in its own currency) left out
        because no track is named, or because no exchange rate is known.
    """

    weekly: pl.DataFrame
    currency: str
    without_track: float
    without_rate: float


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
    rows = campaigns.filter(pl.col("spend") > 0).select(
        "track_id", "channel", "day", "territory", "currency", "days",
        spend=pl.col("spend").cast(pl.Float64),
    )  # fmt: skip
    if rows.is_empty():
        return Spend(SPEND.to_frame(), "", 0.0, 0.0)
    money = rows["currency"].mode().sort()[0]
    rows = changed(rows, rates, money, "spend")
    no_rate = pl.col("spend").is_null()
    lost = rows.filter(no_rate).height
    known = rows.filter(~no_rate)
    bound = known.filter(pl.col("track_id").is_not_null())
    length = pl.col("days").fill_null(1).clip(1, 366)
    if whole:
        length = pl.when(length <= 7).then(1).otherwise(length)
    back = (pl.col("day") - pl.lit(anchor)).dt.total_days().mod(7)
    weekly = (
        bound.with_columns(length=length)
        .with_columns(
            spend=pl.col("spend") / pl.col("length"),
            day=pl.date_ranges("day", pl.col("day") + pl.duration(days=pl.col("length") - 1)),
        )
        .explode("day")
        .with_columns(week=pl.col("day") - pl.duration(days=back))
        .group_by("track_id", "channel", "week", "territory")
        .agg(pl.col("spend").sum())
        .sort("track_id", "channel", "week", "territory")
    )
    left_out = campaigns.filter(pl.col("spend") > 0, ~pl.col("currency").is_in([money]))
    return Spend(
        weekly=weekly.select(list(SPEND)).cast(dict(SPEND)),
        currency=money,
        without_track=float(known.filter(pl.col("track_id").is_null())["spend"].sum()),
        without_rate=float(
            left_out.join(rates, on="currency", how="anti")["spend"].cast(pl.Float64).sum()
        )
        if lost
        else 0.0,
    )


def changed(rows: pl.DataFrame, rates: pl.DataFrame, money: str, amount: str) -> pl.DataFrame:
    """Return rows with their amounts in one currency, at the last rate; null where none is known.

    Parameters
    ----------
    rows : with `amount` and currency. rates : the table fx_rates. money : the currency asked for.
    """
    latest = rates.sort("day").group_by("currency", maintain_order=True).agg(pl.col("rate").last())
    own = latest.filter(pl.col("currency") == money)["rate"]
    # a currency that the rates do not name is the home currency, unless another is missing, too
    unit = own[0] if len(own) else 1.0
    return (
        rows.join(latest, on="currency", how="left")
        .with_columns(
            pl.when(pl.col("currency") == money)
            .then(pl.col(amount))
            .otherwise(pl.col(amount) / pl.col("rate") * unit)
            .alias(amount)
        )
        .drop("rate")
    )
