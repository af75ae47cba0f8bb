"""What a plan does against the current one, on the same draws: the analysis behind the lab."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.cells import cell_names
from workbench.promotion.eligible import READS, asked_for
from workbench.promotion.left_out import untaught
from workbench.promotion.limits import plan_warnings
from workbench.promotion.money import Money, checked_money
from workbench.promotion.per_listener import PerListener, known
from workbench.promotion.plan import Plan, cell_shares, checked, same_week
from workbench.promotion.points import EDGE_NAMES, EDGES, POINTS, edges_of, spreads
from workbench.promotion.scenes import clock_zero, same_window
from workbench.promotion.sides import Side, kept_side, side
from workbench.store.artifacts import Fit


@dataclass(frozen=True, eq=False)
class Outcome:
    """A scenario against the current plan.

    Attributes
    ----------
    totals : measure, unit, then median, low and high (90 %) of current, scenario and change.
    chance_streams, chance_money : share of draws in which the scenario is better.
    fewer : share of draws in which it has fewer streams: a pitch that is not taken changes none.
    pitch : median change of streams on the draws on which the plans differ in a pitch that is
        taken, and on the others; None of no draws.
    weekly : week, then median, low and high of expected streams, current and scenario.
    channels : channel, spend, then low, median and high (90 %) of streams brought, of what is kept
        of their money and of its return on the spend, current and scenario.
    cells : cell, name, then share of spend and streams brought, current and scenario, with
        low and high (90 %) of the scenario's.
    steps : step, streams: mean difference by cause, in the order of a waterfall.
    warnings : kind, subject, value, limit, of `plan_warnings`, `asked_for` and `untaught`.
    draws : how many. scatter : sd of the log of a single week around what is expected.
    planned : whether the release is to come. calibrated : whether campaigns taught the channels.
    """

    totals: pl.DataFrame
    chance_streams: float
    chance_money: float
    fewer: float
    pitch: tuple[float | None, float | None]
    weekly: pl.DataFrame
    channels: pl.DataFrame
    cells: pl.DataFrame
    steps: pl.DataFrame
    warnings: pl.DataFrame
    draws: int
    scatter: float
    planned: bool
    calibrated: bool


@analysis(reads="promotion", optional=f"{READS} campaigns")
def plan_outcome(
    label,
    *,
    plan: Plan,
    current: Plan,
    money: Money = Money(),
    listeners: PerListener | None = None,
    min_group: int = 10,
) -> Outcome:
    """Return what a plan brings in streams and money, and the difference to the current one.

    Both are evaluated on the same posterior draws and counted over as many weeks from their own
    release, so that their difference holds only what the plans do differently.

    Parameters
    ----------
    money : what is kept of a stream, and what else counts; all of each plan's payout by default.
    listeners : of `per_listener`, for listeners and what they buy; none are told without.

    Raises
    ------
    BadInput
        A plan that cannot be: negative money, unknown channel or territory, no date; or the two
        plans have different segments. NotEnoughEvidence : a segment of fewer than `min_group`.
    """
    fit = label.fit("promotion")
    plan, current = same_window(fit, checked(plan), checked(current))
    if plan.segments != current.segments:
        raise BadInput("Two plans are compared over the same segments, in the same order.")
    money = checked_money(money)
    after = side(label, fit, plan, money, min_group)
    before = kept_side(label, fit, current, money, min_group)
    change, taken = after.total - before.total, after.places != before.places
    parts = change[taken], change[~taken]
    return Outcome(
        totals=totals(before, after, listeners),
        chance_streams=float((change > 0).mean()),
        chance_money=float((after.kept(listeners) > before.kept(listeners)).mean()),
        fewer=float((change < 0).mean()),
        pitch=tuple(float(np.median(part)) if len(part) else None for part in parts),
        weekly=_weekly(before, after),
        channels=_channels(before, after),
        cells=_cells(before, after),
        steps=_steps(before, after),
        warnings=_warnings(label, fit, after),
        draws=len(after.total),
        scatter=float(fit.meta["noise"]),
        planned=after.scene.planned,
        calibrated=bool(fit.meta["calibrated"]),
    )


def _warnings(label, fit: Fit, one: Side) -> pl.DataFrame:
    weeks = one.plan.weeks - clock_zero(one.scene, one.plan)
    told = [
        plan_warnings(fit, one.plan, weeks),
        asked_for(label, fit, one.plan, one.scene),
        untaught(label, fit),
    ]
    return pl.concat(told).sort("kind", "subject")


def measured(one: Side, each: PerListener | None) -> dict[str, tuple[str, np.ndarray | None]]:
    """Return unit and draws (S,) of every answer by its name; None where there is no answer.

    streams, brought (by promotion), revenue (kept of all streams), kept (less the spend), cost (of
    a stream won), return (kept of streams won, over the spend), later (won past the window),
    what `Money` switches on (beyond, spill, purchases), whole (return with these), listeners,
    saves and followers (net), which come with streams whatever brought these.
    """
    spend = one.plan.budget
    beside = one.beside(each)
    # without spend, or streams won, there is no cost of one; without spend nothing returns
    cost = spend / np.maximum(one.won, 1e-9) if spend and one.won.any() else None
    found = {
        "streams": ("streams", one.total),
        "brought": ("streams", one.won),
        "revenue": ("money", one.revenue),
        "kept": ("money", one.kept(each)),
        "cost": ("money per stream", cost),
        "return": ("share", one.won_revenue / spend if spend else None),
    }
    found |= {name: ("money", value) for name, value in beside.items()}
    if one.money.beyond:
        found["later"] = ("streams", one.later.sum(0))
    if beside:
        whole = one.won_revenue + sum(beside.values())
        found["whole"] = ("share", whole / spend if spend else None)
    if known(each):
        days = "a day" if each.days == 1 else f"{each.days} days"
        found["listeners"] = (f"listeners in {days}", one.listeners(each))
    for name, each_stream in (("saves", one.saves), ("followers", one.followers)):
        if each_stream is not None:
            found[name] = (name, one.total * each_stream)
    return found


def totals(before: Side, after: Side, each: PerListener | None) -> pl.DataFrame:
    """Return measure, unit, then low, median, high of current, scenario and change."""
    old, new = measured(before, each), measured(after, each)
    draws = []
    for name, (_, now) in old.items():
        then = new[name][1]
        draws += [now, then, None if now is None or then is None else then - now]
    edges = spreads(draws)
    rows = [
        (name, unit, *next(edges), *next(edges), *next(edges)) for name, (unit, _) in old.items()
    ]
    schema = dict.fromkeys(["measure", "unit"], pl.String) | dict.fromkeys(POINTS, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row").sort("measure")


def _weekly(before: Side, after: Side) -> pl.DataFrame:
    weeks = max(before.scene.weeks, after.scene.weeks, key=len)
    columns: dict[str, object] = {"week": weeks}
    for name, one in (("current", before), ("scenario", after)):
        uncounted = [None] * (len(weeks) - len(one.streams))
        for edge, found in zip(EDGE_NAMES, edges_of(one.streams), strict=True):
            columns[f"{name}_{edge}"] = [*found.tolist(), *uncounted]
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(list(columns)[1:], pl.Float64))


def _channels(before: Side, after: Side) -> pl.DataFrame:
    columns: dict[str, object] = {"channel": list(after.scene.channels)}
    for name, one in (("current", before), ("scenario", after)):
        spend = dict(one.plan.spend)
        columns[f"{name}_spend"] = [spend.get(channel, 0.0) for channel in one.scene.channels]
        revenue = np.tensordot(one.rates.astype(np.float32), one.brought.won, (0, 1))
        for kind, draws in (("", one.brought.by_channel), ("revenue_", revenue)):
            low, median, high = edges_of(draws)
            columns |= {f"{name}_{kind}low": low, f"{name}_{kind}median": median}
            columns[f"{name}_{kind}high"] = high
    returns = [
        pl.when(pl.col(f"{name}_spend") > 0)
        .then(pl.col(f"{name}_revenue_{edge}") / pl.col(f"{name}_spend"))
        .alias(f"{name}_return_{edge}")
        for name in ("current", "scenario")
        for edge in EDGE_NAMES
    ]
    return pl.DataFrame(columns).with_columns(returns).sort("channel")


def _cells(before: Side, after: Side) -> pl.DataFrame:
    names = cell_names(after.plan)
    columns: dict[str, object] = {
        "cell": list(after.scene.cells),
        "name": [names.get(cell, cell) for cell in after.scene.cells],
    }
    for name, one in (("current", before), ("scenario", after)):
        shares = cell_shares(one.plan, one.scene.cells, one.scene.audience)
        columns[f"{name}_share"] = np.asarray(shares, np.float64)
        columns[f"{name}_streams"] = np.median(one.brought.by_cell, axis=1).astype(np.float64)
    low, high = np.quantile(after.brought.by_cell, [EDGES[0], EDGES[-1]], axis=1)
    columns |= {"scenario_low": low.astype(np.float64), "scenario_high": high.astype(np.float64)}
    return pl.DataFrame(columns).sort("cell")


def _steps(before: Side, after: Side) -> pl.DataFrame:
    """Split the mean difference: the release by itself, a list, each channel. Means add up."""
    organic = after.scene.base.mean(2, dtype=np.float64).sum()
    organic -= before.scene.base.mean(2, dtype=np.float64).sum()
    change = after.brought.by_channel.mean(1, dtype=np.float64)
    change = change - before.brought.by_channel.mean(1, dtype=np.float64)
    rows = [("current plan", float(before.total.mean()), "total", 0)]
    if not same_week(after.plan, before.plan):
        rows.append(("release date", float(organic), "change", 1))
    pitched = float(after.places.mean() - before.places.mean())
    if pitched:
        rows.append(("playlist pitch", pitched, "change", 2))
    rows += [
        (name, float(value), "change", 3 + place)
        for place, (name, value) in enumerate(zip(after.scene.channels, change, strict=True))
        if abs(value) > 0
    ]
    rows.append(("scenario", float(after.total.mean()), "total", 999))
    return pl.DataFrame(rows, schema=["step", "streams", "kind", "place"], orient="row").sort(
        "place"
    )
