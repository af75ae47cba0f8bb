"""The lab on a release that is not in the catalogue: asked for, answered, saved, opened again."""

import datetime

import labels
import pytest
from apptest import Visit

from workbench.audience import saved as segments
from workbench.audience.rules import Segment
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import opening_plan
from workbench.promotion.plan import Plan
from workbench.promotion.saved import save, saved
from workbench.ui.plan_panel import NEW
from workbench.ui.text import short

NAMES = ("ar-ada", "ar-bo")
DATE = labels.day(labels.DAYS + 35)


@pytest.fixture
def folder(promoted, tmp_path):
    return promoted(tmp_path / "full")


def visit(monkeypatch, folder, artist=None, genre=None, date=DATE):
    lab = Visit(monkeypatch, folder, "promote/lab", track=NEW)
    if artist is not None:
        box = lab.app.selectbox(key="new:artist")
        if artist not in NAMES:
            box.options.append(artist)  # AppTest knows no typing; the browser sends the text, too
        box.set_value(artist)
    if genre is not None:
        lab.app.selectbox(key="new:genre").set_value(genre)
    lab.app.date_input(key="new:date").set_value(date)
    return lab.run()


def slider(lab, key):
    return lab.app.slider(key=f"lab:{NEW}:{key}")


def streams(lab):
    return next(m for m in lab.app.metric if m.label == "Streams").value


def facts(lab):
    return dict(lab.page.shown["plans"].select("fact", "scenario").iter_rows())


def test_without_an_artist_it_asks_for_one(monkeypatch, folder):
    lab = visit(monkeypatch, folder)
    assert [info.value for info in lab.app.info] == [
        "A release that is not in the catalogue needs an artist: one it has, or a name."
    ]
    assert not lab.app.metric
    assert not lab.app.error
    assert lab.notebook_agrees() >= 3  # what is believed of the channels is there all the same


def test_a_date_that_the_data_cover_is_refused_in_words(monkeypatch, folder):
    lab = visit(monkeypatch, folder, "ar-bo", date=labels.day(labels.DAYS - 1))
    assert "comes after the data, which end with 2026-10-22; its date is 2026-10-22." in lab.words
    assert not lab.app.metric
    lab.app.date_input(key="new:date").set_value(labels.day(labels.DAYS))
    assert lab.run().app.metric


def test_what_it_shows_is_the_analysis_of_what_was_asked(monkeypatch, folder):
    lab = visit(monkeypatch, folder, "ar-bo", "folk")
    slider(lab, "spend:meta").set_value(3000.0)
    lab.run()
    release = Plan(artist_id="ar-bo", genre="folk", release_date=DATE)
    opening = opening_plan(lab.page.label, release=release).plan
    plan = opening.with_spend({"meta": 3000.0, "radio": 600.0})
    expected = plan_outcome(lab.page.label, plan=plan, current=opening).channels
    assert lab.page.shown["channels"]["scenario_median"].to_list() == pytest.approx(
        expected["scenario_median"].to_list(), abs=0.5
    )
    told = facts(lab)
    assert told["artist"] == "Bo & the Bees"
    assert told["release"] == "not in the catalogue"
    assert told["release date"] == str(DATE)
    assert told["budget"] == "3600.00"
    assert lab.notebook_agrees() >= 6
    book = lab.page.notebook().decode()
    assert "artist_id='ar-bo'" in book
    assert f"datetime.date({DATE.year}, {DATE.month}, {DATE.day})" in book


def test_a_name_of_the_catalogue_is_its_artist_and_another_an_assumption(monkeypatch, folder):
    known = visit(monkeypatch, folder, "bo & THE bees", "folk")
    assert "artist's size" not in known.words
    by_id = visit(monkeypatch, folder, "ar-bo", "folk")
    assert streams(known) == streams(by_id)
    other = visit(monkeypatch, folder, "Nova *Q*", "folk")
    assert r"no streams of Nova \*Q\* are known here" in other.words
    assert "artist='Nova *Q*'" in other.page.notebook().decode()
    assert other.notebook_agrees() >= 6
    # genre undecided follows all genres, and says so
    assert "genre is not decided" in visit(monkeypatch, folder, "ar-bo").words


def test_a_scenario_is_saved_and_opened_again(monkeypatch, folder):
    lab = visit(monkeypatch, folder, "Nova", "folk")
    slider(lab, "spend:meta").set_value(3000.0)
    lab.run()
    slider(lab, "flight").set_value((-2, 4))
    lab.app.date_input(key=f"lab:{NEW}:date:{DATE}").set_value(DATE + datetime.timedelta(weeks=3))
    lab.app.selectbox(key=f"lab:{NEW}:weeks").set_value(52)
    lab.app.toggle(key=f"lab:{NEW}:cells:own").set_value(True)
    lab.run()
    slider(lab, "cells:DE").set_value(100.0)
    lab.run()
    lab.app.text_input(key="scenario:name").set_value("Winter <b>")
    lab.app.button(key="scenario:save").click()
    lab.run()
    assert r"Saved as “Winter \<b\>”" in lab.words
    ((_, plan),) = saved(folder).plans
    assert plan == Plan(
        artist="Nova", genre="folk", release_date=DATE + datetime.timedelta(weeks=3), weeks=52,
        spend=(("meta", 3000.0), ("radio", 600.0)), flight=(-2, 6), shares=(("DE", 1.0),),
    )  # fmt: skip
    told = saved(folder).scenarios[0].told  # what the sliders said that day
    assert (len(told.streams) >= 52) and [name for name, *_ in told.channels] == ["meta", "radio"]
    assert short(told.streams[-1][1]) in lab.words
    shown = streams(lab)
    again = Visit(monkeypatch, folder, "promote/lab", track="tr-2")
    assert streams(again) != shown
    again.app.button(key="scenario:open").click()
    again.run()
    assert again.app.selectbox(key="new:artist").value == "Nova"
    assert slider(again, "flight").value == (-2, 4)
    assert slider(again, "spend:radio").value == 600
    assert slider(again, "cells:DE").value == 100
    assert facts(again)["release date"] == str(plan.release_date)
    assert streams(again) == shown
    assert again.notebook_agrees() >= 6
    again.app.button(key="scenario:delete").click()
    again.run()
    assert not saved(folder).plans


def test_a_name_that_is_taken_is_refused(monkeypatch, folder):
    save(folder, "ada", "Winter", Plan(track_id="tr-4"))
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-4")
    for name, words in (("Winter", "already"), ("  ", "needs a name")):
        lab.app.text_input(key="scenario:name").set_value(name)
        lab.app.button(key="scenario:save").click()
        lab.run()
        assert words in lab.words
    assert len(saved(folder).plans) == 1


def test_a_saved_budget_beyond_the_slider_widens_it(monkeypatch, folder):
    save(folder, "ada", "Rich", Plan(track_id="tr-4", spend=(("meta", 90_000.0),)))
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-2")
    lab.app.button(key="scenario:open").click()
    lab.run()
    assert lab.app.slider(key="lab:tr-4:budget").value == 90_000
    assert lab.app.slider(key="lab:tr-4:spend:radio").value == 0


def test_a_scenario_of_what_is_gone_says_so(monkeypatch, folder):
    one = segments.save(folder, "ada", Segment("", "Led", tiers=("programmed",)))
    save(folder, "ada", "Led", Plan(track_id="tr-4", segments=(one,), shares=((one.id, 1.0),)))
    lab = Visit(monkeypatch, folder, "promote/lab", track="tr-2")
    lab.app.button(key="scenario:open").click()
    lab.run()
    assert lab.app.multiselect(key="lab:segments").value == [one.id]
    assert lab.app.slider(key=f"lab:tr-4:cells:{one.id}:{one.id}").value == 100
    segments.delete(folder, one.id)
    lab.app.button(key="scenario:open").click()
    lab.run()
    assert "changed since or are gone" in lab.words
    save(folder, "ada", "Lost", Plan(track_id="tr-99"))
    lab.run()
    lab.app.selectbox(key="scenario:chosen").set_value("Lost")
    lab.app.button(key="scenario:open").click()
    lab.run()
    assert "not in the catalogue any more" in lab.words
