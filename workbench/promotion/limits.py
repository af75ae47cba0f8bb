"""What a plan must not be read without: money never tried, priors that speak loudest."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.promotion.doubts import AND, SCHEMA
from workbench.promotion.draws import LEAD, to_come
from workbench.promotion.events import events_ahead
from workbench.promotion.plan import Plan, channel_shares, flight_weights, friday
from workbench.promotion.sizes import roster_spread

if TYPE_CHECKING:
    from workbench.store.artifacts import Fit

BEYOND = 1.2  # times the largest observed weekly spend
MOST_EVENTS = 8  # that are named
DOMINANT = 0.8  # posterior sd over prior sd
TRUSTED_K = 0.7
ENOUGH_DRAWS = 100.0  # effective ones
AGREE = 1.0  # log units below the best fit that count as the same


def observed_weeks(fit: "Fit") -> pl.DataFrame:
    """Return channel, least, usual and most money that one track got in a week, weeks, tracks.

    And `total`, and `dense`: the most money at which a listener of any territory got as much as one
    of the best served territory did.
    """
    return (
        fit.frames["spend"]
        .group_by("channel")
        .agg(
            pl.col("spend").min().alias("least"),
            pl.col("spend").median().alias("usual"),
            pl.col("spend").max().alias("most"),
            pl.len().cast(pl.Int64).alias("weeks"),
            pl.col("track_id").n_unique().cast(pl.Int64).alias("tracks"),
            pl.col("spend").sum().alias("total"),
            pl.col("dense").max(),
        )
        .sort("channel")
    )


def plan_warnings(fit: "Fit", plan: Plan, weeks: int) -> pl.DataFrame:
    """Return kind, subject, value, limit of everything that limits trust in a plan.

    `weeks` are those counted from the release (or the start) on.

    Kinds: `beyond` (weekly spend above 1.2 times the largest observed), `crowded` (the same of what
    a listener of one territory gets), `unseen` (a channel with no observed spend), `prior` (the
    prior speaks louder than the data), `weights` (Pareto-k above .7), `draws` (fewer than 100 of
    the fit's count), `starts` (of several, one alone found the best fit), `split` (spend came
    without territories and was split by audience), `outside` (spend that falls out of the window),
    `before` (spend before a release to come), `lost` (spend so early that nothing of it is carried
    over), `segments` (cells whose response was never observed), `artist` (a release to come of an
    artist without streams: sd of the log sizes it is drawn from), `genre` (one that the model saw
    no release of), `no_costs` (published costs in dollars that do not count without a rate), `own`
    (channels by the draws of a model of one's own), `event` (one on file that counts in the plan's
    weeks, and its change of the song's own streams in a week that it fills), `event_new` (of a kind
    that the data never held), and what `doubts` says of the channels.
    """
    most = dict(observed_weeks(fit).select("channel", "most").iter_rows())
    crowded = _crowded(fit, plan)
    effect = fit.frames["channels"].filter(pl.col("parameter") == "effect")
    loud = dict(effect.select("channel", "dominance").iter_rows())
    rows: list[tuple[str, str, float, float]] = []
    weights = flight_weights(plan)
    for channel, amount in plan.spend:
        week = amount * float(weights.max())
        if amount <= 0 or not fit.meta["calibrated"]:
            continue  # `left_out.untaught` says it once for all channels
        if channel not in most:
            rows.append(("unseen", channel, week, 0.0))
        elif week > BEYOND * most[channel]:
            rows.append(("beyond", channel, week / most[channel], BEYOND))
        else:
            rows += crowded[channel]
        if loud.get(channel, 1.0) > DOMINANT:
            rows.append(("prior", channel, loud.get(channel, 1.0), DOMINANT))
    if fit.meta["split"] > 0:
        rows.append(("split", "territories", fit.meta["split"], 0.0))
    if plan.segments:
        rows.append(("segments", "segments", fit.meta["prior_sd"]["cell"], 0.0))
    late = float(weights[max(weeks - plan.flight[0], 0) :].sum())
    if late > 0 and plan.budget > 0:
        rows.append(("outside", "flight", late, 0.0))
    if plan.budget > 0:
        rows += _early(fit, plan, weights)
    if fit.meta["dollar"] is None:
        rows.append(("no_costs", "all channels", 0.0, 0.0))
    if fit.meta["own_model"]:
        rows.append(("own", "all channels", 0.0, 0.0))
    rows += _rough(fit)
    rows += _unheard(fit, plan) + _doubted(fit, plan) + _events(fit, plan)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("kind", "subject")


def _crowded(fit: "Fit", plan: Plan) -> dict[str, list[tuple[str, str, float, float]]]:
    """Return by channel where the plan gives a listener more in a week than any ever got."""
    if plan.segments:  # which were never observed by themselves
        return {channel: [] for channel, _ in plan.spend}
    cells, audience = tuple(fit.meta["cells"]), fit.arrays["audience"]
    names = tuple(channel for channel, _ in plan.spend)
    each = channel_shares(plan, names, cells, audience) / audience
    dense = dict(observed_weeks(fit).select("channel", "dense").iter_rows())
    largest = float(flight_weights(plan).max())
    found = {}
    for (channel, amount), row in zip(plan.spend, each, strict=True):
        times = amount * largest * row / dense.get(channel, np.inf)
        found[channel] = [
            ("crowded", f"{channel}{AND}{cells[k]}", float(times[k]), BEYOND)
            for k in np.flatnonzero(times > BEYOND)
        ]
    return found


def _early(fit: "Fit", plan: Plan, weights: np.ndarray) -> list[tuple[str, str, float, float]]:
    """Return the shares of spend before a release, and before all that is carried over."""

    def earlier(weeks: int) -> float:
        return float(weights[: max(-plan.flight[0] - weeks, 0)].sum())

    planned, reach = to_come(fit, plan), LEAD
    if planned and plan.start is not None:  # a window may begin with the release of another plan
        reach += (friday(plan.release_date) - plan.start).days // 7
    rows = [("before", "flight", earlier(0) if planned else 0.0, 0.0)]
    rows.append(("lost", "flight", earlier(reach), float(reach)))
    return [row for row in rows if row[2] > 0]


def _events(fit: "Fit", plan: Plan) -> list[tuple[str, str, float, float]]:
    """Return the events that a dated plan counts with, and what they do in a week they fill."""
    if plan.start is None:
        return []
    weeks = np.arange(plan.weeks) * 7 + np.datetime64(plan.start, "D")
    return [
        ("event" if row["seen"] else "event_new",
         f"{row['name']} ({row['kind']}, {row['first_day']:%d %b %Y})", row["median"] - 1, 0.0)
        for row in events_ahead(fit, plan, weeks).head(MOST_EVENTS).to_dicts()
    ]  # fmt: skip


def agreeing(fit: "Fit") -> int:
    """Return how many starts of the search reached the best fit."""
    return sum(one >= max(fit.meta["modes"]) - AGREE for one in fit.meta["modes"])


def _rough(fit: "Fit") -> list[tuple[str, str, float, float]]:
    """Return what the draws of a fit are not good enough for."""
    rows, k, effective = [], fit.meta["pareto_k"], fit.meta["effective"]
    if k is not None and k > TRUSTED_K and not fit.meta["exact"]:
        rows.append(("weights", "all channels", k, TRUSTED_K))
    if fit.meta["tried"] and effective < ENOUGH_DRAWS:
        rows.append(("draws", "all channels", effective, ENOUGH_DRAWS))
    if agreeing(fit) < min(2, len(fit.meta["modes"])):
        rows.append(("starts", "all channels", agreeing(fit), len(fit.meta["modes"])))
    return rows


def _doubted(fit: "Fit", plan: Plan) -> list[tuple[str, str, float, float]]:
    """Return the doubts about channels that the plan spends on; `unseen` says who has no spend."""
    used = {channel for channel, amount in plan.spend if amount > 0}
    rows = fit.frames["doubts"].filter(pl.col("kind") != "unspent").rows()
    return [row for row in rows if used & {row[1], *row[1].split(AND)}]


def _unheard(fit: "Fit", plan: Plan) -> list[tuple[str, str, float, float]]:
    """Return what a release to come is not known by: its artist's size, its genre's decay."""
    if not to_come(fit, plan):
        return []
    rows = []
    if plan.artist_id not in fit.frames["artists"]["artist_id"]:
        name = plan.artist or plan.artist_id or "unknown artist"
        rows.append(("artist", name, roster_spread(fit.frames["artists"]), 0.0))
    if plan.genre not in fit.meta["genres"]:
        rows.append(("genre", plan.genre or "", 0.0, 0.0))
    return rows
