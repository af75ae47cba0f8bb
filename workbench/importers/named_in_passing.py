"""Tracks and artists that a file names in passing stand only where a row that names them does.

A play in the future or a line without an amount is refused; its song must not stay behind alone.
"""

import datetime
from dataclasses import replace

import polars as pl

from workbench.importers.mapping import KEEP
from workbench.importers.recordings_named import OURS, TRACK
from workbench.importers.settling import Settled, settled
from workbench.importers.sheet import ROW, Sheet


def without_rows_of_none(
    decided: list[Settled], sheet: Sheet, now: datetime.datetime
) -> list[Settled]:
    """Return what came of the rows of a file, without recordings of which no row stands.

    Parameters
    ----------
    decided : table by table. sheet : of the file. now : no event may lie a day after it.
    """
    if TRACK in sheet.frame.columns:
        named = sheet.frame.filter(pl.col(ROW).is_in(_standing(decided).implode()))[TRACK]
        decided = [_among(one, "tracks", "track_id", named, sheet, now) for one in decided]
    made = [one.rows for one in decided if one.records.rule.name == "tracks"]
    if not made:
        return decided
    whose = pl.concat([rows.select("artist_id") for rows in made])["artist_id"]
    return [_among(one, "artists", "artist_id", whose, sheet, now) for one in decided]


def _standing(decided: list[Settled]) -> pl.Series:
    """Return the rows of the file that stand in a table which it does not name in passing."""
    rows = [pl.Series(ROW, [], pl.Int64)]
    for one in decided:
        if _in_passing(one):
            continue
        offered = one.records.frame[ROW]
        # of a row that was turned into several, the others stand
        gone = offered.clear() if one.records.rule.unpivot else one.rejects[ROW]
        rows.append(offered.filter(~offered.is_in(gone.implode())))
    return pl.concat(rows).unique()


def _in_passing(one: Settled) -> bool:
    rule = one.records.rule
    return rule.existing == KEEP and rule.only.startswith(OURS)


def _among(
    one: Settled, name: str, column: str, kept: pl.Series, sheet: Sheet, now: datetime.datetime
) -> Settled:
    """Return what came of one table with only the entities that are kept."""
    if one.records.rule.name != name or not _in_passing(one):
        return one
    frame = one.records.frame.filter(pl.col(column).is_in(kept.implode()))
    if frame.height == one.records.frame.height:
        return one
    return settled(replace(one.records, frame=frame), sheet, now)
