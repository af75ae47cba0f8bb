"""Folders and zips: every file in them comes in or is listed, and none of them does harm."""

import datetime
import gzip
import io
import json
import stat
import threading
import zipfile

import adding_up
import bringing
import pytest
import scrobbles
from bringing import STREAMS, TRACKS

from workbench.__main__ import main
from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import archive, gathering, reading, source
from workbench.importers.gathering import bundled, gathered
from workbench.importers.sheet import Limits
from workbench.importers.source import Source

SONG = "The train pulls out\nand I am crying\n\nEvery window shows me you\n"
SPOTIFY = (
    '[{"ts": "2026-07-03T10:03:20Z", "ms_played": 200000, "master_metadata_track_name": "Tide", '
    '"master_metadata_album_artist_name": "Nora"}]'
)


def packed(*files: tuple[str | zipfile.ZipInfo, str | bytes], stored: bool = False) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", how) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def brought(*files: tuple[str, str | bytes], name: str = "exports.zip") -> gathering.Gathered:
    return bundled([Source(name, packed(*files))])


def names(found: gathering.Gathered) -> list[str]:
    return [one.name for one in found.sources]


def test_the_files_of_a_zip_come_one_by_one_with_the_way_to_them():
    found = brought(("a.csv", TRACKS), ("2026/may.tsv.gz", gzip.compress(STREAMS.encode())))
    assert names(found) == ["exports.zip/a.csv", "exports.zip/2026/may.tsv.gz"]
    assert [one.unpacked.decode() for one in found.sources] == [TRACKS, STREAMS]
    assert found.left_out == ()


def test_what_a_system_adds_is_no_file_and_what_holds_no_table_is_listed():
    found = brought(
        ("__MACOSX/._a.csv", b"\0"), (".DS_Store", b"\0"), ("._b.csv", b"\0"), ("docs/", b""),
        (".scrobbler.log", "#AUDIOSCROBBLER/1.1\n"), ("cover.jpg", b"\xff\xd8\xff\xe0\0"),
        ("guide.pdf", b"%PDF-1.7"), ("mix.wav", b"RIFF\x24\0\0\0WAVE"),
        ("more.zip", packed(("a.csv", TRACKS))), ("more.7z", b"7z\xbc\xaf\x27\x1c\0"),
    )  # fmt: skip
    assert names(found) == ["exports.zip/.scrobbler.log"]
    assert found.left_out == (
        "exports.zip/cover.jpg: is a picture",
        "exports.zip/guide.pdf: is a PDF; tables cannot be taken from it reliably",
        "exports.zip/mix.wav: is sound or a picture",
        "exports.zip/more.zip: is a zip within a zip, which is not opened; unpack it and bring it "
        "on its own",
        "exports.zip/more.7z: is a .7z archive: unpack it and bring the files inside",
    )


def test_a_header_that_begins_like_sound_is_text():
    assert Source("a.csv", b"FORMAT,title\nCD,x\n").foreign is None
    assert Source("a.csv", b"ID3,title\nCD,x\n").foreign is None


def test_a_workbook_is_a_zip_too_and_stays_whole_also_in_a_zip_that_does_not_pack():
    book = bringing.workbook([line.split(",") for line in TRACKS.splitlines()])
    assert names(bundled([Source("book.xlsx", book)])) == ["book.xlsx"]
    inside = bundled([Source("all.zip", packed(("book.xlsx", book), stored=True))])
    assert names(inside) == ["all.zip/book.xlsx"]
    assert inside.sources[0].is_workbook


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("Index/Document.iwa", "Numbers or Pages"),
        ("word/document.xml", "Word"),
        ("mimetype", "OpenDocument"),
    ],
)
def test_a_document_that_is_a_zip_is_said_to_be_one(inside, words):
    data = packed((inside, "x"), ("more/content.xml", "<x/>"))
    assert names(bundled([Source("a.doc", data)])) == ["a.doc"]
    with pytest.raises(BadInput, match=words):
        reading.sheet(Source("a.doc", data))


def test_lyrics_in_a_zip_and_in_a_folder_are_one_source_with_their_names(tmp_path):
    (tmp_path / "b.txt").write_text(SONG, encoding="utf-8")
    files = [Source("b.txt", SONG.encode()), Source("l.zip", packed(("a.txt", SONG)))]
    (one,) = bundled(files).sources
    assert one.name == "2 lyric files"
    assert b"l.zip/a.txt" in one.data


def test_histories_that_are_whole_zips_stay_whole_and_other_files_come_beside_them():
    found = brought(
        ("history/audio_1.json", SPOTIFY), ("Userdata.json", "{}"), ("may.csv", TRACKS),
        ("ReadMe.pdf", b"%PDF-1.7"), name="my_data.zip",
    )  # fmt: skip
    assert names(found) == ["my_data.zip/may.csv", "my_data.zip"]  # a catalogue goes first
    assert found.left_out == (
        "my_data.zip/ReadMe.pdf: is a PDF; tables cannot be taken from it reliably",
    )
    when = datetime.datetime(2026, 7, 3, 10, tzinfo=datetime.UTC)
    listens = scrobbles.listenbrainz_zip([scrobbles.Scrobble(when, "Slow Tide", "Nora Vale")])
    assert names(bundled([Source("lb.zip", listens)])) == ["lb.zip"]


def test_files_of_the_same_bytes_are_one_import():
    found = bundled([Source("a.csv", TRACKS.encode()), Source("b.zip", packed(("c.csv", TRACKS)))])
    assert names(found) == ["a.csv"]
    assert found.left_out == ("b.zip/c.csv: the same file as a.csv",)


def linked(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return made


def test_links_are_listed_and_not_followed():
    found = brought((linked("passwords.csv"), "/etc/passwd"), ("a.csv", TRACKS))
    assert names(found) == ["exports.zip/a.csv"]
    assert found.left_out == (
        "exports.zip/passwords.csv: is a link; bring the file that it leads to",
    )


def locked() -> bytes:
    data = bytearray(packed(("a.csv", TRACKS), stored=True))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def lying() -> bytes:
    """Return a zip whose directory says 10 bytes of a file of ten million."""
    data = bytearray(packed(("a.csv", b"0" * 10_000_000)))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return packed(("a.csv", TRACKS), ("a.csv", STREAMS))


HOSTILE = {
    "absolute": (lambda: packed(("/etc/a.csv", TRACKS)), "leads out of it"),
    "drive": (lambda: packed(("C:\\a.csv", TRACKS)), "leads out of it"),
    "parent": (lambda: packed(("x/../../a.csv", TRACKS)), "leads out of it"),
    "parent, as Windows has it": (lambda: packed(("..\\a.csv", TRACKS)), "leads out of it"),
    "locked": (locked, "locked with a password"),
    "lying": (lying, "damaged zip"),
    "twice": (twice, "several files named a.csv"),
    "too many": (lambda: packed(*((f"{n}", "") for n in range(5_001))), "at most 5,000"),
    "a long directory": (lambda: packed(*((f"{n}", "") for n in range(10_001))), "at most 10,000"),
    "cut off": (lambda: packed(("a.csv", TRACKS))[:-30], "damaged zip"),
    "empty": (lambda: packed(("docs/", "")), "holds no files"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_zip_that_means_harm_is_refused_in_words_and_the_others_go_on(what):
    make, words = HOSTILE[what]
    found = bundled([Source("bad.zip", make()), Source("good.csv", STREAMS.encode())])
    assert names(found) == ["good.csv"]
    (line,) = found.left_out
    assert words in line
    assert line.startswith("bad.zip")


def test_a_bomb_is_refused_by_its_directory_and_one_that_lies_while_it_unpacks():
    bomb = Source("bomb.zip", packed(*((f"{n}.csv", b"0" * 1_000_000) for n in range(3))))
    with pytest.raises(BadInput, match="grows beyond 2 MB"):
        archive.heads(bomb, Limits(expanded=2_000_000))
    small = Limits(expanded=2_500_000)
    with zipfile.ZipFile(io.BytesIO(bomb.data)) as opened:
        listed = [one.filename for one in opened.infolist()]
    with pytest.raises(BadInput, match="grows beyond"):
        list(archive.contents(bomb, listed, small))


def test_files_that_are_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr(gathering, "MOST_BYTES", 1_000_000)
    bombs = [(f"{n}.csv.gz", gzip.compress(bytes([48 + n]) * 600_000)) for n in range(2)]
    with pytest.raises(BadInput, match="more than 1 MB together"):
        brought(*bombs)


def test_a_folder_is_searched_to_its_depths_with_the_zips_in_it(tmp_path):
    (tmp_path / "2026" / "may").mkdir(parents=True)
    (tmp_path / ".cache").mkdir()
    (tmp_path / "a.csv").write_text(TRACKS, encoding="utf-8")
    (tmp_path / "2026" / "may" / "a.csv").write_text(STREAMS, encoding="utf-8")
    (tmp_path / "2026" / "all.zip").write_bytes(packed(("b.csv", TRACKS.replace("a1", "a2"))))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no")
    (tmp_path / "cover.png").write_bytes(b"\x89PNG")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = gathered([tmp_path])
    assert sorted(names(found)) == ["2026/all.zip/b.csv", "2026/may/a.csv", "a.csv"]
    assert sorted(found.left_out) == [
        ".cache: a hidden folder",
        "broken.zip is a damaged zip: download it again.",
        "cover.png: is a picture",
        "link.csv: is a link; bring the file that it leads to",
        "loop: is a link; bring the file that it leads to",
    ]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path):
    path, done = tmp_path / "a.csv", threading.Event()
    path.write_bytes(b"title,artist\n" * 1_000_000)

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not done.is_set():
                file.write(b"Tide,Nora\n")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(BadInput, match=r"a.csv changed while it was read"):
            [source.opened(path) for _ in range(100)]
    finally:
        done.set()
        writer.join()


def whole() -> dict[str, bytes]:
    people = "artist_id,name\n" + "".join(f"a{n},Name {n}\n" for n in range(50))
    listed = [{"artist_id": f"a{n}", "name": f"Name {n}"} for n in range(50)]
    book = bringing.workbook([line.split(",") for line in people.splitlines()])
    return {
        "a.zip": packed(("x/a.csv", people), ("b.csv", TRACKS), ("c.csv.gz", STREAMS)),
        "a.xlsx": book,
        "a.json": json.dumps(listed).encode(),
        "a.jsonl": "\n".join(map(json.dumps, listed)).encode(),
        "a.csv.gz": gzip.compress(people.encode()),
    }


@pytest.mark.parametrize("name", whole())
def test_damaged_files_are_read_refused_or_listed_and_every_row_is_counted(tmp_path, name):
    label, good = bringing.empty_label(tmp_path / "label"), whole()[name]
    taken = 0
    for seed in range(60):
        found = bundled([Source(name, adding_up.mutated(good, seed))])
        assert found.sources or found.left_out
        for one in found.sources:
            taken += adding_up.checked(label, one.data, one.name) is not None
    assert taken or name in ("a.zip", "a.csv.gz")  # checksums leave nothing of those


@pytest.fixture
def run(home, tmp_path, capsys):
    assert main(["new", "night-harbour"]) == 0
    capsys.readouterr()

    def said(*words: str) -> tuple[int, str, str]:
        code = main(["import", *words, "--label", "night-harbour"])
        out = capsys.readouterr()
        return code, out.out, out.err

    return said


def test_the_command_line_takes_a_zip_and_lists_what_it_does_not(run, tmp_path):
    path = tmp_path / "exports.zip"
    bad = TRACKS + "t3,=X,a1,maybe,,\n"
    path.write_bytes(
        packed(("x/a.csv", bad), ("s.csv", STREAMS), ("odd.csv", "foo,bar\n1,2\n"), ("e.csv", ""))
    )
    code, out, err = run(str(path), "--rejects", str(tmp_path / "rejects"))
    assert code == 0
    assert "exports.zip/x/a.csv: " in out
    assert "exports.zip/s.csv: " in out
    assert [line.partition(" is ")[0] for line in err.splitlines()] == [
        "left out: exports.zip/odd.csv", "left out: exports.zip/e.csv",
    ]  # fmt: skip
    written = [one.name for one in (tmp_path / "rejects").iterdir()]
    assert written == ["exports.zip - x - a.csv.rejected.csv"]
    label = open_dataset("night-harbour")
    assert (label.table("tracks").height, label.table("daily_streams").height) == (2, 2)


def test_rejected_rows_of_two_files_of_one_name_do_not_meet(run, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        bad = TRACKS + f"{folder},X,a1,maybe,,\n"
        (tmp_path / folder / "a.csv").write_text(bad, encoding="utf-8")
    rejects = tmp_path / "rejects"
    run(str(tmp_path / "one"), str(tmp_path / "two"), "--rejects", str(rejects))
    assert len(list(rejects.iterdir())) == 2


def test_all_questions_of_a_folder_are_printed_at_once_and_answered_by_name(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.csv").write_text(TRACKS, encoding="utf-8")
    files = [(f"{name}.csv", f"date,streams\n2026-07-0{n},5\n") for n, name in enumerate("ab", 3)]
    (tmp_path / "in" / "all.zip").write_bytes(packed(*files))
    assert run(str(tmp_path / "in" / "c.csv"))[0] == 0
    code, out, err = run(str(tmp_path / "in"))
    assert (code, out) == (1, "")
    assert "all.zip/a.csv does not say" in err
    assert "all.zip/b.csv does not say" in err
    answers = ("--answer", "all.zip/a.csv:song=t1", "--answer", "b.csv:song=t2")
    assert run(str(tmp_path / "in"), *answers)[0] == 0
    rows = open_dataset("night-harbour").table("daily_streams").sort("day")
    assert rows["entity_id"].to_list() == ["t1", "t2"]


def test_a_zip_with_a_file_that_has_no_name_is_damaged():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("x"), "a,b\n1,2\n")
    nameless = out.getvalue().replace(b"x", b"\0")
    damaged = Source("x.zip", nameless)
    with pytest.raises(BadInput, match=r"x\.zip is a damaged zip"):
        archive.heads(damaged)
    assert bundled([damaged]).left_out == ("x.zip is a damaged zip: download it again.",)
