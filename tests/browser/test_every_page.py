"""Every page in a real browser: complete, quiet, inside its window, in light and dark."""

import pytest

from benchmarks.session import addresses
from workbench.ui.navigation import PAGES, SECTIONS, entry

# which have nothing to take away before a file or a lyric is given
WAITING = ("start/import_data", "songs/demo")
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}


@pytest.mark.parametrize("route", addresses())
def test_a_page_fits_half_a_screen_and_a_whole_one_in_light_and_dark(visitor, route):
    visitor.page.set_viewport_size({"width": 800, "height": 900})
    visitor.open(addresses()[route])
    # a page wider than its window hides numbers behind a scroll bar
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    buttons = visitor.keyed("actions").locator("button").all()
    places = [button.bounding_box() for button in buttons if button.is_visible()]
    assert len(places) == (1 if route in WAITING else 3)
    assert len({place["y"] for place in places}) == 1
    assert all(place["x"] + place["width"] <= 800 for place in places)
    visitor.page.set_viewport_size({"width": 1440, "height": 900})
    for theme, paper in PAPER.items():
        visitor.page.emulate_media(color_scheme=theme)
        visitor.page.wait_for_function(
            """paper => getComputedStyle(document.querySelector('[data-testid="stApp"]'))
                .backgroundColor === paper""",
            arg=paper,
        )
        visitor.settled()
        assert visitor.errors() == []
        assert entry(route).title in visitor.text()
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        # browsers drop the oldest of more than a handful of WebGL charts
        drawn = visitor.page.locator(".js-plotly-plot .gl-container canvas.gl-canvas-context")
        assert drawn.count() <= 4


def test_the_menu_names_every_page_in_its_section(visitor):
    visitor.open()
    menu = visitor.page.get_by_test_id("stSidebarNavItems")
    # a symbol is a word of its own in the font of symbols
    told = menu.locator('[data-testid="stNavSectionHeader"], [data-testid="stSidebarNavLink"]')
    shown = [words.split("\n")[-1] for words in told.all_inner_texts()]
    expected = []
    for page in PAGES:
        if SECTIONS[page.section] not in expected:
            expected.append(SECTIONS[page.section])
        expected.append(page.title)
    assert shown == expected


def test_the_first_page_leads_to_every_other(visitor):
    visitor.open()
    links = visitor.page.locator('[data-testid="stSidebarNavLink"]')
    assert links.count() == len(addresses())
    for place in range(links.count()):
        links.nth(place).click()
        visitor.settled()
        assert visitor.errors() == []


def test_a_label_stays_open_from_page_to_page(visitor, small):
    visitor.open(f"scout-catalogue?label={small.name}")
    for title in ("Artist", "Song", "Import", "Home", "Catalogue"):
        with visitor.answer():
            visitor.page.get_by_test_id("stSidebarNavLink").filter(has_text=title).first.click()
        assert "Test full" in visitor.text()
        assert visitor.query()["label"] == [small.name]


@pytest.mark.parametrize("visitor", ["dark"], indirect=True)
def test_a_visitor_of_a_dark_system_comes_to_a_dark_page(visitor):
    visitor.open("songs-moods")
    background = visitor.page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert background == PAPER["dark"]
    assert visitor.errors() == []


@pytest.mark.parametrize("route", ["scout/artist", "songs/song", "promote/lab"])
def test_no_number_of_the_strip_is_cut_off_in_a_narrow_window(visitor, route):
    visitor.page.set_viewport_size({"width": 800, "height": 900})
    visitor.open(addresses()[route])
    cut = visitor.page.locator('[data-testid="stMetricValue"] *').evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    )
    assert len(visitor.numbers()) >= 4
    assert cut == []
