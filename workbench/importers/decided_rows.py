"""What came in by a decision, so that undoing the decision takes back just that.

With an import we keep which of its rows stand because of which decision: keyed hashes of their
keys, by source. A track that a decision made takes with it all that was stored for it since.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import decisions
from workbench.importers.sheet import ROW
from workbench.settings import settings
from workbench.store import state
from workbench.store.change import SEVERAL, Change, change
from workbench.store.manifest import Manifest, Slice
from workbench.store.pseudonyms import pseudonym_key
from workbench.store.slices import scan, store
from workbench.tables import TABLES, Table, table

if TYPE_CHECKING:
    from workbench.importers.run import Planned

ABOUT = ("track_id", "entity_id", "artist_id")
MARK = 16
LEAVING = pl.Schema({"table": pl.String(), "rows": pl.Int64(), "elsewhere": pl.Int64()})


@dataclass(frozen=True, eq=False)
class Effect:
    """What goes when a decision is undone.

    Attributes
    ----------
    tables : table | rows | elsewhere (rows among them that other files brought for a track that
    goes). tracks : titles of tracks that the decision made.
    """

    tables: pl.DataFrame
    tracks: tuple[str, ...]

    def words(self) -> str:
        """Return how many rows of which tables go."""
        rows = self.tables.select("table", "rows").iter_rows()
        counts = [
            f"{count:,} {'row' if count == 1 else 'rows'} of {table(name).title.lower()}"
            for name, count in rows
        ]
        return ", ".join(counts) or "no rows"


def noted(label: Dataset, planned: "Planned") -> None:
    """Keep which rows of an import stand by decisions, in the place of what was kept before."""
    source = planned.report.source
    found = _found(label, planned)
    if found or source in _traced(label)["source"]:
        state.record_instead(label.home, state.DecidedRow, found, source=source)


def stale(label: Dataset, planned: "Planned") -> bool:
    """Tell whether a file that the label holds was stored by other decisions than stand now."""
    before = _traced(label).filter(pl.col("source") == planned.report.source)
    return set(before["decision"]) != set(planned.understood.sheet.decided["decision"])


def effect(label: Dataset, decision: str) -> Effect:
    """Return what would go if a decision were undone; nothing is changed."""
    leaving = list(_leaving(label, label.manifest, decision))
    rows = [(e.table, gone.height, 0 if own else gone.height) for e, gone, own in leaving]
    counted = pl.DataFrame(rows, LEAVING, orient="row").group_by("table").sum().sort("table")
    gone = [one for e, keys, _ in leaving if e.table == "tracks" for one in keys["track_id"]]
    titles = label.scan("tracks").filter(pl.col("track_id").is_in(gone)).select("title").collect()
    return Effect(counted, tuple(titles["title"].sort()))


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
    decisions.forget(label, decision)
    state.remove(label.home, state.DecidedRow, decision=decision)
    state.log_access(label.home, settings().current_user, "decision undone", decision)
    return sum(gone.height for _, gone, _ in leaving)


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
        about = _about(kind)
        if about is None:
            continue
        offered = settled.records.frame.select(ROW, *kind.key)
        own = offered.join(decided, on=ROW)
        if kind.name in ("tracks", "artists"):
            own = own.filter("made")  # else it is a track that the file only names
        else:  # what another row says as well does not stand by a decision
            own = own.join(offered.join(decided, on=ROW, how="anti"), on=kind.key, how="anti")
        own = own.join(settled.rows.select(kind.key), on=kind.key, how="semi")
        own = own.unique([*kind.key, "decision"])
        marks = _marks(key, own.select(kind.key))
        for decision, entity, mark in zip(own["decision"], own[about], marks, strict=True):
            found.append(_row(source, decision, kind.name, entity, mark))
    return found


def _row(source: str, decision: str, name: str, about: str, mark: str) -> dict[str, object]:
    return {"source": source, "decision": decision, "table": name, "about": about, "mark": mark}


def _marks(key: bytes, keys: pl.DataFrame) -> list[str]:
    """Return a keyed hash of each row: who knows a row can find it, and nobody else."""
    return [
        hashlib.blake2b("\x1f".join(map(str, row)).encode(), key=key, digest_size=MARK // 2)
        .hexdigest() for row in keys.iter_rows()
    ]  # fmt: skip


def _about(kind: Table) -> str | None:
    """Return the key column that says of which track or artist a row is."""
    return next((name for name in ABOUT if name in kind.key), None)


def _traced(label: Dataset) -> pl.DataFrame:
    return state.rows(label.home, state.DecidedRow)


def _leaving(
    label: Dataset, manifest: Manifest, decision: str
) -> Iterator[tuple[Slice, pl.DataFrame, bool]]:
    """Yield slices with the keys of their rows that go, and whether an import of ours wrote it.

    Where plays of several imports share a file, a play that two of them have goes too.
    """
    every, of_it = _traced(label), pl.col("decision") == decision
    traced = every.filter(of_it)
    if traced.is_empty():
        return
    # a row that another decision brought as well stays until that one is undone too
    place = ["source", "table", "mark"]
    traced = traced.join(every.filter(~of_it, pl.col("mark") != ""), on=place, how="anti")
    key, sources = pseudonym_key(label.home, new=False), set(traced["source"])

    def going(entry: Slice, tracks: list[str]) -> pl.DataFrame:
        kind, shared = table(entry.table), entry.source == SEVERAL
        mine = traced.filter(
            pl.col("table") == entry.table,
            pl.col("source").is_in(manifest.merged) if shared else pl.col("source") == entry.source,
        )
        about = pl.col(_about(kind))
        rows = scan(label.folder, kind, [entry])
        of_track = about.is_in(tracks)
        if "entity" in kind.key:
            of_track &= pl.col("entity") == "track"
        rows = rows.filter(of_track | about.is_in(mine["about"].unique().implode()))
        rows = rows.select(*kind.key, of_track.alias("_gone")).collect()
        marked = pl.Series(_marks(key, rows.select(kind.key)), dtype=pl.String)
        return rows.filter(pl.col("_gone") | marked.is_in(mine["mark"].implode())).drop("_gone")

    gone: list[str] = []
    ordered = ["tracks", *(name for name in TABLES if name not in ("tracks", "artists")), "artists"]
    for name in ordered:
        for entry in manifest.of(name):
            if _about(table(name)) is None:
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
    rest = scan(writing.folder, kind, [entry]).collect().join(gone, on=kind.key, how="anti")
    kept = [one for one in writing.manifest.slices if one != entry]
    if rest.height:
        made = store(writing.folder, kind, rest, entry.source, entry.period)
        writing.stored.append(made)
        kept.append(made)
    writing.manifest = replace(writing.manifest, slices=tuple(kept))
