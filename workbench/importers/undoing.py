"""Undoing a decision on a recording in doubt, with what came in by it.

A track that the decision made takes with it all that was stored for it since; one that a sheet
changed because of the decision gets back what it said before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import decided_cells, decisions
from workbench.importers.decided_rows import about, marks, traced
from workbench.settings import settings
from workbench.store import state
from workbench.store.change import Change, change
from workbench.store.manifest import Manifest, Slice
from workbench.store.pseudonyms import pseudonym_key
from workbench.store.shared_months import SEVERAL
from workbench.store.slices import scan, store, whole
from workbench.tables import TABLES, table

LEAVING = pl.Schema({"table": pl.String(), "rows": pl.Int64(), "elsewhere": pl.Int64()})


@dataclass(frozen=True, eq=False)
class Effect:
    """What goes when a decision is undone.

    Attributes
    ----------
    tables : table | rows | elsewhere (rows among them that other files brought for a track that
    goes). tracks : titles of tracks that the decision made. changed : titles of tracks that get
    back what they said before.
    """

    tables: pl.DataFrame
    tracks: tuple[str, ...]
    changed: tuple[str, ...] = ()

    def words(self) -> str:
        """Return how many rows of which tables go."""
        rows = self.tables.select("table", "rows").iter_rows()
        counts = [
            f"{count:,} {'row' if count == 1 else 'rows'} of {table(name).title.lower()}"
            for name, count in rows
        ]
        return ", ".join(counts) or "no rows"


def effect(label: Dataset, decision: str) -> Effect:
    """Return what would go if a decision were undone; nothing is changed."""
    leaving = list(_leaving(label, label.manifest, decision))
    rows = [(e.table, gone.height, 0 if own else gone.height) for e, gone, own in leaving]
    counted = pl.DataFrame(rows, LEAVING, orient="row").group_by("table").sum().sort("table")
    gone = [one for e, keys, _ in leaving if e.table == "tracks" for one in keys["track_id"]]
    return Effect(counted, _titles(label, gone), _titles(label, _cells(label, decision)))


def _titles(label: Dataset, tracks: Iterable[str]) -> tuple[str, ...]:
    rows = label.scan("tracks").filter(pl.col("track_id").is_in(list(tracks)))
    return tuple(rows.select("title").collect()["title"].sort())


def undo(label: Dataset, decision: str) -> int:
    """Undo a decision and take back what came in by it; return the number of rows.

    Rows that those had replaced do not come back; bring their files again.

    Raises
    ------
    BadInput
        There is no such decision. ReadOnly : the label is the sample.
    """
    decisions.asked(label, decision)
    with change(label.folder, home=label.home) as writing:
        leaving = list(_leaving(label, writing.manifest, decision))
        for entry, gone, _ in leaving:
            _take_out(writing, entry, gone)
        decided_cells.put_back(writing, _cells(label, decision))
    decisions.forget(label, decision)
    state.remove(label.home, state.DecidedRow, decision=decision)
    state.log_access(label.home, settings().current_user, "decision undone", decision)
    return sum(gone.height for _, gone, _ in leaving)


def _cells(label: Dataset, decision: str) -> dict[str, decided_cells.Cells]:
    """Return by track what a decision changed in it."""
    rows = traced(label, decision=decision).filter(pl.col("cells") != "")
    found: dict[str, decided_cells.Cells] = {}
    for track, text in rows.select("about", "cells").iter_rows():
        found[track] = decided_cells.together(found.get(track, {}), decided_cells.read(text))
    return found


def _leaving(
    label: Dataset, manifest: Manifest, decision: str
) -> Iterator[tuple[Slice, pl.DataFrame, bool]]:
    """Yield slices with the keys of their rows that go, and whether an import of ours wrote it."""
    every, of_it = traced(label), pl.col("decision") == decision
    brought = every.filter(of_it)
    if brought.is_empty():
        return
    # a row that another decision brought as well stays until that one is undone too
    place = ["source", "table", "mark"]
    brought = brought.join(every.filter(~of_it, pl.col("mark") != ""), on=place, how="anti")
    key, sources = pseudonym_key(label.home, new=False), set(brought["source"])

    def going(entry: Slice, tracks: list[str]) -> pl.DataFrame:
        kind, shared = table(entry.table), entry.source == SEVERAL
        mine = brought.filter(
            pl.col("table") == entry.table,
            pl.col("source").is_in(
                [*manifest.merged, *dict(entry.imports)] if shared else [entry.source]
            ),
        )
        if mine.is_empty() and not tracks:
            return pl.DataFrame(schema=kind.polars_schema).select(kind.key)
        entity = pl.col(about(kind))
        rows = scan(label.folder, kind, [entry])
        of_track = entity.is_in(tracks)
        if "entity" in kind.key:
            of_track &= pl.col("entity") == "track"
        rows = rows.filter(of_track | entity.is_in(mine["about"].unique().implode()))
        rows = rows.select(*kind.key, of_track.alias("_gone")).collect()
        marked = pl.Series(marks(key, rows.select(kind.key)), dtype=pl.String)
        return rows.filter(pl.col("_gone") | marked.is_in(mine["mark"].implode())).drop("_gone")

    gone: list[str] = []
    ordered = ["tracks", *(name for name in TABLES if name not in ("tracks", "artists")), "artists"]
    for name in ordered:
        for entry in manifest.of(name):
            if about(table(name)) is None:
                continue
            rows = going(entry, gone if name != "artists" else [])
            if name == "tracks":
                gone += rows["track_id"].to_list()
            if name == "artists":
                rows = rows.filter(~pl.col("artist_id").is_in(_named(label, manifest, gone)))
            if rows.height:
                yield entry, rows, entry.source in sources or entry.source == SEVERAL


def _named(label: Dataset, manifest: Manifest, gone: list[str]) -> list[str]:
    """Return the artists that something of the label names once these tracks are gone."""
    tracks = _scan(label, manifest, "tracks").filter(~pl.col("track_id").is_in(gone))
    named = [tracks.select("artist_id"), _scan(label, manifest, "products").select("artist_id")]
    for name in ("daily_streams", "window_totals", "listening_counts"):
        rows = _scan(label, manifest, name).filter(pl.col("entity") == "artist")
        named.append(rows.select(artist_id="entity_id"))
    return pl.concat(named).drop_nulls().unique().collect()["artist_id"].to_list()


def _scan(label: Dataset, manifest: Manifest, name: str) -> pl.LazyFrame:
    return scan(label.folder, table(name), manifest.of(name))


def _take_out(writing: Change, entry: Slice, gone: pl.DataFrame) -> None:
    """Write a slice without some of its rows."""
    kind = table(entry.table)
    rest = whole(writing.folder, kind, entry).join(gone, on=kind.key, how="anti")
    kept = [one for one in writing.manifest.slices if one != entry]
    if rest.height:
        made = store(writing.folder, kind, rest, entry.source, entry.period)
        writing.stored.append(made)
        kept.append(made)
    writing.manifest = replace(writing.manifest, slices=tuple(kept))
