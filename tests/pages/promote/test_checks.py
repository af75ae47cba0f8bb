"""Checks: a label with campaigns is told how far to believe its model, others what is missing."""

import labels
import pytest
from apptest import Visit

from workbench.dataset import make, open_dataset

ROUTE = "promote/checks"
QUIET = {"progress": lambda done, total, text: None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    written = labels.written(tmp_path_factory.mktemp("checks") / "full", "full")
    for name in ("promotion", "promotion_checks"):
        make(open_dataset(str(written)), name, **QUIET)
    return written


def test_the_page_answers_first_and_agrees_with_its_notebook(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 2
    assert "the last 4 weeks came out" in visit.words  # a quarter of sixteen
    assert "of 3 starts of the search reached the best fit" in visit.words
    assert visit.page.shown["errors"]["name"].to_list()[0] == "all held weeks"
    assert set(visit.page.shown["beliefs_table"]["channel"]) == {"Meta", "Radio"}


def test_what_spend_cannot_tell_apart_is_said(folder, monkeypatch):
    # eight weeks of the same money, on the same song, at the same time
    words = Visit(monkeypatch, folder, ROUTE).words
    assert "Meta and Radio** always moved together" in words
    assert "**Meta** was used for one track only" in words


def test_without_a_model_the_page_offers_to_make_it(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "Promotion model** has not been made" in visit.words


def test_a_label_without_campaigns_is_not_proven(tmp_path, monkeypatch):
    written = labels.written(tmp_path / "streams", "streams")
    for name in ("promotion", "promotion_checks"):
        make(open_dataset(str(written)), name, **QUIET)
    words = Visit(monkeypatch, written, ROUTE).words
    assert "they stand on published figures alone" in words
