"""The engine: what a plan's spend does, on every draw, fast enough for a slider.

The physical limit is one exponential per draw, channel, cell and week. Everything else is kept
from costing more: draws in blocks that stay in the cache, saturation as 2 / (1 + e^-x) - 1 so that
cells can be summed before the subtraction, cells with the same spend per listener computed once,
retention applied after the cells are summed, totals by a precomputed worth of a stream.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.promotion.draws import LEAD, Scene
from workbench.promotion.plan import Plan, cell_shares, channel_shares, weekly_spend
from workbench.promotion.response import adstock, fade, retained

BLOCK = 250  # draws
WORKERS = max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What promotion brings in a window, on S draws.

    Attributes
    ----------
    weekly : promoted streams (T, S). won : by channel and cell (C, K, S).
    by_channel : (C, S). by_cell : (K, S). total : of the whole window (S,).
    """

    weekly: np.ndarray
    won: np.ndarray

    @cached_property
    def by_channel(self) -> np.ndarray:
        return self.won.sum(1)

    @cached_property
    def by_cell(self) -> np.ndarray:
        return self.won.sum(0)

    @cached_property
    def total(self) -> np.ndarray:
        return self.won.sum((0, 1), dtype=np.float64)


_pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="whatif")


def evaluated(scene: Scene, plan: Plan, shift: int = 0) -> Evaluation:
    """Return what a plan's spend brings.

    Parameters
    ----------
    shift : week of the window at which the plan's clock starts (the release).
    """
    spend = weekly_spend(plan, scene.channels, -LEAD - shift, LEAD + len(scene.weeks))
    if plan.channel_shares:
        shares = channel_shares(plan, scene.channels, scene.cells, scene.audience)
    else:
        shares = cell_shares(plan, scene.cells, scene.audience)
    return effect(scene, spend, shares / scene.audience)


def effect(scene: Scene, spend: np.ndarray, ratio: np.ndarray) -> Evaluation:
    """Return what spend brings.

    Parameters
    ----------
    spend : (LEAD + T, C). ratio : spend per listener of each cell against the mean, for all
        channels alike (K,) or for each (C, K).
    """
    count, weeks = len(scene.kept), len(scene.weeks)
    channels = np.flatnonzero(spend.any(0))
    if np.ndim(ratio) == 1:
        groups = [_grouped(ratio)] * len(channels)
    else:
        groups = [_grouped(ratio[channel]) for channel in channels]
    out = Evaluation(
        np.zeros((weeks, count), np.float32),
        np.zeros((len(scene.channels), len(scene.cells), count), np.float32),
    )
    stock = adstock(spend[:, channels, None], scene.carry[channels])[LEAD:]
    stock *= scene.gain[channels]

    def run(start: int) -> None:
        block = slice(start, min(start + BLOCK, count))
        _block(scene, stock, groups, channels, block, out)

    list(_pool.map(run, range(0, count, BLOCK)))
    out.weekly[: max(scene.release, 0)] = 0
    full, _ = retained(out.weekly, scene.kept, scene.stay)
    return Evaluation(np.multiply(full, scene.lift, out=full), out.won)


def _grouped(ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the different ratios (G,), which one each cell has (K,), and who has it (G, K)."""
    ratios, group = np.unique(np.asarray(ratio, np.float32), return_inverse=True)
    members = np.zeros((len(ratios), len(group)), np.float32)
    members[group, np.arange(len(group))] = 1
    return ratios, group, members


def _block(scene, stock, groups, channels, block, out) -> None:
    worth = scene.worth[:, block]
    weeks, width = worth.shape
    won = np.zeros((weeks, width), np.float32)
    most = max((len(ratios) for ratios, _, _ in groups), default=0)
    room = np.empty(weeks * most * width, np.float32)
    total_worth = worth.sum(0)
    for number, channel in enumerate(channels):
        ratios, group, members = groups[number]
        bent = room[: weeks * len(ratios) * width].reshape(weeks, len(ratios), width)
        np.multiply(stock[:, number, None, block], -ratios[:, None], out=bent)
        fade(bent, scene.hill)
        bent += 1
        np.reciprocal(bent, out=bent)
        height = scene.height[channel, :, block]
        by_group = members @ height
        by_group *= 2
        won += np.einsum("tgs,gs->ts", bent, by_group)
        won -= by_group.sum(0) / 2
        worthy = np.einsum("tgs,ts->gs", bent, worth)
        worthy *= 2
        worthy -= total_worth
        np.multiply(height, worthy[group], out=out.won[channel, :, block])
    out.weekly[:, block] = won
