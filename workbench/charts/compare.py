"""Artists side by side."""

import plotly.graph_objects as go
import polars as pl

from workbench.charts import theme

SCALES = {"index": "Weekly streams, the first four weeks = 100", "streams": "Weekly streams"}


def side_by_side(compared: pl.DataFrame, *, scale: str = "index") -> go.Figure:
    """Draw weekly streams of up to five artists on a log scale, each named at its line's end.

    scale : index (from a common start) or streams.
    """
    figure = theme.figure(height=380, y=SCALES[scale])
    parts = compared.partition_by("artist_id", maintain_order=True)
    for rows, colour in zip(parts, theme.SERIES, strict=False):
        name = theme.text(rows["artist"][0])
        figure.add_scatter(
            x=rows["week_end"].to_list(),
            y=rows[scale].to_list(),
            mode="lines",
            name=name,
            line={"color": colour, "width": 2},
            hovertemplate=f"{name}, week to %{{x|%d %b %Y}}: %{{y:,.0f}}<extra></extra>",
        )
    ticks = [digit * 10**power for power in range(10) for digit in (1, 2, 5)]
    figure.update_yaxes(type="log", tickvals=ticks, ticktext=[theme.short(t) for t in ticks])
    return figure
