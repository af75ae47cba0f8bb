"""The plan that stands on the sliders, kept in the URL and in the session.

A reload, a link and the browser's Back bring it by the URL. A visitor who comes back by the menu,
or who looked at another release meanwhile, finds it in the session: there the widgets are gone.
"""

import streamlit as st

from workbench.errors import BadInput
from workbench.promotion import saved
from workbench.promotion.plan import Plan
from workbench.ui.plan_panel import NEW, place_of

LINK = "plan"  # of the URL
LABEL, LINKED, SHOWN, LAST = "lab:label", "lab:linked", "lab:shown", "lab:last"
AGAIN = "lab:again"


def forget_others(label: str) -> None:
    """Forget the plans of another label, where that was open before.

    Releases of both may go by the same name, and one that is in no catalogue always does.
    """
    state = st.session_state
    if state.get(LABEL) not in (None, label):
        if state.get(LINKED) and st.query_params.get(LINK) == state[LINKED]:
            del st.query_params[LINK]
        for key in [one for one in state if str(one).startswith(("lab:", "new:"))]:
            del state[key]
    state[LABEL] = label


def keep(plan: Plan, opening: Plan) -> None:
    """Keep the plan that is shown; the URL names it once it is another than the opening one."""
    state = st.session_state
    try:
        text = None if plan == opening else saved.packed(plan)
    except BadInput:  # too long for a URL
        text = None
    if text != st.query_params.get(LINK):
        if text is None:
            del st.query_params[LINK]
        else:
            st.query_params[LINK] = text
    state[LINKED] = text
    state[LAST] = plan.track_id or NEW
    state[f"{place_of(plan)}:opening"] = opening


def shown(track: str) -> None:
    """Say which release the page shows, as its menu names it."""
    st.session_state[SHOWN] = f"lab:{track}"


def kept_plan() -> tuple[str, Plan | None]:
    """Return the plan that the visitor came with or left here, and what to call it; None without.

    That of a URL which the page did not write itself, where a visitor came or went back; else,
    on coming to a release, the one that stood there last.
    """
    state, given = st.session_state, st.query_params.get(LINK)
    if given is not None and given != state.get(LINKED):
        state[LINKED] = given  # from now on the sliders say what the plan is
        plan = saved.unpacked(given)
        if plan is None:
            del st.query_params[LINK]
            st.info("The link of this plan is damaged or of another version.",
                    icon=":material/link_off:")  # fmt: skip
            return "", None
        return "the plan of the link", _back_to(plan)
    base = f"lab:{_release()}"
    past = state.get(f"{base}:past")
    if past and ("track-choice" not in state or state.get(SHOWN) != base):
        state[AGAIN] = past[-1] != state.get(f"{base}:opening")
        return "your last plan", past[-1]
    if given is None and state.get(LINKED) and state.get(SHOWN) == base:
        return "the opening plan", _back_to(state[f"{base}:opening"])
    return "", None


def _release() -> str | None:
    """Return the release that is about to be shown, as its menu names it."""
    state, given = st.session_state, st.query_params.get_all("track")
    if given and given != state.get("track-url"):
        return given[0]
    return state.get("track-choice") or next(iter(given), None) or state.get(LAST)


def _back_to(plan: Plan) -> Plan:
    """Return a plan; where the browser went back to it, so do the steps that can be undone."""
    past = st.session_state.get(f"{place_of(plan)}:past", [])
    if plan in past:
        del past[past.index(plan) + 1 :]
    return plan
