"""Tune the encoder's upper layers on three public sets together.

The lower layers stay as they are and run once. An epoch takes every text of GoEmotions and EmoBank
and a part of XED. The weights kept are a moving average of those of the steps. Stopped, it goes on
from the last checkpoint; what it draws depends on the seed and the step alone.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from workbench.lyrics.training.evaluation import best_thresholds, f1
from workbench.lyrics.training.examples import (
    AFFECTS,
    EMOTIONS,
    OUTPUTS,
    PLUTCHIK,
    Examples,
)
from workbench.lyrics.training.fit import pearson
from workbench.lyrics.training.lower import Lower
from workbench.lyrics.training.plan import epoch_steps, groups, loss, share_of_peak, started
from workbench.lyrics.tuned import outputs

DROP, CLIP = 0.1, 1.0
AVERAGE, AVERAGE_EVERY = 0.995, 5  # what the average keeps a step; steps between two of its own
SAVE_EVERY, SAY_EVERY = 100, 20


class Tuning:
    """A run: weights, their moving average, the optimiser and how many steps are done."""

    def __init__(self, train: Examples, folder: Path, *, seed: int, threads: int):
        import torch

        self.train, self.seed, self.folder = train, seed, folder
        self.lower = Lower(train.texts, folder)
        self.targets = torch.from_numpy(train.targets)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.weights = {
            name: held.to(self.device).requires_grad_()
            for name, held in started(train, seed).items()
        }
        self.average = {name: held.detach().clone() for name, held in self.weights.items()}
        self.optimiser = torch.optim.AdamW(groups(self.weights), betas=(0.9, 0.98), fused=True)
        self.done = 0
        self.pool = ThreadPoolExecutor(threads)
        self.checkpoint = folder / f"checkpoint-{seed}.safetensors"
        if self.checkpoint.exists():
            self._go_on()

    def _gradient(self, part: list, number: int):
        import torch

        drawn = torch.Generator(self.device)
        drawn.manual_seed((self.seed * 1_000_003 + self.done) * 16 + number)

        def drop(x):
            kept = torch.rand(x.shape, generator=drawn, device=x.device) >= DROP
            return x * kept / (1 - DROP)

        hidden, mask = (held.to(self.device) for held in self.lower.padded(part))
        said = outputs(hidden, mask, self.weights, drop)
        error = loss(said, self.targets[part].to(self.device))
        return float(error.detach()), torch.autograd.grad(error, list(self.weights.values()))

    def step(self, parts: list[list], total: int) -> float:
        """Take one step of `total`; return its mean error."""
        import torch

        found = list(self.pool.map(self._gradient, parts, range(len(parts))))
        texts = sum(len(part) for part in parts)
        held = list(self.weights.values())
        for place, weight in enumerate(held):
            weight.grad = sum(gradients[place] for _, gradients in found) / texts
        torch.nn.utils.clip_grad_norm_(held, CLIP)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * share_of_peak(self.done, total)
        self.optimiser.step()
        self.done += 1
        if self.done % AVERAGE_EVERY == 0:
            keep = min(AVERAGE**AVERAGE_EVERY, self.done / (50 + self.done))
            held = [weight.detach() for weight in held]
            torch._foreach_lerp_(list(self.average.values()), held, 1 - keep)
        return sum(error for error, _ in found) / texts

    def _state(self) -> dict:
        """Return every tensor of the run by name; all but the count are changed in place."""
        import torch

        found = {"done": torch.tensor(self.done)}
        for name, weight in self.weights.items():
            moments = self.optimiser.state[weight]
            held = {"weight": weight.detach(), "average": self.average[name], **moments}
            found |= {f"{kind} {name}": tensor for kind, tensor in held.items()}
        return found

    def save(self) -> None:
        """Write the checkpoint."""
        from safetensors.torch import save_file

        temporary = self.checkpoint.with_suffix(".tmp")
        save_file({name: held.cpu() for name, held in self._state().items()}, temporary)
        temporary.replace(self.checkpoint)

    def _go_on(self) -> None:
        from safetensors.torch import load_file

        held = load_file(self.checkpoint, device=str(self.device))
        self.done = int(held.pop("done"))
        for name, tensor in held.items():
            kind, _, own = name.partition(" ")
            if kind == "weight":
                self.weights[own].data.copy_(tensor)
            elif kind == "average":
                self.average[own].copy_(tensor)
            else:
                moment = tensor.cpu() if kind == "step" else tensor
                self.optimiser.state[self.weights[own]][kind] = moment

    def run(self, dev: Examples, epochs: float) -> None:
        """Train to the end, saying how far it is, and after each epoch what dev says."""
        plans: dict[int, list] = {0: epoch_steps(self.train, self.lower.lengths, self.seed, 0)}
        each = len(plans[0])
        total = round(each * epochs)
        errors, begun, first = [], time.monotonic(), self.done
        while self.done < total:
            epoch, place = divmod(self.done, each)
            if epoch not in plans:
                plans = {epoch: epoch_steps(self.train, self.lower.lengths, self.seed, epoch)}
            # Another order cuts into a step more or fewer; an epoch has as many as the first one.
            errors.append(self.step(plans[epoch][min(place, len(plans[epoch]) - 1)], total))
            if self.done % SAY_EVERY == 0:
                left = (time.monotonic() - begun) / (self.done - first) * (total - self.done)
                error = np.mean(errors[-100:])
                _say(f"step {self.done}/{total} error {error:.4f}, {left:.0f} s left")
            if self.done % SAVE_EVERY == 0 or self.done == total:
                self.save()
            if self.done % each == 0:
                found = figures(self.average, dev, self.folder)
                _say(json.dumps({"epoch": self.done // each} | found))


def said(weights: dict, texts: list[str], folder: Path) -> np.ndarray:
    """Return (n, 39) outputs of texts."""
    import torch

    lower = Lower(texts, folder)
    device = next(iter(weights.values())).device
    found = np.zeros((len(texts), len(OUTPUTS)), np.float32)
    order = np.argsort(lower.lengths, kind="stable")
    for start in range(0, len(order), 128):
        rows = order[start : start + 128]
        hidden, mask = (held.to(device) for held in lower.padded(rows))
        with torch.inference_mode():
            found[rows] = outputs(hidden, mask, weights).cpu().numpy()
    return found


def figures(weights: dict, held: Examples, folder: Path) -> dict:
    """Return macro-F1 (thresholds of the same rows), and Pearson of the three affects."""
    found = said(weights, held.texts, folder)
    result = {}
    for name, place in (("goemotions", EMOTIONS), ("xed", PLUTCHIK)):
        rows = held.of(name)
        wanted = held.targets[rows][:, place] > 0
        probabilities = 1 / (1 + np.exp(-found[rows][:, place]))
        each = f1(wanted, probabilities >= best_thresholds(probabilities, wanted))
        result[name] = round(float(each.mean()), 4)
    rows = held.of("emobank")
    each = pearson(found[rows][:, AFFECTS], held.targets[rows][:, AFFECTS])
    return result | {"emobank": [round(value, 4) for value in each]}


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
