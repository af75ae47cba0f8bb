"""How the rows of an import come to stand beside those that the label has already.

The rule of a table says which: they replace rows of the same key, leave them as they are, or
complete them.
"""

from dataclasses import replace

import polars as pl

from workbench.importers.mapping import COMPLETE, KEEP
from workbench.importers.report import TableReport
from workbench.importers.same_plays import as_held
from workbench.importers.settling import Settled
from workbench.store.change import Change
from workbench.store.manifest import Slice
from workbench.store.slices import scan
from workbench.tables import Table, table

OLD = " of old"


def put(writing: Change, one: Settled, report: TableReport, source: str) -> TableReport:
    """Write the rows of one table of an import, and return what came of them.

    Parameters
    ----------
    writing : the change. one : the rows. report : of them, before. source : of the import.
    """
    rule, rows, changed, again = one.records.rule, one.rows, 0, 0
    kind = table(rule.name)
    own = [entry for entry in writing.manifest.of(rule.name) if entry.source == source]
    others = [entry for entry in writing.manifest.of(rule.name) if entry.source != source]
    if rule.existing == COMPLETE:
        changed = sum(_completed(writing, kind, entry, rows) for entry in others)
        rows = _filled(kind, _new(writing, kind, others, rows), _rows(writing, kind, own))
    elif rule.existing == KEEP:
        rows = _as_it_stands(kind, _new(writing, kind, others, rows), _rows(writing, kind, own))
    elif kind.name == "plays":
        rows, again = as_held(writing.folder, writing.manifest.of(kind.name), rows, source)
    written = writing.put(rule.name, rows, source=source)
    return replace(
        report,
        stored=written.rows,
        kept=one.rows.height - rows.height - changed,
        changed=changed,
        again=again,
        replaced=written.replaced - again,  # what others told as well is theirs, too
        erased=written.erased,
    )


def _completed(writing: Change, kind: Table, entry: Slice, rows: pl.DataFrame) -> int:
    """Complete the rows of another import; they stay its own, and go when it is taken back."""
    old = _rows(writing, kind, [entry])
    named = rows.join(old.select(kind.key), on=kind.key, how="semi", maintain_order="left")
    new = _filled(kind, named, old)
    differs = (pl.col(name).ne_missing(pl.col(name + OLD)) for name in _values(kind))
    both = new.join(old, on=kind.key, suffix=OLD, maintain_order="left")
    new = both.filter(pl.any_horizontal(differs)).select(kind.polars_schema.names())
    if not new.is_empty():
        same = old.join(new, on=kind.key, how="anti", maintain_order="left")
        writing.put(kind.name, pl.concat([same, new]), source=entry.source)
    return new.height


def _filled(kind: Table, rows: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Return rows in which a cell that is empty says what the row of the same key said before."""
    both = rows.join(old, on=kind.key, how="left", suffix=OLD, maintain_order="left")
    given = [name for name in _values(kind) if name in rows.columns]
    return both.with_columns(pl.coalesce(name, name + OLD) for name in given).select(
        kind.polars_schema.names()
    )


def _as_it_stands(kind: Table, rows: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Return rows, those that this import made before as they were completed since."""
    again = old.join(rows, on=kind.key, how="semi", maintain_order="left")
    return pl.concat([rows.join(old, on=kind.key, how="anti"), again], how="diagonal_relaxed")


def _new(writing: Change, kind: Table, others: list[Slice], rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows whose key no other import holds."""
    known = scan(writing.folder, kind, others).select(kind.key).collect()
    return rows.join(known, on=kind.key, how="anti", maintain_order="left")


def _rows(writing: Change, kind: Table, entries: list[Slice]) -> pl.DataFrame:
    return scan(writing.folder, kind, entries).collect()


def _values(kind: Table) -> list[str]:
    return [name for name in kind.polars_schema.names() if name not in kind.key]
