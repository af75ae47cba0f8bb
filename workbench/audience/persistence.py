"""Do Taste clusters persist: who stays in one from period to period, who moves, and where to.

The clusters are those of the whole history. Of each period alone a listener gets a profile, and it
is sorted to the nearest centre as everybody was. Few streams sort somebody anew by chance: what
unchanged taste would keep stands beside it, as for lead artists.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import traits as traiting
from workbench.audience.assigned import assigned, held_traits
from workbench.audience.clusters import CLEAR, FEWEST_STREAMS, UNASSIGNED
from workbench.audience.known import last_day
from workbench.audience.lead_artists import dealt, period_streams
from workbench.audience.nearest import assigned as nearest
from workbench.audience.nearest import margins
from workbench.audience.overindex import share_interval
from workbench.audience.profiles import added
from workbench.audience.segments import READS
from workbench.errors import NotEnoughEvidence
from workbench.store.privacy import HIDDEN, in_fives, suppressed

DAYS, STEPS = 84, 8
DEALS = 3


@dataclass(frozen=True, eq=False)
class Persistence:
    """Who stays in a Taste cluster. Hidden cells are null; people in fives, shares 0 to 1.

    Attributes
    ----------
    periods : day (last of the later period) | people (in a cluster before, `fewest_streams` streams
        in both) | stayed (share in the same) | low | high (90 %) | unchanged (share that unchanged
        taste would keep).
    flows : segment | name | to | to_name | moves (over all periods) | share (of the moves and stays
        from the cluster) | hidden; -1 is unassigned.
    days : of a period. count : clusters. hidden : cells hidden for privacy.
    """

    periods: pl.DataFrame
    flows: pl.DataFrame
    days: int
    count: int
    hidden: int
    min_group: int


@analysis(optional=READS)
def persistence(
    label,
    *,
    count: int | None = None,
    filters: Filters = Filters(),
    days: int = DAYS,
    steps: int = STEPS,
    min_group: int = 10,
    seed: int = 0,
) -> Persistence:
    """Return who stays in the Taste clusters from one period of `days` to the next.

    `filters` chooses countries, a segment and the last day; the clusters are everybody's.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        No plays; the clusters are not fitted; no two periods with enough people in both.
    """
    if not label.has("plays"):
        raise label.missing("plays")
    fit, count, members = assigned(label, count)
    until = min(last_day(label), filters.until or datetime.date.max)
    scope = replace(filters, artists=(), genres=())
    streams, whole = period_streams(label, scope, until, days, steps)
    streams = streams.filter(pl.col("step") < whole)
    own = pl.len().cast(pl.Int64)
    placed = _placed(streams, fit, count)
    pairs = _pairs(placed)
    draw = np.random.default_rng(seed)
    rows = []
    for step in sorted(pairs["step"].unique().to_list(), reverse=True):
        here = pairs.filter(step=step)
        if here.height < max(min_group, 1):
            continue
        both = streams.filter(pl.col("step").is_between(step, step + 1))
        both = both.join(here, on="listener_id", how="semi")
        again = [_kept(_pairs(_placed(dealt(both, draw), fit, count))) for _ in range(DEALS)]
        people, stayed = here.height, here.filter(pl.col("segment") == pl.col("to")).height
        day = until - datetime.timedelta(days=step * days)
        rows.append((day, people, stayed, round(float(np.mean(again)), 2)))
    if not rows:
        raise NotEnoughEvidence(
            f"This needs {2 * days} days of plays, and {max(min_group, 1)} people with "
            f"{FEWEST_STREAMS} streams in both halves."
        )
    schema = {"day": pl.Date, "people": pl.Int64, "exact": pl.Int64, "unchanged": pl.Float64}
    periods = pl.DataFrame(rows, schema=schema, orient="row")
    stayed, people = (in_fives(pl.col(name), min_group) for name in ("exact", "people"))
    low, high = share_interval(pl.min_horizontal(stayed, people), people)
    few = (pl.min_horizontal("exact", pl.col("people") - pl.col("exact")) < min_group) & (
        min_group > 1
    )
    periods = periods.select(
        "day",
        people.alias("people"),
        *(
            pl.when(~few).then(value).alias(name)
            for name, value in (("stayed", stayed / people), ("low", low), ("high", high))
        ),
        pl.when(~few).then("unchanged").alias("unchanged"),
    ).sort("day")
    names = traiting.cluster_names(held_traits(label, members, min_group)[0], list(range(count)))
    flows, hidden = _flows(pairs, names, own, min_group)
    return Persistence(periods, flows, days, count, hidden, min_group)


def _placed(streams: pl.DataFrame, fit, count: int) -> pl.DataFrame:
    """Return listener_id | step | segment of who has enough streams in a period, -1 unassigned."""
    known = fit.frames["artists"]
    place = known.select("artist_id").with_row_index("column")
    cells = streams.join(place, on="artist_id").sort("listener_id", "step", "column")
    cells = cells.filter(pl.col("streams").sum().over("listener_id", "step") >= FEWEST_STREAMS)
    rows = cells.select("listener_id", "step").unique(maintain_order=True)
    number = cells.select(pl.struct("listener_id", "step").rle_id())["listener_id"].to_numpy()
    weight = np.log1p(cells["streams"].to_numpy()) * known["idf"].to_numpy()[cells["column"]]
    matrix = added(number, cells["column"].to_numpy(), weight, (rows.height, known.height))
    values = matrix @ fit.arrays["tastes"].T.astype(np.float64)
    length = np.linalg.norm(values, axis=1, keepdims=True)
    values = values / np.maximum(length, 1e-12)
    centres = fit.arrays[f"centroids_{count}"]
    clear = (margins(values, centres) >= CLEAR) & (length[:, 0] > 0)
    segment = np.where(clear, nearest(values, centres), UNASSIGNED)
    return rows.with_columns(pl.Series("segment", segment.astype(np.int64)))


def _pairs(placed: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | step (of the later period) | segment (before, a cluster) | to."""
    later = placed.select("listener_id", pl.col("step") + 1, pl.col("segment").alias("to"))
    both = placed.join(later, on=["listener_id", "step"])
    return both.filter(pl.col("segment") != UNASSIGNED).with_columns(pl.col("step") - 1)


def _kept(pairs: pl.DataFrame) -> float:
    return pairs.filter(pl.col("segment") == pl.col("to")).height / max(pairs.height, 1)


def _flows(pairs, names: dict[int, str], people: pl.Expr, min_group: int):
    """Return segment | name | to | to_name | moves | share | hidden, and how many are hidden."""
    names = {**names, UNASSIGNED: "Unassigned"}
    every = pl.DataFrame({"segment": [n for n in names if n >= 0]}, schema={"segment": pl.Int64})
    every = every.join(pl.DataFrame({"to": list(names)}, schema={"to": pl.Int64}), how="cross")
    counted = pairs.group_by("segment", "to").agg(
        people.alias("moves"), pl.col("listener_id").n_unique().cast(pl.Int64).alias("exact")
    )
    frame = every.join(counted, on=["segment", "to"], how="left").with_columns(
        pl.col("moves", "exact").fill_null(0)
    )
    frame = frame.with_columns(in_fives(pl.col("moves"), min_group)).with_columns(
        (pl.col("moves") / pl.col("moves").sum().over("segment")).fill_nan(None).alias("share"),
        pl.col("segment").replace_strict(names, return_dtype=pl.String).alias("name"),
        pl.col("to").replace_strict(names, return_dtype=pl.String).alias("to_name"),
    )
    edges = (("segment",), ("to",))
    frame, hidden = suppressed(frame, "exact", min_group, also=("moves", "share"), margins=edges)
    columns = ("segment", "name", "to", "to_name", "moves", "share", HIDDEN)
    return frame.select(columns).sort("segment", "to"), hidden
