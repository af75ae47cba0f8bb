"""How every benchmark says what it found: one table for people, one line for programs.

A benchmark prints as many lines as it likes while it works, then calls `show` last.
"""

import argparse
import json
import math
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

HEAD = ("figure", "value", "anchor", "ratio", "goal", "holds", "spread")


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes
    ----------
    name : what was measured, unique within a benchmark.
    value, unit : the number; a share has the unit "".
    anchor : what others reach, or the naive way in the same run; None where there is none.
    goal : what the project asks for; None where it is only reported.
    more_is_better : False for times, bytes and errors.
    spread : lowest and highest of the repeats, or an interval; None for a single measurement.
    """

    name: str
    value: float
    unit: str = ""
    anchor: float | None = None
    goal: float | None = None
    more_is_better: bool = False
    spread: tuple[float, float] | None = None

    @property
    def ratio(self) -> float | None:
        """The value over the anchor."""
        return self.value / self.anchor if self.anchor else None

    @property
    def holds(self) -> bool | None:
        """Whether the goal is reached; None without a goal. What is not a number never holds."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal


def measured(name: str, values: Sequence[float], unit: str = "s", **more) -> Figure:
    """Return the figure of repeats: their median, with lowest and highest as the spread."""
    return Figure(name, statistics.median(values), unit, spread=(min(values), max(values)), **more)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def peak_bytes() -> int:
    """Return the most memory that this process has held, in bytes."""
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print the table (it is Markdown, too) and, as the last line, the figures as a JSON array."""
    rows = [_row(figure) for figure in figures]
    widths = [max(len(row[i]) for row in (HEAD, *rows)) for i in range(len(HEAD))]
    print(f"\n{title}\n", _line(HEAD, widths), _line(["-" * w for w in widths], widths), sep="\n")
    print(*(_line(row, widths) for row in rows), sep="\n")
    kept = ("name", "value", "unit", "anchor", "goal")
    facts = [
        {key: asdict(figure)[key] for key in kept} | {"holds": figure.holds} for figure in figures
    ]
    print("\n" + json.dumps(facts), flush=True)


def options(description: str) -> argparse.Namespace:
    """Return the options that every benchmark takes; `--quick` is at most ten minutes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--quick", action="store_true", help="fewer repeats and smaller speed tests"
    )
    return parser.parse_args()


def _row(figure: Figure) -> tuple[str, ...]:
    unit = f" {figure.unit}" if figure.unit else ""
    sign = "≥" if figure.more_is_better else "≤"
    return (
        figure.name,
        _number(figure.value) + unit,
        "" if figure.anchor is None else _number(figure.anchor) + unit,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        "" if figure.goal is None else f"{sign} {_number(figure.goal)}{unit}",
        {None: "", True: "yes", False: "NO"}[figure.holds],
        "" if figure.spread is None else "-".join(_number(end) for end in figure.spread),
    )


def _number(value: float) -> str:
    """Three or four figures that matter, thousands separated, never 1e+05."""
    if not math.isfinite(value):
        return str(value)
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.{max(2 - math.floor(math.log10(abs(value))), 0)}f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"
