"""The best split of a budget: against brute force, against the current plan, and how long it takes.

Scenes are random: channels, territories and draws differ in height, saturation and carry-over, some
by much. Curves of the brute force and of all comparisons are the engine's own, on all draws; the
search sees its tables of them. Cases in which other tools are known to fail stand by name.

    python -m benchmarks.optimiser [--quick]
"""

import time
from dataclasses import replace

import numpy as np

from benchmarks.report import Figure, measured, options, percentile, show
from benchmarks.splits import CELLS, CHANNELS, asked, brute, drawn, reached, truth

MODELS = 100


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
        "2 channels by 2 cells, minima and maxima by market": (
            16, True, {"channels": 2, "parts": 2,
                       "market_least": np.array([[0, 0], [1500.0, 1500.0]]),
                       "market_most": np.array([[np.inf] * 2, [np.inf, 2500.0]])}
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
    from workbench.promotion.best import best_at

    figures = []
    for aim in (Aim(), Aim("streams", 1.0), Aim("money"), Aim("money", 1.0)):
        worse, gains, gaps, taken, busy, spent = 0, [], [], [], [], []
        of = "money with all beside it, " if aim.of == "money" else ""
        for seed in range(models):
            made = drawn(100 + seed)
            began, work = time.perf_counter(), time.process_time()
            question = asked(*made, aim, cells=True)
            best_at(question, question.plan.budget)
            taken.append(time.perf_counter() - began)
            busy.append(time.process_time() - work)
            amounts, value, gap = reached(question)
            before = judged(truth(question, question.money), aim)
            after = judged(value, aim)
            worse += after < before
            gains.append((after - before) / (question.plan.budget if of else before))
            if amounts.sum() > 0:  # of nothing the worst draws cannot be told apart
                gaps.append(gap)
            spent.append(float(amounts.sum() / question.plan.budget))
        word = f"48 cells, {of}{'worst tenth' if aim.caution else 'mean'}"
        figures += [
            Figure(f"{word}: worse than the current plan, of {models} models", worse, goal=0.0),
            measured(f"{word}: gain, of {'the budget' if of else 'the current plan'}", gains, ""),
            *certified(word, gaps, taken, busy),
        ]  # fmt: skip
        if of:
            figures.append(measured(f"{word}: part of the budget that is spent", spent, ""))
    return figures


def certified(word: str, gaps: list[float], taken: list[float], busy: list[float]) -> list[Figure]:
    """Return how far searches can be off at most, and the seconds that they took."""
    return [
        Figure(f"{word}: certified gap, largest", max(gaps), goal=0.01),
        Figure(f"{word}: time, median", percentile(taken, 0.5), "s", goal=0.3,
               spread=(min(taken), max(taken))),
        Figure(f"{word}: time, p95", percentile(taken, 0.95), "s"),
        Figure(f"{word}: processor time, median", percentile(busy, 0.5), "s"),
    ]  # fmt: skip


def by_market(models: int) -> list[Figure]:
    """Let two of six channels be bought market by market, from a tenth of a usual amount on."""
    from workbench.promotion.aims import Aim
    from workbench.promotion.best import best_at

    figures = []
    for cells in (False, True):
        taken, busy, gaps, broken = [], [], [], 0
        for seed in range(models):
            one, plan, bound = drawn(100 + seed)
            least, most = np.zeros((CHANNELS, CELLS)), np.full((CHANNELS, CELLS), np.inf)
            least[:2], most[1] = np.ceil(plan.budget / 40), np.floor(plan.budget / 10)
            most[:2, ::3] = 0  # refused
            bound = replace(bound, market_least=least, market_most=most)
            began, work = time.perf_counter(), time.process_time()
            question = asked(one, plan, bound, Aim(), cells=cells)
            found = best_at(question, plan.budget)
            taken.append(time.perf_counter() - began)
            busy.append(time.process_time() - work)
            gaps.append(found.gap)
            broken += not bound.keeps(question.by_cell(question.planned(found.x)))
        word = f"two channels by market, {'48' if cells else '20'} amounts"
        figures += [
            Figure(f"{word}: plans that a platform would not take, of {models}", broken, goal=0.0),
            *certified(word, gaps, taken, busy),
        ]  # fmt: skip
    return figures


def named_failures() -> list[Figure]:
    """Count, of six random models each, where a failure that others are known for shows here."""
    from workbench.errors import BadInput
    from workbench.promotion.aims import Aim
    from workbench.promotion.best import best_at

    def even(plan):
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
            (names[0], (small(one), even(plan), bound)),
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
    """Run the four blocks."""
    options(__doc__.splitlines()[0])  # it is quick as it is
    figures = against_brute_force() + against_the_plan(MODELS) + by_market(MODELS // 2)
    figures += named_failures()
    show("The best split of a budget", figures)


if __name__ == "__main__":
    main()
