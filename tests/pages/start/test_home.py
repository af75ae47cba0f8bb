"""Home opens on every kind of label, counts its rows, and makes a new one."""

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.dataset import open_dataset
from workbench.listening.holdings import choices, holdings


@pytest.mark.parametrize("kind", labels.KINDS)
def test_home_opens_and_its_notebook_agrees(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), "start/home")
    assert visit.notebook_agrees() >= 1
    assert f"Test {kind}" in visit.words
    assert ("No streams are loaded" in visit.words) == (kind == "catalogue")


def test_holdings_count_rows_and_days(tmp_path):
    held = holdings(labels.opened(tmp_path / "full"))
    row = held.filter(pl.col("table") == "daily_streams").row(0, named=True)
    assert row["rows"] == labels.daily_streams().height
    assert (row["first"], row["last"]) == (labels.day(0), labels.day(labels.DAYS - 1))
    assert row["days_behind"] == 0
    campaigns = held.filter(pl.col("table") == "campaigns").row(0, named=True)
    assert campaigns["days_behind"] == labels.DAYS - 84
    assert held.filter(pl.col("table") == "statements")["rows"].item() == 0


def test_choices_are_what_there_is_data_of(tmp_path):
    offered = choices(labels.opened(tmp_path / "full"))
    assert offered.artists["name"].to_list() == ["Ada *Star*", "Bo & the Bees"]
    assert offered.genres == ("folk", "pop")
    assert offered.countries == ("DE", "US")
    assert (offered.first, offered.last) == (labels.day(0), labels.day(labels.DAYS - 1))


def test_a_new_label_is_made_once(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), "start/home")
    visit.app.text_input[0].set_value("Night *Harbour*")
    visit.app.button[-1].click()
    visit.run()
    assert "Made Night" in visit.app.success[0].value
    assert open_dataset("night-harbour").title == "Night *Harbour*"
    visit.app.button[-1].click()
    visit.run()
    assert "“Night \\*Harbour\\*” is taken" in visit.words
