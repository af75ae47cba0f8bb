"""The season of streams, and of what promotion wins, on the draws of a fit."""

import datetime

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.promotion.plan import friday
from workbench.promotion.points import EDGES
from workbench.promotion.response import season_waves
from workbench.store.artifacts import Fit

YEAR = 52  # weeks


def seasons(fit: Fit, weeks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the season of streams, and of promotion, on the draws: (T, S) each.

    Parameters
    ----------
    weeks : first days, datetime64[D].
    """
    draws = fit.arrays["draws"].astype(np.float64)
    at = {name: slice(*ends) for name, ends in fit.meta["blocks"].items()}
    wave = season_waves(weeks) @ draws[:, at["season"]].T
    ride = draws[:, at["ride"]].T if len(fit.meta["channels"]) else 0.0
    return np.exp(wave), np.exp(wave * ride)


@analysis(reads="promotion")
def season_index(label, *, since: datetime.date | None = None, weeks: int = YEAR) -> pl.DataFrame:
    """Return the season of streams: week (its Friday) | index | low | high (90 %), 1 is the mean.

    Two yearly waves on the posterior draws, so single holidays are not in it. `since` is the first
    week; None takes the one after the data.
    """
    fit = label.fit("promotion")
    after = datetime.date.fromisoformat(fit.meta["last_week"]) + datetime.timedelta(weeks=1)
    first = friday(since) if since else after
    days = np.arange(YEAR) * 7 + np.datetime64(first, "D")
    mean = seasons(fit, days)[0].mean(0)
    days = np.arange(weeks) * 7 + np.datetime64(first, "D")
    low, middle, high = np.quantile(seasons(fit, days)[0] / mean, EDGES, axis=1)
    return pl.DataFrame({"week": days, "index": middle, "low": low, "high": high})
