"""Moods of songs as bars, one a song."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.lyrics.catalogue import SHARES, CatalogueMoods
from workbench.lyrics.outcome import SCORED


def by_song(moods: CatalogueMoods) -> go.Figure:
    """Draw what share of each scored song is in which mood, as heard; one bar a song."""
    rows = [row for row in moods.tracks.iter_rows(named=True) if row["outcome"] == SCORED]
    figure = theme.figure(height=110 + 28 * max(len(rows), 2))
    ids = [row["track_id"] for row in rows]
    for family in SHARES:
        shares = [row[f"share_{family}"] for row in rows]
        if not any(shares):
            continue
        figure.add_bar(
            x=shares,
            y=ids,
            hovertext=[theme.text(row["title"]) for row in rows],
            orientation="h",
            name=family,
            marker={"color": theme.MOOD_COLOURS[family]},
            customdata=[theme.percent(share) for share in shares],
            hovertemplate=f"%{{hovertext}}<br>{family}: %{{customdata}} of what is sung"
            "<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.25, legend={"traceorder": "normal"})
    figure.update_xaxes(range=[0, 1])
    theme.percent_axis(figure.update_xaxes, [0.0, 1.0])
    figure.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=ids,
        ticktext=[theme.text(row["title"]) for row in rows],
    )  # fmt: skip
    return figure
