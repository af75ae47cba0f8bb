"""When a release should come out: every Friday ahead on the same draws, clashes taken off."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.audience.overlap import READS, overlap
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence
from workbench.listening.streams import friday as its_friday
from workbench.promotion.draws import dated, scene, to_come
from workbench.promotion.events import events_ahead, stirs
from workbench.promotion.plan import Plan, checked, friday
from workbench.promotion.points import EDGE_NAMES, EDGES
from workbench.promotion.season import seasons
from workbench.promotion.whatif import evaluated

FIRST = 8  # weeks that a launch is judged by
LIFE = 104  # weeks that stand for a lifetime
FIXED = 52  # weeks from the first Friday on, which end on the same day for every date
NEAR = 2  # weeks in which another own release is in the way
CLASH = 0.1  # of a shared listener's streams that the other release takes; assumption
EVERYBODY = 10_000  # artists


@dataclass(frozen=True, eq=False)
class Dates:
    """Fridays that a release could come out on.

    Attributes
    ----------
    dates : date | rank (1 is best) | planned (whether it is the planned one), then, as _low,
        _median and _high (90 %): first (streams of the first 8 weeks, clashes taken off) | alone
        (no clashes taken off, as the Lab has them) | against (first ones over the planned date's,
        less 1) | season (the same without clashes) | fixed (streams until one day, the same for
        all, over the planned date's, less 1) | life (two years, likewise); then chance (of more
        first streams than on the planned date) | clash (share of them that own releases take) |
        promoted (first streams that promotion brings over those at the planned date, less 1,
        median; null without spend); by date.
    clashes : date | track_id | title | artist | other (its date) | apart (weeks) | shared (share of
        this artist's listeners who hear the other one, null where not known); own releases near.
    events : date | name | kind | first_day | low | median | high | seen, see `events_ahead`; on
        file for the first weeks of a date, and counted in them.
    planned : the planned date's Friday. until : the day after the fixed window. draws : how many.
    clash : assumed share that a release in the same week takes of a shared listener's streams.
    shared_known : whether listening by listener tells whose audiences are shared.
    """

    dates: pl.DataFrame
    clashes: pl.DataFrame
    events: pl.DataFrame
    planned: datetime.date
    until: datetime.date
    draws: int
    clash: float
    shared_known: bool


@analysis(reads="promotion", optional=f"artists {READS}")
def release_dates(
    label,
    *,
    plan: Plan,
    today: datetime.date | None = None,
    weeks: int = 26,
    clash: float = CLASH,
    min_group: int = 10,
) -> Dates:
    """Return what the Fridays of the next `weeks` would do for a release to come.

    The plan moves with its date: money is spent as long before or after it. Level, decay and the
    response to money are the same draws on every date, so that only the season and clashes differ.
    Another own release within two weeks takes `clash` of what shared listeners stream, in the same
    week; two thirds of it a week apart, one third at two. No study measures that: an assumption.

    Parameters
    ----------
    today : Fridays begin after it, and after the data. clash : 0 to 1.

    Raises
    ------
    BadInput
        The release is out, or its date has passed; clash or weeks out of range.
    """
    if not 0 <= clash <= 1 or not 1 <= weeks <= FIXED:
        raise BadInput(f"A clash takes 0 to 1 of shared streams; ask for 1 to {FIXED} weeks.")
    fit = label.fit("promotion")
    plan = dated(fit, checked(plan))
    if plan.release_date is None or not to_come(fit, plan):
        raise BadInput(
            "This release is out, or its date has passed; a calendar is for one to come."
        )
    after = datetime.date.fromisoformat(fit.meta["last_week"]) + datetime.timedelta(weeks=1)
    if today and plan.release_date <= today:
        raise BadInput(f"The planned date, {plan.release_date}, has passed; set a new one.")
    week = datetime.timedelta(weeks=1)
    first = max(after, friday(today) + week if today else after)
    planned = friday(plan.release_date)
    fridays = sorted({planned, *(first + k * week for k in range(weeks))})
    near = _clashes(label, fit, plan, fridays, min_group)
    taken = _taken(near, fridays, clash)
    streams = _streams(fit, replace(plan, release_date=planned, start=planned), fridays, first)
    frame = _compared(streams, taken, fridays, planned)
    return Dates(
        dates=frame,
        clashes=near,
        events=_events(fit, plan, fridays),
        planned=planned,
        until=first + FIXED * week,
        draws=len(fit.arrays["draws"]),
        clash=clash,
        shared_known=near["shared"].null_count() < near.height if near.height else True,
    )


def _streams(fit, plan: Plan, fridays: list, first: datetime.date) -> dict[str, np.ndarray]:
    """Return streams by date and draw (D, S): first, fixed, life, and promoted ones of the first.

    What a release does by age is the same on every date but for the season, so it is computed once.
    """
    one = scene(fit, replace(plan, weeks=LIFE))
    season, lift = seasons(fit, one.weeks)
    held = stirs(fit, plan, one.weeks)
    calm = one.base if held is None else one.base / held
    alone, usual = calm.sum(0) / season, season
    brought = evaluated(one, plan).weekly / lift if plan.budget else np.zeros_like(alone)
    days = np.arange((fridays[-1] - fridays[0]).days // 7 + LIFE) * 7
    days = days + np.datetime64(fridays[0], "D")
    season, lift = seasons(fit, days)
    stirred = stirs(fit, plan, days)
    found: dict[str, list] = {"first": [], "fixed": [], "life": [], "promoted": []}
    for day in fridays:
        at = (day - fridays[0]).days // 7
        promoted = brought * lift[at : at + LIFE]
        if stirred is not None:  # what stands on file stays where it lies
            alone = (calm * stirred[:, at : at + LIFE]).sum(0) / usual
        streams = alone * season[at : at + LIFE] + promoted
        inside = max(FIXED - (day - first).days // 7, 0)
        found["first"].append(streams[:FIRST].sum(0))
        found["fixed"].append(streams[:inside].sum(0))
        found["life"].append(streams.sum(0))
        found["promoted"].append(promoted[:FIRST].sum(0))
    return {name: np.stack(values).astype(np.float64) for name, values in found.items()}


def _compared(
    streams: dict[str, np.ndarray], taken: np.ndarray, fridays: list, planned: datetime.date
) -> pl.DataFrame:
    own = fridays.index(planned)
    first = streams["first"] * (1 - taken)[:, None]
    measures = {"first": first, "alone": streams["first"]}
    measures["against"] = first / np.maximum(first[own], 1e-9) - 1
    for name, source in (("season", "first"), ("fixed", "fixed"), ("life", "life")):
        measures[name] = streams[source] / np.maximum(streams[source][own], 1e-9) - 1
    columns: dict[str, object] = {"date": fridays}
    better = np.argsort(-np.median(measures["against"], axis=1), kind="stable")
    rank = np.empty(len(fridays), int)
    rank[better] = np.arange(1, len(fridays) + 1)
    columns |= {"rank": rank, "planned": np.arange(len(fridays)) == own}
    for name, values in measures.items():
        for edge, value in zip(EDGE_NAMES, np.quantile(values, EDGES, axis=1), strict=True):
            columns[f"{name}_{edge}"] = value
    columns["chance"] = (first > first[own]).mean(1)
    columns["clash"] = taken
    promoted = np.median(streams["promoted"], axis=1)
    columns["promoted"] = promoted / promoted[own] - 1 if promoted[own] > 0 else None
    return pl.DataFrame(columns, schema_overrides={"promoted": pl.Float64, "rank": pl.Int64})


def _events(fit, plan: Plan, fridays: list) -> pl.DataFrame:
    """Return the events on file in the first weeks of each date."""
    weeks = np.arange(FIRST) * 7
    return pl.concat(
        events_ahead(fit, plan, weeks + np.datetime64(day, "D")).select(
            pl.lit(day).alias("date"), pl.all()
        )
        for day in fridays
    )


def _clashes(label, fit, plan: Plan, fridays: list, min_group: int) -> pl.DataFrame:
    """Return own releases within two weeks of each date, and how much of the audience is shared."""
    others = (
        fit.frames["catalogue"]
        .filter(pl.col("track_id").ne_missing(pl.lit(plan.track_id, pl.String)))
        .drop_nulls("release_date")
        .filter(pl.col("status").ne_missing("demo"))
        .select("track_id", "title", "artist_id", other="release_date")
    )
    apart = its_friday("other") - pl.col("date")
    names = label.scan("artists").select("artist_id", artist="name").collect()
    return (
        pl.DataFrame({"date": fridays})
        .join(others, how="cross")
        .with_columns(apart=apart.dt.total_days() // 7)
        .filter(pl.col("apart").abs() <= NEAR)
        .join(names, on="artist_id", how="left")
        .join(_shared(label, plan, min_group), on="artist_id", how="left")
        .select(
            "date",
            "track_id",
            pl.coalesce("title", "track_id").alias("title"),
            pl.coalesce("artist", "artist_id").alias("artist"),
            "other",
            "apart",
            "shared",
        )
        .sort("date", "other", "track_id")
    )


def _shared(label, plan: Plan, min_group: int) -> pl.DataFrame:
    """Return artist_id | shared: which share of the release's artist's listeners hears them."""
    own = pl.DataFrame(
        {"artist_id": [plan.artist_id], "shared": [1.0]},
        schema={"artist_id": pl.String, "shared": pl.Float64},
    ).drop_nulls()
    if plan.artist_id is None:
        return own
    try:
        found = overlap(label, artist_id=plan.artist_id, top=EVERYBODY, min_group=min_group)
    except (MissingTable, NotEnoughEvidence, BadInput):
        return own
    return pl.concat([own, found.others.select("artist_id", shared="share")])


def _taken(near: pl.DataFrame, fridays: list, clash: float) -> np.ndarray:
    """Return which share of the first streams other own releases take, by date."""
    close = 1 - pl.col("apart").abs() / (NEAR + 1)
    kept = (
        near.drop_nulls("shared")
        .group_by("date")
        .agg(((1 - clash * close * pl.col("shared")).log().sum().exp()).alias("kept"))
    )
    found = pl.DataFrame({"date": fridays}).join(kept, on="date", how="left", maintain_order="left")
    return 1 - found["kept"].fill_null(1.0).to_numpy()
