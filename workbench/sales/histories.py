"""What a repeat-purchase model sees of a buyer: how often, how lately, since when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.errors import BadInput


@dataclass(frozen=True, eq=False)
class Histories:
    """Buying histories, (n,) each, a buyer a place. Times are weeks.

    Attributes
    ----------
    frequency : purchases after the first. recency : from the first purchase to the last.
    age : from the first purchase to the end of what was watched.
    """

    frequency: np.ndarray
    recency: np.ndarray
    age: np.ndarray

    def __post_init__(self) -> None:
        """Raise BadInput where a history cannot be one."""
        x, last, age = self.frequency, self.recency, self.age
        if not len(x) == len(last) == len(age):
            raise BadInput("Frequency, recency and age must be of the same buyers.")
        numbers = all(np.isfinite(one).all() for one in (x, last, age))
        if not numbers or (x < 0).any() or (last < 0).any() or (last > age).any():
            raise BadInput(
                "A history needs frequency ≥ 0 and 0 ≤ recency ≤ age, all of them known."
            )
        if ((x > 0) != (last > 0)).any():
            raise BadInput(
                "A buyer has a recency above 0 exactly where there is a repeat purchase."
            )

    def __len__(self) -> int:
        return len(self.frequency)

    def distinct(self) -> tuple[Histories, np.ndarray]:
        """Return each different history once, and how many buyers have it."""
        rows = np.column_stack([self.frequency, self.recency, self.age])
        once, times = np.unique(rows, axis=0, return_counts=True)
        return Histories(*once.T), times

    def of(self, places: np.ndarray) -> Histories:
        """Return the histories of some buyers."""
        return Histories(self.frequency[places], self.recency[places], self.age[places])
