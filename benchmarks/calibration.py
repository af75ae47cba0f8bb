"""How often intervals of the promotion model hold the truth.

Labels with known truth are fitted and asked as the lab asks: by how many streams does one plan beat
another? Half are drawn from the response model itself (then ranks of the true parameters among the
draws are uniform: simulation-based calibration, Talts et al. 2018), half come from the sample
label's generator, which saturates in an S and acts days later: a model that is not ours.

    python -m benchmarks.calibration [--quick]
"""

import math
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import simulated
from benchmarks.report import Figure, options, percentile, show
from workbench.promotion.coordinates import appeal
from workbench.promotion.estimate import posterior
from workbench.promotion.whatif import WORKERS

MADE = {"model": simulated.of_the_model, "generator": simulated.of_the_generator}
CAMPAIGNS, QUICK = 200, 40
DRAWS, TRIES, PAIRS = 500, 600, 4
COVERED = (0.85, 0.95)
CHANNEL = ("carry", "bend", "effect")
SINGLE = ("kept", "leaving", "ride", "decay", "floor", "ramp", "noise", "memory", "together")
UNEVEN = 1.63  # Kolmogorov: sqrt(n) times the largest gap of an even law, passed once in a hundred


def campaign(kind: str, seed: int) -> dict:
    """Return what one simulated label says of the fit: ranks of the truth, plans and intervals.

    Returns
    -------
    ranks : parameter -> shares of draws below the truth; empty of another generator.
    differences : (truth, low, median, high, mean, sd) of streams between two plans. brought :
        (truth, median) of the second plan alone. k, effective : of the weights. seconds : of the
        processor, for the fit.
    """
    with threadpool_limits(1):
        made = MADE[kind](seed)
        began = time.process_time()
        found = posterior(made.data, draws=DRAWS, tries=TRIES, seed=seed)
        seconds = time.process_time() - began
    law = (found.draws, found.shared, found.own, found.own_factor, found.own_slope)
    fit = simulated.as_fit(made.data, found.at, law, made.tracks, made.weekly)
    differences, brought = [], []
    for one, other in simulated.plans(made.data, seed, PAIRS):
        first, second = simulated.brought(fit, one), simulated.brought(fit, other)
        change, truth = second - first, made.brought(other)
        low, middle, high = np.quantile(change, [0.05, 0.5, 0.95])
        told = (truth - made.brought(one), low, middle, high, change.mean(), change.std())
        differences.append([float(value) for value in told])
        brought.append([truth, float(np.median(second))])
    return {
        "kind": kind, "seed": seed, "ranks": ranks(made, found), "differences": differences,
        "brought": brought, "k": found.pareto_k, "effective": found.effective, "seconds": seconds,
    }  # fmt: skip


def ranks(made: simulated.Simulated, found) -> dict[str, list[float]]:
    """Return shares of draws below the true shared parameters, and below the promoted appeals."""
    if made.shared is None:
        return {}
    below = (found.draws < made.shared).mean(0)
    out = {name: below[found.at.at[name]].tolist() for name in (*CHANNEL, *SINGLE, "cell")}
    rng = np.random.default_rng(made.data.streams.size)
    track = made.data.run_track
    column = appeal(len(made.data.channels)).start + made.data.run_channel
    noise = rng.standard_normal((len(found.draws), *found.own.shape))
    own = found.own + np.einsum("npq,sq->snp", found.own_slope, found.draws - found.shared)
    own = own + np.einsum("npr,snr->snp", found.own_factor, noise)
    low = (own < made.own).mean(0)
    return out | {"appeal": low[track, column].tolist(), "level": low[:, 0].tolist()}


def figures(rows: list[dict]) -> list[Figure]:
    """Return coverage, bias and evenness of ranks over the campaigns of both kinds."""
    out = []
    for kind, words in (("model", "own model"), ("generator", "other generator")):
        mine = [row for row in rows if row["kind"] == kind]
        if mine:
            out += _plans(mine, f"{words}, {len(mine)} campaigns", kind == "model")
    own = [row for row in rows if row["kind"] == "model"]
    if own:
        out += _ranks(own)
    seconds = [row["seconds"] for row in rows]
    return [*out, Figure("processor time of a fit (median)", median(seconds), "s")]


def _plans(rows: list[dict], words: str, goal: bool) -> list[Figure]:
    each = np.array([row["differences"] for row in rows])
    truth, low, middle, high, mean, sd = np.moveaxis(each, 2, 0)
    inside = (low <= truth) & (truth <= high)
    # campaigns, not pairs of plans, are independent
    error = float(inside.mean(1).std() / np.sqrt(len(rows)))
    share, name = float(inside.mean()), f"{words}: 90 % interval of a difference covers"
    spread = (share - 2 * error, share + 2 * error)
    goals = COVERED if goal else (None, None)
    brought = np.array([row["brought"] for row in rows]).reshape(-1, 2)
    k = [row["k"] for row in rows]
    return [
        Figure(f"{name}, at least", share, "", 0.9, goals[0], True, spread),
        Figure(f"{name}, at most", share, "", 0.9, goals[1], False, spread),
        Figure(f"{words}: truth above the median", float((truth > middle).mean()), "", 0.5),
        Figure(f"{words}: truth less estimate, in posterior sd (median)",
               float(np.median((truth - mean) / sd))),
        Figure(f"{words}: estimate over truth of a plan's streams (median)",
               float(np.median(brought[:, 1] / brought[:, 0])), "", 1.0),
        Figure(f"{words}: Pareto-k above .7", float(np.mean(np.array(k) > 0.7))),
        Figure(f"{words}: Pareto-k, 95 %", percentile(k, 0.95), "", None, 0.7),
    ]  # fmt: skip


def _ranks(rows: list[dict]) -> list[Figure]:
    """Return, of each parameter, how far its ranks are from even, and how many lie in the 90 %."""
    out = []
    for name in (*CHANNEL, "cell", "appeal", "level", *SINGLE):
        pooled = np.sort(np.concatenate([row["ranks"][name] for row in rows]))
        gap = uneven(pooled)
        # ranks of one label go together: what counts as many is the number of labels
        limit = UNEVEN / math.sqrt(len(rows))
        inside = float(((pooled >= 0.05) & (pooled <= 0.95)).mean())
        out += [
            Figure(f"ranks of {name}: largest gap to even", gap, "", None, limit),
            Figure(f"ranks of {name}: within the middle 90 %", inside, "", 0.9),
        ]
    return out


def uneven(ordered: np.ndarray) -> float:
    """Return the largest gap between the shares of sorted values and the even law on 0 to 1."""
    place = np.arange(1, len(ordered) + 1) / len(ordered)
    return float(max(np.abs(place - ordered).max(), np.abs(place - 1 / len(place) - ordered).max()))


def main() -> None:
    """Simulate, fit and ask, on all processors."""
    count = QUICK if options(__doc__.splitlines()[0]).quick else CAMPAIGNS
    asked = [(kind, seed) for seed in range(count) for kind in MADE]
    rows = []
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        for row in pool.map(campaign, *zip(*asked, strict=True)):
            rows.append(row)
            if len(rows) % 20 == 0:
                print(f"{len(rows)} of {len(asked)}", flush=True)
    show("Calibration of the promotion model", figures(rows))


if __name__ == "__main__":
    main()
