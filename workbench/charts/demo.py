"""Figures of a demo: its place on the mood map of the label's songs."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.charts.moods import lead, mood_map
from workbench.lyrics.demo import DemoPlace


def place_map(place: DemoPlace, *, dark: bool = False) -> go.Figure:
    """Draw the map of moods with the demo on it, with its 90 % intervals over lines.

    `dark` is the background. The demo's own point carries no row.
    """
    figure = mood_map(place.roster)
    demo = place.demo.row(0, named=True)
    ink = theme.INK_DARK if dark else theme.INK
    figure.add_scatter(
        x=[demo["valence"]], y=[demo["arousal"]],
        error_x=_interval(demo, "valence", ink), error_y=_interval(demo, "arousal", ink),
        mode="markers+text", text=["<b>this demo</b>"], textposition="top right",
        textfont={"color": ink, "size": 13}, name="this demo", showlegend=False,
        marker={"symbol": "star", "size": 20, "color": theme.MOOD_COLOURS[demo["lead"]],
                "line": {"width": 1.5, "color": ink}},
        hovertext=[
            f"<b>this demo</b><br>{lead(demo)}<br>"
            f"valence {demo['valence']:.2f}, arousal {demo['arousal']:.2f}"
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    return figure


def _interval(demo: dict, axis: str, ink: str) -> dict:
    """Return the error bar of one axis; without one where too few lines stand behind it."""
    low, middle, high = demo[f"{axis}_low"], demo[axis], demo[f"{axis}_high"]
    if low is None or high is None:
        return {"visible": False}
    return {
        "type": "data", "symmetric": False, "array": [high - middle], "color": ink,
        "arrayminus": [middle - low], "thickness": 1.2, "width": 4,
    }  # fmt: skip
