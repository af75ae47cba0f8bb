"""Whatever a file holds: an answer, a clear refusal, and nothing written on an error.

Zips and folders: test_containers.py. Sheets of workbooks: test_workbook.py.
"""

import datetime
import gzip
import io
import random

import adding_up
import bringing
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bringing import STREAMS, TRACKS

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import reading, source
from workbench.importers.sheet import Limits
from workbench.importers.source import Source
from workbench.report.export import csv


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


REFUSED = {
    "empty": (b"", "is empty"),
    "only blanks": (b"\n \n\t\n", "is empty"),
    "only a mark": (b"\xef\xbb\xbf", "is empty"),
    "only a header": (b"track_id,title,artist_id,status\n", "no rows"),
    "duplicate headers": (b"track_id,title,title,artist_id,status\na,b,c,d,e\n", "stand twice"),
    "empty header": (b",,,\n1,2,3,4\n", "no header"),
    "unknown columns": (b"foo,bar\n1,2\n", "not recognised"),
    "web page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old .xls"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "zip"),
    "broken spreadsheet": (b"PK\x03\x04[Content_Types].xml...", "no readable spreadsheet"),
    "forged parquet": (b"PAR1" + b"\xff" * 200 + b"PAR1", "no readable Parquet"),
    "cut parquet": (parquet(pl.DataFrame({"a": range(1000)}))[:-20], "no readable Parquet"),
    "cut gzip": (gzip.compress(TRACKS.encode() * 50)[:60], "ends in the middle"),
    "damaged gzip": (b"\x1f\x8b\x08\x00" + b"junk" * 20, "damaged gzip"),
    "packed twice": (gzip.compress(gzip.compress(TRACKS.encode())), "packed twice"),
    "deep json": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "no row could be read of it"),
    "nested list": (b"[" * 10_000 + b"]" * 10_000, "could be read .line 1: nested too deep"),
    "nested objects in a list": (b'[{"a":' * 10_000 + b"1", "JSON is damaged or cut off here"),
    "cut json object": (b'{"artist_id": "a1", "na', "no row could be read of it: is no JSON"),
    "one json object": (b'{\n "artist_id": "a1",\n "name": "A"\n}', "one JSON object over several"),
    "empty json list": (b"[]", "is JSON, and no row could be read of it."),
    "tar": (b"a.csv".ljust(257, b"\0") + b"ustar".ljust(255, b"\0"), "a .tar archive: unpack it"),
    "rar": (b"Rar!\x1a\x07\x01\0", "a .rar archive: unpack it"),
    "wrong delimiter": (TRACKS.replace(",", "~").encode(), r"its columns .track_id~title"),
    "json list of lists": (b"[[1, 2], [3, 4]]", "no row could be read of it: is no JSON object"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_holds_no_table_is_refused_in_words_and_leaves_nothing(label, what):
    data, words = REFUSED[what]
    before = sorted(path for path in label.folder.rglob("*"))
    with pytest.raises(BadInput, match=words):
        bringing.brought(label, data)
    assert sorted(path for path in label.folder.rglob("*")) == before
    assert open_dataset(str(label.folder)).manifest == label.manifest


@pytest.mark.parametrize(
    ("limits", "data", "words"),
    [
        (Limits(rows=2), "a,b\n1,2\n3,4\n5,6\n", "at most 2 are read"),
        (Limits(columns=2), "a,b,c\n1,2,3\n", "at most 2 are read"),
        (Limits(bytes=5), "a,b\n1,2\n", "larger than"),
        (Limits(expanded=5_000), parquet(pl.DataFrame({"a": ["x"] * 100_000})), "unpacked"),
        (Limits(rows=10), parquet(pl.DataFrame({"a": range(11)})), "at most 10"),
        (Limits(expanded=2_000), bringing.workbook([["a"], ["b" * 30_000]]), "unpacked"),
        (Limits(rows=2), '{"a": 1}\n{"a": 2}\n{"a": 3}', "at most 2"),
        (Limits(columns=1), '{"a": 1, "b": 2}', "more than 1"),
    ],
)
def test_limits_hold_before_a_file_is_read(limits, data, words):
    source = Source("big", data.encode() if isinstance(data, str) else data)
    with pytest.raises(BadInput, match=words):
        reading.sheet(source, limits=limits)


def test_a_small_file_that_unpacks_to_a_giant_is_refused_before_it_fills_the_memory():
    cut = Source("cut.gz", gzip.compress(TRACKS.encode() * 50)[:60])
    refusals = []
    for _ in range(2):  # each format asks, and each would unpack it again
        with pytest.raises(BadInput, match="ends in the middle") as refused:
            _ = cut.unpacked
        refusals.append(refused.value)
    assert refusals[0] is refusals[1]
    bomb = gzip.compress(b"0" * 50_000_000, 9)
    assert len(bomb) < 100_000
    with pytest.raises(BadInput, match="grows beyond"):
        source._gunzipped(bomb, "bomb.csv.gz", Limits(expanded=10_000_000))


def test_a_file_too_large_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # a hole: nothing is written and nothing may be read
    with pytest.raises(BadInput, match="Split it"):
        source.opened(path)


def test_what_is_no_file_is_said(tmp_path):
    with pytest.raises(BadInput, match="is not a file"):
        source.opened(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("name", ["plays.parquet", "book.xlsx", "noise.csv"])
@pytest.mark.parametrize("seed", range(5))
def test_bytes_that_are_no_text_are_refused_and_not_shown(label, name, seed):
    noise = random.Random(seed).randbytes(3_000)
    with pytest.raises(BadInput, match=f"{name} is neither text nor") as told:
        bringing.planned(label, b"x" + noise, name)
    assert str(told.value).isprintable()


def test_a_zero_byte_in_the_header_is_no_header(label):
    with pytest.raises(BadInput, match="neither text nor"):
        bringing.planned(label, "artist_id,na\0me\n" + "a1,Fine\n" * 50)


ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "latin-1": "latin-1",
    "cp1252": "cp1252",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_are_found_out(label, encoding):
    text = "artist_id,name\na1,Beyoncé\na2,Sigur Rós\na3,Motörhead\n"
    report = bringing.brought(label, text.encode(encoding))
    assert report.tables[0].accepted == 3
    names = open_dataset(str(label.folder)).table("artists")["name"].to_list()
    assert names == ["Beyoncé", "Sigur Rós", "Motörhead"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(label, delimiter, end):
    text = TRACKS.replace(",", delimiter).replace("\n", end)
    report = bringing.planned(label, text).report
    assert (report.tables[0].read, report.tables[0].accepted) == (2, 2)


def test_the_kind_shows_in_the_bytes_and_not_in_the_name(label):
    rows = [line.split(",") for line in TRACKS.splitlines()]
    report = bringing.planned(label, bringing.workbook(rows), "export.csv").report
    assert report.tables[0].accepted == 2
    assert "it is a spreadsheet" in report.notes[0]
    assert bringing.planned(label, gzip.compress(TRACKS.encode()), "x").report.tables[0].read == 2


def test_ragged_rows_are_refused_one_by_one_with_their_place(label):
    text = (
        TRACKS
        + "t3,Too,few\n\nt4,Fine,a1,released,,\nt5,a,b,released,,,surplus\nt6,B,a1,demo,,,,\n"
    )
    table = bringing.planned(label, text).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (6, 4, 2)
    assert table.rejects.rows() == [
        (4, "", "has 3 cells where the header has 6"),
        (7, "", "has 7 cells where the header has 6"),
    ]


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_stray_quote_costs_one_row_and_not_those_below_it(label, place):
    good = [f'a{n},"Name, {n}"' for n in range(6)]
    bad = 'ax,"never closed'
    at = {"first": 0, "middle": 3, "last": 6}[place]
    text = "\n".join(["artist_id,name", *good[:at], bad, *good[at:]]) + "\n"
    table = bringing.planned(label, text).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (7, 6, 1)
    assert table.rejects.rows() == [(at + 2, "", "has quotes that do not match")]


def test_a_file_full_of_stray_quotes_is_refused_with_advice(label):
    text = "artist_id,name\n" + "".join(f'{n},"x" y\n' for n in range(300))
    with pytest.raises(BadInput, match="quotes = false"):
        bringing.planned(label, text)


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends(label):
    report = bringing.brought(label, 'artist_id,name\na1,"Tyler, ""The"" Creator\nII"\n')
    assert report.tables[0].accepted == 1
    names = open_dataset(str(label.folder)).table("artists")["name"]
    assert names.to_list() == ['Tyler, "The" Creator\nII']


def test_zero_bytes_cost_their_row(label):
    table = bringing.planned(label, "artist_id,name\na1,A\0B\na2,Fine\n").report.tables[0]
    assert (table.accepted, table.rejected) == (1, 1)
    assert "zero byte" in table.rejects["reason"][0]


def test_leading_zeros_stay(label):
    text = "track_id,title,artist_id,status,upc\n0042,007,00,released,0724384960650\n"
    bringing.brought(label, text)
    row = open_dataset(str(label.folder)).table("tracks").row(0, named=True)
    assert (row["track_id"], row["title"], row["upc"]) == ("0042", "007", "0724384960650")


def test_formulas_and_markup_are_letters_like_any_others(label):
    text = 'artist_id,name\na1,"=HYPERLINK(""http://x"")"\na2,<script>alert(1)</script>\n'
    bringing.brought(label, text)
    names = open_dataset(str(label.folder)).table("artists")["name"].to_list()
    assert names == ['=HYPERLINK("http://x")', "<script>alert(1)</script>"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("1970-01-01", "a clock that was never set"),
        ("2026-12-24", "lies in the future"),
        ("03/04/2026", "can be read in two ways"),
        ("2026-02-30", "is no date"),
        ("0000-01-01", "is no date"),
        ("2026-05", "is a year or month"),
        ("", "is missing"),
    ],
)
def test_days_on_which_nothing_can_have_happened_are_refused(label, day, reason):
    text = STREAMS + f"track,t1,{day},US,spotify,5\n"
    table = bringing.planned(label, text).report.tables[0]
    assert (table.accepted, table.rejected) == (2, 1)
    assert reason in table.rejects["reason"][0]
    assert table.rejects.row(0)[:2] == (4, "day")


def test_not_a_number_is_nothing_and_not_zero(label):
    text = STREAMS + "track,t1,2026-07-05,US,spotify,NaN\n"
    bringing.brought(label, text)
    assert open_dataset(str(label.folder)).table("daily_streams")["streams"].to_list() == [
        1200,
        1300,
        None,
    ]


def test_a_parquet_file_of_our_own_columns_comes_in_whole(label):
    frame = pl.DataFrame({"artist_id": ["a1"], "name": ["A"], "genres": [["pop", "a, b"]]})
    report = bringing.brought(label, parquet(frame), "artists.parquet")
    assert report.tables[0].accepted == 1
    row = open_dataset(str(label.folder)).table("artists").row(0, named=True)
    assert row["genres"] == ["pop", "a, b"]


def test_a_parquet_file_with_two_columns_of_one_name_is_refused(label):
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["name", "name"])
    out = io.BytesIO()
    pq.write_table(table, out)
    with pytest.raises(BadInput, match="stand twice"):
        bringing.planned(label, out.getvalue())


def test_damaged_parquet_files_are_refused_or_read_but_never_crash(label):
    good = parquet(pl.DataFrame({"artist_id": [f"a{n}" for n in range(200)], "name": ["x"] * 200}))
    draw, refused = random.Random(7), 0
    for _ in range(150):
        bad = bytearray(good)
        for _ in range(draw.randint(1, 8)):
            bad[draw.randrange(len(bad))] = draw.randrange(256)
        try:
            table = bringing.planned(label, bytes(bad)).report.tables[0]
        except BadInput:
            refused += 1
        else:
            assert table.read == table.accepted + table.repaired + table.rejected
    assert refused > 50


def test_times_of_a_parquet_file_keep_their_zone_and_other_types_do_no_harm(label):
    noon = datetime.datetime(2026, 7, 3, 12)  # noqa: DTZ001 - the zone comes with the column
    frame = pl.DataFrame(
        {
            "listener_id": ["ann"],
            "track_id": ["t1"],
            "source": ["search"],
            "played_at": pl.Series([noon]).dt.replace_time_zone("Europe/Berlin"),
            "how long": [datetime.timedelta(seconds=30)],
            "clock": [datetime.time(12, 30)],
            "picture": [b"\xff\xfe"],
            "more": [{"a": 1}],
        }
    )
    bringing.brought(label, parquet(frame))
    plays = open_dataset(str(label.folder), rows=True).table("plays")
    assert plays["played_at"].to_list() == [noon.replace(hour=10, tzinfo=datetime.UTC)]


def test_half_a_letter_in_a_json_line_costs_the_line(label):
    lines = '{"artist_id":"a1","name":"Ada"}\n{"artist_id":"a2","name":"\\ud800"}\n'
    table = bringing.planned(label, lines, "artists.jsonl").report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (2, 1, 1)


def test_a_list_of_json_objects_is_a_table_and_a_cut_one_is_read_as_far_as_it_goes(label):
    text = '[\n{"artist_id": "a1", "name": "Ada"},\n{"artist_id": "a2", "name": "Bo"}\n]'
    table = bringing.planned(label, text, "artists.json").report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (2, 2, 0)
    bringing.brought(label, text[:60], "artists.json")
    assert open_dataset(str(label.folder)).table("artists").rows(named=True)[0]["name"] == "Ada"
    table = bringing.planned(label, text[:60], "artists.json").report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (2, 1, 1)
    (reason,) = table.rejects["reason"]
    assert reason.startswith("the JSON is damaged or cut off here, and nothing below could be read")
    assert "(line 3: " in reason


def test_items_of_a_json_list_that_are_no_objects_cost_their_row(label):
    text = '[{"artist_id": "a1", "name": "Ada"}, 7, {"artist_id": "a2", "artist_id": "a3"}, []]'
    table = bringing.planned(label, text, "artists.json").report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (4, 1, 3)
    assert table.rejects["file_row"].to_list() == [2, 3, 4]


@pytest.mark.parametrize("depth", [21, 500, 10_000])
def test_a_deep_place_in_json_costs_its_row_or_what_is_below_it(label, depth):
    deep = '{"artist_id":' * depth + "1" + "}" * depth
    good = '{"artist_id": "a1", "name": "Ada"}'
    lines = bringing.planned(label, f"{good}\n{deep}\n{good}\n", "a.jsonl").report.tables[0]
    assert (lines.read, lines.rejected) == (3, 1)
    listed = bringing.planned(label, f"[{good},{deep},{good}]", "a.json").report.tables[0]
    assert listed.rejected == 1
    assert listed.accepted in (1, 2)


@pytest.mark.parametrize(
    ("cells", "numbers", "refused"),
    [
        (("1.234,56", "12,5", "(4,10)", "- 5", "007"), (1234.56, 12.5, -4.1, -5, 7), ()),
        (("1,234.56", "12.5", "(4.10)", "€ 5", "1'234.50"), (1234.56, 12.5, -4.1, 5, 1234.5), ()),
        (("1.234", "12.5", "0.5"), (1.234, 12.5, 0.5), ()),
        (("1,234", "12.5"), (12.5,), (2,)),
        (("1.234", "1.234,56", "12"), (1234.56, 12), (2,)),
        (("1e400", "1.2.3", "NaN", "5"), (5,), (2, 3, 4)),
    ],
)
def test_numbers_are_read_as_a_column_writes_them_and_never_guessed(label, cells, numbers, refused):
    header = "campaign_id;channel;day;territory;spend;currency;days\n"
    text = header + "".join(f"c{n};meta;2026-07-03;DE;{c};EUR;1\n" for n, c in enumerate(cells))
    planned = bringing.planned(label, text)
    assert planned.settled[0].rows["spend"].cast(float).to_list() == list(numbers)
    assert tuple(planned.report.tables[0].rejects["file_row"]) == refused


def test_days_in_three_forms_are_the_same_day(label):
    days = ("2026-07-03", "2026/07/03", "3.7.2026", "July 3, 2026", "3 Jul 2026", "20260703")
    text = "entity,entity_id,day,territory,store,streams\n" + "".join(
        f'track,t{n},"{day}",US,spotify,5\n' for n, day in enumerate(days)
    )
    bringing.brought(label, text)
    rows = open_dataset(str(label.folder)).table("daily_streams")
    assert set(rows["day"]) == {datetime.date(2026, 7, 3)}


def test_headers_in_any_letters_are_read_and_named(label):
    with pytest.raises(BadInput, match="Künstler, タイトル, Дата"):
        bringing.planned(label, "Künstler;タイトル;Дата\na;b;c\n".encode())


def test_a_row_that_was_cut_off_at_the_end_is_refused(label):
    table = bringing.planned(label, TRACKS + "t3,Thi").report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (3, 2, 1)


@pytest.mark.parametrize("nested", [False, True])
def test_a_parquet_that_says_one_long_text_many_times_is_refused_unread(label, nested):
    times = 100_000
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), ["x" * 100_000])
    column = pa.ListArray.from_arrays(range(times + 1), texts) if nested else texts
    out = io.BytesIO()
    pq.write_table(pa.table({"artist_id": column}), out, store_schema=False)
    assert len(out.getvalue()) < 500_000
    with pytest.raises(BadInput, match="grows to 10,000 MB when unpacked"):
        bringing.planned(label, out.getvalue())


def test_a_parquet_of_more_cells_than_are_read_is_refused(label):
    rows = {f"c{n}": pl.repeat(0, 2_000_000, dtype=pl.Int8, eager=True) for n in range(101)}
    with pytest.raises(BadInput, match="more than 200,000,000 cells"):
        bringing.planned(label, parquet(pl.DataFrame(rows)))


@pytest.mark.parametrize("said", [1, 199, 201, 1 << 20])
def test_a_parquet_whose_footer_lies_about_its_rows_is_refused_or_read_in_part(label, said):
    good = parquet(pl.DataFrame({"artist_id": [f"a{n:03}" for n in range(200)], "name": "x"}))
    told, lie = varint(200 << 1), varint(said << 1)
    at = good.rindex(told, 0, -8)
    bad = good[:at] + lie + good[at + len(told) :]
    size = int.from_bytes(good[-8:-4], "little") + len(lie) - len(told)
    bad = bad[:-8] + size.to_bytes(4, "little") + b"PAR1"
    try:
        table = bringing.planned(label, bad).report.tables[0]
    except BadInput:
        return
    assert table.read == table.accepted + table.rejected


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def test_cells_that_look_like_formulas_come_back_from_our_file_of_rejects_as_they_were(label):
    rows = ("=1+1", "-5", "+49 30", "@home", "＝1", "-", "plain", "'quoted'")
    text = "artist_id,name,country\n" + "".join(f'a{n},"{c}",xyz\n' for n, c in enumerate(rows))
    planned = bringing.planned(label, text)
    written = csv(planned.rejected_rows).decode()
    for line in written.splitlines()[1:]:
        assert not line.split(",")[3].lstrip('"').startswith(("=", "+", "@", "＝", "-5"))
    bringing.brought(label, written.replace("xyz", "DE"), "corrected.csv")
    names = open_dataset(str(label.folder)).table("artists").sort("artist_id")["name"]
    assert names.to_list() == list(rows)


def test_the_same_file_twice_and_a_corrected_one(label):
    assert not bringing.brought(label, STREAMS).unchanged
    here = open_dataset(str(label.folder))
    assert bringing.brought(here, STREAMS).unchanged
    assert bringing.brought(here, gzip.compress(STREAMS.encode()), "a.gz").tables[0].replaced == 2
    corrected = STREAMS.replace("1300", "1350")
    assert bringing.brought(open_dataset(str(label.folder)), corrected).tables[0].replaced == 2
    rows = open_dataset(str(label.folder)).table("daily_streams")
    assert rows["streams"].to_list() == [1200, 1350]


@pytest.mark.parametrize(
    "deep", ['{"a":' * 10_000 + "1" + "}" * 10_000, "[" * 10_000 + "]" * 10_000]
)
def test_a_history_with_a_deep_place_is_read_or_refused_but_never_hangs(label, deep):
    row = (
        '{"ts": "2026-07-03T10:03:20Z", "ms_played": 200000, "master_metadata_track_name": "Tide", '
        '"master_metadata_album_artist_name": "Nora", "more": %s}'
    )
    text = f"[{row % 1}, {row % deep}, {row % 2}]"
    report = adding_up.checked(label, text.encode(), "a.json", answers={"listener": "ann"})
    assert report is None or report.tables[0].rejected == 1
