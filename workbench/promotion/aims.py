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
    of : “streams” that promotion wins, or “money”: their payout less the spend.
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


def objective(table: Gains, spread: np.ndarray, aim: Aim, pay: np.ndarray) -> Objective:
    """Return value and slope of amounts (n,).

    In a search the worst tenth fades out: the worst draw weighs most, that at a fifth nothing. Its
    mean rank is the same, it has no kinks at which a search would stick, and it clings less to the
    few draws that happen to be worst.

    Parameters
    ----------
    spread : money by channel and cell of one unit of each amount (C * K, n).
    pay : worth of a stream by cell (K,), in streams or in money.
    """
    cost = spread.sum(0) if aim.of == "money" else np.zeros(spread.shape[1])
    channels, cells = table.height.shape[:2]
    if aim.caution == 0:
        mean, worth = table.mean, np.tile(pay, channels)

        def on_average(x: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = mean.brought((spread @ x)[:, None])
            steep = (slope[:, 0, 0] * worth) @ spread
            return float(value[:, 0, 0] @ worth - cost @ x), steep - cost

        return on_average

    def with_care(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = table.brought((spread @ x).reshape(channels, cells))
        total = np.einsum("cks,k->s", value, pay)
        weights = _weights(total, aim.caution)
        steep = ((slope @ weights) * pay).ravel() @ spread
        return float(weights @ total - cost @ x), steep - cost

    return with_care


def _weights(total: np.ndarray, caution: float) -> np.ndarray:
    count = len(total)
    rank = np.empty(count)
    rank[np.argsort(total, kind="stable")] = (np.arange(count) + 0.5) / count
    faded = np.clip(2 * TAIL - rank, 0, None)
    weights = (1 - caution) / count + caution * faded / faded.sum()
    return weights.astype(np.float32)


def each(table: Gains, spread: np.ndarray, aim: Aim, pay: np.ndarray):
    """Return what every amount brings by itself on average (n,), for water-filling."""
    cost = spread.sum(0) if aim.of == "money" else np.zeros(spread.shape[1])
    mean, worth = table.mean, np.tile(pay, table.height.shape[0])

    def brought(x: np.ndarray) -> np.ndarray:
        value, _ = mean.brought((spread @ x)[:, None])
        return (value[:, 0, 0] * worth) @ spread_of - cost * x

    spread_of = (spread > 0).astype(float)
    return brought
