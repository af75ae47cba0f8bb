"""Scenarios of the lab: save the one that is set, set the sliders by a saved one."""

import streamlit as st

from workbench.audience import saved as segments
from workbench.errors import WorkbenchError
from workbench.promotion import saved
from workbench.promotion.overview import Releases
from workbench.promotion.plan import Plan
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_panel import NEW, place_of, set_sliders
from workbench.ui.selection import choose
from workbench.ui.text import escaped

WANTED, SAID = "lab:wanted", "lab:said"


def scenarios(page: Page, plan: Plan) -> None:
    """Show the saved scenarios of the label, and a field that saves this one."""
    home = page.label.home
    with st.expander("Scenarios: save this one, open another", icon=":material/bookmarks:"):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("Name of the scenario", max_chars=60, key="scenario:name", width=300)
        row.button("Save it", key="scenario:save", on_click=_save, args=(page, plan))
        if said := st.session_state.pop(SAID, None):
            st.caption(escaped(said))
        held = saved.saved(home)
        if held.unreadable:
            lost = ", ".join(escaped(name) for name in held.unreadable)
            st.caption(f"No plan can be read any more of: {lost}.")
        plans = dict(held.plans)
        if not plans:
            return
        row = st.container(horizontal=True, vertical_alignment="bottom")
        chosen = row.selectbox("Saved", list(plans), key="scenario:chosen", width=300)
        if row.button("Open it", key="scenario:open"):
            st.session_state[WANTED] = (chosen, plans[chosen])
            st.rerun()
        row.button("Delete it", key="scenario:delete", on_click=saved.delete, args=(home, chosen))


def _save(page: Page, plan: Plan) -> None:
    name = st.session_state["scenario:name"]
    try:
        saved.save(page.label.home, settings().current_user, name, plan)
    except WorkbenchError as error:
        st.session_state[SAID] = str(error)
    else:
        st.session_state[SAID] = f"Saved as “{name.strip()}”."
        st.session_state["scenario:name"] = ""


def open_wanted(page: Page, known: Releases) -> None:
    """Set every widget by the scenario that was asked for; before any of them is shown."""
    name, plan = st.session_state.pop(WANTED, (None, None))
    if plan is None:
        return
    state = st.session_state
    if plan.track_id is not None and plan.track_id not in known.tracks["track_id"]:
        state[SAID] = f"“{name}” is for “{plan.track_id}”, which is not in the catalogue any more."
        return
    choose("track", plan.track_id or NEW)
    if plan.track_id is None:
        state["new:artist"] = plan.artist or plan.artist_id
        state["new:date"] = plan.release_date
        if plan.genre is None or plan.genre in known.genres:
            state["new:genre"] = plan.genre or "Not decided"
    held = {one.id: one for one in segments.saved(page.label.home).segments}
    kept = all(held.get(one.id) == one for one in plan.segments)
    state["lab:segments"] = [one.id for one in plan.segments] if kept else []
    set_sliders(plan, place_of(plan), known.channels["channel"].to_list(), shares=kept)
    state[SAID] = f"Opened “{name}”."
    if not kept:
        state[SAID] += " Its segments have changed since or are gone: it shows territories."
