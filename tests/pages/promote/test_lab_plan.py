"""The plan on the sliders: it moves as one moves it, and is there again where it was left."""

import datetime

import labels
import polars as pl
import pytest
from apptest import Visit
from streamlit.testing.v1 import AppTest

from workbench.dataset import make, open_dataset
from workbench.promotion.calendar import FridayEffect
from workbench.store.change import change
from workbench.ui.plan_panel import counted_from

OUT = labels.day(labels.DAYS + 28)  # of tr-4, which is to come
COLUMNS = ["campaign_id", "channel", "day", "territory", "track_id", "spend", "currency", "days"]
ROWS = [
    ("t", "tiktok", labels.day(30), "US", "tr-2", 650.0, "EUR", 28),
    ("y", "youtube", labels.day(30), "US", "tr-2", 440.0, "EUR", 21),
    ("b", "meta", OUT, "DE", "tr-4", 700.0, "EUR", 28),  # booked
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    written = labels.written(tmp_path_factory.mktemp("lab") / "full", "full")
    rows = pl.concat([labels.campaigns(), pl.DataFrame(ROWS, schema=COLUMNS, orient="row")],
                     how="diagonal_relaxed")  # fmt: skip
    with change(written) as writing:
        writing.put("campaigns", rows, source="test")
    make(open_dataset(str(written)), "promotion", progress=lambda done, total, text: None)
    return written


def spent(visit, track):
    key = f"lab:{track}:spend:"
    names = ("meta", "radio", "tiktok", "youtube")
    return {name: visit.app.slider(key=key + name).value for name in names}


def test_small_moves_take_from_all_alike_and_back_bring_all_back(folder, monkeypatch):
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-3")
    before = spent(lab, "tr-3")
    assert before == {"meta": 2400, "radio": 1200, "tiktok": 650, "youtube": 440}
    for more in (1, 2, 3, 100, 0):
        lab.app.slider(key="lab:tr-3:spend:meta").set_value(2400.0 + more)
        now = spent(lab.run(), "tr-3")
        assert sum(now.values()) == 4690
        for name in ("radio", "tiktok", "youtube"):
            assert abs(now[name] - before[name] * (2290 - more) / 2290) < 1
    assert now == before
    assert "The scenario is the current plan" in lab.words
    assert lab.app.slider(key="lab:tr-3:spend:meta").label == "Meta · 51\u00a0%"
    lab.app.number_input(key="lab:tr-3:spend:meta:field").set_value(4690.0)
    assert spent(lab.run(), "tr-3") == {"meta": 4690, "radio": 0, "tiktok": 0, "youtube": 0}
    # the numbers stay in sight, below everything that scrolls
    numbers = [f"{one.label} **{one.value}**" for one in lab.app.metric]
    (line,) = [one.value for one in lab.app.caption if one.value.startswith(numbers[0])]
    assert all(one in line for one in numbers)
    # shares of territories open where the audience is, and change nothing
    lab.app.number_input(key="lab:tr-3:spend:meta:field").set_value(2400.0)
    lab.app.toggle(key="lab:tr-3:cells:own").set_value(True)
    lab.run()
    assert "The scenario is the current plan" in lab.words
    held = [lab.app.slider(key=f"lab:tr-3:cells:{name}").value for name in ("DE", "US")]
    assert sum(held) == 100
    assert "shares=" not in lab.page.notebook().decode()
    # all money at the beginning: curves are the scenario's, and it says so
    assert "may lie beside them" not in lab.words
    lab.app.segmented_control(key="lab:tr-3:flighting").set_value("burst")
    assert "scenario's weeks of spend; the open dots" in lab.run().words


def test_what_is_booked_is_the_current_plan(folder, monkeypatch):
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-4")
    last = OUT + datetime.timedelta(days=27)
    assert f"booked for this release, 700 EUR from {OUT} to {last}, in territ" in lab.words
    assert "The scenario is the current plan" in lab.words
    assert spent(lab, "tr-4") == {"meta": 700, "radio": 0, "tiktok": 0, "youtube": 0}
    assert lab.app.slider(key="lab:tr-4:cells:DE").value == 100
    facts = {row["fact"]: (row["current"], row["scenario"])
             for row in lab.page.shown["plans"].to_dicts()}  # fmt: skip
    assert facts["release date"] == (str(OUT), str(OUT))
    assert facts["spend from"] == (str(OUT), str(OUT))
    assert facts["shares"] == ("DE 100.0%", "DE 100.0%")
    # another date moves the scenario alone
    later = OUT + datetime.timedelta(weeks=2)
    lab.app.date_input(key=f"lab:tr-4:date:{OUT}").set_value(later)
    lab.run()
    facts = dict(lab.page.shown["plans"].select("current", "scenario").iter_rows())
    assert facts[str(OUT)] == str(later)
    assert lab.notebook_agrees() >= 6


def test_a_day_that_is_no_friday_says_what_it_is_counted_from(folder, monkeypatch):
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-4")
    field, streams = f"lab:tr-4:date:{OUT}", lab.app.metric[0].value
    assert "Counted from" not in lab.words
    wednesday = OUT + datetime.timedelta(days=5)
    lab.app.date_input(key=field).set_value(wednesday)
    words = lab.run().words
    assert f"Counted from Friday {OUT.day} {OUT:%B %Y}, the first day of its chart week" in words
    assert "Not counted here" not in words
    assert "release date" not in words  # neither a step of the difference nor a cause of curves
    assert lab.app.metric[0].value == streams
    facts = dict(lab.page.shown["plans"].select("fact", "scenario").iter_rows())
    assert facts["release date"] == f"{wednesday}, counted from Friday {OUT}"
    outcome = dict(lab.page._results)["plan_outcome"]
    assert "release date" not in outcome.steps["step"]
    assert lab.notebook_agrees() >= 6
    seen = counted_from(wednesday, FridayEffect(12, 9, 0.1, 0.0, 0.2))
    assert "A Wednesday has 2 days of it. Not counted here: 12 launches on a Friday had" in seen


def test_the_plan_is_there_again_where_it_was_left(folder, monkeypatch):
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-3")
    assert "plan" not in lab.app.query_params
    lab.app.slider(key="lab:tr-3:spend:meta").set_value(3000.0)
    moved = spent(lab.run(), "tr-3")
    first = dict(lab.app.query_params)
    lab.app.number_input(key="lab:tr-3:payout").set_value(0.005)
    lab.run()
    # the link of the page holds it, so that a reload and whoever gets it find it
    (link,) = [one.value for one in lab.app.code if "plan=" in one.value]
    assert f"plan={lab.app.query_params['plan']}" in link
    assert lab.app.query_params != first
    query = {name: lab.app.query_params[name] for name in ("track", "plan")}
    again = Visit(monkeypatch, folder, "promote/lab", **query)
    assert spent(again, "tr-3") == moved
    assert again.app.number_input(key="lab:tr-3:payout").value == 0.005
    # the browser goes back: a move less
    for name, value in first.items():
        lab.app.query_params[name] = value
    assert spent(lab.run(), "tr-3") == moved
    assert lab.app.number_input(key="lab:tr-3:payout").value == 0.0035
    # another release, and back by the menu
    lab.app.selectbox(key="track-choice").set_value("tr-1")
    lab.run()
    assert "plan" not in lab.app.query_params
    lab.app.selectbox(key="track-choice").set_value("tr-3")
    assert spent(lab.run(), "tr-3") == moved
    assert "Your last plan of this release is back" in lab.words
    lab.app.button(key="lab:tr-3:undo").click()
    assert spent(lab.run(), "tr-3")["meta"] == 2400
    assert lab.app.button(key="lab:tr-3:undo").disabled
    lab.app.slider(key="lab:tr-3:spend:meta").set_value(100.0)
    lab.run()
    lab.app.button(key="lab:tr-3:afresh").click()
    assert "The scenario is the current plan" in lab.run().words
    assert "plan" not in lab.app.query_params


def test_another_label_begins_with_a_plan_of_its_own():
    def page():
        import streamlit as st

        from workbench.ui.plan_kept import LINK, LINKED, forget_others

        label = st.selectbox("Label", ["one", "two"])
        forget_others(label)
        st.number_input("Budget", value=400.0, key="lab:not-in-catalogue:budget")
        st.session_state[LINKED] = st.query_params[LINK] = label

    app = AppTest.from_function(page).run()
    app.number_input[0].set_value(5.0).run()
    assert app.number_input[0].value == 5.0
    app.selectbox[0].set_value("two").run()
    assert app.number_input[0].value == 400.0
    assert not app.exception


def test_what_counts_as_money_goes_with_link_and_undo(folder, monkeypatch):
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-3")
    switch = "lab:tr-3:beyond", "lab:tr-3:spill"

    def kept(visit):
        return next(one.value for one in visit.app.metric if one.label == "Money kept")

    first = kept(lab)
    assert "Money counts" not in lab.words
    lab.app.toggle(key=switch[0]).set_value(True)
    lab.run()
    lab.app.number_input(key=switch[1]).set_value(2.0)
    lab.run()
    more = kept(lab)
    assert more != first
    assert (
        "Money counts streams of the window, those after it and those of other songs" in lab.words
    )
    query = {name: lab.app.query_params[name] for name in ("track", "plan")}
    assert len(query["plan"]) < 1000
    again = Visit(monkeypatch, folder, "promote/lab", **query)
    assert (again.app.toggle(key=switch[0]).value, again.app.number_input(key=switch[1]).value) == (
        True, 2.0,
    )  # fmt: skip
    assert kept(again) == more
    assert "Opened “the plan of the link”. Money counts streams of the window, those" in again.words
    assert again.notebook_agrees() >= 6
    lab.app.button(key="lab:tr-3:undo").click()
    assert lab.run().app.number_input(key=switch[1]).value == 0
    lab.app.button(key="lab:tr-3:afresh").click()
    assert kept(lab.run()) == first
    assert "plan" not in lab.app.query_params
