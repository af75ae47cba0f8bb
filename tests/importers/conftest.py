"""Labels that hold files already, a stand-in for the services of look-ups, and who asks it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import answering
import bringing
import fetching
import labels
import pytest
from genius_answers import TOKEN

from workbench.dataset import Dataset, open_dataset
from workbench.importers import lyric_fetch, permission
from workbench.importers.services import GENIUS
from workbench.settings import settings


@pytest.fixture(scope="session")
def holding(tmp_path_factory) -> Callable[..., Dataset]:
    """Return a function that makes a label of files; they are imported once, and copied then."""
    kept = {}

    def make(folder, *texts: str) -> Dataset:
        if texts not in kept:
            label = bringing.empty_label(tmp_path_factory.mktemp("holding") / "label")
            for text in texts:
                bringing.brought(open_dataset(str(label.folder)), text)
            kept[texts] = label.folder
        return open_dataset(str(shutil.copytree(kept[texts], folder)))

    return make


@pytest.fixture
def server(home, monkeypatch) -> Iterator[answering.Service]:
    """Serve on this machine, and let look-ups go there."""
    with answering.service() as made:
        monkeypatch.setenv("WORKBENCH_LOOKUPS", made.url)
        settings.cache_clear()
        yield made


@pytest.fixture
def lacking_label(home, monkeypatch, tmp_path) -> Dataset:
    """Make a label without lyrics that asks without pauses, and nobody's own secrets."""
    monkeypatch.setattr(lyric_fetch, "LIMITS", fetching.QUICK)
    monkeypatch.setattr(lyric_fetch, "GENIUS", replace(GENIUS, seconds=0))
    monkeypatch.setattr(permission, "SECRETS", (tmp_path / "secrets.toml",))
    monkeypatch.delenv(permission.TOKEN, raising=False)
    return labels.opened(home / "own", "catalogue")


@pytest.fixture
def allowed(lacking_label, monkeypatch) -> Dataset:
    """Let that label ask: the note is accepted, and there is a token."""
    permission.accept(lacking_label, "genius")
    monkeypatch.setenv(permission.TOKEN, TOKEN)
    return lacking_label
