"""Labels whose artifacts are made once for all tests of a worker."""

import shutil
from collections.abc import Callable
from pathlib import Path

import labels
import pytest

from workbench.dataset import make


@pytest.fixture(scope="session")
def promoted(tmp_path_factory) -> Callable[..., Path]:
    """Return a function that writes a kind of label with its promotion model, a copy each time."""
    kept = tmp_path_factory.mktemp("promoted")

    def write(folder: Path, kind: str = "full") -> Path:
        if not (kept / kind).exists():
            make(labels.opened(kept / kind, kind), "promotion", progress=lambda *_: None)
        return Path(shutil.copytree(kept / kind, folder))

    return write
