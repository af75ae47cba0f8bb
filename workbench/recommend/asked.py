"""Whom a list is for: an audience, a few songs or one listener, as one profile over all songs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience import rules
from workbench.audience.assigned import assigned
from workbench.errors import BadInput, NotEnoughEvidence, SetUpError
from workbench.parameters import Private
from workbench.recommend.model import listeners_of
from workbench.recommend.profile import SPREAD, by_place
from workbench.settings import settings
from workbench.store.privacy import in_fives

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import View
    from workbench.recommend.recommender import Recommender

WORTH = 1.0 + SPREAD / 2  # of a play, on average


@dataclass(frozen=True, eq=False)
class Asked:
    """An audience.

    Attributes
    ----------
    profile : CSR (1, songs): what speaks. heard : share of the audience that streamed each song,
        float64 (songs,), 0 where few did. people : in the audience (of all listeners, for songs).
    """

    profile: csr_matrix
    heard: np.ndarray
    people: int


def asked(
    label: View, known: Recommender, cluster: int | None, clusters: int | None,
    segment: rules.Segment | None, songs: tuple[str, ...], listener: Private | None,
    countries: tuple[str, ...], min_group: int,
) -> Asked:  # fmt: skip
    """Return the profile of a cluster, a segment, songs, one listener, or of everybody.

    Of all but one listener, only who lives in one of `countries` counts; empty for everywhere.

    Raises
    ------
    BadInput, NotEnoughEvidence, SetUpError
        Two kinds at once, no such cluster, song or listener; fewer than `min_group` people; one
        listener is asked for where the owner has not switched that on.
    """
    from scipy.sparse import csr_matrix

    one = listener is not None
    if sum((cluster is not None, segment is not None, bool(songs), one)) > 1:
        raise BadInput(
            "A list is for a cluster, a segment, songs or a listener, not for two of them."
        )
    if one:
        return _of_one(known, listener.text.strip())
    rows = members(label, known, cluster, clusters, segment, countries, min_group)
    shares = _shares(listeners_of(known.counts[rows]), len(rows), min_group)
    value = WORTH * shares
    if songs:
        places = known.tracks.index_of
        at = [place for song in songs if (place := places(song)) is not None]
        if len(at) < len(songs):
            raise BadInput("A song of the list is not in the catalogue.")
        value = np.zeros(len(shares))
        value[at] = WORTH
    return Asked(csr_matrix(value[None, :].astype(np.float32)), shares, len(rows))


def _of_one(known: Recommender, listener_id: str) -> Asked:
    """Return a listener's own songs, each worth 1 to 3 by its place among them."""
    if not settings().single_listeners:
        raise SetUpError(
            "Lists for one listener are switched off. The owner of this installation switches them "
            "on by WORKBENCH_SINGLE_LISTENERS=1; each opening is logged."
        )
    row = known.listeners.index_of(listener_id)
    if row is None:
        raise BadInput("No listener of this label has that pseudonym and plays.")
    return Asked(by_place(known.counts[[row]]), np.zeros(len(known.tracks)), 1)


def members(
    label: View, known: Recommender, cluster: int | None, clusters: int | None,
    segment: rules.Segment | None, countries: tuple[str, ...], min_group: int,
) -> np.ndarray:  # fmt: skip
    """Return the rows of the listeners of an audience, int64; raises as `asked`."""
    rows = _rows(label, known, cluster, clusters, segment)
    if countries:
        home = label.scan("listeners").filter(pl.col("country").is_in(list(countries)))
        there = home.select("listener_id").collect()["listener_id"]
        rows = rows[known.listeners.gather(rows).is_in(there.implode()).to_numpy()]
    if len(rows) < max(min_group, 1):
        raise NotEnoughEvidence(
            f"Fewer than {min_group} listeners of this audience have plays, too few to show."
        )
    return rows


def _rows(
    label: View, known: Recommender, cluster: int | None, clusters: int | None,
    segment: rules.Segment | None,
) -> np.ndarray:  # fmt: skip
    if cluster is not None:
        _, count, assignment = assigned(label, clusters)
        if not 0 <= cluster < count:
            raise BadInput(f"There is no cluster {cluster + 1}: there are {count}.")
        people = assignment.filter(segment=cluster)["listener_id"]
    elif segment is not None:
        people = rules.inside(label, segment)["listener_id"]
    else:
        return np.arange(len(known.listeners))
    return np.flatnonzero(known.listeners.is_in(people.implode()).to_numpy())


def _shares(listeners: np.ndarray, people: int, min_group: int) -> np.ndarray:
    """Return the share of an audience that streamed each song, 0 where fewer than `min_group` did.

    Both counts are rounded to fives: two audiences that differ by a person must not say so.
    """
    counts = pl.DataFrame({"n": listeners, "people": [people] * len(listeners)})
    rounded = counts.select(in_fives(pl.col("n"), min_group), in_fives(pl.col("people"), min_group))
    share = rounded["n"].to_numpy() / np.maximum(rounded["people"].to_numpy(), 1)
    return np.where(listeners >= max(min_group, 1), np.minimum(share, 1.0), 0.0)
