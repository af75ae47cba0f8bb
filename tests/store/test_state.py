"""The state database, the pseudonym key and annotations: small things that must not be lost."""

import datetime
import os
import stat
from pathlib import Path

import labels
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.errors import BadInput, DamagedFile, SetUpError
from workbench.store import state
from workbench.store.memory import Memory
from workbench.store.pseudonyms import KEY, erasure_mark, pseudonym, pseudonym_key

WRITERS, ROUNDS = 8, 50


def test_eight_processes_lose_no_line(together, tmp_path):
    ends = together("access_lines", *((tmp_path, n, ROUNDS) for n in range(WRITERS)))
    assert ends == [([], 0)] * WRITERS
    log = state.rows(tmp_path, state.Access)
    assert log["id"].to_list() == list(range(1, WRITERS * ROUNDS + 1))
    assert log["user"].value_counts()["count"].to_list() == [ROUNDS] * WRITERS
    # Nobody wrote between what another read and wrote.
    assert log["subject"].to_list() == [str(n) for n in range(WRITERS * ROUNDS)]


def test_a_database_is_made_once_however_many_ask(together, tmp_path):
    for n in range(4):
        ends = together("access_lines", *((tmp_path / str(n), k, 1) for k in range(6)))
        assert ends == [([], 0)] * 6
        (tmp_path / "gate-access_lines").unlink()


def test_rows_have_types_also_when_there_are_none(tmp_path):
    expected = {
        "id": pl.Int64, "at": pl.Datetime("ms", "UTC"), "user": pl.String, "act": pl.String,
        "subject": pl.String,
    }  # fmt: skip
    assert state.rows(tmp_path, state.Access).schema == expected
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    state.log_access(tmp_path, "ada", "rows opened", "test")
    log = state.rows(tmp_path, state.Access)
    assert log.schema == expected
    assert before <= log["at"][0] <= datetime.datetime.now(datetime.UTC)


def test_a_folder_may_be_called_anything(tmp_path):
    home = tmp_path / "what? 100% #1 & so on"
    state.log_access(home, "ada", "rows opened", "test")
    assert [path.name for path in tmp_path.iterdir()] == [home.name]
    assert (home / "state.sqlite").exists()


def test_opening_rows_of_listeners_is_logged(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "label", "full")
    open_dataset(str(folder))
    assert not (folder / "state.sqlite").exists()
    monkeypatch.setenv("WORKBENCH_USER", "grace")
    from workbench.settings import settings

    settings.cache_clear()
    label = open_dataset(str(folder), rows=True)
    assert label.table("plays").height
    log = state.rows(folder, state.Access)
    assert log.select("user", "act", "subject").rows() == [("grace", "rows opened", str(folder))]


def test_rows_that_cannot_be_logged_are_not_opened(tmp_path):
    folder = labels.written(tmp_path / "label", "full")
    (folder / "state.sqlite").mkdir()
    with pytest.raises(SetUpError, match="unable to open database"):
        open_dataset(str(folder), rows=True)


def test_a_damaged_state_database_is_named(tmp_path):
    (tmp_path / "state.sqlite").write_bytes(b"SQLite format 3\0" + b"nonsense" * 600)
    with pytest.raises(DamagedFile, match="state\\.sqlite"):
        state.log_access(tmp_path, "ada", "rows opened", "test")


def test_a_home_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetUpError, match="file"):
        state.log_access(tmp_path / "file" / "home", "ada", "rows opened", "test")


# --- Pseudonyms -----------------------------------------------------------------------------------


def test_a_pseudonym_is_the_published_hmac():
    # RFC 4231, test cases 1 and 2
    assert pseudonym(b"\x0b" * 20, "Hi There") == "b0344c61d8db3853"
    assert pseudonym(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e"


def test_one_person_has_one_pseudonym_and_labels_differ(tmp_path):
    first, second = pseudonym_key(tmp_path / "a"), pseudonym_key(tmp_path / "b")
    assert pseudonym(first, "ada@example.org") == pseudonym(first, "ada@example.org")
    assert pseudonym(first, "ada@example.org") != pseudonym(first, "Ada@example.org")
    assert pseudonym(first, "ada@example.org") != pseudonym(second, "ada@example.org")
    assert erasure_mark(first, "x") != pseudonym(first, "x")
    assert pseudonym_key(tmp_path / "a") == first


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_the_key_is_its_owners_alone(tmp_path):
    pseudonym_key(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600


def test_processes_that_ask_at_once_get_one_key(together, tmp_path):
    answers = together("keys", *((tmp_path / "new",) for _ in range(8)))
    assert answers == [([pseudonym_key(tmp_path / "new").hex()], 0)] * 8


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "ab" * 33])
def test_a_damaged_key_is_not_replaced(tmp_path, text):
    (tmp_path / KEY).write_text(text)
    with pytest.raises(SetUpError, match="backup"):
        pseudonym_key(tmp_path)
    assert (tmp_path / KEY).read_text() == text


# --- Annotations ----------------------------------------------------------------------------------


def test_annotations_of_a_kind_come_as_one_table(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    assert not label.has("track_annotations")
    empty = label.version("track_annotations")
    label.annotate("plan", pl.DataFrame({"track_id": ["tr-2", "tr-1"], "tier": ["B", "A"]}))
    label.annotate("mood", pl.DataFrame({"track_id": ["tr-1", "tr-3"], "dark": [0.5, None]}))
    assert label.has("track_annotations")
    rows = label.table("track_annotations").sort("track_id")
    assert rows.columns == ["track_id", "mood.dark", "plan.tier"]
    assert rows.rows() == [("tr-1", 0.5, "A"), ("tr-2", None, "B"), ("tr-3", None, None)]
    two = label.version("track_annotations")
    label.annotate("mood", pl.DataFrame({"track_id": ["tr-1"], "light": [1]}))
    assert label.table("track_annotations").columns == ["track_id", "mood.light", "plan.tier"]
    assert len({empty, two, label.version("track_annotations")}) == 3
    assert len(list((tmp_path / "annotations" / "track_annotations").glob("*.parquet"))) == 2
    assert not label.has("artist_annotations")


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("Plan", {"track_id": ["a"]}),
        ("../plan", {"track_id": ["a"]}),
        ("plan", {"title": ["a"]}),
        ("plan", {"track_id": ["a"], "artist_id": ["b"]}),
        ("plan", {"track_id": ["a", "a"]}),
        ("plan", {"track_id": ["a", None]}),
        ("plan", {"track_id": ["a"], "tags": [["x"]]}),
    ],
)
def test_what_cannot_be_an_annotation_is_refused(tmp_path, name, frame):
    label = labels.opened(tmp_path, "catalogue")
    with pytest.raises(BadInput):
        label.annotate(name, pl.DataFrame(frame))
    assert not list(tmp_path.rglob("*annotations/*.parquet"))


# --- Memory ---------------------------------------------------------------------------------------


def test_memory_is_bounded_and_forgets_what_was_used_longest_ago():
    memory = Memory(100)
    for name in "abc":
        memory.load(name, str, lambda _: 40)
    assert memory.bytes == 80
    made = []
    memory.load("b", lambda: made.append("b"), lambda _: 40)
    memory.load("a", lambda: made.append("a"), lambda _: 40)
    assert made == ["a"]
    memory.load("huge", lambda: "huge", lambda _: 1000)
    assert memory.bytes == 1000


def test_memory_keeps_nothing_that_failed_or_was_forgotten_meanwhile():
    memory = Memory(100)
    with pytest.raises(ZeroDivisionError):
        memory.load("a", lambda: 1 / 0, lambda _: 1)
    assert memory.load("a", lambda: 1, lambda _: 1) == 1

    def slow() -> str:
        memory.forget()  # a listener is erased while this is being made
        return "old"

    assert memory.load("b", slow, lambda _: 1) == "old"
    assert memory.load("b", lambda: "new", lambda _: 1) == "new"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are not listed here")
def test_many_labels_leave_no_file_open(tmp_path):
    for number in range(30):
        (tmp_path / str(number)).mkdir()
        state.log_access(tmp_path / str(number), "ada", "rows opened", "x")
    held = [os.path.realpath(one) for one in Path("/proc/self/fd").iterdir()]
    assert not [path for path in held if path.startswith(str(tmp_path))]
