"""What sets a group apart: over-index with shrinkage, interval, support and correction.

The affinity index that marketers read (share in the group / share in the population x 100) makes
tiny things win: one listener of a rare artist is an index of 15,000. Here the share is first
drawn to the population's by a prior worth `prior` listeners, and only what survives a false-
discovery correction counts as setting the group apart.
"""

from __future__ import annotations

import numpy as np
import polars as pl

PRIOR = 20.0
MIN_SUPPORT = 10
LEVEL = 0.9
FALSE_DISCOVERIES = 0.05

_SHARE = pl.col("population_count") / pl.col("population")
_IN = pl.col("count") + PRIOR * _SHARE
_NOT_IN = pl.col("size") - pl.col("count") + PRIOR * (1 - _SHARE)
_REST = pl.col("population_count") - pl.col("count") + PRIOR * _SHARE
_NOT_REST = (
    pl.col("population")
    - pl.col("size")
    - pl.col("population_count")
    + pl.col("count")
    + PRIOR * (1 - _SHARE)
)


def overindex(counts: pl.DataFrame, *, min_support: int = MIN_SUPPORT) -> pl.DataFrame:
    """Return the index of each row with its interval and whether it sets the group apart.

    Parameters
    ----------
    counts
        One row per group and thing, with `count` (people of the group who have it), `size`
        (people of the group), `population_count` and `population` (the same for everybody, the
        group included).
    min_support
        Fewer people than this having it in the population, or both in the group and expected
        there: no verdict.

    Returns
    -------
    `counts` plus `share`, `population_share` (0 to 1, unshrunk), `index`, `low`, `high` (100 is
    average; the shrunk index and its 90 % interval), `z` (log-odds against everybody outside the
    group), `q` (false-discovery rate over all supported rows, null without support), `supported`,
    `apart` (supported and q <= 0.05).

    The share is the posterior mean of a binomial with prior Beta(prior p, prior (1 - p)), p the
    population's share, taken as known. Source: Monroe, Colaresi and Quinn 2008, Fightin' Words
    (informative prior, z of the log-odds); Benjamini and Hochberg 1995.
    """
    frame = counts.with_columns(
        (pl.col("count") / pl.col("size")).alias("share"),
        _SHARE.alias("population_share"),
        (100 * _IN / (pl.col("size") + PRIOR) / _SHARE).alias("index"),
        (
            ((_IN / _NOT_IN).log() - (_REST / _NOT_REST).log())
            / (1 / _IN + 1 / _NOT_IN + 1 / _REST + 1 / _NOT_REST).sqrt()
        ).alias("z"),
        (
            (pl.col("population_count") >= min_support)
            & (pl.max_horizontal("count", pl.col("size") * _SHARE) >= min_support)
            # What everybody has, or nobody, has no odds.
            & (pl.col("population_count") < pl.col("population"))
            & (pl.col("size") < pl.col("population"))
        ).alias("supported"),
    )
    frame = frame.with_columns(*_interval(frame), _p_value(frame))
    return (
        frame.with_columns(
            pl.when("supported").then("index"),
            pl.when("supported").then("low"),
            pl.when("supported").then("high"),
            pl.when("supported").then("z"),
            false_discovery_rate(pl.col("p")).alias("q"),
        )
        .with_columns((pl.col("q") <= FALSE_DISCOVERIES).fill_null(False).alias("apart"))
        .drop("p")
    )


def _interval(frame: pl.DataFrame) -> list[pl.Series]:
    """Return the quantiles of the Beta posterior as index points."""
    from scipy.special import betaincinv

    a, b, share = (frame.select(e.alias("v"))["v"].to_numpy() for e in (_IN, _NOT_IN, _SHARE))
    tail = (1 - LEVEL) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (100 * betaincinv(a, b, q) / share for q in (tail, 1 - tail))
    return [pl.Series("low", low).fill_nan(None), pl.Series("high", high).fill_nan(None)]


def _p_value(frame: pl.DataFrame) -> pl.Series:
    """Return the two-sided p of z; null without support, so such a row costs the others nothing."""
    from scipy.special import ndtr

    p = 2 * ndtr(-np.abs(frame.get_column("z").to_numpy()))
    return pl.Series("p", np.where(frame.get_column("supported").to_numpy(), p, np.nan)).fill_nan(
        None
    )


def false_discovery_rate(p: pl.Expr) -> pl.Expr:
    """Return the Benjamini-Hochberg q: the smallest p x n / rank over all that are as large."""
    ratio = p * p.count() / p.rank("max")
    order = p.arg_sort(nulls_last=True)
    return ratio.gather(order).cum_min(reverse=True).gather(order.arg_sort())


def judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Add q and apart, from z (two-sided, null without support), and round z and q to be shown.

    To whole ones and hundredths: finer, they change with any one person, and of two filters that
    differ by one the signs of the changes tell whom that person hears.
    """
    from scipy.special import ndtr

    p = 2 * ndtr(-np.abs(frame["z"].cast(pl.Float64).to_numpy()))
    found = frame.with_columns(pl.Series("q", p).fill_nan(None), pl.col("z").round())
    found = found.with_columns(false_discovery_rate(pl.col("q")))
    apart = (pl.col("q") <= FALSE_DISCOVERIES).fill_null(False).alias("apart")
    return found.with_columns(apart, pl.col("q").round(2))


def share_interval(count: pl.Expr, size: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the 90 % Wilson interval of count / size, a share of a sample (Wilson 1927)."""
    z = 1.6448536269514722
    share = count / size
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * (share * (1 - share) / size + z * z / (4 * size * size)).sqrt()
    return middle - half, middle + half
