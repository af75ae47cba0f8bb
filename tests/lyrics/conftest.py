"""The label of ten small lyrics, scored once for all tests of lyrics."""

import pytest


@pytest.fixture(scope="session")
def songs(scored, tmp_path_factory):
    """Return the label, its artifacts made."""
    return scored(tmp_path_factory.mktemp("songs") / "label")
