"""A person at the app: a window of a real Chromium in which nothing may go wrong unnoticed."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",  # a container has no user namespaces for it
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    # no other host has an address, so nothing can be fetched from one
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# Streamlit looks for its server under the page's own path first and takes the 404 for a no
PROBE = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
PATIENCE = 60_000  # milliseconds: the first page of a busy machine
LAPTOP = {"width": 1366, "height": 768}


class Visitor:
    """One tab. Console errors and requests beyond this machine are kept in `complaints`."""

    def __init__(self, window, url: str) -> None:
        self.page = window.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        # watched, not routed: a route would switch the browser's cache off
        self.page.on("request", lambda request: self._inside(request.url))
        self.page.on("websocket", lambda socket: self._inside(socket.url))

    def _console(self, message) -> None:
        place = message.location.get("url", "")
        if message.type == "error" and not ("404" in message.text and PROBE.search(place)):
            self.complaints.append(f"console: {message.text} ({place})")

    def _inside(self, url: str) -> None:
        place = urlsplit(url)
        if place.scheme not in ("data", "blob") and place.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            self.complaints.append(f"request to {url}")

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
        boxes = '[data-testid="stException"], [data-testid="stAlertContentError"]'
        return self.page.locator(boxes).all_inner_texts()

    def text(self) -> str:
        """Return the words of the page's main part."""
        return self.page.locator('[data-testid="stMain"]').inner_text()


def window(browser, theme: str):
    """Return a window of a small laptop in a light or dark system; its tabs share a cache."""
    return browser.new_context(viewport=LAPTOP, color_scheme=theme, locale="en-GB")


def installed() -> str | None:
    """Return the path of the system's Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def chromium(path: str) -> Iterator[object]:
    """Start that Chromium without a screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
