"""More answers of the lab: every number, the next unit of money, a life, scenarios side by side."""

from dataclasses import dataclass

import polars as pl
import streamlit as st

from workbench.charts import promotion as charts
from workbench.promotion import saved
from workbench.promotion.compared import plans_compared, same_release
from workbench.promotion.lifetime import Lifetime, plan_lifetime
from workbench.promotion.money import Money
from workbench.promotion.outcome import Outcome
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan
from workbench.promotion.points import EDGE_NAMES
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_margins import next_unit
from workbench.ui.plan_money import per_listener_words
from workbench.ui.plan_words import spread_words
from workbench.ui.text import percent, short

ALL, NEXT, LIFE, BESIDE = (
    "All answers", "The next unit of money", "By a day and over a life", "Scenarios side by side",
)  # fmt: skip
MEASURES = {
    "streams": "Streams",
    "brought": "Streams won by promotion",
    "listeners": "Listeners, best days",
    "saves": "Saves",
    "followers": "New followers, net",
    "revenue": "Revenue kept",
    "kept": "Money kept, less spend",
    "cost": "Cost per stream won",
    "return": "Return of the spend, in the window",
    "later": "Streams won after the window",
    "beyond": "Money from after the window",
    "spill": "Money from other songs",
    "purchases": "Money from purchases",
    "whole": "Return with what counts beside it",
}
PLANS = ("current", "scenario", "change")
column = st.column_config
ANSWERS = {
    "answer": column.TextColumn("Answer", pinned=True),
    "current": column.TextColumn("Current plan", help="Median, 90 % interval"),
    "scenario": column.TextColumn("Scenario", help="Median, 90 % interval"),
    "change": column.TextColumn(
        "Difference", help="Its own median, as both are counted on the same draws; 90 % interval"
    ),
}

# as wide as its longest words: the plans beside it would squeeze it
BESIDE_COLUMNS = {"answer": column.TextColumn("Answer", pinned=True, width=250)}


@dataclass(frozen=True)
class Asked:
    """What the lab is asked: both plans and what counts as money."""

    plan: Plan
    current: Plan
    money: Money
    listeners: PerListener | None
    currency: str


def answers(page: Page, asked: Asked, outcome: Outcome) -> None:
    """Show the answers that are chosen; those that take long are computed only then."""
    which = st.segmented_control(
        "More answers", [ALL, NEXT, LIFE, BESIDE], key="lab:answers", default=ALL
    )
    if which == ALL:
        shown = told_answers(outcome.totals, asked.currency)
        page.table(shown, key="answers", columns=ANSWERS, height="content")
        if asked.listeners is not None:
            st.caption(per_listener_words(asked.listeners))
    elif which == NEXT:
        next_unit(page, asked.plan, asked.money, asked.listeners, outcome, asked.currency)
    elif which == LIFE:
        _life(page, asked)
    elif which == BESIDE:
        _beside(page, asked)


def told_answers(totals: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return answer | current | scenario | change as people read them, in the order of reading."""
    rows = {row["measure"]: row for row in totals.to_dicts()}
    return pl.DataFrame(
        [
            (title, *(spread_words(rows[name], side, currency) for side in PLANS))
            for name, title in MEASURES.items()
            if name in rows
        ],
        schema=dict.fromkeys(("answer", *PLANS), pl.String),
        orient="row",
    )


def figures(totals: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return the same as numbers: answer | plan | low | median | high | unit."""
    rows = {row["measure"]: row for row in totals.to_dicts()}
    kept = [(title, rows[name]) for name, title in MEASURES.items() if name in rows]
    return pl.DataFrame(
        [
            (title, plan, *(row[f"{plan}_{edge}"] for edge in EDGE_NAMES),
             row["unit"].replace("money", currency))
            for title, row in kept
            for plan in PLANS
        ],
        schema={"answer": pl.String, "plan": pl.String, **dict.fromkeys(EDGE_NAMES, pl.Float64),
                "unit": pl.String},
        orient="row",
    )  # fmt: skip


def _life(page: Page, asked: Asked) -> None:
    lifetime = page.compute(
        plan_lifetime, plan=asked.plan, current=asked.current, min_group=settings().min_group
    )
    st.markdown(f"**{moved(lifetime)}**")
    page.chart(charts.lives, lifetime, key="lives", alt=moved(lifetime))
    titles = {"until": f"By {lifetime.until}", "life": "Over a life of 104 weeks"}
    shown = pl.DataFrame(
        [
            (
                titles.get(row["counted"], f"In {row['weeks']} weeks of its own"),
                *(spread_words(row | {"unit": "streams"}, side, "") for side in list(ANSWERS)[1:]),
            )
            for row in lifetime.counted.to_dicts()
        ],
        schema=dict.fromkeys(ANSWERS, pl.String),
        orient="row",
    )
    page.table(shown, key="lifetime", columns=ANSWERS, height="content")


def moved(lifetime: Lifetime) -> str:
    """Return what another date does to streams by a day, and over a life, in words."""
    rows = {row["counted"]: row for row in lifetime.counted.to_dicts()}
    by, life = (short(rows[name]["change_median"]) for name in ("until", "life"))
    if not lifetime.apart:
        return f"The scenario brings {by} streams by {lifetime.until} and {life} over its life."
    weeks = "one week" if abs(lifetime.apart) == 1 else f"{abs(lifetime.apart)} weeks"
    way = "earlier" if lifetime.apart < 0 else "later"
    return (
        f"{weeks.capitalize()} {way}, with what else the scenario changes, brings {by} streams by "
        f"{lifetime.until} and {life} over its life: another date mostly moves streams."
    )


def _beside(page: Page, asked: Asked) -> None:
    """Compare the scenario and up to three saved ones with the current plan."""
    fitting = {
        name: plan
        for name, plan in saved.saved(page.label.home).plans
        if same_release(asked.current, plan) and name not in saved.RESERVED
    }
    if fitting:
        chosen = st.multiselect(
            "Saved scenarios of this release", list(fitting), list(fitting)[:3], max_selections=3,
            key=f"lab:beside:{asked.plan.track_id}",
        )  # fmt: skip
    else:
        chosen = []
        st.caption(
            "No scenario is saved yet for this release and these territories or segments: save "
            "one below."
        )
    plans = tuple((name, fitting[name]) for name in chosen)
    if asked.plan not in fitting.values():
        plans = ((saved.ON_SLIDERS, asked.plan), *plans)
    if not plans:
        st.caption("The plan on the sliders is a saved one: choose it above, or move a slider.")
        return
    found = page.attempt(
        plans_compared, current=asked.current, plans=plans, money=asked.money,
        listeners=asked.listeners, min_group=settings().min_group, keep=False,
    )  # fmt: skip
    if found is None:
        return
    rows = found.to_dicts()
    best = [row for row in rows if row["measure"] == "streams" and row["place"]]
    most = max(best, key=lambda row: (row["median"], row["plan"]))
    words = f"Most streams: {most['plan']}, with {short(most['median'])}."
    page.chart(charts.beside, found, key="beside", alt=words)
    names = found["plan"].unique(maintain_order=True).to_list()
    cells = {(row["measure"], row["plan"]): row for row in rows}
    streams = [cells[("streams", plan)] for plan in names]
    shown = pl.DataFrame(
        [
            ("Budget", *(f"{row['budget']:,.0f} {asked.currency}" for row in streams)),
            ("More streams than now", "–", *(percent(row["better"]) for row in streams[1:])),
            *(
                (title, *(spread_words(cells[(name, plan)], "", asked.currency) for plan in names))
                for name, title in MEASURES.items()
                if (name, names[0]) in cells
            ),
        ],
        schema=dict.fromkeys(("answer", *names), pl.String),
        orient="row",
    )
    page.table(shown, key="beside_table", columns=BESIDE_COLUMNS, height="content")
    st.caption(
        "Medians with 90 % intervals; all on the same draws and over as many weeks from their own "
        "release. Payouts are each scenario's own."
    )
