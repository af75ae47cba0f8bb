"""Linear heads on frozen vectors: logistic for emotions, ridge for valence and arousal."""

from dataclasses import dataclass

import numpy as np

# Passes over the data, size of a step's batch, peak step length: chosen on dev.
EPOCHS, BATCH, PEAK = 20, 512, 3e-3
# Strengths of the ridge that dev chooses from.
RIDGE = (300.0, 1_000.0, 3_000.0, 10_000.0)


@dataclass(frozen=True, eq=False)
class Linear:
    """weight (features, outputs) and bias (outputs,), on unscaled features."""

    weight: np.ndarray
    bias: np.ndarray

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """Return (n, outputs): log-odds, or valence and arousal."""
        return features @ self.weight + self.bias


def _scale(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # Some dimensions of the encoder hardly move; they must not be blown up.
    return features.mean(axis=0), np.maximum(features.std(axis=0), 1e-4)


def _unscaled(weight: np.ndarray, bias: np.ndarray, mean, spread) -> Linear:
    weight = weight / spread[:, None]
    return Linear(weight.astype(np.float32), (bias - mean @ weight).astype(np.float32))


def logistic_heads(features: np.ndarray, targets: np.ndarray, *, seed: int) -> Linear:
    """Return one logistic regression a label, trained together by AdamW on a one-cycle schedule.

    Few passes and decoupled weight decay keep rare labels from being learnt by heart; on dev this
    beat a converged ridge-penalised fit.
    """
    import torch

    torch.manual_seed(seed)
    mean, spread = _scale(features)
    rows = torch.from_numpy((features - mean) / spread)
    wanted = torch.from_numpy(targets)
    head = torch.nn.Linear(rows.shape[1], targets.shape[1])
    with torch.no_grad():
        # Steps are small: from zero the bias of a rare label would not get to where it belongs.
        head.weight.zero_()
        head.bias.copy_(torch.logit(wanted.mean(dim=0)))
    steps = EPOCHS * -(-len(rows) // BATCH)
    optimiser = torch.optim.AdamW(head.parameters(), weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK, total_steps=steps)
    loss = torch.nn.BCEWithLogitsLoss()
    for _ in range(EPOCHS):
        for part in torch.randperm(len(rows)).split(BATCH):
            optimiser.zero_grad()
            loss(head(rows[part]), wanted[part]).backward()
            optimiser.step()
            schedule.step()
    weight = head.weight.detach().numpy().T.astype(np.float64)
    return _unscaled(weight, head.bias.detach().numpy().astype(np.float64), mean, spread)


def ridge_heads(train, targets, dev, dev_targets) -> tuple[Linear, float]:
    """Return the ridge regression whose strength predicts dev best (mean Pearson), and it."""
    mean, spread = _scale(train)
    rows = ((train - mean) / spread).astype(np.float64)
    centre = targets.mean(axis=0)
    gram, moment = rows.T @ rows, rows.T @ (targets - centre)
    best: tuple[float, Linear, float] | None = None
    for strength in RIDGE:
        weight = np.linalg.solve(gram + strength * np.eye(len(gram)), moment)
        found = _unscaled(weight, centre.astype(np.float64), mean, spread)
        score = float(np.mean(pearson(found(dev), dev_targets)))
        if best is None or score > best[0]:
            best = score, found, strength
    return best[1], best[2]


def pearson(found: np.ndarray, wanted: np.ndarray) -> list[float]:
    """Return Pearson's correlation, column by column."""
    return [
        float(np.corrcoef(found[:, column], wanted[:, column])[0, 1])
        for column in range(wanted.shape[1])
    ]
