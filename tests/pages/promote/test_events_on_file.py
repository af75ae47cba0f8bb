"""Events on file: told on Checks and Results, counted in Lab and Calendar where they lie."""

import datetime
from dataclasses import replace

import bringing
import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.dataset import make, open_dataset
from workbench.promotion.calendar import friday_effect, release_calendar
from workbench.promotion.dates import release_dates
from workbench.promotion.explained import weeks_explained
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import opening_plan
from workbench.promotion.plan import Plan
from workbench.ui.date_reasons import reasons
from workbench.ui.plan_warnings import plain_warnings

OUT = labels.day(labels.DAYS + 28)  # tr-4, a Friday
SHEET = "event,kind,start,end,artist\n" + "".join(
    f"{name},{kind},{labels.day(first)},{labels.day(last)},{artist}\n"
    for name, kind, first, last, artist in (
        ("Show *one*", "tv", 14, 27, ""),
        ("Show two", "TV", 42, 48, "Ada *Star*"),
        ("Show three", "tv", 140, 160, "ar-bo"),  # the first three weeks of tr-4
        ("Fair", "fair", 150, 150, ""),
    )
)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    opened = labels.opened(tmp_path_factory.mktemp("events") / "full")
    bringing.brought(opened, SHEET)
    opened = open_dataset(str(opened.folder))
    for name in ("promotion", "promotion_checks"):
        make(opened, name, progress=lambda done, total, text: None)
    return opened


def test_a_week_is_put_down_to_causes_that_add_up(label):
    found = weeks_explained(label, track_id="tr-2", begin=labels.day(28), until=labels.day(90))
    causes = found.weeks.drop("week", "came")
    assert causes.sum_horizontal().to_list() == pytest.approx(found.weeks["came"].to_list())
    assert found.parts["share"].sum() == pytest.approx(1)
    assert found.events["name"].to_list() == ["Show two"]
    stirred = found.weeks.filter(pl.col("events") != 0)["week"].to_list()
    assert stirred == [labels.day(42)]  # its own week only


def test_a_coming_event_counts_where_it_lies_and_is_named(label):
    plan = Plan(track_id="tr-4", weeks=8)
    found = plan_outcome(label, plan=plan, current=plan)
    named = dict(found.warnings.select("kind", "subject").iter_rows())
    assert named["event"].startswith("Show three (tv, ")
    assert named["event_new"].startswith("Fair (fair, ")
    said = " ".join(plain_warnings(found.warnings))
    assert "Show three (tv, 20 Nov 2026) is on file and counts in both plans: " in said
    later = replace(plan, release_date=OUT + datetime.timedelta(weeks=4))
    warnings = plan_outcome(label, plan=later, current=later).warnings
    assert "event" not in warnings["kind"]


def test_the_calendar_counts_events_as_the_lab_does(label):
    plan = opening_plan(label, track_id="tr-4").plan
    found = release_dates(label, plan=plan, weeks=12, clash=0.0)
    named = found.events.filter(pl.col("date") == OUT)["name"].to_list()
    assert named == ["Show three", "Fair"]
    row = found.dates.row(by_predicate=pl.col("date") == OUT, named=True)
    why = reasons(found, row, release_calendar(label), friday_effect(label), None)
    said = dict(why.filter(reason="Events").select("basis", "says").iter_rows())
    assert "Show three (tv, 20 Nov 2026); Fair (fair, 30 Nov 2026)." in said["fact"]
    assert said["estimate"].startswith("In a week that they fill, by those that were seen: tv ")
    rows = found.dates
    for moved in (-2, 0, 3):
        day = OUT + datetime.timedelta(weeks=moved)
        there = replace(plan, release_date=day, weeks=8)
        totals = plan_outcome(label, plan=there, current=there).totals
        lab = totals.row(by_predicate=pl.col("measure") == "streams", named=True)
        row = rows.row(by_predicate=pl.col("date") == day, named=True)
        assert row["first_median"] == pytest.approx(lab["scenario_median"], rel=2e-4)


def test_pages_tell_what_events_do(label, monkeypatch):
    checks = Visit(monkeypatch, label.folder, "promote/checks")
    assert checks.notebook_agrees()
    assert "Times a song's own streams in a week that it fills" in checks.words
    assert "fair was never seen, so that its effect is the prior's" in checks.words
    assert checks.page.shown["events_table"]["events"].to_list() == [0, 2]
    results = Visit(monkeypatch, label.folder, "promote/results")
    assert "Events on file: Show two (tv, 14 Aug 2026). They stay" in results.words
