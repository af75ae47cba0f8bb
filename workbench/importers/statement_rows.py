"""Rows of a statement that are no sales: totals, money that was paid out, roundings.

Totals are passed over and kept to compare with; payouts are passed over and told; a rounding stays
as a line of its own, as the sum of a statement holds it.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

import polars as pl

from workbench.importers.beneath import rows_without
from workbench.importers.forms import Fitted, Marked, currency
from workbench.importers.sheet import ROW, Sheet
from workbench.importers.totals import Stated

_WORDS = r"payable|earnings|royalt\w+|net|due|amount|revenue|sales|sum|all|income|\([a-z$]{3}\)"
_SUM = rf"(?:grand |overall )?totals?(?: (?:{_WORDS}))*|summe|gesamt(?:summe|betrag)?|total général"
TOTAL = rf"(?i)^\s*(?:{_SUM})\s*(?::.*)?$"
PART = r"(?i)^\s*(?:sub-?\s?total|zwischensumme)s?\b"
PAID = r"(?i)^\s*(?:payouts?|payments?|withdrawals?|paid out|auszahlung(?:en)?)\b"
ADJUSTED = r"(?i)\brounding\b|^\s*adjustments?\s*$|\brundung"
_MONEY = r"payable|earnings|royalt\w+|net|due|amount|revenue|income"
ABOVE = re.compile(rf"(?i)\btotal (?:\w+ )?(?:{_MONEY})|\bpayable\b|^\W*total\W*$|\bgesamtbetrag\b")
NUMBER = re.compile(r"[-(]?\s*(?:\d[\d.,'’\u00a0\u202f ]*\d|\d)\s*\)?")
ADJUSTMENT = "adjustment"


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of a statement.

    Attributes
    ----------
    sheet : sales and adjustments. adjusted : whether a row is a rounding or an adjustment.
    stated : sums that the file states, the last one of each currency. notes : what was passed over.
    """

    sheet: Sheet
    adjusted: pl.Series
    stated: tuple[Stated, ...]
    notes: tuple[str, ...]


def decimal_sign(frame: pl.DataFrame, columns: list[str]) -> str | None:
    """Return the decimal sign that the numbers of a file show; None where they do not, or both.

    A sign is shown where it stands last of two kinds, alone and not before three digits, or behind
    a single zero; and a point is no thousands sign where a comma never stands.
    """
    if not columns:
        return None
    cells = pl.concat([frame.select(cell=name) for name in columns])["cell"].drop_nulls()
    bare = cells.str.replace_all(r"[^\d.,]", "")
    comma = bare.str.contains(r"\d\.\d{3},\d+$|^\d+,(\d{1,2}|\d{4,})$|^0,\d+$|\.\d+\.\d{3}$").any()
    point = bare.str.contains(r"\d,\d{3}\.\d+$|^\d*\.(\d{1,2}|\d{4,})$|^0\.\d+$|,\d+,\d{3}$").any()
    if comma == point:
        return None
    return "," if comma else "."


def amount(text: str, sign: str | None) -> tuple[Decimal, int] | None:
    """Return a number of a text and how many decimals it is written with."""
    found = list(NUMBER.finditer(text))
    if not found:
        return None
    written = found[-1][0]
    bare = re.sub(r"[^\d.,]", "", written)
    places = 0
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        mark = bare[last]
        decimal = mark == sign if sign else (bare.count(mark) == 1 and len(bare) - last != 4)
        places = len(bare) - last - 1 if decimal else 0
    digits = re.sub(r"\D", "", bare)
    try:
        value = Decimal(digits).scaleb(-places)
    except InvalidOperation:
        return None
    negative = "(" in written or written.strip().startswith("-") or f"-{bare}" in text
    return (-value if negative else value), places


def sorted_out(
    sheet: Sheet, fit: Fitted, above: tuple[tuple[str, ...], ...], sign: str | None
) -> Lines:
    """Return the sales and adjustments of a statement, and what its totals say.

    Parameters
    ----------
    sheet : all rows. fit : its columns. above : rows above the header. sign : the decimal sign.
    """
    names, columns = sheet.columns, fit.columns
    who = ("isrc", "upc", "track_artist", "release_artist", "store", "catalog_no")
    naming = [columns[name] for name in who if name in columns]
    nobody = pl.all_horizontal(
        pl.lit(True), *(pl.col(n).is_null() | (pl.col(n).str.strip_chars() == "") for n in naming)
    )
    total, part = _any(names, TOTAL), _any(names, PART)
    paid = nobody & _any(names, PAID)
    if fit.form.payouts and _column(names, fit.form.payouts):
        paid = paid | marked(names, fit.form.payouts)
    sheet, totals = rows_without(sheet, nobody & (total | part))
    sheet, payouts = rows_without(sheet, paid)
    sheet, broken = _narrow(sheet)
    adjusted = sheet.frame.select(
        (nobody & _any(names, ADJUSTED)).fill_null(value=False).alias("adjusted")
    )["adjusted"]
    stated = [
        *(_above(row, sign) for row in above),
        *(_stated(row, columns, sign) for row in totals.filter(~part).iter_rows(named=True)),
        *(_in_text(text, sign) for text in broken),
    ]
    last = {one.unit: one for one in stated if one}
    notes = []
    if passed := totals.height + len(broken):
        notes.append(f"{passed:,} {'row' if passed == 1 else 'rows'} of totals passed over")
    if payouts.height:
        several = "s" * (payouts.height > 1)
        notes.append(f"{payouts.height:,} payout{several} passed over: money that moved, no sales")
    if count := adjusted.sum():
        kept = (
            "adjustment kept as a line of its"
            if count == 1
            else "adjustments kept as lines of their"
        )
        notes.append(f"{count:,} {kept} own, as the sum holds them")
    return Lines(sheet, adjusted, tuple(last.values()), tuple(notes))


def marked(names: list[str], mark: Marked) -> pl.Expr:
    """Return whether a row has one of the values that mark it."""
    column = _column(names, mark)
    if column is None:
        return pl.lit(False)
    return pl.col(column).str.strip_chars().str.to_lowercase().is_in(mark.values)


def _column(names: list[str], mark: Marked) -> str | None:
    return next((name for name in names if name.casefold() == mark.column.casefold()), None)


def _any(names: list[str], pattern: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(names).str.contains(pattern)).fill_null(value=False)


def _narrow(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """Take totals out of the rows that do not have the header's shape."""
    cut = pl.col("text").str.strip_chars(' \t";,|').str.replace_all(r"[\t;|].*$|,.*$", "")
    total = cut.str.contains(TOTAL) | cut.str.contains(PART)
    gone = sheet.malformed.filter(total)
    kept = sheet.malformed.filter(~total)
    texts = [text for text in gone["text"] if not re.search(PART, text.strip(' \t";,|'))]
    return replace(sheet, malformed=kept), texts


def _stated(row: dict[str, str | None], columns: dict[str, str], sign: str | None):
    cells = [text for name, text in row.items() if name != ROW and text]
    net = row.get(columns.get("net", ""))
    numbers = [n for text in ([net] if net else reversed(cells)) if (n := amount(text, sign))]
    unit = currency(row.get(columns.get("currency", "")) or "") or _unit(cells)
    return Stated(*numbers[0], unit) if numbers else None


def _above(cells: tuple[str, ...], sign: str | None) -> Stated | None:
    """Read “Total payable | USD | 12.50”, or all of it in one cell."""
    place = next((n for n, cell in enumerate(cells) if ABOVE.search(cell)), None)
    if place is None:
        return None
    here = [cell for cell in cells[place + 1 :] if cell] or [cells[place]]
    numbers = [n for cell in here if (n := amount(cell, sign))]
    return Stated(*numbers[-1], _unit([cells[place], *here])) if numbers else None


def _in_text(text: str, sign: str | None) -> Stated | None:
    cells = [cell.strip(' "') for cell in re.split(r"[\t;|]|,(?=\D)|,\s", text)]
    numbers = [n for cell in reversed(cells) if (n := amount(cell, sign))]
    return Stated(*numbers[0], _unit(cells)) if numbers else None


def _unit(cells: list[str]) -> str:
    """Return the currency that stands beside a number, empty where none does."""
    for cell in cells:
        for word in re.findall(r"\b[A-Z]{3}\b|[€£]|\$", cell):
            if word != "$" and (code := currency(word)):
                return code
    return ""
