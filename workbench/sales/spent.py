"""What a listener spends: the money of people who hear an artist, over all who do."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence
from workbench.listening.streams import is_stream
from workbench.sales.orders import in_currency, unit_margin

Z90 = 1.645


@dataclass(frozen=True, eq=False)
class Spent:
    """Money that one listener spent in the weeks before the last order, buyer or not.

    Attributes
    ----------
    value, low, high : mean and its 90 % interval, less unit costs where they are known.
    listeners, buyers : counted, in fives. of : artist, or label (each listener of each artist
        counts once) where the artist has too few buyers.
    margin : share of the price that unit costs leave; None where nothing says. without_rate :
        products that it does not count, as their currency has no rate.
    """

    value: float
    low: float
    high: float
    listeners: int
    buyers: int
    of: str
    margin: float | None
    without_rate: int
    weeks: int


@analysis(reads="purchases plays", optional="tracks products fx_rates")
def spent_per_listener(
    label,
    *,
    currency: str,
    track_id: str | None = None,
    artist_id: str | None = None,
    weeks: int = 52,
    min_group: int = 10,
) -> Spent:
    """Return what a listener of the panel who heard an artist spent on the artist's products.

    The artist is a track's, or given. Money that names no product of an artist counts nowhere.

    It says nothing of why: who is won by promotion may spend less than who came by themselves.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` buyers among all who listened.
    """
    lines = label.scan("purchases").with_columns(day=pl.col("purchased_at").dt.date()).collect()
    until = lines["day"].max()
    since = until - datetime.timedelta(weeks=weeks)
    goods = label.table("products").select("product_id", "artist_id").drop_nulls()
    paid = (
        in_currency(lines.filter(pl.col("day") > since), label.table("fx_rates"), currency)
        .join(goods, on="product_id")
        .group_by("listener_id", "artist_id")
        .agg(pl.col("money").sum())
    )
    # as many days of listening as of orders: who came later had no order that we could see
    inside = pl.col("played_at").dt.date().is_between(since, until, closed="right")
    heard = (
        label.scan("plays")
        .filter(is_stream() & inside)
        .join(label.scan("tracks").select("track_id", "artist_id").drop_nulls(), on="track_id")
        .select("listener_id", "artist_id")
        .unique()
        .collect()
        .join(paid, on=["listener_id", "artist_id"], how="left")
    )
    if track_id is not None:
        named = label.scan("tracks").filter(pl.col("track_id") == track_id).select("artist_id")
        artist_id = next(iter(named.collect()["artist_id"]), artist_id)
    own = heard.filter(pl.col("artist_id") == pl.lit(artist_id, pl.String))
    told = (("artist", own), ("label", heard))
    of, each = next((one for one in told if one[1]["money"].count() >= min_group), (None, own))
    if of is None:
        raise NotEnoughEvidence(
            f"Fewer than {min_group} known buyers are among those who listened in {weeks} weeks; "
            "what a listener spends cannot be told."
        )
    margin = unit_margin(label, currency)
    money = each["money"].fill_null(0.0).sort() * (1.0 if margin.share is None else margin.share)
    error = money.std() / len(money) ** 0.5
    return Spent(
        value=money.mean(),
        low=max(money.mean() - Z90 * error, 0.0),
        high=money.mean() + Z90 * error,
        listeners=5 * round(len(money) / 5),
        buyers=5 * round(each["money"].count() / 5),
        of=of,
        margin=margin.share,
        without_rate=margin.without_rate,
        weeks=weeks,
    )
