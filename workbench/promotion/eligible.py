"""Whether platforms take a plan's campaigns: in which markets, by the artist's own streams there.

Spotify's conditions are about the artist's streams on Spotify, so that only its counts tell them:
neither other stores' nor a panel of plays does.
"""

import datetime
import re

import numpy as np
import polars as pl

from workbench.parameters import literal
from workbench.promotion.cells import PANEL
from workbench.promotion.doubts import AND, SCHEMA
from workbench.promotion.draws import Scene
from workbench.promotion.plan import Plan, channel_shares
from workbench.promotion.platforms import Takes, platform, takes
from workbench.store.artifacts import Fit
from workbench.store.memory import memory

READS = f"{PANEL} daily_streams"
DAYS = 28
STORE = "spotify"
WORLD = "WW"
NOTHING = {"streams": (), "active": (), "listeners": ()}
CLOSE = 1e-3  # of a minimum, by which rounding may fall short of it


def taken(label, fit: Fit, plan: Plan, one: Scene) -> Takes:
    """Return what platforms take of a dated plan, by what is known of its artist's markets."""
    whole = not plan.segments
    markets = np.array([whole and bool(re.fullmatch("[A-Z]{2}", cell)) and cell != WORLD
                        for cell in one.cells])  # fmt: skip
    heard = standing(label, plan.artist_id)
    streams, active = (
        np.array([dict(heard[column]).get(cell, np.nan) for cell in one.cells], float)
        for column in ("streams", "active")
    )
    everywhere = dict(heard["listeners"]).get(WORLD, np.nan)
    return takes(one.channels, fit.meta["dollar"], markets, streams, active, everywhere)


def standing(label, artist_id: str | None) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return an artist's streams and listeners by market, of 28 days on Spotify.

    Returns
    -------
    streams, active : (market, count) each, where something is known: a market in which the label's
    songs are counted has no streams of an artist that it does not name. `active` are monthly active
    listeners, `listeners` monthly ones, only of all markets (WW): those of some are not the sum.
    """
    if artist_id is None or not label.has("daily_streams"):
        return NOTHING
    return memory.load(
        f"standing:{label.version('daily_streams', 'tracks')}:{literal(artist_id)}",
        lambda: _standing(label, artist_id),
        lambda found: 64 * sum(map(len, found.values())),
    )


def _standing(label, artist_id: str) -> dict[str, tuple[tuple[str, float], ...]]:
    counts = label.scan("daily_streams").filter(pl.col("store").str.to_lowercase() == STORE)
    songs = counts.filter(pl.col("entity") == "track")
    last = songs.select(pl.col("day").max()).collect().item()
    artist = counts.filter(entity="artist", entity_id=artist_id)
    people = {
        "active": _newest(artist, "monthly_active_listeners"),
        "listeners": _newest(artist.filter(territory=WORLD), "monthly_listeners"),
    }
    if last is None:
        return NOTHING | people
    own = label.scan("tracks").filter(artist_id=artist_id).select(entity_id="track_id")
    recent = songs.filter(pl.col("day") > last - datetime.timedelta(days=DAYS))
    theirs = recent.join(own, on="entity_id", how="semi").group_by("territory")
    streams = (
        recent.select(pl.col("territory").unique())
        .join(theirs.agg(pl.col("streams").sum()), on="territory", how="left")
        .select("territory", pl.col("streams").fill_null(0))
        .sort("territory")
        .collect()
    )
    return people | {"streams": tuple(streams.iter_rows())}


def _newest(counts: pl.LazyFrame, metric: str) -> tuple[tuple[str, int], ...]:
    """Return territories, each with the last count of a metric in it."""
    newest = counts.drop_nulls(metric).sort("day").group_by("territory").agg(pl.col(metric).last())
    return tuple(newest.sort("territory").collect().iter_rows())


def asked_for(label, fit: Fit, plan: Plan, one: Scene) -> pl.DataFrame:
    """Return what platforms ask of a plan's campaigns and, of each that they do not take, why.

    Kinds: `too_small` and `too_large` (money that the channel's platform does not take in a
    campaign), `no_dollar` (without a rate of the dollar nobody can say), `small_there` and
    `large_there` (in one market, the subject's second part), `refused` (too few streams or active
    listeners of the artist in a market), `unheard` (too few monthly listeners of the artist over
    all markets), `eligible` (a platform that asks for more than money: the artist's streams in 28
    days and how many it asks for in a market, or monthly listeners where it asks for these; NaN
    where nothing is known).
    """
    rows, spend = [], {name: amount for name, amount in plan.spend if platform(name)}
    if not any(spend.values()):
        return pl.DataFrame(schema=SCHEMA)
    held, heard = taken(label, fit, plan, one), standing(label, plan.artist_id)
    shares = channel_shares(plan, one.channels, one.cells, one.audience)
    streams, active = dict(heard["streams"]), dict(heard["active"])
    everywhere = float(dict(heard["listeners"]).get(WORLD, np.nan))
    for number, channel in enumerate(one.channels):
        asks, amount = platform(channel), spend.get(channel, 0.0)
        if amount <= 0:
            continue
        if everywhere < asks.listeners:
            rows.append(("unheard", channel, everywhere, asks.listeners))
            continue
        least, most = held.least[number], held.most[number]
        if amount < least * (1 - CLOSE):
            rows.append(("too_small", channel, amount, least))
        if amount > most * (1 + CLOSE):
            rows.append(("too_large", channel, amount, most))
        if fit.meta["dollar"] is None and asks.least:
            rows.append(("no_dollar", channel, amount, asks.least))
        whole = float(sum(streams.values())) if streams else np.nan
        told = (everywhere, asks.listeners) if asks.listeners else (whole, asks.streams)
        rows.append(("eligible", channel, *told))
        for cell, money, low, high in zip(
            one.cells, amount * shares[number], held.market_least[number],
            held.market_most[number], strict=True,
        ):  # fmt: skip
            subject = f"{channel}{AND}{cell}"
            if money > 0 == high:
                few = streams.get(cell, np.inf) < asks.streams
                told = (streams[cell], asks.streams) if few else (active[cell], asks.active)
                rows.append(("refused", subject, *map(float, told)))
            elif 0 < money < low * (1 - CLOSE):
                rows.append(("small_there", subject, money, low))
            elif money > high * (1 + CLOSE):
                rows.append(("large_there", subject, money, high))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
