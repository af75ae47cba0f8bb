"""Figures of the calendar: releases on the season, and what each Friday would do."""

import plotly.graph_objects as go
import polars as pl

from workbench.charts import theme
from workbench.promotion.calendar import Calendar
from workbench.promotion.dates import Dates

BAND = "rgba(46, 134, 193, 0.18)"
LINES = (
    ("against", "first 8 weeks", theme.BLUE, "solid"),
    ("season", "without clashes", theme.SERIES[5], "dot"),
    ("fixed", "until one fixed day", theme.ORANGE, "dash"),
    ("life", "two years", theme.GREY, "dot"),
)


def releases_on_season(calendar: Calendar, season: pl.DataFrame) -> go.Figure:
    """Draw the season of streams, and own releases by week on it."""
    made = theme.figure(height=300, y="Streams by season, against the mean")
    edges = ("index", "low", "high")
    rows = [row | {name: row[name] - 1 for name in edges} for row in season.to_dicts()]
    weeks = [row["week"] for row in rows]
    made.add_scatter(
        x=[*weeks, *reversed(weeks)],
        y=[*(row["high"] for row in rows), *(row["low"] for row in reversed(rows))],
        fill="toself", fillcolor=BAND, line={"width": 0}, mode="lines", hoverinfo="skip",
        name="90 % interval", showlegend=False,
    )  # fmt: skip
    made.add_scatter(
        x=weeks, y=[row["index"] for row in rows], mode="lines", name="season",
        line={"color": theme.BLUE, "width": 2},
        customdata=[[row["low"], row["high"]] for row in rows],
        hovertemplate="week of %{x|%d %b %Y}<br>%{y:+.1%} (%{customdata[0]:+.1%} to "
        "%{customdata[1]:+.1%})<extra></extra>",
    )  # fmt: skip
    floor, top = min(row["low"] for row in rows), max(row["high"] for row in rows)
    step = (top - floor) * 0.09
    placed = _stacked(calendar.releases)
    for planned, name, colour in ((False, "out", theme.GREY), (True, "planned", theme.ORANGE)):
        points = [row for row in placed if row["planned"] == planned]
        made.add_scatter(
            x=[row["week"] for row in points],
            y=[floor - step * (1 + row["place"]) for row in points],
            mode="markers", name=name, marker={"color": colour, "size": 9},
            text=[
                f"<b>{theme.text(row['title'])}</b><br>{theme.text(row['artist'] or '')}"
                f"<br>{row['date']:%a %d %b %Y}"
                for row in points
            ],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    theme.percent_axis(made.update_yaxes, [floor, top], sign=True)
    made.add_vline(x=calendar.today.isoformat(), line={"color": theme.GREY, "width": 1})
    return made


def _stacked(releases: pl.DataFrame) -> list[dict]:
    """Return releases with their place among those of the same week."""
    return releases.with_columns(place=pl.int_range(pl.len()).over("week")).to_dicts()


def fridays(found: Dates) -> go.Figure:
    """Draw streams of each Friday over those of the planned one, four ways of counting."""
    made = theme.figure(height=360, y="Streams against the planned date")
    rows = found.dates.to_dicts()
    days = [row["date"] for row in rows]
    made.add_scatter(
        x=[*days, *reversed(days)],
        y=[*(row["against_high"] for row in rows),
           *(row["against_low"] for row in reversed(rows))],
        fill="toself", fillcolor=BAND, line={"width": 0}, mode="lines", hoverinfo="skip",
        name="90 % interval", showlegend=False,
    )  # fmt: skip
    for name, title, colour, dash in LINES:
        made.add_scatter(
            x=days, y=[row[f"{name}_median"] for row in rows], mode="lines", name=title,
            line={"color": colour, "dash": dash, "width": 2},
            customdata=[[row[f"{name}_low"], row[f"{name}_high"]] for row in rows],
            hovertemplate="%{x|%a %d %b %Y}<br>" + title + ": %{y:+.1%} (%{customdata[0]:+.1%} to "
            "%{customdata[1]:+.1%})<extra></extra>",
        )  # fmt: skip
    marks = (("planned", "planned date", "diamond"), ("best", "best", "star"))
    for kind, title, symbol in marks:
        row = next(r for r in rows if (r["planned"] if kind == "planned" else r["rank"] == 1))
        made.add_scatter(
            x=[row["date"]], y=[row["against_median"]], mode="markers", name=title,
            marker={"color": theme.BLUE, "size": 12, "symbol": symbol}, hoverinfo="skip",
        )  # fmt: skip
    drawn = [f"{name}_median" for name, *_ in LINES] + ["against_low", "against_high"]
    shares = [row[name] for row in rows for name in drawn]
    theme.percent_axis(made.update_yaxes, shares, sign=True)
    return made
