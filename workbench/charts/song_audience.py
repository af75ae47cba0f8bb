"""Figures of a song's audience: clusters and markets as dots on the over-index, with intervals."""

import plotly.graph_objects as go
import polars as pl

from workbench.audience.song_audience import SongAudience
from workbench.charts import theme

# The smallest markets say least and would push the others off the screen.
_MOST = 12


def cluster_dots(found: SongAudience) -> go.Figure:
    """Draw which Taste clusters the song's listeners stand in more, or less, than everybody."""
    return _dots(found.clusters, "name")


def market_dots(found: SongAudience) -> go.Figure:
    """Draw which markets the song's listeners live in more, or less, than everybody."""
    return _dots(found.markets, "country")


def _dots(frame: pl.DataFrame, name: str) -> go.Figure:
    """Draw rows with an over-index, the highest on top; sure ones in colour, others grey."""
    rows = frame.drop_nulls("index").head(_MOST).sort("index", name).to_dicts()
    figure = theme.figure(height=90 + 30 * max(len(rows), 2), x="Over-index (100 is average)")
    sides = [theme.BLUE if row["index"] > 100 else theme.ORANGE for row in rows]
    figure.add_scatter(
        x=[row["index"] for row in rows],
        y=[f"{theme.text(row[name])} · {theme.percent(row['share'])}" for row in rows],
        mode="markers",
        marker={
            "size": 10,
            "color": [
                colour if row["apart"] else theme.GREY
                for row, colour in zip(rows, sides, strict=True)
            ],
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["index"] for row in rows],
            "arrayminus": [row["index"] - row["low"] for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[
            [theme.text(row[name]), row["listeners"], theme.percent(row["share"], 1),
             theme.percent(row["all_share"], 1), row["low"], row["high"]]
            for row in rows
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>over-index %{x:.0f} (90 %: %{customdata[4]:.0f} "
        "to %{customdata[5]:.0f})<br>%{customdata[1]:,} of its listeners: %{customdata[2]}, "
        "%{customdata[3]} of everybody<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    figure.add_vline(x=100, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return figure
