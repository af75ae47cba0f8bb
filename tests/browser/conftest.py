"""The real app, opened by a real Chromium; skipped with the reason where there is none."""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import labels
import pytest

from benchmarks.server import Server
from tests.browser.visitor import NAMES, Visitor, chromium, installed, window
from workbench.dataset import Dataset, open_dataset
from workbench.settings import settings

LEFT = Path(__file__).resolve().parents[2] / "journeys"


@pytest.fixture(scope="session")
def browser():
    path = installed()
    if path is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    with chromium(path) as started:
        yield started


@pytest.fixture(scope="session")
def app(browser, made_home) -> Iterator[Server]:
    with Server({"WORKBENCH_HOME": str(made_home), "WORKBENCH_LABEL": "sample"}) as server:
        yield server


@pytest.fixture(scope="session")
def windows(browser):
    return {theme: window(browser, theme) for theme in ("light", "dark")}


@pytest.fixture
def app_home(made_home, monkeypatch) -> Path:
    """Let the test itself see the labels that the app sees."""
    monkeypatch.setenv("WORKBENCH_HOME", str(made_home))
    settings.cache_clear()
    return made_home


@pytest.fixture
def sample(app_home) -> Dataset:
    return open_dataset("sample")


@pytest.fixture
def small(app_home, request) -> Iterator[Dataset]:
    """A label of one's own that a test can compute by hand, named for the test."""
    name = re.sub(r"\W+", "-", request.node.originalname.removeprefix("test_").replace("_", "-"))
    yield open_dataset(labels.written(app_home / name, "full").name)
    shutil.rmtree(app_home / name)


@pytest.fixture(params=["light"])
def visitor(request, windows, app) -> Iterator[Visitor]:
    """A visitor at a small laptop; the test fails for whatever they would see go wrong.

    `@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)` asks for both themes.
    """
    visitor = Visitor(windows[request.param], app.url)
    failed_before = request.session.testsfailed
    yield visitor
    if visitor.complaints or request.session.testsfailed > failed_before:
        LEFT.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        visitor.page.screenshot(path=LEFT / f"{name}.png", full_page=True)
        sys.stdout.write(f"The server said:\n{app.log()[-4000:]}")
    visitor.page.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)
