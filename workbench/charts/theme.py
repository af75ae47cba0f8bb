"""The look of every figure: colours, fonts, margins. No other file names a colour."""

import html
from collections.abc import Callable, Iterable
from math import ceil, floor

import plotly.graph_objects as go

# Okabe and Ito's palette: told apart by colour-blind eyes, readable on light and dark.
BLUE = "#2E86C1"
ORANGE = "#E08A1E"
GREY = "#8A8F98"
FAINT = "rgba(138, 143, 152, 0.25)"
# Text over a tint, where the page's own grey would be too faint: on light and on dark.
INK = "#1F2430"
INK_DARK = "#F1F3F6"
NO_TINT = "rgba(138, 143, 152, 0.07)"
ACCENT = BLUE
SERIES = ("#2E86C1", "#E08A1E", "#1B9E77", "#B15E9C", "#C2A500", "#6BAED6", "#D6604D", "#8A8F98")
SEQUENTIAL = ((0.0, "rgba(46, 134, 193, 0.08)"), (1.0, BLUE))

MOOD_COLOURS = {
    "joy": "#E6B800",
    "love": "#D6477C",
    "desire": "#C0392B",
    "hope": "#5BAE5B",
    "pride": "#E08A1E",
    "calm": "#3AA6A0",
    "longing": "#8E6BBF",
    "sadness": "#3B6FB6",
    "anger": "#A63C1E",
    "fear": "#5D4A7E",
    "playfulness": "#F2845C",
    "reflection": "#7A8B99",
    "neutral": "#A9ADB5",
    "unclear": "#C9CCD1",
}

HEIGHT = 360
# Distances between the marks of an axis in percent.
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def figure(*, height: int = HEIGHT, x: str = "", y: str = "") -> go.Figure:
    """Return an empty figure in the house's look.

    Parameters
    ----------
    height : pixels. x, y : axis titles with their unit.
    """
    # At once: an update of a figure that stands takes Plotly eight times as long.
    return go.Figure(
        layout={
            "height": height,
            # at the right there is room for half of the last mark's label, which would be left out
            "margin": {"l": 8, "r": 20, "t": 8, "b": 8},
            "colorway": list(SERIES),
            "hoverlabel": {"align": "left"},
            "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0.0},
            "hovermode": "closest",
            "dragmode": False,
            "xaxis": {"title": x or None, "showgrid": False, "zeroline": False, "automargin": True},
            "yaxis": {
                "title": y or None, "gridcolor": FAINT, "zeroline": False, "automargin": True,
            },
        }
    )  # fmt: skip


def text(value: object) -> str:
    """Return a name as Plotly may show it: its markup taken as letters, not obeyed."""
    return html.escape(str(value), quote=False)


def percent(share: float | None, decimals: int = 0, *, sign: bool = False) -> str:
    """Return 0.124 as 12 %, with a sign as +12 %; a dash where nothing is known."""
    if share is None:
        return "–"
    value = round(100 * share, decimals) + 0.0  # never −0
    return f"{value:{'+' if sign and value else ''},.{decimals}f} %"


def percent_axis(update: Callable, shares: Iterable[float | None], *, sign: bool = False) -> None:
    """Write an axis of shares in percent as the house does; Plotly's own has no space.

    Parameters
    ----------
    update : figure.update_xaxes or figure.update_yaxes. shares : all that the axis must hold.
    """
    known = [share for share in shares if share is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    step = next((s for s in STEPS if (high - low) / s <= 6), STEPS[-1])
    first, last = floor(low / step), ceil(high / step)
    ticks = [place * step for place in range(first, last + 1)]
    decimals = 0 if step >= 0.01 else 1
    update(tickvals=ticks, ticktext=[percent(tick, decimals, sign=sign) for tick in ticks])


def short(value: float | None) -> str:
    """Return a number as people read it: 950, 12.4k, 1.2M; a dash where nothing is known."""
    if value is None:
        return "–"
    for size, unit in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.1f}{unit}"
    return f"{round(value, 0) + 0.0:,.0f}"  # never −0
