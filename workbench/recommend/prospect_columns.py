"""What is said of a listener and an item before the listener comes to it: columns and facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.factors import ALS
from workbench.recommend.halves import Half, alike, mean_rows
from workbench.recommend.linear import Ease
from workbench.recommend.lookalike import LookAlike
from workbench.recommend.model import listeners_of
from workbench.recommend.reach import seed_size

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DIMENSIONS = 50


@dataclass(frozen=True)
class Models:
    """Parameters of the models; without `linear` there is no linear one."""

    als: ALS
    linear: Ease | None


@dataclass(frozen=True, eq=False)
class State:
    """What is known on a day of listeners and items.

    Attributes
    ----------
    values : profiles, CSR float32 (listeners, items). halves : of the models, by name.
    seeds : listeners of each item. newcomers : those who came in the last window; None untimed.
    found : of each listener, items first heard in that window; None untimed.
    """

    values: csr_matrix
    halves: dict[str, Half]
    seeds: np.ndarray
    newcomers: np.ndarray | None
    found: np.ndarray | None

    def only(self, rows: np.ndarray) -> State:
        """Return the same of some listeners."""
        halves = {name: Half(h.listeners[rows], h.items) for name, h in self.halves.items()}
        found = None if self.found is None else self.found[rows]
        return State(self.values[rows], halves, self.seeds, self.newcomers, found)


def state(values: csr_matrix, models: Models, recent: np.ndarray | None = None) -> State:
    """Return the models fitted on profiles (listeners, items).

    `recent` is Boolean for each pair, whether it began in the last window.
    """
    near, factors = LookAlike(DIMENSIONS).fit(values), models.als.fit(values)
    halves = {
        "look-alike": Half(near.points(values), near.items),
        "ALS": Half(factors.points(values), factors.items),
    }
    if models.linear is not None:
        from scipy.sparse import identity

        weights = models.linear.fit(values).scores(identity(values.shape[1], np.float32, "csr"))
        halves["EASE"] = Half(values, np.ascontiguousarray(weights.T))
    newcomers = found = None
    if recent is not None:
        row = np.repeat(np.arange(values.shape[0]), np.diff(values.indptr))
        newcomers = np.bincount(values.indices[recent], minlength=values.shape[1])
        found = np.bincount(row[recent], minlength=values.shape[0])
    return State(values, halves, listeners_of(values), newcomers, found)


def known_item(now: State, items: np.ndarray) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return columns (listeners, items), what is open, and facts, of items with a seed."""
    from scipy.sparse import identity

    targets = identity(now.values.shape[1], format="csr")[items]
    open_ = now.values[:, items].toarray() == 0
    columns = [half.columns(targets) for half in now.halves.values()]
    columns.append(_of_people(np.diff(now.values.indptr), len(items)))
    size = seed_size(now.seeds[items])
    facts = [size, size**2]
    if now.newcomers is not None:
        columns.append(_of_people(now.found, len(items)))
        facts.append(seed_size(1 + now.newcomers[items]))
    return columns, open_, np.stack(facts, axis=1)


def new_item(
    now: State, own: csr_matrix, like: csr_matrix, features: csr_matrix, described: csr_matrix
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return columns (listeners, songs) and facts of songs that nobody has heard.

    Parameters
    ----------
    own, like : whose mean each song is, CSR (songs, items), rows that sum to 1 or 0: its artist's
        others, those alike in content. An empty row of `own` is taken from `like`.
    features, described : of the items and of the songs, CSR (.., features), rows of length 1.
    """
    has = np.diff(own.indptr) > 0
    stands = mean_rows(own + _rows_where(like, ~has))
    content = Half.of_content(now.values, features)
    columns = [Half(content.listeners, described).columns(_each(described.shape[0]))]
    columns += [now.halves[name].columns(stands) for name in ("look-alike", "ALS")]
    columns.append(now.halves["ALS"].columns(like))
    columns.append((now.values @ own.T).toarray())
    columns.append(_of_people(np.diff(now.values.indptr), described.shape[0]))
    facts = [seed_size(stands @ now.seeds), seed_size(like @ now.seeds), has.astype(float)]
    return columns, np.stack(facts, axis=1)


def stand_ins(
    owner: np.ndarray, known: np.ndarray, features: csr_matrix,
    owners: np.ndarray, described: csr_matrix,
) -> tuple[csr_matrix, csr_matrix]:  # fmt: skip
    """Return `own` and `like` of new songs, see `new_item`.

    Parameters
    ----------
    owner : artist of each item, -1 for none. known : Boolean, items that have listeners.
    owners, described : artists and features of the songs.
    """
    from scipy.sparse import csr_matrix, identity

    same = (owners[:, None] == owner[None, :]) & known & (owners[:, None] >= 0)
    places = np.flatnonzero(known)
    joined = identity(len(owner), format="csr")[places]
    near = alike_songs(described, features, places)
    return mean_rows(csr_matrix(same.astype(float))), mean_rows(near @ joined)


def alike_songs(described: csr_matrix, features: csr_matrix, places: np.ndarray) -> csr_matrix:
    """Return how far items at `places` stand in for songs by content: CSR (songs, places)."""
    from scipy.sparse import vstack

    both = vstack([described, features[places]]).tocsr()
    songs = np.arange(described.shape[0])
    return alike(both, songs, np.arange(described.shape[0], both.shape[0]))


def _rows_where(matrix: csr_matrix, wanted: np.ndarray) -> csr_matrix:
    from scipy.sparse import diags

    return (diags(wanted.astype(float)) @ matrix).tocsr()


def _each(count: int) -> csr_matrix:
    from scipy.sparse import identity

    return identity(count, format="csr")


def _of_people(counts: np.ndarray, items: int) -> np.ndarray:
    """Return a column that says the same of each listener for all items."""
    return np.repeat(np.log1p(counts)[:, None], items, axis=1)
