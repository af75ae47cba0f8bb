"""Methods opens on every kind of label and shows every card."""

import labels
import pytest
from apptest import Visit

from workbench.report import methods


@pytest.mark.parametrize("kind", labels.KINDS)
def test_methods_opens_and_its_notebook_agrees(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), "share/methods")
    assert visit.notebook_agrees() == 2
    assert "Which source counts" in visit.words.replace("which source", "Which source")


def test_each_card_can_be_chosen_and_has_a_heading(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), "share/methods")
    for anchor, text in methods.cards().items():
        visit.app.button_group[0].set_value(anchor)
        visit.run()
        assert text.startswith("## ")
        assert text in visit.words


def test_the_link_under_a_page_opens_its_card(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    for anchor, title in methods.titles().items():
        visit = Visit(monkeypatch, folder, "share/methods", card=title)
        assert visit.app.button_group[0].value == anchor
        assert methods.cards()[anchor] in visit.words


def test_assumptions_name_the_value_in_force(tmp_path, monkeypatch):
    from workbench.settings import settings

    monkeypatch.setenv("WORKBENCH_PAYOUT", "0.004")
    settings.cache_clear()
    shown = methods.assumptions(labels.opened(tmp_path / "full"))
    row = dict(zip(shown["setting"], shown["value"], strict=True))
    assert row["payout"] == "0.004"
    assert (row["emotions"], row["lyric_languages"]) == ("what ships", "en")
    monkeypatch.delenv("WORKBENCH_PAYOUT")
    settings.cache_clear()
