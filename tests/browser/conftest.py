"""The real app, opened by a real Chromium; skipped with the reason where there is none."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",  # a container has no user namespaces for it
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
LEFT = Path(__file__).resolve().parents[2] / "journeys"
# Streamlit looks for its server under the page's own path first and takes the 404 for a no
PROBE = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
PATIENCE = 60_000  # milliseconds: the first page of a busy machine


class Visitor:
    """A person at the app. Whatever goes wrong on the way is kept in `complaints`."""

    def __init__(self, page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("websocket", lambda socket: self._inside(socket.url))
        page.route("**/*", self._request)

    def _console(self, message) -> None:
        place = message.location.get("url", "")
        if message.type == "error" and not ("404" in message.text and PROBE.search(place)):
            self.complaints.append(f"console: {message.text} ({place})")

    def _inside(self, url: str) -> bool:
        place = urlsplit(url)
        inside = place.scheme in ("data", "blob") or place.hostname in ("127.0.0.1", "localhost")
        if not inside:
            self.complaints.append(f"request to {url}")
        return inside

    def _request(self, route) -> None:
        if self._inside(route.request.url):
            route.continue_()
        else:
            route.abort()

    def open(self, path: str = "") -> "Visitor":
        """Open a page by its place in the URL and wait until it is complete."""
        self.page.goto(f"{self.url}/{path}")
        return self.settled()

    def settled(self) -> "Visitor":
        """Wait until the script has ended and everything that it sent is drawn."""
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-script-state="notRunning"]'
            '[data-test-connection-state="CONNECTED"]'
        )
        self.page.wait_for_function(
            """document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]') === null"""
        )
        return self

    def errors(self) -> list[str]:
        """Return the texts of red boxes on the page."""
        return self.page.locator(
            '[data-testid="stException"], [data-testid="stAlertContentError"]'
        ).all_inner_texts()

    def text(self) -> str:
        """Return the words of the page's main part."""
        return self.page.locator('[data-testid="stMain"]').inner_text()


@pytest.fixture(scope="session")
def chromium():
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app(chromium, made_home) -> Iterator[Server]:
    with Server({"WORKBENCH_HOME": str(made_home), "WORKBENCH_LABEL": "sample"}) as server:
        yield server


@pytest.fixture(params=["light"])
def visitor(request, chromium, app) -> Iterator[Visitor]:
    """A visitor at a small laptop; the test fails for whatever they would see go wrong.

    `@pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)` asks for both themes.
    """
    window = chromium.new_context(
        viewport={"width": 1366, "height": 768}, color_scheme=request.param, locale="en-GB"
    )
    visitor = Visitor(window.new_page(), app.url)
    failed_before = request.session.testsfailed
    yield visitor
    if visitor.complaints or request.session.testsfailed > failed_before:
        LEFT.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        visitor.page.screenshot(path=LEFT / f"{name}.png", full_page=True)
    window.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)
