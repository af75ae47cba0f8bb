"""What a visitor waits for: start-up, each page's first answer and its reruns, bytes on the wire.

The real app on the sample label, asked over its WebSocket as a browser asks; a browser's own time
to draw comes on top. A cold start compiles every module anew and finds no artifact made; a warm one
finds both. Files stay in the system's page cache either way.

    python -m benchmarks.ui [--quick]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, measured, options, percentile, show
from benchmarks.server import PROJECT, Server
from benchmarks.session import Run, Session, addresses

COLD, WARM = 15.0, 3.0  # seconds to the first page
CACHED, FIRST = 0.300, 1.000  # seconds, p95
PAYLOAD = 300.0  # kilobytes


def main() -> None:
    quick = options(__doc__.splitlines()[0]).quick
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        figures = start_up(home, Path(place), starts=2 if quick else 5)
        make_artifacts(home)
        figures += warm_starts(home, starts=2 if quick else 5)
        figures += pages(home, reruns=10 if quick else 40, values=6 if quick else 24)
    show("UI: the sample label over the real WebSocket", figures)


def start_up(home: Path, place: Path, *, starts: int) -> list[Figure]:
    """Start with nothing compiled and nothing made; the job that makes it runs beside."""
    seconds = []
    for number in range(starts):
        fresh = {
            "PYTHONPYCACHEPREFIX": str(place / f"compiled-{number}"),
            "WORKBENCH_HOME": str(home.with_name(f"home-{number}")),
        }
        seconds.append(to_first_page(fresh))
    return [measured("start to first page, cold", seconds, goal=COLD)]


def warm_starts(home: Path, *, starts: int) -> list[Figure]:
    """Start with everything compiled and made."""
    seconds = [to_first_page({"WORKBENCH_HOME": str(home)}) for _ in range(starts + 1)][1:]
    return [measured("start to first page, warm", seconds, goal=WARM)]


def to_first_page(environment: dict[str, str]) -> float:
    """Return the seconds from `make run`, set-up included, to the complete first page."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "tools/environment.py"], cwd=PROJECT, check=True)
    with Server(environment, jobs=True) as server, Session(server.url) as visitor:
        visitor.open()
        return time.perf_counter() - began


def make_artifacts(home: Path) -> None:
    """Make all artifacts of the sample label."""
    command = [sys.executable, "-m", "workbench", "make", "--label", "sample"]
    subprocess.run(command, cwd=PROJECT, check=True, env=_environment(home))


def pages(home: Path, *, reruns: int, values: int) -> list[Figure]:
    """Ask every page again and again, and with filters that nobody has asked for before."""
    from workbench import open_dataset

    artists = open_dataset("sample").table("artists")["name"].sort().to_list()
    figures, cached, first, heaviest = [], [], [], 0
    with Server(_environment(home)) as server, Session(server.url) as visitor:
        opened = {r: checked(r, visitor.open(url)) for r, url in addresses().items()}
        for route, url in addresses().items():
            visitor.open(url)
            again = [checked(route, visitor.rerun()) for _ in range(reruns)]
            fresh = [
                checked(route, visitor.set("artist", [artist]))
                for artist in (artists[:values] if "artist" in visitor.widget_keys() else ())
            ]
            times = [run.seconds for run in again]
            cached += times
            first += [run.seconds for run in fresh]
            heaviest = max(heaviest, *(run.payload for run in (opened[route], *again, *fresh)))
            figures += [
                Figure(f"{route}: very first answer", opened[route].seconds * 1e3, "ms"),
                _p95(f"{route}: rerun, cached", times, CACHED),
                Figure(f"{route}: payload", opened[route].payload / 1e3, "KB", goal=PAYLOAD),
            ]
            if fresh:
                times = [run.seconds for run in fresh]
                figures.append(_p95(f"{route}: first call of a filter", times, FIRST))
        figures += answers(visitor, values)
    return [
        _p95("all pages: rerun, cached, p95", cached, CACHED),
        Figure("all pages: rerun, cached, p50", statistics.median(cached) * 1e3, "ms"),
        _p95("all pages: first call of a filter, p95", first, FIRST),
        Figure("all pages: heaviest answer", heaviest / 1e3, "KB", goal=PAYLOAD),
        *figures,
    ]


def answers(visitor: Session, values: int) -> list[Figure]:
    """Turn the dial of Recommendations, like songs, and have less of features; each list is new."""
    route = "audience/recommendations"
    checked(route, visitor.open(addresses()[route]))

    def pressed(table: str, row: int, button: str) -> float:
        chosen = {"selection": {"rows": [row], "columns": [], "cells": []}}
        checked(route, visitor.set(table, json.dumps(chosen)))
        return checked(route, visitor.set(button, True)).seconds

    dial = [checked(route, visitor.set("dial", [n / 50])).seconds for n in range(values)]
    # from below, where rows stay while liked songs come on top
    said = [pressed("playlist_draft", 19, "say-like") for _ in range(values)]
    less = [pressed("taste", row, "less") for row in range(min(values, 12))]
    return [
        _p95("recommendations: dial, p95", dial, CACHED),
        _p95("recommendations: feedback, p95", said, CACHED),
        _p95("recommendations: profile change, p95", less, CACHED),
    ]


def checked(route: str, run: Run) -> Run:
    """Return the run; a page that shows an exception is not fast but broken."""
    if run.errors:
        raise RuntimeError(f"{route} failed: {'; '.join(run.errors)}")
    return run


def _p95(name: str, seconds: list[float], goal: float) -> Figure:
    values = [value * 1e3 for value in seconds]
    ends = (min(values), max(values))
    return Figure(name, percentile(values, 0.95), "ms", goal=goal * 1e3, spread=ends)


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {"WORKBENCH_HOME": str(home), "WORKBENCH_LABEL": "sample"}


if __name__ == "__main__":
    main()
