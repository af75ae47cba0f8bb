"""Figures of the mood gap: what clusters play against what is offered, and mood by performance."""

import plotly.graph_objects as go

from workbench.audience.mood_gap import FEW, NOISE, PLENTY, WANTED, MoodGap
from workbench.charts import theme
from workbench.lyrics.families import CARRIED
from workbench.lyrics.mood_performance import MoodPerformance

# Pixels across of a mood that is all that a cluster plays.
_WIDEST = 46
_COLOURS = {WANTED: theme.BLUE, PLENTY: theme.ORANGE, NOISE: theme.GREY, FEW: theme.GREY}
# Through what is not sure its ring can be seen.
_OPACITY = {WANTED: 0.9, PLENTY: 0.9, NOISE: 0.4, FEW: 0.15}
_SAID = {
    WANTED: "more than its artists offer",
    PLENTY: "less than its artists offer",
    NOISE: "within noise",
    FEW: "too few songs to judge",
}


def gap_dots(found: MoodGap) -> go.Figure:
    """Draw clusters by moods: a dot as large as the mood's share of listening, a ring as its offer.

    Blue is wanted beyond the offer, orange less than offered, grey within noise; hidden cells are
    empty.
    """
    rows = found.cells.drop_nulls("gap").to_dicts()
    names = [row["name"] for row in found.segments.to_dicts() if not row["left_out"]]
    names = ["All clusters", *reversed(names)]
    figure = theme.figure(height=120 + 44 * max(len(names), 2))
    most = max([0.01, *(max(row["demand"], row["offered"]) for row in rows)])
    for verdict in _COLOURS:
        own = [row for row in rows if row["verdict"] == verdict]
        if own:
            figure.add_trace(_dots(own, most, verdict))
    figure.add_scatter(
        x=[row["mood"] for row in rows],
        y=[theme.text(row["name"]) for row in rows],
        mode="markers",
        name="offered by the artists it plays",
        hoverinfo="skip",
        marker={
            "symbol": "circle-open",
            "color": theme.GREY,
            "size": [_across(row["offered"], most) for row in rows],
            "line": {"width": 2},
        },
    )
    figure.update_xaxes(categoryorder="array", categoryarray=list(CARRIED), side="top")
    figure.update_yaxes(categoryorder="array", categoryarray=[theme.text(name) for name in names])
    figure.update_layout(
        legend={"yanchor": "top", "y": -0.02, "itemsizing": "constant"}, margin={"t": 30}
    )
    return figure


def _across(share: float, most: float) -> float:
    """Return the diameter of a share in pixels: its area is the share."""
    return max(_WIDEST * (max(share, 0.0) / most) ** 0.5, 3.0)


def _dots(rows: list[dict], most: float, verdict: str) -> go.Scatter:
    return go.Scatter(
        x=[row["mood"] for row in rows],
        y=[theme.text(row["name"]) for row in rows],
        mode="markers",
        name=f"played: {_SAID[verdict]}",
        hovertext=[_told(row) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "color": _COLOURS[verdict],
            "size": [_across(row["demand"], most) for row in rows],
            "line": {"width": 0},
            "opacity": _OPACITY[verdict],
        },
    )


def _told(row: dict) -> str:
    whole = f", {theme.percent(row['demand'], 1)} of listening"
    offered = f"its artists offer {theme.percent(row['offered'], 1)}"
    points = [100 * row[name] + 0.0 for name in ("gap", "gap_low", "gap_high")]
    return (
        f"<b>{theme.text(row['name'])}</b><br>{row['mood']}{whole}; {offered}<br>"
        f"gap {points[0]:+.1f} points (90 %: {points[1]:+.1f} to {points[2]:+.1f}), "
        f"{_SAID[row['verdict']]}<br>"
        f"{row['listeners']:,} listeners, {row['songs']} songs on offer, {row['planned']} planned"
    )


def mood_effects(found: MoodPerformance, *, outcome: str = "saves") -> go.Figure:
    """Draw how songs of each mood differ from others of their artists, with 90 % intervals."""
    known = found.effects.drop_nulls("effect").sort("effect", "mood").to_dicts()
    rows = [row for row in known if row["outcome"] == outcome]
    figure = theme.figure(
        height=110 + 30 * max(len(rows), 2),
        x="Difference to other songs of the same artists, in points",
    )
    figure.add_scatter(
        x=[100 * row["effect"] for row in rows],
        y=[f"{row['mood']} · {row['songs']} songs" for row in rows],
        mode="markers",
        marker={
            "size": 10,
            "color": [
                theme.GREY if not row["apart"] else theme.BLUE if row["effect"] > 0
                else theme.ORANGE
                for row in rows
            ],
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * (row["high"] - row["effect"]) for row in rows],
            "arrayminus": [100 * (row["effect"] - row["low"]) for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[
            [row["mood"], 100 * row["low"], 100 * row["high"], row["songs"], row["artists"]]
            for row in rows
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{x:+.2f} points (90 %: %{customdata[1]:+.2f} to "
        "%{customdata[2]:+.2f})<br>%{customdata[3]} songs of %{customdata[4]} artists"
        "<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    figure.update_yaxes(showgrid=False)
    return figure
