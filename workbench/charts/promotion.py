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
GAP = 0.09  # between panels: the numbers of the next axis, on half a screen, too
XAXIS = {"showgrid": False, "zeroline": False, "nticks": 4, "tickformat": "~s", "tickangle": 0}
YAXIS = {"gridcolor": FAINT, "zeroline": False, "nticks": 4, "tickformat": "~s",
         "rangemode": "tozero"}  # fmt: skip


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
    rows, columns = math.ceil(len(names) / COLUMNS), min(COLUMNS, len(names))
    drop = 0.34 / rows
    width, height = (1 - GAP * (columns - 1)) / columns, (1 - drop * (rows - 1)) / rows
    plans = {row["channel"]: row for row in outcome.channels.to_dicts()}
    reach = dict(curves.reach.iter_rows())
    points = curves.points.partition_by("channel", as_dict=True)
    traces, axes, titles, shaded = [], {}, [], []
    for place, name in enumerate(names):
        curve, plan, number = points[(name,)], plans[name], "" if place == 0 else place + 1
        x, y = f"x{number}", f"y{number}"
        traces += [one | {"xaxis": x, "yaxis": y} for one in (*_curve(curve), *_stands(plan))]
        left = place % COLUMNS * (width + GAP)
        top = 1 - place // COLUMNS * (height + drop)
        end = 1.03 * max(curve["spend"].max(), *(plan[f"{side}_spend"] for side in PLANS))
        domain = {
            "domain": (left, min(left + width, 1.0)),
            "anchor": y,
            "range": (-0.03 * end, end),
        }
        axes[f"xaxis{number}"] = XAXIS | domain
        axes[f"yaxis{number}"] = YAXIS | {"domain": (max(top - height, 0.0), top), "anchor": x}
        titles.append({
            "text": text(spoken(name)), "x": left + width / 2, "y": top, "xref": "paper",
            "yref": "paper", "xanchor": "center", "yanchor": "bottom", "showarrow": False,
            "font": {"size": 12},
        })  # fmt: skip
        if reach[name]:
            shaded.append({
                "type": "rect", "xref": x, "yref": f"{y} domain", "x0": 0, "y0": 0, "y1": 1,
                "x1": min(reach[name], end), "fillcolor": FAINT, "line": {"width": 0},
                "layer": "below",
            })  # fmt: skip
    look = figure(height=60 + 190 * rows).layout
    # at once: Plotly's own panels, filled one by one, take four times as long, a slider's answer
    return go.Figure(
        traces,
        {
            **axes, "annotations": titles, "shapes": shaded, "height": look.height,
            "margin": {**look.margin.to_plotly_json(), "t": 28}, "showlegend": False,
            "hoverlabel": look.hoverlabel, "dragmode": False,
        },
    )  # fmt: skip


def _curve(curve: pl.DataFrame) -> list[dict]:
    """Return the band of a channel's response and its median."""
    spend = curve["spend"].to_list()
    return [
        {"x": [*spend, *reversed(spend)], "y": [*curve["high"], *reversed(curve["low"].to_list())],
         "fill": "toself", "fillcolor": BAND[BLUE], "line": {"width": 0}, "hoverinfo": "skip"},
        {"x": curve["spend"], "y": curve["median"], "mode": "lines",
         "line": {"color": BLUE, "width": 2},
         "customdata": curve.select("low", "high").rows(),
         "hovertemplate": "%{x:,.0f} spent: %{y:,.0f} streams<br>"
                          "90 %: %{customdata[0]:,.0f} to %{customdata[1]:,.0f}<extra></extra>"},
    ]  # fmt: skip


def _stands(plan: dict) -> list[dict]:
    """Return where both plans stand on a channel's response."""
    return [
        {"x": [plan[f"{side}_spend"]], "y": [plan[f"{side}_median"]], "mode": "markers",
         "marker": {"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2}},
         "hovertemplate": f"{title}: %{{x:,.0f}} spent, %{{y:,.0f}} streams<extra></extra>",
         "cliponaxis": False}
        for side, title, colour, symbol in (
            ("current", "Current plan", GREY, "circle-open"),
            ("scenario", "Scenario", ORANGE, "circle"),
        )
    ]  # fmt: skip


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
