"""Every page over the real WebSocket, on the sample label as it ships."""

import pytest

from benchmarks.server import Server
from benchmarks.session import Session, addresses
from workbench.ui.navigation import entry

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


@pytest.mark.parametrize("route", addresses())
def test_every_fragment_runs_alone(app, route):
    """A browser runs a fragment without its page; AppTest runs the page every time."""
    with Session(app.url) as visitor:
        visitor.open(addresses()[route])
        before = visitor.text()
        for fragment in visitor.fragments():
            run = visitor.rerun(fragment)
            assert run.fragment
            assert run.errors == [], app.log()[-4000:]
        assert visitor.text() == before


def test_the_sample_says_so_on_every_page(app):
    with Session(app.url) as visitor:
        for route, address in addresses().items():
            visitor.open(address)
            assert "SAMPLE" in visitor.text(), route
