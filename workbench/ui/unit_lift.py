"""An experiment for the promotion model: what a person says of it, what is added, and undo."""

import datetime

import polars as pl
import streamlit as st

from workbench.errors import WorkbenchError
from workbench.promotion.unit_lift import (
    UnitLift,
    forget,
    keep,
    lift_choices,
    test_name,
    unit_lift,
)
from workbench.promotion.uplift import Uplift
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.tables import readable
from workbench.ui.text import escaped, short

_column = st.column_config
SAID = "lift:said"
ALL = "All songs of the label"
ROW = {
    "channel": _column.TextColumn("Channel", pinned=True),
    "track_id": _column.TextColumn("Song", help="Empty: the label's campaigns together"),
    "start": _column.DateColumn("First day"),
    "end": _column.DateColumn("Last day"),
    "control_spend": _column.NumberColumn("A week, control", format="%.2f"),
    "extra_spend": _column.NumberColumn("More a week, treated", format="%.2f"),
    "currency": _column.TextColumn("Currency"),
    "lift": _column.NumberColumn("Streams gained", format="localized"),
    "low": _column.NumberColumn("at least (5 %)", format="localized"),
    "high": _column.NumberColumn("at most (95 %)", format="localized"),
}


def teach(page: Page, found: Uplift, held: pl.DataFrame) -> None:
    """Offer an experiment to the promotion model as a lift test.

    Parameters
    ----------
    found : the experiment. held : of `experiments_held`, for its days.
    """
    with st.expander("Let the promotion model learn from it", icon=":material/school:"):
        st.caption(
            "As a lift test: streams that the treated gained in all, for the money that was spent "
            "on them. It outranks the weekly series of its channel."
        )
        said = _said_of(page, found, held)
        lift = page.attempt(
            unit_lift, experiment=found.experiment, treated=found.treated, control=found.control,
            **said, min_group=settings().min_group,
        )  # fmt: skip
        if told := st.session_state.pop(SAID, None):
            st.caption(escaped(told))
        if lift is None:
            return
        if lift.missing:
            words = "".join(f"\n- {escaped(one)}" for one in lift.missing)
            st.markdown(f"**What is missing**{words}")
        else:
            _shown(page, lift)
        row = st.container(horizontal=True)
        row.button(
            "Let the promotion model learn from it", key="lift:keep", type="primary",
            disabled=bool(lift.missing) or lift.kept, on_click=_keep, args=(page, lift),
        )  # fmt: skip
        if lift.kept:
            row.button("Take it back", key="lift:forget", on_click=_forget, args=(page, lift.test))
            st.caption(
                "The lift tests of the label hold this experiment. It stands there once: take it "
                "back to say something else of it."
            )


def _said_of(page: Page, found: Uplift, held: pl.DataFrame) -> dict:
    """Ask what an experiment does not say: channel, song, days, money, what it counts."""
    known, name = page.compute(lift_choices), (found.experiment, found.treated, found.control)
    base = f"lift:{page.label.folder}:{test_name(*name)}"  # what is said of it holds of no other
    currency = known.currency or settings().currency
    days = held.filter(experiment=found.experiment)
    first, last = days["first"].min(), days["last"].max()
    titles = {None: ALL} | dict(known.tracks.iter_rows())
    line = st.container(horizontal=True, vertical_alignment="bottom")
    channel = line.selectbox(
        "Channel", known.channels, None, key=f"{base}:channel", width=200,
        placeholder="Choose or type one", accept_new_options=True,
    )  # fmt: skip
    track = line.selectbox(
        "Song", list(titles), format_func=titles.get, key=f"{base}:track", width=260
    )
    start = line.date_input("First day", first, key=f"{base}:start", width=150)
    end = line.date_input("Last day", last, key=f"{base}:end", width=150)
    line = st.container(horizontal=True, vertical_alignment="bottom")
    spend = line.number_input(
        f"Spent on the treated, {escaped(currency)}", 0.0, 1e9, 0.0, step=100.0,
        key=f"{base}:spend", width=220, help="In all, from the first to the last day.",
    )  # fmt: skip
    beside = line.number_input(
        f"Both arms beside it, a week, {escaped(currency)}", 0.0, 1e9, 0.0, step=100.0,
        key=f"{base}:beside", width=260, help="What else the channel got in these weeks.",
    )  # fmt: skip
    streams = st.checkbox(
        "The outcome counts all streams of a unit, from the first to the last day",
        key=f"{base}:streams",
    )  # fmt: skip
    return {
        "channel": channel or "", "track_id": track, "start": _day(start), "end": _day(end),
        "spend": float(spend), "beside": float(beside), "currency": currency, "streams": streams,
    }  # fmt: skip


def _day(value: object) -> datetime.date | None:
    return value if isinstance(value, datetime.date) else None


def _shown(page: Page, lift: UnitLift) -> None:
    """Show what would be added, and what is assumed with it."""
    told = lift.row.row(0, named=True)
    st.markdown(
        f"**{short(told['lift'])} streams ({short(told['low'])} to {short(told['high'])}) for "
        f"{short(float(told['extra_spend']))} {escaped(told['currency'])} more a week**, from "
        f"{told['start']} to {told['end']}."
    )
    money = [pl.col(name).cast(pl.Float64) for name in ("control_spend", "extra_spend")]
    row = lift.row.with_columns(money).select(*ROW)
    page.table(readable(row, ROW), key="lift", columns=ROW, height="content")
    st.caption(
        "**Assumption:** the money worked on the treated as it would spread over everybody. Money "
        "on few people saturates sooner, so that the model may take the channel for weaker than it "
        "is where the treated were a small part of the audience."
    )


def _keep(page: Page, lift: UnitLift) -> None:
    try:
        keep(page.label, lift.row)
    except WorkbenchError as error:
        st.session_state[SAID] = str(error)
    else:
        st.session_state[SAID] = (
            "Added to the lift tests. Make the promotion model again, and Checks says what it "
            "expects of this test now."
        )


def _forget(page: Page, test: str) -> None:
    try:
        forget(page.label, test)
    except WorkbenchError as error:
        st.session_state[SAID] = str(error)
    else:
        st.session_state[SAID] = "Taken back: the lift tests hold it no longer."
