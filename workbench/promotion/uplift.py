"""Uplift: what an experiment's treatment added, and whether anything tells for whom it adds more.

Nothing here models the past: who was treated was drawn, so that the difference of the two arms is
the effect. What is learnt is only an order of the units, and it is held against chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion import policy
from workbench.promotion.balance import Balance, balance
from workbench.promotion.ordering import Ordering, ordering, unordered
from workbench.promotion.trial import Trial, difference, trial
from workbench.store.memory import memory
from workbench.store.privacy import in_fives

ENOUGH = 100  # units in each arm before differences between units are learnt
EVENTS = 25  # of them with another outcome than the commonest of the arm, or two make a verdict
TARGETABLE, NONE, FEW, BARE = "targetable", "none", "few", "bare"


@analysis(reads="experiments")
def experiments_held(label, *, min_group: int = 10) -> pl.DataFrame:
    """Return the arms of every experiment.

    Returns
    -------
    experiment | arm | units (in fives, null below `min_group`) | first | last (days, where known);
    sorted by experiment and arm
    """
    sizes = (
        label.scan("experiments")
        .group_by("experiment", "arm")
        .agg(
            pl.len().cast(pl.Int64).alias("units"),
            pl.col("date").min().alias("first"),
            pl.col("date").max().alias("last"),
        )
    )
    shown = pl.when(pl.col("units") >= min_group).then(in_fives(pl.col("units"), min_group))
    return sizes.with_columns(shown.alias("units")).sort("experiment", "arm").collect()


@dataclass(frozen=True, eq=False)
class Uplift:
    """What an experiment found. Counts of units are in fives, bands hold 90 %.

    Attributes
    ----------
    experiment, treated, control : which two arms.
    arms : arm | units | mean (of the outcome), the treated one first.
    effect, low, high : mean outcome that treatment added to a unit.
    balance : whether the arms were alike before.
    verdict : “targetable” where the band of the used learner's normalised Qini lies above zero,
        “none” where it does not, “few” below 100 units or 25 successes or failures in an arm (of a
        number: units that differ from the commonest), “bare” without covariates. In the last two
        cases `learners`, `curve` and `at` are empty.
    learners : learner | qini (normalised) | low | high | auuc (outcomes per unit) | used.
    curve : share | gain (outcome added, per unit of everybody, where the best share is treated;
        at its end the effect on the units ranked) | low | high | chance.
    at : share | uplift (of the best share) | low | high.
    groups : group | units | treat | effect | low | high | gain (of one unit); made and chosen on
        one half of the units, paid on the other, where a group to treat must gain, too; everybody
        alone unless targetable.
    plans : whom (everybody, chosen groups, more than everybody) | units | gain | low | high, in
        money where worth and cost are.
    chance : whether the outcome is yes or no, so that its mean is a share.
    left_out : units without a finite outcome. ranked : units that the learners ranked.
    """

    experiment: str
    treated: str
    control: str
    arms: pl.DataFrame
    effect: float
    low: float
    high: float
    balance: Balance
    verdict: str
    learners: pl.DataFrame
    curve: pl.DataFrame
    at: pl.DataFrame
    groups: pl.DataFrame
    plans: pl.DataFrame
    chance: bool
    left_out: int
    ranked: int


@analysis(reads="experiments")
def uplift(
    label,
    *,
    experiment: str,
    treated: str | None = None,
    control: str | None = None,
    worth: float = 1.0,
    cost: float = 0.0,
    min_group: int = 10,
    seed: int = 0,
) -> Uplift:
    """Return what a treatment added on average, and for whom it adds more.

    Parameters
    ----------
    treated, control : arms; None: the control is the one whose name says so. worth : money that one
        of the outcome brings. cost : money that treating one unit takes.

    Raises
    ------
    BadInput
        No such experiment or arm; worth or cost below zero.
    NotEnoughEvidence
        One arm empty or small, or an outcome that never differs.

    Source: T- and X-learner, Künzel et al. (2019); Qini, Radcliffe (2007).
    """
    if not (0 <= worth < 1e9 and 0 <= cost < 1e9):
        raise BadInput("What an outcome is worth and what treating costs must be zero or more.")
    found = of_label(label, experiment, treated, control, min_group)
    effect, error = difference(found.hit, found.outcome, chance=found.chance)
    order = ordered(label, experiment, found, min_group, seed)
    verdict, cut = chosen_groups(label, experiment, found, min_group, seed)
    shown = in_fives(pl.col("units"), min_group)
    return Uplift(
        experiment=experiment,
        treated=found.treated_arm,
        control=found.control_arm,
        arms=_arms(found).with_columns(shown),
        effect=effect,
        low=effect - policy.Z90 * error,
        high=effect + policy.Z90 * error,
        balance=balance(found, min_group),
        verdict=verdict,
        learners=order.learners,
        curve=order.curve,
        at=order.at,
        groups=policy.group_table(found, cut, worth, cost).with_columns(shown),
        plans=policy.plans(found, cut, worth, cost).with_columns(shown),
        chance=found.chance,
        left_out=found.left_out,
        ranked=order.units,
    )


def of_label(
    label, experiment: str, treated: str | None, control: str | None, min_group: int
) -> Trial:
    """Return two arms of an experiment of the label as arrays; raises as `uplift` does."""
    rows = label.scan("experiments").filter(pl.col("experiment") == experiment).collect()
    if rows.is_empty():
        raise BadInput(f"The label has no experiment “{experiment}”.")
    return trial(rows, treated, control, min_group)


def ordered(label, experiment: str, found: Trial, min_group: int, seed: int) -> Ordering:
    """Return the units in order, kept in memory while it is used; empty where too few to learn."""
    if not found.names or not _enough(found):
        return unordered()
    arms = (found.treated_arm, found.control_arm)
    return memory.load(
        f"uplift:{label.version('experiments')}:{experiment}:{arms}:{min_group}:{seed}",
        lambda: ordering(found, min_group, seed),
        lambda one: one.bytes,
    )


def chosen_groups(
    label, experiment: str, found: Trial, min_group: int, seed: int
) -> tuple[str, policy.Groups]:
    """Return the verdict, and the groups that it allows: everybody unless it is “targetable”."""
    verdict = _verdict(found, ordered(label, experiment, found, min_group, seed))
    if verdict != TARGETABLE:
        return verdict, policy.everybody(found)
    arms = (found.treated_arm, found.control_arm)
    made = memory.load(
        f"groups:{label.version('experiments')}:{experiment}:{arms}:{min_group}:{seed}",
        lambda: policy.groups(found, min_group, seed),
        lambda one: one.of.nbytes + 2 * len(one.of),
    )
    return verdict, made


def _enough(found: Trial) -> bool:
    for arm in (0, 1):
        _, counts = np.unique(found.outcome[found.hit == arm], return_counts=True)
        if counts.sum() < ENOUGH or counts.sum() - counts.max() < EVENTS:
            return False
    return True


def _verdict(found: Trial, order: Ordering) -> str:
    if not found.names:
        return BARE
    if not order.units:
        return FEW
    used = order.learners.row(by_predicate=pl.col("used"), named=True)
    return TARGETABLE if used["low"] > 0 else NONE


def _arms(found: Trial) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (name, int((found.hit == arm).sum()), float(found.outcome[found.hit == arm].mean()))
            for name, arm in ((found.treated_arm, 1), (found.control_arm, 0))
        ],
        schema=["arm", "units", "mean"],
        orient="row",
    )
