"""Campaigns that ran: which there were, and their spend as the model reads it.

A campaign is all spend on one track until four weeks bring none; what its ad managers call it does
not count, as one release is promoted under many names.
"""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput, MissingTable
from workbench.promotion.draws import LEAD
from workbench.promotion.exchange import changed
from workbench.promotion.runs import runs_of
from workbench.promotion.spend import netted, weekly_spend
from workbench.store.artifacts import Fit

PAUSE = 4  # weeks without spend after which a new campaign begins
NO_CAMPAIGNS = (
    "No spend on a track lies in the weeks whose streams are known, so there is nothing to look "
    "back on. Import exports of ad managers, or any table with channel, track, day and spend."
)


@analysis(reads="promotion", optional="artists")
def past_campaigns(label) -> pl.DataFrame:
    """Return the campaigns of the observed weeks.

    Returns
    -------
    track_id | first | last (first days of weeks) | title | artist | weeks (with spend) | channels
    (names, a list) | spend (in the currency of the model) | since (weeks observed after the last);
    the latest first, sorted by last, first, track_id

    Raises
    ------
    MissingTable
        No campaign.
    """
    fit = label.fit("promotion")
    rows = numbered(fit.frames["spend"])
    if rows.is_empty():
        raise MissingTable("campaigns", NO_CAMPAIGNS)
    end = datetime.date.fromisoformat(fit.meta["last_week"])
    artists = label.scan("artists").select("artist_id", artist="name").collect()
    names = (
        fit.frames["catalogue"]
        .join(artists, on="artist_id", how="left")
        .select(
            "track_id",
            pl.coalesce("title", "track_id").alias("title"),
            pl.coalesce("artist", "artist_id").alias("artist"),
        )
    )
    return (
        rows.group_by("track_id", "campaign")
        .agg(
            pl.col("week").min().alias("first"),
            pl.col("week").max().alias("last"),
            pl.col("week").n_unique().cast(pl.Int64).alias("weeks"),
            pl.col("channel").unique().sort().alias("channels"),
            pl.col("spend").sum(),
        )
        .with_columns(since=(pl.lit(end) - pl.col("last")).dt.total_days() // 7)
        .join(names, on="track_id", how="left")
        .sort(["last", "first", "track_id"], descending=[True, True, False])
        .select("track_id", "first", "last", "title", "artist", "weeks", "channels", "spend",
                "since")
    )  # fmt: skip


def numbered(spend: pl.DataFrame) -> pl.DataFrame:
    """Return rows of spend (track_id, channel, week, spend) with the campaign's number."""
    weeks = spend.select("track_id", "week").unique().sort("track_id", "week")
    apart = pl.col("week").diff().over("track_id").dt.total_days().fill_null(0)
    weeks = weeks.with_columns(pause=apart > 7 * (PAUSE + 1))
    weeks = weeks.with_columns(campaign=pl.col("pause").cum_sum().over("track_id")).drop("pause")
    return spend.join(weeks, on=["track_id", "week"])


@dataclass(frozen=True, eq=False)
class Spent:
    """A track's spend around one campaign, on LEAD + T weeks, C channels and K cells.

    Attributes
    ----------
    weeks : first days (T,). all : spend of the track (LEAD + T, C, K). own : the campaign's part.
    split : share of the money that came without a territory.
    without_rate : currency | channel | spend, as `without_rate` has them.
    """

    weeks: np.ndarray
    all: np.ndarray
    own: np.ndarray
    split: float
    without_rate: pl.DataFrame


def spent(
    label, fit: Fit, track_id: str, first: datetime.date, begin: datetime.date, weeks: int
) -> Spent:
    """Return what was spent on a track in a window.

    Parameters
    ----------
    first : first week of a campaign, as `past_campaigns` has it. begin : first week counted.

    Raises
    ------
    BadInput
        No campaign of the track begins then.
    """
    rows = numbered(fit.frames["spend"].filter(pl.col("track_id") == track_id))
    number = rows.filter(pl.col("week") == pl.col("week").min().over("campaign"))
    number = number.filter(pl.col("week") == first)["campaign"].unique().to_list()
    if not number:
        raise BadInput(f"No campaign for “{track_id}” begins in the week of {first}.")
    mine = rows.filter(pl.col("campaign") == number[0])["week"]
    campaigns, rates = label.table("campaigns"), label.table("fx_rates")
    table = weekly_spend(
        campaigns,
        rates,
        datetime.date.fromisoformat(fit.meta["first_week"]),
        whole=fit.meta["source"] == "window_totals",
    ).weekly.filter(pl.col("track_id") == track_id)
    days = np.datetime64(begin, "D") + 7 * np.arange(-LEAD, weeks)
    (_, channel, money), split = runs_of(
        table, tuple(fit.meta["channels"]), days, {track_id: 0}, tuple(fit.meta["cells"]),
        fit.arrays["audience"],
    )  # fmt: skip
    spend = np.zeros((LEAD + weeks, len(fit.meta["channels"]), len(fit.meta["cells"])))
    spend[:, channel] = money
    inside = (days >= np.datetime64(mine.min(), "D")) & (days <= np.datetime64(mine.max(), "D"))
    lost = without_rate(campaigns, rates, fit.meta["currency"])
    lost = lost.filter(pl.col("track_id") == track_id)
    return Spent(
        days[LEAD:], spend, spend * inside[:, None, None], split,
        around(lost, mine.min(), mine.max() + datetime.timedelta(days=6)),
    )  # fmt: skip


def without_rate(campaigns: pl.DataFrame, rates: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return the rows of campaigns whose money no exchange rate changes into a currency."""
    rows = netted(campaigns).filter(pl.col("spend") > 0)
    return rows.filter(changed(rows, rates, currency, "spend")["spend"].is_null())


def around(rows: pl.DataFrame, first: datetime.date, last: datetime.date) -> pl.DataFrame:
    """Return money by currency and channel, of rows that would belong to a campaign of these days.

    Returns
    -------
    currency | channel | spend, sorted by its first two
    """
    pause = datetime.timedelta(weeks=PAUSE)
    end = pl.col("day") + pl.duration(days=pl.col("days").fill_null(1) - 1)
    near = rows.filter((pl.col("day") <= last + pause) & (end >= first - pause))
    sums = near.group_by("currency", "channel").agg(pl.col("spend").sum())
    return sums.sort("currency", "channel")
