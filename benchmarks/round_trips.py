"""Every importer with made-up files: good ones come back exactly, damaged ones add up.

A good file comes back exactly when the plan of its import holds the very rows that it was made of,
in every table and every column, and refuses none. A damaged one adds up when accepted, repaired
and rejected rows are the rows read; where it is refused as a whole, in words, another copy is
damaged. Seeds are fixed: to see a failure again, give its format.

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

from benchmarks.generated import (
    ads,
    catalogue,
    events,
    experiments,
    lyrics,
    orders,
    plays,
    reports,
    statements,
    streams,
)
from benchmarks.generated.files import Made
from benchmarks.generated.outcomes import differences, not_adding_up
from benchmarks.report import Figure, show

FILES, QUICK_FILES, COPIES, SHOWN = 500, 25, 4, 5
MAKERS: dict[str, Callable[[random.Random], Made]] = {
    "spotify_history": plays.spotify_history,
    "listenbrainz": plays.listenbrainz,
    "scrobbles_json": plays.scrobbles_json,
    "scrobbles_table": plays.scrobbles_table,
    "statements": statements.statements,
    "dsr": reports.dsr,
    "shop_orders": orders.shop_orders,
    "ad_managers": ads.ad_managers,
    "spotify_artists": streams.spotify_artists,
    "youtube_studio": streams.youtube_studio,
    "apple_music": streams.apple_music,
    "genius_json": lyrics.genius_json,
    "lrc": lyrics.lrc,
    "lyric_texts": lyrics.lyric_texts,
    "lyric_tables": lyrics.lyric_tables,
    "catalogue_sheet": catalogue.catalogue_sheet,
    "own_tables": catalogue.own_tables,
    "events_sheet": events.events,
    "experiments_sheet": experiments.experiments,
    "mappings": catalogue.mappings,
}
KNOWN = {"lyric_texts": lyrics.CATALOGUE}


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
    from workbench.errors import WorkbenchError

    found, began = Counted(name), time.process_time()
    with tempfile.TemporaryDirectory() as place:
        label = _label(Path(place) / "label", KNOWN.get(name))
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
            try:
                wrong = _of_damaged(made, seed, label, found)
                found.adding_up += not wrong
            except Exception:  # noqa: BLE001 - counted and shown
                wrong = traceback.format_exc()
                found.tracebacks += 1
            if wrong:
                found.said.append(f"{name}, damaged file {seed}: {wrong}")
    found.seconds = time.process_time() - began
    return found


def _of_damaged(made: Made, seed: int, label, found: Counted) -> str:
    """Return what does not add up in a damaged copy; another is made of it where one is refused.

    A file of which no copy is read adds up: nothing of it is taken.
    """
    from tests.adding_up import mutated
    from workbench.errors import WorkbenchError

    for place in range(COPIES):
        try:
            return not_adding_up(made, mutated(made.data, COPIES * seed + place), label)
        except WorkbenchError:
            found.refused += 1
    return ""


def _label(folder: Path, known: str | None):
    """Return a label that knows how to name listeners, and no recordings but those of a file."""
    from workbench.dataset import open_dataset
    from workbench.importers import run
    from workbench.importers.source import Source
    from workbench.store.change import change
    from workbench.store.pseudonyms import pseudonym_key

    with change(folder) as writing:
        writing.describe(title="Empty")
    label = open_dataset(str(folder))
    pseudonym_key(label.home)
    if known:
        run.store([run.plan(Source("tracks.csv", known.encode()), label)], label)
    return open_dataset(str(folder))


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
            f"up (and {one.refused} refused as a whole), {one.tracebacks} tracebacks; "
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
    refused = sum(one.refused for one in each)
    return [
        *figures,
        Figure("all formats: tracebacks", errors, "files", goal=0),
        Figure("all formats: more damaged files, refused as a whole in words", refused, "files"),
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
