"""A stand-in for the services of look-ups."""

from collections.abc import Iterator

import answering
import pytest

from workbench.settings import settings


@pytest.fixture
def server(home, monkeypatch) -> Iterator[answering.Service]:
    """Serve on this machine, and let look-ups go there."""
    with answering.service() as made:
        monkeypatch.setenv("WORKBENCH_LOOKUPS", made.url)
        settings.cache_clear()
        yield made
