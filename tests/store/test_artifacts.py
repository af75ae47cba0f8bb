"""Artifacts: addressed by what they were made of, appended once, made by one process at a time."""

import importlib
import json
import os
import signal
import threading
from pathlib import Path

import filelock
import labels
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from workbench.dataset import Dataset, make, open_dataset
from workbench.errors import Busy, MissingTable, NotMade, UndeclaredRead, UsageError
from workbench.store import annotations
from workbench.store.artifacts import ARTIFACTS, Artifact, declared, in_order
from workbench.store.change import change
from workbench.store.jobs import FOLDER, in_words, job, jobs
from workbench.store.lyric_rows import LYRIC_LINES
from workbench.store.made import KEPT_FITS
from workbench.store.views import Making
from workbench.tables import TABLES

BATCHES = 200  # so many that the child is still at work when it is stopped


def save(label: Dataset, value: float, name: str = "promotion") -> Path:
    """Save a fit of one number and return its folder."""
    frames = {"tracks": pl.DataFrame({"track_id": ["t"]})}
    Making(label, name).save_fit(name, arrays={"x": np.array([value])}, frames=frames, meta={})
    return label.artifacts.place(name)


def lyric_rows(keys: list[str], outcome: str = "scored") -> pl.DataFrame:
    rows = pl.DataFrame({"lyric_hash": keys, "outcome": outcome})
    return rows.with_columns(pl.lit(None, t).alias(n) for n, t in LYRIC_LINES if n not in rows)


def reopened(label: Dataset) -> Dataset:
    return Dataset(label.name, label.folder, label.home)


# --- Fits -----------------------------------------------------------------------------------------


def test_a_fit_comes_back_as_it_was_saved(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    arrays = {"draws": np.arange(6.0).reshape(2, 3), "ids": np.array(["a", "ü"])}
    frames = {"tracks": pl.DataFrame({"track_id": ["t"], "tags": [["a", "b"]]})}
    meta = {"weeks": 52, "name": "Ünal", "nothing": None, "nested": {"a": [1, 2.5]}}
    Making(label, "promotion").save_fit("promotion", arrays=arrays, frames=frames, meta=meta)
    fit = label.fit("promotion")
    assert set(fit.arrays) == set(arrays)
    assert all(np.array_equal(fit.arrays[name], array) for name, array in arrays.items())
    assert_frame_equal(fit.frames["tracks"], frames["tracks"])
    assert fit.meta == meta
    with pytest.raises(ValueError, match="read-only"):
        fit.arrays["draws"][0, 0] = 1.0  # shared by all who ask


def test_a_fit_belongs_to_the_data_it_read(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    save(label, 1.0)
    version = label.version("promotion")
    with change(tmp_path) as writing:  # what it does not read
        writing.put("lyrics", labels.lyrics(), source="later")
    assert reopened(label).version("promotion") == version
    with change(tmp_path) as writing:  # what it does
        writing.put("campaigns", labels.campaigns(), source="later")
    after = reopened(label)
    assert not after.has("promotion")
    assert after.version("promotion") != version
    with pytest.raises(NotMade, match="make promotion"):
        after.fit("promotion")
    assert label.fit("promotion").arrays["x"].tolist() == [1.0], "the old handle keeps its own"
    with change(tmp_path) as writing:
        writing.drop(source="later", name="campaigns")
    assert reopened(label).version("promotion") == version, "the same inputs, the same artifact"
    assert reopened(label).fit("promotion").arrays["x"].tolist() == [1.0]


def test_a_slow_job_does_not_take_away_a_newer_fit(tmp_path):
    early = labels.opened(tmp_path, "catalogue")
    with change(tmp_path) as writing:
        writing.put("campaigns", labels.campaigns(), source="later")
    late = reopened(early)
    newer = save(late, 2.0)
    older = save(early, 1.0)  # begun first, ended last
    assert newer != older
    assert late.fit("promotion").arrays["x"].tolist() == [2.0]
    assert early.fit("promotion").arrays["x"].tolist() == [1.0]


def test_old_fits_go(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    for n in range(4):
        save(label, float(n))
        with change(tmp_path) as writing:
            writing.put("tracks", labels.tracks().head(n + 1), source="test")
        label = reopened(label)
    assert len(list((tmp_path / "artifacts").glob("promotion-*"))) == KEPT_FITS


def test_what_would_need_pickle_is_refused(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    with pytest.raises(ValueError, match="pickle"):
        save(label, {"not": "a number"})
    assert not label.has("promotion")
    assert [path.name for path in (tmp_path / "artifacts").iterdir()] == [".lock"]


def test_a_declaration_reaches_down_to_what_it_is_made_of(tmp_path):
    assert in_order(["line_moods"]) == ["lyric_lines", "line_embeddings", "line_moods"]
    assert declared("segments").reads_listeners
    assert declared("segments").listeners
    assert not declared("line_moods").reads_listeners
    upper = Artifact("upper", "", reads=("segments",), maker="", code=1)
    assert upper.reads_listeners
    prints = {artifact.fingerprint for artifact in ARTIFACTS.values()}
    assert len(prints) == len(ARTIFACTS)
    with pytest.raises(UsageError, match="no artifact"):
        declared("moods")


def test_makers_exist_and_read_what_there_is():
    for artifact in ARTIFACTS.values():
        module, _, function = artifact.maker.partition(":")
        assert callable(getattr(importlib.import_module(module), function)), artifact.name
        known = {*TABLES, *ARTIFACTS, *annotations.NAMES}
        assert {*artifact.reads, *artifact.optional} <= known, artifact.name


def test_a_maker_reads_and_writes_only_what_is_declared(tmp_path):
    making = Making(labels.opened(tmp_path), "lyric_lines")
    with pytest.raises(UndeclaredRead, match="plays"):
        making.table("plays")
    with pytest.raises(UndeclaredRead, match="promotion"):
        making.save_fit("promotion", arrays={}, frames={}, meta={})


def test_what_cannot_be_made_says_what_is_missing(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    with pytest.raises(MissingTable, match="lyrics"):
        make(label, "lyric_lines", lambda done, total, text: None)
    with pytest.raises(NotMade, match="lyric_lines"):
        make(label, "line_embeddings", lambda done, total, text: None)


# --- Rows -----------------------------------------------------------------------------------------


def test_a_row_is_kept_once_and_the_first_one_stays(tmp_path):
    label = labels.opened(tmp_path, "lyrics")
    making = Making(label, "lyric_lines")
    empty = label.version("lyric_lines")
    making.append_rows("lyric_lines", lyric_rows(["a", "b", "a"], "first"))
    first = label.version("lyric_lines")
    making.append_rows("lyric_lines", lyric_rows(["b", "c"], "second"))
    rows = label.table("lyric_lines").sort("lyric_hash")
    assert rows.select("lyric_hash", "outcome").rows() == [
        ("a", "first"), ("b", "first"), ("c", "second"),
    ]  # fmt: skip
    assert sorted(making.row_keys("lyric_lines")) == ["a", "b", "c"]
    second = label.version("lyric_lines")
    assert len({empty, first, second}) == 3
    making.append_rows("lyric_lines", lyric_rows(["a", "c"], "third"))
    assert label.version("lyric_lines") == second, "nothing new, nothing changed"


def test_rows_stay_when_the_data_changes(tmp_path):
    label = labels.opened(tmp_path, "lyrics")
    Making(label, "lyric_lines").append_rows("lyric_lines", lyric_rows(["a"]))
    with change(tmp_path) as writing:
        writing.put("lyrics", labels.lyrics().head(1), source="test")
    assert reopened(label).table("lyric_lines").height == 1


def test_made_of_nothing_is_made(tmp_path):
    label = labels.opened(tmp_path, "lyrics")
    assert not label.has("lyric_lines")
    Making(label, "lyric_lines").append_rows("lyric_lines", lyric_rows([]))
    assert label.has("lyric_lines")
    assert label.table("lyric_lines").height == 0


# --- Jobs -----------------------------------------------------------------------------------------


def lines(home: Path, artifact: str) -> list[dict]:
    text = (home / FOLDER / f"{artifact}.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_job_says_so_and_goes_on_where_it_was(children, tmp_path, number):
    label = labels.opened(tmp_path, "lyrics")
    maker = children.start("lyric_rows", tmp_path, BATCHES)
    said = [children.said(maker) for _ in range(4)]
    said += children.kill(maker, number)
    (word,) = jobs(tmp_path)
    assert word.state == "stopped"
    assert word.pid == maker
    assert 4 <= word.done < BATCHES
    made = set(reopened(label).table("lyric_lines")["lyric_hash"])
    # Whole batches; the one that it was in when it was stopped is there or not.
    assert len(made) in {10 * len(said), 10 * (len(said) + 1)}

    maker = children.start("lyric_rows", tmp_path, BATCHES)
    assert children.end(maker)[1] == 0
    (word,) = jobs(tmp_path)
    assert (word.state, word.done, word.total, word.share) == ("done", BATCHES, BATCHES, 1.0)
    rows = reopened(label).table("lyric_lines")
    assert rows.height == rows["lyric_hash"].n_unique() == 10 * BATCHES
    assert rows["outcome"].n_unique() == BATCHES


def test_progress_is_told_line_by_line(tmp_path):
    with job(tmp_path, "segments") as progress:
        progress(1, 4, "über die Hälfte")
        (word,) = jobs(tmp_path)
        assert (word.state, word.text, word.share) == ("running", "über die Hälfte", 0.25)
        assert word.seconds_left == pytest.approx(3 * (word.now - word.started))
    told = lines(tmp_path, "segments")
    assert [(t["state"], t["done"], t["total"]) for t in told] == [
        ("running", 0, 1), ("running", 1, 4), ("done", 4, 4),
    ]  # fmt: skip
    assert {t["artifact"] for t in told} == {"segments"}
    assert {t["pid"] for t in told} == {os.getpid()}


def test_what_comes_before_the_first_step_is_no_part_of_the_pace(tmp_path):
    with job(tmp_path, "line_moods") as progress:
        (loading,) = jobs(tmp_path)
        progress(0, 10, "Scoring lyric lines")
        (first,) = jobs(tmp_path)
        progress(4, 10, "Scoring lyric lines")
        (word,) = jobs(tmp_path)
    assert loading.now <= first.started == word.started
    assert word.seconds_left == pytest.approx(1.5 * (word.now - first.started))


@pytest.mark.parametrize(
    ("seconds", "words"), [(2.6, "3 s"), (99.4, "99 s"), (1_500, "25 min"), (9_000, "2 h")]
)
def test_a_time_left_is_told_in_few_figures(seconds, words):
    assert in_words(seconds) == words


def test_a_failure_is_told_in_words(tmp_path):
    with pytest.raises(NotMade), job(tmp_path, "segments") as progress:  # noqa: PT012
        progress(2, 5, "half")
        raise NotMade("line_moods")
    (word,) = jobs(tmp_path)
    assert (word.state, word.done) == ("failed", 2)
    assert word.text == str(NotMade("line_moods"))


def test_one_process_makes_an_artifact(children, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    holder = children.start("held_job", tmp_path, "segments", fifo)
    assert children.said(holder) == "holding"
    with pytest.raises(Busy, match="segments"), job(tmp_path, "segments"):
        pytest.fail("two processes make one artifact")
    (word,) = jobs(tmp_path)
    assert (word.state, word.pid) == ("running", holder), "the one that runs is still told"
    with job(tmp_path, "promotion"):
        pass  # another artifact is free
    fifo.write_text("go")
    assert children.end(holder) == ([], 0)
    assert [word.state for word in jobs(tmp_path)] == ["done", "done"]


def test_half_a_line_is_no_word(tmp_path):
    with job(tmp_path, "segments") as progress:
        progress(3, 4, "nearly")
    path = tmp_path / FOLDER / "segments.jsonl"
    text = path.read_text()
    path.write_text(text[:-20])
    (word,) = jobs(tmp_path)
    assert (word.done, word.state) == (3, "stopped")
    path.write_text("")
    assert jobs(tmp_path) == []


def test_looking_at_jobs_does_not_keep_one_from_starting(tmp_path):
    with job(tmp_path, "segments"):
        pass
    look = filelock.FileLock(tmp_path / FOLDER / "segments.lock", thread_local=False)
    look.acquire()
    starter = threading.Timer(0.1, look.release)
    starter.start()
    with job(tmp_path, "segments"):
        pass
    starter.join()


def test_a_label_opens_by_folder_with_its_artifacts(tmp_path):
    folder = tmp_path / "my label & co (2026) ü"
    label = labels.opened(folder, "catalogue")
    save(label, 4.0)
    assert open_dataset(str(folder)).fit("promotion").arrays["x"].tolist() == [4.0]
