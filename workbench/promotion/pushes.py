"""Where money pushed: each run by territory, with doses that are alike computed once.

A run without territories gives every listener the same dose, so that its territories share one
saturation; a territory that got nothing has no push at all.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from workbench.promotion.observations import Observed


@dataclass(frozen=True, eq=False)
class Pushes:
    """P pushes, one for each run and territory with money, by track, then territory.

    Attributes
    ----------
    spend : usual weeks of spend per listener of D different doses (T, D). channel : of a dose (D,).
    alive : weeks from the release on (T, D). dose : which one a push has (P,).
    track, cell, by : of a push, `by` being its channel (P,). reach : its ceiling (P,).
    place : of the track and cell of a push among the U that are met (P,).
    places : those, as track times cells plus cell (U,). starts : first push of each of them (U,).
    by_dose : the pushes in order of their dose (P,). dose_starts : first of each dose there (D,).
    """

    spend: np.ndarray
    channel: np.ndarray
    alive: np.ndarray
    dose: np.ndarray
    track: np.ndarray
    cell: np.ndarray
    by: np.ndarray
    reach: np.ndarray
    place: np.ndarray
    places: np.ndarray
    starts: np.ndarray
    by_dose: np.ndarray
    dose_starts: np.ndarray

    def won(self, height: np.ndarray, coefficient: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return streams of each push (T, P) and of each place (T, U)."""
        each = height[:, self.dose] * coefficient
        return each, np.add.reduceat(each, self.starts, axis=1)

    def over_doses(self, values: np.ndarray) -> np.ndarray:
        """Return values of pushes (..., P) summed over those of the same dose (..., D)."""
        return np.add.reduceat(values[..., self.by_dose], self.dose_starts, axis=-1)


def pushes(data: "Observed") -> Pushes:
    """Return the pushes of all runs."""
    cells, on = len(data.audience), data.run_track
    spend = data.run_spend / (data.usual[data.run_channel, None] * data.audience)
    spend /= data.size[on, None]
    alike = np.isclose(spend, spend[:, :, :1], rtol=1e-9, atol=0).all((0, 2))
    run, cell = np.nonzero(data.run_spend.any(0))
    first = np.ones(len(run), bool)  # of its dose
    first[1:] = ~(alike[run[1:]] & (run[1:] == run[:-1]))
    dose, alone = np.cumsum(first) - 1, (run[first], cell[first])
    order = np.lexsort((cell, on[run]))
    dose, track, cell = dose[order], on[run][order], cell[order]
    places, starts, place = np.unique(track * cells + cell, return_index=True, return_inverse=True)
    by_dose = np.argsort(dose, kind="stable")
    return Pushes(
        spend=np.ascontiguousarray(spend[:, *alone]),
        channel=data.run_channel[alone[0]],
        alive=(data.age[:, on[alone[0]]] >= 0).astype(float),
        dose=dose,
        track=track,
        cell=cell,
        by=data.run_channel[run][order],
        reach=data.audience[cell] * data.size[track],
        place=place,
        places=places,
        starts=starts,
        by_dose=by_dose,
        dose_starts=np.searchsorted(dose[by_dose], np.arange(first.sum())),
    )
