"""Which label is open: chosen in the sidebar on every page, kept in the URL."""

import streamlit as st

from workbench.dataset import SAMPLE, labels
from workbench.settings import settings

KEY = "label"
_ROUTED = "label-routed"


def label_choice() -> str:
    """Show the choice of a label and return its name.

    The router shows it, so that it survives the way from page to page: Streamlit forgets a page's
    own widgets there. A page that runs alone shows it itself.
    """
    if st.session_state.get(_ROUTED):
        return st.session_state[KEY]
    offered = list(dict.fromkeys([settings().label, *labels()]))
    with st.sidebar:
        return st.selectbox("Label", offered, key=KEY, bind="query-params", format_func=label_title)


def routed_label() -> None:
    """Show the choice from the router; pages then only read it."""
    st.session_state[_ROUTED] = False
    label_choice()
    st.session_state[_ROUTED] = True


def label_title(name: str) -> str:
    """Return what the choice shows for a label, which is also what its URL carries."""
    return "Sample label" if name == SAMPLE else name.rstrip("/").rsplit("/", 1)[-1]
