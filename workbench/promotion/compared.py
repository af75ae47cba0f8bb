"""Several plans for one release beside the current one, all on the same draws."""

import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.cells import PANEL
from workbench.promotion.money import Money, checked_money
from workbench.promotion.outcome import measured
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan, checked
from workbench.promotion.points import EDGE_NAMES, spread
from workbench.promotion.scenes import same_window
from workbench.promotion.sides import kept_side, side

MOST_PLANS = 4
CURRENT = "Current plan"


@analysis(reads="promotion", optional=PANEL)
def plans_compared(
    label,
    *,
    current: Plan,
    plans: tuple[tuple[str, Plan], ...],
    money: Money = Money(),
    listeners: PerListener | None = None,
    min_group: int = 10,
) -> pl.DataFrame:
    """Return the same answers of several plans, and what each is apart from the current one.

    All are counted over as many weeks from their own release, those of the longest.

    Returns
    -------
    place | plan (its name) | budget | measure (of `measured`) | unit | low | median | high (90 %) |
    change_low | change_median | change_high | better (share of draws on which it is above the
    current plan), null where there is no answer

    Raises
    ------
    BadInput
        No plan or more than four, a name twice, or plans that are for other releases or cells.
    """
    if not 1 <= len(plans) <= MOST_PLANS:
        raise BadInput(f"One to {MOST_PLANS} plans are compared with the current one.")
    names = [CURRENT, *(name for name, _ in plans)]
    if len(set(names)) != len(names):
        raise BadInput("Two plans have the same name.")
    if any(not same_release(current, plan) for _, plan in plans):
        raise BadInput("Plans are compared for one release, over the same cells.")
    fit = label.fit("promotion")
    full = same_window(fit, *(checked(plan) for plan in (current, *(plan for _, plan in plans))))
    told = checked_money(money)
    sides = [kept_side(label, fit, full[0], told, min_group)]
    sides += [side(label, fit, plan, told, min_group) for plan in full[1:]]
    answers = [measured(one, listeners) for one in sides]
    rows = []
    for place, (name, one, found) in enumerate(zip(names, sides, answers, strict=True)):
        for measure, (unit, draws) in found.items():
            base = answers[0][measure][1]
            apart = None if draws is None or base is None or not place else draws - base
            better = None if apart is None else float((apart > 0).mean())
            rows.append(
                (
                    place,
                    name,
                    one.plan.budget,
                    measure,
                    unit,
                    *spread(draws),
                    *spread(apart),
                    better,
                )
            )
    schema = {
        "place": pl.Int64, "plan": pl.String, "budget": pl.Float64, "measure": pl.String,
        "unit": pl.String, **dict.fromkeys(EDGE_NAMES, pl.Float64),
        **{f"change_{edge}": pl.Float64 for edge in EDGE_NAMES}, "better": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("place", "measure")


def same_release(one: Plan, other: Plan) -> bool:
    """Tell whether two plans are for the same release, over the same cells."""
    named = ("track_id",) if one.track_id else ("track_id", "artist_id", "artist", "genre")
    return all(getattr(one, name) == getattr(other, name) for name in (*named, "segments"))
