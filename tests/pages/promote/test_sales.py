"""Sales: a planted shop is shown whole, its choices count, and small labels are told why not."""

import labels
import pytest
from apptest import Visit

from tests.sales.shop import shop
from tests.sales.statement_lines import statement_lines
from workbench.store.change import change

ROUTE = "promote/sales"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("shop") / "label"
    with change(place) as writing:
        for name, frame in shop().items():
            writing.put(name, frame, source="test")
    return place


@pytest.mark.parametrize("kind", ["catalogue", "lyrics", "streams"])
def test_a_label_that_sold_nothing_is_told_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "Not in this data" in visit.words
    assert visit.notebook_agrees() == 0


def test_ten_buyers_are_too_few(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "10 known buyers ordered" in visit.words


def test_a_shop_is_shown_whole(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 5
    assert "of the money to come with" in visit.words
    assert "lines sold later" in visit.words
    assert "Writing to the best" in visit.words
    assert "listeners who never bought" in visit.words
    assert set(visit.page.shown["kinds_written"]["kind"]) == {"bought before", "never bought"}
    assert "orders of known buyers came" in visit.words
    assert "No statement of a distributor is loaded" in visit.words
    assert visit.page.shown["groups"].height >= 2
    assert visit.page.shown["products"].height == 40


def test_weeks_groups_and_letters_are_asked(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, weeks="a year", by="Country")
    assert set(visit.page.shown["groups"]["group"]) == {"DE", "US", "GB", "FR"}
    visit.app.number_input(key="cost").set_value(900.0)
    visit.run()
    assert "no letter pays back" in visit.words
    assert "A list to take away needs 100" in visit.words


def test_statements_alone_are_shown(tmp_path, monkeypatch):
    with change(tmp_path / "label") as writing:
        writing.put("statements", statement_lines(), source="test")
    visit = Visit(monkeypatch, tmp_path / "label", ROUTE)
    assert visit.notebook_agrees() == 1
    assert "arrived for sales from Jan 2026 to Feb 2026" in visit.words
    assert visit.page.shown["kinds"].height == 7
    assert "needs orders by buyer" in visit.words
