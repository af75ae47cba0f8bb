"""The packaged encoder's own weights by short name, and texts as its lowest layer takes them."""

from collections.abc import Mapping

from workbench.lyrics.encoder_files import PACKAGED, encoder_folder
from workbench.lyrics.layers import EPSILON
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
    return memory.load("base layers", _read, lambda _: 95_000_000)


def _read() -> dict:
    import torch
    from safetensors.torch import load_file

    raw = load_file(encoder_folder(PACKAGED) / "model.safetensors")
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


def embedded(ids, places, weights: Mapping):
    """Return the embeddings (..., width) of token ids (...) at places (...) of their texts."""
    from torch.nn import functional as f

    own = {name.removeprefix("embeddings."): held for name, held in weights.items()}
    found = f.embedding(ids, own["word_embeddings.weight"])
    found = found + f.embedding(places, own["position_embeddings.weight"])
    found = found + own["token_type_embeddings.weight"][0]
    scale, shift = own["LayerNorm.weight"], own["LayerNorm.bias"]
    return f.layer_norm(found, scale.shape, scale, shift, EPSILON)
