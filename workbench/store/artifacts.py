"""Artifacts: what is dear to make, kept on disk until its inputs change.

Row artifacts grow row by row and are keyed by a text hash; fit artifacts are addressed by the
versions of what they read. `ARTIFACTS` names each one, what it reads and who makes it.
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from workbench.errors import DamagedFile, UsageError
from workbench.settings import PROJECT, settings
from workbench.store.files import hashed, sha256, write_text
from workbench.store.memory import memory
from workbench.store.slices import verify
from workbench.tables import TABLES

EMBEDDING = 384


@dataclass(frozen=True)
class Artifact:
    """A dear thing.

    Attributes
    ----------
    name : as `reads` and `python -m workbench make` take it. title : what a person calls it.
    reads : tables it cannot be made without. optional : what it uses where it is there.
    maker : “module:function”, imported only when it is made.
    schema : columns of a row artifact, first its key; None for a fit.
    files : files of this project whose bytes it depends on (weights). code : raised by hand when
        the same inputs give another result.
    """

    name: str
    title: str
    reads: tuple[str, ...]
    maker: str
    code: int
    optional: tuple[str, ...] = ()
    schema: tuple[tuple[str, pl.DataType], ...] | None = None
    files: tuple[str, ...] = ()
    encoder: bool = False

    @property
    def fingerprint(self) -> str:
        """Hash of everything but the data: code version, weights, encoder."""
        parts = [self.name, str(self.code), *(sha256(PROJECT / file) for file in self.files)]
        if self.encoder:
            parts.append(settings().encoder)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


MOODS = "workbench/lyrics/weights/moods.safetensors"

ARTIFACTS: dict[str, Artifact] = {
    artifact.name: artifact
    for artifact in (
        Artifact(
            "line_embeddings",
            "Embeddings of lyric lines",
            reads=("lyrics",),
            maker="workbench.lyrics.embedding:make_line_embeddings",
            code=1,
            schema=(("text_hash", pl.String()), ("embedding", pl.Array(pl.Float32, EMBEDDING))),
            encoder=True,
        ),
        Artifact(
            "segments",
            "Taste clusters",
            reads=(),
            optional=("tracks", "plays", "listening_counts"),
            maker="workbench.audience.clusters:make_segments",
            code=1,
        ),
        Artifact(
            "promotion",
            "Promotion model",
            reads=("tracks",),
            optional=("artists", "daily_streams", "window_totals", "plays", "campaigns",
                      "playlist_spells", "fx_rates", "listeners"),
            maker="workbench.promotion.fit:make_promotion",
            code=1,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit artifact as read: arrays and frames by name, and plain facts about the fit."""

    arrays: dict[str, np.ndarray]
    frames: dict[str, pl.DataFrame]
    meta: dict

    @cached_property
    def bytes(self) -> int:
        """Size in memory."""
        arrays = sum(array.nbytes for array in self.arrays.values())
        return arrays + sum(frame.estimated_size() for frame in self.frames.values())


class Artifacts:
    """The artifacts of one label, in its folder.

    Parameters
    ----------
    folder : where they lie. version : gives the version of a table; fits are addressed by it.
    """

    def __init__(self, folder: Path, version: Callable[[str], str]) -> None:
        self.folder = folder
        self._table_version = version

    def place(self, name: str) -> Path:
        """Return the folder of an artifact for the present inputs, made or not."""
        artifact = declared(name)
        address = artifact.fingerprint
        if artifact.schema is None:
            inputs = [self.version(n) for n in (*artifact.reads, *artifact.optional)]
            address = hashlib.sha256("\n".join([address, *inputs]).encode()).hexdigest()[:16]
        return self.folder / f"{name}-{address}"

    def version(self, name: str) -> str:
        """Return the version of a table or artifact; “not made” is a version, too."""
        if name in TABLES:
            return self._table_version(name)
        place = self.place(name)
        if declared(name).schema is None:
            return place.name if (place / "fit.json").exists() else f"{name}-not-made"
        return _digest([place.name, *sorted(path.name for path in place.glob("*.parquet"))])

    def made(self, name: str) -> bool:
        """Tell whether an artifact is there for the present inputs."""
        place = self.place(name)
        if declared(name).schema is None:
            return (place / "fit.json").exists()
        return next(place.glob("*.parquet"), None) is not None

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a row artifact; empty with its columns when nothing is made yet."""
        schema = pl.Schema(declared(name).schema)
        paths = [verify(p, p.stem) for p in sorted(self.place(name).glob("*.parquet"))]
        if not paths:
            return pl.LazyFrame(schema=schema)
        return pl.scan_parquet(paths, schema=schema, glob=False)

    def append(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to a row artifact; rows whose key is there already are left out."""
        schema = pl.Schema(declared(name).schema)
        key = next(iter(schema))
        frame = frame.select(list(schema)).cast(dict(schema)).unique(key, keep="first")
        frame = frame.join(self.scan(name).select(key).collect(), on=key, how="anti").sort(key)
        if not frame.is_empty():
            hashed(self.place(name), ".parquet", lambda path: frame.write_parquet(path))

    def save(
        self, name: str, arrays: dict[str, np.ndarray], frames: dict[str, pl.DataFrame], meta: dict
    ) -> None:
        """Write a fit whole: a temporary folder takes its place at the end."""
        place = self.place(name)
        temporary = self.folder / f".tmp-{uuid.uuid4().hex}"
        temporary.mkdir(parents=True)
        try:
            np.savez(temporary / "arrays.npz", **arrays)
            for key, frame in frames.items():
                frame.write_parquet(temporary / f"{key}.parquet")
            hashes = {path.name: sha256(path) for path in sorted(temporary.iterdir())}
            facts = {"files": hashes, "meta": meta}
            write_text(temporary / "fit.json", json.dumps(facts, indent=1))
            shutil.rmtree(place, ignore_errors=True)
            temporary.rename(place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        for old in self.folder.glob(f"{name}-*"):
            if old != place:
                shutil.rmtree(old, ignore_errors=True)

    def fit(self, name: str) -> Fit:
        """Return a fit artifact, kept in memory while it is used."""
        place = self.place(name)
        return memory.load(f"fit:{place}", lambda: _read_fit(place), lambda fit: fit.bytes)

    def forget_listeners(self) -> None:
        """Delete every fit that read tables of listeners."""
        personal = {table.name for table in TABLES.values() if table.listener}
        for artifact in ARTIFACTS.values():
            if artifact.schema is None and personal & {*artifact.reads, *artifact.optional}:
                for place in self.folder.glob(f"{artifact.name}-*"):
                    shutil.rmtree(place)
                memory.forget(f"fit:{self.folder / artifact.name}")


def declared(name: str) -> Artifact:
    """Return the declaration of an artifact; raises UsageError when there is none."""
    if name not in ARTIFACTS:
        raise UsageError(f"There is no artifact “{name}”. Artifacts: {', '.join(ARTIFACTS)}.")
    return ARTIFACTS[name]


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _read_fit(place: Path) -> Fit:
    try:
        facts = json.loads((place / "fit.json").read_text(encoding="utf-8"))
        files = {name: verify(place / name, digest) for name, digest in facts["files"].items()}
    except (ValueError, KeyError, OSError) as error:
        raise DamagedFile(f"{place} cannot be read; delete it and make it again.") from error
    with np.load(files["arrays.npz"], allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for array in arrays.values():
        array.flags.writeable = False  # shared by everyone who asks
    frames = {
        name.removesuffix(".parquet"): pl.read_parquet(path)
        for name, path in files.items()
        if name.endswith(".parquet")
    }
    return Fit(arrays=arrays, frames=frames, meta=facts["meta"])
