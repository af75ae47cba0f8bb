"""The tuned layers: the encoder's upper layers, trained on to tell emotions, and their outputs.

Each output reads a text twice: the mean over its tokens, and a mean in which the tokens that speak
for this output weigh more.
"""

from collections.abc import Callable, Mapping

from workbench.lyrics.layers import layer
from workbench.lyrics.shipped import TUNED, weights_file
from workbench.store.memory import memory

# Layers below this one are the frozen encoder's own.
FIRST = 2


def tuned_weights() -> dict:
    """Return the tuned weights that ship, as float32 tensors by short name.

    Raises
    ------
    SetUpError
        The file is not there or is damaged.
    """
    return memory.load("tuned layers", _read, lambda held: sum(t.nbytes for t in held.values()))


def _read() -> dict:
    from safetensors.torch import load_file

    return {name: held.float() for name, held in load_file(weights_file(TUNED)).items()}


def tuned_layers(weights: Mapping) -> list[int]:
    """Return the numbers of the layers that weights hold, lowest first."""
    return sorted({int(name.split(".")[0]) for name in weights if name[0].isdigit()})


def outputs(hidden, mask, weights: Mapping, drop: Callable | None = None):
    """Return (n, outputs) of texts.

    Parameters
    ----------
    hidden : (n, tokens, width) after the frozen lower layers. mask : (n, tokens), True at tokens.
    weights : tuned layers by short name; look, own, mean (outputs, width) and bias (outputs,).
    """
    for number in tuned_layers(weights):
        hidden = layer(hidden, mask, weights, number, drop)
    seen = mask[..., None]
    drop = drop or (lambda x: x)
    hidden = drop(hidden)
    score = (hidden @ weights["look"].T).masked_fill(~seen, float("-inf")).softmax(dim=1)
    own = (score * (hidden @ weights["own"].T)).sum(dim=1)
    mean = (hidden * seen).sum(dim=1) / seen.sum(dim=1)
    return own + mean @ weights["mean"].T + weights["bias"]
