"""The manifest: which slices make up a generation of a label.

It is written last, under a file lock, so a reader sees one whole generation or the one before.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import filelock

from workbench.errors import Busy, DamagedFile
from workbench.store.files import write_text

NAME = "manifest.json"
KEPT_GENERATIONS = 2
LOCK_SECONDS = 60


@dataclass(frozen=True)
class Slice:
    """One Parquet file of a table, named by its hash and never rewritten.

    `source` and `period` are its scope: what was imported, and the month for plays ("" otherwise).
    """

    table: str
    hash: str
    rows: int
    bytes: int
    schema_version: int
    source: str
    period: str = ""
    first: str | None = None
    last: str | None = None
    added_at: str = ""


@dataclass(frozen=True)
class Manifest:
    """One generation of a label.

    Attributes
    ----------
    generation : counts up by one with each change. title : what people call the label.
    currency, time_zone : of the label's home. sample : generated data, read only.
    slices : all files of this generation. erased : keyed hashes of erased listeners.
    """

    generation: int = 0
    title: str = ""
    currency: str = "EUR"
    time_zone: str = "UTC"
    sample: bool = False
    slices: tuple[Slice, ...] = ()
    erased: tuple[str, ...] = field(default=())

    def of(self, table: str) -> list[Slice]:
        """Slices of a table, in a fixed order."""
        chosen = [entry for entry in self.slices if entry.table == table]
        return sorted(chosen, key=lambda entry: (entry.period, entry.source, entry.hash))

    def version(self, table: str) -> str:
        """Return a hash over the table's entries; the data itself is not read."""
        entries = "\n".join(f"{e.hash} {e.schema_version}" for e in self.of(table))
        return hashlib.sha256(f"{table}\n{entries}".encode()).hexdigest()[:16]


def read(folder: Path) -> Manifest:
    """Return the current manifest of a label's folder.

    Raises
    ------
    DamagedFile
        The manifest is not readable as one.
    """
    return read_file(folder / NAME)


def read_file(path: Path) -> Manifest:
    """Return the manifest that a file holds; raises as `read` does."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["slices"] = tuple(Slice(**entry) for entry in raw["slices"])
        raw["erased"] = tuple(raw["erased"])
        return Manifest(**raw)
    except FileNotFoundError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        raise DamagedFile(
            f"{path} cannot be read as a manifest ({type(error).__name__}). "
            f"The generations before it stand in {path.parent / 'history'}."
        ) from error


def write(folder: Path, manifest: Manifest) -> None:
    """Make `manifest` the current generation; the last few are kept in history/."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
    write_text(folder / "history" / f"{manifest.generation:09d}.json", text)
    write_text(folder / NAME, text)


def history(folder: Path) -> list[Path]:
    """Manifests of the kept generations, newest first."""
    return sorted((folder / "history").glob("*.json"), reverse=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the label's write lock.

    Raises
    ------
    Busy
        Another process held it for a minute.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            yield
    except filelock.Timeout:
        raise Busy(
            f"Another import or job has been writing to {folder.name} for {LOCK_SECONDS} seconds. "
            "Wait for it to end, or stop it, and try again."
        ) from None
