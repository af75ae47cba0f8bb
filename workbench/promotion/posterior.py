"""Log posterior of the response model, its gradient and its Fisher information.

Residuals are differences of logs, log(y + 10) - log(mu + 10): the ten streams keep weeks of few or
no streams from shouting. Territories that scatter together and weeks that remember each other are
whitened first, so that eight cells do not count as eight pieces of evidence; what is left follows
Student's t, so that an unrecorded playlist add does not bend a channel's effect.
"""

from dataclasses import dataclass

import numpy as np

from workbench.promotion.coordinates import Coordinates, appeal, mix
from workbench.promotion.observations import Observed
from workbench.promotion.response import (
    adstock,
    adstock_slope,
    release_curve,
    release_curve_slopes,
    retained,
    retained_back,
    saturation,
    saturation_slopes,
)

SMALL = 10.0  # streams
TAIL = 6.0  # degrees of freedom of the weekly scatter


@dataclass(frozen=True, eq=False)
class Curves:
    """What the model says at one point: all arrays that gradients need."""

    season: np.ndarray
    lift: np.ndarray
    base: np.ndarray
    won: np.ndarray
    rest: np.ndarray
    by_run: np.ndarray
    stock: np.ndarray
    dose: np.ndarray
    full: np.ndarray
    mean: np.ndarray


def logistic(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x))."""
    return 0.5 * (1 + np.tanh(x / 2))


def own_curve(shared: np.ndarray, own: np.ndarray, at: Coordinates) -> tuple[np.ndarray, ...]:
    """Return decay, floor and ramp of each track (N,)."""
    decay = np.exp(shared[at.at["decay"]] + shared[at.at["decay_genre"]][at.genre_at] + own[:, 1])
    floor = logistic(shared[at.at["floor"]] + own[:, 2])
    return decay, floor, np.exp(shared[at.at["ramp"]] + own[:, 3])


def curves(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> Curves:
    """Return expected streams (T, N, K) and all that leads to them."""
    wave = data.waves @ shared[at.at["season"]]
    season, lift = np.exp(wave), np.exp(wave * shared[at.at["ride"]].sum())
    shape = own_curve(shared, own, at)
    age = np.maximum(data.age, 0)
    level = own[:, 0] - release_curve(data.settled, *shape) + release_curve(age, *shape)
    log_base = (level + own[:, 4] * data.clock)[:, :, None] + np.log(data.audience)
    if len(data.cells) > 1:
        log_base = log_base + own[:, mix(len(data.channels))]
    alive = data.age[:, :, None] >= 0
    base = np.exp(np.minimum(log_base, 40.0)) * alive
    won = np.zeros_like(base)
    runs, cells = len(data.run_track), len(data.cells)
    if runs == 0:
        empty = np.zeros((len(data.weeks), 0, cells))
        mean = season[:, None, None] * base
        return Curves(season, lift, base, won, won, empty, empty, empty, won, mean)
    reach = data.audience * data.size[data.run_track, None]
    scale = data.usual[data.run_channel, None] * reach
    carry = logistic(shared[at.at["carry"]])[data.run_channel, None]
    bend = np.exp(shared[at.at["bend"]])[data.run_channel, None]
    effect = own[:, appeal(len(data.channels))][data.run_track, data.run_channel]
    effect = effect + shared[at.at["effect"]][data.run_channel]
    effect = np.broadcast_to(effect[:, None], (runs, cells))
    if cells > 1:
        effect = effect + shared[at.at["cell"]].reshape(-1, cells)[data.run_channel]
    stock = adstock(data.run_spend, carry)
    dose = stock / scale
    by_run = reach * np.exp(np.minimum(effect, 40.0)) * saturation(dose, bend)
    np.add.at(won, (slice(None), data.run_track), by_run)
    kept, stay = logistic(shared[at.at["kept"]]), np.exp(-np.exp(shared[at.at["leaving"]]))
    full, rest = retained(won * alive, kept, stay)
    full *= lift[:, None, None]
    mean = season[:, None, None] * base + full
    return Curves(season, lift, base, won, rest, by_run, stock, dose, full, mean)


@dataclass(frozen=True, eq=False)
class Scatter:
    """How many cells were seen (T, N), and which weeks follow one that was seen (T, N, K)."""

    cells: np.ndarray
    follows: np.ndarray


def scatter(data: Observed) -> Scatter:
    """Return the pattern of the observed weeks."""
    follows = data.seen.copy()
    follows[0] = False
    follows[1:] &= data.seen[:-1]
    return Scatter(data.seen.sum(2), follows)


def whitened(
    gap: np.ndarray, data: Observed, pattern: Scatter, together: float, memory: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return residuals without what territories and following weeks share, and the first step.

    gap : (T, N, K, ...) log residuals or their derivatives, zero where not seen.
    """
    extra = (1,) * (gap.ndim - 3)
    count = np.maximum(pattern.cells, 1).reshape(*pattern.cells.shape, 1, *extra)
    seen = data.seen.reshape(*data.seen.shape, *extra)
    apart = gap - (1 - together) * (gap.sum(2, keepdims=True) / count) * seen
    left = apart.copy()
    follows = pattern.follows.reshape(*data.seen.shape, *extra)
    left[1:] -= memory * apart[:-1] * follows[1:]
    first = seen & ~follows
    return np.where(first, left * np.sqrt(1 - memory**2), left), apart


def scatter_terms(shared: np.ndarray, at: Coordinates) -> tuple[float, float, float]:
    """Return noise, memory and togetherness as numbers."""
    noise = float(np.exp(shared[at.at["noise"]][0]))
    memory = float(np.tanh(shared[at.at["memory"]][0]))
    block = shared[at.at["together"]]
    return noise, memory, float(np.exp(block[0])) if len(block) else 1.0


def log_posterior(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> float:
    """Return the log posterior up to a constant."""
    state = curves(data, at, shared, own)
    gap = np.where(data.seen, np.log(data.streams + SMALL) - np.log(state.mean + SMALL), 0.0)
    noise, memory, together = scatter_terms(shared, at)
    left = whitened(gap, data, pattern, together, memory)[0]
    return _likelihood(left, data, pattern, noise, memory, together) + _prior(at, shared, own)


def _likelihood(left, data, pattern, noise, memory, together) -> float:
    seen = left[data.seen]
    value = -(TAIL + 1) / 2 * np.log1p(seen**2 / (TAIL * noise**2)).sum() - len(seen) * np.log(
        noise
    )
    value += (data.seen & ~pattern.follows).sum() * 0.5 * np.log(1 - memory**2)
    return float(value + (pattern.cells > 0).sum() * np.log(together))


def _prior(at: Coordinates, shared: np.ndarray, own: np.ndarray) -> float:
    own_gap = (own - at.own_mean) / at.own_sd
    return float(-0.5 * (((shared - at.mean) / at.sd) ** 2).sum() - 0.5 * (own_gap**2).sum())


def gradient(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log posterior and its derivatives by shared (Q,) and own (N, P) parameters."""
    state = curves(data, at, shared, own)
    gap = np.where(data.seen, np.log(data.streams + SMALL) - np.log(state.mean + SMALL), 0.0)
    noise, memory, together = scatter_terms(shared, at)
    left, apart = whitened(gap, data, pattern, together, memory)
    value = _likelihood(left, data, pattern, noise, memory, together) + _prior(at, shared, own)
    by_shared = -(shared - at.mean) / at.sd**2
    by_own = -(own - at.own_mean) / at.own_sd**2

    pull = np.where(data.seen, -(TAIL + 1) * left / (TAIL * noise**2 + left**2), 0.0)
    first = data.seen & ~pattern.follows
    by_shared[at.at["noise"]] += -(pull * left).sum() - data.seen.sum()
    root = np.sqrt(1 - memory**2)
    by_memory = -(pull[1:] * apart[:-1] * pattern.follows[1:]).sum()
    by_memory -= (pull * apart * first).sum() * memory / root
    by_memory -= first.sum() * memory / (1 - memory**2)
    by_shared[at.at["memory"]] += by_memory * (1 - memory**2)
    back = np.where(first, pull * root, pull)
    back[:-1] -= memory * (pull * pattern.follows)[1:]
    count = np.maximum(pattern.cells, 1)[:, :, None]
    if len(shared[at.at["together"]]):
        common = gap.sum(2, keepdims=True) / count
        by_together = (back * common * data.seen).sum() + (pattern.cells > 0).sum() / together
        by_shared[at.at["together"]] += by_together * together
    back = back - (1 - together) * (back * data.seen).sum(2, keepdims=True) / count
    pull_mean = np.where(data.seen, -back / (state.mean + SMALL), 0.0)
    _add_mean_gradient(data, at, shared, own, state, pull_mean, by_shared, by_own)
    return value, by_shared, by_own


def _add_mean_gradient(data, at, shared, own, state, pull_mean, by_shared, by_own) -> None:
    weight = pull_mean * state.season[:, None, None] * state.base
    lifted, ride = (pull_mean * state.full).sum((1, 2)), shared[at.at["ride"]].sum()
    by_shared[at.at["season"]] += data.waves.T @ (weight.sum((1, 2)) + ride * lifted)
    by_shared[at.at["ride"]] += lifted @ data.waves @ shared[at.at["season"]]
    pull = pull_mean * state.lift[:, None, None]
    by_track = weight.sum(2)
    by_own[:, 0] += by_track.sum(0)
    by_own[:, 4] += (by_track * data.clock).sum(0)
    if len(data.cells) > 1:
        by_own[:, mix(len(data.channels))] += weight.sum(0)
    shape = own_curve(shared, own, at)
    now = release_curve_slopes(np.maximum(data.age, 0), *shape)
    then = release_curve_slopes(data.settled, *shape)
    for column, name in ((1, "decay"), (2, "floor"), (3, "ramp")):
        slope = (by_track * (now[column - 1] - then[column - 1])).sum(0)
        by_own[:, column] += slope
        by_shared[at.at[name]] += slope.sum()
        if name == "decay":
            np.add.at(by_shared[at.at["decay_genre"]], at.genre_at, slope)
    if len(data.run_track) == 0:
        return
    kept, stay = logistic(shared[at.at["kept"]]), np.exp(-np.exp(shared[at.at["leaving"]]))
    alive = data.age[:, :, None] >= 0
    worth = retained_back(pull, kept, stay) * alive
    later = retained_back(pull, 1.0, stay)  # worth of a stream that stays on
    before = np.zeros_like(state.won)
    before[1:] = (state.won * alive)[:-1]
    rest_before = np.zeros_like(state.rest)
    rest_before[1:] = state.rest[:-1]
    by_shared[at.at["kept"]] += (later * stay * before).sum() * kept * (1 - kept)
    by_stay = (later * (rest_before + kept * before)).sum()
    by_shared[at.at["leaving"]] += by_stay * stay * np.log(stay)
    by_run = worth[:, data.run_track] * state.by_run
    per_run = by_run.sum((0, 2))
    liking = by_own[:, appeal(len(data.channels))]
    np.add.at(liking, (data.run_track, data.run_channel), per_run)
    np.add.at(by_shared[at.at["effect"]], data.run_channel, per_run)
    if len(data.cells) > 1:
        cell = by_shared[at.at["cell"]].reshape(-1, len(data.cells))
        np.add.at(cell, data.run_channel, by_run.sum(0))
    carry = logistic(shared[at.at["carry"]])[data.run_channel, None]
    bend = np.exp(shared[at.at["bend"]])[data.run_channel, None]
    height = saturation(state.dose, bend)
    ratio = np.divide(by_run, height, out=np.zeros_like(by_run), where=height > 0)
    by_dose, by_bend = saturation_slopes(state.dose, bend)
    reach = data.audience * data.size[data.run_track, None]
    scale = data.usual[data.run_channel, None] * reach
    stock_slope = adstock_slope(data.run_spend, state.stock, carry) / scale
    np.add.at(by_shared[at.at["bend"]], data.run_channel, (ratio * by_bend * bend).sum((0, 2)))
    np.add.at(
        by_shared[at.at["carry"]],
        data.run_channel,
        (ratio * by_dose * stock_slope * carry * (1 - carry)).sum((0, 2)),
    )
