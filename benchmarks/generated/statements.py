"""Statements of eight distributors, in the columns that each of them sends."""

import calendar
import datetime
import random
from decimal import Decimal

from benchmarks.generated.files import (
    TERRITORIES,
    Made,
    Song,
    day,
    grouped,
    recordings,
    songs,
    table,
)
from benchmarks.generated.orders import bandcamp

# What stands in the columns of each: a field of a line, or a text that is the same in all lines.
FORMS = {
    "distrokid": ("\t", {
        "Reporting Date": "day", "Sale Month": "month", "Store": "store", "Artist": "artist",
        "Title": "title", "ISRC": "isrc", "UPC": "upc", "Quantity": "quantity",
        "Team Percentage": "=100", "Song/Album": "=Song", "Country of Sale": "territory",
        "Songwriter Royalties Withheld": "=0", "Earnings ({})": "net",
    }),
    "tunecore": (",", {
        "Sales Period": "month", "Posted Date": "day", "Store Name": "store",
        "Country Of Sale": "territory", "Artist": "artist", "Release Type": "=Single",
        "Release Title": "album", "Song Title": "title", "Label": "label", "UPC": "upc",
        "Optional ISRC": "isrc", "Sales Type": "=Stream", "# Units Sold": "quantity",
        "Per Unit Price": "=0.01", "Net Sales": "=1", "Total Earned": "net",
        "Currency": "currency",
    }),
    "cdbaby": ("\t", {
        "Report Date": "day", "Sales Date": "sold month first", "CDBabySku": "=12345",
        "Barcode": "upc", "Isrc": "isrc", "Partner Name": "store", "Artist Name": "artist",
        "Album Name": "album", "Track Name": "title", "Delivery Country": "territory",
        "Transaction Type": "=Stream", "Quantity": "quantity", "Subtotal": "net",
    }),
    "believe": (";", {
        "Reporting month": "month", "Sales Month": "month", "Platform": "store",
        "Country / Region": "country", "Label Name": "label", "Artist Name": "artist",
        "Release title": "album", "Track title": "title", "UPC": "upc", "ISRC": "isrc",
        "Release Catalog nb": "=CAT 1", "Sales Type": "=Stream", "Quantity": "quantity",
        "Client Payment Currency": "currency", "Gross Revenue": "gross", "Net Revenue": "net",
    }),
    "orchard": (",", {
        "STATEMENT PERIOD": "month", "TRANSACTION DATE": "day", "STORE": "store",
        "SALE COUNTRY": "territory", "ISRC": "isrc", "TRACK": "title", "TRACK ARTIST": "artist",
        "DISPLAY UPC": "upc", "PRODUCT": "album", "PRODUCT ARTIST": "artist",
        "LABEL IMPRINT": "label", "TRANSACTION TYPE": "=Stream", "QUANTITY": "quantity",
        "GROSS REVENUE ACCOUNT CURRENCY": "gross", "NET SHARE ACCOUNT CURRENCY": "net",
        "ACCOUNT CURRENCY": "currency",
    }),
    "beatport": (",", {
        "TRANSACTION_DATE": "day", "TERRITORY": "territory", "TRACK_ISRC_CODE": "isrc",
        "TRACK_TITLE": "title", "REMIX": "=", "REMIXER_NAME": "=", "TRACK_ARTIST": "artist",
        "PRODUCT_UPC": "upc", "RELEASE": "album", "LABEL": "label", "DELIVERY": "=download",
        "GROSS_CONTENT_REVENUE": "gross", "NET_CONTENT_REVENUE": "net", "CURRENCY": "currency",
    }),
    "symphonic": (",", {
        "Reporting Period": "month", "Digital Service Provider": "store",
        "Territory": "territory", "ISRC Code": "isrc", "Track Title": "title",
        "Track Artist": "artist", "UPC Code": "upc", "Release Title": "album", "Label": "label",
        "Count": "quantity", "Royalty ({})": "net",
    }),
}  # fmt: skip
# Columns of ours that the fields of a line fill; those that differ follow by distributor.
OURS = {"store": "store", "title": "track_title", "artist": "track_artist", "isrc": "isrc",
        "upc": "upc", "album": "release_title", "label": "label", "quantity": "quantity",
        "gross": "gross", "net": "net", "currency": "currency", "territory": "territory",
        "country": "territory"}  # fmt: skip
PERIOD = {"distrokid": "day", "tunecore": "day", "cdbaby": "day", "believe": "month",
          "orchard": "month", "symphonic": "month"}  # fmt: skip
SOLD = {"distrokid": "month", "tunecore": "month", "cdbaby": "sold", "believe": "month",
        "orchard": "day", "beatport": "day", "symphonic": "month"}  # fmt: skip
CONSTANT = {
    "distrokid": {"sale_type": "Song"},
    "tunecore": {"sale_type": "Stream"},
    "cdbaby": {"sale_type": "Stream", "catalog_no": "12345", "currency": "USD"},
    "believe": {"sale_type": "Stream", "catalog_no": "CAT 1"},
    "orchard": {"sale_type": "Stream"},
    "beatport": {"sale_type": "download", "store": "beatport"},
    "symphonic": {},
}
STORES = ("Spotify", "YouTube (Red)", "iTunes", "Apple Music, EU", "Amazon; Prime")


def statements(chance: random.Random) -> Made:
    """A statement of one of the eight, with its total below or without one."""
    name = chance.choice((*FORMS, "bandcamp"))
    if name == "bandcamp":
        return bandcamp(chance)
    mark, columns = FORMS[name]
    mark = chance.choice((mark, mark, ",", ";", "\t"))
    sign, currency = chance.choice(".,"), chance.choice(("EUR", "USD", "GBP"))
    lines = [_line(chance, song, currency) for song in _repeated(chance)]
    headers = {text.format(currency): field for text, field in columns.items()}
    cells: list[list[object]] = [list(headers)]
    style = chance.choice(("{0:%Y-%m}", "{0:%B} {0:%Y}", "{0:%m}/{0:%Y}", "{0:%Y}{0:%m}"))
    cells += [[_written(line, field, sign, style) for field in headers.values()] for line in lines]
    if chance.random() < 0.5:
        total = grouped(sum(line["net"] for line in lines), 4, sign)
        whole = {"net": total, "currency": currency}
        cells.append(["Total", *(whole.get(field) for field in list(headers.values())[1:])])
    above = chance.choice(("", "", "Statement of earnings\n\n"))
    file, data = table(chance, cells, mark, above=above)
    first = above.count("\n") + 2
    rows = [_row(line, name, columns, first + n) for n, line in enumerate(lines)]
    said = [field for field in ("isrc", "album", "upc", "label") if field in columns.values()]
    named = recordings((line["song"] for line in lines), *said)
    return Made(file, data, {"statements": rows} | named)


def _repeated(chance: random.Random) -> list[Song]:
    return chance.choices(songs(chance), k=chance.randint(1, 8))


def _line(chance: random.Random, song: Song, currency: str) -> dict:
    month = day(chance).replace(day=1)
    return {
        "song": song, "title": song.title, "artist": song.artist, "isrc": song.isrc,
        "upc": song.upc, "album": song.album, "label": song.label, "currency": currency,
        "store": chance.choice(STORES), "territory": chance.choice(list(TERRITORIES)),
        "month": month, "day": month.replace(day=chance.randint(2, 28)),
        "sold": month.replace(day=chance.randint(13, 28)),
        "quantity": chance.randrange(-5_000, 5_000_000),
        "gross": _money(chance), "net": _money(chance),
    }  # fmt: skip


def _money(chance: random.Random) -> Decimal:
    return Decimal(chance.randrange(-(10**5), 10**8)).scaleb(-4)


def _written(line: dict, field: str, sign: str, style: str) -> str:
    if field.startswith("="):
        return field[1:]
    if field == "month":
        return style.format(line["month"])
    if field == "sold month first":
        return line["sold"].strftime("%m/%d/%Y")
    if field == "country":
        return TERRITORIES[line["territory"]]
    value = line[field]
    if isinstance(value, Decimal):
        text = grouped(abs(value), 4, sign)
        return f"({text})" if value < 0 and int(value) % 2 else f"{'-' if value < 0 else ''}{text}"
    return grouped(value, 0, sign) if isinstance(value, int) else str(value)


def _row(line: dict, name: str, columns: dict[str, str], number: int) -> dict:
    row = {"source": name, "source_row": number, "currency": line["currency"]}
    for field in columns.values():
        if field in OURS:
            row[OURS[field]] = line[field if field != "country" else "territory"]
    if name in PERIOD:
        row["statement_period"] = f"{line['month']:%Y-%m}"
    if name == "orchard":
        row["release_artist"] = line["artist"]
    start, end = _span(line, SOLD[name])
    return row | {"sale_start": start, "sale_end": end} | CONSTANT[name]


def _span(line: dict, of: str) -> tuple[datetime.date, datetime.date]:
    if of != "month":
        return line[of], line[of]
    month = line["month"]
    return month, month.replace(day=calendar.monthrange(month.year, month.month)[1])
