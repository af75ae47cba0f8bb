"""Figures of an expected audience: who is in it, how good such rankings are, what speaks for it."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.recommend.prospects import Prospects
from workbench.sales.offers import Offers

_MOST = 14


def cell_dots(found: Prospects, *, kind: str) -> go.Figure:
    """Draw the share of each group that is expected to come, with its interval."""
    rows = [row for row in found.cells.to_dicts() if row["kind"] == kind and row["people"]]
    rows = [row for row in rows if row["expected"] is not None][:_MOST][::-1]
    figure = theme.figure(height=100 + 28 * max(len(rows), 2), x="Share expected to come")
    ends = [(row["low"] / row["people"], row["high"] / row["people"]) for row in rows]
    figure.add_scatter(
        x=[row["share"] for row in rows],
        y=[theme.text(row["name"].replace("_", " ")) for row in rows],
        mode="markers",
        marker={"size": 10, "color": theme.BLUE},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - row["share"] for row, (_, high) in zip(rows, ends, strict=True)],
            "arrayminus": [row["share"] - low for row, (low, _) in zip(rows, ends, strict=True)],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[
            [row["expected"], row["low"], row["high"], row["people"], theme.percent(row["share"])]
            for row in rows
        ],
        hovertemplate="<b>%{y}</b><br>%{customdata[0]:,} (90 %: %{customdata[1]:,} to "
        "%{customdata[2]:,}) of %{customdata[3]:,}: %{customdata[4]}<extra></extra>",
        showlegend=False,
    )
    theme.percent_axis(figure.update_xaxes, [0.0, *(high for _, high in ends)])
    figure.update_yaxes(showgrid=False)
    return figure


def lift_curve(found: Prospects) -> go.Figure:
    """Draw how many of those who came stood at the top, against the most active at the top."""
    rows = found.curve.drop_nulls().to_dicts()
    reached = [0.0, *(row["reached"] for row in rows)]
    figure = theme.figure(height=320, x="Listeners reached", y="Of those who came")
    for name, key, colour in (
        ("this ranking", "caught", theme.BLUE),
        ("most active first", "active", theme.ORANGE),
    ):
        figure.add_scatter(
            x=reached,
            y=[0.0, *(row[key] for row in rows)],
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2},
            marker={"size": 5},
            hovertemplate=f"{name}: the first %{{x:.0%}} held %{{y:.0%}}<extra></extra>",
        )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="by chance", hoverinfo="skip",
        line={"color": theme.GREY, "width": 1, "dash": "dot"},
    )  # fmt: skip
    theme.percent_axis(figure.update_xaxes, [0.0, 1.0])
    theme.percent_axis(figure.update_yaxes, [0.0, 1.0])
    return figure


def reliability_dots(found: Prospects | Offers) -> go.Figure:
    """Draw what came against the chance that was said; on the line the chances are true."""
    rows = found.bins.to_dicts()
    most = max((max(row["said"], row["came"]) for row in rows), default=1.0)
    figure = theme.figure(height=320, x="Chance said", y="Share that came")
    figure.add_scatter(
        x=[0, most], y=[0, most], mode="lines", showlegend=False, hoverinfo="skip",
        line={"color": theme.GREY, "width": 1, "dash": "dot"},
    )  # fmt: skip
    figure.add_scatter(
        x=[row["said"] for row in rows],
        y=[row["came"] for row in rows],
        mode="markers",
        marker={"size": 9, "color": theme.BLUE},
        customdata=[
            [theme.percent(row["said"], 1), theme.percent(row["came"], 1), row["pairs"]]
            for row in rows
        ],
        hovertemplate="said %{customdata[0]}, came %{customdata[1]}<br>"
        "of %{customdata[2]:,} chances<extra></extra>",
        showlegend=False,
    )
    theme.percent_axis(figure.update_xaxes, [0.0, most])
    theme.percent_axis(figure.update_yaxes, [0.0, most])
    return figure


def why_bars(found: Prospects) -> go.Figure:
    """Draw the songs that speak most for it: how many of the audience and of all stream them."""
    rows = found.why.to_dicts()
    figure = theme.figure(height=100 + 30 * max(len(rows), 2), x="Streamed by")
    names = [theme.text(row["name"]) for row in rows]
    for name, key, colour in (
        ("this audience", "audience", theme.BLUE),
        ("everybody who does not know it", "everybody", theme.GREY),
    ):
        figure.add_scatter(
            x=[row[key] for row in rows],
            y=names,
            mode="markers",
            name=name,
            marker={"size": 9, "color": colour},
            customdata=[
                [theme.percent(row[key]), theme.percent(row["share"]),
                 theme.text(" · ".join(row[one] for one in ("genre", "mood") if row[one]))]
                for row in rows
            ],
            hovertemplate=f"<b>%{{y}}</b><br>%{{customdata[2]}}<br>{name}: %{{customdata[0]}}<br>"
            "%{customdata[1]} of what speaks for it<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False)
    theme.percent_axis(figure.update_xaxes, [0.0, *(row["audience"] for row in rows)])
    return figure
