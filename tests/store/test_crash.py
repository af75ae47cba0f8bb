"""Killed writers, crowded writers and full disks: a label is always one whole generation."""

import contextlib
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.store.children import currency_of, rate
from workbench.dataset import Dataset
from workbench.errors import BadInput, SetUpError
from workbench.store import manifest
from workbench.store.change import change, sweep
from workbench.store.slices import slice_path

KILLS, WRITERS, ROUNDS = 32, 4, 8


def opened(folder: Path) -> Dataset:
    return Dataset("test", folder, folder, rows=True)


def unfinished(folder: Path) -> list[Path]:
    return list(folder.rglob(".tmp-*"))


def unnamed(folder: Path) -> set[Path]:
    """Return slices that no kept generation names."""
    kept = [manifest.read_file(path) for path in manifest.history(folder)]
    named = {slice_path(folder, entry) for one in kept for entry in one.slices}
    return set((folder / "slices").glob("*/*")) - named


def test_a_writer_killed_at_any_moment_leaves_one_whole_generation(children, tmp_path):
    chance = random.Random(40)
    seen, acknowledged = set(), 0
    for _ in range(KILLS):
        writer = children.start("generations", tmp_path)
        told = [children.said(writer)]  # now it is in the middle of things
        while chance.random() < 0.5:
            told.append(children.said(writer, seconds=chance.random() * 0.05))
        told += children.kill(writer)
        acknowledged = max(acknowledged, *(int(number) for number in told if number))
        label = opened(tmp_path)
        generation = label.manifest.generation
        assert generation >= acknowledged
        acknowledged = generation
        # Both tables, all rows and both months of plays are of this one generation.
        assert label.table("fx_rates")["rate"].to_list() == [float(generation)] * 61
        assert label.table("plays")["ms_played"].to_list() == [generation] * 2
        seen.add(generation)
    assert len(seen) > KILLS / 2, "the kills hit different moments"
    # What the killed left behind goes with the next change, once it is old enough.
    with change(tmp_path) as writing:
        writing.describe(title="after")
    sweep(tmp_path, grace_seconds=0)
    assert not unfinished(tmp_path)
    assert not unnamed(tmp_path)


def test_four_writers_lose_nothing(children, tmp_path):
    writers = [children.start("distinct_rows", tmp_path, n, ROUNDS) for n in range(WRITERS)]
    ends = [children.end(writer) for writer in writers]
    assert ends == [([], 0)] * WRITERS
    label = opened(tmp_path)
    assert label.manifest.generation == WRITERS * ROUNDS
    rates = label.table("fx_rates").sort("currency", "day")
    assert rates["currency"].to_list() == [
        currency_of(n) for n in range(WRITERS) for _ in range(ROUNDS)
    ]
    assert rates["rate"].to_list() == [1.0 + n for n in range(ROUNDS)] * WRITERS
    plays = label.table("plays")
    assert plays.height == plays.n_unique(["listener_id", "played_at"]) == WRITERS * ROUNDS
    assert len(label.entries("plays")) == 1, "a month of plays is one file, whoever wrote it"


@contextlib.contextmanager
def small_disk(folder: Path, pages: int) -> Iterator[None]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={pages * 4096}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount on this system")
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def attempt(folder: Path) -> bool:
    """Try to write the second generation; tell whether it fitted. No trace may remain if not."""
    before = manifest.read(folder)
    files = {path for path in folder.rglob("*") if path.name not in (".lock", "ballast")}
    try:
        with change(folder) as writing:
            writing.put("fx_rates", rate("USD", 2.0), source="second")
            writing.put("artists", wide_artists(), source="second")
    except SetUpError as error:
        told = str(error)
    else:
        return True
    assert "could not be written to" in told
    assert manifest.read(folder) == before
    assert opened(folder).table("fx_rates")["rate"].to_list() == [1.0]
    left = {path for path in folder.rglob("*") if path.name not in (".lock", "ballast")}
    assert {path for path in left - files if path.is_file()} == set()
    return False


def wide_artists() -> pl.DataFrame:
    chance = random.Random(9)
    names = [chance.randbytes(40).hex() for _ in range(300)]
    return pl.DataFrame({"artist_id": [f"a{n}" for n in range(300)], "name": names})


def test_a_full_disk_leaves_the_old_state(tmp_path):
    disk = tmp_path / "disk"
    with small_disk(disk, pages=64):
        with change(disk) as writing:
            writing.put("fx_rates", rate("USD", 1.0), source="first")
        failures = 0
        for free in range(64):
            ballast = disk / "ballast"
            ballast.unlink(missing_ok=True)
            space = os.statvfs(disk).f_bavail * os.statvfs(disk).f_bsize
            ballast.write_bytes(b"x" * max(0, space - free * 4096))
            if attempt(disk):
                break
            failures += 1
        # It failed at each of its steps: lock, first slice, second slice, record, manifest.
        assert failures > 6
        assert opened(disk).table("fx_rates")["rate"].to_list() == [2.0]
        assert opened(disk).table("artists").height == 300


@pytest.mark.parametrize("limit", [0, 1, 700, 3000, 8000])
def test_a_file_that_may_not_grow_leaves_the_old_state(tmp_path, limit):
    resource = pytest.importorskip("resource", reason="limits on files are a Unix affair")
    with change(tmp_path) as writing:
        writing.put("fx_rates", rate("USD", 1.0), source="first")
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        assert not attempt(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert attempt(tmp_path)


def test_a_change_that_breaks_off_leaves_nothing(tmp_path):
    with change(tmp_path) as writing:
        writing.put("fx_rates", rate("USD", 1.0), source="first")
    with pytest.raises(BadInput), change(tmp_path) as writing:  # noqa: PT012
        writing.put("fx_rates", rate("USD", 2.0), source="second")
        writing.put("fx_rates", rate("no currency", 2.0), source="third")
    assert opened(tmp_path).table("fx_rates")["rate"].to_list() == [1.0]
    assert not unnamed(tmp_path)
    assert not unfinished(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetUpError, match="file"), change(tmp_path / "file" / "label"):
        pytest.fail("there is no such folder")
