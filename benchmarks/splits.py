"""Random questions for the best split, and what the engine says of an answer."""

from dataclasses import replace
from itertools import product

import numpy as np

from benchmarks.whatif import scene

CHANNELS, CELLS, WEEKS, DRAWS = 6, 8, 26, 2000


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
        "market_least": np.zeros((channels, parts)),
        "market_most": np.full((channels, parts), np.inf),
    }
    return one, Plan(track_id="t", spend=spend, flight=(0, 8)), Bounds(**(given | limits))


def asked(one, plan, bound, aim, *, cells: bool):
    """Return the question for the best split, as the analysis makes it from a label."""
    from workbench.promotion.splitting import framed

    return framed(one, plan, bound, aim, earning(one), plan.budget, cells=cells)


def earning(one):
    """Return what promotion earns with all that can count beside the window, to two years."""
    from workbench.promotion.earnings import Earning, staying
    from workbench.promotion.plan import MAX_WEEKS
    from workbench.promotion.response import retained_back

    rates = np.random.default_rng(len(one.cells)).uniform(0.002, 0.01, len(one.cells))
    lift = np.vstack([one.lift] * (MAX_WEEKS // WEEKS))
    worth = retained_back(lift, one.kept, one.stay)
    longer = replace(one, weeks=np.arange(len(lift)), lift=lift, worth=worth)
    stay = replace(one, worth=staying(one))
    return Earning(longer, 1.2 * rates), Earning(stay, np.full(len(rates), 0.02))


def truth(question, amounts: np.ndarray) -> np.ndarray:
    """Return what the engine says that amounts (C, K) are worth, on all draws (S,)."""
    from workbench.promotion.draws import LEAD
    from workbench.promotion.earnings import Earning
    from workbench.promotion.plan import weekly_spend
    from workbench.promotion.whatif import effect

    one, spent = question.one, amounts.sum(1)
    plan = question.plan.with_spend(dict(zip(one.channels, spent.tolist(), strict=True)))
    ratio = amounts / np.maximum(spent, 1e-12)[:, None] / one.audience
    of_money = question.aim.of == "money"
    total = np.full(len(one.kept), -spent.sum() if of_money else 0.0)
    for part in question.paid if of_money else [Earning(one, np.ones(len(one.cells)))]:
        spend = weekly_spend(plan, one.channels, -LEAD, LEAD + len(part.scene.weeks))
        total += part.pay @ effect(part.scene, spend, ratio).by_cell.astype(float)
    return total


def reached(question) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the best amounts (C, K), what they are worth (S,), and the bound on what is missed."""
    from workbench.promotion.best import best_at

    found = best_at(question, question.plan.budget)
    amounts = (question.spread @ found.x).reshape(question.money.shape)
    return amounts, truth(question, amounts), found.gap


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
