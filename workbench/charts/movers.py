"""Which songs move: change against size, with names on what stands out."""

import math

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.charts.own_colours import own_legend, own_marker
from workbench.listening.catalogue import Catalogue
from workbench.listening.change import FALL, RISE

NAMED = 12
# Room that a letter and a line of text take, in shares of the width and of half the height.
LETTER, LINE = 0.0075, 0.09
DIRECTION = {RISE: theme.BLUE, FALL: theme.ORANGE}
CHANGES = (-0.9, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 9.0, 19.0, 49.0)


def movers(catalogue: Catalogue, *, colour: str | None = None) -> go.Figure:
    """Draw change against size, with names on what stands out beyond its own noise.

    Each point's customdata is its row in `catalogue.tracks`. colour : an own column.
    """
    figure = theme.figure(
        height=420,
        x=f"Streams of {catalogue.days} days",
        y=f"Change to the {catalogue.days} days before",
    )
    # tracks that lost or gained everything have no place on a scale of ratios
    rows = [
        row
        for row in catalogue.tracks.with_row_index("row").iter_rows(named=True)
        if row["change"] is not None and row["change"] > -1 and row["streams"]
    ]
    if not rows:
        return figure
    names = _named(rows)
    figure.add_scatter(
        x=[row["streams"] for row in rows],
        y=[1 + row["change"] for row in rows],
        customdata=[row["row"] for row in rows],
        mode="markers+text",
        text=[theme.text(row["title"]) if row["row"] in names else "" for row in rows],
        textposition=[names.get(row["row"], "middle right") for row in rows],
        textfont={"size": 12},
        hovertext=[_track_hover(row) for row in rows],
        hoverinfo="text",
        cliponaxis=False,
        showlegend=False,
        marker=own_marker(rows, colour) if colour else _direction_marker(rows),
    )
    if colour:
        own_legend(figure, rows, colour)
    figure.add_hline(y=1, line={"color": theme.GREY, "width": 1})
    low, high = min(r["change"] for r in rows), max(r["change"] for r in rows)
    ticks = [c for c in CHANGES if low - 0.3 <= c <= high * 1.5 + 0.3]
    figure.update_yaxes(
        type="log",
        tickvals=[1 + c for c in ticks],
        ticktext=[theme.percent(c, sign=True) for c in ticks],
    )
    # room for the names at the right
    sizes = [math.log10(row["streams"]) for row in rows]
    room = 0.16 * (max(sizes) - min(sizes) + 0.5)
    figure.update_xaxes(
        type="log", dtick=1, tickformat="~s", range=[min(sizes) - 0.1, max(sizes) + room]
    )
    return figure


def _named(rows: list[dict]) -> dict[int, str]:
    """Where the names of what stands out go, the weightiest first; none over another."""
    left = min(math.log10(row["streams"]) for row in rows)
    decades = max(math.log10(row["streams"]) for row in rows) - left or 1
    height = max(abs(math.log1p(row["change"])) for row in rows) or 1
    boxes: list[tuple[float, float, float]] = []
    names: dict[int, str] = {}
    for row in sorted((r for r in rows if r["stands_out"]), key=_weight, reverse=True)[:NAMED]:
        x = (math.log10(row["streams"]) - left) / decades
        y = math.log1p(row["change"]) / height
        width = LETTER * len(row["title"])
        for side, start in (("middle right", x), ("middle left", x - width)):
            if all(
                abs(y - other_y) > LINE or start > other + wide or other > start + width
                for other, other_y, wide in boxes
            ):
                boxes.append((start, y, width))
                names[row["row"]] = side
                break
    return names


def _weight(row: dict) -> float:
    return abs(math.log1p(row["change"])) * math.log10(row["streams"])


def _track_hover(row: dict) -> str:
    title = " · ".join(theme.text(row[c]) for c in ("title", "version", "artist") if row[c])
    span = (
        ""
        if row["low"] is None
        else f" ({theme.percent(row['low'], sign=True)} to {theme.percent(row['high'], sign=True)})"
    )
    return (
        f"<b>{title}</b><br>{row['streams']:,} streams, {row['before']:,} before"
        f"<br>{theme.percent(row['change'], 1, sign=True)}{span}: {row['evidence']}"
    )


def _direction_marker(rows: list[dict]) -> dict:
    return {
        "size": [10 if row["stands_out"] else 7 for row in rows],
        "color": [DIRECTION.get(row["evidence"], theme.GREY) for row in rows],
        "symbol": [
            {RISE: "triangle-up", FALL: "triangle-down"}.get(row["evidence"], "circle")
            for row in rows
        ],
        "opacity": [0.95 if row["evidence"] in DIRECTION else 0.45 for row in rows],
    }
