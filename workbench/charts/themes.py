"""The figure of themes: how many songs each holds, and how many none."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.lyrics.themes import Themes


def theme_bars(found: Themes) -> go.Figure:
    """Draw the share of songs in each theme with its 90 % interval, no clear theme in grey.

    Points carry the number of the theme, so that a click can list its songs.
    """
    rows = found.themes.to_dicts()
    figure = theme.figure(height=70 + 34 * max(len(rows), 2), x="Share of the songs")
    figure.add_bar(
        x=[row["share"] for row in rows],
        y=[str(row["theme"]) for row in rows],
        orientation="h",
        customdata=[[row["theme"]] for row in rows],
        text=[f"{row['songs']:,}" for row in rows],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        hovertext=[_said(row) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"color": [theme.GREY if row["theme"] < 0 else theme.BLUE for row in rows]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["share"] for row in rows],
            "arrayminus": [row["share"] - row["low"] for row in rows],
            "color": theme.ORANGE,
            "thickness": 2,
            "width": 4,
        },
        showlegend=False,
    )
    figure.update_yaxes(
        autorange="reversed", type="category", showgrid=False,
        tickvals=[str(row["theme"]) for row in rows],
        ticktext=[theme.text(row["name"]) for row in rows],
    )  # fmt: skip
    figure.update_layout(bargap=0.35)
    theme.percent_axis(figure.update_xaxes, [0.0, *(row["high"] for row in rows)])
    return figure


def _said(row: dict) -> str:
    again = "" if row["found_again"] is None else f"<br>found again {row['found_again']:.2f}"
    return (
        f"<b>{theme.text(row['name'])}</b><br>{row['songs']:,} songs, "
        f"{theme.percent(row['share'])} (90 % interval {theme.percent(row['low'])} to "
        f"{theme.percent(row['high'])}){again}"
    )
