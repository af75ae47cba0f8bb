"""What the lab believes of the channels, before and after the data, as tables."""

import datetime

import polars as pl
import streamlit as st

from workbench.promotion.facts import plan_facts
from workbench.promotion.names import spoken
from workbench.promotion.overview import (
    Releases,
    brought_by_channel,
    channel_summary,
)
from workbench.promotion.own_priors import priors_in_force
from workbench.promotion.plan import Plan
from workbench.promotion.tested import APART, channel_tests
from workbench.ui import tables
from workbench.ui.page import Page
from workbench.ui.plan_words import in_words
from workbench.ui.text import escaped, short

column = st.column_config
TESTS = {
    "test": column.TextColumn("Test", pinned=True),
    "channel": column.TextColumn("Channel"),
    "track_id": None,
    "territory": column.TextColumn("Territory"),
    "start": column.DateColumn("From"),
    "end": column.DateColumn("To"),
    "control": column.NumberColumn("Spend of the control (week)", format="localized"),
    "extra": column.NumberColumn("Change (week)", format="localized"),
    "lift": column.NumberColumn("Streams measured", format="localized", step=1),
    "error": column.NumberColumn("Standard error", format="localized", step=1),
    "expected_low": column.NumberColumn("Model: at least (5 %)", format="localized", step=1),
    "expected": column.NumberColumn("Model: streams", format="localized", step=1),
    "expected_high": column.NumberColumn("Model: at most (95 %)", format="localized", step=1),
    "left_out": column.TextColumn("Left out because it …"),
}


def told(page: Page, frame: pl.DataFrame, key: str, columns: dict) -> None:
    """Show a table of channels by their names, shares in percent."""
    page.table(tables.readable(in_words(frame), columns), key=key, columns=columns)


def both_plans(
    page: Page, current: Plan, plan: Plan, known: Releases, release: dict
) -> pl.DataFrame:
    """Show what the figures are of, so that a download says it, too; return it."""
    after = known.last_week + datetime.timedelta(weeks=1)
    names = {name: release[name] for name in ("title", "artist", "genre")}
    with st.expander("Both plans in figures", icon=":material/list_alt:"):
        facts = plan_facts(current, plan, after, names)
        page.table(facts, key="plans", columns=tables.PLANS, height="content")
    return facts


def far(test: dict) -> bool:
    """Tell whether the model does not follow a test that it was given."""
    return test["apart"] is not None and abs(test["apart"]) > APART


def unfollowed(test: dict) -> str:
    """Return that the model does not follow a test, and what to look at."""
    low, middle, high = (short(test[f"expected{end}"]) for end in ("_low", "", "_high"))
    never = " It knows no channel that takes streams away." if test["lift"] < 0 else ""
    return (
        f"**{escaped(test['test'])}** ({escaped(spoken(test['channel']))}) measured "
        f"{short(test['lift'])} streams; the model still expects {middle} ({low} to {high}), "
        f"{abs(test['apart']):.1f} standard errors away: it does not follow this test.{never} Look "
        "whether its weeks, spend and streams are right, and whether its song is like the others."
    )


def beliefs(page: Page) -> None:
    """Show what each channel brought, what is believed of it now, and what was before the data."""
    with st.expander("What is believed of the channels, and why", icon=":material/balance:"):
        st.markdown(
            "**What each channel brought** in the observed weeks, people who stayed included."
        )
        told(page, page.compute(brought_by_channel), "brought", tables.BROUGHT)
        st.markdown("**After the data**, with how much of the width is still the prior's.")
        told(page, page.compute(channel_summary), "beliefs", tables.BELIEFS)
        tests = page.compute(channel_tests)
        if tests.height:
            st.markdown(
                "**What tests measured**, and what the model expects of the same test now. A test "
                "outranks the weekly series, which also holds what spend only follows."
            )
            told(page, tests.drop("apart"), "tests", TESTS)
            if words := [unfollowed(row) for row in tests.to_dicts() if far(row)]:
                st.warning("\n\n".join(words), icon=":material/warning:")
        st.markdown("**Before the data.** Those marked as assumptions are ours.")
        page.table(page.compute(priors_in_force), key="priors", columns=tables.PRIORS)
