"""What people say of single lines, “this is wrong”, on Song; what it adds up to, on Methods."""

from functools import partial

import polars as pl
import streamlit as st

from workbench.lyrics import marks
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.song import SongMoods
from workbench.settings import settings
from workbench.ui import compute
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT
from workbench.ui.text import escaped

_column = st.column_config
_SHARES = ("share", "low", "high")
_RATES = {
    "marks": _column.NumberColumn("Marked", help="Lines that somebody said something of"),
    "wrong": _column.NumberColumn("Wrong"),
    "share": _column.NumberColumn("of the marked", format=PERCENT),
    "low": _column.NumberColumn("from", format=PERCENT, help="90 % interval"),
    "high": _column.NumberColumn("to", format=PERCENT, help="90 % interval"),
}
MODELS = {"model": _column.TextColumn("Mood model", pinned=True), **_RATES}
MOODS = {
    "shown": _column.TextColumn("Mood shown", pinned=True), **_RATES,
    "instead": _column.TextColumn("Most often said instead"),
}  # fmt: skip
ROWS = {
    "id": None, "text_hash": None, "track_id": None,
    "at": _column.DatetimeColumn("When", format="D MMM YYYY, HH:mm"),
    "user": _column.TextColumn("Who"),
    "text": _column.TextColumn("Line", width="large"),
    "shown": _column.TextColumn("Shown"),
    "said": _column.TextColumn("Said to be"),
    "right": _column.CheckboxColumn("Agrees"),
    "model": _column.TextColumn("Mood model"),
}  # fmt: skip


def ask(page: Page, song: SongMoods, row: int) -> None:
    """Ask whether the mood of a line is right; keep the answer, which can be taken back."""
    line = song.lines.row(row, named=True)
    if line["state"] != SCORED:
        return
    home, user, text = page.label.home, settings().current_user, line["text"]
    shown = marks.shown_mood(line["lead"])
    keep = partial(
        marks.mark, home, user, track=song.facts["track_id"][0], text=text, lead=line["lead"]
    )
    mine, others = marks.of_line(home, user, text)
    if mine is not None:
        right = mine["said"] == shown
        said = f"right: {shown}" if right else f"wrong: {mine['said']}, not {shown}"
        st.markdown(f":material/flag: You marked this line as {said}.")
        st.button(
            "Take it back", key=f"mark-back-{row}", icon=":material/undo:",
            on_click=marks.take_back, args=(home, mine["id"]),
        )  # fmt: skip
    else:
        st.markdown(f"The model says **{shown}**. Is it?")
        beside = st.container(horizontal=True, vertical_alignment="bottom")
        beside.button(
            "This is right", key=f"mark-right-{row}", icon=":material/check:",
            on_click=keep, kwargs={"said": shown},
        )  # fmt: skip
        said = beside.selectbox(
            "It should be", [mood for mood in marks.SAYABLE if mood != shown], index=None,
            key=f"mark-said-{row}", placeholder="It should be …", width=170,
            label_visibility="collapsed",
        )  # fmt: skip
        beside.button(
            "This is wrong", key=f"mark-wrong-{row}", icon=":material/close:",
            disabled=said is None, on_click=keep, kwargs={"said": said},
            help="Say first what it should be; “no mood” where it has none",
        )  # fmt: skip
    if others:
        st.caption(f"Others say: {', '.join(others)}.")


def agreement(page: Page) -> None:
    """Show how often the mood shown for a line was marked wrong, and the marks themselves."""
    st.subheader("What people say of single lines", anchor=False)
    found = marks.marks(page.label.home)
    if found.is_empty():
        st.caption("Nobody has marked a line yet. On Song, choose a line to say what it should be.")
        return
    rates = page.compute(marks.agreement, counts=marks.counted(found), model=marks.model())
    st.caption(
        f"{found.height:,} mark{'s' * (found.height != 1)}. People mark what annoys them, and one "
        "person's lines come together: the share is of marked lines, not of all lines, and is no "
        "accuracy. Use it to see which moods are mistaken for which."
    )
    page.table(_percent(rates.models), key="marks_models", columns=MODELS)
    if not rates.moods.is_empty():
        page.table(_percent(rates.moods), key="marks_moods", columns=MOODS)
    with st.expander("The marks, as rows to learn from", icon=":material/flag:"):
        _rows(page, found)


def _rows(page: Page, found: pl.DataFrame) -> None:
    with_words = st.toggle(
        "With the words of the lines", key="marks-words",
        help="Off, the download names lines by hash. The words are the label's own lyric.",
    )  # fmt: skip
    words = None
    if with_words:
        hashes = tuple(sorted(set(found["text_hash"])))
        asked = marks.marked_lines.arguments({"hashes": hashes})
        words = compute.result(page.label, marks.marked_lines, asked, keep=False)
    rows = marks.training_rows(found, words)
    listed = rows.with_columns(found["user"])
    picked = page.table(
        listed.select(name for name in ROWS if name in listed.columns), key="marks",
        columns=ROWS, select="single-row", height=280 if rows.height > 6 else "content",
    )  # fmt: skip
    page.shown["marks"] = rows  # who marked is no matter of the rows to learn from
    if picked and picked[0] < rows.height:
        track, mark_id = rows.select("track_id", "id").row(picked[0])
        page.link("songs/song", f"Open its song, {escaped(track)}", track=track)
        st.button(
            "Take this mark back", key="mark-back", icon=":material/undo:",
            on_click=marks.take_back, args=(page.label.home, mark_id),
        )  # fmt: skip


def _percent(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(name) * 100 for name in _SHARES)
