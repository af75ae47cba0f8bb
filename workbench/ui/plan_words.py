"""What the lab says of a plan: its five numbers, its figures in words."""

from functools import partial

import polars as pl

from workbench.charts.promotion import spoken
from workbench.promotion.outcome import Outcome
from workbench.promotion.points import EDGE_NAMES
from workbench.ui.page import Headline
from workbench.ui.text import digits, percent, short, signed

PAIRED = (
    "Each is the middle of its own: the middle of the differences is seldom the difference of the "
    "middles."
)


def headlines(outcome: Outcome, currency: str) -> list[Headline]:
    """Return the strip: the scenario's numbers, each against the current plan."""

    def money(value: float) -> str:
        return f"{short(value)} {currency}"

    def cost(value: float) -> str:
        return f"{digits(value, like)} {currency}"

    costs = outcome.totals.filter(pl.col("measure") == "cost")
    like = costs["scenario_median"].item()  # a change of it has no more decimals than itself
    beats = (
        f"More streams than the current plan: {percent(outcome.chance_streams)}; fewer: "
        f"{percent(outcome.fewer)}; more money kept, the spend taken off: "
        f"{percent(outcome.chance_money)}. Counted over {outcome.draws:,} draws of the model."
    )
    return [
        _headline(outcome, "streams", "Streams", short, "All causes, in the window."),
        _headline(outcome, "brought", "Won by promotion", short, "In the window."),
        _headline(
            outcome, "kept", "Money kept", money,
            "What the label keeps of streams, and what it counts beside them, less the spend.",
        ),
        Headline("Chance of more streams", "–", help=beats)
        if same(outcome)
        else Headline(
            "Chance of more streams", percent(outcome.chance_streams),
            note=f"of more money: {percent(outcome.chance_money)}", help=beats,
        ),
        _headline(
            outcome, "cost", "Cost per stream won", cost,
            "Spend over the streams that promotion wins in the window.", up_is_good=False,
        ),
    ]  # fmt: skip


def _headline(
    outcome: Outcome, measure: str, title: str, form, words: str, *, up_is_good: bool = True
):
    row = outcome.totals.row(by_predicate=pl.col("measure") == measure, named=True)
    if row["scenario_median"] is None:
        return Headline(
            title, "–", help="Without spend, or streams that it wins, there is no cost of one."
        )
    for side in ("current", "scenario"):
        if row[f"{side}_median"] is not None:
            low, median, high = (form(row[f"{side}_{edge}"]) for edge in EDGE_NAMES)
            words += f" {side.capitalize()}: {median} ({low} to {high})."
    change = row["change_median"]
    note = f"{form(row['scenario_low'])} to {form(row['scenario_high'])}"
    if not change or form(abs(change)) == form(0.0):  # too small to be told
        return Headline(title, form(row["scenario_median"]), note=note, help=words)
    told, low, high = (signed(row[f"change_{edge}"], form) for edge in ("median", "low", "high"))
    words += f" Difference: {told} ({low} to {high}). 90 % intervals. {PAIRED}"
    return Headline(
        title, form(row["scenario_median"]), told, note, words, good=(change > 0) == up_is_good
    )


def same(outcome: Outcome) -> bool:
    """Tell whether the scenario is the current plan."""
    changes = outcome.totals.select("change_low", "change_high").fill_null(0.0)
    return all(low == high == 0 for low, high in changes.rows())


def finding(outcome: Outcome) -> str:
    """Return the outcome in one sentence."""
    streams = outcome.totals.row(by_predicate=pl.col("measure") == "streams", named=True)
    if same(outcome):
        return "The scenario is the current plan: move a slider."
    taken, without = outcome.pitch
    if taken is not None:
        mean = outcome.steps["streams"][-1] - outcome.steps["streams"][0]
        otherwise = "" if without is None else f" and {short(without)} where it is not"
        return (
            f"The scenario brings {against(taken)} the current plan where the pitch is "
            f"taken{otherwise} (medians), {short(mean)} on average; the chance of fewer is "
            f"{percent(outcome.fewer)}."
        )
    low, high = (signed(streams[f"change_{edge}"]) for edge in ("low", "high"))
    return (
        f"The scenario brings {against(streams['change_median'])} the current plan (90 %: {low} to "
        f"{high}); its chance to bring more is {percent(outcome.chance_streams)}."
    )


def against(change: float) -> str:
    """Return a change of streams as “12.4k more streams than”; “as many streams as” without one."""
    if signed(change) == short(0.0):
        return "as many streams as"
    return f"{short(abs(change))} {'more' if change > 0 else 'fewer'} streams than"


def strays(outcome: Outcome) -> str:
    """Return in a sentence whether intervals hold how far weeks stray, too."""
    if outcome.planned:
        return (
            "Intervals are of what is expected: a single week scatters by "
            f"{percent(outcome.scatter)} around it."
        )
    return "Intervals are of what will come: how far a song's weeks usually stray is in them."


def channel_finding(outcome: Outcome) -> str:
    """Return which channel returns most of its spend, in one sentence."""
    paid = outcome.channels.drop_nulls("scenario_return_median")
    paid = paid.sort("scenario_return_median", "channel")
    if paid.is_empty():
        return "No channel has money in the scenario."
    best = paid.row(-1, named=True)
    low, median, high = (percent(best[f"scenario_return_{e}"]) for e in EDGE_NAMES)
    return f"{spoken(best['channel'])} returns most: {median} of its spend ({low} to {high}, 90 %)."


def spread_words(row: dict, side: str, currency: str) -> str:
    """Return one answer of a side as median (low to high) in its unit; a dash without one.

    Parameters
    ----------
    row : unit, and {side}_low, _median, _high (without “{side}_” where the side is empty).
    """
    ends = [row[f"{side}_{edge}".lstrip("_")] for edge in ("median", "low", "high")]
    if ends[0] is None:
        return "–"
    like = row.get("scenario_median")  # a change has no more decimals than what changes
    forms = {"share": partial(percent, decimals=1), "money per stream": partial(digits, like=like)}
    form = forms.get(row["unit"], short)
    if side == "change":
        form = partial(signed, form=form)
    median, low, high = map(form, ends)
    money = f" {currency}" if row["unit"].startswith("money") else ""
    return f"{median}{money} ({low} to {high})"


def in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its channels written as people write them."""
    words = {name: spoken(name) for name in frame["channel"].unique().to_list()}
    return frame.with_columns(pl.col("channel").replace(words))
