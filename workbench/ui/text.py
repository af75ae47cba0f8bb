"""Text from files as a page may show it, and numbers as people read them."""

import math
import re
from collections.abc import Callable

from workbench.charts.theme import percent, short

__all__ = ["digits", "escaped", "money", "percent", "short", "signed", "signed_percent",
           "small_percent", "span", "unbroken"]  # fmt: skip

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:])")


def escaped(text: object) -> str:
    """Return text with Markdown taken as letters: names and lyrics are other people's input."""
    return _MARKDOWN.sub(r"\\\1", str(text))


def unbroken(text: str) -> str:
    """Return text in which a number and its % stay on one line."""
    return text.replace(" %", "\u00a0%")


def signed_percent(share: float | None) -> str | None:
    """Return 0.124 as +12.4 %; None where nothing is known."""
    return None if share is None else f"{round(100 * share, 1) + 0.0:+.1f} %"  # never −0


def signed(value: float, form: Callable[[float], str] = short) -> str:
    """Return a change with its sign, as `form` writes it: 12432 as +12.4k; no sign before zero."""
    if form(abs(value)) == form(0.0):
        return form(0.0)
    return f"{'+' if value > 0 else ''}{form(value)}"


def small_percent(share: float | None) -> str:
    """Return 0.124 as 12 % and 0.0034 as 0.3 %: a decimal where whole percents would be none."""
    return percent(share, 1 if share and abs(share) < 0.01 else 0)


def money(amount: float | None, currency: str) -> str:
    """Return an amount with its currency; a dash where nothing is known."""
    return "–" if amount is None else f"{short(amount)} {currency}"


def digits(value: float, like: float | None = None) -> str:
    """Return 0.0243 as 0.024 and 0.000123 as 0.00012: two digits that tell, without exponent.

    Parameters
    ----------
    like : the number beside which it stands, whose decimals it gets.
    """
    size = abs(value if like is None else like)
    places = 3 if size >= 0.01 or size == 0 else 1 - math.floor(math.log10(size))
    return f"{round(value, places) + 0.0:.{places}f}"  # never −0


def span(low: float | None, high: float | None) -> str:
    """Return an interval as (10.9k to 14.1k); empty where there is none."""
    return "" if low is None or high is None else f"({short(low)} to {short(high)})"
