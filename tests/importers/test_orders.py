"""Bandcamp sales and shop orders: purchases line by line, refunds with a minus, no buyer's name."""

import datetime
from decimal import Decimal

import bringing
import pytest

from workbench.dataset import open_dataset
from workbench.importers import preview, run
from workbench.store.pseudonyms import pseudonym, pseudonym_key

BANDCAMP = (
    "date,paid to,item type,item name,artist,currency,item price,quantity,discount code,sub total,"
    "additional fan contribution,tax rate,seller tax,marketplace tax,shipping,transaction fee,"
    "fee type,item total,amount you received,bandcamp transaction id,paypal transaction id,"
    "net amount,buyer name,buyer email,country\n"
    "11/25/22 5:45pm,me,album,Harbour,Nora Vale,GBP,8.00,1,,8.00,2.00,,0,0,0,0.5,paypal,10.00,"
    "9.50,B1,P1,8.00,Ann Ode,Ann@example.org,United Kingdom\n"
    "11/25/22 5:45pm,me,track,Slow Tide,Nora Vale,GBP,1.00,2,,2.00,0,,0,0,0,*,pending,2.00,*,B1,"
    "P1,1.60,Ann Ode,ann@example.org,United Kingdom\n"
    "11/26/22 9:05am,me,refund,Harbour,Nora Vale,GBP,8.00,1,,-8.00,0,,0,0,0,0,paypal,-8.00,-8.00,"
    "B1,P1,-8.00,Ann Ode,ann@example.org,United Kingdom\n"
    "11/30/22 5:45pm,me,payout,,,GBP,,,,,,,,,,,,,-100.00,,P9,-100.00,,,\n"
)
SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Vendor\n"
    "#1001,ann@example.org,paid,2026-07-03 10:00:00 +0200,EUR,45,5,0,50,"
    "2026-07-03 10:00:00 +0200,2,Tour shirt,20.00,SHIRT-M,1.50,Nora Vale\n"
    "#1001,ann@example.org,,,,,,,,2026-07-03 10:00:00 +0200,1,Harbour LP,25.00,,0,Nora Vale\n"
    "#1002,bob@example.org,paid,2026-07-04 10:00:00 +0200,EUR,25,0,0,25,"
    "2026-07-04 10:00:00 +0200,1,Harbour LP,25.00,,0,Nora Vale\n"
)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def tables(label, *names):
    held = open_dataset(str(label.folder), rows=True)
    return [held.table(name) for name in names]


def test_bandcamp_fills_statements_purchases_and_products(label):
    report = bringing.brought(label, BANDCAMP)
    assert "1 payout passed over: money that moved, no sales" in report.notes
    statements, purchases, products = tables(label, "statements", "purchases", "products")
    columns = ("source_row", "store", "territory", "track_title", "release_title", "sale_type",
               "quantity", "gross", "net", "currency")  # fmt: skip
    assert statements.sort("source_row").select(columns).rows() == [
        (2, "bandcamp", "GB", None, "Harbour", "album", 1, Decimal(10), Decimal(8), "GBP"),
        (3, "bandcamp", "GB", "Slow Tide", None, "track", 2, Decimal(2), Decimal("1.6"), "GBP"),
        (4, "bandcamp", "GB", None, "Harbour", "refund", -1, Decimal(-8), Decimal(-8), "GBP"),
    ]
    ann = pseudonym(pseudonym_key(label.home), "ann@example.org")
    album, song = "bandcamp:Nora Vale · Harbour · album", "bandcamp:Nora Vale · Slow Tide · track"
    sold = datetime.datetime(2022, 11, 25, 17, 45, tzinfo=datetime.UTC)
    undone = datetime.datetime(2022, 11, 26, 9, 5, tzinfo=datetime.UTC)
    assert purchases.sort("order_id", "line").rows() == [
        ("bandcamp:B1", 1, ann, album, 1, Decimal(10), "GBP", sold),
        ("bandcamp:B1", 2, ann, song, 2, Decimal(2), "GBP", sold),
        ("bandcamp:B1:refund", 1, ann, album, -1, Decimal(-8), "GBP", undone),
    ]
    assert products.select("product_id", "kind", "name").rows() == [
        (album, "album", "Harbour"), (song, "track", "Slow Tide"),
    ]  # fmt: skip


def test_an_older_bandcamp_file_without_taxes_and_net_amount(label):
    text = (
        "date,paid to,item type,item name,artist,currency,item price,quantity,sub total,shipping,"
        "transaction fee,fee type,item total,amount you received,bandcamp transaction id\n"
        "1/5/15 12:05am,me,track,Slow Tide,Nora Vale,USD,1.00,1,1.00,0,0.1,paypal,1.00,0.90,B7\n"
    )
    statement, purchase = (one.rows for one in bringing.planned(label, text).settled[:4:3])
    assert statement["net"].to_list() == [Decimal("0.9")]
    assert purchase.select("order_id", "amount").rows() == [("bandcamp:B7", Decimal(1))]
    assert purchase["purchased_at"][0] == datetime.datetime(2015, 1, 5, 0, 5, tzinfo=datetime.UTC)


def counts(report, name):
    (one,) = (one for one in report.tables if one.table == name)
    return one.read, one.accepted, one.repaired, one.rejected


def test_a_refused_line_takes_its_order_along_and_counts_once_when_brought_again(label):
    wrong = BANDCAMP.replace("11/25/22 5:45pm,me,track", "11/45/22 5:45pm,me,track")
    planned = bringing.planned(label, wrong)
    (report,) = run.store([planned], label)
    # the refund is an order of its own and stands
    assert counts(report, "purchases") == (3, 1, 0, 2)
    assert counts(report, "statements") == (3, 1, 0, 2)
    rejected = planned.rejected_rows
    assert rejected["rejected row"].to_list() == [2, 3]
    corrected = rejected.write_csv().replace("11/45/22", "11/25/22")
    bringing.brought(open_dataset(str(label.folder)), corrected)
    statements, purchases = tables(label, "statements", "purchases")
    assert sorted(statements["net"]) == [Decimal(-8), Decimal("1.6"), Decimal(8)]
    assert purchases.sort("order_id", "line").select("order_id", "line", "amount").rows() == [
        ("bandcamp:B1", 1, Decimal(10)),
        ("bandcamp:B1", 2, Decimal(2)),
        ("bandcamp:B1:refund", 1, Decimal(-8)),
    ]


def test_a_line_of_a_shop_that_is_refused_does_not_take_the_place_of_another(label):
    planned = bringing.planned(
        label, SHOPIFY.replace("1,Harbour LP,25.00,,0", "1.5,Harbour LP,25.00,,0", 1)
    )
    (report,) = run.store([planned], label)
    assert counts(report, "purchases") == (3, 1, 0, 2)
    assert planned.rejected_rows["rejected row"].to_list() == [2, 3]


def test_no_buyer_is_stored_by_name_or_address(label):
    bringing.brought(label, BANDCAMP)
    for path in label.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            assert b"ann ode" not in data and b"ann@" not in data, path


def test_a_shop_fills_purchases_line_by_line(label):
    report = bringing.brought(label, SHOPIFY)
    assert report.title.startswith("Shopify")
    assert "Subtotal" in report.unused and "Email" not in report.unused
    purchases, products = tables(label, "purchases", "products")
    key = pseudonym_key(label.home)
    ann, bob = pseudonym(key, "ann@example.org"), pseudonym(key, "bob@example.org")
    first = datetime.datetime(2026, 7, 3, 8, tzinfo=datetime.UTC)
    later = datetime.datetime(2026, 7, 4, 8, tzinfo=datetime.UTC)
    shirt, record = "shop:SHIRT-M", "shop:Nora Vale · Harbour LP"
    assert purchases.sort("order_id", "line").rows() == [
        ("shop:#1001", 1, ann, shirt, 2, Decimal("38.5"), "EUR", first),
        ("shop:#1001", 2, ann, record, 1, Decimal(25), "EUR", first),
        ("shop:#1002", 1, bob, record, 1, Decimal(25), "EUR", later),
    ]
    assert products["product_id"].to_list() == [record, shirt]
    assert any("EUR 88.50 imported" in note for note in report.notes)


def test_a_plain_order_sheet_is_known_by_its_columns(label):
    text = (
        "Order number;Order date;Customer email;SKU;Product;Qty;Amount;Currency\n"
        "7;2026-07-03 10:00:00;ann@example.org;LP-1;Harbour LP;2;50,00;EUR\n"
        "7;2026-07-03 10:00:00;ann@example.org;CD-1;Harbour CD;1;12,50;EUR\n"
    )
    bringing.brought(label, text)
    (purchases,) = tables(label, "purchases")
    rows = purchases.sort("line").select("order_id", "line", "product_id", "quantity", "amount")
    assert rows.rows() == [
        ("shop:7", 1, "shop:LP-1", 2, Decimal(50)),
        ("shop:7", 2, "shop:CD-1", 1, Decimal("12.5")),
    ]


def test_bandcamp_without_its_dates_is_a_statement_and_no_orders(label):
    report = bringing.brought(label, BANDCAMP.replace("date,paid to", "dte,paid to"))
    assert [table.table for table in report.tables] == ["statements", "tracks", "artists"]
    assert (report.tables[0].read, report.rejected) == (3, 0)


@pytest.mark.parametrize("cell", ["x", "1,2,3", "two"])
@pytest.mark.parametrize("column", ["Quantity", "Price", "Line discount"])
def test_a_number_that_cannot_be_read_is_rejected_and_nothing_is_made_up(label, column, cell):
    header = ["Order number", "Order date", "Product", "Quantity", "Price", "Line discount",
              "Currency"]  # fmt: skip
    good = ["7", "2026-07-03 10:00:00", "LP", "2", "20,00", "", "EUR"]
    bad = ["8", *good[1:]]
    bad[header.index(column)] = cell
    text = "\n".join(";".join(row) for row in (header, good, bad))
    planned = bringing.planned(label, text)
    (report,) = run.store([planned], label)
    assert counts(report, "purchases")[-1] == 1
    assert cell in preview.findings(planned)["example"].to_list()
    (purchases,) = tables(label, "purchases")
    assert purchases.select("order_id", "quantity", "amount").rows() == [("shop:7", 2, Decimal(40))]
