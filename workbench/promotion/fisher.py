"""Fisher information of the response model in arrow form: one block a track, one shared border.

It is positive definite wherever it is taken, so it serves as Newton matrix and as the covariance
of the Laplace approximation alike.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.promotion.coordinates import Coordinates, appeal, mix
from workbench.promotion.expected import (
    Curves,
    curves,
    logistic,
    on_lists,
    own_curve,
    pushed_slopes,
    stay_slope,
)
from workbench.promotion.lift_terms import add_lift_information
from workbench.promotion.observations import Observed
from workbench.promotion.posterior import SMALL, TAIL, Scatter, scatter_terms, whitened
from workbench.promotion.response import carried, release_curve_slopes, retained


@dataclass(frozen=True, eq=False)
class Arrow:
    """Information matrix.

    Attributes
    ----------
    shared : (Q, Q). own : (N, P, P). cross : (N, P, Q).
    """

    shared: np.ndarray
    own: np.ndarray
    cross: np.ndarray

    @cached_property
    def own_cov(self) -> np.ndarray:
        """Covariance of each track's own parameters, the shared ones given (N, P, P)."""
        return np.linalg.inv(self.own)

    @cached_property
    def follow(self) -> np.ndarray:
        """How the tracks' own parameters follow the shared ones at best (N, P, Q)."""
        return -(self.own_cov @ self.cross)

    @cached_property
    def shared_cov(self) -> np.ndarray:
        """Covariance of the shared parameters, the tracks' own integrated out (Q, Q)."""
        reduced = self.shared + np.einsum("npq,npr->qr", self.cross, self.follow, optimize=True)
        cov = np.linalg.inv(reduced)
        return (cov + cov.T) / 2

    def solve(self, by_shared: np.ndarray, by_own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the Newton step for a gradient."""
        step = self.shared_cov @ (by_shared + np.einsum("npq,np->q", self.follow, by_own))
        return step, (self.own_cov @ by_own[..., None])[..., 0] + self.follow @ step


def information(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> Arrow:
    """Return the Fisher information plus the precision of the priors."""
    state = curves(data, at, shared, own)
    noise, memory, together = scatter_terms(shared, at)
    width, count, tracks = own.shape[1], at.size, len(data.tracks)
    weight = (TAIL + 1) / ((TAIL + 3) * noise**2)
    total = np.diag(1 / at.sd**2)
    blocks = np.zeros((tracks, width, width))
    cross = np.zeros((tracks, width, count))
    for track in range(tracks):
        slopes = _slopes(data, at, shared, own, state, track)
        moved = np.flatnonzero(slopes.any((0, 1)))  # most tracks met one or two channels
        gap = -slopes[..., moved] / (state.mean[:, track, :, None] + SMALL)
        gap *= data.seen[:, track, :, None]
        alone = replace(data, seen=data.seen[:, [track]])
        apart = Scatter(pattern.cells[:, [track]], pattern.follows[:, [track]])
        left, _ = whitened(gap[:, None], alone, apart, together, memory)
        rows = left.reshape(-1, len(moved))
        rows = rows[data.seen[:, track].reshape(-1)]
        square = np.zeros((width + count, width + count))
        square[np.ix_(moved, moved)] = weight * (rows.T @ rows)
        blocks[track] = square[:width, :width] + np.diag(1 / at.own_sd[track] ** 2)
        cross[track] = square[:width, width:]
        total += square[width:, width:]
    seen = data.seen.sum()
    total[at.at["noise"], at.at["noise"]] += 2 * TAIL / (TAIL + 3) * seen
    total[at.at["memory"], at.at["memory"]] += seen * (1 - memory**2)
    total[at.at["together"], at.at["together"]] += 2 * (pattern.cells > 0).sum()
    add_lift_information(data.lifts, at, shared, own, _slopes, total, blocks, cross)
    return Arrow(total, blocks, cross)


def _slopes(
    data: Observed,
    at: Coordinates,
    shared: np.ndarray,
    own: np.ndarray,
    state: Curves,
    track: int,
) -> np.ndarray:
    """Return derivatives of one track's expected streams: (T, K, own and shared parameters)."""
    width, cells = own.shape[1], len(data.cells)
    out = np.zeros((len(data.weeks), cells, width + at.size))
    split = state.season[:, None] * state.split[track]
    base = (state.whole[:, track, None] * split)[..., None]
    listed = state.heard[:, track, None] * split
    one = slice(track, track + 1)
    out[..., 0] = base[..., 0]
    out[..., 4] = base[..., 0] * data.clock[:, one]
    if cells > 1:
        start = mix(len(data.channels)).start
        for cell in range(cells):
            out[:, cell, start + cell] = base[:, cell, 0] + listed[:, cell]
    if listed.any():
        kinds = on_lists(data, at, shared, own)[:, track]
        per_kind = (
            listed[..., None] * (kinds / np.maximum(kinds.sum(1, keepdims=True), 1e-300))[:, None]
        )
        out[..., 5] = listed
        out[..., width + at.at["listing_kind"].start :][..., : kinds.shape[1]] = per_kind
        out[..., width + at.at["listing"].start] = per_kind @ at.counted
    shape = tuple(part[one] for part in own_curve(shared, own, at))
    now = release_curve_slopes(np.maximum(data.age[:, one], 0), *shape)
    then = release_curve_slopes(data.settled[one], *shape)
    for column, name in ((1, "decay"), (2, "floor"), (3, "ramp")):
        slope = base[..., 0] * (now[column - 1] - then[column - 1])
        out[..., column] = slope
        out[..., width + at.at[name].start] = slope
        if name == "decay":
            out[..., width + at.at["decay_genre"].start + at.genre_at[track]] = slope
    season = slice(width + at.at["season"].start, width + at.at["season"].stop)
    pushes = data.pushes
    place = slice(*np.searchsorted(pushes.places, [track * cells, (track + 1) * cells]))
    where = pushes.places[place] - track * cells
    seasonal = base[..., 0] + listed
    seasonal[:, where] += shared[at.at["ride"]].sum() * state.brought[:, place]
    out[..., season] = seasonal[..., None] * data.waves[:, None, :]
    if len(where):
        wave = data.waves @ shared[at.at["season"]]
        out[:, where, width + at.at["ride"].start] = state.brought[:, place] * wave[:, None]
        _add_pushes(data, at, shared, state, track, width, out)
        _add_retention(at, shared, state, place, where, width, out)
    return out


def _add_pushes(data, at, shared, state, track, width, out) -> None:
    pushes, cells = data.pushes, len(data.cells)
    mine = slice(*np.searchsorted(pushes.track, [track, track + 1]))
    dose, cell, by = pushes.dose[mine], pushes.cell[mine], pushes.by[mine]
    bent = pushed_slopes(data, at, shared, state)
    columns = [state.height, *bent]
    columns = np.stack([one[:, dose] * state.size[mine] for one in columns], -1)
    kept, stay = logistic(shared[at.at["kept"]]), np.exp(-np.exp(shared[at.at["leaving"]]))
    full = retained(columns, kept, stay)[0] * state.lift[:, None, None]
    out[:, cell, appeal(len(data.channels)).start + by] += full[..., 0]
    out[:, cell, width + at.at["effect"].start + by] += full[..., 0]
    if len(at.tested):
        tested = np.isin(by, at.tested)
        column = width + at.at["follows"].start + np.searchsorted(at.tested, by[tested])
        out[:, cell[tested], column] += full[:, tested, 0]
    out[:, cell, width + at.at["bend"].start + by] += full[..., 1]
    out[:, cell, width + at.at["carry"].start + by] += full[..., 2]
    if cells > 1:
        out[:, cell, width + at.at["cell"].start + by * cells + cell] += full[..., 0]


def _add_retention(at, shared, state, place, where, width, out) -> None:
    kept, stay = logistic(shared[at.at["kept"]])[0], np.exp(-np.exp(shared[at.at["leaving"]]))[0]
    won, rest, lift = state.won[:, place], state.rest[:, place], state.lift[:, None]
    out[:, where, width + at.at["kept"].start] += lift * rest * (1 - kept)
    fresh = np.zeros_like(rest)
    fresh[1:] = rest[:-1] + kept * won[:-1]
    slope = lift * carried(fresh, stay) * stay_slope(shared[at.at["leaving"]])[0]
    out[:, where, width + at.at["leaving"].start] += slope
