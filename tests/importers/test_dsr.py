"""DDEX sales reports: usages joined with their context, sets of files, and counts at the end."""

import datetime
import gzip
from decimal import Decimal

import adding_up
import bringing
import dsr_rows as dsr
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import dsr_rejects, gathering, run
from workbench.importers.reading import Source
from workbench.report.export import csv

SHOWN = ("source_row", "statement_period", "sale_start", "sale_end", "store", "territory", "isrc",
         "track_title", "track_artist", "upc", "release_title", "label", "sale_type", "quantity",
         "gross", "net", "currency")  # fmt: skip
ISRC, UPC = "GBAYE2400001", "5012345678900"
JULY = ("2026-07", datetime.date(2026, 7, 1), datetime.date(2026, 7, 31), "Wave")
BLOCKS = dsr.report(
    "#SY02.02\tSummaryRecordId",
    dsr.summary("1", "DE", gross="10.00", net="7.1234"),
    dsr.summary("2", "Worldwide"),
    dsr.release("b1"),
    dsr.resource("b1", "A1", f"{ISRC}|GBAYE2400099", "Slow Tide"),
    dsr.resource("b1", "A2", "GBAYE2400002", "Slow Tide", "Otto \\| Remix"),
    dsr.record("RE02", 6, c1="b1", c2="T2", c5="A2"),
    dsr.record("MW01.01", 16, c1="b1"),
    "",
    dsr.streams("b1", "1", "A1", "1200"),
    dsr.streams("b1", "2", "", "30.0", release="T2"),
    dsr.record("SU01.02", 13, c1="b1", c2="1", c4="R1", c8="5", c9="2", c12="PermanentDownload"),
    blocks=1,
)
SINGLE = dsr.report(
    dsr.summary("1", "DE", net="2.5"),
    dsr.single("1", ISRC, "Slow Tide", "Nora Vale", "12"),
    dsr.single("1", "GBAYE2400002", "Other", "Otto", "7"),
)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("label") / "label")


def lines(planned, *columns: str) -> list[tuple]:
    frame = planned.settled[0].rows
    absent = [pl.lit(None).alias(name) for name in SHOWN if name not in frame.columns]
    return frame.with_columns(absent).sort("source_row").select(columns or SHOWN).rows()


def test_blocks_exactly(label):
    planned = bringing.planned(label, BLOCKS, "anything")
    sold = "SubscriptionModel · OnDemandStream"
    assert lines(planned) == [
        (3, *JULY, "DE", None, None, None, None, None, None, "SubscriptionModel · summary", None,
         Decimal(10), Decimal("7.1234"), "EUR"),
        (11, *JULY, "DE", ISRC, "Slow Tide", "Nora Vale", UPC, "Harbour", "L", sold, 1200, None,
         None, "EUR"),
        (12, *JULY, "WW", "GBAYE2400002", "Slow Tide (Otto | Remix)", "Nora Vale", UPC, "Harbour",
         "L", sold, 30, None, None, "EUR"),
        (13, *JULY, "DE", None, None, None, UPC, "Harbour", "L",
         "SubscriptionModel · PermanentDownload", 3, None, None, "EUR"),
    ]  # fmt: skip
    report = planned.report
    assert "the last record agrees: 14 lines, 2 summaries, 1 blocks" in report.notes
    assert any(note.startswith("revenue: EUR 7.1234 imported") for note in report.notes)
    assert report.unused == ("MW01.01 (1 records)",)
    tracks = planned.settled[1].rows
    assert tracks.sort("isrc")["isrc"].to_list() == [ISRC, "GBAYE2400002"]


def test_a_single_record_a_line_and_packed(label):
    planned = bringing.planned(label, gzip.compress(SINGLE.encode()))
    assert lines(planned, "isrc", "track_artist", "release_title", "quantity", "net") == [
        (None, None, None, None, Decimal("2.5")),
        (ISRC, "Nora Vale", "Harbour", 12, None),
        ("GBAYE2400002", "Otto", "Harbour", 7, None),
    ]
    assert "the last record agrees: 5 lines, 1 summaries" in planned.report.notes


def test_a_report_whose_counts_do_not_agree_is_refused(label):
    text = BLOCKS.replace("FOOT\t14\t14\t2", "FOOT\t16\t16\t3")
    said = "says 16 lines and there are 14; 3 summaries and there are 2. The report is not whole"
    with pytest.raises(BadInput, match=said):
        bringing.planned(label, text)
    usage = next(line for line in SINGLE.splitlines() if line.startswith("SR02"))
    with pytest.raises(BadInput, match="says 5 lines and there are 4"):
        bringing.planned(label, SINGLE.replace(usage + "\n", ""))


def test_a_report_that_was_cut_off_is_refused(label):
    with pytest.raises(BadInput, match="ends without its last record"):
        bringing.planned(label, BLOCKS[: BLOCKS.index("FOOT")])


def test_what_cannot_be_joined_is_rejected_with_its_reason(label):
    text = dsr.report(
        dsr.summary("1", "DE"),
        dsr.resource("b1", "A1", ISRC, "Slow Tide"),
        dsr.streams("b1", "9", "A1", "1"),
        dsr.streams("b1", "1", "A9", "1"),
        "SU02.02\tb1",
        "nonsense",
        dsr.streams("b1", "1", "A1", "1"),
        blocks=1,
    )
    table = bringing.planned(label, text).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (5, 1, 4)
    reasons = dict(table.rejects.select("file_row", "reason").unique("file_row").iter_rows())
    assert reasons[7] == "is no record that a sales report has"
    all_reasons = table.rejects["reason"].to_list()
    assert "names a summary record that the report does not have" in all_reasons
    assert "names a resource that its block does not have" in all_reasons


def test_a_set_of_files_is_read_as_one_and_a_part_of_it_not_at_all(label):
    first = dsr.report(
        dsr.summary("1", "DE", net="7"), dsr.resource("b1", "A1", ISRC, "Slow Tide"),
        dsr.streams("b1", "1", "A1", "1"), start=dsr.head(1, 2), blocks=1,
    )  # fmt: skip
    second = dsr.report(
        dsr.summary("1", "DE", net="7"), dsr.resource("b1", "A1", "GBAYE2400002", "Other"),
        dsr.streams("b1", "1", "A1", "2"), start=dsr.head(2, 2), blocks=1,
    )  # fmt: skip
    # a comment above a HEAD is a line of the file that this HEAD opens
    first, second = (
        "#HEAD\tMessageVersion\n" + text.replace("FOOT\t5\t5", "FOOT\t6\t6")
        for text in (first, second)
    )
    with pytest.raises(BadInput, match="is file 2 of 2 of the message M1; 1 missing"):
        bringing.planned(label, second)
    files = [Source("b.tsv", second.encode()), Source("a.tsv", first.encode()),
             Source("again.tsv", first.encode())]  # fmt: skip
    (source,) = gathering.bundled(files).sources
    planned = run.plan(source, label, now=bringing.NOW)
    assert source.name == "again.tsv and 1 more"
    assert lines(planned, "source_row", "isrc", "quantity", "net") == [
        (3, None, None, Decimal(7)), (5, ISRC, 1, None), (11, "GBAYE2400002", 2, None),
    ]  # fmt: skip
    for place in (1, 2):
        note = f"the last record of file {place} agrees: 6 lines, 1 summaries, 1 blocks"
        assert note in planned.report.notes


def test_versions_that_are_not_known_are_read_and_told(label):
    planned = bringing.planned(label, SINGLE.replace("SR02", "SR02.07"))
    assert len(lines(planned)) == 3
    assert "versions not known here, read like older ones: SR02.07" in planned.report.notes


def test_a_report_is_stored_once_with_its_recordings(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(label, BLOCKS)
    held = open_dataset(str(label.folder))
    assert (held.table("statements").height, held.table("tracks").height) == (4, 2)
    assert bringing.brought(held, BLOCKS).unchanged


TEXT = st.text("abcdefghijæß |\\'\"#", min_size=1, max_size=10).map(lambda t: f"x{t}y")
USAGES = st.lists(
    st.tuples(st.integers(0, 99_999), TEXT, TEXT, st.integers(0, 10**9), st.sampled_from("12")),
    min_size=1, max_size=8,
)  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(usages=USAGES, one_line=st.booleans())
def test_generated_reports_come_back_exactly(label, usages, one_line):
    records = [dsr.summary("1", "DE"), dsr.summary("2", "US")]
    for n, (code, title, artist, count, of) in enumerate(usages):
        isrc = f"GBAYE24{code:05d}"
        if one_line:
            records.append(dsr.single(of, isrc, escaped(title), escaped(artist), str(count)))
        else:
            records.append(dsr.resource(f"b{n}", "A", isrc, escaped(title),
                                        artist=escaped(artist)))  # fmt: skip
            records.append(dsr.streams(f"b{n}", of, "A", str(count)))
    text = dsr.report(*records, blocks=0 if one_line else len(usages))
    planned = bringing.planned(label, text, dry_run=True)
    table = planned.report.tables[0]
    assert (table.read, table.rejected) == (len(usages), 0)
    found = lines(planned, "isrc", "track_title", "track_artist", "quantity", "territory")
    assert found == [
        (f"GBAYE24{code:05d}", title, artist, count, {"1": "DE", "2": "US"}[of])
        for code, title, artist, count, of in usages
    ]
    assert any("the last record agrees" in note for note in planned.report.notes)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.sampled_from([BLOCKS, SINGLE]), seed=st.integers(0, 10**6))
def test_counts_add_up_for_every_damaged_report(label, text, seed):
    data = adding_up.mutated(text.encode(), seed)
    adding_up.checked(label, data, "f.tsv", answers={"currency": "EUR"})


def test_rejected_lines_are_corrected_and_brought_again(label):
    text = dsr.report(
        dsr.summary("1", "DE", net="2.5"),
        dsr.resource("b1", "A1", ISRC, "Slow Tide"),
        dsr.streams("b1", "1", "A1", "7"),
        dsr.streams("b1", "1", "A9", "5"),
        dsr.streams("b1", "9", "A1", "3"),
        "nonsense",
        blocks=1,
    )
    planned = bringing.planned(label, text, "july.tsv")
    run.store([planned], label)
    table = planned.rejected_rows
    assert (set(table["start"]), table.height) == ({None, "2026-07-01"}, 3)
    # as they are, they are refused again, and told what is missing
    again = open_dataset(str(label.folder))
    same = bringing.planned(again, csv(table), "july.rejected.csv")
    assert (same.rows, same.report.rejected) == (0, 3)
    reasons = set(same.report.tables[0].rejects["reason"])
    assert {dsr_rejects.NO_RECORDING, dsr_rejects.NO_SUMMARY} <= reasons
    lost, alone, _ = table.rows(named=True)
    lost |= {"isrc": "GBAYE2400009", "title": "Paper Moon", "artist": "Nora Vale"}
    alone |= {"territory": "FR", "currency": "EUR"}
    mended = pl.DataFrame([lost, alone], table.schema)
    for data in (csv(mended), bringing.workbook([mended.columns, *map(list, mended.rows())])):
        planned = bringing.planned(again, data, "mended")
        assert planned.report.title == "DDEX sales report (DSR, Basic Audio)"
        rows = planned.settled[0].rows.select(
            "store", "statement_period", "territory", "isrc", "track_title", "quantity", "currency"
        )
        assert rows.rows() == [
            ("Wave", "2026-07", "DE", "GBAYE2400009", "Paper Moon", 5, "EUR"),
            ("Wave", "2026-07", "FR", ISRC, "Slow Tide", 3, "EUR"),
        ]
    mixed = mended.with_columns(start=pl.Series(["2026-06-01", "2026-07-01"]))
    with pytest.raises(BadInput, match="Fill them in as they were"):
        bringing.planned(again, csv(mixed), "mixed.csv")
