"""The recommender as it would have been on a day: made of what was streamed before it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from workbench.recommend.blend import Blended
from workbench.recommend.content import Likeness
from workbench.recommend.factors import ALS
from workbench.recommend.interactions import interactions
from workbench.recommend.linear import Ease
from workbench.recommend.model import listeners_of
from workbench.recommend.prior import WithPrior, stand_ins
from workbench.recommend.profile import by_place
from workbench.recommend.recommender import fitted, recommender

if TYPE_CHECKING:
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

    counts = interactions(label, before=day).counts
    values, sources = by_place(counts), stand_ins(listeners_of(counts), fit.arrays["owner"])
    with threadpool_limits(1, "blas"):
        learnt = [Ease(**fit.meta["linear"]).fit(values), ALS(**fit.meta["als"]).fit(values)]
    models = [*(WithPrior(one, sources) for one in learnt), Likeness(known.features)]
    return Blended(tuple(zip(models, fit.meta["weights"], strict=True)))
