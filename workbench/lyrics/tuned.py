"""The tuned layers: the encoder's upper layers, trained on to tell emotions, and their outputs.

Each output reads a text twice: the mean over its tokens, and a mean in which the tokens that speak
for this output weigh more.
"""

from collections.abc import Callable, Mapping

from workbench.lyrics.layers import Runs, each_run, layer, padded
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
    """Return (n, outputs) of padded texts.

    Parameters
    ----------
    hidden : (n, tokens, width) after the frozen lower layers. mask : (n, tokens), True at tokens.
    weights : tuned layers by short name; look, own, mean (outputs, width) and bias (outputs,).
    drop : as `layer` takes it.
    """
    for number in tuned_layers(weights):
        hidden = layer(hidden, padded(mask), weights, number, drop)
    return _read_twice(drop(hidden) if drop else hidden, mask, weights)


def said(hidden, attention: Callable, weights: Mapping, runs: Runs):
    """Return (n, outputs) of packed texts, (all tokens, width) after the frozen lower layers."""
    import torch

    for number in tuned_layers(weights):
        hidden = layer(hidden, attention, weights, number)
    return torch.cat([_read_twice(part, None, weights) for part in each_run(hidden, runs)])


def _read_twice(hidden, mask, weights: Mapping):
    """Return (n, outputs) of (n, tokens, width); without a mask every place is a token."""
    score, own = hidden @ weights["look"].T, hidden @ weights["own"].T
    if mask is None:
        mean = hidden.mean(dim=1)
    else:
        seen = mask[..., None]
        score = score.masked_fill(~seen, float("-inf"))
        mean = (hidden * seen).sum(dim=1) / seen.sum(dim=1)
    own = (score.softmax(dim=1) * own).sum(dim=1)
    return own + mean @ weights["mean"].T + weights["bias"]
