"""The editor of priors: a label's own in the place of a published one, and back."""

import math

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.errors import WorkbenchError
from workbench.listening import streams
from workbench.promotion.own_priors import LONGEST, priors_in_force, reset_prior, set_prior
from workbench.promotion.priors import COST, PRIORS
from workbench.ui.page import Page
from workbench.ui.tables import PRIORS as COLUMNS
from workbench.ui.text import digits, escaped

CHOSEN, SAID, REFUSED = "prior:chosen", "prior:said", "prior:refused"
EDGES = {"low": "5 %", "median": "Median", "high": "95 %"}


def prior_editor(page: Page) -> None:
    """Show which priors are the label's own, all in force, and a form that sets or resets one.

    Nothing is shown of a label without streams, which no model can be made of.
    """
    if streams.source(page.label) is None:
        return
    found = page.compute(priors_in_force)
    own = found.filter("own")
    if own.height:
        st.caption("Your own priors, in place of the published ones:")
        st.markdown("\n".join(f"- {_told(row)}" for row in own.to_dicts()))
    # A label that is given a prior of its own sees why the model is to be made again.
    with st.expander("Priors: set your own", icon=":material/tune:", key="priors"):
        st.caption(
            "What is believed before the data, with its source. Where you know better, such as by "
            "tests of your own, say so: median and the range that holds 90 %. The model is then "
            "made again; back to the published prior, the model made before counts again."
        )
        _form(page, found)
        if said := st.session_state.pop(SAID, None):
            st.caption(escaped(said))
        if wrong := st.session_state.pop(REFUSED, None):
            st.error(escaped(wrong), icon=":material/error:")
        names = {name: named(name) for name in found["prior"]}
        shown = found.with_columns(pl.col("prior").replace(names))
        page.table(shown, key="priors_table", columns=COLUMNS)


def named(prior: str) -> str:
    """Return a prior's name with its channel as people write it."""
    return f"{COST}{spoken(prior.removeprefix(COST))}" if prior.startswith(COST) else prior


def _form(page: Page, found: pl.DataFrame) -> None:
    fixed = [name for name, one in PRIORS.items() if one.fixed]
    rows = {row["prior"]: row for row in found.to_dicts() if row["prior"] not in fixed}
    ordered = sorted(rows, key=lambda name: (not name.startswith(COST), name))
    names = {name: f"{named(name)} ({rows[name]['meaning']})" for name in ordered}
    chosen = st.selectbox("Prior", ordered, key=CHOSEN, format_func=names.get)
    row, line = rows[chosen], st.container(horizontal=True, vertical_alignment="bottom")
    for edge, title in EDGES.items():
        held = row[edge]
        line.number_input(
            title, value=held, key=_key(page, chosen, edge), width=150, format="%.4g",
            step=10.0 ** math.floor(math.log10(abs(held) / 2)) if held else 0.01,
        )  # fmt: skip
    line.text_input(
        "Where it is from", row["source"] if row["own"] else "", max_chars=LONGEST, width=320,
        key=_key(page, chosen, "source"), placeholder="our own tests of 2025",
    )  # fmt: skip
    buttons = st.container(horizontal=True)
    buttons.button("Use it", key="prior:use", type="primary", on_click=_use, args=(page, chosen))
    buttons.button(
        "Back to the published", key="prior:reset", on_click=_reset, args=(page, chosen),
        disabled=not row["own"],
    )  # fmt: skip
    if not row["own"]:
        st.caption(f"Published: {escaped(row['source'])}.")


def _key(page: Page, prior: str, part: str) -> str:
    # of one label: a field would show what another has, and a click would make it this one's
    return f"prior:{page.label.folder}:{prior}:{part}"


def _told(row: dict) -> str:
    low, median, high = (digits(row[edge]) for edge in EDGES)
    name, source = escaped(named(row["prior"])), escaped(row["source"])
    return f"**{name}**: {median} ({low} to {high}), {source}"


def _use(page: Page, prior: str) -> None:
    state = st.session_state
    numbers = {edge: state[_key(page, prior, edge)] for edge in EDGES}
    empty = {edge: math.nan for edge, value in numbers.items() if value is None}
    try:
        set_prior(page.label, prior, **numbers | empty, source=state[_key(page, prior, "source")])
    except WorkbenchError as error:
        state[REFUSED] = str(error)
    else:
        state[SAID] = f"{named(prior)} is now your own; make the model again for it to count."
        _forget(page, prior)


def _reset(page: Page, prior: str) -> None:
    reset_prior(page.label, prior)
    st.session_state[SAID] = f"{named(prior)} is the published one again."
    _forget(page, prior)


def _forget(page: Page, prior: str) -> None:
    """Let the fields show what is in force now."""
    for part in (*EDGES, "source"):
        st.session_state.pop(_key(page, prior, part), None)
