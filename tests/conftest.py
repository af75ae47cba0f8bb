"""Labels whose artifacts are made once for all tests of a worker."""

import shutil
from collections.abc import Callable
from pathlib import Path

import labels
import pytest

from tests import songs as lyrics
from tests.audience import wanting
from workbench.dataset import Dataset, make, open_dataset


@pytest.fixture(scope="session")
def promoted(tmp_path_factory) -> Callable[..., Path]:
    """Return a function that writes a kind of label with its promotion model, a copy each time."""
    kept = tmp_path_factory.mktemp("promoted")

    def write(folder: Path, kind: str = "full") -> Path:
        if not (kept / kind).exists():
            make(labels.opened(kept / kind, kind), "promotion", progress=lambda *_: None)
        return Path(shutil.copytree(kept / kind, folder))

    return write


@pytest.fixture(scope="session")
def scored(tmp_path_factory) -> Callable[[Path], Dataset]:
    """Return a function that copies the label of ten small lyrics, its lines scored."""
    kept = lyrics.written(tmp_path_factory.mktemp("scored") / "label").folder
    return lambda folder: open_dataset(str(shutil.copytree(kept, folder)))


@pytest.fixture(scope="session")
def wished(tmp_path_factory) -> Callable[[Path], Dataset]:
    """Return a function that copies the label with a planted wish for a mood, all made."""
    with pytest.MonkeyPatch.context() as patch:
        kept = wanting.made(tmp_path_factory.mktemp("wished") / "label", wanting.wanting(), patch)
    return lambda folder: open_dataset(str(shutil.copytree(kept.folder, folder)))
