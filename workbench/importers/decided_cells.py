"""What a catalogue sheet changed in a track that a person said it means, to be put back."""

import datetime
import json
from dataclasses import replace

import polars as pl

from workbench.store.change import Change
from workbench.store.manifest import Manifest
from workbench.store.slices import scan, store
from workbench.tables import table

KIND = table("tracks")
Cells = dict[str, list[object]]  # by column: what stood before, and since


def changed(folder, before: Manifest, after: Manifest, tracks: list[str]) -> dict[str, Cells]:
    """Return by track which cells differ between two generations of a label."""
    old, new = (_rows(folder, manifest, tracks) for manifest in (before, after))
    found = {}
    for track in old.keys() & new.keys():
        was, is_ = old[track], new[track]
        cells = {name: [was[name], is_[name]] for name in was if was[name] != is_[name]}
        if cells:
            found[track] = cells
    return found


def _rows(folder, manifest: Manifest, tracks: list[str]) -> dict[str, dict[str, object]]:
    rows = scan(folder, KIND, manifest.of(KIND.name)).filter(pl.col("track_id").is_in(tracks))
    return {row["track_id"]: row for row in rows.collect().iter_rows(named=True)}


def together(first: Cells, then: Cells) -> Cells:
    """Return two changes, one after the other, as one."""
    begun = {name: [first[name][0] if name in first else was, is_] for name, (was, is_) in
             then.items()}  # fmt: skip
    return {**first, **begun}


def written(cells: Cells) -> str:
    """Return cells as text; days as year-month-day."""
    return json.dumps(cells, default=datetime.date.isoformat)


def read(text: str) -> Cells:
    """Return the cells that a text writes."""
    cells: Cells = json.loads(text or "{}")
    days = [name for name in cells if KIND.polars_schema[name] == pl.Date]
    dated = {
        name: [day and datetime.date.fromisoformat(str(day)) for day in cells[name]]
        for name in days
    }
    return {**cells, **dated}


def put_back(writing: Change, tracks: dict[str, Cells]) -> int:
    """Put cells back that still say what was written then; return how many tracks changed."""
    count = 0
    for entry in writing.manifest.of(KIND.name):
        rows = scan(writing.folder, KIND, [entry]).collect()
        if not rows["track_id"].is_in(list(tracks)).any():
            continue
        were = [restored(row, tracks.get(row["track_id"], {})) for row in rows.to_dicts()]
        made = pl.DataFrame(were, KIND.polars_schema, orient="row")
        count += sum(one != two for one, two in zip(rows.to_dicts(), were, strict=True))
        kept = [one for one in writing.manifest.slices if one != entry]
        new = store(writing.folder, KIND, made, entry.source, entry.period)
        writing.stored.append(new)
        writing.manifest = replace(writing.manifest, slices=(*kept, new))
    return count


def restored(row: dict[str, object], cells: Cells) -> dict[str, object]:
    """Return a track with the cells that stood before, where they still say what was written."""
    return {**row, **{name: was for name, (was, is_) in cells.items() if row[name] == is_}}
