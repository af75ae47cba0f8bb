"""Promotion and sales against published figures: python -m benchmarks.promotion.

The CDNOW cohort (a music retailer; 2,357 buyers, 39 weeks to learn from and 39 to foretell): the
parameters that the papers print, and how many repeat purchases each buyer made afterwards.
"""

import datetime
import time

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, show
from workbench.sales import bg_nbd, gamma_gamma, pareto_nbd
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


def main() -> None:
    """Fit the models of the papers and foretell the later half."""
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
    show("Promotion and sales", figures)


if __name__ == "__main__":
    main()
