"""Figures of one artist: the line with its marks, where streams came from, markets."""

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from workbench.charts import theme
from workbench.listening.artist import Artist
from workbench.listening.change import FALL, RISE
from workbench.listening.marks import CAMPAIGNS, LANES, PLAYLISTS, RELEASES
from workbench.listening.panel import SOURCE_TITLES
from workbench.tables.plays import INTENTIONAL, PROGRAMMED

DIRECTION = {RISE: theme.BLUE, FALL: theme.ORANGE}
FEW = 7
LANE_COLOURS = {RELEASES: theme.SERIES[3], PLAYLISTS: theme.SERIES[2], CAMPAIGNS: theme.SERIES[4]}


def timeline(artist: Artist) -> go.Figure:
    """Draw streams by day with their week's mean, or by week; what happened beneath.

    Points of a line by day carry their day, so that a click can open it.
    """
    marks = artist.marks.to_dicts()
    lanes = [lane for lane in LANES if any(mark["lane"] == lane for mark in marks)]
    share = 0.13 * len(lanes)
    figure = theme.figure(height=340 + 55 * len(lanes))
    if artist.step > 1:
        _by_week(figure, artist)
    else:
        _by_day(figure, artist)
    title = "Streams a week" if artist.step > 1 else "Streams a day"
    figure.update_yaxes(title=title, rangemode="tozero", domain=[share + 0.03, 1])
    if lanes:
        _lanes(figure, marks, lanes, share)
    return figure


def _by_day(figure: go.Figure, artist: Artist) -> None:
    days = artist.line["day"].to_list()
    figure.add_scatter(
        x=days, y=artist.line["streams"].to_list(), customdata=[str(day) for day in days],
        mode="markers", marker={"size": 4, "color": theme.GREY, "opacity": 0.45}, name="Day",
        hovertemplate="%{x|%a %d %b %Y}: %{y:,.0f} streams<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=days, y=artist.line["mean_7"].to_list(), mode="lines", name="Mean of 7 days",
        line={"color": theme.ACCENT, "width": 2}, hoverinfo="skip", connectgaps=False,
    )  # fmt: skip


def _by_week(figure: go.Figure, artist: Artist) -> None:
    # A week beside unknown ones is a point and no line, so both are drawn.
    figure.add_scatter(
        x=artist.line["day"].to_list(), y=artist.line["streams"].to_list(), name="Week",
        mode="lines+markers", line={"color": theme.ACCENT, "width": 2}, marker={"size": 4},
        hovertemplate="Week to %{x|%a %d %b %Y}: %{y:,.0f} streams<extra></extra>",
        connectgaps=False,
    )  # fmt: skip


def sources(artist: Artist) -> go.Figure:
    """Draw where streams came from by steps of 28 days; blue was chosen, orange was served."""
    figure = theme.figure(height=380)
    shades = {name: 1 - 0.22 * place for place, name in enumerate(INTENTIONAL)}
    shades |= {name: 1 - 0.3 * place for place, name in enumerate(PROGRAMMED)}
    steps = artist.mix.partition_by("source", as_dict=True)
    for name, title in SOURCE_TITLES.items():
        rows = steps.get((name,))
        if rows is None or not rows["share"].sum():
            continue
        base = theme.BLUE if name in INTENTIONAL else theme.ORANGE
        figure.add_bar(
            x=rows["step_end"].to_list(),
            y=rows["share"].to_list(),
            customdata=[
                [theme.percent(share), listeners]
                for share, listeners in rows.select("share", "listeners").iter_rows()
            ],
            name=title,
            marker={"color": _shade(base if name in shades else theme.GREY, shades.get(name, 0.5))},
            hovertemplate=f"{title}: %{{customdata[0]}} of the 28 days to %{{x|%d %b %Y}}"
            "<br>%{customdata[1]} listeners in the panel<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.06, legend={"traceorder": "normal"})
    figure.update_yaxes(range=[0, 1])
    theme.percent_axis(figure.update_yaxes, [0.0, 1.0])
    return figure


def markets(artist: Artist) -> go.Figure:
    """Draw the change of each market with its interval, the largest market on top."""
    rows = [row for row in artist.markets.iter_rows(named=True) if row["streams"]]
    figure = theme.figure(height=max(120, min(380, 90 + 26 * len(rows))))
    shown = [row for row in rows if row["low"] is not None]
    figure.add_scatter(
        x=[row["change"] for row in shown],
        y=[_market(row) for row in shown],
        mode="markers",
        marker={
            "size": 9,
            "color": [DIRECTION.get(row["evidence"], theme.GREY) for row in shown],
        },
        error_x={
            "type": "data",
            "array": [row["high"] - row["change"] for row in shown],
            "arrayminus": [row["change"] - row["low"] for row in shown],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        hovertext=[_market_hover(row) for row in shown],
        hoverinfo="text",
        showlegend=False,
    )
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})
    theme.percent_axis(
        figure.update_xaxes, [row[end] for row in shown for end in ("low", "high")], sign=True
    )
    figure.update_yaxes(
        categoryorder="array", categoryarray=[_market(row) for row in reversed(rows)],
        showgrid=False,
    )  # fmt: skip
    return figure


def _lanes(figure: go.Figure, marks: list[dict], lanes: list[str], share: float) -> None:
    few = sum(mark["lane"] == RELEASES for mark in marks) <= FEW
    for mark in marks:
        point = mark["start"] == mark["end"]
        what = f"{mark['what']}: {mark['track']}" if mark["what"] != mark["track"] else mark["what"]
        until = "" if point else f" to {mark['end']:%d %b %Y}"
        hover = f"<b>{theme.text(what)}</b><br>{theme.text(mark['detail'])}"
        hover += f"<br>{mark['start']:%d %b %Y}"
        figure.add_scatter(
            x=[mark["start"], mark["end"]],
            y=[mark["lane"]] * 2,
            yaxis="y2",
            mode="markers" if point else "lines",
            line={"color": LANE_COLOURS[mark["lane"]], "width": 9},
            marker={"color": LANE_COLOURS[mark["lane"]], "size": 10, "symbol": "diamond"},
            opacity=0.85 if point else 0.55,
            hovertext=f"{hover}{until}{', goes on' if mark['open'] else ''}",
            hoverinfo="text",
            showlegend=False,
        )
        if mark["lane"] == RELEASES:
            if few:
                figure.add_annotation(
                    x=mark["start"], y=mark["lane"], yref="y2", text=theme.text(mark["what"]),
                    showarrow=False, xanchor="left", xshift=8, font={"size": 11},
                )  # fmt: skip
            figure.add_vline(
                x=mark["start"], line={"color": theme.GREY, "width": 1, "dash": "dot"}, opacity=0.5
            )
    figure.update_layout(
        yaxis2={
            "domain": [0, share],
            "categoryorder": "array",
            "categoryarray": list(reversed(lanes)),
            "range": [-0.6, len(lanes) - 0.4],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        }
    )


def _shade(colour: str, share: float) -> str:
    """A colour of the theme as strong as a share of it; unlike an opacity it shows in a legend."""
    red, green, blue = hex_to_rgb(colour)
    return f"rgba({red}, {green}, {blue}, {share:.2f})"


def _market(row: dict) -> str:
    return f"{row['country']} · {theme.short(row['streams'])}"


def _market_hover(row: dict) -> str:
    people = "" if row["listeners"] is None else f"<br>{row['listeners']} listeners in the panel"
    return (
        f"<b>{row['country']}</b>: {row['streams']:,} streams, {row['before']:,} before"
        f"<br>{theme.percent(row['change'], 1, sign=True)} "
        f"({theme.percent(row['low'], sign=True)} to {theme.percent(row['high'], sign=True)})"
        f"{people}"
    )
