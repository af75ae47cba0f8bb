"""Take pictures of the pages on the sample label, for the README and for looking them through.

python -m tools.pictures                  every page, light and dark, into journeys/
python -m tools.pictures --readme         docs/pictures/home.png alone
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.server import PROJECT, Server
from benchmarks.session import addresses
from tests.browser.visitor import Visitor, chromium, installed, window

README = PROJECT / "docs" / "pictures" / "home.png"
ALL = PROJECT / "journeys"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readme", action="store_true", help="the picture of the README alone")
    readme = parser.parse_args().readme
    path = installed()
    if path is None:
        print("There is no Chromium on this machine.", file=sys.stderr)
        return 1
    environment = {"WORKBENCH_HOME": str(PROJECT / ".made"), "WORKBENCH_LABEL": "sample"}
    make = [sys.executable, "-m", "workbench", "make"]
    subprocess.run(make, cwd=PROJECT, check=True, env=os.environ | environment)
    with Server(environment) as server, chromium(path) as browser:
        if readme:
            taken(Visitor(window(browser, "light"), server.url), "", README, whole=False)
            return 0
        for theme in ("light", "dark"):
            visitor = Visitor(window(browser, theme), server.url)
            for route, address in addresses().items():
                name = route.replace("/", "-")
                taken(visitor, address, ALL / f"{name}-{theme}.png", whole=True)
                print(route, theme, *visitor.errors(), *visitor.complaints, sep="\n  ")
                visitor.complaints.clear()
    return 0


def taken(visitor: Visitor, url: str, path: Path, *, whole: bool) -> None:
    """Write a picture of a page, its full length or what a laptop shows first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    visitor.open(url)
    if whole:  # the page scrolls inside its window, so the window is made as tall as the page
        height = visitor.page.evaluate(
            "document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
        )
        visitor.page.set_viewport_size({"width": 1366, "height": max(768, min(height + 60, 4000))})
        visitor.settled()
    # charts draw once more after the window has changed; a quiet network says that they are done
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.screenshot(path=path)
    visitor.page.set_viewport_size({"width": 1366, "height": 768})


if __name__ == "__main__":
    sys.exit(main())
