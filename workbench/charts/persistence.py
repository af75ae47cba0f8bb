"""The figure of Taste clusters over time: who stays, beside what unchanged taste would keep."""

import plotly.graph_objects as go

from workbench.audience.persistence import Persistence
from workbench.charts import theme


def stayed_line(found: Persistence) -> go.Figure:
    """Draw the share that stays in its cluster from period to period, with 90 % intervals."""
    rows = found.periods.drop_nulls("stayed").to_dicts()
    figure = theme.figure(height=280, y="Stayed in the cluster")
    days = [row["day"] for row in rows]
    for name, column, colour, dash in (
        ("unchanged taste", "unchanged", theme.GREY, "dot"),
        ("stayed", "stayed", theme.BLUE, "solid"),
    ):
        error = None
        if column == "stayed":
            error = {
                "type": "data", "symmetric": False, "width": 0, "thickness": 1.5,
                "array": [row["high"] - row["stayed"] for row in rows],
                "arrayminus": [row["stayed"] - row["low"] for row in rows],
            }  # fmt: skip
        figure.add_scatter(
            x=days,
            y=[row[column] for row in rows],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            error_y=error,
            customdata=[[theme.percent(row[column]), row["people"]] for row in rows],
            hovertemplate=f"{name}: %{{customdata[0]}} of %{{customdata[1]:,}} to %{{x|%d %b %Y}}"
            "<extra></extra>",
        )
    theme.percent_axis(figure.update_yaxes, [0.0, 1.0])
    figure.update_yaxes(range=[0, 1.02])
    figure.update_xaxes(tickvals=days, tickformat="%b %y")
    return figure
