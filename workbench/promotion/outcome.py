"""What a plan does against the current one, on the same draws: the analysis behind the lab."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.parameters import literal
from workbench.promotion.cells import PANEL, Cut, cell_names, cut, state_of
from workbench.promotion.draws import Scene
from workbench.promotion.limits import plan_warnings
from workbench.promotion.plan import Plan, cell_shares, checked
from workbench.promotion.scenes import bare, clock_zero, prepared, same_window
from workbench.promotion.whatif import Evaluation, evaluated
from workbench.store.artifacts import Fit
from workbench.store.memory import memory

EDGES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class Outcome:
    """A scenario against the current plan.

    Attributes
    ----------
    totals : measure, unit, then median, low and high (90 %) of current, scenario and change.
    chance_streams, chance_money : share of draws in which the scenario is better.
    weekly : week, then median, low and high of expected streams, current and scenario.
    channels : channel, spend, then low, median and high (90 %) of streams brought, of their revenue
        and of its return on the spend, current and scenario.
    cells : cell, name, then share of spend and streams brought, current and scenario, with
        low and high (90 %) of the scenario's.
    steps : step, streams: mean difference by cause, in the order of a waterfall.
    warnings : kind, subject, value, limit.
    draws : how many. scatter : sd of the log of a single week around what is expected.
    planned : whether the release is to come. calibrated : whether campaigns taught the channels.
    """

    totals: pl.DataFrame
    chance_streams: float
    chance_money: float
    weekly: pl.DataFrame
    channels: pl.DataFrame
    cells: pl.DataFrame
    steps: pl.DataFrame
    warnings: pl.DataFrame
    draws: int
    scatter: float
    planned: bool
    calibrated: bool


@dataclass(frozen=True, eq=False)
class Side:
    """One plan evaluated: streams (T, S) in all, and what promotion brought."""

    plan: Plan
    scene: Scene
    brought: Evaluation
    streams: np.ndarray
    total: np.ndarray

    @property
    def bytes(self) -> int:
        """Size in memory."""
        brought = self.brought.weekly.nbytes + self.brought.won.nbytes
        return self.scene.bytes + brought + self.streams.nbytes


@analysis(reads="promotion", optional=PANEL)
def plan_outcome(label, *, plan: Plan, current: Plan, min_group: int = 10) -> Outcome:
    """Return what a plan brings in streams and money, and the difference to the current one.

    Both are evaluated on the same posterior draws and counted over as many weeks from their own
    release, so that their difference holds only what the plans do differently. Money is streams
    times the payout of each plan, less its spend: an assumption until statements are read.

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
    version = state_of(label, plan)
    after = _side(fit, version, plan, cut(label, fit, plan, min_group))
    parts = cut(label, fit, current, min_group)
    before = memory.load(
        f"plan:{version}:{literal(current)}",
        lambda: _side(fit, version, current, parts),
        lambda side: side.bytes,
    )
    return Outcome(
        totals=_totals(before, after),
        chance_streams=float((after.total > before.total).mean()),
        chance_money=float((_money(after) > _money(before)).mean()),
        weekly=_weekly(before, after),
        channels=_channels(before, after),
        cells=_cells(before, after),
        steps=_steps(before, after),
        warnings=plan_warnings(fit, plan, plan.weeks - clock_zero(after.scene, plan)),
        draws=len(after.total),
        scatter=float(fit.meta["noise"]),
        planned=after.scene.planned,
        calibrated=bool(fit.meta["calibrated"]),
    )


def _side(fit: Fit, version: str, plan: Plan, parts: Cut | None) -> Side:
    one = prepared(fit, version, plan, parts)
    brought = evaluated(one, plan, clock_zero(one, plan))
    streams = _organic(version, plan, one) + brought.weekly
    return Side(plan, one, brought, streams, streams.sum(0, dtype=np.float64))


def _organic(version: str, plan: Plan, one: Scene) -> np.ndarray:
    return memory.load(
        f"organic:{version}:{literal(bare(plan))}",
        lambda: one.base.sum(0),
        lambda array: array.nbytes,
    )


def _money(side: Side) -> np.ndarray:
    return side.total * side.plan.payout - side.plan.budget


def spread(values: np.ndarray) -> tuple[float, float, float]:
    """Return the 5 %, 50 % and 95 % points of draws (S,)."""
    low, median, high = np.quantile(values, EDGES)
    return float(low), float(median), float(high)


def _totals(before: Side, after: Side) -> pl.DataFrame:
    def cost(side: Side) -> np.ndarray:
        brought = side.brought.by_channel.sum(0, dtype=np.float64)
        return side.plan.budget / np.maximum(brought, 1e-9)

    def brought(side: Side) -> np.ndarray:
        return side.brought.by_channel.sum(0, dtype=np.float64)

    measures = [
        ("streams", "streams", lambda side: side.total),
        ("brought", "streams", brought),
        ("kept", "money", _money),
        ("cost", "money per stream", cost),
    ]
    rows = []
    for name, unit, of in measures:
        old, new = of(before), of(after)
        rows.append((name, unit, *spread(old), *spread(new), *spread(new - old)))
    points = [f"{side}_{edge}" for side in ("current", "scenario", "change") for edge in _EDGE]
    frame = pl.DataFrame(rows, schema=["measure", "unit", *points], orient="row")
    unspent = {"current": before.plan.budget == 0, "scenario": after.plan.budget == 0}
    unspent["change"] = any(unspent.values())
    # without spend there is no cost of a stream: unknown, not zero
    none = [
        pl.when((pl.col("measure") == "cost") & unspent[column.rpartition("_")[0]])
        .then(None)
        .otherwise(pl.col(column))
        .alias(column)
        for column in points
    ]
    return frame.with_columns(none).sort("measure")


_EDGE = ("low", "median", "high")


def _weekly(before: Side, after: Side) -> pl.DataFrame:
    weeks = max(before.scene.weeks, after.scene.weeks, key=len)
    columns: dict[str, object] = {"week": weeks}
    for name, side in (("current", before), ("scenario", after)):
        ordered = np.sort(side.streams, axis=1)
        uncounted = [None] * (len(weeks) - len(ordered))
        for edge, share in zip(_EDGE, EDGES, strict=True):
            place = min(int(share * ordered.shape[1]), ordered.shape[1] - 1)
            columns[f"{name}_{edge}"] = [*ordered[:, place].astype(np.float64).tolist(), *uncounted]
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(list(columns)[1:], pl.Float64))


def _channels(before: Side, after: Side) -> pl.DataFrame:
    columns: dict[str, object] = {"channel": list(after.scene.channels)}
    for name, side in (("current", before), ("scenario", after)):
        spend = dict(side.plan.spend)
        money = np.array([spend.get(channel, 0.0) for channel in side.scene.channels])
        ordered = np.sort(side.brought.by_channel, axis=1).astype(np.float64)
        columns[f"{name}_spend"] = money
        for edge, share in zip(_EDGE, EDGES, strict=True):
            place = min(int(share * ordered.shape[1]), ordered.shape[1] - 1)
            columns[f"{name}_{edge}"] = ordered[:, place]
    frame = pl.DataFrame(columns)
    money = []
    for name, side in (("current", before), ("scenario", after)):
        spent = pl.col(f"{name}_spend")
        revenues = {edge: pl.col(f"{name}_{edge}") * side.plan.payout for edge in _EDGE}
        money += [one.alias(f"{name}_revenue_{edge}") for edge, one in revenues.items()]
        money += [
            pl.when(spent > 0).then(one / spent).alias(f"{name}_return_{edge}")
            for edge, one in revenues.items()
        ]
    return frame.with_columns(money).sort("channel")


def _cells(before: Side, after: Side) -> pl.DataFrame:
    names = cell_names(after.plan)
    columns: dict[str, object] = {
        "cell": list(after.scene.cells),
        "name": [names.get(cell, cell) for cell in after.scene.cells],
    }
    for name, side in (("current", before), ("scenario", after)):
        shares = cell_shares(side.plan, side.scene.cells, side.scene.audience)
        columns[f"{name}_share"] = np.asarray(shares, np.float64)
        columns[f"{name}_streams"] = np.median(side.brought.by_cell, axis=1).astype(np.float64)
    low, high = np.quantile(after.brought.by_cell, [EDGES[0], EDGES[-1]], axis=1)
    columns |= {"scenario_low": low.astype(np.float64), "scenario_high": high.astype(np.float64)}
    return pl.DataFrame(columns).sort("cell")


def _steps(before: Side, after: Side) -> pl.DataFrame:
    """Split the mean difference: the release by itself, then each channel. Means add up."""
    organic = after.scene.base.mean(2, dtype=np.float64).sum()
    organic -= before.scene.base.mean(2, dtype=np.float64).sum()
    change = after.brought.by_channel.mean(1, dtype=np.float64)
    change = change - before.brought.by_channel.mean(1, dtype=np.float64)
    rows = [("current plan", float(before.total.mean()), "total", 0)]
    if after.plan.release_date != before.plan.release_date:
        rows.append(("release date", float(organic), "change", 1))
    rows += [
        (name, float(value), "change", 2 + place)
        for place, (name, value) in enumerate(zip(after.scene.channels, change, strict=True))
        if abs(value) > 0
    ]
    rows.append(("scenario", float(after.total.mean()), "total", 999))
    return pl.DataFrame(rows, schema=["step", "streams", "kind", "place"], orient="row").sort(
        "place"
    )
