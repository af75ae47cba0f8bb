"""One layer of the encoder, a BERT, with weights by short name."""

from collections.abc import Callable, Mapping

HEADS = 12
EPSILON = 1e-12


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
        return f.layer_norm(x, scale.shape, scale, shift, EPSILON)

    drop = drop or (lambda x: x)
    n, tokens, width = hidden.shape
    asked = linear(hidden, "asked").view(n, tokens, 3, HEADS, width // HEADS)
    query, key, value = asked.permute(2, 0, 3, 1, 4)
    found = f.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
    found = found.transpose(1, 2).reshape(n, tokens, width)
    hidden = normed(hidden + drop(linear(found, "attended")), "first_norm")
    found = linear(f.gelu(linear(hidden, "wide")), "narrow")
    return normed(hidden + drop(found), "second_norm")
