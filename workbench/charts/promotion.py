"""Figures of the lab: weekly fan, response curves, waterfall."""

import math
from itertools import accumulate

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from workbench.charts.theme import BLUE, FAINT, GREY, ORANGE, figure, short, text
from workbench.promotion.curves import Curves
from workbench.promotion.lifetime import Lifetime
from workbench.promotion.names import spoken
from workbench.promotion.outcome import Outcome

BAND = {BLUE: "rgba(46, 134, 193, 0.18)", GREY: "rgba(138, 143, 152, 0.22)"}
SIDES = (("current", "Current plan", GREY, "dot"), ("scenario", "Scenario", BLUE, "solid"))
PLANS = ("current", "scenario")
COLUMNS = 4


def weekly_fan(outcome: Outcome) -> go.Figure:
    """Return weekly streams with 90 % bands, current plan against scenario."""
    weekly = outcome.weekly
    made = figure(y="Streams a week")
    for side, _, colour, _ in SIDES:
        counted = weekly.drop_nulls(
            f"{side}_median"
        )  # an earlier date is counted to an earlier day
        made.add_scatter(
            x=[*counted["week"], *reversed(counted["week"].to_list())],
            y=[*counted[f"{side}_high"], *reversed(counted[f"{side}_low"].to_list())],
            fill="toself", fillcolor=BAND[colour], line={"width": 0}, hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip
    for side, name, colour, dash in SIDES:
        made.add_scatter(
            x=weekly["week"], y=weekly[f"{side}_median"], name=name, mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            customdata=weekly.select(f"{side}_low", f"{side}_high").rows(),
            hovertemplate="%{y:,.0f} (%{customdata[0]:,.0f} to %{customdata[1]:,.0f})",
        )  # fmt: skip
    made.update_layout(hovermode="x unified")
    made.update_yaxes(rangemode="tozero")
    return made


def response(curves: Curves, outcome: Outcome) -> go.Figure:
    """Return one small curve a channel: band, observed range, where both plans stand."""
    names = curves.reach["channel"].to_list()
    rows = math.ceil(len(names) / COLUMNS)
    made = make_subplots(
        rows=rows,
        cols=min(COLUMNS, len(names)),
        subplot_titles=[text(spoken(name)) for name in names],
        vertical_spacing=0.34 / rows,
        horizontal_spacing=0.09,  # the numbers of the next axis, on half a screen, too
    )
    plans = {row["channel"]: row for row in outcome.channels.to_dicts()}
    reach = dict(curves.reach.iter_rows())
    points = curves.points.partition_by("channel", as_dict=True)
    for place, name in enumerate(names):
        at = {"row": place // COLUMNS + 1, "col": place % COLUMNS + 1}
        curve = points[(name,)]
        made.add_scatter(
            x=[*curve["spend"], *reversed(curve["spend"].to_list())],
            y=[*curve["high"], *reversed(curve["low"].to_list())],
            fill="toself", fillcolor=BAND[BLUE], line={"width": 0}, hoverinfo="skip", **at,
        )  # fmt: skip
        made.add_scatter(
            x=curve["spend"], y=curve["median"], mode="lines", line={"color": BLUE, "width": 2},
            customdata=curve.select("low", "high").rows(),
            hovertemplate="%{x:,.0f} spent: %{y:,.0f} streams<br>"
            "90 %: %{customdata[0]:,.0f} to %{customdata[1]:,.0f}<extra></extra>", **at,
        )  # fmt: skip
        for side, title, colour, symbol in (
            ("current", "Current plan", GREY, "circle-open"),
            ("scenario", "Scenario", ORANGE, "circle"),
        ):
            plan = plans[name]
            made.add_scatter(
                x=[plan[f"{side}_spend"]], y=[plan[f"{side}_median"]], mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2}},
                hovertemplate=f"{title}: %{{x:,.0f}} spent, %{{y:,.0f}} streams<extra></extra>",
                cliponaxis=False, **at,
            )  # fmt: skip
        end = 1.03 * max(curve["spend"].max(), *(plans[name][f"{side}_spend"] for side in PLANS))
        made.update_xaxes(range=[-0.03 * end, end], **at)
        if reach[name]:
            made.add_vrect(
                x0=0, x1=min(reach[name], end), fillcolor=FAINT, line_width=0, layer="below", **at
            )
    look = figure(height=60 + 190 * rows).layout
    made.update_layout(
        height=look.height, margin={**look.margin.to_plotly_json(), "t": 28}, showlegend=False,
        hoverlabel=look.hoverlabel, dragmode=False,
    )  # fmt: skip
    made.update_xaxes(showgrid=False, zeroline=False, nticks=4, tickformat="~s", tickangle=0)
    made.update_yaxes(
        gridcolor=FAINT, zeroline=False, nticks=4, tickformat="~s", rangemode="tozero"
    )
    made.update_annotations(font_size=12)
    return made


def difference(outcome: Outcome) -> go.Figure:
    """Return the waterfall from the current plan to the scenario, in mean streams.

    Only the differences are drawn: beside the totals they would be too small to see.
    """
    steps = [row for row in outcome.steps.to_dicts() if row["kind"] == "change"]
    first, last = outcome.steps["streams"][0], outcome.steps["streams"][-1]
    names = [text(spoken(row["step"])) for row in steps]
    made = figure(height=90 + 34 * (len(steps) + 1), x="Mean streams against the current plan")
    made.add_waterfall(
        orientation="h",
        y=[*names, "All together"],
        x=[*(row["streams"] for row in steps), last - first],
        measure=[*("relative" for _ in steps), "total"],
        text=[f"{'+' if v >= 0 else '-'}{short(abs(v))}" for v in
              [*(row["streams"] for row in steps), last - first]],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": BLUE}},
        decreasing={"marker": {"color": ORANGE}},
        totals={"marker": {"color": GREY}},
        connector={"line": {"color": FAINT, "width": 1}},
        hovertemplate="%{y}: %{text} streams<extra></extra>",
    )  # fmt: skip
    made.update_yaxes(autorange="reversed", gridcolor="rgba(0,0,0,0)")
    ends = [0.0, *accumulate(row["streams"] for row in steps)]
    room = 0.16 * (max(ends) - min(ends))  # for the numbers beside the bars
    made.update_xaxes(range=[min(ends) - room, max(ends) + room])
    made.update_xaxes(tickformat="~s", zeroline=True, zerolinecolor=FAINT)
    return made


def beside(compared: pl.DataFrame) -> go.Figure:
    """Return streams and money kept of several plans against the current one, with 90 % intervals.

    Parameters
    ----------
    compared : of `plans_compared`.
    """
    panels = (("streams", "Streams"), ("kept", "Money kept"))
    names = compared["plan"].unique(maintain_order=True).to_list()[1:]
    made = make_subplots(
        rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.06,
        subplot_titles=[f"{title} against the current plan" for _, title in panels],
    )  # fmt: skip
    for place, (measure, title) in enumerate(panels, 1):
        rows = [row for row in compared.to_dicts() if row["measure"] == measure and row["place"]]
        middle = [row["change_median"] for row in rows]
        made.add_scatter(
            x=middle, y=[text(row["plan"]) for row in rows], mode="markers", row=1, col=place,
            marker={"color": BLUE, "size": 11},
            error_x={
                "array": [row["change_high"] - row["change_median"] for row in rows],
                "arrayminus": [row["change_median"] - row["change_low"] for row in rows],
                "color": BLUE, "thickness": 2, "width": 0,
            },
            customdata=[(row["change_low"], row["change_high"], row["better"]) for row in rows],
            hovertemplate=f"{title}: %{{x:,.0f}} (%{{customdata[0]:,.0f}} to "
            "%{customdata[1]:,.0f}), more on %{customdata[2]:.0%} of draws<extra></extra>",
        )  # fmt: skip
    look = figure(height=110 + 44 * len(names)).layout
    made.update_layout(
        height=look.height, margin={**look.margin.to_plotly_json(), "t": 30}, showlegend=False,
        hoverlabel=look.hoverlabel, dragmode=False,
    )  # fmt: skip
    made.update_xaxes(gridcolor=FAINT, zeroline=True, zerolinecolor=GREY, tickformat="~s", nticks=6)
    made.update_yaxes(autorange="reversed", gridcolor="rgba(0,0,0,0)", automargin=True)
    made.update_annotations(font_size=12)
    return made


def lives(lifetime: Lifetime) -> go.Figure:
    """Return the difference to the current plan by a day, in the window and over a life."""
    rows = lifetime.counted.to_dicts()
    titles = {"until": f"by {lifetime.until}", "life": "over a life of 104 weeks"}
    names = [titles.get(row["counted"], f"in {row['weeks']} weeks of its own") for row in rows]
    middle = [row["change_median"] for row in rows]
    made = figure(height=190, x="Streams against the current plan")
    made.add_scatter(
        x=middle, y=names, mode="markers", marker={"color": BLUE, "size": 11}, showlegend=False,
        error_x={
            "array": [row["change_high"] - row["change_median"] for row in rows],
            "arrayminus": [row["change_median"] - row["change_low"] for row in rows],
            "color": BLUE, "thickness": 2, "width": 0,
        },
        customdata=[(row["change_low"], row["change_high"], row["better"]) for row in rows],
        hovertemplate="%{x:,.0f} (%{customdata[0]:,.0f} to %{customdata[1]:,.0f}), more on "
        "%{customdata[2]:.0%} of draws<extra></extra>",
    )  # fmt: skip
    made.update_xaxes(showgrid=True, gridcolor=FAINT, zeroline=True, zerolinecolor=GREY)
    made.update_xaxes(tickformat="~s", nticks=6)
    made.update_yaxes(autorange="reversed", gridcolor="rgba(0,0,0,0)")
    return made
