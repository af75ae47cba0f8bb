"""Each format as each kind of file: CSV, TSV, text, workbook, packed, zipped; its tables are one.

Exports that are no tables by their nature come as they are, packed and zipped.
"""

import csv
import datetime
import gzip
import io
import json
import re
import zipfile

import bringing
import polars as pl
import pytest
import scrobbles
import xlsxwriter
from polars.testing import assert_frame_equal

from tests.importers import test_ad_managers as ads
from tests.importers import test_apple_music as apple
from tests.importers import test_catalogue_sheet as catalogue
from tests.importers import test_dsr as dsr
from tests.importers import test_events_sheet as events
from tests.importers import test_experiments as experiments
from tests.importers import test_genius_json as genius
from tests.importers import test_lrc as lrc
from tests.importers import test_lyric_tables as lyrics
from tests.importers import test_orders as orders
from tests.importers import test_scrobbles as listens
from tests.importers import test_spotify_artists as artists
from tests.importers import test_spotify_history as history
from tests.importers import test_statements as statements
from tests.importers import test_youtube_studio as youtube
from workbench.dataset import open_dataset
from workbench.importers import formats, gathering, run
from workbench.importers.source import Source

ANSWERS = {
    "artist": "Nora Vale", "from": "2026-06-01", "to": "2026-06-28", "territory": "WW",
    "currency": "EUR", "listener": "ann", "zone": "UTC", "song": "t1", "whose": "Nora Vale",
}  # fmt: skip
# By the module of the format: what it reads, and what its cells are parted by.
TABLES: dict[str, list[tuple[str | bytes, str]]] = {
    "_by_mapping": [("date_week,y,x1,x2\n2018-04-02,10,1,2\n2018-04-09,11,3,4\n", ",")],
    "spotify_artists": [
        (text, ",") for text in (artists.THIRD, artists.SONGS, artists.PLAYLISTS, artists.TIMELINE)
    ],
    "youtube_studio": [(text, ",") for text in (youtube.TABLE, youtube.CHART)],
    "apple_music": [
        (text, ",") for text in (apple.ENGLISH, apple.SONG_DAYS)
    ],
    "scrobbles_table": [
        (write(listens.PLAYS), ",")
        for write in (scrobbles.lastfm_csv, scrobbles.librefm)
    ],
    "own_tables": [(bringing.TRACKS, ","), (bringing.STREAMS, ",")],
    "statements": [
        (statements.DISTROKID, "\t"), (statements.TUNECORE, ","), (statements.CDBABY, "\t"),
        (statements.BELIEVE, ";"), (statements.ORCHARD, ","), (statements.BEATPORT, ","),
        (statements.SYMPHONIC, ","), (orders.BANDCAMP, ","),
    ],
    "shop_orders": [(orders.SHOPIFY, ",")],
    "experiments_sheet": [(experiments.PLAIN, ",")],
    "events_sheet": [(events.PLAIN, ",")],
    "ad_managers": [
        (ads.META, ","), (ads.FRENCH, ";"), (ads.GOOGLE, ","), (ads.TIKTOK, ","),
    ],
    "lyric_tables": [(lyrics.delimited(","), ",")],
    "catalogue_sheet": [(catalogue.SHEET, ",")],
}  # fmt: skip
# Lines and objects that no table has.
OTHERS: dict[str, list[tuple[str, str | bytes]]] = {
    "dsr": [("a.tsv", dsr.SINGLE), ("a.tsv", dsr.BLOCKS)],
    "spotify_history": [("a.json", history.text(history.AUDIO))],
    "listenbrainz": [("a.jsonl", scrobbles.listenbrainz_lines(listens.PLAYS))],
    "scrobbles_json": [
        ("a.json", write(listens.PLAYS))
        for write in (scrobbles.lastfm_json, scrobbles.maloja, scrobbles.pano)
    ],
    "scrobbles_table": [
        (".scrobbler.log", scrobbles.scrobbler_log(listens.PLAYS)),
        ("a.csv", scrobbles.lastfm_bare(listens.PLAYS)),  # has no header
    ],
    "genius_json": [("a.json", json.dumps(genius.body("Leaving") | {"lyrics": genius.WORDS}))],
    "lrc": [("leaving.lrc", lrc.LEAVING)],
    "lyric_texts": [("leaving.txt", "The train pulls out\nand I am crying\n\nEvery window\n")],
}  # fmt: skip
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d*[1-9])?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ONE_FILE = ("file_hash", "source_file")  # say which file a row is from


def rows(text: str | bytes, mark: str) -> list[list[str]]:
    text = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))


def written(cells: list[list[str]], mark: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows(cells)
    return out.getvalue().encode()


def as_excel_has_it(cells: list[list[str]]) -> bytes:
    """Return a workbook in which what looks like a number or a day is one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(cells):
            for place, cell in enumerate(row):
                if DAY.fullmatch(cell):
                    sheet.write_datetime(number, place, datetime.date.fromisoformat(cell), day)
                elif NUMBER.fullmatch(cell):
                    sheet.write_number(number, place, float(cell))
                elif cell:
                    sheet.write_string(number, place, cell)
    return out.getvalue()


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(f"exports/{name}", data)
    return out.getvalue()


def kinds(cells: list[list[str]]) -> dict[str, bytes]:
    table = written(cells, ",")
    return {
        "a.csv": table, "a.tsv": written(cells, "\t"), "a.txt": table.decode().encode("utf-16"),
        "a.xlsx": bringing.workbook(cells), "excel.xlsx": as_excel_has_it(cells),
        "a.csv.gz": gzip.compress(table),
    }  # fmt: skip


def few_kinds(cells: list[list[str]]) -> dict[str, bytes]:
    """Return the kinds in which cells may differ: other bytes, and numbers that are numbers."""
    return {name: kinds(cells)[name] for name in ("a.txt", "excel.xlsx")}


def nested(cells: list[list[str]]) -> dict[str, bytes]:
    table, book = written(cells, ","), bringing.workbook(cells)
    return {
        "semicolons.csv": written(cells, ";"), "a.xlsx.gz": gzip.compress(book),
        "gz.zip": packed("a.csv.gz", gzip.compress(table)), "book.zip": packed("a.xlsx", book),
    }  # fmt: skip


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    made = bringing.empty_label(tmp_path_factory.mktemp("kinds") / "label")
    for text in (artists.CATALOGUE, bringing.TRACKS, "artist_id,name\na1,Ada\n"):
        bringing.brought(open_dataset(str(made.folder)), text)
    return open_dataset(str(made.folder))


def tables(label, name: str, data: str | bytes) -> tuple[str, dict[str, pl.DataFrame]]:
    """Return what a file is recognised as, and the tables that it fills."""
    data = data.encode() if isinstance(data, str) else data
    found = gathering.bundled([Source(name, data)])
    assert found.left_out == ()
    (source,) = found.sources
    planned = run.plan(source, label, answers=ANSWERS, now=bringing.NOW)
    filled = {one.records.rule.name: one.rows.drop(ONE_FILE, strict=False) for one in
              planned.settled}  # fmt: skip
    assert any(frame.height for frame in filled.values())
    return planned.report.title, filled


def same(label, name: str, data: bytes, sure: tuple[str, dict[str, pl.DataFrame]]) -> None:
    title, filled = tables(label, name, data)
    assert (name, title, filled.keys()) == (name, sure[0], sure[1].keys())
    for table, frame in filled.items():
        assert_frame_equal(frame, sure[1][table])


def carried(name: str, data: bytes) -> bytes:
    """Return what the one table that is gathered from these bytes holds."""
    (source,) = gathering.bundled([Source(name, data)]).sources
    return source.unpacked


def test_every_format_is_among_the_samples():
    names = {one.recognised.__module__.rpartition(".")[2] for one in formats.FORMATS}
    # a team's own model is no table: its files are read in test_own_models
    assert {*TABLES, *OTHERS} - {"_by_mapping"} == names - {"formats", "own_models"}


@pytest.mark.parametrize(
    "sample", [pytest.param(s, id=f"{f}-{n}") for f, all_ in TABLES.items() for n, s in
               enumerate(all_)]
)  # fmt: skip
def test_a_table_is_the_same_in_every_kind_of_file(label, sample):
    text, mark = sample
    sure = tables(label, "sure.csv", text)
    # all kinds of the first table of a format; the others are read by the same readers
    first = any(of_format[0] is sample for of_format in TABLES.values())
    for kind, data in (kinds if first else few_kinds)(rows(text, mark)).items():
        same(label, kind, data, sure)
    table = written(rows(text, mark), ",")
    assert carried("a.zip", packed("a.csv", table)) == table


def test_kinds_within_kinds(label):
    sure = tables(label, "sure.csv", bringing.TRACKS)
    for kind, data in nested(rows(bringing.TRACKS, ",")).items():
        same(label, kind, data, sure)


@pytest.mark.parametrize(
    "sample", [pytest.param(s, id=f"{f}-{n}") for f, all_ in OTHERS.items() for n, s in
               enumerate(all_)]
)  # fmt: skip
def test_what_is_no_table_is_the_same_packed_and_zipped(label, sample):
    name, text = sample
    data = text.encode() if isinstance(text, str) else text
    sure = tables(label, name, data)
    same(label, f"{name}.gz", gzip.compress(data), sure)
    same(label, "a.zip", packed(name, data), sure)
    same(label, "a.zip", packed(f"{name}.gz", gzip.compress(data)), sure)
