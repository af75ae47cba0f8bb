"""The base's own weights by short name, and its lower layers, which no training changes."""

from collections.abc import Mapping, Sequence

from workbench.lyrics.encoder import encoder_folder
from workbench.lyrics.layers import EPSILON, layer
from workbench.lyrics.tuned import FIRST
from workbench.settings import settings
from workbench.store.memory import memory

# Short name of each part of a layer, and where the base keeps it.
_PARTS = {
    "attended": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "second_norm": "output.LayerNorm",
}


def base_weights() -> dict:
    """Return the base's weights by short name, queries, keys and values in one matrix."""
    return memory.load(f"layers {settings().encoder}", _read, lambda _: 95_000_000)


def _read() -> dict:
    import torch
    from safetensors.torch import load_file

    raw = load_file(encoder_folder() / "model.safetensors")
    found = {name: held for name, held in raw.items() if name.startswith("embeddings.")}
    layers = 1 + max(int(n.split(".")[2]) for n in raw if n.startswith("encoder.layer."))
    for i in range(layers):
        for kind in ("weight", "bias"):
            own = f"encoder.layer.{i}."
            asked = [raw[f"{own}attention.self.{n}.{kind}"] for n in ("query", "key", "value")]
            found[f"{i}.asked.{kind}"] = torch.cat(asked)
            for short, name in _PARTS.items():
                found[f"{i}.{short}.{kind}"] = raw[f"{own}{name}.{kind}"]
    return found


def embedded(ids, weights: Mapping):
    """Return the (n, tokens, width) embeddings of token ids (n, tokens)."""
    from torch.nn import functional as f

    own = {name.removeprefix("embeddings."): held for name, held in weights.items()}
    found = f.embedding(ids, own["word_embeddings.weight"])
    found = found + own["position_embeddings.weight"][: ids.shape[1]]
    found = found + own["token_type_embeddings.weight"][0]
    scale, shift = own["LayerNorm.weight"], own["LayerNorm.bias"]
    return f.layer_norm(found, scale.shape, scale, shift, EPSILON)


def below(ids: Sequence[Sequence[int]]):
    """Return hidden (n, tokens, width) after the frozen lower layers, and mask (n, tokens)."""
    import torch

    most = max(len(row) for row in ids)
    padded = torch.tensor([[*row, *[0] * (most - len(row))] for row in ids])
    mask = torch.tensor([[True] * len(row) + [False] * (most - len(row)) for row in ids])
    weights = base_weights()
    with torch.inference_mode():
        hidden = embedded(padded, weights)
        for number in range(FIRST):
            hidden = layer(hidden, mask, weights, number)
    return hidden, mask
