"""Moods as pages show them: choices, and numbers for the strip."""

import polars as pl
import streamlit as st

from workbench.listening.song import SongStreams
from workbench.lyrics.catalogue import CatalogueMoods
from workbench.lyrics.families import NEUTRAL, UNCLEAR
from workbench.lyrics.similar import BY
from workbench.lyrics.song import SongMoods
from workbench.settings import settings
from workbench.ui.headlines import Headline
from workbench.ui.text import escaped, percent, short

AXES = {"valence": "1 is unpleasant, 5 pleasant", "arousal": "1 is calm, 5 excited"}
WAYS = {"heard": "As heard", "written": "As written"}


def heard_choice() -> bool:
    """Show whether repeats count, kept in the URL; return it."""
    way = st.segmented_control(
        "Lines", list(WAYS), default="heard", required=True, key="lines", bind="query-params",
        format_func=WAYS.get, label_visibility="collapsed",
    )  # fmt: skip
    return way == "heard"


def alike_choice() -> str:
    """Show what songs are compared by, kept in the URL; return it."""
    return st.segmented_control(
        "Alike by", BY, default="both", required=True, key="alike", bind="query-params",
        format_func=str.capitalize, label_visibility="collapsed",
    )  # fmt: skip


def song_strip(song: SongMoods | None, found: SongStreams | None) -> list[Headline]:
    """Return the numbers at the head of Song; those of moods only where it is scored.

    Parameters
    ----------
    found : its streams; None for a song that nobody can have heard.
    """
    numbers = []
    facts = {} if song is None else song.facts.row(0, named=True)
    if facts.get("lead") is not None:
        numbers = [
            Headline(
                "Lead mood",
                facts["lead"],
                note=_lead_note(facts),
                help=f"With its 90 % interval; {facts['lines']} different lines.",
            ),
            *(_axis(facts, axis) for axis in ("valence", "arousal")),
            Headline(
                "Words read",
                percent(facts["coverage"]),
                note=f"of the lyric is in {read_languages()}, which the model reads",
            ),
        ]
    if found is None or found.source is None:
        return numbers
    if not found.total:
        numbers.append(
            Headline(f"Streams, {found.days} days", "–", help="No stream of it is on file.")
        )
    else:
        spark = tuple(found.weeks["streams"].to_list()[-26:])
        until = f", until {found.until}" if found.until else ""
        numbers.append(
            Headline(
                f"Streams, {found.days} days", short(found.total), spark=spark,
                help=f"{found.total:,} streams{until}; the line is weeks.",
            )
        )  # fmt: skip
    return numbers


def read_languages() -> str:
    """Return the languages that the mood model in force reads, as a reader says them."""
    codes = settings().lyric_languages
    return "English" if codes == ("en",) else ", ".join(code.upper() for code in codes)


def who_scores() -> str:
    """Return which model tells the moods of lines, in words."""
    if name := settings().emotions:
        return f"the model {escaped(name.partition('@')[0])} of the hub"
    return "a small English sentence encoder whose upper layers were tuned to them"


def _lead_note(facts: dict) -> str:
    if facts["lead"] == UNCLEAR:
        nearest = f"; the nearest is {facts['second']}" if facts["second"] else ""
        return f"no mood has enough lines to lead{nearest}"
    then = f", then {facts['second']}" if facts["second"] else ""
    return (
        f"in {percent(facts['lead_share'])} of what is sung "
        f"({percent(facts['lead_low'])} to {percent(facts['lead_high'])}){then}"
    )


def _axis(facts: dict, axis: str) -> Headline:
    low, high = facts[f"{axis}_low"], facts[f"{axis}_high"]
    return Headline(
        axis.capitalize(),
        f"{facts[axis]:.2f}",
        note=f"{low:.2f} to {high:.2f}, where {AXES[axis]}",
        help="With its 90 % interval over the lines.",
    )


def moods_strip(moods: CatalogueMoods) -> list[Headline]:
    """Return the numbers at the head of Moods."""
    counts = dict(moods.outcomes.select("outcome", "tracks").iter_rows())
    scored, total = counts["scored"], sum(counts.values())
    missing = ", ".join(moods.missing)
    headlines = [
        Headline(
            "Songs scored",
            f"{scored:,}",
            note=f"of {total:,}",
        ),
        Headline("Not scored", f"{total - scored:,}", note="why: at the foot", good=None),
    ]
    first, songs, others = _leads(moods)
    if first:
        what = f"leads {songs} song{'s' * (songs != 1)}"
        if len(first) > 1:
            what = f"{', '.join(first)}: each {what}" if len(first) > 2 else f"each {what}"
        headlines.append(
            Headline(
                "Most frequent mood lead",
                ", ".join(first) if len(first) <= 2 else f"{len(first)} moods tie",
                note="; ".join([what, *(f"{name} leads {count}" for name, count in others)]),
                help="Neutral and unclear are no moods: no mood leads those songs.",
            )
        )
    headlines.append(
        Headline(
            "Families missing",
            f"{len(moods.missing)}",
            note=missing or "none",
            help=f"The model has no emotion label for: {missing or 'none'}.",
        )
    )
    return headlines


def _leads(moods: CatalogueMoods) -> tuple[list[str], int, list[tuple[str, int]]]:
    """Return the moods that lead most songs, how many each, and what leads without being one."""
    leads = moods.tracks["lead"].drop_nulls().value_counts(sort=True).sort(
        "count", "lead", descending=[True, False]
    )  # fmt: skip
    rows = [row for row in leads.iter_rows() if row[0] not in (NEUTRAL, UNCLEAR)]
    most = rows[0][1] if rows else 0
    others = [row for row in leads.iter_rows() if row[0] in (NEUTRAL, UNCLEAR)]
    return [name for name, count in rows if count == most], most, others


def most_frequent(moods: CatalogueMoods) -> str:
    """Return which moods lead most songs, in words, and how many none leads."""
    first, songs, others = _leads(moods)
    rest = "".join(f"; {name} leads {count}" for name, count in others)
    if not first:
        return f"no mood leads any{rest}"
    if len(first) == 1:
        return f"{first[0]} is the mood that leads most often, in {songs}{rest}"
    return f"{' and '.join(first)} are the moods that lead most often, in {songs} each{rest}"


def arc_finding(song: SongMoods) -> str:
    """Return where valence and arousal begin and end, in words."""
    ends = [
        f"{axis} from {part['smooth'][0]:.2f} to {part['smooth'][-1]:.2f}"
        for (axis,), part in song.arc.partition_by("axis", as_dict=True).items()
    ]
    return f"Along the lines, {' and '.join(ends)}; 3 is neither"


def sections_finding(song: SongMoods) -> str:
    """Return which section is the most pleasant and which the least, in words."""
    order = song.sections.sort("valence", descending=True)["label"]
    return f"Valence and arousal by section: {order[0]} is the most pleasant, {order[-1]} the least"


def carried_by(moved: pl.DataFrame) -> str:
    """Return which words carry the moods of their lines most, of words that `moving_words` gave."""
    best = moved.sort("moved", descending=True).unique(
        ["line", "word"], keep="first", maintain_order=True
    )
    told = [
        f"{row['word'].strip('.,;:!?')} for {row['family']} in line {row['line'] + 1}"
        for row in best.head(3).iter_rows(named=True)
    ]
    return f"Words that carry a mood most: {', '.join(told)}"


def scored_rows(moods: CatalogueMoods) -> list[int]:
    """Return the numbers of the rows that have moods."""
    return moods.tracks["lead"].is_not_null().arg_true().to_list()


def unscored_rows(moods: CatalogueMoods) -> list[int]:
    """Return the numbers of the rows that have none."""
    return moods.tracks["lead"].is_null().arg_true().to_list()


def song_choice(row, names: dict[str, str]) -> str:
    """Show the choice of a song, its id kept in the URL; return the id.

    A bound selectbox would keep the name as shown in the URL, which other pages cannot link to.
    """
    wanted = st.query_params.get("track")
    came = "song" not in st.session_state  # also by the browser's back button
    if wanted in names and (came or st.session_state.get("song-seen") != wanted):
        st.session_state["song"] = wanted
    chosen = row.selectbox("Song", list(names), key="song", format_func=names.get, width=420)
    st.session_state["song-seen"] = chosen
    if wanted != chosen:
        st.query_params["track"] = chosen
    return chosen


def dark() -> bool:
    """Tell whether the visitor sees the dark theme."""
    return st.context.theme.type == "dark"


def find_song(row) -> str:
    """Show the search box in a row, kept in the URL; return what is sought."""
    found = row.text_input(
        "Find", key="find", bind="query-params", placeholder="Title or artist", width=220,
        icon=":material/search:",
    )  # fmt: skip
    return found or ""
