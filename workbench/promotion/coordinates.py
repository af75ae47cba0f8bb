"""Where each parameter of the response model stands, and its prior.

`shared` parameters belong to the label (channels, territories, season, scatter); `own` ones to one
track: level, decay, floor, ramp, drift, what lists bring it, its appeal on each channel and its mix
of territories.
"""

from dataclasses import dataclass, replace

import numpy as np

from workbench.promotion.observations import Observed
from workbench.promotion.places import PERSONAL
from workbench.promotion.priors import cost

NOTHING_KEPT = (-9.0, 0.1)  # totals of a window know no listeners who could stay
OWN = ("level", "decay", "floor", "ramp", "drift", "listed")


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Slices into the vector of shared parameters, and all priors.

    Attributes
    ----------
    at : name of a shared block -> slice. mean, sd : priors of the shared parameters.
    own_mean, own_sd : priors of a track's parameters (N, P) around their pools.
    genre_at : genre number of each track. genres : names. nonlinear : those resampled by weight.
    tested : channels of which a test measured what they bring; those have a `follows`.
    counted : whether a kind of list has followers (M,); those share a common rate.
    """

    at: dict[str, slice]
    mean: np.ndarray
    sd: np.ndarray
    own_mean: np.ndarray
    own_sd: np.ndarray
    genre_at: np.ndarray
    genres: tuple[str, ...]
    nonlinear: np.ndarray
    tested: np.ndarray
    counted: np.ndarray

    @property
    def size(self) -> int:
        """Number of shared parameters."""
        return len(self.mean)

    def demand(self, shared: np.ndarray, channels: int) -> np.ndarray:
        """Return how much more each channel seems to bring than it does, as a logarithm (C,)."""
        out = np.zeros(channels)
        out[self.tested] = shared[self.at["follows"]]
        return out

    def rates(self, shared: np.ndarray) -> np.ndarray:
        """Return log streams of a unit of dose on each kind of list (..., M)."""
        common = shared[..., self.at["listing"]]
        return shared[..., self.at["listing_kind"]] + self.counted * common

    def causal(self, shared: np.ndarray) -> np.ndarray:
        """Return the parameters without what spend only follows."""
        shared = shared.copy()
        shared[self.at["follows"]] = 0.0
        return shared

    def for_tracks(self, chosen: np.ndarray) -> "Coordinates":
        """Return the layout for chosen tracks only."""
        return replace(
            self,
            own_mean=self.own_mean[chosen],
            own_sd=self.own_sd[chosen],
            genre_at=self.genre_at[chosen],
        )


def appeal(channels: int) -> slice:
    """Return where a track's appeal on each channel stands among its own parameters."""
    return slice(len(OWN), len(OWN) + channels)


def mix(channels: int) -> slice:
    """Return where a track's mix of territories stands; empty with one territory."""
    return slice(len(OWN) + channels, None)


def effect_priors(data: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and sd of the log effect of a usual week of spend per channel (C,).

    A channel whose cost per stream is published, or the label's own, starts from that; any other
    from the elasticity of the literature times the streams of the weeks in which it was used.
    """
    mean, sd = np.zeros(len(data.channels)), np.zeros(len(data.channels))
    totals = np.where(data.seen, data.streams, 0).sum(2) / data.size
    for c, name in enumerate(data.channels):
        known = cost(name, data.priors, data.dollar)
        if known is not None:
            mean[c], sd[c] = np.log(data.usual[c]) - known.mean, known.sd
            continue
        runs = data.run_channel == c
        used = (data.run_spend[:, runs].sum(2) > 0) & data.seen.any(2)[:, data.run_track[runs]]
        level = totals[:, data.run_track[runs]][used]
        usual = level.mean() if len(level) else totals[data.seen.any(2)].mean()
        share = data.priors["elasticity"]
        mean[c], sd[c] = share.mean + np.log(max(usual, 1.0)), share.sd
    return mean, sd


def coordinates(data: Observed) -> Coordinates:
    """Return the layout and the priors for these arrays."""
    priors = data.priors
    cells = len(data.cells) if len(data.cells) > 1 else 0
    genres = tuple(sorted(set(data.genres)))
    count = len(data.channels)
    effect_mean, effect_sd = effect_priors(data)
    tested = np.unique(data.lifts.arms.run_channel) if data.lifts else np.zeros(0, int)
    kept = (priors["kept"].mean, priors["kept"].sd) if data.stays else NOTHING_KEPT
    counted = np.array([kind != PERSONAL for kind in data.kinds])
    rate = [priors["listing_kind" if one else "personal"] for one in counted]
    blocks = [
        ("carry", count, priors["carry"].mean, priors["carry"].sd),
        ("bend", count, priors["bend"].mean, priors["bend"].sd),
        ("effect", count, effect_mean, effect_sd),
        ("follows", len(tested), priors["follows"].mean, priors["follows"].sd),
        ("kept", 1 if count else 0, *kept),
        ("leaving", 1 if count else 0, priors["leaving"].mean, priors["leaving"].sd),
        ("ride", 1 if count else 0, priors["ride"].mean, priors["ride"].sd),
        ("cell", count * cells, priors["cell"].mean, priors["cell"].sd),
        ("season", data.waves.shape[1], priors["season"].mean, priors["season"].sd),
        ("decay", 1, priors["decay"].mean, priors["decay"].sd),
        ("floor", 1, priors["floor"].mean, priors["floor"].sd),
        ("ramp", 1, priors["ramp"].mean, priors["ramp"].sd),
        ("decay_genre", len(genres), priors["decay_genre"].mean, priors["decay_genre"].sd),
        ("listing", 1, priors["listing"].mean, priors["listing"].sd),
        ("listing_kind", len(rate), [p.mean for p in rate], [p.sd for p in rate]),
        ("noise", 1, priors["noise"].mean, priors["noise"].sd),
        ("memory", 1, priors["memory"].mean, priors["memory"].sd),
        ("together", 1 if cells else 0, priors["together"].mean, priors["together"].sd),
        ("events", len(data.event_kinds), priors["event"].mean, priors["event"].sd),
    ]
    at, start = {}, 0
    for name, length, _, _ in blocks:
        at[name] = slice(start, start + length)
        start += length
    mean = np.concatenate([np.broadcast_to(m, n) for _, n, m, _ in blocks]).astype(float)
    sd = np.concatenate([np.broadcast_to(s, n) for _, n, _, s in blocks]).astype(float)

    own_mean, own_sd = _own_priors(data, cells)
    return Coordinates(
        at=at,
        mean=mean,
        sd=sd,
        own_mean=own_mean,
        own_sd=own_sd,
        genre_at=np.array([genres.index(name) for name in data.genres], int),
        genres=genres,
        nonlinear=np.arange(at["leaving"].stop),
        tested=tested,
        counted=counted.astype(float),
    )


def _own_priors(data: Observed, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and sd of the tracks' own parameters (N, P)."""
    priors, count = data.priors, len(data.channels)
    mean = np.zeros((len(data.tracks), len(OWN) + count + cells))
    sd = np.ones_like(mean)
    seen = np.maximum(data.seen.any(2).sum(0), 1)
    typical = np.where(data.seen, data.streams, 0).sum((0, 2)) / seen
    mean[:, 0], sd[:, 0] = np.log(typical + 1), 2.0
    pooled = ("decay_track", "floor_track", "ramp_track", "drift", "listing_track")
    for column, name in enumerate(pooled, start=1):
        sd[:, column] = priors[name].sd
    sd[:, appeal(count)] = priors["appeal"].sd if len(set(data.run_track)) > 1 else 0.01
    sd[:, mix(count)] = priors["mix"].sd
    return mean, sd
