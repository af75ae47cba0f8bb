"""A person at the app: a window of a real Chromium in which nothing may go wrong unnoticed."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

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
ROW = 35  # height of a table's row in pixels, the header's too
# what a screen reader gets of a table follows the picture a fifth of a second later
QUIET_ROWS = """table => new Promise(done => {
  let timer
  const told = () => done([...table.rows].map(row => [...row.cells].map(cell => cell.textContent)))
  const wait = () => { clearTimeout(timer); timer = setTimeout(told, 400) }
  new MutationObserver(wait).observe(table, {childList: true, subtree: true, characterData: true})
  wait()
})"""
WHOLE = ForwardMsg.FINISHED_SUCCESSFULLY
FRAGMENT = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


class Visitor:
    """One tab. Console errors and requests beyond this machine are kept in `complaints`.

    What the tab asks of the server and what it gets is read from its WebSocket, so that a test
    waits for the answer to its own question instead of for a while.

    Attributes
    ----------
    asked : one item a question, in order: the fragment it was for, empty for the whole page.
    finished : how each run ended that the server reported, in order.
    """

    def __init__(self, window, url: str) -> None:
        self.page = window.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.finished: list[int] = []
        self._to_ask, self._to_come = False, False
        self._socket = None
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        # watched, not routed: a route would switch the browser's cache off
        self.page.on("request", lambda request: self._inside(request.url))
        self.page.on("websocket", self._connected)

    # --- watching ---------------------------------------------------------------------------------

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

    def _connected(self, socket) -> None:
        self._inside(socket.url)
        if urlsplit(socket.url).path.endswith("/_stcore/stream"):
            self._socket = socket
            socket.on("framesent", self._sent)
            socket.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        message = BackMsg.FromString(frame) if isinstance(frame, bytes) else BackMsg()
        request = message.rerun_script
        # a panel that renews itself asks too, and nobody waits for it
        if message.WhichOneof("type") == "rerun_script" and not request.is_auto_rerun:
            self.asked.append(request.fragment_id)
            self._to_ask, self._to_come = False, True

    def _received(self, frame: bytes | str) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        if message.WhichOneof("type") != "script_finished":
            return
        self.finished.append(message.script_finished)
        # a run that was interrupted is followed by the one that answers
        if message.script_finished == WHOLE or (
            message.script_finished == FRAGMENT and self.asked and self.asked[-1]
        ):
            self._to_come = False

    # --- doing ------------------------------------------------------------------------------------

    def open(self, path: str = "") -> "Visitor":
        """Open a page by its place in the URL and wait until it is complete."""
        self._to_ask, self._socket = True, None
        self.page.goto(f"{self.url}/{path}")
        return self.settled()

    @contextlib.contextmanager
    def answer(self) -> Iterator[None]:
        """Do something that asks the server; the block ends when the answer is drawn."""
        self._to_ask = True
        yield
        self.settled()

    def settled(self) -> "Visitor":
        """Wait until what was asked is answered and everything that came is drawn."""
        while self._socket is None:
            self.page.wait_for_event("websocket", timeout=PATIENCE)
        while self._to_ask:
            self._socket.wait_for_event("framesent", timeout=PATIENCE)
        while self._to_come:
            self._socket.wait_for_event("framereceived", timeout=PATIENCE)
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-script-state="notRunning"]'
            '[data-test-connection-state="CONNECTED"]'
        )
        self.page.wait_for_function(
            """document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]') === null"""
        )
        return self

    def follow(self, link: str) -> "Visitor":
        """Follow the first link of the page's main part with these words in it."""
        with self.answer():
            self.main.locator('[data-testid="stPageLink-NavLink"]', has_text=link).first.click()
        return self

    def choose_row(self, key: str, row: int) -> "Visitor":
        """Choose a row of a table, the first one being 0, by the box at its left."""
        with self.answer():
            self._grid(key).locator(".dvn-scroller").click(
                position={"x": 16, "y": ROW * (row + 1.5)}
            )
        return self

    def choose(self, key: str, words: str) -> "Visitor":
        """Choose what is shown with these words from a list, as one who types does."""
        field = self.keyed(key).locator("input").first
        field.scroll_into_view_if_needed()
        # the list closes when its page scrolls, and the event of a scroll comes a frame later
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        field.fill(words)
        self.page.get_by_role("option", name=words, exact=True).wait_for()
        with self.answer():
            field.press("Enter")
        return self

    def drop(self, files: dict[str, str]) -> "Visitor":
        """Drop files with these names and texts, and wait until each was read."""
        payload = [
            {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
            for name, text in files.items()
        ]
        with self.answer():
            self.main.locator('input[type="file"]').set_input_files(payload)
        return self

    # --- taking along -----------------------------------------------------------------------------

    def copied_link(self) -> str:
        """Return the address that “Copy link” offers."""
        with self.answer():
            self.main.get_by_role("button", name="Copy link").click()
        link = (
            self.page.get_by_test_id("stPopoverBody").get_by_test_id("stCode").inner_text().strip()
        )
        self.page.keyboard.press("Escape")
        return link

    def downloaded(self, button: str) -> tuple[str, bytes]:
        """Return name and content of the file that a button gives, inside “Download” or beside."""
        found = self.page.get_by_role("button", name=button)
        if not found.count():
            self.main.get_by_role("button", name="Download").first.click()
        with self.page.expect_download() as file:
            found.click()
        return file.value.suggested_filename, Path(file.value.path()).read_bytes()

    def notebook(self) -> dict[str, object]:
        """Open the page as a notebook, run all its cells and return the names that they made."""
        name, content = self.downloaded("Open in notebook")
        assert name.endswith(".ipynb")
        book = nbformat.reads(content.decode(), as_version=4)
        nbformat.validate(book)
        scope: dict[str, object] = {}
        for cell in book.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, name, "exec"), scope)  # noqa: S102 - our own text
        return scope

    # --- looking ----------------------------------------------------------------------------------

    @property
    def main(self):
        """The main part of the page."""
        return self.page.locator('[data-testid="stMain"]')

    def keyed(self, key: str):
        """Return the place of the widget or container with this key."""
        return self.page.locator(f".st-key-{re.sub(r'[^a-zA-Z0-9_-]', '-', key)}").first

    def query(self) -> dict[str, list[str]]:
        """Return the parameters in the address bar."""
        return parse_qs(urlsplit(self.page.url).query)

    def tables(self, key: str | None = None):
        """Return all tables in sight, those in the container with this key if one is given."""
        place = self.keyed(key) if key else self.main
        return place.locator('[data-testid="stDataFrame"]:visible')

    def numbers(self) -> dict[str, str]:
        """Return the numbers of the strip by their labels."""
        strip = self.main.locator('[data-testid="stMetric"]')
        labels = strip.locator('[data-testid="stMetricLabel"]').all_inner_texts()
        values = strip.locator('[data-testid="stMetricValue"]').all_inner_texts()
        return dict(zip(labels, (value.replace("\u00a0", " ") for value in values), strict=True))

    def rows(self, place) -> list[dict[str, str]]:
        """Return what a table shows, as a screen reader gets it: texts by column title.

        `place` is the key of a table that can be chosen from, else a locator of one.
        """
        header, *lines = self._grid(place).locator("canvas table").evaluate(QUIET_ROWS)
        # of two columns with one title the first is kept
        return [dict(reversed([*zip(header, line, strict=True)])) for line in lines]

    def _grid(self, place):
        """Return a table once it is drawn, which it only is where it can be seen."""
        table = self.keyed(place) if isinstance(place, str) else place
        table.scroll_into_view_if_needed()
        table.locator("canvas table td").first.wait_for(state="attached")
        return table

    def errors(self) -> list[str]:
        """Return the texts of red boxes on the page."""
        boxes = '[data-testid="stException"], [data-testid="stAlertContentError"]'
        return self.page.locator(boxes).all_inner_texts()

    def text(self) -> str:
        """Return the words of the page's main part."""
        return self.main.inner_text().replace("\u00a0", " ")


def window(browser, theme: str):
    """Return a window of a small laptop in a light or dark system; its tabs share a cache."""
    return browser.new_context(
        viewport=LAPTOP, color_scheme=theme, locale="en-GB", accept_downloads=True
    )


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
