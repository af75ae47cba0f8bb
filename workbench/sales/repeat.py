"""The likeliest model of repeat orders, and how it tracks the past."""

from __future__ import annotations

import contextlib
import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence
from workbench.sales import bg_nbd, nbd, pareto_nbd
from workbench.sales.histories import Histories

if TYPE_CHECKING:
    Model = bg_nbd.BgNbd | pareto_nbd.ParetoNbd | nbd.Nbd

LEARN = 20_000  # buyers that parameters are learnt from; more do not change them


def likeliest(held: Histories) -> list[Model]:
    """Return the models of these buyers, the likelier first: by Akaike's criterion.

    Where the histories do not say that anybody stops, NBD stands alone: Pareto/NBD, which takes
    long then, is not tried once BG/NBD has not settled.

    Raises
    ------
    NotEnoughEvidence
        None settles.
    """
    if len(held) > LEARN:
        held = held.of(np.random.default_rng(0).choice(len(held), LEARN, replace=False))
    fits = [nbd.fitted(held)]
    with contextlib.suppress(NotEnoughEvidence):
        fits.append(bg_nbd.fitted(held))
        fits.append(pareto_nbd.fitted(held))
    return sorted(fits, key=lambda fit: len(fit.parameters) - fit.estimate.log_likelihood)


def tracked(
    model: Model, held: Histories, sold: pl.DataFrame, until: datetime.date,
    weeks: int, min_group: int,
) -> pl.DataFrame:  # fmt: skip
    """Return week | actual | expected of repeat orders, whole weeks back from `until`, and ahead.

    What is past is expected of people who are known by nothing but their first order; what is to
    come, of their whole history.
    """
    longest = int(held.age.max())
    ends = np.arange(longest + 1)  # weeks before `until`
    ages = held.age[None, :] - ends[:, None]
    sofar = np.zeros(ages.shape)
    fresh = np.unique(np.maximum(ages, 0.0))
    blank = Histories(*np.zeros((3, 1)))
    sofar = np.interp(ages, fresh, [model.expected(blank, one)[0] if one else 0.0 for one in fresh])
    past = (sofar[:-1] - sofar[1:]).sum(axis=1)
    people = (ages[:-1] > 0).sum(axis=1)
    ahead = np.diff([0.0, *(model.expected(held, float(w + 1)).sum() for w in range(weeks))])
    first = sold.group_by("listener_id").agg(pl.col("day").min().alias("first"))
    again = (
        sold.join(first, on="listener_id")
        .filter(pl.col("day") > pl.col("first"))
        .select(((pl.lit(until) - pl.col("day")).dt.total_days() // 7).alias("back"))
    )
    seen = np.bincount(again["back"].to_numpy(), minlength=longest + 1)[:longest]
    day = [until + datetime.timedelta(days=1 - 7 * int(back + 1)) for back in range(longest)]
    frame = pl.DataFrame({"week": day, "actual": seen, "expected": past, "people": people})
    known = pl.when(pl.col("people") >= min_group).then(pl.col("actual").cast(pl.Int64))
    coming = pl.DataFrame(
        {
            "week": [until + datetime.timedelta(days=1 + 7 * w) for w in range(weeks)],
            "actual": pl.Series([None] * weeks, dtype=pl.Int64),
            "expected": ahead,
        }
    )
    return pl.concat([frame.select("week", known.alias("actual"), "expected"), coming]).sort("week")
