"""Figures of two songs or artists side by side: moods, arcs, words."""

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from workbench.charts import theme
from workbench.lyrics.contrast import AXES, Contrast
from workbench.lyrics.heads import MIDDLE
from workbench.lyrics.vocabulary import SIDES

COLOURS = dict(zip(SIDES, (theme.BLUE, theme.ORANGE), strict=True))
# How far the two marks of a row stand from its middle.
_BESIDE = 0.15


def mood_pairs(found: Contrast) -> go.Figure:
    """Draw the share of each mood on both sides, with 90 % intervals; bold stands apart."""
    rows = [
        row
        for row in found.measures.sort("difference", "measure").iter_rows(named=True)
        if row["measure"] not in AXES and (row["first"] or row["second"])
    ]
    figure = theme.figure(height=110 + 34 * max(len(rows), 2))
    for side, name in found.sides.select("side", "name").iter_rows():
        away = _BESIDE if side == SIDES[0] else -_BESIDE
        figure.add_scatter(
            x=[row[side] for row in rows],
            y=[place + away for place in range(len(rows))],
            error_x={
                "type": "data", "symmetric": False, "color": COLOURS[side], "thickness": 1.5,
                "width": 0,
                "array": [(row[f"{side}_high"] or row[side]) - row[side] for row in rows],
                "arrayminus": [row[side] - (row[f"{side}_low"] or row[side]) for row in rows],
            },
            mode="markers",
            name=theme.text(name),
            marker={"color": COLOURS[side], "size": 10},
            hovertext=[_told(row, side, name) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
    held = [row[f"{side}{end}"] for row in rows for side in SIDES for end in ("", "_high")]
    theme.percent_axis(figure.update_xaxes, [0.0, *held])
    most = max(share or 0.0 for share in [0.05, *held])
    figure.update_xaxes(title="Share of lines", range=[-0.015 * most, 1.03 * most])
    names = [row["measure"] for row in rows]
    figure.update_yaxes(
        tickvals=list(range(len(rows))), range=[-0.6, len(rows) - 0.4], showgrid=False,
        ticktext=[
            f"<b>{name}</b>" if row["apart"] else name
            for name, row in zip(names, rows, strict=True)
        ],
    )  # fmt: skip
    for place in range(len(rows) - 1):
        figure.add_hline(place + 0.5, line={"color": theme.FAINT, "width": 1})
    return figure


def _told(row: dict, side: str, name: str) -> str:
    points = [row[f"difference{end}"] for end in ("", "_low", "_high")]
    interval = (
        "" if points[1] is None else f" (90 %: {100 * points[1]:+.0f} to {100 * points[2]:+.0f})"
    )
    apart = "stands apart" if row["apart"] else "within what chance gives"
    return (
        f"<b>{theme.text(name)}</b><br>{row['measure']}: {theme.percent(row[side])} of the lines"
        f"<br>difference {100 * points[0]:+.0f} points{interval}, {apart}"
    )


def arc_pair(found: Contrast, *, axis: str = "valence") -> go.Figure:
    """Draw the arcs of one axis from the start of a song to its end, with 90 % bands."""
    figure = theme.figure(height=280, x="Place in the song", y=f"{axis.capitalize()}, 1 to 5")
    mine = found.arcs.to_dicts()
    for side in SIDES:
        rows = [row for row in mine if row["side"] == side and row["axis"] == axis]
        places = [row["place"] for row in rows]
        red, green, blue = hex_to_rgb(COLOURS[side])
        if all(row["low"] is not None for row in rows):
            figure.add_scatter(
                x=[*places, *reversed(places)],
                y=[*(row["high"] for row in rows), *(row["low"] for row in reversed(rows))],
                fill="toself", fillcolor=f"rgba({red}, {green}, {blue}, 0.15)",
                hoverinfo="skip", line={"width": 0}, showlegend=False, mode="lines",
            )  # fmt: skip
        name = theme.text(rows[0]["name"])
        figure.add_scatter(
            x=places, y=[row["level"] for row in rows], mode="lines", name=name,
            line={"color": COLOURS[side], "width": 2.5}, showlegend=False,
            customdata=[theme.percent(place) for place in places],
            hovertemplate=f"{name}, %{{customdata}} into the song: {axis} %{{y:.2f}}"
            "<extra></extra>",
        )  # fmt: skip
    theme.percent_axis(figure.update_xaxes, [0.0, 1.0])
    figure.update_xaxes(range=[0, 1.02])
    figure.update_yaxes(tickformat=".2f")
    figure.add_hline(MIDDLE, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    return figure


def word_pairs(found: Contrast) -> go.Figure:
    """Draw the words that set each side apart: those of the first to the left."""
    names = dict(found.sides.select("side", "name").iter_rows())
    unit = "lines" if found.by == "song" else "songs"
    figure = theme.figure(height=100 + 22 * max(found.words.height, 2))
    for side in SIDES:
        rows = [row for row in found.words.to_dicts() if row["side"] == side]
        figure.add_bar(
            x=[row["z"] for row in rows],
            y=[theme.text(row["word"]) for row in rows],
            orientation="h",
            name=theme.text(names[side]),
            marker={"color": COLOURS[side]},
            customdata=[[row["first"], row["second"]] for row in rows],
            hovertemplate=f"<b>%{{y}}</b><br>in %{{customdata[0]}} {unit} of "
            f"{theme.text(names['first'])}<br>in %{{customdata[1]}} {unit} of "
            f"{theme.text(names['second'])}<extra></extra>",
        )
    figure.update_xaxes(title="Log odds over their error", zeroline=True, zerolinecolor=theme.GREY)
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return figure
