"""Why these listeners: the songs of theirs that speak for what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.recommend.asked import WORTH, _shares
from workbench.recommend.model import listeners_of
from workbench.recommend.reasons import facts_of
from workbench.recommend.recommender import recommender

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.recommend.prospect_scores import Scored

SHOWN = 12


def speaking(
    label: View, scored: Scored, chosen: np.ndarray, everybody: np.ndarray, min_group: int
) -> pl.DataFrame:
    """Return the songs that speak most for it among what an audience streams.

    What each adds to the recommender's score is exact, as it is a sum over the profile; a song
    does not speak for itself. Shares are of songs that `min_group` or more of both streamed.

    Parameters
    ----------
    chosen : rows of the audience. everybody : rows of all who were asked.

    Returns
    -------
    name | genre | mood (that leads its lyric) | share | audience | everybody
    """
    from scipy.sparse import csr_matrix

    known = recommender(label)
    own, others = (
        _shares(listeners_of(known.counts[rows]), len(rows), min_group)
        for rows in (chosen, everybody)
    )
    own = np.where(others > 0, own, 0.0)
    profile = csr_matrix((WORTH * own)[None, :].astype(np.float32))
    said = known.blend.said_by(profile, scored.songs).mean(axis=1)
    said[np.isin(profile.indices, scored.songs)] = 0.0
    said = np.maximum(said, 0.0)
    facts = facts_of(label, known).select("name", "genre", "mood")
    frame = facts[profile.indices.tolist()].with_columns(
        pl.Series("share", said / max(said.sum(), 1e-12)),
        pl.Series("audience", own[profile.indices]),
        pl.Series("everybody", others[profile.indices]),
    )
    return frame.sort("share", "name", descending=[True, False]).head(SHOWN)
