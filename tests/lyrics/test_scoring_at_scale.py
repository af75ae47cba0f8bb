"""Scoring a catalogue: killed it goes on where it was, and short memory makes smaller batches."""

import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.errors import SetUpError
from workbench.lyrics import embedding, lyric_lines, moods
from workbench.lyrics.batches import batches, spared
from workbench.lyrics.encoder import encoded
from workbench.store.change import change

SONGS, WRITE = 16, 16
THINGS = ("river", "window", "letter", "harbour", "engine", "mirror", "garden")


def lyric(number: int) -> str:
    """Return eight lines, two of them in every song, six in this one alone."""
    own = [
        f"I carried the {THINGS[number % 7]} over the {THINGS[(number + n) % 7]} for {number} "
        f"long and lonely nights and {n} days"
        for n in range(1, 7)
    ]
    return "\n".join(
        ["And all of us were waiting for the rain", *own, "Nobody came to say goodbye"]
    )


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    ids = [f"tr-{n}" for n in range(SONGS)]
    with change(tmp_path) as writing:
        writing.describe(title="Songs")
        tracks = {"track_id": ids, "title": ids, "artist_id": ["ar"] * SONGS}
        writing.put("tracks", pl.DataFrame(tracks | {"status": ["released"] * SONGS}), source="t")
        texts = {"track_id": ids, "source": ["label"] * SONGS, "text": [*map(lyric, range(SONGS))]}
        writing.put("lyrics", pl.DataFrame(texts), source="t")
    label = open_dataset(str(tmp_path))
    steps = []
    monkeypatch.setattr(lyric_lines, "_TRACKS", 5)
    make(label, "lyric_lines", lambda done, total, text: steps.append((done, total)))
    assert [steps[0], steps[-1]] == [(0, SONGS), (SONGS, SONGS)]
    assert label.table("lyric_lines").height == SONGS
    return label


def killed_after(label, code: str, texts: int) -> None:
    """Run a maker in a process of its own and kill it once it has told so many texts."""
    making = "from workbench.dataset import make, open_dataset; make(open_dataset"
    told = "lambda done, total, text: print(done, flush=True)"
    code = f"{code}; {making}({str(label.folder)!r}), 'line_embeddings', {told})"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with child:
        next(line for line in child.stdout if int(line) >= texts)
        child.kill()


def test_a_killed_job_goes_on_where_it_was(catalogue, monkeypatch):
    code = f"import workbench.lyrics.embedding as e; e._WRITE, e.LYRICS = {WRITE}, 5"
    killed_after(catalogue, code, 2 * WRITE)
    label = open_dataset(str(catalogue.folder))
    first = label.table("line_embeddings")
    assert 2 * WRITE <= first.height < SONGS * 6  # it was at work still
    steps = []
    monkeypatch.setattr(embedding, "LYRICS", 7)
    make(label, "line_embeddings", lambda done, total, text: steps.append((done, total)))
    everything = label.table("line_embeddings")
    wanted = embedding.texts_to_embed(label.scan("lyric_lines"))
    assert wanted["line"].sum() == SONGS * 6 + 2
    assert set(everything["text_hash"]) == set(wanted["text_hash"])
    assert everything["text_hash"].n_unique() == everything.height
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1]
    # what is left is counted, a line shared by songs of different portions more than once
    assert 0 <= steps[0][1] - (everything.height - first.height) <= 2 * 4
    assert first.join(everything, on=everything.columns, how="anti", nulls_equal=True).is_empty()

    monkeypatch.setattr(moods, "_WRITE", 10)
    make(label, "line_moods", lambda done, total, text: None)
    assert set(label.table("line_moods")["text_hash"]) == set(
        wanted.filter(pl.col("line"))["text_hash"]
    )
    vectors = everything.filter(pl.col("outputs").is_not_null())
    assert vectors.height == wanted["line"].sum(), "windows are not read for emotions"


SHORT = """
import resource
import numpy as np
from workbench.lyrics.encoder import encoded
lines = [f"I carried the letter over the river for {n} long and lonely nights" for n in range(600)]
list(encoded(lines[:50], batch_tokens=200))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 60_000_000, resource.RLIM_INFINITY))
sizes = [len(part.rows) for part in encoded(lines, batch_tokens=1_000_000)]
print(len(sizes), sum(sizes))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be given less memory")
def test_memory_that_is_short_makes_smaller_batches():
    # what is freed goes back at once: a limit of addresses counts the gaps of a heap, too
    alone = os.environ | {
        "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SHORT], capture_output=True, text=True, check=False, env=alone
    )
    assert done.returncode == 0, done.stderr
    parts, texts = map(int, done.stdout.split())
    assert parts > 1
    assert texts == 600


def test_memory_that_is_short_for_one_line_is_told():
    def greedy(ids):
        return np.ones(1 << 58)

    with pytest.raises(SetUpError, match="not enough free memory to read one line"):
        list(spared(greedy, [0, 1, 2], [[1], [2], [3]]))


def test_another_failure_is_no_want_of_memory():
    def broken(ids):
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes do not fit"):
        list(spared(broken, [0, 1], [[1], [2]]))


def test_batches_hold_every_text_once_within_their_tokens():
    ids = [[7] * n for n in (5, 1, 3, 12, 1, 4)]
    found = list(batches(ids, 8))
    assert found == [[1, 4, 2], [5], [0], [3]]


def test_lines_of_any_length_give_the_same_numbers_in_any_company():
    lines = [lyric(n).splitlines()[n % 8] for n in range(12)] + ["yes", "x " * 300]
    alone = [next(iter(encoded([line]))) for line in lines]
    for part in encoded(lines, batch_tokens=100):
        for place, row in enumerate(part.rows):
            assert np.abs(part.embedding[place] - alone[row].embedding[0]).max() < 1e-5
            assert np.abs(part.outputs[place] - alone[row].outputs[0]).max() < 1e-4
