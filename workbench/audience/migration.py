"""Next-artist migration: who keeps an artist as the one streamed most, whom it loses, and to whom.

Time is cut into periods of equal length, back from the last day. A listener's lead artist is the
one streamed most in a period. Few streams change their lead by chance alone: what unchanged taste
would keep is worked out beside it, by dealing each listener's streams of two periods out anew.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience.heard import dealt, leads
from workbench.audience.overindex import MIN_SUPPORT, judged, share_interval
from workbench.audience.periods import moves, period_streams
from workbench.audience.rules import READS, last_day
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.store.privacy import HIDDEN, in_fives, suppressed

DAYS, STEPS = 84, 8
DEALS = 3
Z90 = 1.6448536269514722
KEPT, MOVED, QUIET = "kept", "moved", "quiet"


@dataclass(frozen=True, eq=False)
class Migration:
    """Who stays with an artist. Hidden cells are null; people are in fives, shares 0 to 1.

    Attributes
    ----------
    periods : day (last of the period) | lead (who led with the artist in the period before) | then
        three rows a day by outcome: kept | moved (leads with another) | quiet (no stream), with
        listeners | share | low | high (90 %) | hidden.
    chance : day | kept (of who streamed, 0 to 1) | unchanged (what unchanged taste would keep).
    flows : artist_id | name | lost | gained (moves over all periods, null under `min_group` people)
        | net | low | high (gained less lost, 90 %; what is null counts as the most it may be) | z |
        q | apart | hidden: to whom, and from whom, the largest loss first.
    name : of the artist. days : of a period. since, until : first and last day of all of them.
    hidden : rows hidden for privacy.
    """

    periods: pl.DataFrame
    chance: pl.DataFrame
    flows: pl.DataFrame
    name: str
    days: int
    since: datetime.date
    until: datetime.date
    hidden: int
    min_group: int


@analysis(reads="plays tracks artists", optional=READS)
def migration(
    label,
    *,
    artist_id: str,
    filters: Filters = Filters(),
    days: int = DAYS,
    steps: int = STEPS,
    min_group: int = 10,
    seed: int = 0,
) -> Migration:
    """Return who keeps the artist as lead from one period of `days` to the next, and the flows.

    At most `steps` changes are looked at. `filters` chooses countries and the last day.

    Raises
    ------
    BadInput, NotEnoughEvidence
        No such artist; less than two periods; fewer than `min_group` people ever led with it.

    Source: McNemar 1947 (gained against lost); Good 2005, Permutation tests (dealing out anew).
    """
    names = dict(label.scan("artists").select("artist_id", "name").collect().iter_rows())
    if artist_id not in names:
        raise BadInput(f"There is no artist “{artist_id}”.")
    until = min(last_day(label), filters.until or datetime.date.max)
    found, whole = period_streams(label, filters, until, days, steps)
    place = found.place(artist_id)
    moved = moves(leads(found.cells)).filter(pl.col("part") < whole - 1)
    own = moved.filter(pl.col("from") == place)
    if own["listener"].n_unique() < max(min_group, 1):
        raise NotEnoughEvidence(
            f"Fewer than {max(min_group, 1)} listeners of the panel streamed {names[artist_id]} "
            f"most in any {days} days that another {days} days follow."
        )
    periods, hidden = _periods(own, until, days, min_group)
    flows = _flows(moved, place, min_group)
    flows = flows.with_columns(found.artists.gather(flows["artist"]).alias("artist_id"))
    flows = flows.with_columns(
        pl.col("artist_id").replace_strict(names, default=None).alias("name")
    )
    columns = ("lost", "gained", "net", "low", "high", "z", "q", "apart", HIDDEN)
    return Migration(
        periods=periods,
        chance=_by_chance(found.cells, own, place, periods, until, days, seed),
        flows=flows.drop_nulls("name")
        .select("artist_id", "name", *columns)
        .sort("net", "artist_id", nulls_last=True),
        name=names[artist_id],
        days=days,
        since=until - datetime.timedelta(days=days * min(whole, steps + 1) - 1),
        until=until,
        hidden=hidden + int(flows[HIDDEN].sum()),
        min_group=min_group,
    )


def _periods(own: pl.DataFrame, until, days: int, min_group: int) -> tuple[pl.DataFrame, int]:
    outcome = (
        pl.when(pl.col("to").is_null())
        .then(pl.lit(QUIET))
        .when(pl.col("to") == pl.col("from"))
        .then(pl.lit(KEPT))
        .otherwise(pl.lit(MOVED))
    )
    every = (
        own.select("part")
        .unique()
        .join(pl.DataFrame({"outcome": [KEPT, MOVED, QUIET]}), how="cross")
    )
    counted = own.group_by("part", outcome.alias("outcome")).agg(
        pl.len().cast(pl.Int64).alias("exact")
    )
    rows = (
        every.join(counted, on=["part", "outcome"], how="left")
        .with_columns(pl.col("exact").fill_null(0))
        .with_columns(in_fives(pl.col("exact"), min_group).alias("listeners"))
        .with_columns(pl.col("exact").sum().over("part").alias("whole"))
        .with_columns(in_fives(pl.col("whole"), min_group).alias("lead"))
    )
    share, (low, high) = (
        pl.col("listeners") / pl.col("lead"),
        share_interval(pl.min_horizontal("listeners", "lead"), pl.col("lead")),
    )
    rows = rows.with_columns(
        share.clip(upper_bound=1.0).alias("share"), low.alias("low"), high.alias("high")
    ).with_columns((pl.col("whole") < min_group).alias("close"))
    shown = ("listeners", "share", "low", "high")
    rows, hidden = suppressed(
        rows, "exact", min_group, also=shown, margins=(("part",),), hide="close"
    )
    day = pl.lit(until) - pl.duration(days=pl.col("part") * days)
    enough = pl.when(pl.col("whole") >= min_group)
    rows = rows.with_columns(day.cast(pl.Date).alias("day"), enough.then("lead").alias("lead"))
    return rows.select("day", "outcome", "lead", *shown, HIDDEN).sort("day", "outcome"), hidden


def _flows(moved: pl.DataFrame, artist: int, min_group: int) -> pl.DataFrame:
    """Return artist | lost | gained | net | low | high | z | q | apart | hidden."""
    went = moved.filter((pl.col("from") != pl.col("to")) & pl.col("to").is_not_null())
    sides = [
        went.filter(pl.col(mine) == artist)
        .group_by(pl.col(other).alias("artist"))
        .agg(
            pl.len().cast(pl.Int64).alias(name),
            pl.col("listener").n_unique().alias(f"{name}_by"),
        )
        for mine, other, name in (("from", "to", "lost"), ("to", "from", "gained"))
    ]
    rows = (
        sides[0]
        .join(sides[1], on="artist", how="full", coalesce=True)
        .with_columns(pl.exclude("artist").fill_null(0))
    )
    # A side of few people counts as the most it may be, so that the net does not tell how few; and
    # people, not moves: one who goes to and fro is one.
    few = {
        side: (pl.col(f"{side}_by") < min_group) & (min_group > 1) for side in ("lost", "gained")
    }
    lost, gained = (
        pl.when(hidden).then(min_group - 1).otherwise(side).alias(side)
        for side, hidden in few.items()
    )
    rows = rows.with_columns(lost, gained, *(h.alias(f"few_{side}") for side, h in few.items()))
    lost, gained = pl.col("lost"), pl.col("gained")
    many = lost + gained >= 2 * max(min_group, MIN_SUPPORT)
    rows = rows.with_columns(
        pl.when(many).then((gained - lost) / (lost + gained).sqrt()).alias("z")
    )
    rows = judged(rows).with_columns(in_fives(lost, min_group), in_fives(gained, min_group))
    half, net = (Z90 * (lost + gained).sqrt()).round(), gained - lost
    rows = rows.with_columns(
        net.alias("net"), (net - half).alias("low"), (net + half).alias("high")
    )
    # Few on both sides are not even listed: the row itself would say where somebody went.
    return rows.filter(~(pl.col("few_lost") & pl.col("few_gained"))).with_columns(
        pl.when(~pl.col("few_lost")).then("lost"),
        pl.when(~pl.col("few_gained")).then("gained"),
        (pl.col("few_lost") | pl.col("few_gained")).alias(HIDDEN),
    )


def _by_chance(cells, own, artist: int, periods, until, days: int, seed: int) -> pl.DataFrame:
    """Return day | kept | unchanged, per period that is shown."""
    draw = np.random.default_rng(seed)
    rows = []
    # Of shown counts: beside a hidden one the exact share would tell it.
    shown = periods.pivot("outcome", index="day", values="listeners")
    shown = shown.drop_nulls([KEPT, MOVED]).filter(pl.col(KEPT) + pl.col(MOVED) > 0)
    shown = dict(shown.select("day", pl.col(KEPT) / (pl.col(KEPT) + pl.col(MOVED))).iter_rows())
    for part in sorted(own["part"].unique().to_list(), reverse=True):
        day = until - datetime.timedelta(days=part * days)
        if shown.get(day) is None:
            continue
        both = cells.filter(pl.col("part").is_between(part, part + 1))
        both = both.with_columns(pl.col("part") - part)
        kept, led = 0, 0
        # Who never streamed it in either period cannot lead with it, however dealt.
        mine = both.filter(pl.col("artist") == artist).select("listener").unique()
        twice = both.group_by("listener").agg(pl.col("part").n_unique()).filter(pl.col("part") == 2)
        known = both.join(mine, on="listener", how="semi", maintain_order="left")
        known = known.join(twice, on="listener", how="semi", maintain_order="left")
        for _ in range(DEALS):
            again = moves(leads(dealt(known, draw)))
            led_now = again.filter(pl.col("from") == artist)
            led += led_now.height
            kept += led_now.filter(pl.col("to") == artist).height
        rows.append((day, round(shown[day], 2), round(kept / led, 2) if led else None))
    schema = {"day": pl.Date, "kept": pl.Float64, "unchanged": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("day")
