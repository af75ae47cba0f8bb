"""Groups of songs that meet again: consensus of many k-means, and only what other songs confirm.

Lyrics of a catalogue lie evenly: one k-means of them is another at each seed. So songs make a group
where two of them meet, on average, in half of the refits (evidence accumulation, Fred and Jain
2005), and a group is a theme where it comes back among other songs (Hennig 2007): with an overlap
(Jaccard) of half at least. All other songs have no clear theme.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

DIMENSIONS = 10
OFFERED = (4, 6, 8, 10, 12, 16, 20, 24)
REFITS = 100
ITERATIONS = 30  # of one k-means; most end earlier
# Of the songs, drawn for each refit and for each repeat of the whole.
DRAWN = 0.8
CHOOSING, CONFIRMING = 6, 12
TOGETHER = 0.5
FOUND_AGAIN = 0.5
FEWEST_SONGS = 4  # in a theme
LEAST_LEARNT = 12
# More songs are placed by what these say; they are drawn once by the seed.
MOST_LEARNT = 1_000
SEEDS = 4
# A song beyond those learnt from joins a theme where it is as near as nine in ten of its own.
NEAR = 0.1


@dataclass(frozen=True, eq=False)
class Found:
    """Themes of songs.

    Attributes
    ----------
    labels : int16 (songs,), -1 for none; theme 0 has most songs. nearness : float32 (songs,),
    cosine to the middle of the own theme, 0 without one. middles : float32 (themes, 384), of
    length 1, what all songs share taken off. found_again : mean overlap of each theme.
    counts : groups | themes | found_again | chosen.
    learnt : songs learnt from.
    """

    labels: np.ndarray
    nearness: np.ndarray
    middles: np.ndarray
    found_again: list[float]
    counts: pl.DataFrame
    learnt: int


def found_themes(means: np.ndarray, *, seed: int = 0) -> Found:
    """Return the themes of songs' mean vectors (songs, dims), each of length 1.

    The number of groups asked of k-means is the one that puts most songs into themes found again;
    each theme is then confirmed by other draws than those that chose the number.
    """
    from threadpoolctl import threadpool_limits

    some = _learnt_from(len(means), seed)
    learnt = means[some]
    with threadpool_limits(1):  # the order of a parallel sum would reach the seeded fit
        tried = {
            count: _confirmed(learnt, count, seed, CHOOSING)
            for count in OFFERED
            if len(learnt) >= max(LEAST_LEARNT, 2 * count)
        }
        shares = {count: float(np.mean(found[0] >= 0)) for count, found in tried.items()}
        chosen = max(shares, key=lambda count: (shares[count], -count), default=None)
        counts = _counts(tried, shares, chosen)
        if chosen is None:
            return _none(means, counts, 0)
        own, found_again = _confirmed(learnt, chosen, seed + 1, CONFIRMING, of=tried[chosen][0])
    if not found_again:
        return _none(means, counts, len(learnt))
    centre = learnt.mean(axis=0)
    themes = range(own.max() + 1)
    middles = _unit(np.stack([learnt[own == theme].mean(axis=0) for theme in themes]) - centre)
    alike = _unit(means - centre) @ middles.T
    labels = np.full(len(means), -1, np.int16)
    labels[some] = own
    if len(some) < len(means):
        labels = _placed(labels, alike, np.isin(np.arange(len(means)), some))
    nearness = np.where(labels >= 0, alike[np.arange(len(means)), labels], 0).astype(np.float32)
    return Found(labels, nearness, middles, found_again, counts, len(learnt))


def seeds_agree(means: np.ndarray, found: Found, *, seed: int = 0) -> float | None:
    """Return the mean adjusted Rand index between the themes and those of other seeds.

    The same songs and the same number of groups; songs without a theme count as one group.
    """
    from sklearn.metrics import adjusted_rand_score
    from threadpoolctl import threadpool_limits

    if not found.found_again:
        return None
    some = _learnt_from(len(means), seed)
    count = int(found.counts.row(by_predicate=pl.col("chosen"), named=True)["groups"])
    with threadpool_limits(1):
        others = [
            _confirmed(means[some], count, seed + 101 * (i + 1), CHOOSING)[0] for i in range(SEEDS)
        ]
    return float(np.mean([adjusted_rand_score(found.labels[some], o) for o in others]))


def _learnt_from(songs: int, seed: int) -> np.ndarray:
    if songs <= MOST_LEARNT:
        return np.arange(songs)
    drawn = np.random.default_rng([seed, songs]).choice(songs, MOST_LEARNT, replace=False)
    return np.sort(drawn)


def _confirmed(
    means: np.ndarray, count: int, seed: int, repeats: int, of: np.ndarray | None = None
) -> tuple[np.ndarray, list[float]]:
    """Return the groups (`of`, or found here) that repeats among other songs find again."""
    random = np.random.default_rng([seed, count])
    whole = _groups(means, count, random) if of is None else of
    overlaps = []
    for _ in range(repeats):
        some = np.sort(random.choice(len(means), round(DRAWN * len(means)), replace=False))
        overlaps.append(_overlaps(whole[some], _groups(means[some], count, random), whole.max()))
    mean = np.mean(overlaps, axis=0) if whole.max() >= 0 else np.zeros(0)
    kept = np.flatnonzero(mean >= FOUND_AGAIN)
    sizes = np.array([(whole == group).sum() for group in kept])
    kept = kept[np.lexsort((kept, -sizes))]
    labels = np.full(len(means), -1, np.int16)
    for place, group in enumerate(kept):
        labels[whole == group] = place
    return labels, mean[kept].tolist()


def _overlaps(whole: np.ndarray, other: np.ndarray, last: int) -> np.ndarray:
    """Return each group's best Jaccard overlap with a group of another sorting of the songs."""
    found = np.zeros(last + 1)
    for group in range(last + 1):
        mine = whole == group
        for rival in np.unique(other[mine & (other >= 0)]):
            theirs = other == rival
            found[group] = max(found[group], (mine & theirs).sum() / (mine | theirs).sum())
    return found


def _groups(means: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Return the group of each song by consensus of refits, -1 where it meets too few."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    place = _reduced(means)
    songs = len(place)
    met, drawn = np.zeros((songs, songs), np.float32), np.zeros((songs, songs), np.float32)
    for _ in range(REFITS):
        some = np.sort(random.choice(songs, round(DRAWN * songs), replace=False))
        sorted_ = np.zeros((songs, count), np.float32)
        sorted_[some, nearest_centres(place[some], count, random)] = 1
        met += sorted_ @ sorted_.T
        drawn += np.outer(sorted_.sum(1), sorted_.sum(1))
    apart = 1 - met / np.maximum(drawn, 1)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    groups = fcluster(tree, 1 - TOGETHER, "distance")
    large = np.flatnonzero(np.bincount(groups) >= FEWEST_SONGS)
    number = np.full(groups.max() + 1, -1)
    number[large] = np.arange(len(large))
    return number[groups]


def nearest_centres(place: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Return the centre of each row (songs, dims of length 1) by one k-means from drawn starts.

    Starts by k-means++ (Arthur and Vassilvitskii 2007). Hundreds of these run on small tables,
    where scikit-learn's own would spend its time on setting up.
    """
    centres = place[random.integers(len(place))][None]
    while len(centres) < count:
        far = np.maximum(2 - 2 * (place @ centres.T).max(axis=1), 1e-12)
        drawn = random.choice(len(place), p=far / far.sum())
        centres = np.vstack([centres, place[drawn]])
    labels = np.full(len(place), -1)
    for _ in range(ITERATIONS):
        before, labels = labels, (place @ centres.T).argmax(axis=1)
        if (labels == before).all():
            break
        sums = (labels == np.arange(count)[:, None]).astype(place.dtype) @ place
        centres = np.where((sums != 0).any(axis=1, keepdims=True), _unit(sums), centres)
    return labels


def _reduced(means: np.ndarray) -> np.ndarray:
    """Return the songs along their strongest shared directions, what all share taken off."""
    place = _unit(means - means.mean(axis=0))
    left, values, _ = np.linalg.svd(place.astype(np.float64), full_matrices=False)
    return np.round(_unit(left[:, :DIMENSIONS] * values[:DIMENSIONS]), 6)


def _placed(labels: np.ndarray, alike: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    own = alike[np.arange(len(labels)), labels]
    themes = range(alike.shape[1])
    enough = np.array([np.quantile(own[learnt & (labels == t)], NEAR) for t in themes])
    nearest = alike.argmax(axis=1)
    near = alike[np.arange(len(labels)), nearest] >= enough[nearest]
    return np.where(learnt, labels, np.where(near, nearest, -1)).astype(np.int16)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _none(means: np.ndarray, counts: pl.DataFrame, learnt: int) -> Found:
    width = means.shape[1]
    empty = np.zeros((0, width), np.float32)
    zeros = np.zeros(len(means), np.float32)
    return Found(np.full(len(means), -1, np.int16), zeros, empty, [], counts, learnt)


def _counts(tried: dict, shares: dict[int, float], chosen: int | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "groups": list(tried),
            "themes": [len(found[1]) for found in tried.values()],
            "found_again": [shares[count] for count in tried],
            "chosen": [count == chosen for count in tried],
        },
        schema={"groups": pl.Int64, "themes": pl.Int64, "found_again": pl.Float64,
                "chosen": pl.Boolean},
    )  # fmt: skip
