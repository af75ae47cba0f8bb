"""Points coloured by an analyst's own column: a scale for numbers, else a colour a value."""

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
        numbers = [None if value is None else float(value) for value in values]
        bar = {"title": theme.text(colour), "thickness": 10, "outlinewidth": 0}
        return {"size": size, "color": numbers, "colorscale": theme.SEQUENTIAL, "colorbar": bar}
    order = _frequent(rows, colour)
    palette = [theme.SERIES[order.index(v)] if v in order else theme.GREY for v in values]
    return {"size": size, "color": palette, "opacity": 0.9}


def own_legend(figure: go.Figure, rows: list[dict], colour: str) -> None:
    """Name the values of a column that is no number; a scale names itself."""
    if _numbers(rows, colour):
        return
    order = _frequent(rows, colour)
    named = [(str(value), theme.SERIES[place]) for place, value in enumerate(order)]
    if any(row[colour] is not None and row[colour] not in order for row in rows):
        named.append(("other", theme.GREY))
    if any(row[colour] is None for row in rows):
        named.append(("no value", theme.GREY))
    for name, shade in named:
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=theme.text(name),
            marker={"size": 8, "color": shade},
        )  # fmt: skip


def _numbers(rows: list[dict], colour: str) -> bool:
    values = [row[colour] for row in rows if row[colour] is not None]
    return bool(values) and not any(
        isinstance(v, bool) or not isinstance(v, int | float) for v in values
    )


def _frequent(rows: list[dict], colour: str) -> list:
    """Return the values that get a colour of their own, the most frequent first."""
    values = [row[colour] for row in rows if row[colour] is not None]
    ordered = sorted(set(values), key=lambda value: (-values.count(value), str(value)))
    return ordered[: len(theme.SERIES) - 1]
