"""What money is worth in another currency, by the label's own rates: one rule for all money.

Rates are units for one of the home currency. It is the currency that they name at 1, else the only
one of those in question that they do not name. Where they name several not, nobody can say which of
these the rates are for: then none of them has a rate, and what is left out is told.
"""

from collections.abc import Iterable

import polars as pl

from workbench.analysis import analysis

DOLLAR = "USD"  # of published costs and of what platforms take
# A dollar was worth half of one to two of these for twenty years: published costs are off by more.
NEAR = ("AUD", "CAD", "CHF", "EUR", "GBP")
SCHEMA = {"currency": pl.String(), "rate": pl.Float64(), "day": pl.Date()}


def with_home(rates: pl.DataFrame, used: Iterable[str]) -> pl.DataFrame:
    """Return rates (currency | day | rate) with the home currency named, where it can be told.

    Parameters
    ----------
    rates : the table `fx_rates`. used : all currencies in question.
    """
    held = rates.sort("day").select("currency", "day", pl.col("rate").cast(pl.Float64))
    named = set(held["currency"])
    unnamed = sorted({*used} - named)
    steady = held.group_by("currency").agg((pl.col("rate") == 1).all())["rate"]
    if held.is_empty() or steady.any() or len(unnamed) != 1:
        return held
    home = {"currency": unnamed, "day": [held["day"].min()], "rate": [1.0]}
    return pl.concat([held, pl.DataFrame(home, schema=held.schema)]).sort("day")


def worth(rates: pl.DataFrame, used: Iterable[str], into: str) -> dict[str, float]:
    """Return what one unit of each currency is worth in another by the latest rates.

    Parameters
    ----------
    rates : the table `fx_rates`. used : all currencies in question, `into` apart.
    """
    latest = dict(with_home(rates, {*used, into}).select("currency", "rate").iter_rows())
    known = {name: latest[into] / rate for name, rate in latest.items()} if into in latest else {}
    return known | {into: 1.0}


def exchange(rates: pl.DataFrame, of: str, into: str) -> float | None:
    """Return what one unit of a currency is worth in another by the latest rates; None unknown."""
    return worth(rates, (of,), into).get(of)


def dollar(rates: pl.DataFrame, used: Iterable[str], into: str) -> float | None:
    """Return what a US dollar is worth by the latest rates, for published figures.

    Without a rate a currency near to it counts as one for one; of others nothing is known.
    """
    return worth(rates, (*used, DOLLAR), into).get(DOLLAR, 1.0 if into in NEAR else None)


def changed(rows: pl.DataFrame, rates: pl.DataFrame, into: str, *amounts: str) -> pl.DataFrame:
    """Return rows with their amounts in one currency at the latest rates; null where none is known.

    Parameters
    ----------
    rows : with the amounts and their currency. rates : the table `fx_rates`.
    """
    known = worth(rates, rows["currency"].drop_nulls().unique(), into)
    rate = pl.col("currency").replace_strict(known, default=None, return_dtype=pl.Float64)
    return rows.with_columns(pl.col(name).cast(pl.Float64) * rate for name in amounts)


@analysis(reads="promotion", optional="fx_rates")
def other_currencies(label) -> pl.DataFrame:
    """Return what one unit of the model's currency is worth in those that the label has rates of.

    Returns
    -------
    currency | rate (of the last day with one) | day; none where there are no rates
    """
    own = label.fit("promotion").meta["currency"]
    if not label.has("fx_rates"):
        return pl.DataFrame(schema=SCHEMA)
    rates = label.table("fx_rates").select("currency", "day", pl.col("rate").cast(pl.Float64))
    last = rates.group_by("currency").agg(pl.col("day").max()).filter(pl.col("currency") != own)
    rows = [(name, exchange(rates, own, name), day) for name, day in last.iter_rows()]
    found = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return found.drop_nulls("rate").sort("currency")
