"""Expected streams of the response model, and what they pull at: its mean and the mean's slopes."""

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


@dataclass(frozen=True, eq=False)
class Curves:
    """What the model says at one point: all arrays that gradients need."""

    season: np.ndarray
    lift: np.ndarray
    base: np.ndarray
    listed: np.ndarray
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


def stay_slope(leaving: np.ndarray) -> np.ndarray:
    """Return the derivative of the share that stays by the log rate of leaving."""
    rate = np.exp(np.minimum(leaving, 6.0))  # nobody stays long before that
    return -rate * np.exp(-rate)


def own_curve(shared: np.ndarray, own: np.ndarray, at: Coordinates) -> tuple[np.ndarray, ...]:
    """Return decay, floor and ramp of each track (N,)."""
    decay = np.exp(shared[at.at["decay"]] + shared[at.at["decay_genre"]][at.genre_at] + own[:, 1])
    floor = logistic(shared[at.at["floor"]] + own[:, 2])
    return decay, floor, np.exp(shared[at.at["ramp"]] + own[:, 3])


def on_lists(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return streams that each kind of list brings, before season and territory (T, N, M)."""
    return data.placed * np.exp(np.minimum(at.rates(shared) + own[:, 5, None], 40.0))


def curves(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> Curves:
    """Return expected streams (T, N, K) and all that leads to them."""
    wave = data.waves @ shared[at.at["season"]]
    season, lift = np.exp(wave), np.exp(wave * shared[at.at["ride"]].sum())
    shape = own_curve(shared, own, at)
    age = np.maximum(data.age, 0)
    level = own[:, 0] - release_curve(data.settled, *shape) + release_curve(age, *shape)
    split = np.broadcast_to(data.audience, (len(own), len(data.cells)))
    if len(data.cells) > 1:
        split = split * np.exp(own[:, mix(len(data.channels))])
    alive = data.age[:, :, None] >= 0
    whole = np.exp(np.minimum(level + own[:, 4] * data.clock, 40.0)) * alive[..., 0]
    base = whole[:, :, None] * split
    listed = (on_lists(data, at, shared, own).sum(2) * alive[..., 0])[:, :, None] * split
    won = np.zeros_like(base)
    runs, cells = len(data.run_track), len(data.cells)
    if runs == 0:
        empty = np.zeros((len(data.weeks), 0, cells))
        mean = season[:, None, None] * (base + listed)
        return Curves(season, lift, base, listed, won, won, empty, empty, empty, won, mean)
    reach = data.audience * data.size[data.run_track, None]
    scale = data.usual[data.run_channel, None] * reach
    carry = logistic(shared[at.at["carry"]])[data.run_channel, None]
    bend = np.exp(shared[at.at["bend"]])[data.run_channel, None]
    effect = own[:, appeal(len(data.channels))][data.run_track, data.run_channel]
    seems = shared[at.at["effect"]] + at.demand(shared, len(data.channels))
    effect = effect + seems[data.run_channel]
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
    mean = season[:, None, None] * (base + listed) + full
    return Curves(season, lift, base, listed, won, rest, by_run, stock, dose, full, mean)


def add_mean_gradient(data, at, shared, own, state, pull_mean, by_shared, by_own) -> None:
    """Add to the derivatives by shared and own parameters what a pull at the mean gives.

    Parameters
    ----------
    state : `curves` at this point. pull_mean : derivative of something by the mean (T, N, K).
    """
    seasoned = pull_mean * state.season[:, None, None]
    weight, on_list = seasoned * state.base, seasoned * state.listed
    lifted, ride = (pull_mean * state.full).sum((1, 2)), shared[at.at["ride"]].sum()
    by_shared[at.at["season"]] += data.waves.T @ ((weight + on_list).sum((1, 2)) + ride * lifted)
    by_shared[at.at["ride"]] += lifted @ data.waves @ shared[at.at["season"]]
    pull = pull_mean * state.lift[:, None, None]
    by_track = weight.sum(2)
    by_own[:, 0] += by_track.sum(0)
    by_own[:, 4] += (by_track * data.clock).sum(0)
    if len(data.cells) > 1:
        by_own[:, mix(len(data.channels))] += (weight + on_list).sum(0)
    by_own[:, 5] += on_list.sum((0, 2))
    kinds = on_lists(data, at, shared, own)
    part = kinds / np.maximum(kinds.sum(2, keepdims=True), 1e-300)
    per_kind = (on_list.sum(2)[:, :, None] * part).sum((0, 1))
    by_shared[at.at["listing_kind"]] += per_kind
    by_shared[at.at["listing"]] += per_kind @ at.counted
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
    by_shared[at.at["leaving"]] += by_stay * stay_slope(shared[at.at["leaving"]])
    by_run = worth[:, data.run_track] * state.by_run
    per_run = by_run.sum((0, 2))
    liking = by_own[:, appeal(len(data.channels))]
    np.add.at(liking, (data.run_track, data.run_channel), per_run)
    per_channel = np.bincount(data.run_channel, per_run, len(data.channels))
    by_shared[at.at["effect"]] += per_channel
    by_shared[at.at["follows"]] += per_channel[at.tested]
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
