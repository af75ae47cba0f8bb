"""Text becomes numbers, truth values and lists; a guess is said, what is unclear is refused.

Each function takes the column of text and returns a `Cast`: expressions, of which `problem` and
`change` are null where there is nothing to say.
"""

import json
from dataclasses import dataclass

import polars as pl

# Texts that stand for “nothing” in columns of numbers, dates and truth values. In a column of
# text they are words: there are artists named NULL, and NA is Namibia.
MISSING = ("", "nan", "null", "none", "n/a", "na", "#n/a", "-", "--", "–", "nil")
TRUE, FALSE = ("true", "yes", "y", "t", "1"), ("false", "no", "n", "f", "0")
APOSTROPHE = r"^'([=+\-@\t\r])"

GROUPED_POINT = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
GROUPED_COMMA = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"
PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
# Without a word on the decimal sign only these are certain: both signs, or one that repeats, or a
# comma that is not followed by three digits.
SURE_POINT_GROUPS = r"^[+-]?(\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,(\d{1,2}|\d{4,}))$"
ONE_GROUP = r"^[+-]?\d{1,3}\.\d{3}$"
SURE_COMMA_GROUPS = r"^[+-]?(\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})$"


@dataclass(frozen=True, eq=False)
class Cast:
    """A column as typed values, what is wrong with a cell, and what was changed in one.

    `plain` reads just the cells that leave nothing to say, in a fraction of the time, and gives
    them the same values; None where there is no quicker way.
    """

    value: pl.Expr
    problem: pl.Expr
    change: pl.Expr
    plain: pl.Expr | None = None


def nothing() -> pl.Expr:
    """Return no problem and no change."""
    return pl.lit(None, pl.String)


def bare(raw: pl.Expr) -> pl.Expr:
    """Return a cell without spaces around it; what stands for nothing is null."""
    text = raw.str.replace(APOSTROPHE, "$1").str.strip_chars()
    return pl.when(~text.str.to_lowercase().is_in(MISSING)).then(text)


def unread(text: pl.Expr, value: pl.Expr, reason: str) -> pl.Expr:
    """Return `reason` where there is text and no value came of it."""
    return pl.when(text.is_not_null() & value.is_null()).then(pl.lit(reason))


def words(raw: pl.Expr) -> Cast:
    """Return text without spaces around it; empty text is null."""
    whole = raw.str.replace(APOSTROPHE, "$1")
    text = whole.str.strip_chars()
    change = (
        pl.when(whole != raw)
        .then(pl.lit("a spreadsheet's leading apostrophe cut"))
        .when(text != whole)
        .then(pl.lit("spaces around it cut"))
    )
    return Cast(pl.when(text != "").then(text), nothing(), change)


def verbatim(raw: pl.Expr) -> Cast:
    """Return text exactly as it stands."""
    return Cast(raw, nothing(), nothing())


def _plain_number(raw: pl.Expr, decimal: str | None) -> tuple[pl.Expr, pl.Expr]:
    """Return the cell without spaces and currency, and its number with a decimal point."""
    cell = bare(raw)
    text = (
        cell.str.replace_all(r"^[A-Z]{3}\s|\s[A-Z]{3}$|[€$£¥]", "")
        .str.replace_all(r"[\s\u{a0}\u{202f}'’]", "")
        .str.replace(r"^\((.+)\)$", "-$1")
    )
    points = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    commas = text.str.replace_all(",", "", literal=True)
    if decimal == ",":
        number = pl.when(text.str.contains(GROUPED_POINT)).then(points)
    elif decimal == ".":
        number = (
            pl.when(text.str.contains(PLAIN))
            .then(text)
            .when(text.str.contains(GROUPED_COMMA))
            .then(commas)
        )
    else:
        # 1.234 is one and a bit, but not in a column that writes 1.234,56 elsewhere
        unsure = text.str.contains(SURE_POINT_GROUPS).any() & text.str.contains(ONE_GROUP)
        number = (
            pl.when(text.str.contains(PLAIN) & ~unsure)
            .then(text)
            .when(text.str.contains(SURE_POINT_GROUPS))
            .then(points)
            .when(text.str.contains(SURE_COMMA_GROUPS))
            .then(commas)
        )
    return cell, number


def number(
    raw: pl.Expr, dtype: pl.DataType, *, decimal: str | None = None, multiply: float | None = None,
    decimals: int | None = None,
) -> Cast:  # fmt: skip
    """Return numbers of a type.

    Parameters
    ----------
    raw : the text. dtype : Int64, Float64 or a Decimal. decimal : the decimal sign where it is
        known; without it 1,234 is refused, as nobody can tell what it is. multiply : by this.
    decimals : digits that are enough, so that rounding to them is no change worth telling.
    """
    cell, plain = _plain_number(raw, decimal)
    scale = getattr(dtype, "scale", None)
    unclear = "is no number, or one that can be read in two ways (say the decimal sign)"
    problem = pl.when(cell.is_not_null() & plain.is_null()).then(pl.lit(unclear))
    told = pl.lit("a number with separators or a currency sign, read as a plain one")
    change = pl.when((plain != cell) & pl.lit(decimal is None)).then(told)
    if multiply is not None:
        value = _within(plain.cast(pl.Float64, strict=False) * multiply, dtype)
        lost = plain.is_not_null() & value.is_null()
        problem = pl.when(lost).then(pl.lit("is too large")).otherwise(problem)
        value = value.round(0 if dtype.is_integer() else (scale if scale is not None else 12))
        return Cast(value.cast(dtype, strict=False), problem, change)
    if dtype.is_integer():
        whole = plain.str.replace(r"\.0*$", "")
        problem = (
            pl.when(plain.str.contains("[eE]"))
            .then(pl.lit("has lost digits in a spreadsheet"))
            .when(whole.str.contains(".", literal=True))
            .then(pl.lit("is not a whole number"))
            .when(plain.is_not_null() & whole.cast(dtype, strict=False).is_null())
            .then(pl.lit("is too large"))
            .otherwise(problem)
        )
        return Cast(whole.cast(dtype, strict=False), problem, change, raw.cast(dtype, strict=False))
    value = plain.cast(pl.Float64, strict=False)
    if scale is not None:
        exact = plain.cast(dtype, strict=False)
        value = pl.coalesce(exact, _within(value, dtype).round(scale).cast(dtype, strict=False))
        if decimals is None:
            longer = plain.str.contains(rf"\.\d{{{scale}}}\d*[1-9]|[eE]-")
            change = pl.when(longer).then(pl.lit(f"rounded to {scale} decimals")).otherwise(change)
    fits = value.is_not_null() & (value.is_finite() if scale is None else pl.lit(True))
    problem = pl.when(plain.is_not_null() & ~fits).then(pl.lit("is too large")).otherwise(problem)
    return Cast(value, problem, change)


def _within(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Leave out numbers that a type cannot hold: casting them would be an error, not null."""
    limit = 9.2e18 if dtype.is_integer() else float("inf")
    if dtype == pl.Decimal:
        limit = 10.0 ** (dtype.precision - dtype.scale)
    return pl.when(value.abs() < limit).then(value)


def truth(raw: pl.Expr) -> Cast:
    """Return truth values of yes and no, true and false, 1 and 0."""
    text = bare(raw).str.to_lowercase()
    value = pl.when(text.is_in(TRUE)).then(True).when(text.is_in(FALSE)).then(False)
    return Cast(value, unread(text, value, "is neither yes nor no"), nothing())


def several(raw: pl.Expr, dtype: pl.List, *, split: str | None = None) -> Cast:
    """Return lists: JSON lists, or text parted by `split` (a comma unless told)."""
    text = raw.str.strip_chars()
    value = text.map_elements(
        lambda cell: _items(cell, split or ","), return_dtype=pl.String, skip_nulls=True
    ).str.json_decode(dtype)
    return Cast(value, unread(text, value, "is no list"), nothing())


def _items(cell: str, split: str) -> str | None:
    if cell.startswith("["):
        try:
            items = json.loads(cell)
        except ValueError:
            items = None
        if isinstance(items, list):
            return json.dumps([i if isinstance(i, dict) else str(i) for i in items])
    return json.dumps([part.strip() for part in cell.split(split) if part.strip()])
