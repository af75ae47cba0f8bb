"""What the best plan, or the cheapest way to streams, changes, in words."""

import polars as pl

from workbench.charts.promotion import spoken
from workbench.promotion.aims import Aim
from workbench.promotion.optimise import BestSplit
from workbench.promotion.plan import Plan
from workbench.promotion.target import Cheapest
from workbench.ui.text import escaped, percent, short

SURE_WITHIN = 0.02  # a wider certificate says nothing


def split_words(found: BestSplit, aim: Aim, currency: str, counted: str) -> str:
    """Return what the best plan changes, in words.

    Parameters
    ----------
    counted : what money is a sum of.
    """
    same = found.spend["now"].to_list() == found.spend["best"].to_list()
    if same and not found.gain:
        if found.gap > SURE_WITHIN:
            return "**No better split was found** within these limits."
        return (
            "**The scenario is the best split already**: within these limits none lies more than "
            f"{'0.1' if found.gap < 0.001 else f'{100 * found.gap:.1f}'} % above it."
        )
    money = (
        f"{short(abs(found.money))} {escaped(currency)} {'more' if found.money >= 0 else 'less'}"
    )
    streams = f"{short(abs(found.gain))} streams {'more' if found.gain >= 0 else 'fewer'}"
    first, second = (streams, money) if aim.of == "streams" else (money, streams)
    words = [
        f"**The best split brings {first}** on average ({second}); the chance that it is "
        f"better is {percent(found.better)}."
    ]
    nothing = aim.of == "money" and not found.spend["best"].sum()
    if nothing:
        words = [
            f"**Nothing pays back: for money it is best to spend nothing.** That keeps {money} on "
            f"average ({streams}), with a chance of {percent(found.better)} to keep more: any "
            f"channel's first unit of money would earn less than it costs, {counted} counted."
        ]
    elif not found.kept:
        words = [
            "**The scenario goes beyond these limits, what was tried or what its platforms "
            f"take.** Within them the best split brings {first} on average ({second})."
        ]
    if aim.caution:
        unit = "streams" if aim.of == "streams" else escaped(currency)
        way = "more" if found.worst >= 0 else "fewer" if aim.of == "streams" else "less"
        words.append(
            "In the worst tenth of cases, those on which promotion brings least, it is "
            f"{short(abs(found.worst))} {unit} {way}."
        )
    if nothing:
        return " ".join(words)
    change = found.spend.select("channel", by=pl.col("best") - pl.col("now")).sort("by", "channel")
    moved = [(escaped(spoken(name)), by) for name, by in change.rows()]
    less = [f"{name} -{short(-by)}" for name, by in moved if by < 0]
    more = [f"{name} +{short(by)}" for name, by in reversed(moved) if by > 0]
    if more or less:
        words.append(f"It gives {', '.join([*more, *less])}.")
    if found.unspent >= 1 and aim.of == "streams":
        words.append(
            f"{short(found.unspent)} {escaped(currency)} find no channel below its most: beyond "
            "1.2 times what was tried nothing is known."
        )
    elif found.unspent >= 1:
        words.append(
            f"{short(found.unspent)} {escaped(currency)} stay unspent: they would earn less than "
            f"they cost, {counted} counted."
        )
    return " ".join(words)


def reach_words(found: Cheapest, plan: Plan, wanted: float, sure: float, currency: str) -> str:
    """Return whether and for how much the streams are reached, in words."""
    how = "as likely as not" if sure == 0.5 else f"with a chance of {percent(sure)}"
    # by one measure: what is reached, and what would come without spend
    level = "as the median" if sure == 0.5 else "at least so many with that chance"
    cost = f"{short(found.plan.budget)} {escaped(currency)}"
    span = f"90 % interval: {short(found.low)} to {short(found.high)}"
    if found.verdict == "anyway":
        return (
            f"**{short(wanted)} streams come without any spend**, {how}: {short(found.anyway)} in "
            f"{plan.weeks} weeks ({level}); {span}."
        )
    if found.verdict == "beyond":
        return (
            f"**No budget within these limits reaches {short(wanted)} streams** {how}. With all "
            f"that was tried, times 1.2 ({cost}), it is {short(found.reached)}, without spend "
            f"{short(found.anyway)} ({level}). Beyond that nothing is known of the channels."
        )
    return (
        f"**{cost} is the cheapest way to {short(wanted)} streams** {how} in {plan.weeks} weeks: "
        f"{short(found.reached)}, without spend {short(found.anyway)} ({level}); {span}."
    )
