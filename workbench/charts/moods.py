"""Figures of moods across a catalogue: the map of songs and the heat table of groups."""

import plotly.graph_objects as go

from workbench.charts import theme
from workbench.charts.own_colours import own_legend, own_marker
from workbench.lyrics.catalogue import SHARES, CatalogueMoods
from workbench.lyrics.groups import GroupMoods
from workbench.lyrics.heads import MIDDLE
from workbench.lyrics.outcome import SCORED

# Above this many points the browser draws with WebGL.
_MANY = 1_500
_SIZE = 11  # of a dot, in pixels
# Half the width of a cell, in pixels: how far from its middle a click still means it.
_REACH = 60


def mood_map(moods: CatalogueMoods, *, colour: str | None = None) -> go.Figure:
    """Draw each scored song by valence and arousal, coloured by its lead.

    Points carry their row in `moods.tracks`, so that a lasso can list them. colour : an own column
    that colours instead.
    """
    figure = theme.figure(
        height=460,
        x="Valence: from unpleasant to pleasant (1-5)",
        y="Arousal: from still to stirred (1-5)",
    )
    tracks = moods.tracks.with_row_index("row").to_dicts()
    scored = [track for track in tracks if track["outcome"] == SCORED]
    kind = go.Scattergl if len(scored) > _MANY else go.Scatter
    if colour:
        figure.add_trace(_dots(kind, scored, own_marker(scored, colour, _SIZE), colour=colour))
        own_legend(figure, scored, colour)
    else:
        for lead in SHARES:
            songs = [track for track in scored if track["lead"] == lead]
            marker = {"color": theme.MOOD_COLOURS[lead], "size": _SIZE, "line": {"width": 0}}
            if songs:
                figure.add_trace(_dots(kind, songs, marker, name=lead))
    for line in (figure.add_vline, figure.add_hline):
        line(MIDDLE, line={"color": theme.GREY, "width": 1, "dash": "dot"})
    figure.update_xaxes(tickformat=".2f")
    figure.update_yaxes(tickformat=".2f")
    return figure


def _dots(
    kind: type, songs: list[dict], marker: dict, *, name: str = "", colour: str | None = None
) -> go.Scatter | go.Scattergl:
    return kind(
        x=[song["valence"] for song in songs],
        y=[song["arousal"] for song in songs],
        customdata=[song["row"] for song in songs],
        hovertext=[_song(song) + _own(song, colour) for song in songs],
        hovertemplate="%{hovertext}<extra></extra>",
        mode="markers",
        name=name,
        showlegend=bool(name),
        marker=marker,
    )


def _own(song: dict, colour: str | None) -> str:
    if colour is None:
        return ""
    value = "no value" if song[colour] is None else song[colour]
    return f"<br>{theme.text(colour)}: {theme.text(value)}"


def _song(song: dict) -> str:
    return (
        f"<b>{theme.text(song['title'])}</b><br>{theme.text(song['artist'])}<br>{lead(song)}<br>"
        f"valence {song['valence']:.2f}, arousal {song['arousal']:.2f}, "
        f"{song['lines']} lines"
    )


def lead(song: dict) -> str:
    """Return what leads a song, in how many of its lines, and what comes next."""
    second = f", then {song['second']}" if song["second"] else ""
    if song["lead_share"] is None:
        return f"unclear{second}"
    low, share, high = (theme.percent(song[f"lead_{end}"]) for end in ("low", "share", "high"))
    return f"{song['lead']} in {share} of the lines ({low} to {high}){second}"


def mood_heat(moods: GroupMoods, *, dark: bool = False) -> go.Figure:
    """Draw the mean mood shares of each group as a heat table; hover has the interval.

    Groups without a scored song are in the table, not here. `dark` is the background. A cell can be
    clicked: its point carries the group's key and the family.
    """
    keys = [row["key"] for row in moods.groups.iter_rows(named=True) if row["songs"]]
    families = [name for name in SHARES if name not in ("neutral", "unclear")]
    figure = theme.figure(height=110 + 28 * max(len(keys), 2))
    cells = {(row["key"], row["family"]): row for row in moods.shares.iter_rows(named=True)}
    rows = [[cells.get((key, family)) for family in families] for key in keys]
    figure.add_heatmap(
        z=[[row and row["share"] for row in line] for line in rows],
        x=families,
        y=keys,
        text=[[theme.percent(row and row["share"]) for row in line] for line in rows],
        texttemplate="%{text}",
        textfont={"color": theme.INK_DARK if dark else theme.INK},
        hoverinfo="skip",
        colorscale=[list(stop) for stop in theme.SEQUENTIAL],
        showscale=False,
        xgap=2,
        ygap=2,
    )
    # Plotly selects points, never the cells of a heat table: unseen points lie over them.
    places = [(key, family) for key in keys for family in families]
    figure.add_scatter(
        x=[family for _, family in places],
        y=[key for key, _ in places],
        customdata=[list(place) for place in places],
        hovertext=[_cell(cells.get(place)) for place in places],
        hovertemplate="%{hovertext}<extra></extra>",
        mode="markers",
        marker={"symbol": "square", "size": 20, "opacity": 0, "color": theme.GREY},
        selected={"marker": {"opacity": 0.35}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
    )
    figure.update_layout(hoverdistance=_REACH)
    names = dict(moods.groups.select("key", "group").iter_rows())
    sizes = dict(moods.groups.select("key", "songs").iter_rows())
    # points would widen the axes beyond the cells
    wide, narrow = 0, -90
    figure.update_xaxes(
        side="top", range=[-0.5, len(families) - 0.5], autotickangles=[wide, narrow]
    )
    figure.update_yaxes(
        range=[len(keys) - 0.5, -0.5], showgrid=False, tickvals=keys, type="category",
        ticktext=[f"{theme.text(names[key])} ({sizes[key]})" for key in keys],
    )  # fmt: skip
    return figure


def _cell(row: dict | None) -> str:
    if row is None:
        return "no scored song"
    interval = (
        "too few songs for an interval"
        if row["low"] is None
        else f"90 % interval {theme.percent(row['low'])} to {theme.percent(row['high'])}"
    )
    lift = "" if row["lift"] is None else f"<br>{row['lift']:.1f} times the catalogue's share"
    return (
        f"<b>{theme.text(row['group'])}</b>, {row['family']}<br>"
        f"{theme.percent(row['share'])} of the lines, {row['songs']} songs<br>{interval}{lift}"
    )
