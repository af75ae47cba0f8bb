"""What pages call things, and how they keep a number together."""

from types import SimpleNamespace

import polars as pl
import pytest

from workbench.report.methods import cards, titles
from workbench.tables import TABLES
from workbench.ui.plan_warnings import plain_warnings
from workbench.ui.promotion_checks import doubt_words
from workbench.ui.tables import told
from workbench.ui.text import unbroken


def test_a_number_and_its_percent_stay_on_one_line():
    assert unbroken("90 % interval -78 % to -62 %") == "90\u00a0% interval -78\u00a0% to -62\u00a0%"
    assert unbroken("12.4k EUR") == "12.4k EUR"


def test_tables_have_titles_that_differ_and_are_no_code():
    names = [table.title for table in TABLES.values()]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name or not name[0].isupper()]
    assert TABLES["fx_rates"].title == "Exchange rates"


def test_a_table_about_tables_is_told_in_words():
    frame = pl.DataFrame({"table": ["fx_rates", "Tracks"], "column": ["release_date", None]})
    assert told(frame).rows() == [("Exchange rates", "release date"), ("Tracks", None)]
    assert told(frame.select("table")).columns == ["table"]


def test_each_model_card_has_a_title_of_its_own():
    assert list(titles()) == list(cards())
    assert len(set(titles().values())) == len(cards())
    assert titles()["segments"] == "Taste clusters"


DOUBTS = ["together", "constant", "same", "single", "follows", "unspent", "with_event"]


@pytest.mark.parametrize("kind", DOUBTS)
def test_every_doubt_has_words_and_names_are_letters(kind):
    rows = pl.DataFrame(
        {"kind": [kind], "subject": ["a*{0}_b + tour"], "value": [0.95], "limit": [0.9]}
    )
    (said,) = doubt_words(SimpleNamespace(doubts=rows))
    assert r"A\*\{0\} b and Tour" in said
    assert "A*{0} b and Tour" in plain_warnings(rows)[0]
