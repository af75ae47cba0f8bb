"""What came in by a decision, so that undoing the decision (undoing.py) takes back just that.

With an import we keep which of its rows stand because of which decision: keyed hashes of their
keys, by source, and what it changed in tracks that were known.
"""

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import decided_cells
from workbench.importers.sheet import ROW
from workbench.store import state
from workbench.store.manifest import Manifest
from workbench.store.pseudonyms import pseudonym_key
from workbench.store.slices import scan
from workbench.tables import Table, table

if TYPE_CHECKING:
    from workbench.importers.run import Planned

ABOUT = ("track_id", "entity_id", "artist_id")
MARK = 16


def noted(label: Dataset, planned: "Planned", before: Manifest, after: Manifest) -> None:
    """Keep which rows of an import stand by decisions, in the place of what was kept before.

    Parameters
    ----------
    label : where. planned : what was stored. before, after : the generations around it.
    """
    source = planned.report.source
    held = traced(label, source=source)
    found = _found(label, planned)
    stood = _stood(label, before, {row["about"] for row in found if row["table"] == "plays"})
    stood -= set(held["mark"])
    found = [row for row in found if row["mark"] not in stood]
    named = [row["about"] for row in found if row["table"] == "tracks" and not row["mark"]]
    cells = decided_cells.changed(label.folder, before, after, named)
    past = {
        (decision, track): decided_cells.read(text)
        for decision, track, text in held.select("decision", "about", "cells").iter_rows()
    }
    for row in found:
        if row["table"] == "tracks" and not row["mark"]:
            was = past.get((row["decision"], row["about"]), {})
            new = decided_cells.together(was, cells.get(row["about"], {}))
            row["cells"] = decided_cells.written(new) if new else ""
    if found or held.height:
        state.record_instead(label.home, state.DecidedRow, found, source=source)


def _stood(label: Dataset, before: Manifest, tracks: set[str]) -> set[str]:
    """Return the marks of plays that the label had already: they do not stand by a decision."""
    if not tracks:
        return set()
    kind = table("plays")
    plays = scan(label.folder, kind, before.of("plays")).select(kind.key)
    rows = plays.filter(pl.col("track_id").is_in(list(tracks))).collect()
    return set(marks(pseudonym_key(label.home), rows))


def stale(label: Dataset, planned: "Planned") -> bool:
    """Tell whether a file that the label holds was stored by other decisions than stand now."""
    before = traced(label, source=planned.report.source)
    return set(before["decision"]) != set(planned.understood.sheet.decided["decision"])


def _found(label: Dataset, planned: "Planned") -> list[dict[str, object]]:
    """Return the rows of a plan that stand by decisions, as they are kept."""
    decided = planned.understood.sheet.decided
    if decided.is_empty():
        return []
    source, key = planned.report.source, pseudonym_key(label.home)
    # a decision counts as used where it brought no row of its own (statements keep theirs)
    used = decided["decision"].unique(maintain_order=True)
    found = [_row(source, one, "", "", "") for one in used]
    for settled in planned.settled:
        kind = table(settled.records.rule.name)
        entity = about(kind)
        if entity is None:
            continue
        offered = settled.records.frame.select(ROW, *kind.key)
        own = offered.join(decided, on=ROW)
        own = own.join(settled.rows.select(kind.key), on=kind.key, how="semi")
        catalogue = kind.name in ("tracks", "artists")
        # what another row says as well does not stand by a decision, but for a track that one made
        again = own.join(offered.join(decided, on=ROW, how="anti"), on=kind.key, how="semi")
        alone = own.join(again, on=kind.key, how="anti")
        kept = own.filter("made") if catalogue else alone
        kept = kept.unique([*kind.key, "decision"])
        rows = zip(kept["decision"], kept[entity], marks(key, kept.select(kind.key)), strict=True)
        for decision, one, mark in rows:
            found.append(_row(source, decision, kind.name, one, mark))
        if kind.name == "tracks":  # known ones, which the file may have changed
            known = alone.filter(~pl.col("made").any().over("track_id"))
            for decision, track in known.select("decision", "track_id").unique().iter_rows():
                found.append(_row(source, decision, kind.name, track, ""))
    return found


def _row(source: str, decision: str, name: str, about: str, mark: str) -> dict[str, object]:
    return {"source": source, "decision": decision, "table": name, "about": about, "mark": mark,
            "cells": ""}  # fmt: skip


def marks(key: bytes, keys: pl.DataFrame) -> list[str]:
    """Return a keyed hash of each row: who knows a row can find it, and nobody else."""
    return [
        hashlib.blake2b("\x1f".join(map(str, row)).encode(), key=key, digest_size=MARK // 2)
        .hexdigest() for row in keys.iter_rows()
    ]  # fmt: skip


def about(kind: Table) -> str | None:
    """Return the key column that says of which track or artist a row is."""
    return next((name for name in ABOUT if name in kind.key), None)


def traced(label: Dataset, **values: str) -> pl.DataFrame:
    """Return source | decision | table | about | mark | cells of what stands by decisions."""
    return state.rows(label.home, state.DecidedRow, **values)
