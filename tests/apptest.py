"""Opening a page in a test as a visitor gets it, and running its notebook in process."""

from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import polars as pl
from polars.testing import assert_frame_equal
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from workbench.report.notebook import Call
from workbench.settings import PROJECT
from workbench.ui import compute
from workbench.ui import page as pages

TIMEOUT = 60
# Streamlit reads what every installed package says of itself, a third of a second, at each visit. A
# server does it once, and so do tests, as nothing is installed meanwhile.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


class Visit:
    """One visit to a page: the elements it showed and the page object behind them."""

    def __init__(self, monkeypatch, folder: str | Path, route: str, **query: str) -> None:
        monkeypatch.setattr(pages, "open_page", self._recorded(pages.open_page))
        compute.forget()
        self.page: pages.Page | None = None
        self.app = AppTest.from_file(
            str(PROJECT / "pages" / f"{route}.py"), default_timeout=TIMEOUT
        )
        for key, value in {"label": str(folder), **query}.items():
            self.app.query_params[key] = value
        monkeypatch.setenv("WORKBENCH_LABEL", str(folder))
        pages.settings.cache_clear()
        self.run()

    def _recorded(self, open_page):
        def opened(route: str) -> pages.Page:
            self.page = open_page(route)
            return self.page

        return opened

    def run(self) -> "Visit":
        """Run the script again, with what was set on its widgets; no exception may come of it."""
        self.app.run()
        assert not self.app.exception, [error.value for error in self.app.exception]
        return self

    @property
    def words(self) -> str:
        """All text that the page shows outside of tables and figures."""
        kinds = ("header", "subheader", "caption", "markdown", "info", "warning", "error")
        shown = [element.value for kind in kinds for element in getattr(self.app, kind)]
        shown += [f"{m.label} {m.value} {m.delta}" for m in self.app.metric]
        return "\n".join(str(value) for value in shown).replace("\u00a0", " ")

    def notebook_agrees(self, *, typed: str = "") -> int:
        """Run the page's notebook and compare each result with the page's; return how many.

        `typed` is what is answered to each question that the notebook asks.
        """
        book = nbformat.reads(self.page.notebook().decode(), as_version=4)
        nbformat.validate(book)
        scope: dict[str, object] = {"input": lambda prompt: typed}
        for cell in book.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, "notebook", "exec"), scope)  # noqa: S102 - our own text
        shown = dict(self.page._results)
        calls = [name for name, step in self.page.calls.items() if isinstance(step, Call)]
        for name in calls:
            same(scope[name], shown[name])
        return len(calls)


def same(first: object, second: object) -> None:
    """Assert that two results are equal: exactly for keys and counts, within 1e-9 for floats."""
    assert type(first) is type(second)
    if isinstance(first, pl.DataFrame):
        assert_frame_equal(first, second, rel_tol=1e-9, abs_tol=1e-12)
    elif isinstance(first, np.ndarray):
        np.testing.assert_allclose(first, second, rtol=1e-9, equal_nan=True)
    elif is_dataclass(first):
        for field in fields(first):
            same(getattr(first, field.name), getattr(second, field.name))
    elif isinstance(first, float):
        np.testing.assert_allclose(first, second, rtol=1e-9, equal_nan=True)
    elif isinstance(first, tuple | list):
        assert len(first) == len(second)
        for one, other in zip(first, second, strict=True):
            same(one, other)
    else:
        assert first == second
