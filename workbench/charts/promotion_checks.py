"""Figures of the checks of the promotion model: held weeks, ranges, residuals, prior and after."""

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.charts.promotion import BAND, spoken
from workbench.charts.theme import BLUE, FAINT, GREY, ORANGE, figure, percent, percent_axis, text
from workbench.promotion.checks import Checks, Health

TOLD = (("naive", "A year before, or as last", GREY, "dot"),
        ("without", "The model without promotion", ORANGE, "dash"),
        ("model", "The model", BLUE, "solid"))  # fmt: skip
INK = "rgba(128, 128, 128, 0.95)"
PARAMETERS = {"effect": "Streams of a usual week", "carry": "Left a week later", "bend": "Bend"}


def held_line(checks: Checks) -> go.Figure:
    """Draw streams by week, and the last weeks as they were told without having been seen."""
    weeks = checks.held_weeks
    after = weeks.drop_nulls("model")
    made = figure(y="Streams a week of the songs judged")
    made.add_scatter(
        x=[*after["week"], *reversed(after["week"].to_list())],
        y=[*after["high"], *reversed(after["low"].to_list())],
        fill="toself", fillcolor=BAND[BLUE], line={"width": 0}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    for column, name, colour, dash in TOLD:
        made.add_scatter(
            x=after["week"], y=after[column], name=name, mode="lines",
            line={"color": colour, "dash": dash, "width": 2}, hovertemplate="%{y:,.0f}",
        )  # fmt: skip
    made.add_scatter(
        x=weeks["week"], y=weeks["streams"], name="As they came", mode="lines+markers",
        line={"color": INK, "width": 1.5}, marker={"size": 5}, hovertemplate="%{y:,.0f}",
    )  # fmt: skip
    made.update_layout(hovermode="x unified")
    return made


def inside_dots(checks: Checks) -> go.Figure:
    """Draw which share of observed weeks lies in the middle 50 % and 90 % of weeks drawn."""
    rows = checks.inside.to_dicts()[::-1]
    names = [text(row["name"]) for row in rows]
    made = figure(height=70 + 24 * len(rows))
    for column, share, colour in (("inside_50", 0.5, ORANGE), ("inside_90", 0.9, BLUE)):
        made.add_vline(x=share, line={"color": colour, "dash": "dot", "width": 1})
        made.add_scatter(
            x=[row[column] for row in rows], y=names, mode="markers",
            name=f"inside the middle {percent(share)}", marker={"color": colour, "size": 10},
            customdata=[[percent(row[column]), row["weeks"]] for row in rows],
            hovertemplate="%{y}: %{customdata[0]} of %{customdata[1]:,} weeks<extra></extra>",
        )  # fmt: skip
    percent_axis(made.update_xaxes, [0.0, 1.0])
    made.update_xaxes(range=[0, 1.03])
    return made


def residual_band(checks: Checks) -> go.Figure:
    """Draw how far songs were from what the fit expects, week by week: median and 90 %."""
    weeks = checks.residual_weeks
    made = figure(height=240, y="Off what is expected")
    made.add_scatter(
        x=[*weeks["week"], *reversed(weeks["week"].to_list())],
        y=[*weeks["high"], *reversed(weeks["low"].to_list())],
        fill="toself", fillcolor=BAND[GREY], line={"width": 0}, hoverinfo="skip",
    )  # fmt: skip
    made.add_scatter(
        x=weeks["week"], y=weeks["median"], mode="lines", line={"color": BLUE, "width": 2},
        customdata=[[percent(row["median"], 1, sign=True), row["tracks"]]
                    for row in weeks.to_dicts()],
        hovertemplate="%{x|%d %b %Y}: %{customdata[0]}, median of %{customdata[1]} songs"
        "<extra></extra>",
    )  # fmt: skip
    made.add_hline(y=0, line={"color": FAINT, "width": 1})
    made.update_layout(showlegend=False)
    percent_axis(made.update_yaxes, [*weeks["low"], *weeks["high"]], sign=True)
    return made


def before_and_after(health: Health) -> go.Figure:
    """Draw what was believed of each channel before the data and after: medians and 90 %."""
    names = health.beliefs["channel"].unique().sort(descending=True).to_list()
    made = make_subplots(
        cols=len(PARAMETERS), subplot_titles=list(PARAMETERS.values()), shared_yaxes=True,
        horizontal_spacing=0.03,
    )  # fmt: skip
    for place, parameter in enumerate(PARAMETERS, 1):
        rows = {r["channel"]: r for r in health.beliefs.to_dicts() if r["parameter"] == parameter}
        for step, edge, name, colour in (
            (0.16, "prior_", "Before the data", GREY), (-0.16, "", "After", BLUE),
        ):  # fmt: skip
            held = [rows[one] for one in names]
            middle = [row[f"{edge}median"] for row in held]
            made.add_scatter(
                x=middle, y=[i + step for i in range(len(names))], mode="markers", name=name,
                legendgroup=name, showlegend=place == 1,
                marker={"color": colour, "size": 8},
                error_x={
                    "type": "data", "symmetric": False, "width": 0, "thickness": 2.5,
                    "color": colour,
                    "array": [row[f"{edge}high"] - m for row, m in zip(held, middle, strict=True)],
                    "arrayminus": [m - row[f"{edge}low"]
                                   for row, m in zip(held, middle, strict=True)],
                },
                customdata=[[text(spoken(row["channel"])), row[f"{edge}low"], row[f"{edge}high"]]
                            for row in held],
                hovertemplate=f"%{{customdata[0]}}, {name.lower()}: %{{x:,.3~g}} "
                "(%{customdata[1]:,.3~g} to %{customdata[2]:,.3~g})<extra></extra>",
                row=1, col=place,
            )  # fmt: skip
    look = figure(height=100 + 34 * len(names)).layout
    made.update_layout(
        height=look.height, margin={**look.margin.to_plotly_json(), "t": 50},
        hoverlabel=look.hoverlabel, dragmode=False,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.12, "x": 0.0},
    )  # fmt: skip
    made.update_xaxes(gridcolor=FAINT, zeroline=False, nticks=5)
    made.update_xaxes(type="log", dtick=1, tickformat="~s", col=1)
    made.update_yaxes(
        tickvals=list(range(len(names))), ticktext=[text(spoken(name)) for name in names],
        showgrid=False, zeroline=False, automargin=True,
    )  # fmt: skip
    made.update_annotations(font_size=12)
    return made


def event_dots(health: Health) -> go.Figure:
    """Draw what a kind of event was believed to do before the data and after: medians and 90 %."""
    rows = health.events.reverse().to_dicts()
    made = figure(
        height=110 + 34 * len(rows), x="Times the song's own streams, a week that it fills"
    )
    for step, edge, name, colour in (
        (0.16, "prior_", "Before the data", GREY), (-0.16, "", "After", BLUE),
    ):  # fmt: skip
        middle = [row[f"{edge}median"] for row in rows]
        made.add_scatter(
            x=middle, y=[i + step for i in range(len(rows))], mode="markers", name=name,
            marker={"color": colour, "size": 8},
            error_x={
                "type": "data", "symmetric": False, "width": 0, "thickness": 2.5, "color": colour,
                "array": [row[f"{edge}high"] - m for row, m in zip(rows, middle, strict=True)],
                "arrayminus": [m - row[f"{edge}low"] for row, m in zip(rows, middle, strict=True)],
            },
            customdata=[[text(spoken(row["kind"])), row[f"{edge}low"], row[f"{edge}high"]]
                        for row in rows],
            hovertemplate=f"%{{customdata[0]}}, {name.lower()}: %{{x:.2f}} "
            "(%{customdata[1]:.2f} to %{customdata[2]:.2f})<extra></extra>",
        )  # fmt: skip
    made.add_vline(x=1, line={"color": INK, "dash": "dot", "width": 1})
    made.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[text(spoken(row["kind"])) for row in rows],
        showgrid=False,
    )  # fmt: skip
    return made
