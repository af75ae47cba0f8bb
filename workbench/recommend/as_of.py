"""The recommender as it would have been on a day: made of what was streamed before it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.profiles import added
from workbench.audience.streamed import Streamed, streamed
from workbench.recommend.blend import Blended
from workbench.recommend.content import Likeness
from workbench.recommend.factors import ALS
from workbench.recommend.linear import Ease
from workbench.recommend.model import listeners_of
from workbench.recommend.prior import WithPrior, stand_ins
from workbench.recommend.profile import by_place
from workbench.recommend.recommender import fitted, recommender

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import View

PARTS = ("who plays what", "axes of taste", "songs alike")  # what the parts of the blend go by


def as_of(label: View, day: datetime.date | None) -> Blended:
    """Return the blend of the recommender, its parts the last of `PARTS`.

    With `day` None as it was made; else fitted again on plays before the day, streams alone, with
    the parameters and weights that were chosen on all plays. Where it has no linear model, as above
    5,000 songs, content alone answers: the others would take minutes to fit again.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        As `recommender`.
    """
    known, fit = recommender(label), fitted(label)
    if fit.meta["linear"] is None:
        return Blended(known.blend.parts[-1:])
    if day is None:
        return known.blend
    from threadpoolctl import threadpool_limits

    counts = counts_before(streamed(label), known.tracks, day)
    values, sources = by_place(counts), stand_ins(listeners_of(counts), fit.arrays["owner"])
    with threadpool_limits(1, "blas"):
        learnt = [Ease(**fit.meta["linear"]).fit(values), ALS(**fit.meta["als"]).fit(values)]
    models = [*(WithPrior(one, sources) for one in learnt), Likeness(known.features)]
    return Blended(tuple(zip(models, fit.meta["weights"], strict=True)))


def counts_before(streams: Streamed, tracks: pl.Series, day: datetime.date) -> csr_matrix:
    """Return streams before a day, CSR int64 (listeners who had any, `tracks`)."""
    column = columns_of(streams, tracks)[streams.track]
    kept = (column >= 0) & (streams.day < np.datetime64(day).astype(int))
    shape = (len(streams.listeners), len(tracks))
    found = added(streams.person[kept], column[kept], np.ones(kept.sum(), np.int64), shape)
    return found[np.diff(found.indptr) > 0]


def columns_of(streams: Streamed, tracks: pl.Series) -> np.ndarray:
    """Return the place of each streamed track in `tracks`, -1 where it is none of them."""
    places = pl.Series(range(len(tracks)), dtype=pl.Int64)
    return streams.tracks["track_id"].replace_strict(tracks, places, default=-1).to_numpy()
