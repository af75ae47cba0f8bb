"""The label of ten small lyrics, scored once for all tests of these pages."""

import pytest

from tests.songs import written


@pytest.fixture(scope="session")
def songs(tmp_path_factory):
    """Return the label, its artifacts made."""
    return written(tmp_path_factory.mktemp("songs"))
