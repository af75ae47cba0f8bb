"""One layer of the encoder, a BERT, with weights by short name.

Tokens lie either padded, (texts, tokens, width) with a mask, or packed: the tokens of texts of
like length side by side, (all tokens, width), so that nothing is spent on padding.
"""

from collections.abc import Callable, Mapping, Sequence

HEADS = 12
EPSILON = 1e-12

# (texts, tokens of each): texts of one length, one after the other.
Runs = Sequence[tuple[int, int]]


def layer(hidden, attention: Callable, weights: Mapping, number: int, drop: Callable | None = None):
    """Return `hidden` after one layer.

    Parameters
    ----------
    hidden : (..., width). attention : `padded(mask)` or `packed(runs)`. weights : by short name.
    drop : what is done to the output of each half before it is added; nothing outside training.
    """
    from torch.nn import functional as f

    def linear(x, part: str):
        return f.linear(x, weights[f"{number}.{part}.weight"], weights[f"{number}.{part}.bias"])

    def normed(x, part: str):
        scale, shift = weights[f"{number}.{part}.weight"], weights[f"{number}.{part}.bias"]
        return f.layer_norm(x, scale.shape, scale, shift, EPSILON)

    drop = drop or (lambda x: x)
    found = linear(attention(linear(hidden, "asked")), "attended")
    hidden = normed(hidden + drop(found), "first_norm")
    found = linear(f.gelu(linear(hidden, "wide")), "narrow")
    return normed(hidden + drop(found), "second_norm")


def padded(mask=None) -> Callable:
    """Return the attention over (texts, tokens, 3 x width); mask (texts, tokens), True at tokens.

    Without a mask all texts have all tokens.
    """
    from torch.nn.functional import scaled_dot_product_attention

    seen = None if mask is None else mask[:, None, None, :]

    def attention(asked):
        n, tokens, width = asked.shape
        asked = asked.view(n, tokens, 3, HEADS, width // (3 * HEADS)).permute(2, 0, 3, 1, 4)
        found = scaled_dot_product_attention(*asked, attn_mask=seen)
        return found.transpose(1, 2).reshape(n, tokens, width // 3)

    return attention


def packed(runs: Runs) -> Callable:
    """Return the attention over (all tokens, 3 x width) of texts that lie packed."""
    import torch

    within = padded()

    def attention(asked):
        parts = [within(part).flatten(0, 1) for part in each_run(asked, runs)]
        return torch.cat(parts) if len(parts) > 1 else parts[0]

    return attention


def each_run(rows, runs: Runs) -> list:
    """Return packed rows (all tokens, width) as one (texts, tokens, width) a run."""
    parts = rows.split([texts * tokens for texts, tokens in runs])
    return [part.view(*run, -1) for part, run in zip(parts, runs, strict=True)]
