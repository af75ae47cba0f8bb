"""Every page over the real WebSocket, on the sample label as it ships."""

import json
import re

import pyarrow
import pyarrow.ipc
import pytest

from benchmarks.server import Server
from benchmarks.session import Session, addresses
from workbench.settings import PROJECT
from workbench.ui.navigation import entry

# What stands in a fragment: the lab's sliders, and on Home the panel of running jobs. The panel
# that makes an artifact stands on any page whose artifact is missing, that of a look-up on Import
# while one runs: neither is on these pages when all is made and nothing is asked for.
FRAGMENTS = {"promote/lab": 1, "start/home": 1}
CODE_SPAN, CODE_WORD = re.compile(r"`[^`]*`"), re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
PAYLOAD = 300_000  # bytes that a page may send: one second on a poor connection


@pytest.fixture(scope="module")
def app(made_home):
    with Server({"WORKBENCH_HOME": str(made_home), "WORKBENCH_LABEL": "sample"}) as server:
        yield server


@pytest.mark.parametrize("route", addresses())
def test_a_page_opens_whole_and_light(app, route):
    with Session(app.url) as visitor:
        opened = visitor.open(addresses()[route])
        assert opened.errors == [], app.log()[-4000:]
        assert visitor.page_title() == entry(route).title
        assert opened.payload <= PAYLOAD
        again = visitor.rerun()
        assert again.errors == [], app.log()[-4000:]
        assert again.payload <= PAYLOAD


def each_alone(server: Server, visitor: Session) -> int:
    """Run the page's fragments one by one, as a browser does; return how many there are."""
    before, fragments = visitor.text(), visitor.fragments()
    for fragment in fragments:
        run = visitor.rerun(fragment)
        assert run.fragment
        assert run.errors == [], server.log()[-4000:]
    assert visitor.text() == before
    return len(fragments)


@pytest.mark.parametrize("route", addresses())
def test_every_fragment_runs_alone(app, route):
    """A browser runs a fragment without its page; AppTest runs the page every time."""
    with Session(app.url) as visitor:
        visitor.open(addresses()[route])
        assert each_alone(app, visitor) == FRAGMENTS.get(route, 0)


def test_the_panel_that_makes_an_artifact_runs_alone(tmp_path):
    """On a home where nothing is made."""
    with Server({"WORKBENCH_HOME": str(tmp_path), "WORKBENCH_LABEL": "sample"}) as server:
        for route in ("audience/segments", "songs/moods", "promote/lab"):
            with Session(server.url) as visitor:
                visitor.open(addresses()[route])
                assert "has not been made for this version of the data" in visitor.text()
                assert each_alone(server, visitor) == 1, route


def test_no_fragment_of_the_sources_is_forgotten_here():
    marked = {
        str(file.relative_to(PROJECT))
        for folder in ("pages", "workbench/ui")
        for file in (PROJECT / folder).rglob("*.py")
        if "@st.fragment" in file.read_text(encoding="utf-8")
    }
    assert marked == {"pages/promote/lab.py", "workbench/ui/jobs.py", "workbench/ui/looking_up.py"}


def code_words(visitor: Session) -> set[str]:
    """Return the words of code in a page's texts, numbers, and headings and cells of tables."""
    said = [CODE_SPAN.sub("", visitor.text())]
    said += [f"{number.label} {number.body}" for number in visitor.elements("metric")]
    said += [alert.body for alert in visitor.elements("alert")]
    for table in visitor.elements("arrow_data_frame"):
        columns = json.loads(table.columns or "{}")
        held = pyarrow.ipc.open_stream(table.data).read_all()
        for name, cells in zip(held.schema.names, held.columns, strict=True):
            told = columns.get(name) or {}
            if not told.get("hidden"):
                # an analyst's own column is called <namespace>.<name>, as they wrote it
                said.append(told.get("label") or ("" if "." in name else name))
            if pyarrow.types.is_large_string(cells.type) or pyarrow.types.is_string(cells.type):
                said += [cell for cell in cells.to_pylist() if cell and not told.get("hidden")]
    return {word for text in said for word in CODE_WORD.findall(text)}


@pytest.mark.parametrize("route", addresses())
def test_a_page_speaks_in_words_of_people(app, route):
    with Session(app.url) as visitor:
        visitor.open(addresses()[route])
        assert code_words(visitor) == set()


def test_the_sample_says_so_on_every_page(app):
    with Session(app.url) as visitor:
        for route, address in addresses().items():
            visitor.open(address)
            assert "SAMPLE" in visitor.text(), route
