"""The mood heads: from encoder vectors to 28 emotion probabilities, valence and arousal.

Linear on frozen vectors, trained by `python -m workbench.lyrics.training`; weights and what is
known about them lie in weights/.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.errors import SetUpError
from workbench.lyrics.families import LABELS
from workbench.settings import settings
from workbench.store.memory import memory

FOLDER = Path(__file__).resolve().parent / "weights"
WEIGHTS = FOLDER / "moods.safetensors"
FACTS = FOLDER / "moods.json"
# EmoBank's scale.
LOWEST, MIDDLE, HIGHEST = 1.0, 3.0, 5.0


@dataclass(frozen=True, eq=False)
class Heads:
    """Trained heads.

    Attributes
    ----------
    emotion, emotion_bias : (1152, 28) and (28,). affect, affect_bias : (1152, 2) and (2,), for
    valence and arousal. thresholds : (28,), chosen on dev. facts : labels, encoder, data hashes,
    seed and measured figures.
    """

    emotion: np.ndarray
    emotion_bias: np.ndarray
    affect: np.ndarray
    affect_bias: np.ndarray
    thresholds: np.ndarray
    facts: dict

    def probabilities(self, embedding: np.ndarray, layers: np.ndarray) -> np.ndarray:
        """Return (n, 28) probabilities, each label by itself: they need not add up to one."""
        return 1 / (1 + np.exp(-(features(embedding, layers) @ self.emotion + self.emotion_bias)))

    def affects(self, embedding: np.ndarray, layers: np.ndarray) -> np.ndarray:
        """Return (n, 2) valence and arousal, 1 to 5, 3 is neither."""
        found = features(embedding, layers) @ self.affect + self.affect_bias
        return np.clip(found, LOWEST, HIGHEST)


def features(embedding: np.ndarray, layers: np.ndarray) -> np.ndarray:
    """Return (n, 1152) float32: last layer, then the two before it."""
    return np.concatenate([embedding, layers.astype(np.float32)], axis=1)


def heads() -> Heads:
    """Return the heads that ship.

    Raises
    ------
    SetUpError
        They are damaged, or were trained on another encoder than the one in the settings.
    """
    return memory.load(f"heads {settings().encoder}", _loaded, lambda h: h.emotion.nbytes * 2)


def facts() -> dict:
    """Return what is known about the heads: data, figures, thresholds."""
    return json.loads(FACTS.read_text(encoding="utf-8"))


def _loaded() -> Heads:
    from safetensors.numpy import load_file

    known = facts()
    if known["encoder"]["name"] != settings().encoder:
        raise SetUpError(
            f"The mood heads were trained on {known['encoder']['name']}, not on "
            f"{settings().encoder}. Train them: python -m workbench.lyrics.training"
        )
    if tuple(known["labels"]) != LABELS:
        raise SetUpError("The mood heads know other labels than this version; train them again.")
    arrays = load_file(WEIGHTS)
    return Heads(thresholds=np.array(known["thresholds"], np.float32), facts=known, **arrays)
