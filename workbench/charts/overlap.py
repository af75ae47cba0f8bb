"""Figures of shared audiences: overlap against chance, who begins, who stays, who goes where."""

import plotly.graph_objects as go

from workbench.audience.migration import Migration
from workbench.audience.overlap import Overlap
from workbench.audience.spill_over import SpillOver
from workbench.charts import theme

# The strongest and the weakest say most; what lies between is in the table.
_EACH_END = 8


def overlap_dots(found: Overlap) -> go.Figure:
    """Draw whom the audience also hears, against what chance gives, with 90 % intervals."""
    rows = found.others.drop_nulls("index").to_dicts()
    texts = [
        f"<b>{theme.text(row['name'])}</b><br>index {row['index']:.0f} (90 %: {row['low']:.0f} to "
        f"{row['high']:.0f})<br>{row['both']:,} people, {theme.percent(row['share'])} of the "
        "audience"
        for row in rows
    ]
    figure = _dots(rows, "index", texts, centre=100)
    figure.update_xaxes(title="Shared listeners (100 is chance)")
    return figure


def spill_dots(found: SpillOver) -> go.Figure:
    """Draw whose listeners begin more often than people as active, with 90 % intervals."""
    rows = found.others.drop_nulls("more").to_dicts()
    texts = [
        f"<b>{theme.text(row['name'])}</b><br>{theme.percent(row['share'], 1)} of {row['heard']:,} "
        f"began, of people as active {theme.percent(row['like_share'], 1)}"
        for row in rows
    ]
    figure = _dots(rows, "more", texts, centre=0)
    kept = _ends(rows)
    ends = [row[name] for row in kept for name in ("low", "high")]
    theme.percent_axis(figure.update_xaxes, [0.0, *ends], sign=True)
    figure.update_xaxes(title="Began, more than people as active (points)")
    return figure


def kept_line(found: Migration) -> go.Figure:
    """Draw the share that stays from period to period, beside what unchanged taste would keep."""
    rows = found.chance.to_dicts()
    figure = theme.figure(height=300, y="Still streamed most")
    days = [row["day"] for row in rows]
    for name, column, colour, dash in (
        ("unchanged taste", "unchanged", theme.GREY, "dot"),
        ("kept", "kept", theme.BLUE, "solid"),
    ):
        values = [row[column] for row in rows]
        figure.add_scatter(
            x=days,
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            customdata=[theme.percent(value) for value in values],
            hovertemplate=f"{name}: %{{customdata}} in the period to %{{x|%d %b %Y}}"
            "<extra></extra>",
        )
    held = [row[column] for row in rows for column in ("kept", "unchanged")]
    theme.percent_axis(figure.update_yaxes, [0.0, *held])
    figure.update_yaxes(rangemode="tozero")
    figure.update_xaxes(tickvals=days, tickformat="%b %y")
    return figure


def flow_bars(found: Migration) -> go.Figure:
    """Draw lost to the left and gained to the right, by artist."""
    rows = [r for r in found.flows.to_dicts() if r["net"] is not None]
    rows = sorted(rows, key=lambda r: (-max(r["lost"] or 0, r["gained"] or 0), r["name"]))
    rows = list(reversed(rows[: 2 * _EACH_END]))
    figure = theme.figure(height=90 + 26 * max(len(rows), 3), x="Moves lost and gained")
    names = [theme.text(row["name"]) for row in rows]
    for column, title, colour, side in (
        ("lost", "lost to", theme.ORANGE, -1),
        ("gained", "gained from", theme.BLUE, 1),
    ):
        counts = [row[column] or 0 for row in rows]
        figure.add_bar(
            y=names,
            x=[side * count for count in counts],
            orientation="h",
            name=title,
            marker={"color": colour},
            customdata=[count or f"under {found.min_group} people" for count in counts],
            hovertemplate=f"{title} %{{y}}: %{{customdata}}<extra></extra>",
        )
    figure.update_layout(barmode="relative", bargap=0.3)
    most = max((max(r["lost"] or 0, r["gained"] or 0) for r in rows), default=1)
    step = next(s for s in (5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10**9) if most / s <= 4)
    ticks = [k * step for k in range(-int(most // step) - 1, int(most // step) + 2)]
    figure.update_xaxes(tickvals=ticks, ticktext=[f"{abs(tick):,}" for tick in ticks])
    figure.update_yaxes(showgrid=False)
    return figure


def _ends(rows: list[dict]) -> list[dict]:
    """Return the first and the last rows, the first on top."""
    if len(rows) > 2 * _EACH_END:
        rows = [*rows[:_EACH_END], *rows[-_EACH_END:]]
    return list(reversed(rows))


def _dots(rows: list[dict], value: str, texts: list[str], centre: float) -> go.Figure:
    """Draw rows with low and high; sure ones in colour, others grey."""
    told = [{**row, "text": text} for row, text in zip(rows, texts, strict=True)]
    told = _ends(told)
    figure = theme.figure(height=90 + 26 * max(len(told), 2))
    sides = [theme.BLUE if row[value] > centre else theme.ORANGE for row in told]
    figure.add_scatter(
        x=[row[value] for row in told],
        y=[theme.text(row["name"]) for row in told],
        mode="markers",
        marker={
            "size": 9,
            "color": [
                colour if row["apart"] else theme.GREY
                for row, colour in zip(told, sides, strict=True)
            ],
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row["high"] - row[value] for row in told],
            "arrayminus": [row[value] - row["low"] for row in told],
            "color": theme.GREY,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=[row["text"] for row in told],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=centre, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    figure.update_yaxes(showgrid=False)
    return figure
