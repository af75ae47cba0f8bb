"""Statements of each distributor: exact lines, totals that agree, and the recordings named."""

import datetime
from decimal import Decimal

import bringing
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import preview

JULY = (datetime.date(2026, 7, 1), datetime.date(2026, 7, 31))
SHOWN = (
    "statement_period", "sale_start", "sale_end", "store", "territory", "isrc", "track_title",
    "track_artist", "upc", "release_title", "sale_type", "quantity", "gross", "net", "currency",
)  # fmt: skip
ISRC, UPC = "GBAYE2400001", "5012345678900"


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder), rows=True)


def lines(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


DISTROKID = lines(
    "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\t"
    "Song/Album\tCountry of Sale\tSongwriter Royalties Withheld\tEarnings (USD)",
    f"2026-09-15\t2026-07\tSpotify\tNora Vale\tSlow Tide\t{ISRC}\t{UPC}\t1200\t100\tSong\tUS\t0\t"
    "4.2012345678",
    f"2026-09-15\t2026-07\tiTunes\tNora Vale\tHarbour\t\t{UPC}\t0\t100\tAlbum\tDE\t0\t-6.5",
)
TUNECORE = lines(
    "Sales Period,Posted Date,Store Name,Country Of Sale,Artist,Release Type,Release Title,"
    "Song Title,Label,UPC,Optional UPC,TC Song ID,Optional ISRC,Sales Type,# Units Sold,"
    "Per Unit Price,Net Sales,Net Sales Currency,Exchange Rate,Total Earned,Currency",
    f'2026-07-01,2026-09-15,Spotify,us,Nora Vale,Single,Harbour,Slow Tide,L,{UPC},,9,{ISRC},'
    'Streaming,"1,200",0.0035,3.9,EUR,1.0772,4.2012,USD',
)  # fmt: skip
CDBABY = lines(
    "Report Date\tSales Date\tQuantity\tPrice\tSubtotal\tIsrc\tBarcode\tCDBabySku\tAlbum Name\t"
    "Artist Name\tTrack Name\tPartner Name\tTransaction Type\tDelivery Country",
    f"9/15/2026 12:00:00 AM\t7/31/2026 12:00:00 AM\t3\t0.99\t2.97\t{ISRC.lower()}\t"
    f'"{UPC}"\tSKU1\tHarbour\tNora Vale\tSlow Tide\tiTunes\tDownload\tUnited Kingdom',
)
BELIEVE = "\n".join(
    [
        "Sales report July 2026;;",
        "Total payable;EUR;1.234,51",
        "Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;"
        "Release title;Track title;UPC;ISRC;Release Catalog nb;Streaming Subscription Type;"
        "Release type;Sales Type;Quantity;Client Payment Currency;Unit Price;Mechanical Fee;"
        "Gross Revenue;Client share rate;Net Revenue",
        f"2026/09/01;2026/07/01;Spotify;France;L;Nora Vale;Harbour;Slow Tide;{UPC};{ISRC};C1;"
        "Premium;Single;Stream;1.200;EUR;0,0042;0;5,04;70;1.234,5042",
        f"2026/09/01;2026/07/01;Deezer;Germany;L;Nora Vale;Harbour;Slow Tide;{UPC};{ISRC};C1;"
        "Premium;Single;Stream;10;EUR;0,0042;0;0,05;70;(0,0042)",
        "Rounding Adjustment" + ";" * 20 + "0,01",
        "Total" + ";" * 14 + "1210" + ";" * 6 + "1.234,51",
    ]
)
ORCHARD = lines(
    "STATEMENT PERIOD,TRANSACTION DATE,ACCOUNT NAME,LABEL IMPRINT,PRODUCT ARTIST,PRODUCT,"
    "DISPLAY UPC,TRACK ARTIST,TRACK,TRACK VERSION,ISRC,STORE,SALE COUNTRY,SERVICE DETAIL,"
    "TRANSACTION TYPE,TRANSACTION SUBTYPE,QUANTITY,SALE CURRENCY,GROSS REVENUE SALE CURRENCY,"
    "ACCOUNT CURRENCY,GROSS REVENUE ACCOUNT CURRENCY,NET SHARE ACCOUNT CURRENCY",
    f"September 2026,2026-07-03,A,L,Nora Vale,Harbour,{UPC},Nora Vale,Slow Tide,Otto Remix,{ISRC},"
    "Spotify,GB,,Stream,Paid,7,GBP,0.05,EUR,0.06,0.042",
)
BEATPORT = lines(
    "PRODUCT_UPC,PRODUCT_CATALOGUE_NUMBER,TRACK_ISRC_CODE,LABEL,RELEASE,TRACK_TITLE,TRACK_ARTIST,"
    "REMIXER_NAME,REMIX,TERRITORY,PURCHASE_STATUS,FORMAT,DELIVERY,TRANSACTION_DATE,CONTENT_TYPE,"
    "TRACK_COUNT,GROSS_CONTENT_REVENUE,PAID_PRICE,NET_CONTENT_REVENUE",
    f"{UPC},C1,{ISRC},L,Harbour,Slow Tide,Nora Vale,,Original Mix,GBR,paid,WAV,download,"
    "2026-07-03,track,1,1.69,1.69,0.9",
)
SYMPHONIC = lines(
    "Reporting Period,Label,Track Title,Artist,ISRC Code,Digital Service Provider,Territory,Count,"
    "Royalty ($US)",
    f"JUL-26,L,Slow Tide,Nora Vale,{ISRC},Spotify,USA,12,0.0421",
)
DAY = datetime.date(2026, 7, 3)
SONG = (ISRC, "Slow Tide", "Nora Vale", UPC)
EXACT = {
    "DistroKid": (DISTROKID, {}, [
        ("2026-09", *JULY, "Spotify", "US", *SONG, None, "Song", 1200, None, "4.2012345678", "USD"),
        ("2026-09", *JULY, "iTunes", "DE", None, None, "Nora Vale", UPC, "Harbour", "Album", 0,
         None, "-6.5", "USD"),
    ]),
    "TuneCore": (TUNECORE, {}, [
        ("2026-09", *JULY, "Spotify", "US", *SONG, "Harbour", "Streaming", 1200, None, "4.2012",
         "USD"),
    ]),
    "CD Baby": (CDBABY, {}, [
        ("2026-09", JULY[1], JULY[1], "iTunes", "GB", *SONG, "Harbour", "Download", 3, None,
         "2.97", "USD"),
    ]),
    "Believe": (BELIEVE, {}, [
        ("2026-09", *JULY, "Spotify", "FR", *SONG, "Harbour", "Stream", 1200, "5.04", "1234.5042",
         "EUR"),
        ("2026-09", *JULY, "Deezer", "DE", *SONG, "Harbour", "Stream", 10, "0.05", "-0.0042",
         "EUR"),
        (*[None] * 10, "adjustment", None, None, "0.01", "EUR"),
    ]),
    "The Orchard": (ORCHARD, {}, [
        ("2026-09", DAY, DAY, "Spotify", "GB", ISRC, "Slow Tide (Otto Remix)", "Nora Vale", UPC,
         "Harbour", "Stream", 7, "0.06", "0.042", "EUR"),
    ]),
    "Beatport": (BEATPORT, {"currency": "EUR"}, [
        (None, DAY, DAY, "beatport", "GB", ISRC, "Slow Tide (Original Mix)", "Nora Vale", UPC,
         "Harbour", "download", None, "1.69", "0.9", "EUR"),
    ]),
    "Symphonic": (SYMPHONIC, {}, [
        ("2026-07", *JULY, "Spotify", "US", ISRC, "Slow Tide", "Nora Vale", None, None, None, 12,
         None, "0.0421", "USD"),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_each_distributor_exactly(label, name):
    text, answers, expected = EXACT[name]
    planned = bringing.planned(label, text, "renamed.bin", answers=answers)
    assert planned.report.title.startswith(name)
    rows = planned.settled[0].rows.sort("source_row")
    found = rows.with_columns(
        pl.lit(None, pl.String).alias(c) for c in SHOWN if c not in rows.columns
    ).select(SHOWN)
    money = [i for i, column in enumerate(SHOWN) if column in ("gross", "net")]
    assert found.rows() == [
        tuple(Decimal(v) if v and i in money else v for i, v in enumerate(row)) for row in expected
    ]
    assert rows["source_file"].unique().to_list() == ["renamed.bin"]
    recorded = {one.records.rule.name: one.rows for one in planned.settled}
    assert recorded["tracks"]["isrc"].to_list() == [ISRC]
    assert recorded["artists"]["name"].to_list() == ["Nora Vale"]


def test_what_is_imported_is_held_against_the_total_of_the_file(label):
    notes = bringing.planned(label, BELIEVE).report.notes
    assert "net amounts: EUR 1,234.51 imported, as the file itself says" in notes
    assert "1 row of totals passed over" in notes
    less = bringing.planned(label, BELIEVE.replace("1.234,5042", "lost")).report
    assert less.tables[0].rejected == 1
    assert any("1,234.51: 1,234.5042 too little; look at" in note for note in less.notes)
    rounded = bringing.planned(label, BELIEVE.replace("5042", "5093").replace("0,01", "0,00"))
    assert any(
        n.endswith("as the file itself says, rounded: 1,234.51") for n in rounded.report.notes
    )


def test_a_total_row_that_is_too_short_is_no_rejected_row(label):
    planned = bringing.planned(label, DISTROKID + "Total\t-2.30\n")
    assert planned.report.rejected == 0
    assert any("USD -2.2987654322 imported" in n and "rounded: -2.3" in n
               for n in planned.report.notes)  # fmt: skip


def test_a_song_called_total_is_a_song(label):
    planned = bringing.planned(label, SYMPHONIC.replace("Slow Tide", "Total"))
    assert planned.settled[0].rows["track_title"].to_list() == ["Total"]


def test_nothing_is_invented_and_what_is_not_taken_is_told(label):
    report = bringing.planned(label, DISTROKID).report
    assert report.unused == ("Team Percentage", "Songwriter Royalties Withheld")
    odd = bringing.planned(label, DISTROKID.replace("\tUS\t", "\tElbonia\t")).report
    assert any("“Elbonia”" in note for note in odd.notes)
    assert odd.tables[0].rejected == 0


def test_a_currency_that_no_column_states_is_asked_for(label):
    with pytest.raises(BadInput, match="In which currency"):
        bringing.planned(label, BEATPORT)


def test_a_statement_can_be_a_spreadsheet_or_utf_16(label):
    rows = [line.split(";") for line in BELIEVE.splitlines()]
    from_book = bringing.planned(label, bringing.workbook(rows), "believe.xlsx")
    from_wide = bringing.planned(label, BELIEVE.encode("utf-16"))
    expected = bringing.planned(label, BELIEVE).settled[0].rows
    for planned in (from_book, from_wide):
        assert (
            planned.settled[0]
            .rows.drop("file_hash", "source_file")
            .equals(expected.drop("file_hash", "source_file"))
        )
        assert "net amounts: EUR 1,234.51 imported, as the file itself says" in planned.report.notes


def test_the_same_statement_twice_changes_nothing_and_keeps_the_recordings(label):
    bringing.brought(label, DISTROKID)
    tracks = again(label).table("tracks")
    assert bringing.brought(again(label), DISTROKID, "renamed.txt").tables[0].stored == 2
    assert again(label).table("tracks").equals(tracks)
    assert again(label).table("statements").height == 2


def test_a_period_that_another_file_brought_is_told_as_both_would_count(label):
    bringing.brought(label, DISTROKID, "first.tsv")
    report = bringing.planned(again(label), DISTROKID.replace("1200", "1300")).report
    assert any("for 2026-09 (first.tsv); both count" in note for note in report.notes)
    same = bringing.planned(again(label), DISTROKID).report
    assert not any("both count" in note for note in same.notes)


def test_recordings_are_matched_and_the_doubtful_are_listed_not_merged(label):
    bringing.brought(label, DISTROKID)
    other = SYMPHONIC.replace("Slow Tide", "Slow Tide (Live)") + SYMPHONIC.split("\n")[1]
    report = bringing.brought(again(label), other.replace("Symphonic", "S"))
    assert "recordings named: 1 that are known, 0 new" in report.notes
    assert any("“Slow Tide (Live)” by Nora Vale (another version" in n for n in report.notes)
    assert again(label).table("tracks").height == 1
    assert again(label).table("statements").height == 4


def test_rejected_lines_can_be_corrected_and_brought_again(label):
    from workbench.report.export import csv

    planned = bringing.planned(label, DISTROKID.replace("-6.5", "lost"))
    rows = planned.rejected_rows
    assert rows.columns[2:] == DISTROKID.split("\n")[0].split("\t")
    corrected = csv(rows).decode().replace("lost", "-6.5")
    table = bringing.planned(label, corrected).report.tables[0]
    assert (table.read, table.accepted) == (1, 1)


def test_a_sender_who_writes_the_month_first_always_does(label):
    row = CDBABY.splitlines()[1]
    text = CDBABY.replace("7/31/2026", "4/3/2023") + row.replace("7/31/2026", "13/1/2023") + "\n"
    report = bringing.planned(label, text)
    table = report.report.tables[0]
    assert (table.read, table.accepted + table.repaired, table.rejected) == (2, 1, 1)
    assert table.rejects.rows() == [(3, "sale_start", "is no date with the month first")]
    assert report.settled[0].rows["sale_start"].to_list() == [datetime.date(2023, 4, 3)]


def test_a_line_without_a_number_is_rejected_also_when_its_rejects_come_again(label):
    from workbench.report.export import csv

    cut = DISTROKID.rstrip("\n") + "\n" + DISTROKID.splitlines()[1][:25] + "\n"
    remark = cut + "Made on the 3rd of July" + "\t" * DISTROKID.split("\n")[0].count("\t") + "\n"
    planned = bringing.planned(label, remark)
    assert planned.report.tables[0].rejected == 2
    rejects = bringing.planned(label, csv(planned.rejected_rows)).report.tables[0]
    assert (rejects.read, rejects.rejected) == (2, 2)
    assert set(rejects.rejects["reason"]) == {"has neither an amount nor a quantity"}


def test_the_days_of_a_statement_are_those_of_its_sales_from_first_to_last(label):
    first, last = (
        preview.overview(bringing.planned(label, DISTROKID)).select("first", "last").row(0)
    )
    assert (first, last) == (datetime.date(2026, 7, 1), datetime.date(2026, 7, 31))
