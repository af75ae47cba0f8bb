"""Every importer with made-up files: good ones come back exactly, damaged ones add up.

A good file comes back exactly when the plan of its import holds the very rows that it was made of,
in every table and every column, and refuses none. A damaged one adds up when accepted, repaired
and rejected rows are the rows read, or when it is refused in words. Seeds are fixed: to see one
failure again, give the format and how many files there are.

    python -m benchmarks.round_trips [--files N] [format ...]
"""

import argparse
import multiprocessing
import os
import random
import tempfile
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.generated import plays
from benchmarks.generated.files import Made
from benchmarks.report import Figure, show

FILES, QUICK_FILES, SHOWN = 500, 50, 5
MAKERS: dict[str, Callable[[random.Random], Made]] = {
    "spotify_history": plays.spotify_history,
    "listenbrainz": plays.listenbrainz,
    "scrobbles_json": plays.scrobbles_json,
    "scrobbles_table": plays.scrobbles_table,
}


@dataclass
class Counted:
    """What came of the files of a format."""

    name: str
    exact: int = 0
    adding_up: int = 0
    refused: int = 0
    tracebacks: int = 0
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)


def counted(name: str, files: int) -> Counted:
    """Import so many good and so many damaged files of a format."""
    from tests.adding_up import mutated
    from workbench.errors import WorkbenchError

    found, began = Counted(name), time.process_time()
    with tempfile.TemporaryDirectory() as place:
        label = _label(Path(place) / "label")
        for seed in range(files):
            chance = random.Random(f"{name} {seed}")
            made = MAKERS[name](chance)
            try:
                wrong = differences(made, label)
            except WorkbenchError as error:
                wrong = f"refused: {error}"
            except Exception:  # noqa: BLE001 - counted and shown
                wrong = traceback.format_exc()
                found.tracebacks += 1
            found.exact += not wrong
            if wrong:
                found.said.append(f"{name}, good file {seed}: {wrong}")
            damaged = mutated(made.data, seed)
            try:
                wrong = not_adding_up(made, damaged, label)
                found.adding_up += not wrong
            except WorkbenchError:
                found.adding_up, found.refused, wrong = found.adding_up + 1, found.refused + 1, ""
            except Exception:  # noqa: BLE001 - counted and shown
                wrong = traceback.format_exc()
                found.tracebacks += 1
            if wrong:
                found.said.append(f"{name}, damaged file {seed}: {wrong}")
    found.seconds = time.process_time() - began
    return found


def _label(folder: Path):
    """Return an empty label that knows how to name listeners."""
    from workbench.dataset import open_dataset
    from workbench.store.change import change
    from workbench.store.pseudonyms import pseudonym_key

    with change(folder) as writing:
        writing.describe(title="Empty")
    label = open_dataset(str(folder))
    pseudonym_key(label.home)
    return label


def planned(made: Made, data: bytes, label) -> list:
    """Return the plans of all that is in a file.

    Raises
    ------
    BadInput
        It is refused, or a part of it is left out.
    """
    from workbench.errors import BadInput
    from workbench.importers import gathering, run
    from workbench.importers.source import Source

    found = gathering.bundled([Source(made.name, data)])
    if found.left_out and not found.sources:
        raise BadInput("; ".join(found.left_out))
    return [run.plan(one, label, answers=made.answers, dry_run=True) for one in found.sources]


def not_adding_up(made: Made, data: bytes, label) -> str:
    """Return what does not add up in the import of a damaged file; raises BadInput if refused."""
    wrong = []
    for plan in planned(made, data, label):
        for table in plan.report.tables:
            kept = table.accepted + table.repaired
            if table.read != kept + table.rejected or kept != table.stored + table.repeated:
                wrong.append(f"{table.table}: {table}")
            if table.rejects["reason"].null_count():
                wrong.append(f"{table.table}: a row is rejected without a reason")
    return "; ".join(wrong)


def differences(made: Made, label) -> str:
    """Return how the plan of a good file differs from what it was made of; empty if it does not."""
    plans = planned(made, made.data, label)
    if len(plans) != 1:
        return f"became {len(plans)} imports"
    tables = {one.records.rule.name: one for one in plans[0].settled}
    frames = {name: one.rows for name, one in tables.items()}
    wrong = []
    for name in sorted({*made.rows, *frames}):
        found = _rows(name, frames, label, made) if name in frames else []
        lacking, more = _apart(made.rows.get(name, []), found)
        if lacking or more:
            wrong.append(f"{name}: lacking {lacking[:3]}, instead {more[:3]}")
        if name in tables and tables[name].rejected:
            wrong.append(f"{name}: rejected {tables[name].rejects.head(3).rows()}")
    return "; ".join(wrong)


def _rows(name: str, frames: dict, label, made: Made) -> list[dict]:
    """Return the rows of a table as a made-up file has them: names for ids, nothing left out."""
    from workbench.store.pseudonyms import pseudonym, pseudonym_key

    people, titles = {}, {}
    if "artists" in frames:
        people = dict(frames["artists"].select("artist_id", "name").iter_rows())
    if "tracks" in frames:
        tracks = frames["tracks"].select("track_id", "title", "artist_id")
        titles = {track: (title, people.get(who, who)) for track, title, who in tracks.iter_rows()}
    person = made.answers.get("listener", "")
    whose = {pseudonym(pseudonym_key(label.home), person): person}
    rows = []
    for row in frames[name].drop("file_hash", "source_file", strict=False).iter_rows(named=True):
        kept = {column: value for column, value in row.items() if value is not None}
        track = kept.pop("track_id", None)
        if kept.get("entity") == "track":
            track = kept.pop("entity_id")
        if kept.get("entity") == "artist":
            kept["artist"] = people.get(kept["entity_id"], kept.pop("entity_id"))
        if name != "tracks" and track is not None:
            kept["track"] = titles.get(track, track)
        if "artist_id" in kept and (who := kept.pop("artist_id")) and name != "artists":
            kept["artist"] = people.get(who, who)
        if "listener_id" in kept:
            kept["listener"] = whose.get(kept.pop("listener_id"), "somebody else")
        rows.append(kept)
    return rows


def _apart(wanted: list[dict], found: list[dict]) -> tuple[list[dict], list[dict]]:
    """Return the rows of each side that the other lacks, as often as they stand there."""
    lacking = list(wanted)
    more = []
    for row in found:
        if row in lacking:
            lacking.remove(row)
        else:
            more.append(row)
    return lacking, more


def measured_formats(names: list[str], files: int) -> list[Figure]:
    """Return the figures of formats; what is wrong is printed with the number of its file."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # of the processes, which share the cores
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(names)), mp_context=fresh) as pool:
        each = list(pool.map(counted, names, [files] * len(names)))
    figures = []
    for one in each:
        print(
            f"{one.name}: {one.exact} of {files} exact, {one.adding_up} of {files} damaged adding "
            f"up ({one.refused} of them refused as a whole), {one.tracebacks} tracebacks; "
            f"{one.seconds:.0f} s of a processor",
            flush=True,
        )
        for said in one.said[:SHOWN]:
            print(f"  {said}", flush=True)
        figures += [
            Figure(f"{one.name}: good files that come back exactly", one.exact, "files",
                   goal=files, more_is_better=True),
            Figure(f"{one.name}: damaged files that add up", one.adding_up, "files", goal=files,
                   more_is_better=True),
        ]  # fmt: skip
    errors = sum(one.tracebacks for one in each)
    refused = sum(one.refused for one in each) / (files * len(each))
    return [
        *figures,
        Figure("all formats: tracebacks", errors, "files", goal=0),
        Figure("all formats: share of damaged files that are refused as a whole", refused),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", metavar="format", help=", ".join(MAKERS))
    parser.add_argument("--files", type=int, default=FILES, help="good and damaged ones, each")
    asked = parser.parse_args()
    if unknown := set(asked.formats) - set(MAKERS):
        parser.error(f"no format {', '.join(unknown)}; there are {', '.join(MAKERS)}")
    names = asked.formats or list(MAKERS)
    show(f"Importers: {asked.files} good and as many damaged files each",
         measured_formats(names, asked.files))  # fmt: skip


if __name__ == "__main__":
    main()
