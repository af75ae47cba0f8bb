"""Moods over the years or decades of release, family by family on one scale."""

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb
from plotly.subplots import make_subplots

from workbench.charts import theme
from workbench.lyrics.families import CARRIED
from workbench.lyrics.groups import UNKNOWN, GroupMoods

_WIDE = 4  # figures side by side


def known_times(moods: GroupMoods) -> list[str]:
    """Return the years or decades that have scored songs, the oldest first."""
    rows = moods.groups.iter_rows(named=True)
    return sorted(row["key"] for row in rows if row["songs"] and row["key"] != UNKNOWN)


def mood_times(moods: GroupMoods) -> go.Figure:
    """Draw the mean share of each family over time, with 90 % bands over songs."""
    times = known_times(moods)
    years = [int(time.removesuffix("s")) for time in times]  # a year without songs is a gap
    cells = {(row["key"], row["family"]): row for row in moods.shares.iter_rows(named=True)}
    high = -(-len(CARRIED) // _WIDE)
    figure = make_subplots(
        rows=high, cols=_WIDE, shared_xaxes=True, shared_yaxes=True, subplot_titles=CARRIED,
        vertical_spacing=0.09, horizontal_spacing=0.02, figure=theme.figure(height=130 * high + 40),
    )  # fmt: skip
    for place, family in enumerate(CARRIED):
        rows = [cells[time, family] for time in times]
        at = {"row": place // _WIDE + 1, "col": place % _WIDE + 1}
        colour = theme.MOOD_COLOURS[family]
        red, green, blue = hex_to_rgb(colour)
        sure = [
            (year, row) for year, row in zip(years, rows, strict=True) if row["low"] is not None
        ]
        figure.add_scatter(
            x=[*(year for year, _ in sure), *(year for year, _ in reversed(sure))],
            y=[*(row["high"] for _, row in sure), *(row["low"] for _, row in reversed(sure))],
            fill="toself", fillcolor=f"rgba({red}, {green}, {blue}, 0.2)", mode="lines",
            line={"width": 0}, hoverinfo="skip", showlegend=False, **at,
        )  # fmt: skip
        figure.add_scatter(
            x=years, y=[row["share"] for row in rows], mode="lines+markers", showlegend=False,
            line={"color": colour, "width": 2}, marker={"size": 5},
            hovertext=[_told(time, row) for time, row in zip(times, rows, strict=True)],
            hovertemplate="%{hovertext}<extra></extra>", **at,
        )  # fmt: skip
    figure.update_xaxes(showgrid=False, nticks=4, tickangle=0, tickformat="d")
    seen = [cells[time, family] for time in times for family in CARRIED]
    held = [row[name] for row in seen for name in ("share", "high") if row[name] is not None]
    theme.percent_axis(figure.update_yaxes, [0.0, *held])
    figure.update_yaxes(gridcolor=theme.FAINT, zeroline=False, range=[0, 1.05 * max(held)])
    figure.update_annotations(font={"size": 12})
    figure.update_layout(margin={"t": 26})
    return figure


def _told(time: str, row: dict) -> str:
    interval = (
        "too few songs for an interval"
        if row["low"] is None
        else f"90 % interval {theme.percent(row['low'])} to {theme.percent(row['high'])}"
    )
    return (
        f"<b>{row['family']}, {time}</b><br>{theme.percent(row['share'])} of the lines, "
        f"{row['songs']} songs<br>{interval}"
    )
