"""Months, days, quarters and ranges of them as the span of days that they mean."""

import calendar
import datetime
import re
from collections.abc import Callable
from functools import cache

import polars as pl

MONTH_FIRST, DAY_FIRST = "month first", "day first"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_CLOCK = re.compile(r"(?i)[T\s]\s*\d{1,2}:\d{2}.*$")
_BETWEEN = re.compile(r"(?i)\s+(?:-|–|—|to|bis|until|through|à|al?)\s+|--|\s*[–—]\s*")
_SLASHED = re.compile(r"^(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})$")
_SHORT = re.compile(r"^[^\W\d]+\.?\s?['’-]\d\d$")  # JUN-26, but July 26 may be a day
Span = tuple[datetime.date, datetime.date]


@cache
def _months() -> dict[str, int]:
    from babel import Locale

    found: dict[str, int] = {}
    for language in reversed(LANGUAGES):
        widths = Locale(language).months["format"]
        for width in ("wide", "abbreviated"):
            found |= {name.casefold().strip("."): n for n, name in widths[width].items()}
    return found | {"sept": 9}


def span(text: str, order: str | None = None) -> Span | None:
    """Return the first and the last day that a text means; None where it is not certain.

    Parameters
    ----------
    text : 2026-07, 07/2026, Jul 2026, 202607, JUN-26, 2026-Q4, a day, a year, or two of them.
    order : “month first” or “day first” in 07/08/2026; without it such a day means nothing.
    """
    whole = _CLOCK.sub("", text.strip()).strip()
    if (one := _one(whole, order)) is not None:
        return one
    for sign in _BETWEEN.finditer(whole):
        ends = _one(whole[: sign.start()].strip(), order), _one(whole[sign.end() :].strip(), order)
        if ends[0] and ends[1] and ends[0][0] <= ends[1][1]:
            return ends[0][0], ends[1][1]
    return None


def _one(text: str, order: str | None) -> Span | None:
    for pattern, read in _FORMS:
        if found := pattern.match(text):
            return read(*found.groups())
    if found := _SLASHED.match(text):
        first, second, year = (int(part) for part in found.groups())
        if order is None and max(first, second) > 12:
            order = DAY_FIRST if first > 12 else MONTH_FIRST
        if order is None:
            return None
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        return _day(_year(year), month, day)
    return _named(text)


def _named(text: str) -> Span | None:
    """Read a month by its name: July 2026, JUN-26, 15 July 2026, Jul 3, 2026."""
    parts = [part for part in re.split(r"[\s,./'-]+", text.casefold()) if part and part != "de"]
    months = [n for part in parts if (n := _months().get(part.strip(".")))]
    numbers = [int(part) for part in parts if part.isascii() and part.isdecimal()]
    if len(months) != 1 or len(months) + len(numbers) != len(parts):
        return None
    if len(numbers) == 1 and 1900 <= numbers[0] <= 2200:
        return _month(numbers[0], months[0])
    if len(numbers) == 1 and _SHORT.match(text):
        return _month(2000 + numbers[0], months[0])
    if len(numbers) == 2 and numbers[0] <= 31:
        return _day(_year(numbers[1]), months[0], numbers[0])
    return None


def _year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _month(year, month) -> Span | None:
    year, month = int(year), int(month)
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        return None
    days = calendar.monthrange(year, month)[1]
    return datetime.date(year, month, 1), datetime.date(year, month, days)


def _quarter(year, quarter) -> Span:
    first, last = _month(year, 3 * int(quarter) - 2), _month(year, 3 * int(quarter))
    return first[0], last[1]


def _day(year, month, day) -> Span | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return (date, date) if 1900 <= date.year <= 2200 else None


_FORMS: tuple[tuple[re.Pattern, Callable[..., Span | None]], ...] = (
    (re.compile(r"^(\d{4})[-/.](\d{1,2})$"), _month),
    (re.compile(r"^((?:19|20|21)\d{2})(0[1-9]|1[0-2])$"), _month),
    (re.compile(r"^(\d{1,2})[-/.](\d{4})$"), lambda month, year: _month(year, month)),
    (re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$"), _day),
    (re.compile(r"^((?:19|20|21)\d{2})(\d{2})(\d{2})$"), _day),
    (re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$"), lambda d, m, y: _day(y, m, d)),
    (re.compile(r"^((?:19|20|21)\d{2})[- ]?[Qq]([1-4])$"), _quarter),
    (re.compile(r"^[Qq]([1-4])[- /]?((?:19|20|21)\d{2})$"), lambda q, y: _quarter(y, q)),
    (re.compile(r"^((?:19|20|21)\d{2})$"), lambda y: (_month(y, 1)[0], _month(y, 12)[1])),
)


def spans(texts: pl.Series, order: str | None = None, *, monthly: bool = False) -> pl.DataFrame:
    """Return start | end (both YYYY-MM-DD text) | period (YYYY-MM, or start/end) of a column.

    Parameters
    ----------
    texts : as `span` takes them. order : of day and month; untold, as the column shows it.
    monthly : the column holds months, so the first day of one stands for all of it.
    """
    distinct = texts.drop_nulls().unique().to_list()
    shown = {DAY_FIRST: 0, MONTH_FIRST: 0}
    for text in distinct:
        if found := _SLASHED.match(_CLOCK.sub("", text.strip()).strip()):
            first, second = int(found[1]), int(found[2])
            shown[DAY_FIRST] += first > 12
            shown[MONTH_FIRST] += second > 12
    certain = [name for name, count in shown.items() if count]
    order = order or (certain[0] if len(certain) == 1 else None)
    read = [span(text, order) for text in distinct]
    if monthly:
        read = [
            _month(s[0].year, s[0].month) if s and s[0] == s[1] and s[0].day == 1 else s
            for s in read
        ]
    columns = {
        "start": [s and s[0].isoformat() for s in read],
        "end": [s and s[1].isoformat() for s in read],
        "period": [s and _period(s) for s in read],
    }
    return pl.DataFrame(
        {
            name: texts.replace_strict(distinct, values, return_dtype=pl.String, default=None)
            for name, values in columns.items()
        },
        schema=dict.fromkeys(columns, pl.String),
    )


def _period(found: Span) -> str:
    start, end = found
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%Y-%m}"
    return f"{start:%Y-%m-%d}/{end:%Y-%m-%d}"
