"""What a catalogue sheet changed in tracks of other imports, put back when it is taken back."""

from typing import TYPE_CHECKING

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import decided_cells
from workbench.importers.mapping import COMPLETE
from workbench.store import state
from workbench.store.change import Change
from workbench.store.changed_tracks import ChangedTrack
from workbench.store.manifest import Manifest
from workbench.store.slices import scan
from workbench.tables import table

if TYPE_CHECKING:
    from workbench.importers.run import Planned


def noted(label: Dataset, planned: "Planned", before: Manifest, after: Manifest) -> None:
    """Keep what an import changed in tracks of others, beside what it had changed before.

    Parameters
    ----------
    label : where. planned : what was stored. before, after : the generations around it.
    """
    rules = [(one.records.rule, one.rows) for one in planned.settled]
    tracks = [rows for rule, rows in rules if rule.name == "tracks" and rule.existing == COMPLETE]
    if not tracks:
        return
    source = planned.report.source
    mine = [entry for entry in after.of("tracks") if entry.source == source]
    own = scan(label.folder, table("tracks"), mine).select("track_id").collect()
    named = pl.concat(tracks).join(own, on="track_id", how="anti")["track_id"].to_list()
    new = decided_cells.changed(label.folder, before, after, named)
    every = _held(label, source)
    for track, cells in new.items():
        every[track] = decided_cells.together(every.get(track, {}), cells)
    rows = [
        {"source": source, "track_id": track, "cells": decided_cells.written(cells)}
        for track, cells in every.items()
    ]
    if new:
        state.record_instead(label.home, ChangedTrack, rows, source=source)


def as_they_were(label: Dataset, source: str, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return tracks without what an import changed in them, so that its file finds them again.

    Parameters
    ----------
    label : whose tracks. source : of the import. tracks : some of their columns.
    """
    held = {
        track: {name: both for name, both in cells.items() if name in tracks.columns}
        for track, cells in _held(label, source).items()
    }
    mine = pl.col("track_id").is_in(list(held))
    numbered = tracks.with_row_index("_place")
    rows = numbered.filter(mine).to_dicts()
    restored = [decided_cells.restored(row, held[row["track_id"]]) for row in rows]
    before = pl.DataFrame(restored, numbered.schema, orient="row")
    return pl.concat([numbered.filter(~mine), before]).sort("_place").drop("_place")


def put_back(writing: Change, label: Dataset, source: str) -> None:
    """Put back what an import changed, where it still stands as that import wrote it."""
    if held := _held(label, source):
        decided_cells.put_back(writing, held)


def forget(label: Dataset, source: str) -> None:
    """Forget what an import changed, once that is put back."""
    if _held(label, source):
        state.remove(label.home, ChangedTrack, source=source)


def _held(label: Dataset, source: str) -> dict[str, decided_cells.Cells]:
    rows = state.rows(label.home, ChangedTrack, source=source)
    return {
        track: decided_cells.read(text)
        for track, text in rows.select("track_id", "cells").iter_rows()
    }
