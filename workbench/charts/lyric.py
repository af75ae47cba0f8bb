"""Figures of one song: its lines tinted by mood, its arc, its shares."""

import textwrap

import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from workbench.charts import theme
from workbench.listening.song import SongStreams
from workbench.lyrics.families import CARRIED
from workbench.lyrics.heads import MIDDLE
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.song import SongMoods

# Letters that a line of the sheet holds before it is broken, and pixels of one row.
_WIDE, _ROW = 62, 22
_AXES = {"valence": theme.BLUE, "arousal": theme.ORANGE}


def sheet(song: SongMoods, *, dark: bool = False) -> go.Figure:
    """Draw the lyric line by line, each tinted by its lead; a stronger tint where it is named.

    Hover has the three families that stand out most. Lines carry their row in `song.lines`.
    `dark` is the background that it is read on.
    """
    rows, place = [], 0.0
    stanza = None
    for number, line in enumerate(song.lines.iter_rows(named=True)):
        if line["stanza"] != stanza:
            head = line["label"] if rows == [] or line["section"] != rows[-1]["section"] else ""
            place += 1.3 if head else 0.5 * bool(rows)
            stanza = line["stanza"]
            line["head"] = head
        parts = textwrap.wrap(line["text"], _WIDE) or [""]
        place += len(parts)
        times = f"  ×{line['heard']}" if line["heard"] > 1 else ""
        shown = "<br>".join(theme.text(part) for part in parts) + times
        rows.append({**line, "row": number, "y": place - len(parts) / 2, "high": len(parts),
                     "shown": shown})  # fmt: skip
    figure = theme.figure(height=int(24 + _ROW * (place + 0.5)))
    figure.add_bar(
        x=[1.0] * len(rows),
        y=[row["y"] for row in rows],
        width=[row["high"] * 0.92 for row in rows],
        orientation="h",
        marker={"color": [_tint(row) for row in rows], "line": {"width": 0}},
        customdata=[row["row"] for row in rows],
        hovertext=[_hover(row) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
        unselected={"marker": {"opacity": 0.45}},
    )
    ink = theme.INK_DARK if dark else theme.INK
    figure.add_scatter(
        x=[0.008] * len(rows), y=[row["y"] for row in rows], text=[row["shown"] for row in rows],
        mode="text", textposition="middle right", hoverinfo="skip", showlegend=False,
        textfont={"size": 13, "color": ink}, unselected={"textfont": {"color": ink}},
    )  # fmt: skip
    heads = [row for row in rows if row.get("head")]
    figure.add_scatter(
        x=[0.0] * len(heads), y=[row["y"] - row["high"] / 2 - 0.55 for row in heads],
        text=[f"<b>{theme.text(row['head'])}</b>" for row in heads], mode="text",
        textposition="middle right", hoverinfo="skip", showlegend=False,
        textfont={"size": 11, "color": theme.GREY}, unselected={"textfont": {"color": theme.GREY}},
    )  # fmt: skip
    figure.update_xaxes(visible=False, range=[0, 1], fixedrange=True)
    figure.update_yaxes(visible=False, range=[place + 0.4, -0.1], fixedrange=True)
    return figure


def _tint(line: dict) -> str:
    if line["state"] != SCORED or line["lead"] not in CARRIED:
        return theme.NO_TINT
    red, green, blue = hex_to_rgb(theme.MOOD_COLOURS[line["lead"]])
    return f"rgba({red}, {green}, {blue}, {0.5 if line['named'] else 0.25})"


def _hover(line: dict) -> str:
    if line["state"] != SCORED:
        return line["state"]
    ranked = [(line[rank], line[f"{rank}_p"]) for rank in ("first", "second", "third")]
    moods = "<br>".join(f"{name}: {theme.percent(p)}" for name, p in ranked)
    how = {True: "named outright", False: "stands out from ordinary lines"}
    title = line["lead"] if line["lead"] not in CARRIED else f"{line['lead']}, {how[line['named']]}"
    return f"<b>{title}</b><br>{moods}"


def arc(song: SongMoods) -> go.Figure:
    """Draw valence and arousal along the lines, smoothed, with 90 % bands."""
    figure = theme.figure(height=280, x="Line, in the order sung", y="1 to 5, 3 is neither")
    for axis, part in song.arc.partition_by("axis", as_dict=True, maintain_order=True).items():
        name, colour = axis[0], _AXES[axis[0]]
        red, green, blue = hex_to_rgb(colour)
        lines = [number + 1 for number in part["line"].to_list()]
        figure.add_scatter(
            x=[*lines, *reversed(lines)],
            y=[*part["high"].to_list(), *reversed(part["low"].to_list())],
            fill="toself", fillcolor=f"rgba({red}, {green}, {blue}, 0.15)", hoverinfo="skip",
            line={"width": 0}, showlegend=False, mode="lines",
        )  # fmt: skip
        figure.add_scatter(
            x=lines, y=part["smooth"].to_list(), mode="lines", name=name,
            line={"color": colour, "width": 2.5},
            hovertemplate=f"line %{{x}}: {name} %{{y:.2f}}<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(tickformat=".2f")
    figure.add_hline(MIDDLE, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    return figure


def sections(song: SongMoods) -> go.Figure:
    """Draw valence and arousal of each section, in the order sung, with 90 % intervals."""
    rows = song.sections.to_dicts()
    figure = theme.figure(height=100 + 30 * max(len(rows), 2), x="1 to 5, 3 is neither")
    for axis, away in (("valence", -0.14), ("arousal", 0.14)):
        known = [row[f"{axis}_low"] is not None for row in rows]
        figure.add_scatter(
            x=[row[axis] for row in rows],
            y=[place + away for place in range(len(rows))],
            error_x={
                "type": "data", "symmetric": False, "color": _AXES[axis], "thickness": 1.5,
                "width": 0,
                "array": [row[f"{axis}_high"] - row[axis] if k else 0
                          for row, k in zip(rows, known, strict=True)],
                "arrayminus": [row[axis] - row[f"{axis}_low"] if k else 0
                               for row, k in zip(rows, known, strict=True)],
            },
            mode="markers", name=axis, marker={"color": _AXES[axis], "size": 9},
            hovertext=[
                f"<b>{theme.text(row['label'])}</b><br>{row['lines']} lines, "
                f"{row['lead'] or 'no mood'} leads" for row in rows
            ],
            hovertemplate=f"%{{hovertext}}<br>{axis} %{{x:.2f}}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(MIDDLE, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    figure.update_xaxes(tickformat=".2f")
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[theme.text(row["label"]) for row in rows],
        range=[len(rows) - 0.5, -0.5], showgrid=False,
    )  # fmt: skip
    return figure


def shares(song: SongMoods) -> go.Figure:
    """Draw the share of lines in each mood: bars as heard, marks as written."""
    rows = [row for row in song.shares.iter_rows(named=True) if row["heard"] or row["written"]]
    figure = theme.figure(height=90 + 26 * max(len(rows), 2))
    names = [row["family"] for row in rows]
    figure.add_bar(
        x=[row["heard"] for row in rows], y=names, orientation="h", name="as heard",
        marker={"color": [theme.MOOD_COLOURS[name] for name in names]},
        customdata=[theme.percent(row["heard"]) for row in rows],
        hovertemplate="%{y}: %{customdata} of what is sung<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[row["written"] for row in rows], y=names, mode="markers", name="as written",
        marker={"symbol": "line-ns", "size": 14, "line": {"width": 2, "color": theme.GREY}},
        customdata=[theme.percent(row["written"]) for row in rows],
        hovertemplate="%{y}: %{customdata} of the different lines<extra></extra>",
    )  # fmt: skip
    held = [row[way] for row in rows for way in ("heard", "written")]
    theme.percent_axis(figure.update_xaxes, [0.0, *held])
    figure.update_xaxes(title="Share of lines", rangemode="tozero")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def markets(found: SongStreams) -> go.Figure:
    """Draw the largest markets of the last days, one bar each."""
    rows = found.markets.to_dicts()
    figure = theme.figure(height=90 + 24 * max(len(rows), 2), x=f"Streams, {found.days} days")
    figure.add_bar(
        x=[row["streams"] for row in rows],
        y=[row["territory"] for row in rows],
        orientation="h",
        marker={"color": theme.ACCENT},
        text=[theme.percent(row["share"]) for row in rows],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,.0f} streams<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure
