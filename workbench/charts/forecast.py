"""The figure of a forecast: weeks that were, weeks to come with their intervals."""

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from workbench.charts import theme
from workbench.listening.forecast import Forecast
from workbench.promotion.coming import Coming


def next_weeks(found: Forecast | Coming) -> go.Figure:
    """Draw the weeks known, if any, and those to come from the last of them on."""
    rows = found.weeks.to_dicts()
    known = [row for row in rows if row["expected"] is None]
    coming = [row for row in rows if row["expected"] is not None]
    fan = coming
    if known:
        now = dict.fromkeys(("expected", "low", "high"), known[-1]["streams"])
        fan = [{"week": known[-1]["week"], **now}, *coming]
    weeks = [row["week"] for row in fan]
    figure = theme.figure(height=320, y="Streams a week")
    figure.add_scatter(
        x=[*weeks, *reversed(weeks)],
        y=[*(row["high"] for row in fan), *(row["low"] for row in reversed(fan))],
        fill="toself", fillcolor=f"rgba{(*hex_to_rgb(theme.BLUE), 0.18)}", line={"width": 0},
        mode="lines", name="90 % interval", hoverinfo="skip",
    )  # fmt: skip
    if known:
        figure.add_scatter(
            x=[row["week"] for row in known], y=[row["streams"] for row in known], mode="lines",
            name="streams", line={"color": theme.ACCENT, "width": 2}, connectgaps=False,
            hovertemplate="week of %{x|%d %b %Y}<br>%{y:,.0f} streams<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(
        x=weeks, y=[row["expected"] for row in fan], mode="lines", name="expected",
        line={"color": theme.BLUE, "dash": "dot", "width": 2},
        customdata=[[row["low"], row["high"]] for row in fan],
        hovertemplate="week of %{x|%d %b %Y}<br>%{y:,.0f} expected<br>%{customdata[0]:,.0f} to "
        "%{customdata[1]:,.0f}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(rangemode="tozero")
    return figure
