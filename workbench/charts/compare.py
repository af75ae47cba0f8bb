"""Artists or songs side by side."""

import math

import plotly.graph_objects as go
import polars as pl

from workbench.charts import theme

SCALES = {"index": "Weekly streams, the first four weeks = 100", "streams": "Weekly streams"}
# Height of a name, in shares of the plot's height.
LINE = 0.055


def side_by_side(compared: pl.DataFrame, *, scale: str = "index") -> go.Figure:
    """Draw weekly streams of up to five on a log scale, each named at its line's end.

    compared : id | name | week_end | streams | index. scale : index (from a common start) or
    streams.
    """
    figure = theme.figure(height=380, y=SCALES[scale])
    parts = compared.partition_by(compared.columns[0], maintain_order=True)
    for rows, colour in zip(parts, theme.SERIES, strict=False):
        name = theme.text(rows[rows.columns[1]][0])
        figure.add_scatter(
            x=rows["week_end"].to_list(),
            y=rows[scale].to_list(),
            mode="lines",
            name=name,
            line={"color": colour, "width": 2},
            hovertemplate=f"{name}, week to %{{x|%d %b %Y}}: %{{y:,.0f}}<extra></extra>",
        )
    for name, colour, week, height in _names(parts, scale):
        figure.add_annotation(
            x=week, y=height, text=f"<b>{name}</b>", font={"color": colour, "size": 12},
            showarrow=False, xanchor="left", xshift=6,
        )  # fmt: skip
    figure.update_layout(showlegend=False)
    ticks = [digit * 10**power for power in range(10) for digit in (1, 2, 5)]
    figure.update_yaxes(
        type="log", tickvals=ticks, ticktext=[theme.short(t).replace(".0", "") for t in ticks]
    )
    return figure


def _names(parts: list[pl.DataFrame], scale: str) -> list[tuple]:
    """Where each name stands: at its line's last value, pushed up where two would overlap.

    Heights are powers of ten, as annotations on a log axis want them.
    """
    ends = []
    for rows, colour in zip(parts, theme.SERIES, strict=False):
        known = [
            (week, value) for week, value in rows.select("week_end", scale).iter_rows() if value
        ]
        if known:
            week, value = known[-1]
            ends.append((theme.text(rows[rows.columns[1]][0]), colour, week, math.log10(value)))
    values = [math.log10(value) for rows in parts for value in rows[scale] if value]
    gap = LINE * (max(values, default=0.0) - min(values, default=0.0))
    placed, last = [], -math.inf
    for name, colour, week, height in sorted(ends, key=lambda end: end[-1]):
        last = max(height, last + gap)
        placed.append((name, colour, week, last))
    return placed
