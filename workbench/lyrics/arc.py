"""The arc of a song: valence and arousal along its lines, smoothed, with how sure each point is."""

import numpy as np

# Spread of one line's score around what the song says there, and how far that moves from line to
# line, both as shares of the lines' own variance: a line is mostly noise, a song moves slowly.
STEP_SHARE = 0.08


def smoothed(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of a random walk seen through noisy scores.

    A local-level model by Kalman filter and Rauch-Tung-Striebel smoother, as state-space smoothing
    of sentence emotions has it (Song and Beck 2023). Noise is the variance between neighbouring
    lines, half of it; a step of the walk has 8 % of that.

    Parameters
    ----------
    scores : (n,) one value a line in the order sung.
    """
    n = len(scores)
    if n < 2:
        return scores.astype(float), np.full(n, np.inf)
    noise = max(float(np.mean(np.diff(scores) ** 2)) / 2, 1e-6)
    step = STEP_SHARE * noise
    mean, variance = np.empty(n), np.empty(n)
    level, spread = float(scores.mean()), noise
    for i, score in enumerate(scores):
        spread += step if i else 0.0
        gain = spread / (spread + noise)
        level, spread = level + gain * (float(score) - level), (1 - gain) * spread
        mean[i], variance[i] = level, spread
    for i in range(n - 2, -1, -1):
        back = variance[i] / (variance[i] + step)
        mean[i] += back * (mean[i + 1] - mean[i])
        variance[i] += back**2 * (variance[i + 1] - variance[i] - step)
    return mean, np.sqrt(variance)
