"""Statements that a mapping reads: each line tells its file and its place, and names its recording.

A mapping says which column is the title, the artist or the ISRC of a line; the recordings are made
of these as for the statements that are known, and a line in doubt stands, as its money does.
"""

from dataclasses import replace

import polars as pl

from workbench.importers.incoming import Incoming
from workbench.importers.mapping import ColumnRule, Mapping, TableRule
from workbench.importers.recordings_named import OURS
from workbench.importers.sheet import ROW, Sheet
from workbench.importers.totals import Sum

LINE = f"{OURS}row"
NAMING = {
    "isrc": ("isrc",), "title": ("track_title",), "artist": ("track_artist", "release_artist"),
    "album": ("release_title",), "upc": ("upc",), "label": ("label",),
}  # fmt: skip


def with_places(sheet: Sheet, mapping: Mapping, incoming: Incoming) -> tuple[Sheet, Mapping]:
    """Return a sheet and a mapping that say of which file and row each line of a statement is.

    Parameters
    ----------
    sheet : the rows. mapping : that may fill statements. incoming : the file.
    """
    rule = next((rule for rule in mapping.tables if rule.name == "statements"), None)
    if rule is None:
        return sheet, mapping
    place = {
        "file_hash": ColumnRule(constant=incoming.source.sha256),
        "source_file": ColumnRule(constant=incoming.source.name),
        "source": ColumnRule(constant=mapping.source),
        "source_row": ColumnRule(column=(LINE,)),
    }
    said = dict(rule.columns)
    whole = replace(rule, columns=tuple((place | said).items()))
    tables = tuple(whole if one is rule else one for one in mapping.tables)
    frame = sheet.frame.with_columns(pl.col(ROW).cast(pl.String).alias(LINE))
    sheet = replace(sheet, frame=frame, added=(*sheet.added, LINE))
    return sheet, replace(mapping, tables=tables, recording=mapping.recording or _naming(rule))


def sums(mapping: Mapping) -> tuple[Sum, ...]:
    """Return the sum that is told of the statements of a mapping."""
    paid = any(rule.name == "statements" and "net" in dict(rule.columns) for rule in mapping.tables)
    return (Sum("statements", "net", "currency", "net amounts"),) if paid else ()


def _naming(rule: TableRule) -> tuple[tuple[str, ColumnRule], ...]:
    """Return what names the recordings; nothing where that is too little to tell them apart."""
    said = dict(rule.columns)
    named = {
        name: next(said[column] for column in columns if column in said)
        for name, columns in NAMING.items()
        if any(column in said for column in columns)
    }
    return tuple(named.items()) if {"title", "artist"} <= named.keys() or "isrc" in named else ()
