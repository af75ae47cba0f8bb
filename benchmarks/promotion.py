"""Promotion and sales against published figures: python -m benchmarks.promotion.

The CDNOW cohort (a music retailer; 2,357 buyers, 39 weeks to learn from and 39 to foretell): the
parameters that the papers print, and how many repeat purchases each buyer made afterwards.

Video recorders sold from 1980 to 1989, a year each: the Bass parameters that R's nls prints for
them. Beside it, what the curve is worth for a shop: pieces of each product of the sample in its
last six periods of four weeks, told by those before, against as many as in the six before.

The Philippine Top 200 by week (whole weeks; public, without a licence for more than tests): streams
1, 4 and 8 weeks ahead in the last 40 % of the weeks, by a regression that saw none of them; with
and without how weeks end by their days. Origins are all weeks with four known up to them and the
week asked for.
"""

import datetime
import time
from itertools import product

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, show
from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.listening import ahead
from workbench.sales import bass, bg_nbd, gamma_gamma, pareto_nbd
from workbench.sales.histories import Histories
from workbench.settings import settings

FOLDER = "promotion/cdnow"
LEARNT_UNTIL = datetime.date(1997, 9, 30)
WEEKS = 39.0
DIGITS = 0.5e-3  # of a parameter, where papers print three digits
PRINTED = {
    bg_nbd: ({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, -9582.4),
    pareto_nbd: ({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, -9595.0),
}
MONEY = {"p": 6.25, "q": 3.74, "gamma": 15.44}
PUBLISHED_MAE = 0.786
RECORDERS = (840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890)  # thousands
BASS = {"total": (6.80, 1e-4), "own": (6.59, 1e3), "others": (0.638, 1.0)}  # printed, times
PERIOD, LATER, LEAST = 28, 6, 40  # days; periods foretold; pieces of a product
CHARTS = "promotion/spotify_daily_ph/daily_charts.parquet"
TEST = 0.4  # of the weeks, the last
WAPE = {1: 0.05, 4: 0.13, 8: 0.195}
COVERED = (0.88, 0.92)
WHOLE = 8  # weeks that a song must stay for the second way of counting


def cohort() -> tuple[Histories, np.ndarray, pl.DataFrame]:
    """Return histories, purchases of the later 39 weeks (n,), and mean repeat orders."""
    folder = settings().public_data / FOLDER
    summary = pl.read_csv(folder / "cdnow_customers_summary.csv").sort("ID")
    held = Histories(*(summary[name].to_numpy().astype(float) for name in
                       ("frequency", "recency", "T")))  # fmt: skip
    lines = pl.read_csv(
        folder / "cdnow_transactions.csv", schema_overrides={"date": pl.String}
    ).with_columns(pl.col("date").str.to_date("%Y%m%d"))
    orders = lines.group_by("id", "date").agg(pl.col("spent").sum()).sort("id", "date")
    first = orders.group_by("id").agg(pl.col("date").min().alias("first"))
    later = orders.filter(pl.col("date") > LEARNT_UNTIL).group_by("id").len()
    came = summary.select(id="ID").join(later, on="id", how="left", maintain_order="left")
    again = (
        orders.filter(pl.col("date") <= LEARNT_UNTIL)
        .join(first, on="id")
        .filter(pl.col("date") > pl.col("first"))
        .group_by("id")
        .agg(pl.len().alias("orders"), pl.col("spent").mean().alias("mean"))
        .filter(pl.col("mean") > 0)
        .sort("id")
    )
    return held, came["len"].fill_null(0).to_numpy().astype(float), again


def diffusion() -> list[Figure]:
    """Return how far Bass's parameters lie from the printed ones, and its error in a shop."""
    found = bass.fitted(np.array(RECORDERS, float))
    figures = []
    for name, (printed, times) in BASS.items():
        off = abs(getattr(found, name) * times - printed)
        figures.append(
            Figure(f"video recorders, Bass {name}, off the printed {printed}", off,
                   goal=DIGITS if printed < 1 else 10 * DIGITS)
        )  # fmt: skip
    lines = open_dataset("sample", rows=True).scan("purchases")
    back = (pl.col("purchased_at").max() - pl.col("purchased_at")).dt.total_days() // PERIOD
    sold = (
        lines.with_columns(back=back).group_by("product_id", "back").agg(pl.col("quantity").sum())
    ).collect()
    told, before, came = [], [], []
    for _, rows in sorted(sold.group_by("product_id")):
        pieces = np.zeros(rows["back"].max() + 1)
        pieces[-1 - rows["back"].to_numpy()] = rows["quantity"].to_numpy()
        if pieces.sum() < LEAST:
            continue
        try:
            curve = bass.fitted(pieces[:-LATER])
        except NotEnoughEvidence:
            continue
        told.append(curve.sold(len(pieces)) - curve.sold(len(pieces) - LATER))
        before.append(pieces[-2 * LATER : -LATER].sum())
        came.append(pieces[-LATER:].sum())
    errors = [float(np.abs(np.array(one) - came).sum() / sum(came)) for one in (told, before)]
    name = f"sample, last periods of {len(came)} products by Bass, WAPE (anchor: as before)"
    figures.append(Figure(name, errors[0], anchor=errors[1]))
    return figures


def charts() -> tuple[np.ndarray, np.ndarray]:
    """Return streams by week and of its last day, (tracks, weeks); NaN where it is not whole."""
    daily = pl.read_parquet(settings().public_data / CHARTS).unique(["date", "track_id"])
    day = (pl.col("date") - pl.col("date").min()).dt.total_days()
    weekly = (
        daily.with_columns(week=day // 7, last=pl.col("streams") * (day % 7 == 6))
        .group_by("track_id", "week")
        .agg(pl.len().alias("days"), pl.col("streams", "last").sum())
        .filter(pl.col("days") == 7)
        .with_columns(row=pl.col("track_id").rank("dense").cast(pl.Int64) - 1)
    )
    found = np.full((2, weekly["row"].max() + 1, weekly["week"].max() + 1), np.nan)
    row, week = (weekly[name].to_numpy() for name in ("row", "week"))
    found[:, row, week] = weekly.select("streams", "last").to_numpy().T
    return found[0], found[1]


def foretold() -> list[Figure]:
    """Return the weighted error and the coverage of the intervals, by horizon."""
    streams, last = charts()
    level, cut = ahead.logs(streams), int(streams.shape[1] * (1 - TEST))
    by_days = ahead.Weeks(level, 0, ahead.endings(streams, last))
    figures = []
    for (weeks, goal), shown in product(WAPE.items(), (by_days, ahead.Weeks(level, 0))):
        fit = ahead.fitted(shown.until(cut), weeks)
        series, week = ahead.origins(level)
        asked = (week >= cut) & (week + weeks < streams.shape[1])
        series, week = series[asked], week[asked]
        came = streams[series, week + weeks]
        known = np.isfinite(came)
        series, week, came = series[known], week[known], came[known]
        growth = fit.growth(ahead.features(shown, series, week))
        now = level[series, week]
        told = np.exp(now + growth) - ahead.OFFSET
        naive = np.abs(streams[series, week] - came).sum() / came.sum()
        off = np.log(came + ahead.OFFSET) - now - growth
        inside = ((off >= fit.low) & (off <= fit.high)).mean()
        name = f"chart, {weeks} weeks ahead{'' if shown is by_days else ' by weeks alone'}"
        whole = week + WHOLE < streams.shape[1]
        ahead_of = np.minimum(week[:, None] + np.arange(1, WHOLE + 1), streams.shape[1] - 1)
        whole &= np.isfinite(streams[series[:, None], ahead_of]).all(axis=1)
        missed = np.abs(told - came)
        figures += [
            Figure(f"{name}, WAPE (anchor: as now)", float(missed.sum() / came.sum()),
                   anchor=float(naive), goal=goal),
            Figure(f"{name}, of songs that stay {WHOLE} weeks, WAPE",
                   float(missed[whole].sum() / came[whole].sum())),
            Figure(f"{name}, 90 % interval covers at least", float(inside), goal=COVERED[0],
                   more_is_better=True),
            Figure(f"{name}, 90 % interval covers at most", float(inside), goal=COVERED[1]),
        ]  # fmt: skip
    return figures


def main() -> None:
    """Fit the models of the papers, foretell the later half, and the later weeks of a chart."""
    options(__doc__.splitlines()[0])
    held, came, again = cohort()
    figures: list[Figure] = []
    for module, (printed, likelihood) in PRINTED.items():
        began = time.perf_counter()
        model = module.fitted(held)
        took = time.perf_counter() - began
        for name, value in zip(module.PARAMETERS, model.estimate.values, strict=True):
            off = float(abs(value - printed[name]))
            figures.append(
                Figure(f"CDNOW {module.NAME} {name}, off the printed {printed[name]}", off,
                       goal=10 * DIGITS if printed[name] >= 10 else DIGITS)
            )  # fmt: skip
        off = float(abs(model.estimate.log_likelihood - likelihood))
        figures.append(
            Figure(f"CDNOW {module.NAME} log-likelihood, off {likelihood}", off, goal=0.05)
        )
        told = model.expected(held, WEEKS)
        error = float(np.abs(told - came).mean())
        figures += [
            Figure(
                f"CDNOW {module.NAME} holdout MAE", error, anchor=PUBLISHED_MAE,
                goal=PUBLISHED_MAE,
            ),
            Figure(
                f"CDNOW {module.NAME} repeat purchases foretold", float(told.sum()),
                anchor=float(came.sum()),
            ),
            measured(f"CDNOW {module.NAME} fit", [took], "s"),
        ]  # fmt: skip
    naive = held.frequency / held.age * WEEKS
    figures.append(
        Figure("CDNOW going on at the past rate, MAE", float(np.abs(naive - came).mean()))
    )
    money = gamma_gamma.fitted(again["orders"].to_numpy().astype(float), again["mean"].to_numpy())
    for (name, printed), value in zip(MONEY.items(), money.estimate.values, strict=True):
        off = float(abs(value - printed))
        figures.append(
            Figure(f"CDNOW Gamma-Gamma {name}, off the printed {printed}", off, goal=0.005)
        )
    show("Promotion and sales", figures + diffusion() + foretold())


if __name__ == "__main__":
    main()
