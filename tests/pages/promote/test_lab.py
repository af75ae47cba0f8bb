"""The lab: sliders that add up, answers that are the analysis's, honest empty states."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import labels
import polars as pl
import pytest
from apptest import Visit

from benchmarks.server import Server
from benchmarks.session import Session, addresses
from workbench.audience.rules import Segment
from workbench.audience.saved import save
from workbench.dataset import make, open_dataset
from workbench.parameters import literal
from workbench.promotion import plan as plans
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import opening_plan, releases
from workbench.promotion.plan import Plan
from workbench.promotion.saved import RESERVED, packed
from workbench.promotion.saved import save as save_plan
from workbench.promotion.shares import shares
from workbench.store import state
from workbench.store.change import change
from workbench.ui.plan_answers import figures
from workbench.ui.plan_release import opened_with


@pytest.fixture
def lab(promoted, tmp_path, monkeypatch):
    return Visit(monkeypatch, promoted(tmp_path / "full"), "promote/lab", track="tr-4")


def slider(visit, key):
    return visit.app.slider(key=f"lab:tr-4:{key}")


def metric(visit, name):
    return next(m for m in visit.app.metric if m.label == name)


def test_it_opens_on_the_current_plan(lab):
    assert "The scenario is the current plan" in lab.words
    assert metric(lab, "Chance of more streams").value == "–"
    assert not metric(lab, "Streams").delta
    assert "what a promoted track usually got" in lab.words
    known, opening = releases(lab.page.label), opening_plan(lab.page.label, track_id="tr-4")
    assert "published usual amounts" in opened_with(opening, replace(known, calibrated=False))
    # the median of what a track got: 8 weeks x 300 on Meta, 8 x 150 on radio
    assert slider(lab, "spend:meta").value == 2400
    assert slider(lab, "spend:radio").value == 1200
    assert slider(lab, "budget").value == 3600


def test_a_slider_takes_from_the_others(lab):
    slider(lab, "spend:meta").set_value(3000.0)
    lab.run()
    assert slider(lab, "spend:radio").value == 600
    assert slider(lab, "budget").value == 3600
    assert metric(lab, "Streams").delta
    assert "streams than the current plan (90 %: " in lab.words


def test_more_than_there_is_stops_at_the_budget_and_says_so(lab):
    lab.app.number_input(key="lab:tr-4:spend:meta:field").set_value(180_000.0)
    lab.run()
    assert slider(lab, "spend:meta").value == slider(lab, "budget").value == 3600
    assert "Meta stops at 3,600" in lab.words
    # a budget beyond the end of its slider can be typed
    lab.app.number_input(key="lab:tr-4:budget:field").set_value(180_000.0)
    lab.run()
    assert "Meta stops at" not in lab.words
    assert slider(lab, "spend:meta").value == slider(lab, "budget").value == 180_000
    assert "times the largest week" in lab.words


def test_the_budget_moves_what_is_not_locked(lab):
    lab.app.toggle(key="lab:tr-4:spend:lock:radio").set_value(True)
    lab.run()
    slider(lab, "budget").set_value(5200.0)
    lab.run()
    assert slider(lab, "spend:radio").value == 1200
    assert slider(lab, "spend:meta").value == 4000
    assert "times the largest week" in lab.words  # 500 a week against 300 x 1.2


def test_a_budget_that_comes_back_is_split_as_before(lab):
    for budget, meta, radio in ((0.0, 0, 0), (3600.0, 2400, 1200)):
        slider(lab, "budget").set_value(budget)
        lab.run()
        assert slider(lab, "spend:meta").value == meta
        assert slider(lab, "spend:radio").value == radio


def test_the_page_shows_what_the_analysis_says(lab):
    slider(lab, "spend:meta").set_value(3000.0)
    lab.run()
    label = lab.page.label
    opening = opening_plan(label, track_id="tr-4").plan
    plan = opening.with_spend({"meta": 3000.0, "radio": 600.0})
    expected = plan_outcome(label, plan=plan, current=opening)
    shown = metric(lab, "Chance of more streams").value
    assert shown == f"{100 * expected.chance_streams:.0f}\u00a0%"
    # files hold the same as numbers
    held = {(row["answer"], row["plan"]): row for row in figures(expected.totals, "EUR").to_dicts()}
    for row in expected.totals.filter(pl.col("measure") == "kept").to_dicts():
        for plan in ("current", "scenario", "change"):
            told = held[("Money kept, less spend", plan)]
            assert told["unit"] == "EUR"
            assert told["median"] == row[f"{plan}_median"]
    # the table shows whole streams
    assert lab.page.shown["channels"]["scenario_median"].to_list() == pytest.approx(
        expected.channels["scenario_median"].to_list(), abs=0.5
    )


def test_tables_name_channels_as_people_do(lab):
    for name in ("channels", "brought", "beliefs"):
        assert set(lab.page.shown[name]["channel"]) == {"Meta", "Radio"}


def test_the_notebook_agrees_after_many_moves(lab):
    for amount in (2000.0, 1000.0, 3100.0):
        slider(lab, "spend:meta").set_value(amount)
        lab.run()
    assert lab.notebook_agrees() >= 6
    assert lab.page.notebook().decode().count("outcome.plan_outcome(") == 1


def test_undo_goes_back_one_move_at_a_time(lab):
    undo = "lab:tr-4:undo"
    assert lab.app.button(key=undo).disabled
    shown = [metric(lab, "Streams").value]
    for amount in (3000.0, 1000.0):
        slider(lab, "spend:meta").set_value(amount)
        shown.append(metric(lab.run(), "Streams").value)
    for meta, radio, streams in ((3000, 600, shown[1]), (2400, 1200, shown[0])):
        lab.app.button(key=undo).click()
        lab.run()
        assert slider(lab, "spend:meta").value == meta
        assert slider(lab, "spend:radio").value == radio
        assert metric(lab, "Streams").value == streams
    assert lab.app.button(key=undo).disabled


def test_a_link_opens_the_same_plan_on_the_same_label(lab, monkeypatch):
    slider(lab, "spend:meta").set_value(3000.0)
    lab.run()
    shown = metric(lab, "Streams").value
    (link,) = [one.value for one in lab.app.code if "plan=" in one.value]
    query = {key: one[0] for key, one in parse_qs(urlsplit(link).query).items()}
    folder = lab.page.label.home
    again = Visit(monkeypatch, folder, "promote/lab", track="tr-2", plan=query["plan"])
    assert query["track"] == "tr-4"
    assert slider(again, "spend:meta").value == 3000
    assert slider(again, "spend:radio").value == 600
    assert metric(again, "Streams").value == shown
    slider(again, "spend:meta").set_value(2000.0)  # the link has been opened, and is done
    assert metric(again.run(), "Streams").value != shown
    assert again.notebook_agrees() >= 6
    for text, words in (
        ("broken", "damaged"),
        (packed(Plan(artist="Nova", release_date=date(1, 1, 1))), "cannot be opened"),
        (packed(Plan("tr-4", channel_shares=(("sea", "FR", 1.0),))), "names FR, sea, which"),
    ):
        refused = Visit(monkeypatch, folder, "promote/lab", track="tr-4", plan=text)
        assert words in refused.words
        assert slider(refused, "spend:meta").value == 2400


def test_more_answers_come_when_they_are_asked_for(lab):
    save_plan(lab.page.label.home, "bo", "Radio <b>", Plan("tr-4", spend=(("radio", 3000.0),)))
    told = dict(lab.page.shown["answers"].select("answer", "scenario").iter_rows())
    assert told["Streams"].startswith(f"{metric(lab, 'Streams').value} (")
    assert "plan_margins" not in lab.page.notebook().decode()
    which = lab.app.segmented_control(key="lab:answers")
    which.set_value("The next unit of money")
    lab.run()
    assert "No channel pays its next unit of money back" in lab.words
    assert lab.page.shown["margins"]["channel"].to_list() == ["Meta", "Radio"]
    assert lab.notebook_agrees() >= 8
    lab.app.segmented_control(key="lab:answers").set_value("By a day and over a life")
    assert "over its life" in lab.run().words
    lab.app.segmented_control(key="lab:answers").set_value("Scenarios side by side")
    lab.run()
    assert lab.page.shown["beside_table"].columns == [
        "answer", "Current plan", "On the sliders", "Radio <b>",
    ]  # fmt: skip
    assert lab.page.shown["scenarios"].row(0)[:2] == ("Radio <b>", "bo")


def test_saved_plans_stay_in_reach_whatever_is_compared(lab):
    home, opening = lab.page.label.home, opening_plan(lab.page.label, track_id="tr-4").plan
    save_plan(home, "bo", "As it opens", opening)
    old = {"user": "bo", "note": "", "plan": literal(replace(opening, weeks=13))}
    for name in RESERVED:  # from before these names were refused
        state.record(home, state.Scenario, name=name, **old)
    lab.app.segmented_control(key="lab:answers").set_value("Scenarios side by side")
    lab.run()
    beside = lab.app.multiselect(key="lab:beside:tr-4")
    assert beside.options == ["As it opens"]
    beside.set_value([])
    lab.run()
    assert not lab.app.error
    assert "The plan on the sliders is a saved one: choose it above, or move" in lab.words
    assert lab.app.selectbox(key="scenario:chosen").options == ["As it opens", *RESERVED]
    slider(lab, "spend:meta").set_value(3000.0)
    lab.run()
    assert lab.page.shown["beside_table"].columns == ["answer", "Current plan", "On the sliders"]


def test_a_plan_that_cannot_be_answered_leaves_the_saved_ones(lab, monkeypatch):
    save_plan(lab.page.label.home, "bo", "Radio", Plan("tr-4", spend=(("radio", 3000.0),)))
    monkeypatch.setattr(plans, "MOST_FOLLOWERS", 1_000)
    lab.app.number_input(key="lab:tr-4:pitch:followers").set_value(2_000_000)
    lab.app.slider(key="lab:tr-4:pitch:chance").set_value(100)
    lab.run()
    assert [one.value[:31] for one in lab.app.error] == ["A pitch needs followers of the "]
    assert lab.app.selectbox(key="scenario:chosen").options == ["Radio"]


def test_money_is_what_the_label_keeps(lab, monkeypatch):
    def answer(name):
        return dict(lab.page.shown["answers"].select("answer", "scenario").iter_rows())[name]

    share = f"kept:{lab.page.label.folder}:artist-share"
    before = answer("Revenue kept")
    assert "Money is **before distribution and artist share**: set them" in lab.words
    assert "the installation's so far" in lab.words
    lab.app.number_input(key=share).set_value(100.0)
    lab.run()
    assert "Money is **before distribution**: set them" in lab.words
    assert before != answer("Revenue kept") == "0 EUR (0 to 0)"
    lab.app.number_input(key=share).set_value(50.0)
    lab.app.toggle(key="lab:tr-4:beyond").set_value(True)
    lab.app.number_input(key="lab:tr-4:spill").set_value(0.5)
    lab.app.toggle(key="lab:tr-4:purchases").set_value(True)
    lab.run()
    assert "Fewer than 10 known buyers" in lab.words
    assert answer("Money from other songs") != answer("Money from after the window")
    assert lab.notebook_agrees() >= 8
    assert "Money(artist=0.5, beyond=True, spill=0.5)" in lab.page.notebook().decode()
    # set once, for all releases of the label and whoever opens it next
    again = Visit(monkeypatch, lab.page.label.home, "promote/lab", track="tr-2")
    assert again.app.number_input(key=share).value == 50
    assert "kept with the label: set by" in again.words
    assert shares(lab.page.label.home).artist == 0.5


def test_territories_are_shares_of_the_spend(lab):
    lab.app.toggle(key="lab:tr-4:cells:own").set_value(True)
    lab.run()
    assert slider(lab, "cells:US").value + slider(lab, "cells:DE").value == 100
    slider(lab, "cells:DE").set_value(100.0)
    lab.run()
    assert slider(lab, "cells:US").value == 0
    assert "shares=(('DE', 1.0),)" in lab.page.notebook().decode()


def test_saved_segments_take_the_place_of_territories(promoted, tmp_path, monkeypatch):
    folder = promoted(tmp_path / "full")
    led = save(folder, "ada", Segment("", "Led <by> *lists*", tiers=("programmed",)))
    few = save(folder, "ada", Segment("", "Few", countries=("DE",), tiers=("programmed",)))
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-4")
    before = metric(lab, "Streams").value
    assert "Assumption" not in lab.words
    assert "cells" not in lab.page.shown
    cells = lab.app.multiselect(key="lab:segments")
    cells.set_value([led.id])
    lab.run()
    assert "segments were never observed" in lab.words
    assert metric(lab, "Streams").value == before  # following the audience, nothing moves
    assert "The scenario is the current plan" in lab.words
    lab.app.toggle(key=f"lab:tr-4:cells:{led.id}:own").set_value(True)
    lab.run()
    slider(lab, f"cells:{led.id}:{led.id}").set_value(100.0)
    lab.run()
    assert slider(lab, f"cells:{led.id}:rest").value == 0
    shown = {row["cell"]: row for row in lab.page.shown["cells"].to_dicts()}
    assert shown[led.id]["scenario_share"] == 100.0  # shown in percent
    assert shown["rest"]["scenario_streams"] == 0 < shown["rest"]["current_streams"]
    assert metric(lab, "Streams").delta
    assert lab.notebook_agrees() >= 7
    assert led.id in lab.page.notebook().decode()
    lab.app.multiselect(key="lab:segments").set_value([few.id])
    lab.run()
    assert "Few\\: fewer than 10 listeners" in lab.words
    lab.app.multiselect(key="lab:segments").set_value([])
    lab.run()
    assert metric(lab, "Streams").value == before
    assert "Segment(" not in lab.page.notebook().decode()


def test_without_campaigns_every_channel_is_an_assumption(promoted, tmp_path, monkeypatch):
    visit = Visit(monkeypatch, promoted(tmp_path / "streams", "streams"), "promote/lab")
    assert "No campaigns in this label" in visit.words
    assert visit.notebook_agrees() >= 6


@pytest.mark.parametrize("kind", ["catalogue", "lyrics"])
def test_without_streams_it_says_what_would_help(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), "promote/lab")
    assert not visit.app.metric
    assert "streams" in visit.words.lower()


def test_before_it_is_made_the_page_offers_to_make_it(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), "promote/lab")
    assert not visit.app.metric
    assert visit.app.button


def test_a_slider_alone_runs_the_fragment(promoted, tmp_path):
    folder = promoted(tmp_path / "full")
    with (
        Server({"WORKBENCH_LABEL": str(folder)}) as server,
        Session(server.url) as visitor,
    ):
        assert not visitor.open(addresses()["promote/lab"], track="tr-4").errors
        before = visitor.figure("weekly")
        run = visitor.set("lab:tr-4:spend:meta", 3000.0, alone=True)
        assert run.fragment and not run.errors
        assert visitor.figure("weekly") != before
        beats = next(m for m in visitor.elements("metric") if m.label.startswith("Chance"))
        assert beats.body.endswith("%")


def open_box(lab):
    """Open the box of the best plan for the next run; AppTest sends no state of boxes."""
    lab.app.session_state["lab:tr-4:best"] = True


def test_best_in_money_may_be_to_spend_nothing(lab):
    open_box(lab)
    lab.run()
    lab.app.segmented_control(key="lab:tr-4:best-in").set_value("Money kept")
    lab.app.segmented_control(key="lab:tr-4:best-care").set_value("Careful")
    open_box(lab)
    lab.run()
    assert "Nothing pays back: for money it is best to spend nothing" in lab.words
    assert "on which promotion brings least" in lab.words
    assert "The best split" not in lab.words
    assert lab.page.shown["best"]["best"].sum() == 0
    lab.app.segmented_control(key="lab:answers").set_value("The next unit of money")
    lab.run()
    assert "Not counted: streams after the window and those of other songs" in lab.words


def test_the_best_plan_can_be_taken(lab):
    open_box(lab)
    slider(lab, "spend:radio").set_value(3500.0)
    lab.run()
    worse = lab.page.shown["best"]
    assert "Within them the best split brings" in lab.words  # radio is beyond what was tried
    lab.app.button(key="lab:tr-4:take").click()
    lab.run()
    taken = {name: slider(lab, f"spend:{name}").value for name in ("meta", "radio")}
    best = dict(worse.select("channel", "best").iter_rows())
    assert taken == {"meta": best["Meta"], "radio": best["Radio"]}
    assert slider(lab, "budget").value == sum(taken.values())
    open_box(lab)
    lab.run()
    lab.app.segmented_control(key="lab:tr-4:best-way").set_value("Cheapest way to streams")
    lab.app.toggle(key="lab:tr-4:best-cells").set_value(True)
    open_box(lab)
    lab.run()
    assert "No budget within these limits reaches 1.0M streams" in lab.words
    lab.app.button(key="lab:tr-4:take").click()
    lab.run()
    assert slider(lab, "budget").value == 4320  # 1.2 times what was tried: 8 weeks x (300 + 150)
    assert "split in its own way" in lab.words
    assert "channel_shares=(('meta'," in lab.page.notebook().decode()
    lab.app.button(key="lab:tr-4:cells:alike").click()
    lab.run()
    assert "channel_shares=(('meta'," not in lab.page.notebook().decode()


def test_money_may_come_in_bursts(lab):
    before = metric(lab, "Streams").value
    lab.app.segmented_control(key="lab:tr-4:flighting").set_value("burst")
    lab.run()
    assert "all money in the first 2" in lab.words
    assert "times the largest week" in lab.words  # all money in a quarter of them
    assert metric(lab, "Streams").value != before
    assert "flighting='burst'" in lab.page.notebook().decode()


def test_a_pitch_adds_its_list_and_costs_nothing(lab):
    lab.app.number_input(key="lab:tr-4:pitch:followers").set_value(2_000_000)
    lab.app.slider(key="lab:tr-4:pitch:chance").set_value(100)
    lab.run()
    assert metric(lab, "Streams").delta.startswith("+")
    assert slider(lab, "budget").value == 3600
    assert "pitch=(2000000.0, 8, 1.0)" in lab.page.notebook().decode()
    assert "the chance of fewer is 0 %" in lab.words
    # as likely taken as not: half of the draws have more, and none fewer
    lab.app.slider(key="lab:tr-4:pitch:chance").set_value(50)
    lab.run()
    assert "and 0 where it is not (medians)" in lab.words
    assert "the chance of fewer is 0 %" in lab.words
    assert "Means, which add up" in lab.words


def test_money_is_told_in_another_currency_at_its_last_rate(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    rows = [("USD", labels.day(0), 1.5), ("USD", labels.day(7), 1.25), ("GBP", labels.day(0), 0.8)]
    rates = pl.DataFrame(rows, schema=["currency", "day", "rate"], orient="row")
    with change(folder) as writing:
        writing.put("fx_rates", rates.with_columns(source=pl.lit("test")), source="test")
    make(open_dataset(str(folder)), "promotion", progress=lambda *_: None)
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-4")
    chosen = lab.app.selectbox(key="lab:currency")
    assert chosen.options == ["GBP", "USD"]
    chosen.set_value("USD")
    lab.run()
    assert "budget 4.5k" in lab.words  # 3600 euros
    assert f"One EUR is 1.2500 USD, the rate of {labels.day(7)}." in lab.words
