"""Checks: a label with campaigns is told how far to believe its model, others what is missing."""

from dataclasses import replace

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.dataset import make, open_dataset
from workbench.ui import promotion_checks as words

ROUTE = "promote/checks"
QUIET = {"progress": lambda done, total, text: None}


@pytest.fixture(scope="module")
def folder(promoted, tmp_path_factory):
    written = promoted(tmp_path_factory.mktemp("checks") / "full")
    make(open_dataset(str(written)), "promotion_checks", **QUIET)
    return written


def test_the_page_answers_first_and_agrees_with_its_notebook(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 4
    assert "among the last 4 weeks" in visit.words  # a quarter of sixteen
    assert "of 3 starts of the search reached the best fit" in visit.words
    assert visit.page.shown["errors"]["name"].to_list()[0] == "all held weeks"
    assert set(visit.page.shown["beliefs_table"]["channel"]) == {"Meta", "Radio"}


def test_promotion_is_judged_by_the_weeks_that_had_it(folder, monkeypatch):
    results = dict(Visit(monkeypatch, folder, ROUTE).page._results)
    health, checks = results["fit_health"], results["model_checks"]
    sound = replace(health, trusted=True, doubts=health.doubts.clear())
    whole = {"kind": "all", "name": "all held weeks", "place": 0, "weeks": 300, "tracks": 30,
             "model": 0.2, "without": 0.1, "naive": 0.3, "bias": 0.0, "covered": 0.9}  # fmt: skip
    felt = whole | {"kind": "promoted", "name": "with promotion", "weeks": 12, "model": 0.083,
                    "without": 0.089}  # fmt: skip
    shown = replace(checks, errors=pl.DataFrame([whole, felt]))
    told = words.finding(shown, sound)
    assert told.startswith("**Yes.** Promotion was felt in 12 of 300 weeks of songs")
    assert "these came out 8.3 % off, against 8.9 % by the model without" in told
    assert words.strip(shown, sound)[0].value == "8.3 %"
    worse = pl.DataFrame([whole | {"model": 0.05}, felt | {"model": 0.1}])
    assert words.finding(replace(checks, errors=worse), sound).startswith("**No.**")
    none = replace(checks, errors=pl.DataFrame([whole]))
    assert words.finding(none, sound).startswith("**Not proven.** Promotion was felt in none of")


def test_what_spend_cannot_tell_apart_is_said(folder, monkeypatch):
    # eight weeks of the same money, on the same song, at the same time
    told = Visit(monkeypatch, folder, ROUTE).words
    assert "Meta and Radio** always moved together" in told
    assert "**Meta** was used for one track only" in told


def test_without_a_model_the_page_offers_to_make_it(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "Promotion model** has not been made" in visit.words


def test_a_prior_of_ones_own_is_set_refused_and_reset(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    visit.app.selectbox(key="prior:chosen").set_value("cost per stream: radio").run()
    radio = f"prior:{visit.page.label.folder}:cost per stream: radio"
    for part, value in (("low", 0.3), ("median", 0.2), ("high", 0.4)):
        visit.app.number_input(key=f"{radio}:{part}").set_value(value)
    visit.app.text_input(key=f"{radio}:source").set_value("tests of <2025>")
    visit.app.button(key="prior:use").click()
    visit.run()
    assert r"radio\: the median must lie inside of the 90 % range" in visit.words
    assert "among the last 4 weeks" in visit.words  # the model stands
    visit.app.number_input(key=f"{radio}:low").set_value(0.1)
    visit.app.button(key="prior:use").click()
    visit.run()
    assert r"**cost per stream\: Radio**: 0.200 (0.100 to 0.400), tests of \<2025" in visit.words
    assert "Promotion model** has not been made for this version" in visit.words
    assert visit.page.shown["priors_table"].filter("own")["source"].to_list() == ["tests of <2025>"]
    visit.app.button(key="prior:reset").click()
    visit.run()
    assert "is the published one again" in visit.words
    assert "among the last 4 weeks" in visit.words  # as it was made before


def test_a_label_without_campaigns_is_not_proven(promoted, tmp_path, monkeypatch):
    written = promoted(tmp_path / "streams", "streams")
    make(open_dataset(str(written)), "promotion_checks", **QUIET)
    told = Visit(monkeypatch, written, ROUTE).words
    assert "they stand on published figures alone" in told
    assert "**Not proven.**" in told
