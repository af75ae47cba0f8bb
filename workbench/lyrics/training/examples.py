"""Examples of the joint training: three public sets, one row of targets a text.

Outputs, in order: 28 emotions of GoEmotions, 8 of XED, then valence, arousal and dominance of
EmoBank in standard deviations. A text has targets of its own set only; the others are NaN.
"""

from dataclasses import dataclass

import numpy as np

from workbench.lyrics.families import LABELS
from workbench.lyrics.training import data

AXES = ("V", "A", "D")
OUTPUTS = (*LABELS, *(f"plutchik_{name}" for name in data.PLUTCHIK), "valence", "arousal",
           "dominance")  # fmt: skip
EMOTIONS = slice(0, len(LABELS))
PLUTCHIK = slice(len(LABELS), len(LABELS) + len(data.PLUTCHIK))
AFFECTS = slice(len(LABELS) + len(data.PLUTCHIK), len(OUTPUTS))
SETS = ("goemotions", "xed", "emobank")
_PLACE = {"goemotions": EMOTIONS, "xed": PLUTCHIK, "emobank": AFFECTS}


@dataclass(frozen=True, eq=False)
class Examples:
    """Texts of one split; sets (n,) as numbers of SETS; targets (n, 39), NaN where unknown.

    centre and spread (3,) turn the last three back into EmoBank's scale of 1 to 5.
    """

    texts: list[str]
    sets: np.ndarray
    targets: np.ndarray
    centre: np.ndarray
    spread: np.ndarray

    def of(self, name: str) -> np.ndarray:
        """Return the rows of one set."""
        return np.flatnonzero(self.sets == SETS.index(name))


def examples(split: str) -> Examples:
    """Return the examples of train, dev or test."""
    held = {"goemotions": data.goemotions(), "xed": data.xed(), "emobank": data.emobank(AXES)}
    known = held["emobank"]["train"].targets
    centre, spread = known.mean(axis=0), known.std(axis=0)
    texts: list[str] = []
    sets, targets = [], []
    for number, name in enumerate(SETS):
        own = held[name][split]
        rows = np.full((len(own.texts), len(OUTPUTS)), np.nan, np.float32)
        wanted = (own.targets - centre) / spread if name == "emobank" else own.targets
        rows[:, _PLACE[name]] = wanted
        texts += [text or "." for text in own.texts]
        sets.append(np.full(len(own.texts), number))
        targets.append(rows)
    return Examples(texts, np.concatenate(sets), np.concatenate(targets), centre, spread)
