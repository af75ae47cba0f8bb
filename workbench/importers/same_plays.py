"""Plays that several imports tell, such as Spotify's history and the scrobbles of one listener.

A source notes when a play began to the second, another to the minute it ended. What lies nearer
together than a minute is one play where listener and recording are the same: it counts once, and
belongs to all imports that tell of it, so that each can be taken back.
"""

import datetime
from pathlib import Path

import polars as pl

from workbench.store.manifest import Slice
from workbench.store.slices import IMPORTS, whole
from workbench.tables import table

NEAR_MS = 60_000  # Spotify's short history says the minute only
KIND = table("plays")
VALUES = [name for name in KIND.polars_schema.names() if name not in KIND.key]
HELD, OTHERS, DAY = " held", "by others", datetime.timedelta(days=1)


def as_held(
    folder: Path, entries: list[Slice], rows: pl.DataFrame, source: str
) -> tuple[pl.DataFrame, int]:
    """Return plays as the label tells them where it does already, and how many others told.

    Parameters
    ----------
    folder : of the label. entries : of its plays. rows : plays that come, one a key.
    source : of their import; what it told before is no other's.

    Returns
    -------
    the rows, of which those that are held have the time that is held, and what either side tells
    of them; where both do, the same time leaves it to the new row and another to the one held.
    """
    rows = pl.concat([pl.DataFrame(schema=KIND.polars_schema), rows], how="diagonal")
    held = _held(folder, entries, rows, source)
    if held.is_empty():
        return rows, 0
    exact = rows.join(held, on=KIND.key, suffix=HELD)
    rest, left = (one.join(exact.select(KIND.key), on=KIND.key, how="anti") for one in (rows, held))
    pairs = _nearest(rest, left)
    there = left[pairs["at"]]
    beside = there.select("played_at", OTHERS, pl.col(VALUES).name.suffix(HELD))
    near = rest[pairs["row"]].drop("played_at").hstack(beside)
    new = rest.with_row_index("row").join(pairs, on="row", how="anti").drop("row")
    kept = [*KIND.polars_schema, OTHERS]
    both = [
        exact.with_columns(_told(name, "", HELD) for name in VALUES).select(kept),
        near.with_columns(_told(name, HELD, "") for name in VALUES).select(kept),
    ]
    known = pl.concat(both)
    count = int(known[OTHERS].sum())
    return pl.concat([new, known.drop(OTHERS)]), count


def _held(folder: Path, entries: list[Slice], rows: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return the label's plays of these listeners and days, and whether others brought them."""
    if rows.is_empty():
        return rows.with_columns(pl.lit(value=False).alias(OTHERS))
    first, last = (rows["played_at"].min() - DAY).date(), (rows["played_at"].max() + DAY).date()
    songs = rows.select("listener_id", "track_id").unique()
    found = [rows.clear().with_columns(pl.lit(value=False).alias(OTHERS))]
    for entry in entries:
        if entry.last < first.isoformat() or entry.first > last.isoformat():
            continue
        others = pl.lit(value=entry.source != source)
        if entry.imports:
            others = pl.col(IMPORTS) != pl.lit([source], pl.List(pl.String))
        held = whole(folder, KIND, entry).with_columns(others.alias(OTHERS))
        held = held.join(songs, on=songs.columns, how="semi")
        found.append(held.select(*KIND.polars_schema, OTHERS))
    return pl.concat(found)


def _nearest(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Return new row | at (row of those held) of the plays nearest together, each once."""
    who, when = pl.struct("listener_id", "track_id").hash(), pl.col("played_at").dt.epoch("ms")
    lines = pl.concat(
        [
            rows.select(who=who, when=when).with_row_index("row").with_columns(at=None),
            held.select(who=who, when=when).with_row_index("at").with_columns(row=None),
        ],
        how="diagonal_relaxed",
    ).sort("who", "when")
    # the plays held before and after each, as a join by a million songs takes several times longer
    sides = []
    for fill in (pl.Expr.forward_fill, pl.Expr.backward_fill):
        beside = [
            fill(pl.when(pl.col("at").is_not_null()).then(name)) for name in ("who", "when", "at")
        ]
        apart = (pl.col("when") - beside[1]).abs()
        side = lines.select("row", at=beside[2], apart=apart, same=pl.col("who") == beside[0])
        sides.append(side.filter(pl.col("row").is_not_null() & pl.col("same")))
    near = pl.concat(sides).filter(pl.col("apart") <= NEAR_MS).sort("apart", "row", "at")
    for one in ("row", "at"):
        near = near.unique(one, keep="first", maintain_order=True)
    return near.select("row", "at")


def _told(name: str, first: str, then: str) -> pl.Expr:
    """Return what one side says, or where it says nothing the other."""
    said = [pl.col(name + first), pl.col(name + then)]
    if name == "source":
        said = [one.replace("unknown", None) for one in said]
        return pl.coalesce(*said, pl.lit("unknown")).alias(name)
    return pl.coalesce(*said).alias(name)
