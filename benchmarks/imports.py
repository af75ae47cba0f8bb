"""Importing: files of every format, good and damaged; and large ones, a million rows each.

The whole import of a file into an empty label, from its first byte to the stored tables, against
the bare read of the same bytes: Polars into columns of text, nothing understood, checked or kept.
Each try runs in a fresh process, the two ways in turn, and reports its own peak memory, the
interpreter and Polars included. Files of every format: see `round_trips`.

    python -m benchmarks.imports [--quick]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import polars as pl

from benchmarks.exports import BLOCKS, HISTORY, SINGLES, written
from benchmarks.report import Figure, measured, options, peak_bytes, show
from benchmarks.round_trips import FILES, MAKERS, QUICK_FILES, measured_formats

ROWS, QUICK_ROWS = 1_000_000, 200_000
CELLS = {BLOCKS: 22, SINGLES: 43}  # of the widest record


def bare(kind: str, path: Path) -> int:
    """Read all cells of a file as text, as somebody who knows Polars would; return the rows."""
    if kind == HISTORY:
        return _bare_json(path)
    frame = pl.read_csv(
        path, separator="\t", quote_char=None, has_header=False, truncate_ragged_lines=True,
        schema={f"cell {place}": pl.String for place in range(CELLS[kind])},
        missing_columns="insert",
    )  # fmt: skip
    return frame.height


def _bare_json(path: Path) -> int:
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        keys = json.loads(packed.read(names[0]))[0]
        schema = dict.fromkeys(keys, pl.String)
        parts = [pl.read_json(packed.read(name), schema=schema) for name in names]
    return pl.concat(parts).height


def imported(kind: str, path: Path) -> int:
    """Import a file into an empty label; return the rows that were read, once they add up."""
    from workbench.dataset import open_dataset
    from workbench.importers import gathering, run

    label = open_dataset(str(path.parent / "label"))
    (source,) = gathering.gathered([path]).sources
    answers = {"listener": "ann"} if kind == HISTORY else {}
    (report,) = run.store([run.plan(source, label, answers=answers)], label)
    first = report.tables[0]
    if first.accepted + first.repaired + first.rejected != first.read:
        raise SystemExit(f"{kind}: the counts do not add up")
    return first.read


WAYS = {"import": imported, "bare": bare}


def once(way: str, kind: str, path: Path) -> dict:
    """Run one way here: seconds, seconds of all processors, peak bytes, rows."""
    from workbench.importers import gathering, run  # noqa: F401 - importing is no part of it
    from workbench.store.change import change

    with tempfile.TemporaryDirectory() as place:
        linked = Path(place) / path.name
        linked.symlink_to(path)
        with change(Path(place) / "label") as writing:
            writing.describe(title="Empty")
        began, busy = time.perf_counter(), time.process_time()
        rows = WAYS[way](kind, linked)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
    return {"seconds": seconds, "busy": busy, "peak": peak_bytes(), "rows": rows}


def in_a_process(way: str, kind: str, path: Path) -> dict:
    """Run one way in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.imports", "--once", way, kind, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def size(path: Path) -> int:
    """Return the bytes of a file, of a zip unpacked."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as packed:
        return sum(part.file_size for part in packed.infolist())


def large(kind: str, folder: Path, rows: int, repeats: int) -> list[Figure]:
    """Return the figures of a kind of file: seconds, peak memory, MB a second."""
    path = written(kind, folder, rows)
    megabytes = size(path) / 1e6
    tries = [{way: in_a_process(way, kind, path) for way in WAYS} for _ in range(repeats)]
    path.unlink()
    took = {way: sorted(one[way]["seconds"] for one in tries) for way in WAYS}
    busy = {way: sorted(one[way]["busy"] for one in tries) for way in WAYS}
    anchor, used = took["bare"][repeats // 2], busy["bare"][repeats // 2]
    print(
        f"{kind}: {tries[0]['import']['rows']:,} rows, {megabytes:,.0f} MB; "
        f"{megabytes / took['import'][repeats // 2]:,.0f} MB/s imported, "
        f"{megabytes / anchor:,.0f} MB/s read; load average {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    memory = {way: [one[way]["peak"] / 1e6 for one in tries] for way in WAYS}
    return [
        measured(f"{kind}, import", took["import"], anchor=anchor, goal=3 * anchor),
        measured(f"{kind}, import, seconds of processors", busy["import"], anchor=used),
        measured(f"{kind}, peak memory", memory["import"], "MB", anchor=max(memory["bare"]),
                 goal=1_000),
    ]  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(once(sys.argv[2], sys.argv[3], Path(sys.argv[4]))))
        return
    quick = options(__doc__.splitlines()[0]).quick
    rows, repeats = (QUICK_ROWS, 1) if quick else (ROWS, 3)
    figures = []
    with tempfile.TemporaryDirectory() as place:
        for kind in (HISTORY, BLOCKS, SINGLES):
            figures += large(kind, Path(place), rows, repeats)
    figures += measured_formats(list(MAKERS), QUICK_FILES if quick else FILES)
    show(
        f"Imports: {rows:,} rows each against the bare read by Polars; files of every format",
        figures,
    )


if __name__ == "__main__":
    main()
