"""What feedback gains, round by round, where the tastes are planted.

Listeners stream by a taste; what people say of songs follows another one, which the streams tell
only in part. Each round shows every audience 20 songs, and five of them, drawn blindly, are spoken
of: liked by the planted probability, or not. Four ways from the same start: nothing is heeded; it
is, with a tenth of each list drawn to find out, as the app does; without drawing; and every song
drawn blindly. Songs that were spoken of are not shown again, whatever the way, so that all use up
what there is at one pace. The figure of a round is the mean probability of its songs to be liked.

    python -m benchmarks.feedback [--quick]
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from benchmarks.report import Figure, measured, options, show
from workbench.recommend.asked import WORTH
from workbench.recommend.blend import Blend
from workbench.recommend.content import Content, unit_rows
from workbench.recommend.exploration import SHARE
from workbench.recommend.factors import ALS
from workbench.recommend.feedback import Feedback, heard, spoken, voices
from workbench.recommend.lists import composed
from workbench.recommend.off_policy import snips
from workbench.recommend.profile import by_place
from workbench.recommend.recommender import Recommender

TASTES, LIKED, KNOWN = 12, 0.2, 0.3
LENGTH, SPOKEN_OF, VARIETY = 20, 5, 0.2
NONE, HEEDED, GREEDY, BLIND = "no feedback", "feedback", "feedback, none drawn", "all drawn blindly"
WAYS = {NONE: SHARE, HEEDED: SHARE, GREEDY: 0.0, BLIND: 1.0}


@dataclass(frozen=True, eq=False)
class World:
    """A label whose tastes are known.

    Attributes
    ----------
    known : a recommender fitted on its streams. profiles : of audiences, CSR (audiences, songs).
    likes : probability of each song to be liked by each audience, float64 (audiences, songs).
    """

    known: Recommender
    profiles: csr_matrix
    likes: np.ndarray


def planted(songs: int, listeners: int, audiences: int, seed: int) -> World:
    """Return a label: songs and listeners as points, streams by nearness, likes by another point.

    The point of what an audience likes shares `KNOWN` of its squared length with what it streams.
    About `LIKED` of the songs are liked.
    """
    draw = np.random.default_rng([seed, 3])
    points = draw.normal(size=(songs, TASTES))
    fame = draw.normal(size=songs)
    streams = draw.normal(size=(audiences, TASTES))
    hidden = draw.normal(size=(audiences, TASTES))
    wants = np.sqrt(KNOWN) * streams + np.sqrt(1 - KNOWN) * hidden
    of_audience = np.arange(listeners) % audiences
    own = 0.8 * streams[of_audience] + 0.6 * draw.normal(size=(listeners, TASTES))
    pull = own @ points.T / np.sqrt(TASTES) * 1.5 + fame
    rows = np.argsort(-(pull + draw.gumbel(size=pull.shape)), axis=1)[:, :30]
    ends = np.arange(0, rows.size + 1, 30)
    counts = csr_matrix((np.ones(rows.size), rows.ravel(), ends), pull.shape)
    counts.sort_indices()
    features = unit_rows(csr_matrix(points + 0.5 * draw.normal(size=points.shape)))
    features = features.astype(np.float32)
    fits = Blend(((ALS(32, 5.0, 5.0), 1.0), (Content(features), 0.3))).fit(by_place(counts))
    names = pl.Series([f"t{n}" for n in range(songs)])
    known = Recommender(fits, counts, pl.Series([""] * listeners), names, features)
    shares = [np.asarray(counts[of_audience == one].mean(axis=0)) for one in range(audiences)]
    profiles = csr_matrix(WORTH * np.concatenate(shares)).astype(np.float32)
    nearness = wants @ points.T / np.sqrt(TASTES)
    edge = np.quantile(nearness, 1 - LIKED, axis=1, keepdims=True)
    return World(known, profiles, 1 / (1 + np.exp(-4.0 * (nearness - edge))))


def rounds(world: World, audience: int, way: str, count: int, seed: int) -> tuple[list, list]:
    """Return the worth of each round's list, and what was logged of it.

    Logged: liked | probability of the song | chance that a blind list of one length has it | what
    a blind list of that moment would be worth.
    """
    draw = np.random.default_rng([seed, audience, 5])
    profile, truth = world.profiles[audience], world.likes[audience]
    liked: list[int] = []
    against: list[int] = []
    worth, log = [], []
    for _ in range(count):
        told = ([], []) if way == NONE else (liked, against)
        names = [tuple(world.known.tracks[one].to_list()) for one in told]
        said = heard(Feedback(liked=names[0], against=names[1]), world.known.tracks)
        score = spoken(world.known, voices(profile, said, world.known, WORTH)).astype(np.float64)
        score[[*liked, *against]] = -np.inf
        left = np.isfinite(score)
        if way == BLIND:
            shown = draw.choice(np.flatnonzero(left), LENGTH, replace=False)
            chance = np.full(LENGTH, LENGTH / left.sum())
        else:
            number = int(draw.integers(2**31))
            found = composed(score, world.known, VARIETY, LENGTH, WAYS[way], number)
            shown, chance = found.songs, found.propensity
        worth.append(truth[shown].mean())
        for place in draw.choice(LENGTH, SPOKEN_OF, replace=False):
            song, good = int(shown[place]), bool(draw.random() < truth[shown[place]])
            log.append((good, chance[place], LENGTH / left.sum(), truth[left].mean()))
            (liked if good else against).append(song)
    return worth, log


def simulated(
    *, songs: int, listeners: int, audiences: int, count: int, seeds: int
) -> dict[str, np.ndarray]:
    """Return by way the worth of each round, float64 (seeds, rounds), means over audiences."""
    found = {way: np.zeros((seeds, count)) for way in WAYS}
    for seed in range(seeds):
        world = planted(songs, listeners, audiences, seed)
        for way, worth in found.items():
            each = [rounds(world, one, way, count, seed)[0] for one in range(audiences)]
            worth[seed] = np.mean(each, axis=0)
    return found


def estimated(*, songs: int, listeners: int, audiences: int, count: int) -> tuple[float, float]:
    """Return what blind lists would be worth by the log of lists that draw a tenth, and truly."""
    world = planted(songs, listeners, audiences, 99)
    logs = [rounds(world, one, NONE, count, 99)[1] for one in range(audiences)]
    good, chance, blind, truly = np.array([row for log in logs for row in log], float).T
    return snips(good, blind / chance), float(truly.mean())


def main() -> None:
    """Measure and print."""
    quick = options(__doc__.splitlines()[0]).quick
    size = {"songs": 1000, "listeners": 1200, "audiences": 6} if quick else {
        "songs": 3000, "listeners": 4000, "audiences": 12}  # fmt: skip
    found = simulated(**size, count=10, seeds=2 if quick else 5)
    base = {place: float(np.median(found[NONE][:, place])) for place in (0, 4, 9)}
    blind = {place: float(np.median(found[BLIND][:, place])) for place in (0, 4, 9)}
    figures = []
    for way, worth in found.items():
        for place, anchor in base.items():
            beaten = way in (HEEDED, GREEDY) and place > 0
            figures.append(measured(
                f"songs liked in round {place + 1}, {way}", worth[:, place].tolist(), "",
                anchor=anchor, more_is_better=True,
                goal=max(anchor, blind[place]) if beaten else None,
            ))  # fmt: skip
        print(f"  {way}:", *(f"{one:.3f}" for one in np.median(worth, axis=0)), flush=True)
    by_log, truly = estimated(**size, count=40 if quick else 150)
    figures.append(Figure("blind lists by the log of lists with a tenth drawn (SNIPS)",
                          by_log, anchor=truly))  # fmt: skip
    show("Feedback: planted tastes, songs liked of 20 shown", figures)


if __name__ == "__main__":
    main()
