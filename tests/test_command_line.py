"""The command line: exit codes, what goes to which stream, and jobs that are interrupted."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import labels
import pytest

from tests.sources import PROJECT
from workbench.__main__ import main
from workbench.dataset import open_dataset
from workbench.store import manifest, state
from workbench.store.change import change
from workbench.store.jobs import jobs

FIRST = "00000000"  # a listener of the label that tests write


@pytest.fixture
def own(home) -> Path:
    return labels.written(home / "own", "full")


def run(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "workbench", *words],
        cwd=PROJECT, capture_output=True, text=True, check=False, encoding="utf-8", **options,
    )  # fmt: skip


def told(capsys, *words: str) -> tuple[int, str, str]:
    """Run a command in this process; return its code, what it said, and what it complained of."""
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_help_names_every_command_and_what_it_takes(capsys):
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("new", "import", "lyrics", "isrcs", "make", "describe", "erase", "serve"):
        assert re.search(rf"^ +{command} +[A-Z]", done.stdout, flags=re.MULTILINE), command
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "--help" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["scrore"],
        ["new"],
        ["describe", "--lable", "own"],
        ["serve", "--port", "web"],
        ["make", "moods"],
        ["erase"],
        ["lyrics"],
        ["lyrics", "fetch", "--limit", "0"],
        ["isrcs", "terms", "--accept", "--withdraw"],
    ],
)
def test_wrong_use_ends_with_two_and_says_how(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: python -m workbench" in err


def test_an_unknown_artifact_is_told_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["make", "moods"])
    assert "Artifacts: lyric_lines, line_embeddings" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["99999", "65536", "0", "-1", "8501.5"])
def test_a_port_that_cannot_be_is_told_with_its_range(port, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["serve", f"--port={port}", "--label", "nowhere"])
    assert ended.value.code == 2
    assert f"'{port}' is not a port: a number from 1 to 65535" in capsys.readouterr().err


def test_new_describe_and_again(home, capsys):
    code, out, err = told(capsys, "new", "Own Label", "--currency", "USD")
    assert (code, out, err) == (0, f"Made {home / 'own-label'}\n", "")
    code, out, err = told(capsys, "describe", "--label", "own-label")
    assert (code, err) == (0, "")
    assert out.startswith(f"Own Label: generation 1, {home / 'own-label'}\n")
    code, out, err = told(capsys, "new", "Own Label")
    assert (code, out) == (1, "")
    assert err.startswith("workbench: “Own Label” is taken")
    assert err.count("\n") == 1


def test_describe_counts_rows_and_days(own, capsys):
    code, out, _ = told(capsys, "describe", "--label", "own")
    assert code == 0
    assert re.search(
        r"^  daily_streams +[\d,]+  2026-07-03 to 2026-10-22$", out, flags=re.MULTILINE
    )
    assert re.search(r"^  tracks +4 *$", out, flags=re.MULTILINE)
    assert re.search(r"^  segments +not made$", out, flags=re.MULTILINE)


@pytest.mark.parametrize("command", [["describe"], ["make"], ["erase", FIRST]])
def test_a_label_that_is_not_there_fails_with_one_line(home, capsys, command):
    code, out, err = told(capsys, *command, "--label", "nowhere")
    assert (code, out) == (1, "")
    assert err.startswith("workbench: There is no label “nowhere”")
    assert err.count("\n") == 1


def test_a_damaged_label_fails_with_what_to_do(own, capsys):
    (own / manifest.NAME).write_text("{}")
    code, out, err = told(capsys, "describe", "--label", "own")
    assert (code, out) == (1, "")
    assert "000000001.json" in err


def test_a_wrong_setting_fails_with_one_line(home):
    done = run("describe", env=os.environ | {"WORKBENCH_MEMORY": "much"})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "workbench: WORKBENCH_MEMORY='much' is not a number; unset it or give one.\n"
    )


def test_erasing_is_done_told_and_logged(own, capsys):
    held = labels.plays().filter(listener_id=FIRST).height
    code, out, err = told(capsys, "erase", FIRST, "--label", "own")
    assert (code, err) == (0, "")
    assert out.startswith(f"Erased {held + 2:,} rows.")  # plays, the listener, one purchase
    label = open_dataset(str(own), rows=True)
    assert FIRST not in label.table("plays")["listener_id"]
    acts = state.rows(own, state.Access)
    assert acts["act"].to_list()[0] == "listener erased"
    assert FIRST not in " ".join(acts["subject"])


def test_the_sample_cannot_be_erased_from(tmp_path, capsys):
    folder = labels.written(tmp_path / "a sample", "full")
    with change(folder) as writing:
        writing.describe(sample=True)
    code, out, err = told(capsys, "erase", FIRST, "--label", str(folder))
    assert (code, out) == (1, "")
    assert "read only" in err


def test_what_was_asked_for_and_cannot_be_made_fails(home):
    labels.written(home / "bare", "catalogue")
    done = run("make", "lyric_lines", "--label", "bare")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("workbench: This needs lyrics")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a terminal is needed to see progress")
def test_make_shows_progress_stops_on_a_signal_and_says_so(own):
    import pty

    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "make", "promotion", "--label", "own"],
        cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    while b"/" not in shown:  # the first “done/total”
        shown += os.read(screen, 1024)
    process.send_signal(signal.SIGTERM)
    with process:
        out, _ = process.communicate()
    while b"kept" not in shown:
        shown += os.read(screen, 1024)
    os.close(screen)
    assert process.returncode == 130
    assert out == b""
    assert b"workbench: interrupted; what was finished is kept" in shown
    assert b"Traceback" not in shown
    (word,) = jobs(own)
    assert (word.artifact, word.state) == ("promotion", "stopped")
    assert not list((own / "artifacts").glob("promotion-*"))


TOLD = """
from workbench.commands.terminal import timed_on_terminal
say = timed_on_terminal()
for done in (0, 5_000, 10_000):
    say(done, 10_000, "Reading")
"""


@pytest.mark.skipif(os.name == "nt", reason="a terminal is needed to see progress")
def test_progress_says_how_long_the_rest_takes():
    import pty

    screen, terminal = pty.openpty()
    subprocess.run([sys.executable, "-c", TOLD], cwd=PROJECT, stderr=terminal, check=True)
    os.close(terminal)
    shown = os.read(screen, 4096).decode()
    os.close(screen)
    assert "Reading: 0/10,000" in shown
    assert "Reading (about 0 s left): 5,000/10,000" in shown
    assert "Reading: 10,000/10,000" in shown


@pytest.mark.skipif(os.name == "nt", reason="pipes of a shell")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_early_is_no_error(own, unbuffered):
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "describe", "--label", "own"],
        cwd=PROJECT, stdout=closed_pipe(), stderr=subprocess.PIPE, check=False, env=environment,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def closed_pipe() -> int:
    """Return the writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing
