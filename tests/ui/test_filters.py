"""The row of filters: what the URL says, what a page obeys, and starting over."""

import datetime

import labels
import polars as pl
from apptest import Visit

from workbench.parameters import Filters
from workbench.store.change import change


def chosen(visit: Visit) -> Filters:
    """Return the filters that the page's analysis was asked with."""
    call = next(iter(visit.page.calls.values()))
    return call.parameters["filters"]


def test_the_url_fills_the_filters(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, "scout/catalogue", genre="folk", country="DE")
    assert chosen(visit).genres == ("folk",)
    assert chosen(visit).countries == ("DE",)


def test_a_name_in_the_url_chooses_its_artist_and_nobody_elses(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    with change(folder) as writing:
        twin = pl.DataFrame({"artist_id": ["ar-twin"], "name": ["Ada *Star*"]})
        writing.put("artists", twin, source="twin")
    visit = Visit(monkeypatch, folder, "scout/catalogue", artist="Ada *Star* (ar-ada)")
    assert chosen(visit).artists == ("ar-ada",)
    alone = Visit(monkeypatch, folder, "scout/catalogue", artist="Bo & the Bees")
    assert chosen(alone).artists == ("ar-bo",)


def test_a_filter_that_a_page_does_not_obey_changes_nothing(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, "scout/catalogue", since="2026-08-01")
    assert chosen(visit).since is None


def test_dates_the_wrong_way_round_are_not_applied_and_that_is_said(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    dates = {"since": "2026-08-20", "until": "2026-08-01"}
    visit = Visit(monkeypatch, folder, "scout/artist", **dates)
    assert (chosen(visit).since, chosen(visit).until) == (None, None)
    assert "From is after To; dates are not applied." in visit.words
    assert not next(b for b in visit.app.button if b.label == "Reset").disabled
    same_day = Visit(monkeypatch, folder, "scout/artist", since="2026-08-01", until="2026-08-01")
    assert chosen(same_day).since == chosen(same_day).until == datetime.date(2026, 8, 1)
    assert "From is after To" not in same_day.words


def test_a_filter_set_by_hand_and_reset(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, "scout/artist")
    visit.app.multiselect(key="genre").set_value(["folk"])
    visit.app.date_input(key="since").set_value(datetime.date(2026, 8, 1))
    visit.run()
    assert chosen(visit) == Filters(genres=("folk",), since=datetime.date(2026, 8, 1))
    next(button for button in visit.app.button if button.label == "Reset").click()
    visit.run()
    assert chosen(visit) == Filters()
