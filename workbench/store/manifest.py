"""The manifest: which slices make up a generation of a label.

It is written last, under a file lock, so a reader sees one whole generation or the one before.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import filelock

from workbench.errors import Busy, DamagedFile, SetUpError
from workbench.store.files import sealed, unsealed, writable, write_text

NAME = "manifest.json"
KEPT_GENERATIONS = 2
LOCK_SECONDS = 60


@dataclass(frozen=True)
class Slice:
    """One Parquet file of a table, named by its hash and never rewritten.

    `source` and `period` are its scope: what was imported, and the month for plays ("" otherwise).
    `imports` are those that share it, where several do, each with the rows that it alone brought.
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
    imports: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Manifest:
    """One generation of a label.

    Attributes
    ----------
    generation : counts up by one with each change. title : what people call the label.
    currency, time_zone : of the label's home. sample : generated data, read only.
    slices : all files of this generation. erased : keyed hashes of erased listeners.
    merged : sources whose plays share a file with those of others that does not say which are
    whose, as files of earlier versions do.
    """

    generation: int = 0
    title: str = ""
    currency: str = "EUR"
    time_zone: str = "UTC"
    sample: bool = False
    slices: tuple[Slice, ...] = ()
    erased: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()

    def of(self, table: str) -> list[Slice]:
        """Slices of a table, in a fixed order."""
        chosen = [entry for entry in self.slices if entry.table == table]
        return sorted(chosen, key=lambda entry: (entry.period, entry.source, entry.hash))

    def standing(self) -> dict[tuple[str, str], int]:
        """Return by table and import how many rows go when the import is taken back."""
        found: dict[tuple[str, str], int] = {}
        for entry in self.slices:
            for source, rows in entry.imports or ((entry.source, entry.rows),):
                found[entry.table, source] = found.get((entry.table, source), 0) + rows
        return found

    def sources(self) -> set[str]:
        """Return all imports that the label holds something of."""
        return {source for _, source in self.standing()} | set(self.merged)

    def version(self, table: str) -> str:
        """Return a hash over the table's entries; the data itself is not read."""
        entries = "\n".join(f"{e.hash} {e.schema_version}" for e in self.of(table))
        return hashlib.sha256(f"{table}\n{entries}".encode()).hexdigest()[:16]


def read(folder: Path) -> Manifest:
    """Return the current manifest of a label's folder.

    Raises
    ------
    FileNotFoundError
        There is no label. DamagedFile : the manifest is not what was written, or is gone while
        older ones stand. SetUpError : it may not be read.
    """
    try:
        return read_file(folder / NAME)
    except (DamagedFile, FileNotFoundError) as error:
        past = history(folder)
        if isinstance(error, FileNotFoundError) and not past:
            raise
        whole = next((path for path in past if _is_whole(path)), None)
        rest = (
            f"Put the last whole generation in its place: copy {whole} over it."
            if whole
            else "No whole generation is left beside it; restore the label from a backup."
        )
        raise DamagedFile(f"{error} {rest}") from error


def read_file(path: Path) -> Manifest:
    """Return the manifest that one file holds; raises as `read` does."""
    try:
        raw = unsealed(path.read_text(encoding="utf-8"))
        raw["slices"] = tuple(
            Slice(**{**entry, "imports": tuple(map(tuple, entry.get("imports", ())))})
            for entry in raw["slices"]
        )
        for name in ("erased", "merged"):
            raw[name] = tuple(raw[name])
        return Manifest(**raw)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SetUpError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedFile(
            f"{path} is damaged, or was written by a newer workbench ({error})."
        ) from error


def _is_whole(path: Path) -> bool:
    try:
        read_file(path)
    except (DamagedFile, FileNotFoundError):
        return False
    return True


def write(folder: Path, manifest: Manifest) -> None:
    """Make `manifest` the current generation; the last few are kept in history/."""
    text = sealed(asdict(manifest))
    write_text(_past(folder, manifest.generation), text)
    write_text(folder / NAME, text)


def _past(folder: Path, generation: int) -> Path:
    return folder / "history" / f"{generation:09d}.json"


def history(folder: Path) -> list[Path]:
    """Manifests of the kept generations, newest first."""
    return sorted((folder / "history").glob("[0-9]*.json"), reverse=True)


def forget_unborn(folder: Path) -> None:
    """Remove the record of a generation that never became the current one."""
    try:
        present = read_file(folder / NAME).generation
    except FileNotFoundError:
        present = 0
    for path in history(folder):
        if int(path.stem) > present:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the write lock of a folder.

    Raises
    ------
    Busy
        Another process held it for a minute. SetUpError : the folder cannot be written to.
    """
    lock = filelock.FileLock(folder / ".lock", timeout=LOCK_SECONDS)
    with writable(folder):
        try:
            lock.acquire()
        except filelock.Timeout:
            raise Busy(
                f"Another import or job has been writing to {folder} for {LOCK_SECONDS} seconds. "
                "Wait for it to end, or stop it, and try again."
            ) from None
    try:
        yield
    finally:
        lock.release()
