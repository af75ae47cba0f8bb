"""The full label with its promotion model, for tests that only read it."""

import pytest

from workbench.dataset import Dataset, open_dataset


@pytest.fixture(scope="session")
def label(promoted, tmp_path_factory) -> Dataset:
    return open_dataset(str(promoted(tmp_path_factory.mktemp("promotion") / "full")))
