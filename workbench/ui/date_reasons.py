"""Why a date: each reason in words, with what it rests on: a fact, an estimate, an assumption."""

import math

import polars as pl
import streamlit as st

from workbench.promotion.calendar import Calendar, FridayEffect
from workbench.promotion.dates import FIRST, Dates
from workbench.promotion.wanted import Wanted
from workbench.ui.text import escaped, percent, signed_percent, unbroken

FACT, ESTIMATE, ASSUMPTION = "fact", "estimate", "assumption"
NAMED = 3
UNLED = ("neutral", "unclear")
COLOURS = {FACT: "gray", ESTIMATE: "blue", ASSUMPTION: "orange"}


def show(why: pl.DataFrame) -> None:
    """Show reasons as a list, each with the mark of what it rests on."""
    st.markdown(
        "\n".join(
            f"- **{row['reason']}** :{COLOURS[row['basis']]}-badge[{row['basis']}] "
            f"{unbroken(escaped(row['says']))}"
            for row in why.to_dicts()
        )
    )


def reasons(
    found: Dates, row: dict, calendar: Calendar, effect: FridayEffect, wanted: Wanted | None
) -> pl.DataFrame:
    """Return reason | says | basis for one date of `found`."""
    rows = [
        ("Season", _season(row), ESTIMATE),
        *_events(found, row),
        *_clash(found, row),
        ("Fixed window", f"Until {found.until:%d %b %Y}: {signed_percent(row['fixed_median'])} "
         f"against the planned date; over two years {signed_percent(row['life_median'])}. A later "
         "date has fewer weeks before a fixed day: that moves streams, it does not lose them.",
         ESTIMATE),
        *_friday(calendar, effect),
        *_mood(wanted),
    ]  # fmt: skip
    if row["promoted"] is not None:
        rows.insert(1, ("Promotion", "The same money brings "
                        f"{signed_percent(row['promoted'])} streams in the first {FIRST} weeks "
                        "against the planned date: it moves with the release, and so do the weeks "
                        "in which it carries over.", ESTIMATE))  # fmt: skip
    return pl.DataFrame(rows, schema=["reason", "says", "basis"], orient="row")


def _season(row: dict) -> str:
    return (
        f"{signed_percent(row['season_median'])} streams in the first {FIRST} weeks against the "
        f"planned date ({signed_percent(row['season_low'])} to {signed_percent(row['season_high'])}"
        ") by the yearly wave of this label's streams and what is on file as events."
    )


def _events(found: Dates, row: dict) -> list[tuple]:
    """Return the events on file in a date's first weeks, and what their kinds do."""
    near = found.events.filter(pl.col("date") == row["date"])
    if near.is_empty():
        return []
    named = "; ".join(
        f"{one['name']} ({one['kind']}, {one['first_day']:%d %b %Y})"
        for one in near.head(NAMED).to_dicts()
    )
    more = f" and {near.height - NAMED} more" if near.height > NAMED else ""
    effects = near.filter("seen").unique("kind", maintain_order=True).to_dicts()
    does = ", ".join(f"{one['kind']} {signed_percent(one['median'] - 1)}" for one in effects)
    words = f"In a week that they fill, by those that were seen: {does}." if does else ""
    rows = [("Events", f"On file in the first {FIRST} weeks: {named}{more}.", FACT)]
    return [*rows, ("Events", words, ESTIMATE)] if words else rows


def _clash(found: Dates, row: dict) -> list[tuple]:
    """Return the own releases near a date and what they take; those near the planned one, too."""
    near, words = _near(found, row)
    planned = found.dates.row(by_predicate=pl.col("planned"), named=True)
    elsewhere = [] if row["planned"] else _clash_planned(found, planned)
    if near.is_empty():
        return [("Clash", "No other own release lies within two weeks.", FACT), *elsewhere]
    rows = [("Clash", f"{words}.", FACT)]
    known = near.drop_nulls("shared")
    if known.is_empty():
        return [*rows, ("Clash", "Whose audiences they share is not known: it needs listening by "
                        "listener.", FACT), *elsewhere]  # fmt: skip
    most = known.row(0, named=True)
    return [
        *rows,
        ("Clash", f"{percent(most['shared'])} of this artist's listeners in the panel hear "
         f"{most['artist']}, the most of them.", ESTIMATE),
        ("Clash", f"They take {_takes(found, row)}.", ASSUMPTION),
        *elsewhere,
    ]  # fmt: skip


def _clash_planned(found: Dates, planned: dict) -> list[tuple]:
    """Return the clashes of the planned date, which another date is held against."""
    near, words = _near(found, planned)
    day = f"On the planned {planned['date']:%d %b %Y}"
    if near.is_empty():
        return [("Clash", f"{day} no other own release lies within two weeks.", FACT)]
    rows = [("Clash", f"{day}: {words}.", FACT)]
    if near["shared"].null_count() < near.height:
        rows.append(("Clash", f"{day} they take {_takes(found, planned)}.", ASSUMPTION))
    return rows


def _near(found: Dates, row: dict) -> tuple[pl.DataFrame, str]:
    """Return the own releases near a date, most shared first, and they in words."""
    near = found.clashes.filter(pl.col("date") == row["date"]).sort(
        "shared", "track_id", descending=[True, False], nulls_last=True
    )
    words = "; ".join(
        f"{one['title']} by {one['artist']}, {one['other']:%d %b %Y}"
        for one in near.head(NAMED).to_dicts()
    )
    more = f" and {near.height - NAMED} more" if near.height > NAMED else ""
    count = "One own release" if near.height == 1 else f"{near.height} own releases"
    return near, f"{count} within two weeks: {words}{more}"


def _takes(found: Dates, row: dict) -> str:
    return (
        f"{percent(row['clash'], 1)} of the first streams, if a shared listener gives "
        f"{percent(found.clash)} to a release of the same week"
    )


def _friday(calendar: Calendar, effect: FridayEffect) -> list[tuple]:
    every = calendar.fridays + calendar.others
    rows = [("Friday", "Charts, release lists and weeks run Friday to Thursday since July 2015; "
             f"{calendar.fridays} of {every} own releases came on one. Only Fridays are offered.",
             FACT)]  # fmt: skip
    seen = friday_worth(effect)
    if seen is None:
        few = (
            f"{effect.others} launches on other days were seen from their start: too few to say "
            "what a Friday is worth here."
        )
        return [*rows, ("Friday", few, FACT)]
    return [*rows, ("Friday", seen, ESTIMATE)]


def friday_worth(effect: FridayEffect) -> str | None:
    """Return how launches on a Friday lie above others, in a sentence; None where too few tell."""
    if effect.effect is None:
        return None
    times, low, high = (math.exp(value) for value in (effect.effect, effect.low, effect.high))
    return (
        f"{effect.fridays} launches on a Friday had {times:.2f} times the streams of "
        f"{effect.others} on other days ({low:.2f} to {high:.2f}), artist's size taken off."
    )


def _mood(wanted: Wanted | None) -> list[tuple]:
    if wanted is not None and wanted.mood in UNLED:
        return [("Mood", "No mood leads the song, so none can be wanted of it.", ESTIMATE)]
    if wanted is None or wanted.mood is None:
        return [("Mood", "What the song's mood is, is not known: its lyric is not scored.", FACT)]
    if wanted.verdict is None:
        return [("Mood", f"The song leads with {wanted.mood}; whether listeners want more of it "
                 "cannot be told.", ESTIMATE)]  # fmt: skip
    verdicts = {
        "wanted": "listeners play more of it than is on offer",
        "plenty": "listeners are offered more of it than they play",
        "noise": "what listeners play and what is on offer do not differ beyond chance",
        "few songs": "too few songs on offer carry it to say whether it is wanted",
        "hidden": "too few people played it to show",
    }
    names = ", ".join(wanted.clusters[:NAMED])
    by = f" Wanted by: {names}." if names else ""
    return [("Mood", f"The song leads with {wanted.mood}: {verdicts[wanted.verdict]}.{by} This is "
             "the same on every date and not in the rank.", ESTIMATE)]  # fmt: skip
