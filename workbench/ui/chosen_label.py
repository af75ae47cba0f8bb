"""Which label is open: chosen in the sidebar on every page, kept in the URL."""

import streamlit as st

from workbench.dataset import SAMPLE, labels
from workbench.settings import settings

KEY = "label"
_ROUTED, _SEEN = "label-routed", "label-seen"


def label_choice() -> str:
    """Show the choice of a label and return its name; where the router shows it, only read it."""
    if st.session_state.get(_ROUTED):
        return st.session_state[KEY]
    with st.sidebar:
        return st.selectbox(
            "Label", _offered(), key=KEY, bind="query-params", format_func=label_title
        )


def routed_label() -> None:
    """Show the choice from the router; pages then only read it.

    Streamlit forgets a page's own widgets on the way to the next page, but keeps the router's: even
    where a link or the browser's back button brings another label, so that one is taken over here.
    """
    given = st.query_params.get(KEY)
    if KEY in st.session_state and given != st.session_state.get(_SEEN):
        offered = _offered()
        st.session_state[KEY] = {label_title(name): name for name in offered}.get(given, offered[0])
    st.session_state[_SEEN] = given
    st.session_state[_ROUTED] = False
    label_choice()
    st.session_state[_ROUTED] = True


def label_title(name: str) -> str:
    """Return what the choice shows for a label, which is also what its URL carries."""
    return "Sample label" if name == SAMPLE else name.rstrip("/").rsplit("/", 1)[-1]


def _offered() -> list[str]:
    return list(dict.fromkeys([settings().label, *labels()]))
