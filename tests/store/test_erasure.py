"""After an erasure no file of the label holds the pseudonym; before it, many do."""

import datetime
import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from workbench.dataset import Dataset, open_dataset
from workbench.errors import BadInput, ReadOnly, SetUpError, Superseded
from workbench.store import manifest, state
from workbench.store.change import change
from workbench.store.erasure import erase
from workbench.store.jobs import job, jobs
from workbench.store.pseudonyms import KEY
from workbench.store.shown_lists import ListMark, ShownList
from workbench.store.views import Making

GONE, STAYS = "deadbeef0badcafe", "5afe5afe5afe5afe"
START = datetime.datetime(2026, 1, 30, tzinfo=datetime.UTC)


def people(*names: str) -> pl.DataFrame:
    return pl.DataFrame({"listener_id": list(names), "country": ["US"] * len(names)})


def plays(*names: str, days: int = 40) -> pl.DataFrame:
    rows = [
        (name, f"t{n % 3}", START + datetime.timedelta(days=n)) for name in names
        for n in range(days)
    ]  # fmt: skip
    schema = ["listener_id", "track_id", "played_at"]
    return pl.DataFrame(rows, schema, orient="row").with_columns(source=pl.lit("search"))


def counts(*names: str) -> pl.DataFrame:
    each = len(names)
    return pl.DataFrame(
        {"listener_id": names, "entity": ["artist"] * each, "entity_id": ["a"] * each,
         "plays": [3] * each}
    )  # fmt: skip


def purchases(*names: str) -> pl.DataFrame:
    each = len(names)
    return pl.DataFrame(
        {"order_id": [f"o-{n}" for n in range(each)], "line": [1] * each, "listener_id": names,
         "quantity": [1] * each, "amount": [9.5] * each, "currency": ["EUR"] * each,
         "purchased_at": [START] * each}
    )  # fmt: skip


def experiment(*names: str) -> pl.DataFrame:
    each = len(names)
    return pl.DataFrame(
        {"experiment": ["mail"] * each, "unit": names, "arm": ["sent"] * each,
         "outcome": [1.0] * each}
    )  # fmt: skip


LISTENED = {
    "listeners": people, "plays": plays, "listening_counts": counts, "purchases": purchases,
    "experiments": experiment,
}  # fmt: skip


def said_for(name: str) -> dict[str, str]:
    return {"user": "ada", "mark": f"m-{name[:4]}", "audience": f"Listener {name}",
            "listener_id": name, "shown": "", "about": "t1", "said": "like"}  # fmt: skip


def shown_to(name: str) -> dict[str, object]:
    return {"user": "ada", "shown": f"s-{name[:4]}", "audience": f"Listener {name}",
            "listener_id": name, "model": "m", "choices": "", "length": 1, "candidates": 1,
            "speaks": "[]", "songs": "[]"}  # fmt: skip


def opened(folder: Path) -> Dataset:
    return Dataset("test", folder, folder, rows=True)


def lived_in(folder: Path) -> Dataset:
    """Return a label that two listeners have left traces all over."""
    for source in ("first", "second"):
        with change(folder) as writing:
            for name, rows in LISTENED.items():
                writing.put(name, rows(GONE, STAYS), source=source)
    label = opened(folder)
    listed = pl.DataFrame({"listener_id": [GONE, STAYS], "segment": [1, 2]})
    for n in (1, 2):
        Making(label, "segments").save_fit(
            "segments",
            arrays={"ids": np.array([GONE, STAYS]), "n": np.arange(n)},
            frames={"segments": listed},
            meta={"centre": GONE},
        )
        with change(folder) as writing:
            writing.put("plays", plays(STAYS, days=n), source="third")
        label = opened(folder)
    label.annotate("fans", listed.with_columns(like=pl.Series([STAYS, GONE])))
    label.annotate("only_hers", people(GONE))
    label.annotate("best", pl.DataFrame({"artist_id": ["a"], "fan": [GONE], "n": [3]}))
    state.record(folder, state.Scenario, user="ada", name="plan", plan=f"Plan(unit={GONE!r})")
    for n in range(60):  # enough that the database moves rows about, and leaves copies
        state.record(folder, state.Scenario, user="ada", name=f"plan {n}", plan=f"{GONE} " * n)
    state.log_access(folder, "ada", "listener opened", GONE)
    for name in (GONE, STAYS):
        state.record(folder, ListMark, **said_for(name))
        state.record(folder, ShownList, **shown_to(name))
    with pytest.raises(KeyError), job(folder, "segments"):
        raise KeyError(GONE)
    # What killed processes left half written.
    whole = pl.DataFrame({"listener_id": [GONE]})
    for place in ("slices/plays", "annotations/listener_annotations", "artifacts/.tmp-1"):
        (folder / place).mkdir(parents=True, exist_ok=True)
        whole.write_parquet(folder / place / ".tmp-0.parquet")
    shutil.copytree(folder / "artifacts" / ".tmp-1", folder / "artifacts" / "tiers-of-old-code")
    return label


def holding(folder: Path, name: str) -> list[str]:
    """Return every file whose bytes, or whose values once unpacked, hold a name."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        texts = [path.read_bytes().decode("latin-1"), path.name]
        if path.suffix == ".parquet":
            texts.append(json.dumps(pl.read_parquet(path).rows(), default=str))
        if path.suffix == ".npz":
            with np.load(path) as stored:
                texts += [str(stored[key].tolist()) for key in stored.files]
        if any(name in text for text in texts):
            found.append(path.relative_to(folder).as_posix())
    return found


def test_no_file_holds_an_erased_listener(tmp_path):
    label = lived_in(tmp_path)
    before = holding(tmp_path, GONE)
    for part in ("slices/listeners", "slices/plays", "slices/listening_counts", "slices/purchases",
                 "slices/experiments", "annotations/listener", "annotations/artist", "artifacts/",
                 "state.sqlite", "jobs/segments.jsonl", ".tmp-"):  # fmt: skip
        assert any(part in path for path in before), f"the search must be able to find {part}"
    held = {name: label.table(name).height for name in LISTENED}

    assert erase(tmp_path, tmp_path, GONE) == 40 + 4
    assert holding(tmp_path, GONE) == []

    after = opened(tmp_path)
    assert {n: held[n] - after.table(n).height for n in LISTENED} == {
        n: 40 if n == "plays" else 1 for n in LISTENED
    }
    assert after.table("plays").filter(pl.col("listener_id") == STAYS).height == 40
    assert after.table("listener_annotations").select("listener_id", "fans.like").rows() == [
        (STAYS, None)
    ]
    assert after.table("artist_annotations").rows() == [("a", None, 3)]
    assert not after.has("segments")
    assert jobs(tmp_path) == []
    log = state.rows(tmp_path, state.Access)
    assert log["subject"].to_list() == ["erased listener"], "the act stays on record"
    for kind in (ListMark, ShownList):
        assert state.rows(tmp_path, kind)["listener_id"].to_list() == [STAYS], "feedback goes whole"
    plans = state.rows(tmp_path, state.Scenario)["plan"].to_list()
    assert plans == ["Plan(unit='erased listener')", *("erased listener " * n for n in range(60))]


def test_an_erased_listener_does_not_come_back(tmp_path):
    lived_in(tmp_path)
    erase(tmp_path, tmp_path, GONE)
    with change(tmp_path) as writing:
        for name, rows in LISTENED.items():
            put = writing.put(name, rows(GONE, STAYS), source="later")
            assert put.erased == put.rows, "counted, one of two people"
    opened(tmp_path).annotate("again", people(GONE, STAYS))
    assert holding(tmp_path, GONE) == []
    assert opened(tmp_path).table("plays")["listener_id"].unique().to_list() == [STAYS]


def test_who_was_not_erased_is_let_in(tmp_path):
    lived_in(tmp_path)
    erase(tmp_path, tmp_path, GONE)
    with change(tmp_path) as writing:
        assert writing.put("listeners", people("new"), source="later").erased == 0
        nobody = purchases("x").with_columns(listener_id=pl.lit(None, pl.String))
        assert writing.put("purchases", nobody, source="later").rows == 1


def test_a_fit_that_read_the_listener_before_is_not_written_after(tmp_path):
    making = Making(lived_in(tmp_path), "segments")
    erase(tmp_path, tmp_path, GONE)
    listed = {"segments": pl.DataFrame({"listener_id": [GONE]})}
    with pytest.raises(Superseded, match="Make it again"):
        making.save_fit("segments", arrays={}, frames=listed, meta={})
    assert holding(tmp_path, GONE) == []


def test_erasing_again_finishes_what_was_interrupted(tmp_path):
    label = lived_in(tmp_path)
    old = [tmp_path / "slices" / "plays" / f"{e.hash}.parquet" for e in label.entries("plays")]
    kept = {path: path.read_bytes() for path in old}
    erase(tmp_path, tmp_path, GONE)
    for path, data in kept.items():  # as if it had been killed before it deleted them
        path.write_bytes(data)
    assert holding(tmp_path, GONE)
    assert erase(tmp_path, tmp_path, GONE) == 0
    assert holding(tmp_path, GONE) == []
    assert len(manifest.read(tmp_path).erased) == 1


def test_memory_forgets_an_erasure_by_another_process(tmp_path):
    from workbench.store.memory import memory

    label = lived_in(tmp_path)
    memory.load("profiles of a page", lambda: [GONE], lambda _: 1)
    current = manifest.read(tmp_path)
    erase(tmp_path, tmp_path, GONE)
    memory.load("profiles of a page", lambda: [GONE], lambda _: 1)
    assert label.manifest == current
    opened(tmp_path)
    assert memory.load("profiles of a page", list, lambda _: 1) == []


def test_a_short_name_takes_nothing_else_with_it(tmp_path):
    lived_in(tmp_path)
    plan = "Plan(budget=1200, units=('12', '12-b', 'a12'), since=12)"
    state.record(tmp_path, state.Scenario, user="ada", name="budget", plan=plan)
    with job(tmp_path, "promotion") as progress:
        progress(12, 1200, "week 1200")
    erase(tmp_path, tmp_path, "12")
    plans = state.rows(tmp_path, state.Scenario).filter(name="budget")["plan"].to_list()
    erased = "erased listener"
    assert plans == [f"Plan(budget=1200, units=('{erased}', '12-b', 'a12'), since={erased})"]
    for nobody in ("", " "):
        with pytest.raises(BadInput):
            erase(tmp_path, tmp_path, nobody)


def test_without_its_key_a_label_with_erased_listeners_takes_no_people(tmp_path):
    lived_in(tmp_path)
    erase(tmp_path, tmp_path, GONE)
    (tmp_path / KEY).unlink()
    with pytest.raises(SetUpError, match="backup"), change(tmp_path) as writing:
        writing.put("listeners", people(GONE), source="later")
    with pytest.raises(SetUpError, match="backup"):
        erase(tmp_path, tmp_path, STAYS)
    assert not (tmp_path / KEY).exists()


def test_the_sample_is_not_touched(tmp_path):
    folder, home = tmp_path / "sample data", tmp_path / "home"
    with change(folder) as writing:
        writing.put("listeners", people(GONE), source="generated")
        writing.describe(sample=True)
    shutil.rmtree(folder / "history")
    (folder / ".lock").unlink()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with pytest.raises(ReadOnly):
        erase(folder, home, GONE)
    with pytest.raises(ReadOnly), change(folder):
        pytest.fail("the sample cannot be changed")
    label = Dataset("sample", folder, home)
    label.annotate("fans", people(GONE))
    Making(label, "segments").save_fit("segments", arrays={}, frames={}, meta={})
    state.log_access(home, "ada", "rows opened", "sample")
    assert label.view(["listener_annotations"]).table("listener_annotations").height == 1
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_rows_of_listeners_are_closed_wherever_they_lie(tmp_path):
    from workbench.errors import PrivateRows

    lived_in(tmp_path)
    label = open_dataset(str(tmp_path))
    Making(label, "segments").save_fit("segments", arrays={}, frames={}, meta={})
    for read in (
        lambda: label.table("plays"),
        lambda: label.table("listener_annotations"),
        lambda: label.fit("segments"),
    ):
        with pytest.raises(PrivateRows):
            read()
    assert label.has("segments")
    assert label.has("listener_annotations")
