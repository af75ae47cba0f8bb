"""Figures of recommendations: the list, what speaks for it, and how good lists are."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.recommend.lists import Recommendations
from workbench.recommend.reasons import PLAYS
from workbench.recommend.report import Evaluation
from workbench.recommend.trial import BLEND

_SHOWN = 12


def list_dots(found: Recommendations) -> go.Figure:
    """Draw the list: how well each song fits against how many know it; numbers are ranks."""
    rows = found.songs.to_dicts()
    figure = theme.figure(height=420, x="Heard by, of this audience", y="Fit (0: as the mean song)")
    for known, colour, name in (
        (True, theme.BLUE, "by who plays it"),
        (False, theme.ORANGE, "not heard yet: by its artist's other songs or its content"),
    ):
        own = [row for row in rows if (row["basis"] == PLAYS) == known]
        figure.add_scatter(
            x=[row["heard"] or 0.0 for row in own],
            y=[row["score"] for row in own],
            mode="markers+text",
            name=name,
            text=[str(row["rank"]) for row in own],
            textposition="top center",
            marker={"size": 10, "color": colour},
            customdata=[
                [f"{theme.text(row['title'])} – {theme.text(row['artist'])}",
                 theme.percent(row["heard"]), theme.text("; ".join(row["because"]) or "–")]
                for row in own
            ],
            hovertemplate="<b>%{text}. %{customdata[0]}</b><br>fit %{y:.1f}, heard by "
            "%{customdata[1]}<br>because of %{customdata[2]}<extra></extra>",
        )  # fmt: skip
    theme.percent_axis(figure.update_xaxes, [0.0, *(row["heard"] for row in rows)])
    return figure


def profile_bars(found: Recommendations) -> go.Figure:
    """Draw the songs of the profile that speak most for the list, as shares of all that does."""
    rows = found.profile.head(_SHOWN).to_dicts()
    shares = [row["share"] for row in rows]
    figure = theme.figure(height=90 + 24 * max(len(rows), 3), x="Share of what speaks for the list")
    figure.add_bar(
        x=shares,
        y=[theme.text(row["name"]) for row in rows],
        orientation="h",
        marker={"color": theme.BLUE},
        customdata=[theme.percent(row["heard"]) for row in rows],
        hovertemplate="<b>%{y}</b><br>heard by %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.update_yaxes(autorange="reversed")
    theme.percent_axis(figure.update_xaxes, [0.0, *shares])
    return figure


def model_dots(found: Evaluation, *, metric: str) -> go.Figure:
    """Draw each model's mean of a metric with its interval, the highest on top."""
    rows = found.models.drop_nulls("mean").to_dicts()
    rows = sorted((r for r in rows if r["metric"] == metric), key=lambda r: r["mean"])
    figure = theme.figure(height=90 + 30 * max(len(rows), 2))
    colours = [theme.BLUE if row["model"] == BLEND else theme.GREY for row in rows]
    figure.add_trace(_dots(rows, [row["model"] for row in rows], "mean", colours))
    figure.update_yaxes(showgrid=False)
    return figure


def cluster_dots(found: Evaluation) -> go.Figure:
    """Draw the blend's NDCG in each Taste cluster, and most popular's beside it."""
    rows = found.segments.drop_nulls("ndcg").sort("ndcg", "segment").to_dicts()
    names = [theme.text(row["name"]) for row in rows]
    figure = theme.figure(height=110 + 30 * max(len(rows), 2), x="NDCG of ten")
    figure.add_trace(_dots(rows, names, "ndcg", [theme.BLUE] * len(rows), name=BLEND))
    figure.add_scatter(
        x=[row["popular"] for row in rows],
        y=names,
        mode="markers",
        name="Most popular",
        marker={"size": 9, "color": theme.GREY, "symbol": "circle-open"},
        hovertemplate="<b>%{y}</b><br>most popular %{x:.3f}<extra></extra>",
    )
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return figure


def _dots(rows: list[dict], names: list[str], middle: str, colours: list[str], name: str = ""):
    return go.Scatter(
        x=[row[middle] for row in rows],
        y=names,
        mode="markers",
        name=name,
        showlegend=bool(name),
        marker={"size": 10, "color": colours},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row[middle] for row in rows],
            "arrayminus": [row[middle] - row["low"] for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        hovertemplate="<b>%{y}</b><br>%{x:.3f}<extra></extra>",
    )
