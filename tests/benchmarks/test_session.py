"""The driver behind benchmarks and fragment tests: a visitor without a browser."""

import pytest

from benchmarks.server import Server
from benchmarks.session import Session

APP = """
import streamlit as st

st.navigation(
    [st.Page("first.py", title="First", default=True), st.Page("second.py", title="Second")]
).run()
"""
FIRST = """
import numpy as np
import plotly.graph_objects as go
import streamlit as st

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
number = st.slider("Number", 0, 10, 3, key="number")
colour = st.selectbox("Colour", ["red", "blue"], key="colour")
tags = st.multiselect("Tags", ["a", "b"], key="tags")
pressed = st.button("Press", key="press")
st.markdown(f"{number} {colour} {tags} {pressed}")
st.metric("runs", st.session_state["runs"])
st.plotly_chart(go.Figure(go.Scatter(y=np.arange(20_000, dtype="f4"))), key="curve")


@st.fragment
def part() -> None:
    st.caption(f"alone {st.slider('Inner', 0.0, 1.0, 0.5, key='inner')}")


part()
"""
SECOND = """
import streamlit as st

st.markdown(f"track {st.query_params.get('track')}")
1 / 0
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    for name, text in (("app", APP), ("first", FIRST), ("second", SECOND)):
        (folder / f"{name}.py").write_text(text)
    with Server(folder=folder) as server:
        yield server.url


@pytest.fixture
def visitor(url):
    with Session(url) as visitor:
        yield visitor


def test_widgets_are_set_by_key_and_stay_set(visitor):
    assert visitor.open().errors == []
    assert visitor.text() == "3 red [] False\nalone 0.5"
    visitor.set("number", 7)
    visitor.set("colour", "blue")
    visitor.set("tags", ["b"])
    assert visitor.text().startswith("7 blue ['b'] False")


def test_a_button_is_pressed_once(visitor):
    visitor.open()
    visitor.set("press", True)
    assert "True" in visitor.text()
    visitor.rerun()
    assert "True" not in visitor.text()


def test_a_fragment_runs_alone(visitor):
    visitor.open()
    run = visitor.set("inner", 0.25, alone=True)
    assert run.fragment
    assert "alone 0.25" in visitor.text()
    assert [metric.body for metric in visitor.elements("metric")] == ["1"]
    assert len(visitor.fragments()) == 1
    assert visitor.rerun(visitor.fragments()[0]).fragment
    with pytest.raises(LookupError, match="in no fragment"):
        visitor.set("number", 1, alone=True)


def test_what_is_known_already_is_not_sent_again(visitor):
    first = visitor.open()
    assert first.payload > 80_000  # the curve: 20,000 numbers of four bytes
    assert visitor.rerun().payload < first.payload / 5
    assert len(visitor.figure("curve")["data"]) == 1


def test_exceptions_and_missing_pages_are_reported(visitor):
    run = visitor.open("second", track="t-1")
    assert visitor.text() == "track t-1"
    assert len(run.errors) == 1
    assert visitor.open("nowhere").errors == ["There is no page 'nowhere'."]
