"""The base's lower layers, which no training changes."""

from collections.abc import Sequence

from workbench.lyrics.base import base_weights, embedded
from workbench.lyrics.layers import layer, padded
from workbench.lyrics.tuned import FIRST


def below(ids: Sequence[Sequence[int]]):
    """Return hidden (n, tokens, width) after the frozen lower layers, and mask (n, tokens)."""
    import torch

    most = max(len(row) for row in ids)
    rows = torch.tensor([[*row, *[0] * (most - len(row))] for row in ids])
    mask = torch.tensor([[True] * len(row) + [False] * (most - len(row)) for row in ids])
    weights = base_weights()
    with torch.inference_mode():
        hidden = embedded(rows, torch.arange(most).expand_as(rows), weights)
        for number in range(FIRST):
            hidden = layer(hidden, padded(mask), weights, number)
    return hidden, mask
