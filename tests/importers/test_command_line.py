"""`python -m workbench import`: what it prints, what it returns, and that it makes nothing up."""

import bringing
import pytest
from bringing import STREAMS, TRACKS

from workbench.__main__ import main
from workbench.dataset import labels, open_dataset


@pytest.fixture
def brought(home, tmp_path, capsys):
    """Return a function that runs the command on a label called night-harbour."""
    assert main(["new", "night-harbour"]) == 0
    files = {"catalogue.csv": TRACKS, "streams.csv": STREAMS, "odd.csv": "foo,bar\n1,2\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    capsys.readouterr()

    def run(*words: str) -> tuple[int, str, str]:
        paths = [str(tmp_path / word) if word in files else word for word in words]
        code = main(["import", *paths])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_label_with_the_defaults_is_there_once_it_is_made(brought):
    assert "night-harbour" in labels()


def test_files_come_in_and_the_report_is_printed(brought):
    code, out, err = brought("catalogue.csv", "streams.csv", "--label", "night-harbour")
    assert (code, err) == (0, "")
    assert "Tracks: 2 rows read = 2 accepted + 0 repaired + 0 rejected" in out
    assert out.endswith("Stored in night-harbour.\n")
    assert open_dataset("night-harbour").table("daily_streams").height == 2


def test_a_dry_run_stores_nothing(brought):
    code, out, _ = brought("catalogue.csv", "--label", "night-harbour", "--dry-run")
    assert code == 0
    assert "nothing was stored" in out
    assert not open_dataset("night-harbour").has("tracks")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["catalogue.csv", "--label", "elsewhere"], "python -m workbench new"),
        (["catalogue.csv", "--label", "sample"], "read only"),
        (["nowhere.csv", "--label", "night-harbour"], "is not a file"),
        (["odd.csv", "--label", "night-harbour"], "not recognised"),
        (["catalogue.csv", "odd.csv", "--label", "night-harbour"], "not recognised"),
        (["catalogue.csv", "--label", "night-harbour", "--mapping", "none"], "no mapping “none”"),
    ],
)
def test_what_fails_says_so_returns_one_and_stores_nothing(brought, words, said):
    code, out, err = brought(*words)
    assert (code, out) == (1, "")
    assert said in err
    assert labels() == ["sample", "night-harbour"]
    assert not open_dataset("night-harbour").has("tracks")


def test_a_file_of_which_no_row_can_be_taken_is_a_failure_with_its_reasons(brought, tmp_path):
    (tmp_path / "bad.csv").write_text(TRACKS.split("t1")[0] + "t1,,,,,\n", encoding="utf-8")
    code, out, err = brought(str(tmp_path / "bad.csv"), "--label", "night-harbour")
    assert code == 1
    assert "rejected 1: title is missing" in out
    assert "No row could be taken" in err
    assert not open_dataset("night-harbour").has("tracks")


def test_a_wrong_answer_is_wrong_use(brought):
    with pytest.raises(SystemExit) as ended:
        brought("catalogue.csv", "--answer", "currency")
    assert ended.value.code == 2


def test_a_folder_may_hold_what_nobody_knows(brought, tmp_path):
    code, out, err = brought(str(tmp_path), "--label", "night-harbour")
    assert code == 0
    assert "left out: odd.csv" in err
    assert "catalogue.csv" in out


def test_rejected_rows_are_written_for_correction(brought, tmp_path):
    (tmp_path / "catalogue.csv").write_text(TRACKS + "t3,=X,a1,maybe,,\n", encoding="utf-8")
    folder = tmp_path / "rejects"
    code, *_ = brought("catalogue.csv", "--label", "night-harbour", "--rejects", str(folder))
    assert code == 0
    lines = (folder / "catalogue.csv.rejected.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("rejected row,rejected because,track_id,title")
    assert lines[1].startswith("4,Tracks: status: is not one of the values")
    assert "'=X" in lines[1]


def test_a_workbook_with_several_sheets_takes_the_one_that_is_named(brought, tmp_path):
    rows = [line.split(",") for line in TRACKS.splitlines()]
    path = tmp_path / "book.xlsx"
    other = [["a", "b"], ["1", "2"]]
    path.write_bytes(bringing.workbook(other, rows, names=("Other", "Tracks")))
    code, _, err = brought(str(path), "--label", "night-harbour")
    assert code == 1
    assert "--answer NAME=VALUE): sheet: Which sheet of the workbook?" in err
    assert "It has “Other” (2 rows), “Tracks” (3 rows)." in err
    for words in (["--sheet", "Tracks"], ["--answer", "book.xlsx:sheet=Tracks"]):
        code, out, _ = brought(str(path), "--label", "night-harbour", *words)
        assert code == 0
        assert "2 accepted" in out
        assert "note: the sheet “Tracks” is read, and not “Other” (2 rows)" in out


def test_what_each_of_several_files_does_not_say_is_answered_by_its_name(brought, tmp_path):
    paths = [str(tmp_path / f"{name}.csv") for name in ("one", "two")]
    for number, path in enumerate(paths):
        (tmp_path / path).write_text(f"date,streams\n2026-07-03,{number}\n", encoding="utf-8")
    assert brought("catalogue.csv", "--label", "night-harbour")[0] == 0
    code, _, err = brought(*paths, "--label", "night-harbour", "--answer", "one.csv:song=t1")
    assert code == 1
    assert "two.csv does not say, so it must be answered (--answer NAME=VALUE): song:" in err
    songs = ("--answer", "song=arriving", "--answer", "one.csv:song=t1")
    assert brought(*paths, "--label", "night-harbour", *songs)[0] == 0
    rows = open_dataset("night-harbour").table("daily_streams").select("entity_id", "streams")
    assert rows.rows() == [("t1", 0), ("t2", 1)]


def test_recordings_in_doubt_are_asked_answered_and_undone(brought, tmp_path, capsys):
    there = ("--label", "night-harbour")
    brought("catalogue.csv", *there)
    (tmp_path / "streams.csv").write_text("isrc,title,artist\nUSRC17607839,Leaving (Remix),Ada\n")
    code, out, err = brought("streams.csv", *there)
    assert (code, "No row could be taken" in err) == (1, True)
    key = out.split("streams.csv, ")[1][:10]
    assert f"{key}: is “Leaving (Remix)” by Ada, USRC17607839 (1 row) one of these?" in out
    assert "  t1: “Leaving” by a1, USRC17607839" in out
    assert f"--answer {key}=t1 where it is that track" in out
    code, _, err = brought("streams.csv", *there, "--answer", f"{key}=t99")
    assert (code, "There is no track “t99”" in err) == (1, True)
    code, _, err = brought("streams.csv", *there, "--answer", f"{key}=new", "--dry-run")
    assert (code, "No row could be taken" in err) == (1, True)
    code, out, err = brought("streams.csv", *there, "--answer", f"{key}=new")
    assert (code, err) == (0, "")
    assert open_dataset("night-harbour").table("tracks")["title"].sort().to_list() == [
        "Arriving", "Leaving", "Leaving (Remix)",
    ]  # fmt: skip
    assert main(["decisions", *there]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith(f"{key}  Leaving (Remix) – Ada is not Leaving – a1 (")
    assert main(["decisions", *there, "--undo", key, "--dry-run"]) == 0
    assert "Would go: 1 row of artists, 1 row of tracks." in capsys.readouterr().out
    assert open_dataset("night-harbour").table("tracks").height == 3
    assert main(["decisions", *there, "--undo", key]) == 0
    assert "gone: 1 row of artists, 1 row of tracks" in capsys.readouterr().out
    assert open_dataset("night-harbour").table("tracks").height == 2
    assert main(["decisions", *there, "--undo", key]) == 1
