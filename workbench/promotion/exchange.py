"""What money of the lab is worth in another currency, by the label's own rates."""

import polars as pl

from workbench.analysis import analysis

SCHEMA = {"currency": pl.String(), "rate": pl.Float64(), "day": pl.Date()}


def exchange(rates: pl.DataFrame, of: str, into: str) -> float | None:
    """Return what one unit of a currency is worth in another by the latest rates; None unknown.

    Parameters
    ----------
    rates : the table `fx_rates`, units for one of the home currency, which it need not name.
    """
    if of == into:
        return 1.0
    latest = dict(rates.sort("day").select("currency", "rate").iter_rows())
    unnamed = [one for one in (of, into) if one not in latest]
    if not latest or len(unnamed) > 1:
        return None
    return float(latest.get(into, 1.0)) / float(latest.get(of, 1.0))


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
