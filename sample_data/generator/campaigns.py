"""Campaigns: who spends what, where and when, and the streams that this truly brings.

Release campaigns follow the calendar; catalogue campaigns follow demand, so that their spend goes
with streams that would have come anyway.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.channels import CHANNELS, DISCOVERY, discovery_lift
from sample_data.generator.demand import Baseline
from sample_data.generator.invoices import Spending, commission_rows, reported
from sample_data.generator.world import CODES, DAYS, PAYOUT, WEEKS, stream

MARKETS = ("US", "GB", "DE", "FR", "ES", "MX", "BR", "NL", "SE")
CHANCE = {"meta": 0.88, "tiktok": 0.65, "youtube": 0.45, "marquee": 0.6, "creators": 0.42,
          "radio": 0.34, "pr": 0.42}  # fmt: skip
WEIGHT = {"meta": 3.6, "tiktok": 2.4, "youtube": 1.6, "marquee": 2.2, "creators": 1.6, "radio": 1.3,
          "pr": 1.2}  # fmt: skip
LEAST = {"marquee": 150, "creators": 400, "radio": 500, "pr": 300}
CATALOGUE = 11  # campaigns whose spend follows demand
PUSHES = 14  # campaigns for older songs, before a tour or a video, at dates of their own
OPTED_IN = 13  # tracks in Discovery Mode


@dataclass(eq=False)
class Promotion:
    """What was spent and what it brought.

    table : table campaigns. extra : streams by channel (tracks, days, territories). spent : EUR by
    channel (territories,), as truly split. truth : a row a campaign and channel. broad : the
    (track, channel) that aimed at nobody's taste.
    """

    table: pl.DataFrame
    extra: dict[str, np.ndarray]
    spent: dict[str, np.ndarray]
    truth: pl.DataFrame
    broad: frozenset[tuple[int, str]]


def promotion(artists: pl.DataFrame, tracks: pl.DataFrame, base: Baseline, programmed: np.ndarray):
    """Return the `Promotion` of the label.

    `programmed` is what algorithms and radio would play without Discovery Mode.
    """
    plans = [
        *_releases(artists, tracks, base),
        *_pushes(artists, tracks, base),
        *_catalogue(tracks, base),
    ]
    ids = tracks["track_id"].to_list()
    extra = {name: np.zeros_like(base.own) for name in (*CHANNELS, DISCOVERY)}
    spent = {name: np.zeros(len(CODES)) for name in CHANNELS}
    frames, truth, broad = [], [], set()
    for plan in plans:
        plan.spend = np.round(plan.spend, 2)
        channel = CHANNELS[plan.channel]
        brought = channel.response(plan.spend, ids[plan.track]) * base.rhythm[plan.track][:, None]
        brought *= base.age[plan.track][:, None] >= 0
        extra[plan.channel][plan.track] += brought
        spent[plan.channel] += plan.spend.sum(axis=0)
        if plan.broad:
            broad.add((plan.track, plan.channel))
        frames.append(reported(plan, ids[plan.track]))
        truth.append(_truth(plan, ids[plan.track], plan.spend.sum(), brought.sum()))
    for i, first, last in _opted_in(artists, tracks, base):
        lift = discovery_lift(ids[i])
        inside = np.zeros((DAYS, 1))
        inside[first:last] = 1.0
        before = programmed[i] * inside
        extra[DISCOVERY][i] += before * (lift - 1)
        plan = Spending(f"DM-{ids[i].removeprefix('tr-')}", DISCOVERY, i, "opted in", before * lift)
        frames.append(commission_rows(plan, ids[i]))
        spend = float(frames[-1]["spend"].cast(pl.Float64).sum())
        truth.append(_truth(plan, ids[i], spend, (before * (lift - 1)).sum()))
    table = pl.concat(frames).sort("campaign_id", "channel", "day", "territory")
    brought = pl.DataFrame(truth).sort("campaign_id", "channel")
    return Promotion(table, extra, spent, brought, frozenset(broad))


def _releases(artists: pl.DataFrame, tracks: pl.DataFrame, base: Baseline):
    """Yield the spending around releases of signed artists, in proportion to their first year."""
    signed = dict(artists.select("artist_id", "signed").rows())
    for i, row in enumerate(tracks.iter_rows(named=True)):
        first = int(base.release[i])
        rng = stream("campaign", row["track_id"])
        if not 7 <= first < DAYS - 14 or not signed[row["artist_id"]]:
            continue
        if row["version"] and rng.random() < 0.7:
            continue
        year = base.streams[i, first : first + 365].sum() / min(365, DAYS - first) * 365
        budget = float(np.clip(year * PAYOUT * rng.lognormal(np.log(0.36), 0.45), 400, 14_000))
        yield from _split(rng, row, "release", i, budget, first, base)


def _pushes(artists: pl.DataFrame, tracks: pl.DataFrame, base: Baseline):
    """Yield spending on songs long out, at dates that have nothing to do with their streams."""
    signed = dict(artists.select("artist_id", "signed").rows())
    rng = stream("pushes")
    heat = base.streams.sum(axis=(1, 2)) * (base.release < DAYS - 260)
    heat *= np.array([bool(signed[a]) for a in tracks["artist_id"]])
    odds = heat**0.5 / (heat**0.5).sum()
    for i in np.sort(rng.choice(len(heat), min(PUSHES, int((heat > 0).sum())), False, odds)):
        row = tracks.row(int(i), named=True)
        first = int(rng.integers(max(base.release[i] + 120, 30), DAYS - 60))
        budget = float(
            np.clip(heat[i] / 2 * PAYOUT * rng.lognormal(np.log(0.20), 0.45), 600, 9_000)
        )
        yield from _split(stream("push", row["track_id"]), row, "push", int(i), budget, first, base)


def _split(rng, row: dict, kind: str, i: int, budget: float, first: int, base: Baseline):
    """Yield the campaign's spending on each of its channels; too small a part is dropped."""
    chosen = [c for c, chance in CHANCE.items() if rng.random() < chance] or ["meta"]
    # A small budget on seven channels would buy nothing on any of them.
    chosen = list(rng.permutation(chosen)[: max(int(budget // 450), 1)])
    parts = budget * rng.dirichlet([WEIGHT[c] for c in chosen])
    name = f"{row['track_id'].removeprefix('tr-')}-{kind}"
    for channel, part in zip(chosen, parts, strict=True):
        broad = channel in ("meta", "tiktok", "youtube") and rng.random() < 0.25
        spend = _flight(rng, channel, part, first, base.share[i])
        if part >= LEAST.get(channel, 120):
            targeting = _targeting(channel, row["genre"], broad)
            yield Spending(name, channel, i, targeting, spend, broad=broad)


def _flight(rng, channel: str, budget: float, first: int, share: np.ndarray) -> np.ndarray:
    """Return EUR a day and territory of one release campaign on one channel."""
    day = np.arange(DAYS)
    if channel == "marquee":
        pace = (day >= first + 2) & (day < first + 12)
        where = (share * np.isin(CODES, MARKETS[:3])) ** 2.0
        where = (where == where.max()).astype(float)  # one market a campaign
    elif channel == "creators":
        pace = np.isin(day, first + rng.choice(np.arange(-2, 26), rng.integers(3, 7), False))
        where = rng.dirichlet(40 * share + 0.3)
    elif channel in ("radio", "pr"):
        start = first - first % 7 + (0 if channel == "radio" else -14)
        pace = (day >= start) & (day < start + 7 * rng.integers(4, 8))
        home = rng.choice(len(CODES), 2 if channel == "radio" else 3, False, p=_home(share))
        where = np.isin(np.arange(len(CODES)), home) * share
    else:
        length = int(rng.integers(21, 49))
        pace = (day >= first - int(rng.integers(0, 6))) & (day < first + length)
        front = np.where(day < first + 9, 2.2, 1.0)
        weeks = np.repeat(rng.random(WEEKS) > 0.2, 7)[:DAYS]
        pace = pace * front * weeks * np.exp(rng.normal(0, 0.18, DAYS))
        markets = np.isin(CODES, MARKETS[: int(rng.integers(2, 8))])
        where = markets * share * np.exp(rng.normal(0, 0.35, len(CODES)))
        where = np.where(where > 0.06 * where.sum(), where, 0.0)  # nobody buys cents a day
    pace = pace.astype(float)
    if pace.sum() == 0 or where.sum() == 0:
        return np.zeros((DAYS, len(CODES)))
    return budget * np.outer(pace / pace.sum(), where / where.sum())


def _home(share: np.ndarray) -> np.ndarray:
    odds = share * np.isin(CODES, ("GB", "DE", "FR", "NL", "ES", "US"))
    return odds / odds.sum()


def _catalogue(tracks: pl.DataFrame, base: Baseline):
    """Yield spending that follows demand: more in the week after a song has done well."""
    total = base.streams.sum(axis=2)
    heat = total.sum(axis=1) * (base.release < 200)
    rng = stream("catalogue campaigns")
    odds = heat**0.7 / (heat**0.7).sum()
    for i in np.sort(rng.choice(len(heat), min(CATALOGUE, int((heat > 0).sum())), False, odds)):
        channel = str(rng.choice(["meta", "tiktok", "youtube"], p=[0.5, 0.3, 0.2]))
        level = total[i] / np.maximum(base.rhythm[i], 0.5)
        week = np.convolve(level, np.ones(7) / 7)[:DAYS]
        usual = np.convolve(level, np.ones(84) / 84)[:DAYS]
        warm = np.roll(week / np.maximum(usual, 1), 3)
        warm[: max(int(base.release[i]) + 90, 90)] = 0
        eager = np.where(warm > 1.04, (warm - 1.0) * 10, 0.0).clip(max=3.0)
        markets = np.isin(CODES, MARKETS[: int(rng.integers(2, 5))]) * base.share[i]
        daily = float(np.clip(heat[i] / DAYS * PAYOUT * 0.25, 6, 60))
        spend = daily * np.outer(eager, markets / markets.sum())
        row = tracks.row(int(i), named=True)
        name = f"{row['track_id'].removeprefix('tr-')}-always-on"
        yield Spending(name, channel, int(i), _targeting(channel, row["genre"], False), spend, True)


def _opted_in(artists: pl.DataFrame, tracks: pl.DataFrame, base: Baseline):
    """Yield (track, first day, last day) in Discovery Mode: whole weeks, older songs of size."""
    signed = dict(artists.select("artist_id", "signed").rows())
    heat = base.programmed.sum(axis=(1, 2)) * (base.release < 420)
    heat = heat * np.array([bool(signed[a]) for a in tracks["artist_id"]])
    rng = stream("opted in")
    odds = heat**0.9 / (heat**0.9).sum()
    for i in np.sort(rng.choice(len(heat), min(OPTED_IN, int((heat > 0).sum())), False, odds)):
        earliest = max(int(base.release[i]) + 60, 60) // 7
        first = int(rng.integers(earliest, WEEKS - 14)) * 7
        yield int(i), first, min(first + 7 * int(rng.integers(8, 27)), (DAYS // 7) * 7)


def _targeting(channel: str, genre: str, broad: bool) -> str:
    if channel in ("radio", "pr"):
        return f"{genre} editors"
    if channel == "marquee":
        return "lapsed and casual listeners"
    if broad:
        return "ages 18-44, no interest"
    return f"interest: {genre}" if channel != "creators" else f"{genre} creators"


def _truth(plan: Spending, track: str, spend: float, brought: float) -> dict:
    return {
        "campaign_id": plan.campaign,
        "channel": plan.channel,
        "track_id": track,
        "spend": round(float(spend), 2),
        "streams_brought": round(float(brought)),
        "return": round(float(brought) * PAYOUT / max(float(spend), 0.01), 4),
        "follows_demand": plan.follows_demand,
        "broad": plan.broad,
    }
