"""Identifiers of recordings, works, products and people: one normal form each, checked by rule.

A function takes a text expression and returns its normal form, null where the text breaks the
rule, so that two spellings of one number compare equal. `problem` says what is wrong, `warning`
what is odd but kept: lists of prefixes age, and a new one is no error.

Sources: ISO 3901 (ISRC), GS1 General Specifications (GTIN), ISO 15707 (ISWC), ISO 27729 (ISNI),
CISAC (IPI). python-stdnum checks ISRC prefixes, EAN, ISNI and GRid; it has no ISWC and no IPI.
"""

from collections.abc import Callable

import polars as pl

_NOISE = r"[\s\p{Pd}\x{2212}._/:'\"]"
_EMPTY = ("", "N/A", "NA", "NONE", "NULL", "-", "--", "0")


def isrc(text: pl.Expr) -> pl.Expr:
    """Return ISRCs as twelve characters, such as GBAYE6800011; there is no check digit."""
    return _kept(_bare(text, "ISRC"), r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$")


def upc(text: pl.Expr) -> pl.Expr:
    """Return UPC, EAN and GTIN as 13 digits, or 14 where the first one names a package.

    UPC-12 and EAN-13 with a zero in front are one product, and so they get one form. Zeros that a
    spreadsheet took away are put back where the check digit then agrees.
    """
    from stdnum import ean

    digits = _bare(text.str.replace(r"[.,]0+\s*$", ""), "GTIN|UPC|EAN|ICPN|BARCODE")
    padded = _kept(digits, r"^[0-9]{10,14}$").str.zfill(14)
    whole = _kept(padded, "[1-9]")
    short = whole.str.strip_prefix("0")
    form = pl.when(whole.str.starts_with("0")).then(short).otherwise(whole)
    return _accepted(form, ean.is_valid)


def iswc(text: pl.Expr) -> pl.Expr:
    """Return ISWCs as T and ten digits, such as T0345246801; the last digit is a check."""
    form = _kept(_bare(text, "ISWC"), r"^T[0-9]{10}$")
    return pl.when(_digit(form, 10) == _tens(form, start=1)).then(form)


def ipi_base(text: pl.Expr) -> pl.Expr:
    """Return IPI base numbers as I, nine digits and a check, such as I-000000229-7."""
    form = _kept(_bare(text, "IPI"), r"^I[0-9]{10}$")
    written = pl.format("I-{}-{}", form.str.slice(1, 9), form.str.slice(10, 1))
    return pl.when(_digit(form, 10) == _tens(form, start=2)).then(written)


def ipi(text: pl.Expr) -> pl.Expr:
    """Return IPI name numbers (CAE) as eleven digits; the last two are a check, zeros come back."""
    form = _kept(_bare(text, "IPI|CAE"), r"^[0-9]{9,11}$").str.zfill(11)
    form = _kept(form, "[1-9]")
    total = pl.sum_horizontal(_digit(form, i) * (10 - i) for i in range(9)) % 101
    check = pl.when(total == 0).then(0).otherwise((101 - total) % 100)
    return pl.when(form.str.slice(9, 2).cast(pl.Int64, strict=False) == check).then(form)


def isni(text: pl.Expr) -> pl.Expr:
    """Return ISNIs as sixteen characters; the last one, 0 to 9 or X, is a check."""
    from stdnum import isni as rule

    bare = _bare(text.str.replace(r"(?i)^\s*(https?://)?(www\.)?isni\.org/(isni/)?", ""), "ISNI")
    return _accepted(_kept(_kept(bare, r"^[0-9]{15}[0-9X]$"), "[1-9]"), rule.is_valid)


def grid(text: pl.Expr) -> pl.Expr:
    """Return GRids (Global Release Identifiers) as eighteen characters, the last one a check."""
    from stdnum import grid as rule

    return _accepted(_kept(_bare(text, "GRID"), r"^A1[A-Z0-9]{16}$"), rule.is_valid)


KINDS: dict[str, tuple[Callable[[pl.Expr], pl.Expr], str]] = {
    "isrc": (isrc, "An ISRC has two letters, three letters or digits and seven digits."),
    "upc": (upc, "A UPC or EAN has 12 or 13 digits, the last of which must agree with the rest."),
    "iswc": (iswc, "An ISWC is T and ten digits, the last of which must agree with the rest."),
    "ipi": (ipi, "An IPI name number has 11 digits, the last two of which must agree."),
    "ipi_base": (ipi_base, "An IPI base number is I and ten digits, the last one a check."),
    "isni": (isni, "An ISNI has 16 digits (the last may be X), the last of which must agree."),
    "grid": (grid, "A GRid is A1 and 16 letters or digits, the last of which must agree."),
}


def problem(kind: str, text: pl.Expr) -> pl.Expr:
    """Return what is wrong with each identifier, null where nothing is or nothing is given."""
    form, rule = KINDS[kind]
    given = text.str.strip_chars().str.to_uppercase()
    return pl.when(text.is_not_null() & ~given.is_in(_EMPTY) & form(text).is_null()).then(
        pl.lit(rule)
    )


def warning(kind: str, text: pl.Expr) -> pl.Expr:
    """Return what is odd about each identifier that is kept; null for most."""
    if kind == "isrc":
        prefix = isrc(text).str.slice(0, 2)
        known = _accepted(prefix, _known_prefix)
        said = pl.format(
            "“{}” is no ISRC prefix known here; it may be newer than this list.", prefix
        )
        return pl.when(prefix.is_not_null() & known.is_null()).then(said)
    if kind == "upc":
        written = text.str.replace(r"[.,]0+\s*$", "").str.count_matches(r"[0-9]")
        said = pl.lit("Zeros in front were missing and have been put back.")
        return pl.when(upc(text).is_not_null() & (written < 12)).then(said)
    return pl.when(pl.lit(False)).then(text)


def _known_prefix(prefix: str) -> bool:
    from stdnum import isrc as rule

    return rule.is_valid(f"{prefix}AAA0000000")


def _bare(text: pl.Expr, names: str) -> pl.Expr:
    """Take away what people put around and between the characters of an identifier."""
    upper = text.str.normalize("NFKC").str.to_uppercase()
    return upper.str.replace_all(_NOISE, "").str.replace(rf"^({names})\(?([A-Z]*\))?", "")


def _kept(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(pattern)).then(text)


def _accepted(text: pl.Expr, valid: Callable[[str], bool]) -> pl.Expr:
    """Keep the values that a function of one value accepts; it is asked once for each of them."""

    def keep(values: pl.Series) -> pl.Series:
        good = [value for value in values.unique().drop_nulls() if valid(value)]
        return values.to_frame("v").select(
            pl.when(pl.col("v").is_in(pl.Series(good, dtype=pl.String).implode())).then("v")
        )["v"]

    return text.map_batches(keep, return_dtype=pl.String)


def _digit(text: pl.Expr, place: int) -> pl.Expr:
    return text.str.slice(place, 1).cast(pl.Int64, strict=False)


def _tens(form: pl.Expr, *, start: int) -> pl.Expr:
    """Return the check digit of a letter and nine digits, weighted one to nine."""
    total = pl.sum_horizontal(_digit(form, i) * i for i in range(1, 10)) + start
    return (10 - total % 10) % 10
