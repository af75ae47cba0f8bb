"""Figures of the audience: the map of Taste clusters, two clusters side by side, tiers."""

import plotly.graph_objects as go

from workbench.audience.platform_tiers import PlatformTiers
from workbench.audience.segments import Clusters, Comparison
from workbench.audience.tiers import Tiers
from workbench.charts import theme

# Twelve clusters may be offered: the series colours first, then the same with another symbol.
SYMBOLS = ("circle", "diamond")
TIER_TITLES = {
    "super": "Super",
    "moderate": "Moderate",
    "light": "Light",
    "previously_active": "Previously active",
    "programmed": "Programmed",
    "unknown": "Source unknown",
    "passive": "Not intentional",
    "never": "Not active so far",
    "left": "Left",
}
TIER_COLOURS = {
    "super": theme.SERIES[0],
    "moderate": theme.SERIES[5],
    "light": theme.SERIES[2],
    "passive": theme.GREY,
}
_HISTORY = ("super", "moderate", "light", "passive")


def segment_colours(count: int) -> list[tuple[str, str]]:
    """Return colour and symbol of each cluster, in the order of their numbers."""
    palette = theme.SERIES[:-1]
    return [(palette[i % len(palette)], SYMBOLS[i // len(palette)]) for i in range(count)]


def segment_map(found: Clusters) -> go.Figure:
    """Draw the map: a dot is a group of listeners with alike taste, its area their number."""
    figure = theme.figure(height=460)
    names = dict(found.cards.select("segment", "name").iter_rows())
    looks = dict(zip(names, segment_colours(len(names)), strict=True))
    parts = found.places.partition_by("segment", as_dict=True, maintain_order=True)
    for segment in sorted(s for (s,) in parts):
        rows = parts[(segment,)]
        colour, symbol = looks.get(segment, (theme.GREY, "circle"))
        name = theme.text(names.get(segment, "Unassigned"))
        figure.add_scatter(
            x=rows["x"].to_list(),
            y=rows["y"].to_list(),
            mode="markers",
            name=name,
            customdata=[[segment, n] for n in rows["listeners"]],
            marker={
                "color": colour,
                "symbol": symbol,
                "size": [0.5 * n**0.5 + 4 for n in rows["listeners"]],
                "opacity": 0.75 if segment >= 0 else 0.35,
                "line": {"width": 0},
            },
            hovertemplate=f"{name}<br>%{{customdata[1]}} listeners<extra></extra>",
        )
        if segment >= 0:
            # The name stands over its island, where the eye is; a legend would be a second place.
            # Genre over artist: on one line it would be cut off where the window is narrow.
            figure.add_annotation(
                x=rows["x"].median(), y=rows["y"].quantile(0.9), yshift=22, showarrow=False,
                text=f"<b>{name.replace(' · ', '<br>')}</b>", font={"size": 12},
            )  # fmt: skip
    # Only nearness means anything here: axes would invite reading more.
    for update, column, room in (
        (figure.update_xaxes, "x", 0.18), (figure.update_yaxes, "y", 0.1),
    ):  # fmt: skip
        ends = found.places[column].min() or 0.0, found.places[column].max() or 0.0
        pad = room * (ends[1] - ends[0] or 1.0)
        update(visible=False, range=[ends[0] - pad, ends[1] + pad])
    if (-1,) in parts:
        figure.add_annotation(
            x=1, y=0, xref="paper", yref="paper", xanchor="right", showarrow=False,
            text="grey: unassigned", font={"size": 11},
        )  # fmt: skip
    figure.update_layout(showlegend=False)
    return figure


def stability(found: Clusters) -> go.Figure:
    """Draw how alike two halves of the listeners sort everybody, per number of clusters."""
    rows = found.stability
    figure = theme.figure(height=220, x="Number of clusters", y="Agreement of two halves")
    figure.add_scatter(
        x=rows["count"].to_list(),
        y=rows["agreement"].to_list(),
        error_y={"type": "data", "array": (2 * rows["error"]).to_list(), "width": 0},
        mode="lines+markers",
        line={"color": theme.GREY, "width": 1.5},
        marker={
            "size": [12 if count == found.count else 7 for count in rows["count"]],
            "color": [theme.ACCENT if chosen else theme.GREY for chosen in rows["chosen"]],
        },
        hovertemplate="%{x} clusters: %{y:.2f}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(range=[0, 1.05], tickformat=".1f")
    return figure


def comparison(found: Comparison) -> go.Figure:
    """Draw the over-index of two clusters with intervals, the widest gap on top."""
    rows = list(reversed(found.traits.to_dicts()))
    figure = theme.figure(height=120 + 34 * max(len(rows), 2), x="Over-index (100 is average)")
    labels = [f"{theme.text(row['name'])} <i>({row['kind']})</i>" for row in rows]
    for side, name, colour in (
        ("second", found.second, theme.ORANGE),
        ("first", found.first, theme.BLUE),
    ):
        values = [row[f"index_{side}"] for row in rows]
        figure.add_bar(
            y=labels,
            x=values,
            orientation="h",
            name=theme.text(name),
            marker={"color": colour, "opacity": 0.85},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [row[f"high_{side}"] - row[f"index_{side}"] for row in rows],
                "arrayminus": [row[f"index_{side}"] - row[f"low_{side}"] for row in rows],
                "color": theme.GREY,
                "thickness": 1.5,
                "width": 0,
            },
            customdata=[[row[f"low_{side}"], row[f"high_{side}"]] for row in rows],
            hovertemplate="%{y}<br>%{x:.0f} (%{customdata[0]:.0f} to %{customdata[1]:.0f})"
            f"<extra>{theme.text(name)}</extra>",
        )
    figure.add_vline(x=100, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    figure.update_layout(barmode="group", bargap=0.3, legend={"traceorder": "reversed"})
    figure.update_yaxes(showgrid=False)
    return figure


def tier_history(found: Tiers) -> go.Figure:
    """Draw monthly listeners by tier, by steps of 28 days."""
    figure = theme.figure(height=320, y="Listeners in 28 days")
    parts = found.history.partition_by("tier", as_dict=True, maintain_order=True)
    for tier in _HISTORY:
        rows = parts.get((tier,))
        if rows is None:
            continue
        figure.add_scatter(
            x=rows["day"].to_list(),
            y=rows["listeners"].to_list(),
            name=TIER_TITLES[tier],
            mode="lines",
            stackgroup="tiers",
            line={"color": TIER_COLOURS[tier], "width": 1},
            hovertemplate=f"{TIER_TITLES[tier]}: %{{y:,}} in the 28 days to %{{x|%d %b %Y}}"
            "<extra></extra>",
        )
    figure.update_yaxes(rangemode="tozero", tickformat=",")
    return figure


def tier_shares(found: Tiers) -> go.Figure:
    """Draw each tier's share of listeners, of streams and of buyers."""
    rows = list(reversed(found.sizes.to_dicts()))
    figure = theme.figure(height=110 + 46 * len(rows))
    titles = [TIER_TITLES[row["tier"]] for row in rows]
    series = (
        ("buyers_share", "Buyers", theme.SERIES[3]),
        ("streams_share", "Streams, 28 days", theme.ORANGE),
        ("share", "Listeners", theme.BLUE),
    )
    for column, name, colour in series:
        values = [row[column] for row in rows]
        if any(value is not None for value in values):
            figure.add_bar(
                y=titles, x=values, orientation="h", name=name, marker={"color": colour},
                customdata=[theme.percent(value, 1) for value in values],
                hovertemplate=f"%{{y}}: %{{customdata}} of {name.lower()}<extra></extra>",
            )  # fmt: skip
    held = [row[column] for row in rows for column, _, _ in series]
    theme.percent_axis(figure.update_xaxes, [0.0, *held])
    figure.update_xaxes(rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    figure.update_layout(barmode="group", bargap=0.25, legend={"traceorder": "reversed"})
    return figure


def market_growth(found: PlatformTiers) -> go.Figure:
    """Draw each market's change of streams against the 28 days before, with its interval."""
    rows = [row for row in found.markets.to_dicts() if row["low"] is not None]
    rows.reverse()
    figure = theme.figure(height=90 + 26 * max(len(rows), 3), x="Streams against 28 days before")
    names = [f"{theme.text(row['territory'])} · {theme.short(row['streams'])}" for row in rows]
    beyond = [row["low"] > 0 or row["high"] < 0 for row in rows]
    rising = [theme.BLUE if row["growth"] > 0 else theme.ORANGE for row in rows]
    figure.add_scatter(
        x=[row["growth"] for row in rows],
        y=names,
        mode="markers",
        marker={
            "size": 9,
            "color": [c if sure else theme.GREY for c, sure in zip(rising, beyond, strict=True)],
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row["growth"] for row in rows],
            "arrayminus": [row["growth"] - row["low"] for row in rows],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[_change(row) for row in rows],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1})
    ends = [row[end] for row in rows for end in ("low", "high")]
    theme.percent_axis(figure.update_xaxes, ends, sign=True)
    figure.update_yaxes(showgrid=False)
    return figure


def _change(row: dict) -> str:
    growth, low, high = (
        theme.percent(row[name], 1, sign=True) for name in ("growth", "low", "high")
    )
    return f"{growth} (90 % interval {low} to {high})"
