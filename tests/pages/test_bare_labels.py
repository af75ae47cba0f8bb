"""Every page opens on a new label, and on one that has streams of songs it does not know."""

import pytest

from tests import labels
from tests.apptest import Visit
from workbench.ui.navigation import PAGES


@pytest.mark.parametrize("kind", labels.BARE)
@pytest.mark.parametrize("route", [page.route for page in PAGES])
def test_opens_without_tracks(tmp_path, monkeypatch, route, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), route)
    assert not visit.page.label.has("tracks")
    assert visit.app.header[0].value == visit.page.entry.title


@pytest.mark.parametrize("kind", labels.BARE)
def test_moods_say_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), "songs/moods")
    assert "Not in this data" in visit.words
