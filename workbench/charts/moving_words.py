"""Lines word by word, each word tinted by what the mood of its line loses without it."""

import plotly.graph_objects as go
import polars as pl
from plotly.colors import hex_to_rgb

from workbench.charts import theme

# Letters in a row of the figure, pixels of a row, and letters that a word's margins take.
_WIDE, _ROW, _ROOM = 58, 26, 1.6
# Below this a word does next to nothing; the strongest word of a line is tinted as strongly as one
# that moves it by at least so much, in standard deviations.
_LITTLE, _MUCH = 0.15, 1.0


def word_strips(moved: pl.DataFrame, *, dark: bool = False) -> go.Figure:
    """Draw lines word by word: in the mood's colour what carries it, grey what speaks against it.

    Parameters
    ----------
    moved : as `moving_words` gives it. dark : the background.
    """
    boxes, heads, top = [], [], 0.0
    for rows in moved.partition_by("line", maintain_order=True):
        words = rows.to_dicts()
        most = max(_MUCH, *(abs(word["moved"]) for word in words))
        heads.append((top + 0.35, f"line {words[0]['line'] + 1}, {words[0]['family']}"))
        top, left = top + 1.2, 0.0
        for word in words:
            wide = len(word["word"]) + _ROOM
            if left and left + wide > _WIDE:
                top, left = top + 1, 0.0
            boxes.append({**word, "left": left, "wide": wide, "y": top, "tint": _tint(word, most)})
            left += wide
        top += 0.7
    figure = theme.figure(height=int(20 + _ROW * (top + 0.3)))
    ink = theme.INK_DARK if dark else theme.INK
    figure.add_bar(
        base=[box["left"] for box in boxes],
        x=[box["wide"] - 0.25 for box in boxes],
        y=[box["y"] for box in boxes],
        width=[0.86] * len(boxes),
        orientation="h",
        text=[theme.text(box["word"]) for box in boxes],
        textposition="inside", insidetextanchor="middle", constraintext="none", textangle=0,
        insidetextfont={"size": 13, "color": ink}, cliponaxis=False,
        marker={"color": [box["tint"] for box in boxes], "line": {"width": 0}},
        hovertext=[_hover(box) for box in boxes],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    figure.add_scatter(
        x=[0.0] * len(heads), y=[place for place, _ in heads], text=[said for _, said in heads],
        mode="text", textposition="middle right", textfont={"size": 11, "color": theme.GREY},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(visible=False, range=[-0.4, _WIDE + 0.4], fixedrange=True)
    figure.update_yaxes(visible=False, range=[top, -0.2], fixedrange=True)
    return figure


def _tint(word: dict, most: float) -> str:
    if abs(word["moved"]) < _LITTLE:
        return theme.NO_TINT
    name = theme.MOOD_COLOURS[word["family"]] if word["moved"] > 0 else theme.GREY
    red, green, blue = hex_to_rgb(name)
    return f"rgba({red}, {green}, {blue}, {0.1 + 0.6 * abs(word['moved']) / most:.2f})"


def _hover(word: dict) -> str:
    whole, rest = (theme.percent(word[name]) for name in ("probability", "probability_without"))
    return (
        f"<b>{theme.text(word['word'])}</b><br>{word['family']} {whole} with it, {rest} without<br>"
        f"stands out {word['margin']:+.1f} with it, {word['margin_without']:+.1f} without"
    )
