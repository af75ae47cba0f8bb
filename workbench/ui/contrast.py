"""Two songs or artists on a page: which, and what sets them apart."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from workbench.charts import contrast as charts
from workbench.listening import holdings
from workbench.listening.song import song_choices
from workbench.lyrics.catalogue import SHARES
from workbench.lyrics.contrast import AXES, Contrast
from workbench.ui import compute
from workbench.ui.filters import told_apart
from workbench.ui.headlines import Headline
from workbench.ui.page import Page
from workbench.ui.selection import entity_choice
from workbench.ui.text import escaped, percent

_column = st.column_config
SONGS, ARTISTS = "Songs", "Artists"
TRAITS = {
    "words": "Words sung",
    "different": "Different words",
    "variety": "Variety: different of 50 words in a row",
    "again": "Sung again: share of lines",
    "line": "Words a line",
}
_IN_PERCENT = ("variety", "again")


def kind_choice() -> str:
    """Show whether songs or artists are compared, kept in the URL; return it."""
    return st.segmented_control(
        "Compare", [SONGS, ARTISTS], default=SONGS, required=True, key="of", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip


def pair_choice(page: Page, kind: str, filters) -> tuple[str, str] | None:
    """Show the two choices, their ids kept in the URL; return the ids, None with fewer than two."""
    keys = tuple(f"{nth}_{kind.lower().removesuffix('s')}" for nth in ("first", "second"))
    for other in ("first_song", "second_song", "first_artist", "second_artist"):
        if other not in keys and other in st.query_params:
            del st.query_params[other]
    if kind == SONGS:
        linked = tuple(sorted({st.query_params.get(key, "") for key in keys} - {""}))
        names = dict(page.compute(song_choices, filters=filters, linked=linked).songs.iter_rows())
    else:
        choices = compute.result(page.label, holdings.choices, {}, keep=True)
        names = told_apart(choices)
    if len(names) < 2:
        return None
    row = st.container(horizontal=True, vertical_alignment="bottom", key="pair")
    # by a link that names only the second one, the first is another
    second = st.query_params.get(keys[1])
    first = _one(row, "First", names, keys[0], avoid=second)
    others = {i: names[i] for i in names if i != first}
    return first, _one(row, "Second", others, keys[1])


def _one(row, title: str, names: Mapping[str, str], key: str, avoid: str | None = None) -> str:
    if avoid in names and key not in st.query_params and f"{key}-choice" not in st.session_state:
        names = {i: name for i, name in names.items() if i != avoid} | {avoid: names[avoid]}
    return entity_choice(row, title, names, key=key, width=420)


def strip(found: Contrast) -> list[Headline]:
    """Return the numbers at the head: leads, overlap, valence and arousal."""
    leads = dict(found.sides.select("side", "lead").iter_rows())
    rows = {row["measure"]: row for row in found.measures.to_dicts()}
    what = "of the lines" if found.by == "song" else "of the lines of a mean song"
    numbers = [
        Headline(
            f"Lead mood, {side}", lead,
            note=f"{percent(rows[lead][side])} {what}",
            help=None if found.by == "song" else "The mood of most lines, neutral left aside.",
        )
        for side, lead in leads.items()
    ]  # fmt: skip
    numbers += [_axis(rows[axis]) for axis in AXES]
    numbers.append(
        Headline(
            "Alike in moods", percent(found.alike), note="overlap of the two mixes",
            help="Hellinger affinity: 100 % is the same mix of moods, 0 % shares none.",
        )
    )  # fmt: skip
    return numbers


def _signed(value: float) -> str:
    return f"{round(value, 2) + 0.0:+.2f}"  # the zero added makes one of minus nothing


def _axis(row: dict) -> Headline:
    note = f"{row['first']:.2f} and {row['second']:.2f}"
    if row["difference_low"] is not None:
        low, high = (_signed(row[f"difference_{end}"]) for end in ("low", "high"))
        note += f"; difference {low} to {high}"
    return Headline(
        f"{row['measure'].capitalize()}, second less first", _signed(row["difference"]), note=note,
        help="On a scale of 1 to 5; with the 90 % interval of the difference. "
        + ("Stands apart." if row["apart"] else "Within what chance gives."),
    )  # fmt: skip


def panels(page: Page, found: Contrast) -> None:
    """Show moods, arcs and words of the two, and the numbers behind them."""
    names = found.sides["name"].to_list()
    left, right = (escaped(name) for name in names)
    st.subheader("Moods", anchor=False)
    page.chart(charts.mood_pairs, found, key="pairs", alt=found.sentence)
    st.caption(
        "Bars are 90 % intervals. Bold stands apart: shuffled between the two, one pair in ten "
        "that is alike shows any such mood."
    )
    st.subheader("From the first line to the last", anchor=False)
    beside = st.container(horizontal=True, key="arcs")
    for axis in AXES:
        with beside.container(width=470):
            page.chart(charts.arc_pair, found, key=f"arc-{axis}", axis=axis, alt=_arc(found, axis))
    st.caption(
        f":blue[Blue] is {left}, :orange[orange] {right}; the dotted line is neither. Bands are "
        "90 %, over the lines of a song or over the songs of an artist."
    )
    st.subheader("Words", anchor=False)
    if not found.words.is_empty():
        unit = "lines" if found.by == "song" else "songs"
        page.chart(charts.word_pairs, found, key="word-pairs", alt=_words(found))
        st.caption(
            f"Words that more {unit} of one hold than of the other. Counts are small: read them as "
            "what each is about, not as proof."
        )
    page.table(_traits(found), key="traits", columns=_names(found, {"trait": "Use of words"}))
    with st.expander("All numbers", icon=":material/table:"):
        page.table(_measures(found), key="measures", columns=_measure_columns(found))


def links(page: Page, found: Contrast) -> None:
    """Show the ways on to the two."""
    with st.container(horizontal=True, key="onward"):
        for key, name in found.sides.select("id", "name").iter_rows():
            if found.by == "song":
                page.link("songs/song", f"Song: {escaped(name)}", track=key)
            else:
                page.link("scout/artist", f"Artist: {escaped(name)}", artist_id=key)


def _arc(found: Contrast, axis: str) -> str:
    ends = [
        f"{name} from {rows['level'][0]:.2f} to {rows['level'][-1]:.2f}"
        for (_, of, name), rows in found.arcs.partition_by(
            "side", "axis", "name", as_dict=True, maintain_order=True
        ).items()
        if of == axis
    ]
    return f"{axis.capitalize()}: {' and '.join(ends)}"


def _words(found: Contrast) -> str:
    told = [
        f"{name}: {', '.join(rows['word'].head(3))}"
        for (name,), rows in found.words.join(found.sides, on="side").partition_by(
            "name", as_dict=True, maintain_order=True
        ).items()
    ]  # fmt: skip
    return f"Words that set apart {'; '.join(told)}"


def _names(found: Contrast, more: Mapping[str, str]) -> dict:
    sides = dict(found.sides.select("side", "name").iter_rows())
    return {name: _column.Column(title) for name, title in {**more, **sides}.items()}


def _traits(found: Contrast) -> pl.DataFrame:
    rows = [
        {
            "trait": TRAITS[row["trait"]],
            **{side: _told(row["trait"], row[side]) for side in ("first", "second")},
        }
        for row in found.traits.to_dicts()
    ]
    return pl.DataFrame(rows)


def _told(trait: str, value: float | None) -> str:
    if value is None:
        return "–"
    if trait in _IN_PERCENT:
        return percent(value)
    return f"{value:.1f}" if trait == "line" else f"{value:,.0f}"


def _measures(found: Contrast) -> pl.DataFrame:
    share = pl.col("measure").is_in(SHARES)
    numbers = [name for name in found.measures.columns if name not in ("measure", "apart")]
    return found.measures.with_columns(
        pl.when(share).then(100 * pl.col(name)).otherwise(pl.col(name)).round(2).alias(name)
        for name in numbers
    )


def _measure_columns(found: Contrast) -> dict:
    names = dict(found.sides.select("side", "name").iter_rows()) | {"difference": "Difference"}
    ends = (("", ""), ("_low", " from"), ("_high", " to"))
    return {
        "measure": _column.TextColumn("Measure", pinned=True, help="Shares of lines in percent"),
        **{
            f"{side}{end}": _column.NumberColumn(f"{name}{word}")
            for side, name in names.items()
            for end, word in ends
        },
        "apart": _column.CheckboxColumn("Stands apart"),
    }
