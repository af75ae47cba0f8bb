"""Sales: a planted shop is shown whole, its choices count, and small labels are told why not."""

import labels
import polars as pl
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


def test_the_first_visit_computes_nothing_but_who_buys_again(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert set(visit.page.calls) == {"buying", "figure orders", "figure money"}
    assert visit.notebook_agrees() == 1
    assert "of the money to come with" in visit.words
    assert visit.page.shown["groups"].height >= 2
    # nobody stops in the planted shop: no order tells who still buys
    assert "Still buying –" in visit.words
    assert "orders do not tell" in visit.words
    assert visit.page.shown["groups"]["alive"].is_null().all()


def test_every_question_of_a_shop_is_answered(folder, monkeypatch):
    told = {
        "What to offer": "order items sold later",
        "First purchases": "listeners who never bought",
        "Whom to write to": "Writing to the best",
        "Did it come?": "orders of known buyers came",
    }
    for question, words in told.items():
        visit = Visit(monkeypatch, folder, ROUTE, question=question)
        assert words in visit.words
        assert len([name for name in visit.page.calls if not name.startswith("figure")]) == 2
        if question == "What to offer":
            assert visit.page.shown["products"].height == 40
        if question == "Whom to write to":
            visit.app.toggle(key="first").set_value(True).run()
            kinds = visit.page.shown["kinds_written"]["kind"]
            assert set(kinds) == {"bought before", "never bought"}
    assert "No statement of a distributor is loaded" in visit.words
    assert visit.notebook_agrees() == 2


def test_a_shop_with_one_price_is_told_so(tmp_path, monkeypatch):
    tables = shop()
    tables["purchases"] = tables["purchases"].with_columns(
        amount=pl.lit(25.0), currency=pl.lit("EUR")
    )
    with change(tmp_path / "one") as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    visit = Visit(monkeypatch, tmp_path / "one", ROUTE)
    assert "each counts as anybody's" in visit.words
    assert "Orders to come" in visit.words


def test_weeks_groups_and_mailings_are_asked(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, weeks="a year", by="Country")
    assert set(visit.page.shown["groups"]["group"]) == {"DE", "US", "GB", "FR"}
    visit.app.segmented_control(key="question").set_value("Whom to write to").run()
    visit.app.number_input(key="cost").set_value(0.0)
    visit.run()
    assert "Hashed ids of" in " ".join(one.label for one in visit.app.get("download_button"))
    assert "hashed_contacts" not in visit.page.notebook().decode()
    visit.app.number_input(key="cost").set_value(900.0)
    visit.run()
    assert "no mailing pays back" in visit.words
    assert "A list to take away needs 100" in visit.words


def test_statements_alone_are_shown(tmp_path, monkeypatch):
    with change(tmp_path / "label") as writing:
        writing.put("statements", statement_lines(), source="test")
    visit = Visit(monkeypatch, tmp_path / "label", ROUTE)
    assert visit.notebook_agrees() == 1
    assert "arrived for sales from Jan 2026 to Feb 2026" in visit.words
    assert visit.page.shown["kinds"].height == 7
    assert "needs orders by buyer" in visit.words
