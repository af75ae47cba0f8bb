"""Listener tiers: how many are loyal, who slips away, and what each tier is worth."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import polars as pl

from workbench.analysis import Filters, analysis, literal
from workbench.audience import chosen, tier_tables
from workbench.audience import tier_rules as rules
from workbench.audience.known import READS
from workbench.audience.overindex import share_interval
from workbench.audience.steps import whole_steps
from workbench.audience.tireless import tireless, without_tireless
from workbench.errors import NotEnoughEvidence
from workbench.store.memory import memory
from workbench.store.privacy import HIDDEN, in_fives, shown_people, suppressed

HISTORY_STEPS = 13


@dataclass(frozen=True, eq=False)
class Tiers:
    """Tiers of a label's listeners. Hidden cells are null; counts of people are rounded to 5.

    Streams are rounded people times a rounded average a head: this blurs what
    two filters differ in; how far, the card of Taste clusters says.

    Attributes
    ----------
    sizes : tier | listeners | share | low | high (of the audience, 90 %) | before (listeners 28
        days ago) | streams_28d | streams_share | streams_per_listener | buyers | buyers_share (of
        those shown) | hidden. In the order of the tiers.
    history : day (last of 28) | tier (super, moderate, light, passive) | listeners | streams.
        Passive is heard in the 28 days without an intentional stream; the four add up to the
        monthly listeners.
    flows : tier_before | tier_now | listeners | share (of the tier before) | hidden. "never"
        is not active in two years up to then, "left" out of the audience since.
    markets : country | listeners | one column for each tier that occurs | active (share of the
        audience) | super_share. Markets under `min_group` are one row, "other".
    sources : source | intentional | listeners | streams | share, of the last 28 days.
    audience : listeners within two years, None under `min_group`. as_of : last day.
    since : first day of plays. lookback_days : days behind `as_of`, 728 for two whole years.
    super_from, moderate_from : thresholds in force, intentional streams in 28 days.
    unknown_share : streams whose source is unknown, 0 to 1, None with the audience.
    tireless : listeners within the filters who once streamed more than a day holds and are in no
        tier, count or sum; None for a few. hidden : cells hidden for privacy.
    """

    sizes: pl.DataFrame
    history: pl.DataFrame
    flows: pl.DataFrame
    markets: pl.DataFrame
    sources: pl.DataFrame
    audience: int | None
    as_of: datetime.date
    since: datetime.date
    lookback_days: int
    super_from: int
    moderate_from: int
    unknown_share: float | None
    tireless: int | None
    hidden: int
    min_group: int


@analysis(reads="plays", optional=READS)
def tiers(
    label,
    *,
    filters: Filters = Filters(),
    super_from: int = rules.SUPER_FROM,
    moderate_from: int = rules.MODERATE_FROM,
    steps: int = HISTORY_STEPS,
    min_group: int = 10,
) -> Tiers:
    """Return the listener tiers of the label, today and by steps of 28 days.

    `filters` chooses whose streams of what count (one artist gives that artist's tiers, as Spotify
    for Artists shows them); its `until` is the day looked back from, `since` is not used. Streams
    of who once streamed more than a day holds (see `tireless`) do not count.

    Raises
    ------
    NotEnoughEvidence
        No stream of the label fits the filters.

    Source: Spotify for Artists, audience segments (definitions of active, previously active and
    programmed); the thresholds between super, moderate and light are ours.
    """
    plays, as_of, since = _scoped(label, filters)
    stepped, ids = _counted(label, plays, as_of, filters, max(steps, rules.LOOKBACK_STEPS + 1))
    bots = ids.is_in(tireless(label)["listener_id"].implode()).arg_true()
    if len(bots):
        stepped = stepped.filter(~pl.col("listener").is_in(bots.implode()))
        plays = without_tireless(label, plays)
    if stepped.is_empty():
        raise NotEnoughEvidence("No stream fits these filters, so there are no tiers to show.")
    limits = {"super_from": super_from, "moderate_from": moderate_from}
    now = rules.listener_tiers(stepped, ids, **limits)
    before = rules.listener_tiers(stepped, ids, at=1, **limits)
    sizes, hidden_sizes = _sizes(now, before, _buyers(label, filters), min_group)
    history, hidden_history = tier_tables.history(stepped, as_of, since, steps, limits, min_group)
    flows, hidden_flows = tier_tables.flows(now, before, min_group)
    markets, hidden_markets = tier_tables.markets(label, now, min_group)
    sources, hidden_sources = tier_tables.sources(plays, as_of, min_group)
    streams = stepped.select(pl.col("intentional", "programmed", "unknown").sum()).row(0)
    hidden = hidden_sizes + hidden_history + hidden_flows + hidden_markets + hidden_sources
    audience = shown_people(now.height, min_group)
    return Tiers(
        sizes=sizes,
        history=history,
        flows=flows,
        markets=markets,
        sources=sources,
        audience=audience,
        as_of=as_of,
        since=since,
        lookback_days=min((as_of - since).days + 1, rules.LOOKBACK_STEPS * rules.WINDOW_DAYS),
        unknown_share=None if audience is None else round(streams[2] / sum(streams), 2),
        tireless=shown_people(len(bots), min_group),
        hidden=hidden,
        min_group=min_group,
        **limits,
    )


@dataclass(frozen=True, eq=False)
class ArtistTiers:
    """Tiers of every artist, from streams of that artist alone. Hidden cells are null.

    Attributes
    ----------
    rows : artist_id | name | listeners | one column for each tier that occurs | active (share of
        the artist's audience) | super_share. hidden : cells hidden for privacy.
    """

    rows: pl.DataFrame
    hidden: int
    min_group: int


@analysis(reads="plays tracks", optional=READS)
def artist_tiers(
    label,
    *,
    filters: Filters = Filters(),
    super_from: int = rules.SUPER_FROM,
    moderate_from: int = rules.MODERATE_FROM,
    min_group: int = 10,
) -> ArtistTiers:
    """Return the tiers of each artist as Spotify for Artists counts them; filters as in `tiers`."""
    plays, as_of, _ = _scoped(label, filters)
    plays = without_tireless(label, plays)
    limits = {"super_from": super_from, "moderate_from": moderate_from}
    rows, hidden = tier_tables.artists(label, plays, as_of, limits, min_group)
    return ArtistTiers(rows, hidden, min_group)


def _scoped(label, filters: Filters) -> tuple[pl.LazyFrame, datetime.date, datetime.date]:
    """Return the plays that count, the day looked back from, and the first day of any play."""
    entries = [entry for entry in label.entries("plays") if entry.rows]
    first = datetime.date.fromisoformat(min(entry.first for entry in entries))
    last = datetime.date.fromisoformat(max(entry.last for entry in entries))
    plays = chosen.plays(label, replace(filters, since=None))
    return plays, min(last, filters.until or last), first


def _counted(label, plays, as_of, filters: Filters, steps: int) -> tuple[pl.DataFrame, pl.Series]:
    """Return the streams by listener and step, kept for other thresholds of the same streams."""
    if filters == Filters() and steps == rules.LOOKBACK_STEPS + 1:
        return whole_steps(label)
    version = label.version(*READS.split())
    return memory.load(
        f"tiers:{version}:{literal(filters)}:{steps}",
        lambda: rules.listener_steps(plays, as_of, steps=steps),
        lambda found: sum(part.estimated_size() for part in found),
    )


def _buyers(label, filters: Filters) -> pl.DataFrame:
    """Return listener_id of everybody who bought something up to the day looked at."""
    purchases = label.scan("purchases").filter(pl.col("quantity") > 0)
    if filters.until is not None:
        purchases = purchases.filter(rules.day_of("purchased_at") <= filters.until)
    return purchases.select("listener_id").drop_nulls().unique().collect()


def _sizes(now, before, buyers, min_group) -> tuple[pl.DataFrame, int]:
    order = pl.DataFrame({"tier": rules.TIERS, "rank": range(len(rules.TIERS))})
    bought = pl.col("listener_id").is_in(buyers["listener_id"].implode())
    counted = now.group_by("tier").agg(
        pl.len().cast(pl.Int64).alias("listeners"),
        pl.col("streams_28d").sum(),
        bought.sum().cast(pl.Int64).alias("buyers"),
    )
    past = before.group_by("tier").agg(pl.len().cast(pl.Int64).alias("before"))
    people = pl.col("listeners")
    low, high = share_interval(people, people.sum())
    streams = pl.col("streams_per_listener") * people
    frame = (
        order.join(counted, on="tier", how="left")
        .join(past, on="tier", how="left")
        .sort("rank")
        .drop("rank")
        .with_columns(pl.col("listeners", "streams_28d", "buyers", "before").fill_null(0))
        # A tier that cannot occur in this data is an honest zero, not a small group.
        .filter((pl.col("listeners") > 0) | (pl.col("before") > 0))
        .with_columns(
            tier_tables.streams_each("streams_28d", people, min_group).alias(
                "streams_per_listener"
            ),
            *[pl.col(c).alias(f"exact_{c}") for c in ("listeners", "before", "buyers")],
            *[in_fives(pl.col(c), min_group).alias(c) for c in ("listeners", "before", "buyers")],
        )
        .with_columns(
            (people / people.sum()).fill_nan(None).alias("share"),
            low.alias("low"),
            high.alias("high"),
            streams.fill_null(0).round().cast(pl.Int64).alias("streams_28d"),
        )
        .with_columns(
            (pl.col("streams_28d") / pl.col("streams_28d").sum()).alias("streams_share"),
        )
    )
    own = ("listeners", "share", "low", "high", "streams_28d", "streams_share")
    own = (*own, "streams_per_listener")
    frame, a = suppressed(frame, "exact_listeners", min_group, also=own)
    frame = frame.rename({HIDDEN: "small"})
    frame, b = suppressed(frame, "exact_before", min_group, also=("before",))
    # No page says how many buyers there are in all, so a small tier hides no other one; shares are
    # of the buyers in the tiers shown.
    frame = frame.drop(HIDDEN)
    frame, c = suppressed(frame, "exact_buyers", min_group, also=("buyers",), margins=())
    share = (pl.col("buyers") / pl.col("buyers").sum()).fill_nan(None)
    frame = frame.with_columns(share.alias("buyers_share"))
    if not len(buyers):
        frame, c = frame.with_columns(pl.lit(None, pl.Int64).alias("buyers")), 0
    columns = [
        *("tier", "listeners", "share", "low", "high", "before", "streams_28d", "streams_share"),
        *("streams_per_listener", "buyers", "buyers_share"),
    ]
    return frame.select(*columns, pl.col("small").alias(HIDDEN)), a + b + c
