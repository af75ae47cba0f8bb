"""Points coloured by an analyst's own column: a scale for numbers, else a colour a value."""

import math
from decimal import Decimal

import plotly.graph_objects as go

from workbench.charts import theme


def own_marker(rows: list[dict], colour: str, size: int = 8) -> dict:
    """Return the markers of points, one a row; no value and rare values share grey.

    Parameters
    ----------
    rows : with the own column `colour`. size : pixels.
    """
    values = [row[colour] for row in rows]
    if _numbers(rows, colour):
        # Plotly refuses None among numbers but takes a colour there
        shades = [float(value) if _number(value) else theme.GREY for value in values]
        numbers = [shade for shade in shades if shade != theme.GREY]
        # a scale of one number needs some width, or its points would be the faintest shade
        room = 0.5 * (min(numbers) == max(numbers))
        bar = {"title": theme.text(colour), "thickness": 10, "outlinewidth": 0}
        return {
            "size": size, "color": shades, "colorscale": theme.SEQUENTIAL, "colorbar": bar,
            "cmin": min(numbers) - room, "cmax": max(numbers) + room,
        }  # fmt: skip
    order = _frequent(rows, colour)
    palette = [theme.SERIES[order.index(v)] if v in order else theme.GREY for v in values]
    return {"size": size, "color": palette, "opacity": 0.9}


def own_legend(figure: go.Figure, rows: list[dict], colour: str) -> None:
    """Name the values of a column that is no number, and grey; a scale names itself."""
    if _numbers(rows, colour):
        named, grey = [], [row for row in rows if not _number(row[colour])]
    else:
        order = _frequent(rows, colour)
        named = [(str(value), theme.SERIES[place]) for place, value in enumerate(order)]
        if any(row[colour] is not None and row[colour] not in order for row in rows):
            named.append(("other", theme.GREY))
        grey = [row for row in rows if row[colour] is None]
    if grey:
        named.append(("no value", theme.GREY))
    for name, shade in named:
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=theme.text(name),
            marker={"size": 8, "color": shade}, showlegend=True,
        )  # fmt: skip


def _numbers(rows: list[dict], colour: str) -> bool:
    values = [row[colour] for row in rows if row[colour] is not None]
    return any(map(_number, values)) and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values
    )


def _number(value: object) -> bool:
    """Tell whether a value has a place on a scale; NaN and infinity have none."""
    kind = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return kind and math.isfinite(value)


def _frequent(rows: list[dict], colour: str) -> list:
    """Return the values that get a colour of their own, the most frequent first."""
    values = [row[colour] for row in rows if row[colour] is not None]
    ordered = sorted(set(values), key=lambda value: (-values.count(value), str(value)))
    return ordered[: len(theme.SERIES) - 1]
