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
from workbench.audience.heard import dealt
from workbench.audience.known import last_day
from workbench.audience.nearest import clearly
from workbench.audience.overindex import share_interval
from workbench.audience.periods import period_streams
from workbench.audience.profiles import added
from workbench.audience.segments import READS
from workbench.errors import NotEnoughEvidence
from workbench.store.privacy import HIDDEN, in_fives, suppressed

DAYS, STEPS = 84, 8
DEALS = 1


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
    found, whole = period_streams(label, scope, until, days, steps)
    streams = found.cells.filter(pl.col("part") < whole)
    fitted = _Fitted(fit, count, found.artists)
    own = pl.len().cast(pl.Int64)
    placed = fitted.placed(streams)
    pairs = _pairs(placed)
    draw = np.random.default_rng(seed)
    rows = []
    for step in sorted(pairs["part"].unique().to_list(), reverse=True):
        here = pairs.filter(part=step)
        if here.height < max(min_group, 1):
            continue
        both = streams.filter(pl.col("part").is_between(step, step + 1))
        both = both.join(here, on="listener", how="semi", maintain_order="left")
        again = [_kept(_pairs(fitted.placed(dealt(both, draw)))) for _ in range(DEALS)]
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


class _Fitted:
    """The tastes and centres of a fit, for artists by other numbers than its own."""

    def __init__(self, fit, count: int, artists: pl.Series) -> None:
        known = fit.frames["artists"].with_row_index("column")
        here = (
            artists.alias("artist_id")
            .to_frame()
            .join(known, on="artist_id", how="left", maintain_order="left")
        )
        self.known = here["column"].is_not_null().to_numpy()
        column = here["column"].fill_null(0).to_numpy()
        self.idf = here["idf"].fill_null(0.0).to_numpy()
        self.tastes = np.where(self.known[:, None], fit.arrays["tastes"].T[column], 0.0)
        self.centres = fit.arrays[f"centroids_{count}"]

    def placed(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Return listener | part | segment of who has enough streams in it, -1 unassigned."""
        from threadpoolctl import threadpool_limits

        listener, part, artist, streams = (cells[name].to_numpy() for name in cells.columns)
        new = (np.diff(listener, prepend=-1) != 0) | (np.diff(part, prepend=-1) != 0)
        row = np.cumsum(new) - 1
        rows = cells.filter(pl.Series(new)).select("listener", "part")
        weight = np.log1p(streams) * self.idf[artist]
        matrix = added(row, artist, weight, (rows.height, len(self.idf)))
        enough = np.bincount(row, weights=streams, minlength=rows.height) >= FEWEST_STREAMS
        with threadpool_limits(1, "blas"):  # small products: more threads only wait for each other
            values = matrix[np.flatnonzero(enough)] @ self.tastes
            length = np.linalg.norm(values, axis=1, keepdims=True)
            labels, margin = clearly(values / np.maximum(length, 1e-12), self.centres)
        clear = (margin >= CLEAR) & (length[:, 0] > 0)
        segment = np.where(clear, labels, UNASSIGNED)
        found = pl.Series("segment", segment.astype(np.int64))
        return rows.filter(pl.Series(enough)).with_columns(found)


def _pairs(placed: pl.DataFrame) -> pl.DataFrame:
    """Return listener | part (of the later period) | segment (before, a cluster) | to."""
    later = placed.select("listener", pl.col("part") + 1, pl.col("segment").alias("to"))
    both = placed.join(later, on=["listener", "part"])
    return both.filter(pl.col("segment") != UNASSIGNED).with_columns(pl.col("part") - 1)


def _kept(pairs: pl.DataFrame) -> float:
    return pairs.filter(pl.col("segment") == pl.col("to")).height / max(pairs.height, 1)


def _flows(pairs, names: dict[int, str], people: pl.Expr, min_group: int):
    """Return segment | name | to | to_name | moves | share | hidden, and how many are hidden."""
    names = {**names, UNASSIGNED: "Unassigned"}
    every = pl.DataFrame({"segment": [n for n in names if n >= 0]}, schema={"segment": pl.Int64})
    every = every.join(pl.DataFrame({"to": list(names)}, schema={"to": pl.Int64}), how="cross")
    counted = pairs.group_by("segment", "to").agg(
        people.alias("moves"), pl.col("listener").n_unique().cast(pl.Int64).alias("exact")
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
