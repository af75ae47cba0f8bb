"""What the frozen and the tuned layers say, weighed together on dev.

Each emotion's log-odds become a x tuned + c x frozen + shift: one logistic regression a label, held
near what all labels share, so that rare labels lean on the common weights. This is the calibration,
too. Affects are weighed by plain least squares.
"""

import numpy as np

from workbench.lyrics.training.fit import Linear

# How strongly a label is held to the weights that all labels share: chosen on halves of dev.
HOLD = 10.0


def weighed(first: np.ndarray, second: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return (3, labels): weight of first, weight of second, shift.

    Parameters
    ----------
    first, second : (n, labels) log-odds. wanted : (n, labels), true or not.
    """
    labels = wanted.shape[1]
    shared = np.array([0.5, 0.5])
    shift = np.zeros(labels)
    for _ in range(30):  # Newton's steps on what is shared, each label's shift apart
        said = shared[0] * first + shared[1] * second + shift
        sure = 1 / (1 + np.exp(-said))
        error, weight = sure - wanted, sure * (1 - sure) + 1e-9
        shift = shift - error.sum(axis=0) / weight.sum(axis=0)
        moment = np.array([(error * first).sum(), (error * second).sum()])
        cross = (weight * first * second).sum()
        curve = np.array(
            [[(weight * first**2).sum(), cross], [cross, (weight * second**2).sum()]]
        )  # fmt: skip
        shared = shared - np.linalg.solve(curve, moment)
    found = [
        _held(np.stack([first[:, i], second[:, i], np.ones(len(first))], axis=1),
              wanted[:, i], np.array([*shared, shift[i]]))
        for i in range(labels)
    ]  # fmt: skip
    return np.stack(found, axis=1)


def _held(rows: np.ndarray, wanted: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return the logistic regression of one label, held near `centre`."""
    found = centre.copy()
    for _ in range(30):
        sure = 1 / (1 + np.exp(-(rows @ found)))
        weight = sure * (1 - sure)
        moment = rows.T @ (sure - wanted) + HOLD * (found - centre)
        curve = (rows * weight[:, None]).T @ rows + HOLD * np.eye(len(found))
        found = found - np.linalg.solve(curve, moment)
    return found


def fitted(first: np.ndarray, second: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return (3, columns) by least squares: weight of first, weight of second, shift."""
    found = []
    for i in range(wanted.shape[1]):
        rows = np.stack([first[:, i], second[:, i], np.ones(len(first))], axis=1)
        found.append(np.linalg.lstsq(rows, wanted[:, i], rcond=None)[0])
    return np.stack(found, axis=1)


def joined(weights: np.ndarray, frozen: Linear, places: slice, outputs: int) -> Linear:
    """Return one linear head over frozen features and tuned outputs side by side.

    Parameters
    ----------
    weights : (3, columns) of tuned, frozen, shift. places : which outputs the columns are.
    """
    tuned = np.zeros((outputs, weights.shape[1]))
    tuned[np.arange(outputs)[places], np.arange(weights.shape[1])] = weights[0]
    weight = np.concatenate([frozen.weight * weights[1], tuned])
    bias = frozen.bias * weights[1] + weights[2]
    return Linear(weight.astype(np.float32), bias.astype(np.float32))
