"""Fisher information of the response model in arrow form: one block a track, one shared border.

It is positive definite wherever it is taken, so it serves as Newton matrix and as the covariance
of the Laplace approximation alike.
"""

from dataclasses import dataclass
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
    slopes = Slopes(data, at, shared, own, state)
    for track in range(tracks):
        moved, slope = slopes(track)
        weeks = data.seen[:, track].any(1).nonzero()[0]
        gap = slope * (pattern.seen[:, track] / (state.mean[:, track] + SMALL))[..., None]
        left, _ = whitened(gap[:, None], pattern.of_track(track), together, memory)
        rows = left[weeks].reshape(-1, len(moved))
        square = weight * (rows.T @ rows)
        mine = np.searchsorted(moved, width)
        blocks[track][np.ix_(moved[:mine], moved[:mine])] = square[:mine, :mine]
        blocks[track] += np.diag(1 / at.own_sd[track] ** 2)
        common = moved[mine:] - width
        cross[track][np.ix_(moved[:mine], common)] = square[:mine, mine:]
        total[np.ix_(common, common)] += square[mine:, mine:]
    seen = data.seen.sum()
    total[at.at["noise"], at.at["noise"]] += 2 * TAIL / (TAIL + 3) * seen
    total[at.at["memory"], at.at["memory"]] += seen * (1 - memory**2)
    total[at.at["together"], at.at["together"]] += 2 * (pattern.cells > 0).sum()
    add_lift_information(data.lifts, at, shared, own, Slopes, total, blocks, cross)
    return Arrow(total, blocks, cross)


class Slopes:
    """Derivatives of expected streams by the parameters that one track meets."""

    def __init__(self, data: Observed, at: Coordinates, shared, own, state: Curves):
        self.data, self.at, self.shared, self.own, self.state = data, at, shared, own, state
        shape = own_curve(shared, own, at)
        now = release_curve_slopes(np.maximum(data.age, 0), *shape)
        then = release_curve_slopes(data.settled, *shape)
        self.shape = [here - there for here, there in zip(now, then, strict=True)]
        self.lists = on_lists(data, at, shared, own)
        self.bent = pushed_slopes(data, at, shared, state) if len(data.pushes.dose) else ()
        self.kept = logistic(shared[at.at["kept"]])
        self.stay = np.exp(-np.exp(shared[at.at["leaving"]]))

    def __call__(self, track: int) -> tuple[np.ndarray, np.ndarray]:
        """Return which parameters a track meets (M,), and what its streams gain by these (T, K, M).

        Its own parameters stand before the shared ones.
        """
        data, at, state = self.data, self.at, self.state
        cells, pushes = len(data.cells), data.pushes
        mine = slice(*np.searchsorted(pushes.track, [track, track + 1]))
        met = self._met(track, mine)
        out = np.zeros((len(data.weeks), cells, len(met)))
        column = np.full(self.own.shape[1] + at.size, -1)  # of each parameter that is met
        column[met] = np.arange(len(met))
        own, shared = column[: self.own.shape[1]], column[self.own.shape[1] :]

        split = state.season[:, None] * state.split[track]
        base, listed = (one[:, track, None] * split for one in (state.whole, state.heard))
        if data.event_kinds:
            base = base * state.stirred[:, track]
            out[..., shared[at.at["events"]]] = base[..., None] * data.events[:, track]
        out[..., own[0]], out[..., own[4]] = base, base * data.clock[:, track, None]
        if cells > 1:
            every = np.arange(cells)
            out[:, every, own[mix(len(data.channels))]] = base + listed
        if own[5] >= 0:
            kinds = self.lists[:, track]
            part = kinds / np.maximum(kinds.sum(1, keepdims=True), 1e-300)
            per_kind = listed[..., None] * part[:, None]
            out[..., own[5]] = listed
            out[..., shared[at.at["listing_kind"]]] = per_kind
            out[..., shared[at.at["listing"]]] = (per_kind @ at.counted)[..., None]
        for place, name in enumerate(("decay", "floor", "ramp")):
            slope = base * self.shape[place][:, track, None]
            out[..., own[1 + place]] = out[..., shared[at.at[name].start]] = slope
            if name == "decay":
                out[..., shared[at.at["decay_genre"].start + at.genre_at[track]]] = slope
        seasonal = base + listed
        if mine.stop > mine.start:
            here = slice(*np.searchsorted(pushes.places, [track * cells, (track + 1) * cells]))
            where = pushes.places[here] - track * cells
            seasonal[:, where] += self.shared[at.at["ride"]].sum() * state.brought[:, here]
            self._add_pushes(mine, own, shared, out)
            self._add_places(here, where, shared, out)
        out[..., shared[at.at["season"]]] = seasonal[..., None] * data.waves[:, None, :]
        return met, out

    def _met(self, track: int, mine: slice) -> np.ndarray:
        """Return places of the parameters that a track meets, ascending."""
        data, at, channels = self.data, self.at, len(self.data.channels)
        cells = len(data.cells) if len(data.cells) > 1 else 0
        own = [np.arange(5), np.arange(self.own.shape[1])[mix(channels)]]
        genre = at.at["decay_genre"].start + at.genre_at[track]
        one = [at.at[name].start for name in ("decay", "floor", "ramp")]
        shared = [[genre], one]
        shared += [np.arange(at.size)[at.at[name]] for name in ("season", "events")]
        if self.state.heard[:, track].any():
            own.append([5])
            shared += [np.arange(at.size)[at.at[name]] for name in ("listing", "listing_kind")]
        if mine.stop > mine.start:
            by, cell = data.pushes.by[mine], data.pushes.cell[mine]
            own.append(appeal(channels).start + np.unique(by))
            shared += [at.at[name].start + np.unique(by) for name in ("effect", "bend", "carry")]
            tested = np.isin(at.tested, by)
            shared.append(at.at["follows"].start + np.flatnonzero(tested))
            shared.append([at.at[name].start for name in ("kept", "leaving", "ride")])
            if cells:
                shared.append(at.at["cell"].start + by * cells + cell)
        moved = np.concatenate(own), self.own.shape[1] + np.concatenate(shared)
        return np.sort(np.concatenate(moved)).astype(int)

    def _add_pushes(self, mine: slice, own, shared, out) -> None:
        """Add what a track's pushes bring more where their channel brings more."""
        data, at, state = self.data, self.at, self.state
        pushes, cells = data.pushes, len(data.cells)
        dose, cell, by = pushes.dose[mine], pushes.cell[mine], pushes.by[mine]
        slopes = [one[:, dose] * state.size[mine] for one in (state.height, *self.bent)]
        full = retained(np.stack(slopes, -1), self.kept, self.stay)[0]
        full *= state.lift[:, None, None]
        out[:, cell, own[appeal(len(data.channels))][by]] = full[..., 0]
        out[:, cell, shared[at.at["effect"]][by]] = full[..., 0]
        tested = np.isin(by, at.tested)
        column = shared[at.at["follows"]][np.searchsorted(at.tested, by[tested])]
        out[:, cell[tested], column] = full[:, tested, 0]
        out[:, cell, shared[at.at["bend"]][by]] = full[..., 1]
        out[:, cell, shared[at.at["carry"]][by]] = full[..., 2]
        if cells > 1:
            out[:, cell, shared[at.at["cell"]][by * cells + cell]] = full[..., 0]

    def _add_places(self, here: slice, where: np.ndarray, shared, out) -> None:
        """Add what comes of more listeners who stay, and of more season."""
        data, at, state, kept = self.data, self.at, self.state, self.kept
        won, rest, lift = state.won[:, here], state.rest[:, here], state.lift[:, None]
        wave = data.waves @ self.shared[at.at["season"]]
        out[:, where, shared[at.at["ride"].start]] = state.brought[:, here] * wave[:, None]
        out[:, where, shared[at.at["kept"].start]] = lift * rest * (1 - kept)
        fresh = np.zeros_like(rest)
        fresh[1:] = rest[:-1] + kept * won[:-1]
        slope = lift * carried(fresh, self.stay) * stay_slope(self.shared[at.at["leaving"]])
        out[:, where, shared[at.at["leaving"].start]] = slope
