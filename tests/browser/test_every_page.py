"""Every page in a real browser: complete, quiet, inside its window, in light and dark."""

import pytest

from benchmarks.session import addresses
from workbench.ui.navigation import entry

BOTH = pytest.mark.parametrize("visitor", ["light", "dark"], indirect=True)


@BOTH
@pytest.mark.parametrize("route", addresses())
def test_a_deep_link_opens_the_page(visitor, route):
    visitor.open(addresses()[route])
    assert visitor.errors() == []
    assert entry(route).title in visitor.text()
    # a page wider than its window hides numbers behind a scroll bar
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # browsers drop the oldest of more than a handful of WebGL charts
    assert (
        visitor.page.locator(".js-plotly-plot .gl-container canvas.gl-canvas-context").count() <= 4
    )


def test_the_first_page_leads_to_every_other(visitor):
    visitor.open()
    links = visitor.page.locator('[data-testid="stSidebarNavLink"]')
    assert links.count() == len(addresses())
    for place in range(links.count()):
        links.nth(place).click()
        visitor.settled()
        assert visitor.errors() == []


@BOTH
def test_the_theme_follows_the_system(visitor):
    visitor.open()
    background = visitor.page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    dark = visitor.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert background == ("rgb(20, 23, 28)" if dark else "rgb(255, 255, 255)")
