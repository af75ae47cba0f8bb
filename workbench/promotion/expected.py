"""Expected streams of the response model, and what they pull at: its mean and the mean's slopes."""

from dataclasses import dataclass

import numpy as np

from workbench.promotion.coordinates import Coordinates, appeal, mix
from workbench.promotion.events import lifted
from workbench.promotion.observations import Observed
from workbench.promotion.pushes import Pushes
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
    """What the model says at one point: all arrays that gradients need.

    Attributes
    ----------
    season, lift : of streams and of what promotion wins (T,).
    whole, heard : streams of a track by itself and on lists, before season and territory (T, N).
    split : a track's share in each territory (N, K).
    dose, height : adstocked and saturated doses (T, D). size : streams that a push wins at a
        height of one (P,). each : streams that it won (T, P).
    won, rest, brought : streams won at each place, what earlier weeks left, both with season
        (T, U). mean : expected streams (T, N, K). pushes : which doses, pushes and places.
    stirred : what events make of a track by itself, a factor (T, N, K); None without events.
    """

    season: np.ndarray
    lift: np.ndarray
    whole: np.ndarray
    heard: np.ndarray
    split: np.ndarray
    dose: np.ndarray
    height: np.ndarray
    size: np.ndarray
    each: np.ndarray
    won: np.ndarray
    rest: np.ndarray
    brought: np.ndarray
    mean: np.ndarray
    pushes: Pushes
    stirred: np.ndarray | None = None

    @property
    def base(self) -> np.ndarray:
        """Streams of a track by itself, before season (T, N, K)."""
        calm = self.whole[:, :, None] * self.split
        return calm if self.stirred is None else calm * self.stirred

    @property
    def listed(self) -> np.ndarray:
        """Streams on lists, before season (T, N, K)."""
        return self.heard[:, :, None] * self.split

    @property
    def full(self) -> np.ndarray:
        """Streams that promotion won, with what stays of them and season (T, N, K)."""
        out = np.zeros(self.mean.shape)
        out.reshape(len(out), -1)[:, self.pushes.places] = self.brought
        return out


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
    alive = data.age >= 0
    whole = np.exp(np.minimum(level + own[:, 4] * data.clock, 40.0)) * alive
    heard = on_lists(data, at, shared, own).sum(2) * alive
    mean = np.empty(data.seen.shape)  # in C order, for it is written to by place
    np.multiply((season[:, None] * (whole + heard))[:, :, None], split, out=mean)
    stirred = None
    if data.event_kinds:
        stirred = lifted(data.events, shared[at.at["events"]])
        mean += (season[:, None] * whole)[:, :, None] * split * (stirred - 1)
    pushes = data.pushes
    if len(pushes.dose) == 0:
        none = np.zeros((len(mean), 0))
        won = none, none, none[0], *[none] * 4
        return Curves(season, lift, whole, heard, split, *won, mean, pushes, stirred)
    carry = logistic(shared[at.at["carry"]])[pushes.channel]
    bend = np.exp(shared[at.at["bend"]])[pushes.channel]
    seems = shared[at.at["effect"]] + at.demand(shared, len(data.channels))
    effect = own[:, appeal(len(data.channels))][pushes.track, pushes.by] + seems[pushes.by]
    if len(data.cells) > 1:
        effect += shared[at.at["cell"]].reshape(-1, len(data.cells))[pushes.by, pushes.cell]
    dose = adstock(pushes.spend, carry)
    height = saturation(dose, bend, data.hill) * pushes.alive
    size = pushes.reach * np.exp(np.minimum(effect, 40.0))
    each, won = pushes.won(height, size)
    kept, stay = logistic(shared[at.at["kept"]]), np.exp(-np.exp(shared[at.at["leaving"]]))
    brought, rest = retained(won, kept, stay)
    brought *= lift[:, None]
    mean.reshape(len(mean), -1)[:, pushes.places] += brought
    found = dose, height, size, each, won, rest, brought
    return Curves(season, lift, whole, heard, split, *found, mean, pushes, stirred)


def add_mean_gradient(data, at, shared, own, state, pull_mean, by_shared, by_own) -> None:
    """Add to the derivatives by shared and own parameters what a pull at the mean gives.

    Parameters
    ----------
    state : `curves` at this point. pull_mean : derivative of something by the mean (T, N, K).
    """
    pushes = data.pushes
    spread = np.einsum("tnk,nk->tn", pull_mean, state.split) * state.season[:, None]
    by_track, on_list = spread * state.whole, spread * state.heard
    if data.event_kinds:
        by_track += _add_event_gradient(data, at, state, pull_mean, by_shared, by_own)
    at_places = pull_mean.reshape(len(pull_mean), -1)[:, pushes.places]
    promoted, ride = (at_places * state.brought).sum(1), shared[at.at["ride"]].sum()
    by_shared[at.at["season"]] += data.waves.T @ ((by_track + on_list).sum(1) + ride * promoted)
    by_shared[at.at["ride"]] += promoted @ data.waves @ shared[at.at["season"]]
    by_own[:, 0] += by_track.sum(0)
    by_own[:, 4] += (by_track * data.clock).sum(0)
    if len(data.cells) > 1:
        alone = state.season[:, None] * (state.whole + state.heard)
        by_own[:, mix(len(data.channels))] += (
            np.einsum("tnk,tn->nk", pull_mean, alone) * state.split
        )
    by_own[:, 5] += on_list.sum(0)
    kinds = on_lists(data, at, shared, own)
    part = kinds / np.maximum(kinds.sum(2, keepdims=True), 1e-300)
    per_kind = (on_list[:, :, None] * part).sum((0, 1))
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
    if len(pushes.dose):
        _add_push_gradient(data, at, shared, state, at_places, by_shared, by_own)


def _add_push_gradient(data, at, shared, state, at_places, by_shared, by_own) -> None:
    """Add what a pull at the places that are met (T, U) gives the parameters of promotion."""
    pushes = data.pushes
    kept, stay = logistic(shared[at.at["kept"]]), np.exp(-np.exp(shared[at.at["leaving"]]))
    pull = at_places * state.lift[:, None]
    later = retained_back(pull, 1.0, stay) - pull  # worth of a stream that stays on
    worth = pull + kept * later
    by_shared[at.at["kept"]] += (later * state.won).sum() * kept * (1 - kept)
    after = (later + pull)[1:]
    by_stay = (after * (state.rest + kept * state.won)[:-1]).sum()
    by_shared[at.at["leaving"]] += by_stay * stay_slope(shared[at.at["leaving"]])
    pushed = worth[:, pushes.place]
    per_push = np.einsum("tp,tp->p", pushed, state.each)
    count, cells = len(data.channels), len(data.cells)
    np.add.at(by_own[:, appeal(count)], (pushes.track, pushes.by), per_push)
    per_channel = np.bincount(pushes.by, per_push, count)
    by_shared[at.at["effect"]] += per_channel
    by_shared[at.at["follows"]] += per_channel[at.tested]
    if cells > 1:
        by_cell = np.bincount(pushes.by * cells + pushes.cell, per_push, count * cells)
        by_shared[at.at["cell"]] += by_cell
    by_bend, by_carry = pushed_slopes(data, at, shared, state)
    each = pushes.over_doses(pushed * state.size)
    by_shared[at.at["bend"]] += np.bincount(pushes.channel, (each * by_bend).sum(0), count)
    by_shared[at.at["carry"]] += np.bincount(pushes.channel, (each * by_carry).sum(0), count)


def _add_event_gradient(data, at, state, pull_mean, by_shared, by_own) -> np.ndarray:
    """Add what events change in the slopes; return the change of the pull at tracks (T, N)."""
    calm = state.season[:, None] * state.whole
    pull = pull_mean * state.split * calm[:, :, None]
    by_shared[at.at["events"]] += np.tensordot(pull * state.stirred, data.events, 3)
    more = pull * (state.stirred - 1)
    if len(data.cells) > 1:
        by_own[:, mix(len(data.channels))] += more.sum(0)
    return more.sum(2)


def pushed_slopes(data, at, shared, state) -> tuple[np.ndarray, np.ndarray]:
    """Return the derivatives of saturated doses by log bend and by logit carry (T, D)."""
    pushes = data.pushes
    carry = logistic(shared[at.at["carry"]])[pushes.channel]
    bend = np.exp(shared[at.at["bend"]])[pushes.channel]
    by_dose, by_bend = saturation_slopes(state.dose, bend)
    by_carry = by_dose * adstock_slope(pushes.spend, state.dose, carry) * carry * (1 - carry)
    return by_bend * bend * pushes.alive, by_carry * pushes.alive
