"""What a better plan is better in: streams or money, on average or in the worst draws."""

from dataclasses import dataclass

import numpy as np

from workbench.errors import BadInput
from workbench.promotion.allocation import Objective
from workbench.promotion.gains import Gains

OF = ("streams", "money")
TAIL = 0.1  # of the draws, the worst


@dataclass(frozen=True)
class Aim:
    """What is sought.

    Attributes
    ----------
    of : “streams” that promotion wins in the window, or “money”: all that it earns, less the spend.
    caution : 0 counts all draws alike, 1 the worst tenth alone (CVaR), between them both by part.
    """

    of: str = "streams"
    caution: float = 0.0


def checked(aim: Aim) -> Aim:
    """Return the aim, or say what is wrong with it."""
    if aim.of not in OF:
        raise BadInput(f"A plan is better in {' or '.join(OF)}, not in “{aim.of}”.")
    if not 0 <= aim.caution <= 1:
        raise BadInput("Caution lies between 0 (all draws alike) and 1 (the worst alone).")
    return aim


def worst(values: np.ndarray) -> float:
    """Return the mean of the worst tenth of draws (S,): conditional value at risk."""
    count = max(1, round(TAIL * len(values)))
    return float(np.partition(values, count - 1)[:count].mean())


def judged(values: np.ndarray, aim: Aim) -> float:
    """Return by how much a plan is valued that is worth this on the draws (S,)."""
    return float((1 - aim.caution) * values.mean() + aim.caution * worst(values))


def objective(table: Gains, spread: np.ndarray, aim: Aim) -> Objective:
    """Return value and slope of amounts (n,).

    In a search the worst tenth fades out: the worst draw weighs most, that at a fifth nothing. Its
    mean rank is the same, it has no kinks at which a search would stick, and it clings less to the
    few draws that happen to be worst.

    Parameters
    ----------
    spread : money by channel and cell of one unit of each amount (C * K, n).
    """
    cost = _cost(spread, aim)

    def valued(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = table.brought(spread @ x)
        total = value.sum(0, dtype=np.float64)
        weights = _weights(total, slope.sum(0), aim.caution)
        return float(weights @ total - cost @ x), (slope @ weights) @ spread - cost

    return valued


def _weights(total: np.ndarray, steep: np.ndarray, caution: float) -> np.ndarray:
    """Return how much each draw (S,) counts; of equal ones, flat ones are the worse."""
    count = len(total)
    if not caution:
        return np.full(count, 1 / count, np.float32)
    rank = np.empty(count)
    rank[np.lexsort((steep, total))] = (np.arange(count) + 0.5) / count
    faded = np.clip(2 * TAIL - rank, 0, None)
    weights = (1 - caution) / count + caution * faded / faded.sum()
    return weights.astype(np.float32)


def each(table: Gains, spread: np.ndarray, aim: Aim):
    """Return what every amount brings by itself on average (n,), for water-filling."""
    mean, cost, spread_of = table.mean, _cost(spread, aim), (spread > 0).astype(float)

    def brought(x: np.ndarray) -> np.ndarray:
        return mean.brought(spread @ x)[0][:, 0] @ spread_of - cost * x

    return brought


def _cost(spread: np.ndarray, aim: Aim) -> np.ndarray:
    return spread.sum(0) if aim.of == "money" else np.zeros(spread.shape[1])
