"""Generated statements and orders come back exactly; mutated ones add up and never crash."""

import csv
import datetime
import io
import random
from decimal import Decimal

import bringing
import polars as pl
import pytest
from damage import damaged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import BadInput
from workbench.importers import forms

STATEMENTS = {form.name: form for form in forms.shipped("statements")}
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = st.text("abcdefghijklmnopqrstuvwxyzäéßø ", min_size=3, max_size=12).map(
    lambda text: " ".join(f"x{text}".split())
)
MONEY = st.decimals(-9999, 9999, allow_nan=False, places=4)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "sale_start": st.dates(min_value=datetime.date(2020, 1, 1),
                                   max_value=datetime.date(2026, 9, 30)),
            "store": st.sampled_from(["Spotify", "YouTube (Red)", "iTunes"]),
            "territory": st.sampled_from(["US", "DE", "JP", "BR"]),
            "isrc": st.integers(0, 99_999).map(lambda n: f"GBAYE24{n:05d}"),
            "track_title": NAMES,
            "track_artist": NAMES,
            "quantity": st.integers(-5_000_000, 5_000_000),
            "net": MONEY,
            "currency": st.sampled_from(["EUR", "USD"]),
        }
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("label") / "label")


def number(value: Decimal, sign: str) -> str:
    """Write a number as an export in a country with that decimal sign does."""
    plain = f"{abs(value):,.4f}" if isinstance(value, Decimal) else f"{abs(value):,}"
    if sign == ",":
        plain = plain.translate(str.maketrans(",.", ".,"))
    return f"({plain})" if value < 0 else plain


def written(form: forms.Form, rows: list[dict], sign: str, delimiter: str, head: str) -> str:
    """Return a statement of a form with these rows, and with its total at the end."""
    columns = dict(form.columns)
    item = columns.pop("item_title", None)
    if item:
        columns["track_title"] = item
    headers = {ours: names[0].replace("*", "EUR") for ours, names in columns.items()}
    for needed in form.header:
        name = needed.split("|")[0]
        headers.setdefault(name, name.replace("*", "EUR"))
    unique = list(dict.fromkeys(headers.values()))
    out = io.StringIO()
    out.write(head)
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(unique)
    for row in rows:
        cells = {
            **row,
            "sale_start": row["sale_start"].isoformat(),
            "quantity": number(row["quantity"], sign),
            "net": number(row["net"], sign),
        }
        by_header = {}
        for ours, header in headers.items():
            by_header[header] = by_header.get(header) or cells.get(ours, "")
        writer.writerow([by_header[header] for header in unique])
    total = {headers["net"]: number(sum(row["net"] for row in rows), sign)}
    first = unique[0] if unique[0] != headers["net"] else unique[1]
    if "currency" in headers:
        total[headers["currency"]] = rows[0]["currency"]
    writer.writerow([("Total" if h == first else total.get(h, "")) for h in unique])
    return out.getvalue()


FILES = st.tuples(
    st.sampled_from(sorted(STATEMENTS)), ROWS, st.sampled_from(",."), st.sampled_from("\t;,"),
    st.sampled_from(["", "Statement of earnings\n\n"]),
)  # fmt: skip


@settings(max_examples=12, suppress_health_check=QUIET)
@given(file=FILES)
def test_generated_statements_come_back_exactly_and_agree_with_their_total(label, file):
    name, rows, *how = file
    form = STATEMENTS[name]
    one = {row["currency"]: row for row in rows}
    rows = [{**row, "currency": next(iter(one))} for row in rows]
    text = written(form, rows, *how)
    planned = bringing.planned(label, text, answers={"currency": "EUR"}, dry_run=True)
    table = planned.report.tables[0]
    assert (table.read, table.rejected) == (len(rows), 0)
    found = planned.settled[0].rows.sort("source_row")
    for column in ("territory", "track_title", "track_artist", "isrc", "net"):
        assert found[column].to_list() == [row[column] for row in rows], column
    if "quantity" in form.columns:
        assert found["quantity"].to_list() == [row["quantity"] for row in rows]
    if "currency" in form.columns:
        assert found["currency"].to_list() == [row["currency"] for row in rows]
    assert any("as the file itself says" in note for note in planned.report.notes)


@settings(max_examples=12, suppress_health_check=QUIET)
@given(file=FILES, seed=st.integers(0, 10**6))
def test_counts_add_up_for_every_damaged_statement(label, file, seed):
    name, rows, *how = file
    data = damaged(written(STATEMENTS[name], rows, *how).encode(), random.Random(seed))
    try:
        planned = bringing.planned(label, data, answers={"currency": "EUR"}, dry_run=True)
    except BadInput:
        return
    for one in planned.report.tables:
        assert one.read == one.accepted + one.repaired + one.rejected
        assert one.stored + one.repeated == one.accepted + one.repaired
    statement = planned.report.tables[0]
    assert statement.table in ("statements", "purchases")
    assert planned.understood.sheet.rows == statement.read


@settings(max_examples=10, suppress_health_check=QUIET)
@given(
    cells=st.lists(
        st.lists(st.sampled_from(["", "1", "x", "2026-07", "Total", "-", "1,5", "\0", '"', "EUR"]),
                 min_size=13, max_size=13),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_rows_of_anything_under_a_known_header_are_counted(label, cells):
    header = ("Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\t"
              "Team Percentage\tSong/Album\tCountry of Sale\tSongwriter Royalties Withheld\t"
              "Earnings (USD)")  # fmt: skip
    text = "\n".join([header, *("\t".join(row) for row in cells)]) + "\n"
    try:
        planned = bringing.planned(label, text, dry_run=True)
    except BadInput:
        return
    for one in planned.report.tables:
        assert one.read == one.accepted + one.repaired + one.rejected


def test_currency_is_in_the_header_or_asked():
    header = ["Sale Month", "Country of Sale", "Song/Album", "Earnings (EUR)"]
    fit = forms.fitted(tuple(STATEMENTS.values()), header)
    assert (fit.form.name, fit.currencies) == ("distrokid", {"net": "EUR"})
    assert forms.fitted(tuple(STATEMENTS.values()), [*header[:3], "Earnings (gross)"]) is None
    assert pl.Series([forms.currency(t) for t in ("$US", "€", "gbp", "xyz1")]).to_list() == [
        "USD", "EUR", "GBP", None,
    ]  # fmt: skip
