"""Files whose mapping names recordings by what they are called: their tracks, through matching.

A title is no identifier: two recordings that share one must not fall together. So a mapping says
with [recording] where title, artist, ISRC and version stand, and leaves the track of its tables
open; it is found here as for any statement. What is in doubt is refused; money stands without.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import polars as pl

from workbench.catalogue import identifiers
from workbench.dataset import Dataset
from workbench.errors import BadInput
from workbench.importers.changed_cells import as_they_were
from workbench.importers.incoming import Understood
from workbench.importers.mapping import (
    COMPLETE,
    KEEP,
    MONEY,
    REFERENCE,
    ColumnRule,
    Mapping,
    TableRule,
)
from workbench.importers.play_history import refused
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import MADE, OURS, TRACK
from workbench.importers.records import as_said
from workbench.importers.sheet import ROW, Sheet

BY_ID = "track_id"
SEVERAL = (
    "recordings of several ids are called alike; leave the id out of the mapping if they are one"
)
TOLD = f"{OURS}told "
HELD = ("title", "artist_id", "status", "isrc")
Recorded = Callable[..., tuple[Sheet, tuple[TableRule, ...]]]


def by_recording(sheet: Sheet, mapping: Mapping, label: Dataset, source: str) -> Understood:
    """Return a file read as a mapping says that names recordings.

    Parameters
    ----------
    sheet : the file. mapping : that has a `recording`. label : whose tracks they may be.
    source : of this import.

    Raises
    ------
    BadInput
        The file lacks a column that the recording is read from.
    """
    rows = _said(sheet, mapping)
    by_id = rows.pop(BY_ID, None)
    found = partial(recorded, refusing=not {rule.name for rule in mapping.tables} <= MONEY)
    if by_id is None:
        sheet, rules = found(sheet, rows, label, source)
    else:
        sheet, rules = _known_first(found, sheet, by_id, rows, label, source)
    tables = []
    for rule in mapping.tables:
        if rule.name == "tracks" and BY_ID not in dict(rule.columns):
            known = label.stored("tracks", but=source).select(BY_ID, *HELD).collect()
            known = as_they_were(label, source, known)
            sheet, rule = _tracks(sheet, rule, known, rows.get("isrc", pl.lit(None, pl.String)))
            rules = tuple(one for one in rules if one.name != "tracks")
        tables.append(_referring(rule))
    return Understood(sheet, replace(mapping, tables=(*tables, *rules), recording=()))


def named_by_title(mapping: Mapping) -> Mapping:
    """Return a mapping that takes a title for a track's id as one that names recordings.

    The wizard made such mappings once, and labels have saved them.
    """
    rule = next((r for r in mapping.tables if r.name == "tracks" and r.existing == KEEP), None)
    said = dict(rule.columns) if rule else {}
    track, title, artist = (said.get(name) for name in (BY_ID, "title", "artist_id"))
    if mapping.recording or not (track and artist and artist.column) or track != title:
        return mapping
    recording = (("title", title), ("artist", replace(artist, prefix="")))
    kept = tuple(
        replace(one, columns=tuple((n, c) for n, c in one.columns if c != track))
        for one in mapping.tables
        if one.name not in ("tracks", "artists")
    )
    return replace(mapping, tables=kept, recording=recording)


def _said(sheet: Sheet, mapping: Mapping) -> dict[str, pl.Expr]:
    """Return what the rows say of recordings; what the file may lack is left out."""
    here = {name.casefold(): name for name in sheet.columns}
    rows = {name: pl.lit(None, pl.String) for name in ("title", "artist")}
    for name, rule in mapping.recording:
        absent = [column for column in rule.column if column.casefold() not in here]
        if absent and name in rows:
            raise BadInput(
                f"The {name} of the recordings is read from the column {', '.join(absent)}, which "
                f"the file does not have. It has: {', '.join(here.values())}."
            )
        if not absent:
            columns = tuple(here[column.casefold()] for column in rule.column)
            rows[name] = as_said(rule, columns) if columns else pl.lit(rule.constant)
    return rows


def _known_first(
    found: Recorded, sheet: Sheet, by_id: pl.Expr, rows: dict[str, pl.Expr], label: Dataset,
    source: str,
) -> tuple[Sheet, tuple[TableRule, ...]]:  # fmt: skip
    """Take the tracks whose ids the label knows, and match the other rows by what they say."""
    ids = label.stored("tracks", but=source).select(BY_ID).collect()[BY_ID]
    frame = sheet.frame.with_columns(by_id.str.strip_chars().alias(TRACK))
    known = pl.col(TRACK).is_in(ids.implode()).fill_null(value=False)
    others = replace(sheet, frame=frame.filter(~known).drop(TRACK))
    made, rules = found(others, rows, label, source)
    alike = pl.col(TRACK).is_not_null() & (by_id.drop_nulls().n_unique().over(TRACK) > 1)
    if "isrc" in rows:
        alike &= rows["isrc"].is_null()
    made = refused(made, alike, SEVERAL)
    whole = pl.concat([frame.filter(known), made.frame], how="diagonal").sort(ROW)
    return replace(made, frame=whole, taken=(*made.taken, *by_id.meta.root_names())), rules


def _referring(rule: TableRule) -> TableRule:
    """Return a rule whose rows are of the recordings, where it does not say of what they are."""
    target, said = REFERENCE.get(rule.name), dict(rule.columns)
    if target is None or target in said:
        return rule
    own = {target: ColumnRule(column=(TRACK,))}
    if target == "entity_id":
        own["entity"] = ColumnRule(constant="track")
    return replace(rule, columns=tuple((said | own).items()))


def _tracks(
    sheet: Sheet, rule: TableRule, known: pl.DataFrame, isrc: pl.Expr
) -> tuple[Sheet, TableRule]:
    """Let the file fill the tracks that it names: what is known keeps its name and its artist."""
    held = known.select(pl.col(BY_ID).alias(TRACK), pl.col(HELD).name.prefix(TOLD))
    frame = sheet.frame.join(held, on=TRACK, how="left", maintain_order="left")
    names = [name for name in MADE if name != BY_ID]
    told = {name: pl.col(f"{OURS}new {name}").drop_nulls().first().over(TRACK) for name in names}
    told["status"] = pl.lit("released")
    code = identifiers.isrc(isrc).drop_nulls().first().over(TRACK)
    told["isrc"] = pl.coalesce(told["isrc"].cast(pl.String), code)
    frame = frame.with_columns(
        (pl.coalesce(TOLD + name, expr) if name in HELD else expr).alias(TOLD + name)
        for name, expr in told.items()
    )
    columns = {name: ColumnRule(column=(TOLD + name,)) for name in told}
    named = {"title", "artist_id", "isrc", "version"}  # of these the recording tells
    more = {name: one for name, one in rule.columns if name not in named}
    columns = {BY_ID: ColumnRule(column=(TRACK,))} | columns | more
    sheet = replace(sheet, frame=frame, added=(*sheet.added, *(TOLD + name for name in told)))
    return sheet, replace(rule, columns=tuple(columns.items()), existing=COMPLETE)
