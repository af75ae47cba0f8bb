"""Figures of an experiment: the Qini curve, the effect by group, the arms before treatment."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.charts.promotion import BAND
from workbench.promotion.uplift import Uplift

_SHOWN = 12


def qini(found: Uplift) -> go.Figure:
    """Draw what treating the best share of units adds, with a 90 % band, against chance.

    At its end, where everybody is treated, stands the effect on the units that were ranked.
    """
    rows = found.curve
    made = theme.figure(height=360, x="Share of units treated, best first",
                        y="Added, per unit of everybody")  # fmt: skip
    share = rows["share"].to_list()
    made.add_scatter(
        x=[*share, *reversed(share)],
        y=[*rows["high"].to_list(), *reversed(rows["low"].to_list())],
        fill="toself", fillcolor=BAND[theme.BLUE], line={"width": 0}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    made.add_scatter(
        x=share, y=rows["gain"].to_list(), mode="lines", name="best first",
        line={"color": theme.BLUE, "width": 2},
        customdata=rows.select("low", "high").rows(),
        hovertemplate="treating the best %{x:.0%} adds %{y:.3g} per unit of everybody "
        "(%{customdata[0]:.3g} to %{customdata[1]:.3g})<extra></extra>",
    )  # fmt: skip
    made.add_scatter(
        x=share, y=rows["chance"].to_list(), mode="lines", name="in any order",
        line={"color": theme.GREY, "width": 1.5, "dash": "dot"}, hoverinfo="skip",
    )  # fmt: skip
    theme.percent_axis(made.update_xaxes, share)
    if found.chance:
        theme.percent_axis(made.update_yaxes, [*rows["low"].to_list(), *rows["high"].to_list()])
    return made


def group_effects(found: Uplift) -> go.Figure:
    """Draw the effect in each group with its 90 % interval, and that of everybody as a line."""
    rows = found.groups.reverse().to_dicts()
    made = theme.figure(height=100 + 36 * max(len(rows), 2), x="Added per unit")
    made.add_scatter(
        x=[row["effect"] for row in rows],
        y=[theme.text(row["group"]) for row in rows],
        mode="markers",
        marker={"size": 10, "color": [theme.BLUE if r["treat"] else theme.GREY for r in rows]},
        showlegend=False,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["effect"] for row in rows],
            "arrayminus": [row["effect"] - row["low"] for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[[row["low"], row["high"], row["units"]] for row in rows],
        hovertemplate="<b>%{y}</b><br>%{x:.3g} (%{customdata[0]:.3g} to %{customdata[1]:.3g})"
        "<br>%{customdata[2]:,} units<extra></extra>",
    )
    made.add_vline(x=found.effect, line={"color": theme.GREY, "dash": "dot", "width": 1.5})
    made.add_vline(x=0, line={"color": theme.FAINT, "width": 1})
    made.update_yaxes(showgrid=False)
    if found.chance:
        edges = [0.0, *(row["low"] for row in rows), *(row["high"] for row in rows)]
        theme.percent_axis(made.update_xaxes, edges)
    return made


def balance(found: Uplift) -> go.Figure:
    """Draw how far the arms were apart before treatment, the furthest on top."""
    shown = found.balance.covariates.drop_nulls().head(_SHOWN).reverse()
    made = theme.figure(height=90 + 26 * max(shown.height, 2), x="Standard deviations apart")
    made.add_scatter(
        x=shown["difference"].to_list(),
        y=[theme.text(name) for name in shown["covariate"]],
        mode="markers",
        marker={"size": 9, "color": theme.BLUE},
        showlegend=False,
        hovertemplate="<b>%{y}</b><br>%{x:.3f} apart<extra></extra>",
    )
    widest = max([0.1, *(abs(one) for one in shown["difference"])]) * 1.1
    made.update_xaxes(range=[-widest, widest])
    made.add_vrect(x0=-0.1, x1=0.1, fillcolor=theme.FAINT, line_width=0, layer="below")
    made.update_yaxes(showgrid=False)
    return made
