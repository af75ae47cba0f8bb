"""Artifacts: what is dear to make, kept on disk until its inputs change.

Row artifacts grow row by row and are keyed by a text hash; fit artifacts are addressed by the
versions of what they read. `ARTIFACTS` names each one, what it reads and who makes it; how they
lie on disk is `workbench.store.made`'s.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from workbench.errors import UsageError
from workbench.settings import PROJECT, settings
from workbench.store.files import sha256
from workbench.store.lyric_rows import LINE_EMBEDDINGS, LINE_MOODS, LYRIC_LINES
from workbench.store.memory import memory
from workbench.tables import TABLES


@dataclass(frozen=True)
class Artifact:
    """A dear thing.

    Attributes
    ----------
    name : as `reads` and `python -m workbench make` take it. title : what a person calls it.
    reads : tables it cannot be made without. optional : what it uses where it is there.
    maker : “module:function”, imported only when it is made.
    schema : columns of a row artifact, first its key; None for a fit.
    listeners : whether it holds rows of single listeners, which only analyses may read.
    files : files of this project whose bytes it depends on (weights). settings : names of the
        settings that it depends on. code : raised by hand when the same inputs give another result.
    """

    name: str
    title: str
    reads: tuple[str, ...]
    maker: str
    code: int
    optional: tuple[str, ...] = ()
    schema: tuple[tuple[str, pl.DataType], ...] | None = None
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    listeners: bool = False

    @property
    def fingerprint(self) -> str:
        """Hash of everything but the data: code version, weights, settings."""
        parts = [self.name, str(self.code), *(_bytes_of(PROJECT / file) for file in self.files)]
        parts += [f"{name} {getattr(settings(), name)}" for name in self.settings]
        parts += [ARTIFACTS[name].fingerprint for name in self._sources]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def reads_listeners(self) -> bool:
        """Whether single listeners went into it, itself or by what it is made of."""
        direct = any(n in TABLES and TABLES[n].listener for n in (*self.reads, *self.optional))
        return direct or any(ARTIFACTS[name].reads_listeners for name in self._sources)

    @property
    def _sources(self) -> list[str]:
        return [name for name in (*self.reads, *self.optional) if name in ARTIFACTS]


def _bytes_of(path: Path) -> str:
    """Return the hash of a file, read again only when it changes; a file that is gone is a state.

    Its artifact then counts as not made, and its maker says what is missing.
    """
    try:
        stat = path.stat()
    except FileNotFoundError:
        return "missing"
    stamp = f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"
    return memory.load(f"file:{path}:{stamp}", lambda: sha256(path), lambda _: 200)


# One row a mark on a song of a list, and one more where it was taken back; see `learnt_marks`.
FEEDBACK = (
    ("key", pl.String()),
    ("mark", pl.String()),
    ("audience", pl.String()),
    ("track_id", pl.String()),
    ("said", pl.String()),
    ("speaks", pl.List(pl.String())),
)
MOODS = "workbench/lyrics/weights/moods.safetensors"
TUNED = "workbench/lyrics/weights/tuned.safetensors"

ARTIFACTS: dict[str, Artifact] = {
    artifact.name: artifact
    for artifact in (
        Artifact(
            "lyric_lines",
            "Lyrics read line by line",
            reads=("lyrics",),
            maker="workbench.lyrics.lyric_lines:make_lyric_lines",
            code=1,
            schema=LYRIC_LINES,
            settings=("encoder", "lyric_languages"),  # windows are packed by its tokens
        ),
        Artifact(
            "line_embeddings",
            "Embeddings of lyric lines",
            reads=("lyric_lines",),
            maker="workbench.lyrics.embedding:make_line_embeddings",
            code=2,
            schema=LINE_EMBEDDINGS,
            files=(TUNED,),
            settings=("encoder",),
        ),
        Artifact(
            "line_moods",
            "Moods of lyric lines",
            reads=("lyric_lines", "line_embeddings"),
            maker="workbench.lyrics.moods:make_line_moods",
            code=2,
            schema=LINE_MOODS,
            files=(MOODS,),
            settings=("encoder", "emotions"),
        ),
        Artifact(
            "themes",
            "Themes of lyrics",
            reads=("lyrics", "lyric_lines", "line_embeddings"),
            maker="workbench.lyrics.themes:make_themes",
            code=1,
            settings=("encoder",),
        ),
        Artifact(
            "segments",
            "Taste clusters",
            reads=(),
            optional=("tracks", "artists", "plays", "listening_counts"),
            maker="workbench.audience.clusters:make_segments",
            code=4,
            listeners=True,
        ),
        Artifact(
            "feedback",
            "What people said of lists",
            reads=(),
            maker="workbench.recommend.learnt_marks:make_feedback",
            code=1,
            schema=FEEDBACK,
        ),
        Artifact(
            "recommender",
            "Recommendations",
            reads=("tracks",),
            optional=("artists", "plays", "listening_counts", "lyrics", "lyric_lines",
                      "line_embeddings", "line_moods", "feedback", "purchases", "products"),
            maker="workbench.recommend.recommender:make_recommender",
            code=3,
            listeners=True,
        ),
        Artifact(
            "prospects",
            "Potential listeners",
            reads=("tracks", "recommender"),
            optional=("plays", "listening_counts", "listeners"),
            maker="workbench.recommend.prospecting:make_prospects",
            code=2,
            listeners=True,
        ),
        Artifact(
            "promotion",
            "Promotion model",
            reads=("tracks",),
            optional=("artists", "daily_streams", "window_totals", "plays", "campaigns",
                      "playlist_spells", "fx_rates", "listeners", "lift_tests",
                      "channel_draws", "own_priors", "events"),
            maker="workbench.promotion.fit:make_promotion",
            code=14,
            settings=("exact_draws",),
        ),
        Artifact(
            "promotion_checks",
            "Checks of the promotion model",
            reads=("tracks", "promotion"),
            optional=("artists", "daily_streams", "window_totals", "plays", "campaigns",
                      "playlist_spells", "fx_rates", "listeners", "lift_tests",
                      "channel_draws", "own_priors", "events"),
            maker="workbench.promotion.checks:make_promotion_checks",
            code=4,
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


def declared(name: str) -> Artifact:
    """Return the declaration of an artifact; raises UsageError when there is none."""
    if name not in ARTIFACTS:
        raise UsageError(f"There is no artifact “{name}”. Artifacts: {', '.join(ARTIFACTS)}.")
    return ARTIFACTS[name]


def in_order(names: Iterable[str]) -> list[str]:
    """Return artifacts with those that they are made of, each after what it needs."""
    found: list[str] = []
    for name in names:
        needs = [read for read in declared(name).reads if read in ARTIFACTS]
        found += [need for need in (*in_order(needs), name) if need not in found]
    return found
