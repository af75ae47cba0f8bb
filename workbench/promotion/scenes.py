"""Scenes of plans that are compared: the same window, made once, kept while they are used."""

from dataclasses import replace

from workbench.parameters import literal
from workbench.promotion.cells import Cut, recut
from workbench.promotion.counts import AT_FIRST
from workbench.promotion.draws import Scene, dated, scene, to_come
from workbench.promotion.plan import Plan, friday
from workbench.store.artifacts import Fit
from workbench.store.memory import memory


def same_window(fit: Fit, *plans: Plan) -> tuple[Plan, ...]:
    """Return dated plans on one clock, each counted over as many weeks from its own release.

    The clock starts at the first of their Fridays. A release that moves takes its window along, so
    that two dates are compared over equally long lives, not by what falls off the end.
    """
    full = [dated(fit, plan) for plan in plans]
    weeks = max(plan.weeks for plan in full)
    begins = [friday(plan.release_date) if to_come(fit, plan) else plan.start for plan in full]
    first = min(plan.start for plan in full)
    first = min([first, *begins])
    return tuple(
        replace(plan, start=first, weeks=weeks + (begin - first).days // 7)
        for plan, begin in zip(full, begins, strict=True)
    )


def prepared(fit: Fit, version: str, plan: Plan, parts: Cut | None = None) -> Scene:
    """Return the scene of a dated plan, kept in memory while it is used; by `parts` if given."""
    kept = bare(plan)

    def made() -> Scene:
        if parts is None:
            return scene(fit, kept)
        return recut(prepared(fit, version, replace(plan, segments=())), parts)

    return memory.load(f"scene:{version}:{literal(kept)}", made, lambda one: one.bytes)


def bare(plan: Plan) -> Plan:
    """Return what a plan's scene depends on."""
    return replace(
        plan, spend=(), shares=(), channel_shares=(), flight=(0, 1), flighting="even", payout=0.0,
        pitch=None, counts=AT_FIRST,
    )  # fmt: skip


def clock_zero(one: Scene, plan: Plan) -> int:
    """Return the week of the window from which the plan's flight is counted."""
    return (friday(plan.release_date) - plan.start).days // 7 if one.planned else 0
