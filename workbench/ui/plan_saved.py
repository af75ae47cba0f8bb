"""Scenarios of the lab: save the one that is set, open a saved one or one of a link, go back."""

import datetime

import polars as pl
import streamlit as st

from workbench.audience import saved as segments
from workbench.audience.rules import REST
from workbench.errors import WorkbenchError
from workbench.promotion import saved
from workbench.promotion.foretold import foretold
from workbench.promotion.money import Money
from workbench.promotion.overview import Releases
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_kept import AGAIN, forget_others, kept_plan
from workbench.ui.plan_money import beside, set_money
from workbench.ui.plan_panel import (
    MOST,
    NEW,
    WEEKS,
    place_of,
    richest,
    set_sliders,
)
from workbench.ui.selection import choose
from workbench.ui.text import escaped

WANTED, SAID = "lab:wanted", "lab:said"
STEPS = 50  # positions of the sliders that can be gone back to
LISTED = {
    "name": st.column_config.TextColumn("Scenario", pinned=True),
    "author": st.column_config.TextColumn("Saved by"),
    "at": st.column_config.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
    "budget": st.column_config.NumberColumn("Budget", format="localized"),
    "note": st.column_config.TextColumn("Note", width="large"),
}


def scenarios(page: Page, plan: Plan, money: Money) -> None:
    """Show the saved scenarios of the label, a field that saves this one, and its link."""
    home = page.label.home
    with st.expander("Scenarios: save, open or share", icon=":material/bookmarks:"):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        longest = saved.LONGEST_NAME, saved.LONGEST_NOTE
        row.text_input("Name of the scenario", max_chars=longest[0], key="scenario:name", width=220)
        row.text_input("Note", max_chars=longest[1], key="scenario:note", width=320)
        row.button("Save it", key="scenario:save", on_click=_save, args=(page, plan, money))
        if said := st.session_state.pop(SAID, None):
            st.caption(escaped(said))
        st.caption("“Copy link”, above, gives this plan to whoever can open this label.")
        held = saved.saved(home)
        if held.unreadable:
            lost = ", ".join(escaped(name) for name in held.unreadable)
            st.caption(f"No plan can be read any more of: {lost}.")
        plans = dict(held.plans)
        if not plans:
            return
        page.table(_listed(held), key="scenarios", columns=LISTED, height="content")
        row = st.container(horizontal=True, vertical_alignment="bottom")
        chosen = row.selectbox("Saved", list(plans), key="scenario:chosen", width=300)
        if row.button("Open it", key="scenario:open"):
            st.session_state[WANTED] = (chosen, plans[chosen])
            st.rerun()
        row.button("Delete it", key="scenario:delete", on_click=saved.delete, args=(home, chosen))


def _listed(held: saved.Saved) -> pl.DataFrame:
    columns = {
        "name": pl.String, "author": pl.String, "at": pl.Datetime("ms", "UTC"),
        "budget": pl.Float64, "note": pl.String,
    }  # fmt: skip
    rows = [(one.name, one.author, one.at, one.plan.budget, one.note) for one in held.scenarios]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _save(page: Page, plan: Plan, money: Money) -> None:
    state = st.session_state
    name, note = state["scenario:name"], state["scenario:note"]
    try:
        told = foretold(page.label, plan=plan, money=money, min_group=settings().min_group)
        saved.save(page.label.home, settings().current_user, name, plan, note, told)
    except WorkbenchError as error:
        state[SAID] = str(error)
    else:
        state[SAID] = f"Saved as “{name.strip()}”."
        state["scenario:name"] = state["scenario:note"] = ""


def open_wanted(page: Page, known: Releases) -> None:
    """Set every widget by the scenario that was asked for; before any of them is shown."""
    state = st.session_state
    forget_others(str(page.label.folder))
    name, plan = state.pop(WANTED, None) or kept_plan()
    if plan is None:
        return
    if plan.track_id is not None and plan.track_id not in known.tracks["track_id"]:
        lost = f"“{name}” is for “{plan.track_id}”, which is not in the catalogue any more."
        st.info(escaped(lost), icon=":material/link_off:")
        return
    if why := _out_of_reach(plan, known):
        st.info(escaped(f"“{name}” cannot be opened: {why}."), icon=":material/link_off:")
        return
    choose("track", plan.track_id or NEW)
    if plan.track_id is None:
        state["new:artist"] = plan.artist or plan.artist_id
        state["new:date"] = plan.release_date
        if plan.genre is None or plan.genre in known.genres:
            state["new:genre"] = plan.genre or "Not decided"
    kept = _set(page, plan, known)
    state[SAID] = f"Opened “{name}”. Money counts {beside(plan.counts)}, less this label's shares."
    if not kept:
        state[SAID] += " Its segments have changed since or are gone: it shows territories."


def _out_of_reach(plan: Plan, known: Releases) -> str | None:
    """Return why no slider can stand where a plan wants it; None where all can."""
    farthest = known.last_week + datetime.timedelta(weeks=MAX_WEEKS)
    if plan.release_date and plan.release_date > farthest:
        return f"its release lies beyond {farthest}"
    if plan.track_id is None and plan.release_date <= known.last_week:
        return f"its release, on {plan.release_date}, is not after the data"
    if plan.budget > MOST:
        return f"its budget lies beyond {MOST:,.0f}"
    cells = [one.id for one in plan.segments] + [REST] if plan.segments else known.cells["cell"]
    named = {name for name, _ in plan.shares} | {name for _, name, _ in plan.channel_shares}
    money = {name for name, amount in plan.spend if amount} | {n for n, *_ in plan.channel_shares}
    if unknown := (money - set(known.channels["channel"])) | (named - set(cells)):
        return f"it names {', '.join(sorted(unknown))}, which this label's model does not know"
    if plan.weeks not in WEEKS or plan.payout > richest(known):
        return f"{plan.weeks} weeks, or a payout of {plan.payout}, are not offered"
    coming = known.tracks["track_id"].filter(known.tracks["to_come"]).to_list()
    if plan.flight[0] < 0 and plan.track_id is not None and plan.track_id not in coming:
        return "it spends before the weeks without data"
    return None


def _set(page: Page, plan: Plan, known: Releases) -> bool:
    """Set the sliders by a plan; return whether its segments still are what they were."""
    held = {one.id: one for one in segments.saved(page.label.home).segments}
    kept = all(held.get(one.id) == one for one in plan.segments)
    st.session_state["lab:segments"] = [one.id for one in plan.segments] if kept else []
    set_sliders(plan, place_of(plan), known.channels["channel"].to_list(), shares=kept)
    set_money(place_of(plan), plan)
    return kept


def undo(page: Page, place, plan: Plan, current: Plan, known: Releases) -> None:
    """Show buttons that set the sliders as they were before the last move, and at the beginning.

    Parameters
    ----------
    place : a container above the sliders. plan : as they stand now; it is remembered.
    current : the plan that the lab opens with.
    """
    past = st.session_state.setdefault(f"{place_of(plan)}:past", [])
    if st.session_state.pop(f"{place_of(plan)}:undone", False) and past:
        past[-1] = plan  # what a slider can hold of it: a step back must not count as a move
    elif not past or past[-1] != plan:
        past[:] = [*past[-STEPS:], plan]
    row = place.container(horizontal=True)
    row.button(
        "Undo", key=f"{place_of(plan)}:undo", icon=":material/undo:", disabled=len(past) < 2,
        help="Sets the sliders as they were before the last move.",
        on_click=_undone, args=(page, past, known),
    )  # fmt: skip
    row.button(
        "Current plan", key=f"{place_of(plan)}:afresh", icon=":material/restart_alt:",
        disabled=plan == current, help="Sets the sliders to the plan that the lab opens with.",
        on_click=_set, args=(page, current, known),
    )  # fmt: skip
    if st.session_state.pop(AGAIN, False):
        place.caption("Your last plan of this release is back. “Current plan” leads to its start.")


def _undone(page: Page, past: list[Plan], known: Releases) -> None:
    past.pop()
    _set(page, past[-1], known)
    st.session_state[f"{place_of(past[-1])}:undone"] = True
