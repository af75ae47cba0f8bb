"""Figures of a campaign that ran: its weeks with and without it, what channels and markets won."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.charts.promotion import BAND, spoken
from workbench.promotion.past_result import PastResult
from workbench.promotion.planned import Planned


def weeks_without(found: PastResult) -> go.Figure:
    """Draw the weeks as they came, as the model has them, and without the campaign (90 % band)."""
    rows = found.weekly
    seen = [row for row in rows.to_dicts() if row["model"] is not None]
    made = theme.figure(height=360, y="Streams a week")
    week = [row["week"] for row in seen]
    made.add_scatter(
        x=[*week, *reversed(week)],
        y=[*(row["without_high"] for row in seen), *(row["without_low"] for row in reversed(seen))],
        fill="toself", fillcolor=BAND[theme.GREY], line={"width": 0}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    made.add_scatter(
        x=week, y=[row["without_median"] for row in seen], mode="lines", name="without it, model",
        line={"color": theme.GREY, "width": 2, "dash": "dot"},
        customdata=[[row["without_low"], row["without_high"]] for row in seen],
        hovertemplate="%{y:,.0f} (%{customdata[0]:,.0f} to %{customdata[1]:,.0f})",
    )  # fmt: skip
    made.add_scatter(
        x=week, y=[row["model"] for row in seen], mode="lines", name="with it, model",
        line={"color": theme.BLUE, "width": 2}, hovertemplate="%{y:,.0f}",
    )  # fmt: skip
    made.add_scatter(
        x=week, y=[row["came"] for row in seen], mode="markers", name="came",
        marker={"color": theme.ORANGE, "size": 7}, hovertemplate="%{y:,.0f}",
    )  # fmt: skip
    made.add_vrect(
        x0=max(found.first, found.begin), x1=found.last, fillcolor=theme.FAINT, line_width=0,
        layer="below",
    )  # fmt: skip
    made.update_layout(hovermode="x unified")
    made.update_yaxes(rangemode="tozero")
    return made


def won_dots(found: PastResult, *, by: str) -> go.Figure:
    """Draw the streams that each channel or market won with 90 % intervals, the most on top.

    Parameters
    ----------
    by : “channels” or “cells”.
    """
    frame, name = (found.channels, "channel") if by == "channels" else (found.cells, "cell")
    ordered = frame.sort(["median", name], descending=[False, True]).to_dicts()
    rows = [row for row in ordered if row["spend"] > 0]
    made = theme.figure(height=90 + 32 * max(len(rows), 2), x="Streams brought")
    made.add_scatter(
        x=[row["median"] for row in rows],
        y=[theme.text(spoken(row[name])) for row in rows],
        mode="markers",
        marker={"size": 10, "color": theme.BLUE},
        cliponaxis=False,
        showlegend=False,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["median"] for row in rows],
            "arrayminus": [row["median"] - row["low"] for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[[row["low"], row["high"], row["spend"]] for row in rows],
        hovertemplate="<b>%{y}</b><br>%{x:,.0f} (%{customdata[0]:,.0f} to %{customdata[1]:,.0f})"
        "<br>%{customdata[2]:,.0f} spent<extra></extra>",
    )
    made.update_xaxes(rangemode="tozero")
    made.update_yaxes(showgrid=False)
    return made


def plan_dots(found: Planned) -> go.Figure:
    """Draw what each channel was to win by the plan, once its weeks are over, and what it won."""
    rows = found.channels.reverse().to_dicts()
    made = theme.figure(height=100 + 40 * max(len(rows), 2), x="Streams brought")
    sides = (("planned_", "planned", theme.GREY), ("", "done", theme.BLUE))
    for prefix, name, colour in sides if found.over else sides[1:]:
        made.add_scatter(
            x=[row[f"{prefix}median"] for row in rows],
            y=[theme.text(spoken(row["channel"])) for row in rows],
            mode="markers",
            name=name,
            marker={"size": 10, "color": colour},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [row[f"{prefix}high"] - row[f"{prefix}median"] for row in rows],
                "arrayminus": [row[f"{prefix}median"] - row[f"{prefix}low"] for row in rows],
                "color": colour,
                "thickness": 1.5,
                "width": 0,
            },
            hovertemplate="<b>%{y}</b><br>%{x:,.0f}<extra></extra>",
        )
    made.update_layout(scattermode="group", scattergap=0.6)
    made.update_xaxes(rangemode="tozero")
    made.update_yaxes(showgrid=False)
    return made
