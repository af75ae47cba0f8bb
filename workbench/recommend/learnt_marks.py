"""What people said of lists, as rows that the next training learns from.

An artifact of rows, appended and never changed, so that the recommender knows which marks it was
made with. What is said of the list of a single listener stays out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.recommend.marks import DISLIKE, LIKE, NOT_HERE, to_learn
from workbench.store import state
from workbench.store.shown_lists import ShownList

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Making

AS_LISTENERS = 10  # a like weighs as much as so many listeners who hold it (assumption)
MOST = 0.1  # of the listeners, whom all marks together may weigh
GONE = "taken back"


def make_feedback(label: Making, *, progress: Callable[[int, int, str], None]) -> None:
    """Take in what was said, and taken back, since the last time: the row artifact "feedback"."""
    home = label.dataset.home
    lists = state.rows(home, ShownList).select("shown", "speaks")
    speaks = pl.col("speaks").fill_null("[]").str.json_decode(pl.List(pl.String))
    new = to_learn(home).join(lists, on="shown", how="left", maintain_order="left").select(
        pl.col("mark").alias("key"), "mark", "audience", pl.col("about").alias("track_id"), "said",
        speaks,
    )  # fmt: skip
    held = label.table("feedback")
    gone = held.join(new, on="mark", how="anti").with_columns(
        pl.format("{} gone", "mark").alias("key"), pl.lit(GONE).alias("said")
    )
    rows = pl.concat([new, gone.select(new.columns)]).join(held, on="key", how="anti")
    if rows.height:
        label.append_rows("feedback", rows)
    progress(1, 1, f"{rows.height} marks taken in")


def standing(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the artifact that were not taken back, in order of key."""
    gone = rows.filter(pl.col("said") == GONE)
    return rows.filter(pl.col("said") != GONE).join(gone, on="mark", how="anti").sort("key")


def as_listeners(rows: pl.DataFrame, tracks: pl.Series, listeners: int) -> csr_matrix | None:
    """Return audiences as listeners to learn from, counts CSR (n, tracks); None without likes.

    One holds once what spoke for the lists of its audience, twice what was liked there, and nothing
    of what was disliked, and stands `AS_LISTENERS` times for each like, all together at most a
    share `MOST` of the `listeners`. Songs that are gone are passed over.
    """
    from scipy.sparse import csr_matrix

    place = {track: n for n, track in enumerate(tracks)}
    found, likes = [], []
    for _, own in standing(rows).group_by("audience", maintain_order=True):
        speaks = own["speaks"].explode().drop_nulls()
        liked, against = (_of(own, *said) for said in ((LIKE,), (DISLIKE, NOT_HERE)))
        count = np.zeros(len(tracks), np.int64)
        count[[place[one] for one in speaks if one in place]] = 1
        count[[place[one] for one in liked if one in place]] = 2
        count[[place[one] for one in against if one in place]] = 0
        known = sum(one in place for one in liked)
        if known and count.any():
            found.append(count)
            likes.append(known)
    if not found:
        return None
    times = AS_LISTENERS * np.array(likes)
    room = max(int(MOST * listeners), len(times))
    times = np.maximum(times * min(1.0, room / times.sum()), 1).astype(np.int64)
    return csr_matrix(np.repeat(np.array(found), times, axis=0))


def _of(rows: pl.DataFrame, *said: str) -> list[str]:
    return rows.filter(pl.col("said").is_in(said))["track_id"].to_list()


@analysis(optional="feedback")
def taken_in(label) -> pl.DataFrame:
    """Return the marks that the next recommender would be made with already.

    Returns
    -------
    mark, sorted
    """
    return standing(label.table("feedback")).select("mark").sort("mark")
