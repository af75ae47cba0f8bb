"""The best split of a budget: against brute force, against the current plan, and how long it takes.

Scenes are random: channels, territories and draws differ in height, saturation and carry-over, some
by much. Curves of the brute force and of all comparisons are the engine's own, on all draws; the
search sees its tables of them. Cases in which other tools are known to fail stand by name.

    python -m benchmarks.optimiser [--quick]
"""

import time
from dataclasses import replace
from itertools import product

import numpy as np

from benchmarks.report import Figure, measured, options, percentile, show
from benchmarks.whatif import scene

CHANNELS, CELLS, WEEKS, DRAWS = 6, 8, 26, 2000
MODELS = 100


def drawn(seed: int, channels: int = CHANNELS, parts: int = CELLS, draws: int = DRAWS, **limits):
    """Return a random scene, a current plan and bounds."""
    from workbench.promotion.bounds import Bounds
    from workbench.promotion.plan import Plan

    rng = np.random.default_rng(seed)
    one = scene(draws, channels, parts, WEEKS, seed)
    apart = 0.8 * rng.standard_normal((channels, parts, 1)) + rng.standard_normal((channels, 1, 1))
    noise = 0.4 * rng.standard_normal((channels, parts, draws))
    audience = rng.dirichlet(np.full(parts, 4.0)).astype(np.float32)
    height = one.height * np.exp(apart + noise) * audience[:, None] * parts
    one = replace(one, height=height.astype(np.float32), audience=audience, planned=False)
    now = rng.dirichlet(np.ones(channels)) * rng.uniform(500, 20_000)
    spend = tuple(zip(one.channels, now.tolist(), strict=True))
    given = {
        "least": np.zeros(channels),
        "most": np.full(channels, np.inf),
        "minimum": np.zeros(channels),
        "floor": np.zeros(parts),
        "tried": np.full(channels, np.inf),
    }
    return one, Plan(track_id="t", spend=spend, flight=(0, 8)), Bounds(**(given | limits))


def asked(one, plan, bound, aim, *, cells: bool):
    """Return the question for the best split, as the analysis makes it from a label."""
    from workbench.promotion.splitting import framed

    rates = np.full(len(one.cells), 0.0035)
    return framed(one, plan, bound, aim, rates, plan.budget, cells=cells)


def truth(question, amounts: np.ndarray) -> np.ndarray:
    """Return what the engine says that amounts (C, K) are worth, on all draws (S,)."""
    from workbench.promotion.draws import LEAD
    from workbench.promotion.plan import weekly_spend
    from workbench.promotion.whatif import effect

    one, spent = question.one, amounts.sum(1)
    plan = question.plan.with_spend(dict(zip(one.channels, spent.tolist(), strict=True)))
    spend = weekly_spend(plan, one.channels, -LEAD, LEAD + WEEKS)
    ratio = amounts / np.maximum(spent, 1e-12)[:, None] / one.audience
    found = effect(one, spend, ratio).by_cell.astype(float)
    return question.pay @ found - (spent.sum() if question.aim.of == "money" else 0.0)


def reached(question) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the best amounts (C, K), what they are worth (S,), and the bound on what is missed."""
    from workbench.promotion.splitting import best_at

    found = best_at(question, question.plan.budget)
    amounts = (question.spread @ found.x).reshape(question.money.shape)
    return amounts, truth(question, amounts), found.gap / max(abs(found.value), 1e-9)


def brute(question, steps: int) -> float:
    """Return the value of the best point of a fine grid over the budget, by the engine.

    Brought streams of an amount add up over channels and cells, so that each is asked for once.
    """
    from workbench.promotion.aims import judged

    budget, shape = question.plan.budget, question.money.shape
    count = question.spread.shape[1]
    alone = np.zeros((count, steps + 1, len(question.one.kept)))
    for number in range(count):
        for step in range(1, steps + 1):
            amounts = (question.spread[:, number] * budget * step / steps).reshape(shape)
            alone[number, step] = truth(question, amounts)
    best = -np.inf
    for steps_of in product(range(steps + 1), repeat=count - 1):
        left = steps - sum(steps_of)
        if left < 0:
            continue
        point = (*steps_of, left)
        amounts = np.array(point) * budget / steps
        if not question.bound.keeps((question.spread @ amounts).reshape(shape)):
            continue
        value = sum(alone[number, step] for number, step in enumerate(point))
        best = max(best, judged(value, question.aim))
    return best


def against_brute_force() -> list[Figure]:
    """Compare with a grid: three channels, two channels by two cells, a platform's minimum."""
    from workbench.promotion.aims import Aim, judged

    three = {"channels": 3, "parts": 4}
    cases = {
        "3 channels": (30, False, three),
        "2 channels by 2 cells": (16, True, {"channels": 2, "parts": 2}),
        "3 channels, platforms' minima": (
            30, False, three | {"minimum": np.array([0, 3000.0, 2000.0])}
        ),
        "3 channels, a minimum and a maximum": (
            30, False, three | {"least": np.array([0, 200.0, 0]), "most": np.array([np.inf] * 3)}
        ),
        "2 channels by 2 cells, floors": (
            16, True, {"channels": 2, "parts": 2, "floor": np.array([0.4, 0.3])}
        ),
    }  # fmt: skip
    figures = []
    for name, (steps, cells, given) in cases.items():
        for aim in (Aim(), Aim("streams", 1.0)):
            gaps = []
            for seed in range(4):
                question = asked(*drawn(seed, draws=300, **given), aim, cells=cells)
                grid = brute(question, steps)
                _, value, _ = reached(question)
                gaps.append(1 - judged(value, aim) / grid)
            word = "worst tenth" if aim.caution else "mean"
            figures.append(
                Figure(f"{name}, {word}: short of brute force at most", max(gaps), goal=0.01,
                       spread=(min(gaps), max(gaps)))
            )  # fmt: skip
    return figures


def against_the_plan(models: int) -> list[Figure]:
    """Count random models on which the best is worse than the current plan, on all draws."""
    from workbench.promotion.aims import Aim, judged
    from workbench.promotion.splitting import best_at

    figures = []
    for aim in (Aim(), Aim("streams", 1.0)):
        worse, gains, gaps, taken, busy = 0, [], [], [], []
        for seed in range(models):
            made = drawn(100 + seed)
            began, work = time.perf_counter(), time.process_time()
            question = asked(*made, aim, cells=True)
            best_at(question, question.plan.budget)
            taken.append(time.perf_counter() - began)
            busy.append(time.process_time() - work)
            _, value, gap = reached(question)
            before = judged(truth(question, question.money), aim)
            after = judged(value, aim)
            worse += after < before
            gains.append(after / before - 1)
            gaps.append(gap)
        word = f"48 cells, {'worst tenth' if aim.caution else 'mean'}"
        figures += [
            Figure(f"{word}: worse than the current plan, of {models} models", worse, goal=0.0),
            measured(f"{word}: gain over the current plan", gains, ""),
            Figure(f"{word}: certified gap, largest", max(gaps), goal=0.01),
            Figure(f"{word}: time, median", percentile(taken, 0.5), "s", goal=0.3,
                   spread=(min(taken), max(taken))),
            Figure(f"{word}: time, p95", percentile(taken, 0.95), "s"),
            Figure(f"{word}: processor time, median", percentile(busy, 0.5), "s"),
        ]  # fmt: skip
    return figures


def named_failures() -> list[Figure]:
    """Count, of six random models each, where a failure that others are known for shows here."""
    from workbench.errors import BadInput
    from workbench.promotion.aims import Aim
    from workbench.promotion.splitting import best_at

    def even(one, plan):
        return plan.with_spend({name: plan.budget / CHANNELS for name, _ in plan.spend})

    def small(one):  # streams so few and money so much that gradients in money vanish
        return replace(one, height=one.height * np.float32(1e-6))

    def twins(one):
        first = {name: getattr(one, name)[[0] * CHANNELS] for name in ("carry", "gain", "height")}
        return replace(one, **first)

    def dead(one):
        return replace(one, height=one.height * 0)

    counts = dict.fromkeys(
        ("stops at an equal split (PyMC-Marketing 1624, 1681)",
         "stops at a plan on one channel (LightweightMMM 244)",
         "equal channels, singular (PyMC-Marketing 1940)",
         "everything fixed, singular (LightweightMMM 42)",
         "channels without effect, not a number",
         "budget below the minima passes in silence (LightweightMMM 233)"), 0,
    )  # fmt: skip
    names = list(counts)
    for seed in range(6):
        one, plan, bound = drawn(300 + seed, draws=500)
        alone = plan.with_spend(
            {name: plan.budget * (name == "channel 0") for name, _ in plan.spend}
        )
        fixed = np.array([amount for _, amount in plan.spend])
        for name, made in (
            (names[0], (small(one), even(one, plan), bound)),
            (names[1], (one, alone, bound)),
            (names[2], (twins(one), plan, bound)),
            (names[3], (one, plan, replace(bound, least=fixed, most=fixed))),
            (names[4], (dead(one), plan, bound)),
        ):
            question = asked(*made, Aim(), cells=name != names[3])
            amounts, value, gap = reached(question)
            sound = np.isfinite(amounts).all() and amounts.sum() <= plan.budget * (1 + 1e-6)
            moved = np.abs(amounts - question.money).max() > 1e-3 * plan.budget
            stays = name in (names[3], names[4])
            improved = stays or name == names[2] or moved
            better = value.mean() >= truth(question, question.money).mean() * (1 - 1e-6)
            counts[name] += not (sound and gap < 0.01 and improved and better)
        try:
            poor = replace(bound, least=fixed * 1.5)
            best_at(asked(one, plan, poor, Aim(), cells=True), plan.budget)
        except BadInput as told:
            counts[names[5]] += "more than the budget" not in str(told)
        else:
            counts[names[5]] += 1
    return [Figure(f"named failure: {name}, of 6", count, goal=0.0)
            for name, count in counts.items()]  # fmt: skip


def main() -> None:
    """Run the three blocks."""
    options(__doc__.splitlines()[0])  # it is quick as it is
    figures = against_brute_force() + against_the_plan(MODELS) + named_failures()
    show("The best split of a budget", figures)


if __name__ == "__main__":
    main()
