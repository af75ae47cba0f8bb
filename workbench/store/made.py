"""Artifacts as they lie on disk: parts of row artifacts, folders of fits, and their versions."""

import hashlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from workbench.errors import DamagedFile
from workbench.store import annotations
from workbench.store.artifacts import ARTIFACTS, Fit, declared
from workbench.store.files import (
    UNFINISHED,
    hashed,
    remove,
    remove_unfinished,
    sealed,
    sha256,
    sync,
    unsealed,
    writable,
    write_text,
)
from workbench.store.memory import memory
from workbench.store.slices import verify
from workbench.tables import TABLES

FACTS = "fit.json"
KEPT_FITS = 2  # the present one, and the one that an older handle may still read
_PARTS = "[0-9a-f]*.parquet"  # not what a killed process left half written


class Artifacts:
    """The artifacts of one label, in its folder.

    Parameters
    ----------
    folder : where they lie. version : gives the version of a table or of own columns; fits are
        addressed by it.
    """

    def __init__(self, folder: Path, version: Callable[[str], str]) -> None:
        self.folder = folder
        self._version = version

    def place(self, name: str) -> Path:
        """Return the folder of an artifact for the present inputs, made or not."""
        artifact = declared(name)
        address = artifact.fingerprint
        if artifact.schema is None:
            inputs = [self.version(n) for n in (*artifact.reads, *artifact.optional)]
            address = _digest([address, *inputs])
        return self.folder / f"{name}-{address}"

    def version(self, name: str) -> str:
        """Return the version of a table or artifact; “not made” is a version, too."""
        if name in TABLES or name in annotations.NAMES:
            return self._version(name)
        place = self.place(name)
        if declared(name).schema is None:
            return place.name if (place / FACTS).exists() else f"{name}-not-made"
        return _digest([place.name, *sorted(path.name for path in place.glob(_PARTS))])

    def made(self, name: str) -> bool:
        """Tell whether an artifact is there for the present inputs."""
        place = self.place(name)
        if declared(name).schema is None:
            return (place / FACTS).exists()
        return next(place.glob(_PARTS), None) is not None

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a row artifact; empty with its columns when nothing is made yet."""
        schema = pl.Schema(declared(name).schema)
        parts = sorted(self.place(name).glob(_PARTS))
        paths = [verify(path, path.stem, _remedy(name, path)) for path in parts]
        if not paths:
            return pl.LazyFrame(schema=schema)
        return pl.scan_parquet(paths, schema=schema, glob=False)

    def append(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to a row artifact; rows whose key is there already are left out."""
        schema = pl.Schema(declared(name).schema)
        key = next(iter(schema))
        frame = frame.select(list(schema)).cast(dict(schema)).unique(key, keep="first")
        # Asked of the file key by key: all keys of a large catalogue need not be in memory.
        held = self.scan(name).select(key).filter(pl.col(key).is_in(frame[key].implode()))
        frame = frame.join(held.collect(), on=key, how="anti").sort(key)
        # An empty file says “made, and there was nothing to make it of”.
        if not frame.is_empty() or not self.made(name):
            hashed(self.place(name), ".parquet", lambda path: frame.write_parquet(path))

    def save(
        self, name: str, arrays: dict[str, np.ndarray], frames: dict[str, pl.DataFrame], meta: dict
    ) -> None:
        """Write a fit whole: a temporary folder takes its place at the end."""
        place = self.place(name)
        temporary = self.folder / f"{UNFINISHED}{uuid.uuid4().hex}"
        with writable(temporary):
            try:
                np.savez(temporary / "arrays.npz", allow_pickle=False, **arrays)
                for key, frame in frames.items():
                    frame.write_parquet(temporary / f"{key}.parquet")
                files = sorted(temporary.iterdir())
                for path in files:
                    sync(path)
                facts = {"files": {path.name: sha256(path) for path in files}, "meta": meta}
                write_text(temporary / FACTS, sealed(facts))
                remove(place)
                temporary.rename(place)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
        remove_unfinished(self.folder)
        others = [path for path in self.folder.glob(f"{name}-*") if path != place]
        others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in others[KEPT_FITS - 1 :]:
            shutil.rmtree(path, ignore_errors=True)

    def fit(self, name: str) -> Fit:
        """Return a fit artifact, kept in memory while it is used."""
        place = self.place(name)
        return memory.load(f"fit:{place}", lambda: _read_fit(name, place), lambda fit: fit.bytes)

    def forget_listeners(self) -> None:
        """Delete everything but what is known to be made without tables of listeners."""
        safe = tuple(f"{name}-" for name in ARTIFACTS if not declared(name).reads_listeners)
        for path in self.folder.glob("*"):
            if path.name != ".lock" and not path.name.startswith(safe):
                remove(path)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _remedy(name: str, path: Path) -> str:
    return f"Delete {path} and make it again: python -m workbench make {name}"


def _read_fit(name: str, place: Path) -> Fit:
    remedy = _remedy(name, place)
    try:
        facts = unsealed((place / FACTS).read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise DamagedFile(f"{place / FACTS} is damaged ({error}). {remedy}") from error
    files = {file: verify(place / file, sha, remedy) for file, sha in facts["files"].items()}
    with np.load(files["arrays.npz"], allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    for array in arrays.values():
        array.flags.writeable = False  # shared by everyone who asks
    frames = {
        file.removesuffix(".parquet"): pl.read_parquet(path)
        for file, path in files.items()
        if file.endswith(".parquet")
    }
    return Fit(arrays=arrays, frames=frames, meta=facts["meta"])
