"""Small figures as inline SVG, for a page that is one file and fetches nothing."""

import html

import polars as pl

WIDE, HIGH, LEFT, FOOT = 720, 240, 56, 24
ROW = 26


def fan(weekly: pl.DataFrame) -> str:
    """Return weekly streams of a plan with its band, and of the current one, as SVG.

    Parameters
    ----------
    weekly : week, scenario_low, scenario_median, scenario_high, current_median.
    """
    highest = max(weekly["scenario_high"].max() or 0.0, weekly["current_median"].max() or 0.0, 1.0)
    step = (WIDE - LEFT) / max(weekly.height - 1, 1)

    def points(column: str) -> list[str]:
        return [
            f"{LEFT + place * step:.1f},{_height(value, highest):.1f}"
            for place, value in enumerate(weekly[column])
            if value is not None
        ]

    band = " ".join([*points("scenario_high"), *reversed(points("scenario_low"))])
    ticks = "".join(
        f'<text class="ticks" x="0" y="{_height(value, highest) + 4:.1f}">{_short(value)}</text>'
        f'<line class="axis" x1="{LEFT}" x2="{WIDE}" y1="{_height(value, highest):.1f}" '
        f'y2="{_height(value, highest):.1f}"/>'
        for value in (0.0, highest / 2, highest)
    )
    ends = (
        f'<text class="ticks" x="{LEFT}" y="{HIGH + FOOT - 6}">{weekly["week"][0]}</text>'
        f'<text class="ticks" x="{WIDE}" y="{HIGH + FOOT - 6}" text-anchor="end">'
        f"{weekly['week'][-1]}</text>"
    )
    return (
        f'<svg viewBox="0 0 {WIDE} {HIGH + FOOT}" role="img" aria-label="Streams a week">{ticks}'
        f'<polygon class="band" points="{band}"/>'
        f'<polyline class="now" points="{" ".join(points("current_median"))}"/>'
        f'<polyline class="own" points="{" ".join(points("scenario_median"))}"/>{ends}</svg>'
    )


def bars(spend: pl.DataFrame) -> str:
    """Return money by channel as SVG: channel | current | scenario; the bar is the scenario's."""
    most = max(spend["scenario"].max() or 0.0, 1e-9)
    room = WIDE - 340
    rows = []
    for place, (channel, current, scenario) in enumerate(spend.iter_rows()):
        top = place * ROW
        rows.append(
            f'<text fill="currentColor" x="0" y="{top + 17}">{html.escape(channel)}</text>'
            f'<rect class="bar" x="130" y="{top + 5}" width="{room * scenario / most:.1f}" '
            f'height="{ROW - 10}"/>'
            f'<text fill="currentColor" x="{138 + room * scenario / most:.1f}" y="{top + 17}">'
            f"{scenario:,.0f} (now {current:,.0f})</text>"
        )
    return (
        f'<svg viewBox="0 0 {WIDE} {max(ROW * spend.height, ROW)}" role="img" '
        f'aria-label="Spend by channel">{"".join(rows)}</svg>'
    )


def _height(value: float, highest: float) -> float:
    return 10 + (HIGH - 20) * (1 - value / highest)


def _short(value: float) -> str:
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.1f}{unit}"
    return f"{value:.0f}"
