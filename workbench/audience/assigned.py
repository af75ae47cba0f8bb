"""Who stands in which Taste cluster, and what the clusters are called: read from the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience import properties as having
from workbench.audience import traits as traiting
from workbench.audience.overindex import MIN_SUPPORT
from workbench.audience.profiles import source
from workbench.errors import BadInput, NotEnoughEvidence, NotMade
from workbench.store.privacy import HIDDEN, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.store.artifacts import Fit


def fitted(label: View) -> Fit:
    """Return the fit of the clusters.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        No listening by listener; the clusters are not fitted; too few listeners for any.
    """
    source(label)
    if not label.has("segments"):
        raise NotMade("segments")
    fit = label.fit("segments")
    if not fit.meta["offered"]:
        raise NotEnoughEvidence(fit.meta["why"])
    return fit


def assigned(label: View, count: int | None) -> tuple[Fit, int, pl.DataFrame]:
    """Return the fit, the number of clusters, and listener_id | segment | x | y of everybody.

    `count` is the number wanted, None for the most that stay the same; segment -1 is unassigned.

    Raises
    ------
    BadInput
        A count that is not offered; else as `fitted`.
    """
    fit = fitted(label)
    counts = fit.meta["offered"]
    count = count or fit.meta["chosen"]
    if count not in counts:
        raise BadInput(f"Clusters are offered from {counts[0]} to {counts[-1]}, not {count}.")
    labels = fit.arrays["labels"][:, counts.index(count)].astype(np.int64)
    frame = fit.frames["listeners"].select("listener_id", "x", "y")
    return fit, count, frame.with_columns(pl.Series("segment", labels))


def held_traits(label: View, members: pl.DataFrame, min_group: int) -> tuple[pl.DataFrame, int]:
    """Return every trait of every cluster with its name, and hidden cells; unfiltered."""
    held = having.properties(label, fitted(label).frames["learnt"])
    frame, hidden = _compared(held, members, min_group)
    artists = label.scan("artists").select("artist_id", "name").collect()
    return traiting.named(frame, artists), hidden


def own_traits(label: View, members: pl.DataFrame, min_group: int) -> tuple[pl.DataFrame, int]:
    """Return what `held_traits` does, of an analyst's own columns of listeners.

    They are a family of tests of their own: a column that somebody adds must not change what else
    sets a cluster apart, nor its name.
    """
    frame, hidden = _compared(having.own_properties(label), members, min_group)
    return frame.with_columns(pl.col("key").alias("name")), hidden


def _compared(
    held: pl.DataFrame, members: pl.DataFrame, min_group: int
) -> tuple[pl.DataFrame, int]:
    people = members.select("listener_id", "segment")
    sizes = people.group_by("segment").agg(pl.len().cast(pl.Int64).alias("listeners"))
    closed = suppressed(sizes, "listeners", min_group)[0].filter(HIDDEN)["segment"].to_list()
    counts = traiting.trait_counts(held, people, max(min_group, MIN_SUPPORT))
    return traiting.traits(counts, closed, min_group)
