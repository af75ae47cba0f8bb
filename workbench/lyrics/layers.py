"""The encoder's layers, one by one: what the frozen and the tuned reading share.

The shipped encoder is a BERT of six layers. The lower ones are read once for both; above them the
frozen layers give the sentence vectors and the tuned ones the moods.
"""

from collections.abc import Callable, Mapping

from workbench.lyrics.encoder import encoder_folder
from workbench.settings import settings
from workbench.store.memory import memory

HEADS = 12
_EPSILON = 1e-12
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
    return f.layer_norm(found, scale.shape, scale, shift, _EPSILON)


def layer(hidden, mask, weights: Mapping, number: int, drop: Callable | None = None):
    """Return `hidden` after one layer.

    Parameters
    ----------
    hidden : (n, tokens, width). mask : (n, tokens), True at tokens. weights : by short name.
    drop : what is done to the output of each half before it is added; nothing outside training.
    """
    from torch.nn import functional as f

    def linear(x, part: str):
        return f.linear(x, weights[f"{number}.{part}.weight"], weights[f"{number}.{part}.bias"])

    def normed(x, part: str):
        scale, shift = weights[f"{number}.{part}.weight"], weights[f"{number}.{part}.bias"]
        return f.layer_norm(x, scale.shape, scale, shift, _EPSILON)

    drop = drop or (lambda x: x)
    n, tokens, width = hidden.shape
    asked = linear(hidden, "asked").view(n, tokens, 3, HEADS, width // HEADS)
    query, key, value = asked.permute(2, 0, 3, 1, 4)
    found = f.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
    found = found.transpose(1, 2).reshape(n, tokens, width)
    hidden = normed(hidden + drop(linear(found, "attended")), "first_norm")
    found = linear(f.gelu(linear(hidden, "wide")), "narrow")
    return normed(hidden + drop(found), "second_norm")
