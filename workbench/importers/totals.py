"""What came in, held against the sum that the file itself states."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from workbench.importers.settling import Settled


@dataclass(frozen=True)
class Stated:
    """A sum as the file has it.

    Attributes
    ----------
    amount : the sum. places : decimals that it is written with, so what it is rounded to.
    unit : currency, empty where the file does not say which one.
    """

    amount: Decimal
    places: int
    unit: str = ""


@dataclass(frozen=True)
class Sum:
    """A column whose sum is told, and compared where the file states one.

    Attributes
    ----------
    table, column : of ours. by : column of the unit, empty where there is one unit only.
    name : for people. stated : what the file says, at most one a unit. among : a column and what
    stands in it, where only those rows are summed. lacking : what to do where too little came in.
    """

    table: str
    column: str
    by: str
    name: str
    stated: tuple[Stated, ...] = ()
    among: tuple[str, str] | None = None
    lacking: str = "look at the rejected rows"


def said(sums: tuple[Sum, ...], settled: tuple[Settled, ...]) -> tuple[str, ...]:
    """Return each sum of what stands, in words, with what the file itself says of it."""
    found = []
    for one in sums:
        rows = next(s.rows for s in settled if s.records.rule.name == one.table)
        found += _of_column(one, rows)
    return tuple(found)


def _of_column(one: Sum, rows: pl.DataFrame) -> list[str]:
    if one.among:
        rows = rows.filter(pl.col(one.among[0]) == one.among[1])
    unit = pl.col(one.by) if one.by else pl.lit("")
    frame = rows.select(unit.fill_null("").alias("unit"), amount=one.column).drop_nulls("amount")
    amounts = dict(frame.group_by("unit").agg(pl.col("amount").sum()).sort("unit").iter_rows())
    lines, stated = [], {}
    for said in one.stated:  # the last one of a currency counts
        unit = said.unit or (next(iter(amounts)) if len(amounts) == 1 else "")
        stated[unit] = said
    for unit, said in stated.items():
        if unit or not one.by:
            lines.append(_compared(one, unit, Decimal(amounts.pop(unit, 0)), said))
        else:
            plain = _plain(said.amount)
            lines.append(f"{one.name}: the file states {plain}, and not in which currency")
    none = "the file states no sum of its own to compare with"
    return lines + [
        f"{one.name}: {_with(unit, Decimal(amount))} imported; {none}"
        for unit, amount in amounts.items()
    ]


def _compared(one: Sum, unit: str, amount: Decimal, stated: Stated) -> str:
    off = abs(amount - stated.amount)
    half = Decimal(5).scaleb(-stated.places - 1)
    text = f"{one.name}: {_with(unit, amount)} imported"
    if off == 0:
        return f"{text}, as the file itself says"
    if off <= half:
        return f"{text}, as the file itself says, rounded: {_plain(stated.amount)}"
    much = f"{_plain(off)} {'too little' if amount < stated.amount else 'too much'}"
    said = one.lacking if amount < stated.amount else "look at the rejected rows"
    return f"{text}, but the file itself says {_plain(stated.amount)}: {much}; {said}"


def _with(unit: str, amount: Decimal) -> str:
    return f"{unit} {_plain(amount)}".strip()


def _plain(amount: Decimal) -> str:
    """Write a number with separators and the decimals that it has."""
    whole = amount.normalize()
    places = max(-int(whole.as_tuple().exponent), 0)
    return f"{whole:,.{places if places != 1 else 2}f}"
