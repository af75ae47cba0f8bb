"""Spill-over: whose listeners, and who of which feature, begin with an artist by themselves.

Twelve weeks are held back. Who had not heard the artist before them is asked twice: did they hear
the other one (or the feature), and did they begin with the artist in the weeks held back? Who is
active finds everything sooner, so that people are held against people who streamed as much.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import chosen
from workbench.audience.overindex import MIN_SUPPORT, judged
from workbench.audience.rules import READS, last_day
from workbench.audience.tier_rules import day_of
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening.streams import is_stream
from workbench.store.privacy import HIDDEN, in_fives, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View

DAYS = 84
BANDS = 5
Z90 = 1.6448536269514722
SHOWN = ("began", "share", "like_share", "more", "low", "high", "z", "q", "apart")


@dataclass(frozen=True, eq=False)
class SpillOver:
    """Who begins with an artist. Hidden cells are null; people are in fives, shares 0 to 1.

    Attributes
    ----------
    others : artist_id | name | heard (listeners of the other one who did not know the artist) |
        began (of them) | share | like_share (began, of people as active who had not heard the other
        one) | more | low | high (share less like_share, 90 %) | z | q | apart | reach (of those
        active now, who do not know the artist) | hidden; most first.
    features : track_id | name (title) | host | the same without reach, of who heard a song with the
        artist as its guest, against who heard the host only.
    name : of the artist. since, until : the days held back. hidden : rows hidden for privacy.
    """

    others: pl.DataFrame
    features: pl.DataFrame
    name: str
    since: datetime.date
    until: datetime.date
    hidden: int
    min_group: int


@analysis(reads="plays tracks artists", optional=READS)
def spill_over(
    label, *, artist_id: str, filters: Filters = Filters(), days: int = DAYS, min_group: int = 10
) -> SpillOver:
    """Return whose listeners begin with an artist more than people as active do.

    People are those with a stream in the `days` before the ones held back who had not streamed the
    artist; bands of equal size by their streams then make them alike. `filters` chooses countries
    and the last day. What is found goes together; it does not say what a show or a song would do.

    Raises
    ------
    BadInput, NotEnoughEvidence
        No such artist; less than twice `days` of plays, or nobody to ask.

    Source: direct standardisation to the exposed (Rothman, Greenland and Lash 2008, chapter 15).
    """
    names = dict(label.scan("artists").select("artist_id", "name").collect().iter_rows())
    if artist_id not in names:
        raise BadInput(f"There is no artist “{artist_id}”.")
    until = min(last_day(label), filters.until or datetime.date.max)
    since = until - datetime.timedelta(days=days - 1)
    heard = _heard(label, filters, since, until, days)
    asked = _asked(heard, artist_id, since)
    first = heard["first"].min()
    few = asked.height < max(min_group, 1)
    if few or first is None or first > since - datetime.timedelta(days=days):
        raise NotEnoughEvidence(
            f"This needs {2 * days} days of plays by people who did not know {names[artist_id]}: "
            "half to see what they heard, half to see whether they began."
        )
    before = heard.filter((pl.col("first") < since) & (pl.col("artist_id") != artist_id))
    whom = before.select("listener_id", pl.col("artist_id").alias("key")).join(
        asked, on="listener_id"
    )
    others = _compared(whom, asked, min_group)
    others = others.join(
        _reach(heard, artist_id, min_group), left_on="key", right_on="artist_id", how="left"
    ).with_columns(pl.col("key").replace_strict(names, default=None).alias("name"))
    others = others.rename({"key": "artist_id"}).drop_nulls("name")
    features = _features(label, filters, asked, before, (artist_id, names), since, min_group)
    columns = ("heard", *SHOWN)
    return SpillOver(
        others=_ordered(others.select("artist_id", "name", *columns, "reach", HIDDEN)),
        features=_ordered(features.select("track_id", "name", "host", *columns, HIDDEN)),
        name=names[artist_id],
        since=since,
        until=until,
        hidden=int(others[HIDDEN].sum() + features[HIDDEN].sum()),
        min_group=min_group,
    )


def _heard(label: View, filters: Filters, since, until, days: int) -> pl.DataFrame:
    """Return listener_id | artist_id | first (day) | before, after (streams by the held-back)."""
    scope = Filters(countries=filters.countries, until=until, segment=filters.segment)
    day, early = day_of(), since - datetime.timedelta(days=days)
    return (
        chosen.plays(label, scope)
        .filter(is_stream())
        .join(label.scan("tracks").select("track_id", "artist_id"), on="track_id")
        .group_by("listener_id", "artist_id")
        .agg(
            day.min().alias("first"),
            ((day >= early) & (day < since)).sum().cast(pl.Int64).alias("before"),
            (day >= since).sum().cast(pl.Int64).alias("after"),
        )
        .collect(engine="streaming")
    )


def _asked(heard: pl.DataFrame, artist_id: str, since: datetime.date) -> pl.DataFrame:
    """Return listener_id | began | band of who was active and had not heard the artist."""
    own = heard.filter(pl.col("artist_id") == artist_id)
    knew = own.filter(pl.col("first") < since)
    began = own.filter(pl.col("first") >= since).select("listener_id", began=pl.lit(1))
    active = heard.group_by("listener_id").agg(pl.col("before").sum()).filter(pl.col("before") > 0)
    active = active.join(knew, on="listener_id", how="anti").sort("before", "listener_id")
    place = pl.int_range(pl.len()) * BANDS // pl.len()
    return active.join(began, on="listener_id", how="left").select(
        "listener_id",
        pl.col("began").fill_null(0).cast(pl.Int64),
        # who streamed as much is in the same band
        place.min().over("before").alias("band"),
    )


def _compared(exposed: pl.DataFrame, asked: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return key | heard | what is `SHOWN` | hidden of exposed (key, began, band) among `asked`."""
    whole = asked.group_by("band").agg(pl.len().alias("n"), pl.col("began").sum().alias("all"))
    cells = exposed.group_by("key", "band").agg(pl.len().alias("n1"), pl.col("began").sum())
    cells = cells.join(whole, on="band").with_columns(
        (pl.col("n") - pl.col("n1")).alias("n0"), (pl.col("all") - pl.col("began")).alias("b")
    )
    return _lifted(cells.filter(pl.col("n0") > 0), min_group)


def _lifted(cells: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return one row a key of its bands: n1, began of the exposed, n0, b of the others."""
    n1, n0 = pl.col("n1"), pl.col("n0")
    # half a person each way keeps a band of nobody from being certain
    p1, p0 = (pl.col("began") + 0.5) / (n1 + 1), (pl.col("b") + 0.5) / (n0 + 1)
    weight = n1 / n1.sum()
    rows = (
        cells.sort("key", "band")
        .group_by("key", maintain_order=True)
        .agg(
            n1.sum().cast(pl.Int64).alias("exact"),
            pl.col("began").sum().cast(pl.Int64).alias("exact_began"),
            (weight * pl.col("b") / n0).sum().alias("like"),
            n0.sum().cast(pl.Int64).alias("exact_others"),
            (weight**2 * (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)).sum().sqrt().alias("error"),
        )
    )
    gap = pl.col("exact_began") / pl.col("exact") - pl.col("like")
    most = pl.max_horizontal("exact_began", pl.col("like") * pl.col("exact"))
    others = pl.col("exact_others")
    rows = rows.with_columns(
        pl.when(most >= max(min_group, MIN_SUPPORT)).then(gap / pl.col("error")).alias("z"),
        in_fives(pl.col("exact"), min_group).alias("heard"),
        in_fives(pl.col("exact_began"), min_group).alias("began"),
        # as many of the others as that would be, in fives like all people
        (in_fives(pl.col("like") * others, min_group) / in_fives(others, min_group))
        .fill_nan(None)
        .alias("like_share"),
    )
    half = (Z90 * pl.col("error")).round(3)
    more = pl.col("share") - pl.col("like_share")
    rows = judged(rows.with_columns((pl.col("began") / pl.col("heard")).alias("share")))
    rows = rows.with_columns(
        more.alias("more"), (more - half).alias("low"), (more + half).alias("high")
    )
    # Exposures are no parts of a whole; who did not begin must be many, too.
    people = pl.min_horizontal("exact", "exact_others", pl.col("exact") - pl.col("exact_began"))
    rows = rows.with_columns(((people < min_group) & (min_group > 1)).alias("close"))
    rows, _ = suppressed(rows, "exact_began", min_group, also=SHOWN, margins=(), hide="close")
    # Not even listed: a row that comes and goes with a filter would say whom somebody hears.
    return rows.filter(pl.col("exact") >= min_group)


def _reach(heard: pl.DataFrame, artist_id: str, min_group: int) -> pl.DataFrame:
    """Return artist_id | reach: who streams another artist now and never streamed this one."""
    knows = heard.filter(pl.col("artist_id") == artist_id)
    new = heard.filter(pl.col("after") > 0).join(knows, on="listener_id", how="anti")
    people = pl.len().cast(pl.Int64)
    counted = new.group_by("artist_id").agg(people.alias("exact"))
    shown = pl.when(pl.col("exact") >= min_group).then(in_fives(pl.col("exact"), min_group))
    return counted.select("artist_id", shown.alias("reach"))


def _features(label, filters, asked, before, artist, since, min_group) -> pl.DataFrame:
    """Return what `_compared` does of songs with the artist as guest, each against its host's."""
    artist_id, names = artist
    guest = pl.element().str.to_lowercase().is_in([names[artist_id].lower(), artist_id.lower()])
    songs = (
        label.scan("tracks")
        .filter(pl.col("featured").list.eval(guest).list.any())
        .filter(pl.col("artist_id") != artist_id)
        .select("track_id", "title", "artist_id")
        .sort("track_id")
        .collect()
    )
    before_then = since - datetime.timedelta(days=1)
    scope = Filters(countries=filters.countries, until=before_then, segment=filters.segment)
    heard = (
        chosen.plays(label, scope)
        .filter(is_stream() & pl.col("track_id").is_in(songs["track_id"].to_list()))
        .select("listener_id", pl.col("track_id").alias("key"))
        .unique()
        .collect()
    )
    found = [_compared(heard.head(0).join(asked, on="listener_id"), asked, min_group)]
    for song, host in songs.select("track_id", "artist_id").iter_rows():
        # only who heard the host: else the feature would stand for the host's whole audience
        near = asked.join(before.filter(pl.col("artist_id") == host), on="listener_id", how="semi")
        hearers = heard.filter(pl.col("key") == song).join(near, on="listener_id")
        found.append(_compared(hearers, near, min_group))
    return (
        pl.concat(found)
        .join(songs, left_on="key", right_on="track_id")
        .select(
            pl.col("key").alias("track_id"),
            pl.col("title").alias("name"),
            pl.col("artist_id").replace_strict(names, default=None).alias("host"),
            pl.exclude("key", "title", "artist_id"),
        )
    )


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by what is shown: an order by what is hidden would tell it."""
    key = rows.columns[0]
    return rows.sort("more", key, descending=[True, False], nulls_last=True)
