"""What the joint training does in which order: first weights, steps, error, step lengths."""

import numpy as np

from workbench.lyrics.base import base_weights
from workbench.lyrics.training.examples import AFFECTS, EMOTIONS, OUTPUTS, PLUTCHIK, Examples
from workbench.lyrics.tuned import FIRST
from workbench.store.lyric_rows import EMBEDDING

# A step has so many parts, each of so many word pieces, that one thread works on; texts are sorted
# by length among so many.
PARTS, PART, POOL = 4, 256, 1_024
# Peak step length of the heads and of the uppermost layer; each layer below takes less.
HEAD_PEAK, LAYER_PEAK, LOWER_BY = 1e-3, 2e-4, 0.85
WARM, COOL = 185, 0.32  # steps that rise at the start, share of all steps that fall at the end
DECAY = 0.01
# Share of XED that an epoch reads, and what an error on it counts.
XED_SHARE, XED_COUNTS = 1 / 3, 0.5


def started(train: Examples, seed: int) -> dict:
    """Return the weights to begin with: the base's layers, heads that say each label's share."""
    import torch

    torch.manual_seed(seed)
    base = base_weights()
    own = {
        name: held.clone()
        for name, held in base.items()
        if name[0].isdigit() and int(name.split(".")[0]) >= FIRST
    }
    share = torch.from_numpy(np.nanmean(train.targets, axis=0)).float().clamp(1e-4, 1 - 1e-4)
    bias = torch.where(torch.arange(len(OUTPUTS)) < AFFECTS.start, torch.logit(share), 0.0)
    for name in ("look", "own", "mean"):
        own[name] = torch.randn(len(OUTPUTS), EMBEDDING) * (0.02 if name == "look" else 0.002)
    return own | {"bias": bias}


def epoch_steps(train: Examples, lengths: np.ndarray, seed: int, epoch: int) -> list[list[list]]:
    """Return the steps of an epoch, each a list of parts, each a list of rows of like length.

    Texts are sorted by length within a pool of them, so that hardly anything is spent on padding.
    """
    random = np.random.default_rng([seed, epoch])
    xed = random.permutation(train.of("xed"))
    taken = [train.of("goemotions"), train.of("emobank"), xed[: int(len(xed) * XED_SHARE)]]
    rows = random.permutation(np.concatenate(taken))
    steps = []
    for start in range(0, len(rows), POOL):
        parts = _parts(sorted(rows[start : start + POOL], key=lambda r: lengths[r]), lengths)
        order = random.permutation(len(parts))
        steps += [[parts[i] for i in order[at : at + PARTS]] for at in range(0, len(order), PARTS)]
    return steps


def _parts(rows: list, lengths: np.ndarray) -> list[list]:
    found, begun = [], []
    for row in rows:
        if begun and (len(begun) + 1) * lengths[row] > PART:
            found.append(begun)
            begun = []
        begun.append(row)
    return [*found, begun]


def loss(said, wanted):
    """Return the summed error of a part: cross-entropy of labels, squared error of affects."""
    import torch
    from torch.nn import functional as f

    known = ~torch.isnan(wanted)
    wanted = torch.nan_to_num(wanted)
    labels = slice(0, AFFECTS.start)
    each = f.binary_cross_entropy_with_logits(said[:, labels], wanted[:, labels], reduction="none")
    each = torch.cat([each, (said[:, AFFECTS] - wanted[:, AFFECTS]) ** 2], dim=1) * known
    return each[:, EMOTIONS].sum() + XED_COUNTS * each[:, PLUTCHIK].sum() + each[:, AFFECTS].sum()


def groups(weights: dict) -> list[dict]:
    """Return the optimiser's groups: the higher a layer, the longer its steps."""
    found = []
    top = max(int(name.split(".")[0]) for name in weights if name[0].isdigit())
    for name, held in weights.items():
        number = int(name.split(".")[0]) if name[0].isdigit() else None
        peak = HEAD_PEAK if number is None else LAYER_PEAK * LOWER_BY ** (top - number)
        decay = DECAY if held.ndim > 1 else 0.0
        found.append({"params": [held], "lr": peak, "peak": peak, "weight_decay": decay})
    return found


def share_of_peak(step: int, steps: int) -> float:
    """Return the step length as a share of its peak: up, level, down in a straight line."""
    return min(1.0, (step + 1) / WARM, (steps - step) / (COOL * steps))
