"""The mood heads: from a text's vectors to 28 emotion probabilities and three affects.

Linear on what the frozen layers know and on what the tuned layers say; trained by
`python -m workbench.lyrics.training`.
"""

from dataclasses import dataclass

import numpy as np

from workbench.errors import SetUpError
from workbench.lyrics.families import LABELS
from workbench.lyrics.shipped import HEADS, facts, weights_file
from workbench.settings import settings
from workbench.store.memory import memory

AFFECTS = ("valence", "arousal", "dominance")
# EmoBank's scale.
LOWEST, MIDDLE, HIGHEST = 1.0, 3.0, 5.0


@dataclass(frozen=True, eq=False)
class Scale:
    """What the probabilities of a line are held against.

    Attributes
    ----------
    standing : how each label stands in song lines, as `training.reference.standing` gives it.
    thresholds : (28,), from which on a label is said outright.
    """

    standing: dict
    thresholds: np.ndarray


@dataclass(frozen=True, eq=False)
class Heads:
    """Trained heads.

    Attributes
    ----------
    emotion, emotion_bias : (1191, 28) and (28,). affect, affect_bias : (1191, 3) and (3,), for
    valence, arousal and dominance. thresholds : (28,), chosen on dev. facts : labels, encoder,
    data hashes, seed and measured figures.
    """

    emotion: np.ndarray
    emotion_bias: np.ndarray
    affect: np.ndarray
    affect_bias: np.ndarray
    thresholds: np.ndarray
    facts: dict

    def probabilities(self, *vectors: np.ndarray) -> np.ndarray:
        """Return (n, 28) probabilities, each label by itself: they need not add up to one.

        `vectors` are embedding, layers and outputs of the encoder, or all of them side by side.
        """
        return 1 / (1 + np.exp(-(features(*vectors) @ self.emotion + self.emotion_bias)))

    def affects(self, *vectors: np.ndarray) -> np.ndarray:
        """Return (n, 3) valence, arousal and dominance, 1 to 5, 3 is neither."""
        return np.clip(features(*vectors) @ self.affect + self.affect_bias, LOWEST, HIGHEST)


def features(*vectors: np.ndarray) -> np.ndarray:
    """Return float32 vectors side by side: last layer, the two before it, tuned outputs."""
    return np.concatenate([held.astype(np.float32) for held in vectors], axis=1)


def heads(encoder: str | None = None) -> Heads:
    """Return the heads that ship, for an encoder, by default the one in the settings.

    Raises
    ------
    SetUpError
        They are damaged, or were trained on another encoder.
    """
    name = encoder or settings().encoder
    return memory.load(f"heads {name}", lambda: _loaded(name), lambda h: h.emotion.nbytes * 2)


def _loaded(name: str) -> Heads:
    from safetensors.numpy import load_file

    known = facts()
    if known["encoder"]["name"] != name:
        raise SetUpError(
            f"The mood heads were trained on {known['encoder']['name']}, not on "
            f"{name}. Train them (python -m workbench.lyrics.training), or name a model of "
            "emotions in WORKBENCH_EMOTIONS."
        )
    if tuple(known["labels"]) != LABELS:
        raise SetUpError("The mood heads know other labels than this version; train them again.")
    arrays = load_file(weights_file(HEADS))
    return Heads(thresholds=np.array(known["thresholds"], np.float32), facts=known, **arrays)
