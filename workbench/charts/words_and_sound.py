"""The valence of words against what was measured of the sound."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.lyrics.words_and_sound import KINDS, WordsAndSound

_AXES = {
    "energy": "Energy of the sound (0-1)",
    "valence": "Valence of the sound: from dark to bright (0-1)",
}


def words_by_sound(found: WordsAndSound) -> go.Figure:
    """Draw each song by the valence of its words and its sound; those that disagree in colour.

    Points carry their row in `found.songs`.
    """
    figure = theme.figure(
        height=380, x="Valence of the words: from unpleasant to pleasant (1-5)", y=_AXES[found.by]
    )
    rows = found.songs.with_row_index("row").to_dicts()
    kinds = ((None, theme.FAINT), *zip(KINDS[found.by], (theme.BLUE, theme.ORANGE), strict=True))
    for kind, colour in kinds:
        songs = [row for row in rows if row["kind"] == kind]
        figure.add_scatter(
            x=[row["valence"] for row in songs],
            y=[row["sound"] for row in songs],
            customdata=[row["row"] for row in songs],
            hovertext=[_song(row) for row in songs],
            hovertemplate="%{hovertext}<extra></extra>",
            mode="markers",
            name=f"{kind} ({len(songs)})" if kind else "",
            showlegend=bool(kind),
            marker={"color": colour, "size": 10, "line": {"width": 0}},
        )
    figure.update_xaxes(tickformat=".2f")
    figure.update_yaxes(tickformat=".1f")
    return figure


def _song(row: dict) -> str:
    interval = (
        ""
        if row["valence_low"] is None
        else f" ({row['valence_low']:.2f} to {row['valence_high']:.2f})"
    )
    return (
        f"<b>{theme.text(row['title'])}</b><br>{theme.text(row['artist'])}<br>"
        f"words {row['valence']:.2f}{interval}, more pleasant than "
        f"{theme.percent(row['words_rank'])} of the songs<br>sound {row['sound']:.2f}, above "
        f"{theme.percent(row['sound_rank'])}"
    )
