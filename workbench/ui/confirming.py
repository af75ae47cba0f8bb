"""Recordings in doubt: what a file says beside what the label has, the answers, their undo."""

from functools import partial

import polars as pl
import streamlit as st

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.importers import decisions, doubts, undoing
from workbench.importers.run import Planned
from workbench.store.memory import memory
from workbench.ui.page import Page
from workbench.ui.text import escaped

PAGE = 8
LATER = ""
LETTERS = "ABCDE"
_column = st.column_config
DECISIONS = {
    "at": _column.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
    "user": _column.TextColumn("Who"),
    "recording": _column.TextColumn("What the file names", width="medium"),
    "answer": _column.TextColumn("Answer", width="medium"),
    "file": _column.TextColumn("Asked by"),
    "decision": _column.TextColumn("Key", width="small"),
}


def confirm_list(label: Dataset, planned: Planned, key: str) -> None:
    """Show the recordings of a file that are in doubt, each beside what it may be.

    Parameters
    ----------
    label : whose tracks they may be. planned : the file's plan. key : of its widgets.
    """
    open_ = planned.understood.sheet.doubtful
    if open_.is_empty():
        return
    each = open_.unique("decision", maintain_order=True)
    keys = each.sort("rows", descending=True, maintain_order=True)["decision"].to_list()
    are = "are" if len(keys) > 1 else "is"
    st.markdown(
        f"**Which recordings are these?** {len(keys):,} {are} in doubt. Two recordings are "
        "never merged unless you say so; an answer holds for later files too."
    )
    shown = [open_.filter(pl.col("decision") == one) for one in _shown(keys, key)]
    held = _held(label, [track for pairs in shown for track in pairs["track_id"]])
    with st.form(f"{key}-doubts", border=False):
        answers = {pairs["decision"][0]: _question(pairs, held, key) for pairs in shown}
        rest = LATER
        if len(shown) > 1:
            names = {LATER: "stay in doubt", "first": "are the same (A)",
                     decisions.ANOTHER: "are other recordings"}  # fmt: skip
            rest = st.segmented_control(
                "Those above that are left at “Later”", list(names), format_func=names.get,
                default=LATER, key=f"{key}-rest",
            )  # fmt: skip
        if not st.form_submit_button("Keep these answers", key=f"{key}-decide"):
            return
    firsts = {pairs["decision"][0]: pairs["track_id"][0] for pairs in shown}
    said = {
        asked: answer or (firsts[asked] if rest == "first" else rest)
        for asked, answer in answers.items()
        if answer or rest
    }
    if not said:
        st.info("Nothing was answered, so nothing changed.", icon=":material/info:")
        return
    try:
        decisions.decide(label, open_, said, planned.report.kept_as)
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/error:")
    else:
        st.rerun()  # the file is planned again, with these answers


def _shown(questions: list[str], key: str) -> list[str]:
    """Return the questions that are shown at once, and ask for others where there are more."""
    if len(questions) <= PAGE:
        return questions
    starts = range(0, len(questions), PAGE)
    names = {at: f"{at + 1} to {min(at + PAGE, len(questions))}" for at in starts}
    start = st.selectbox(
        f"Of {len(questions):,}, those that stand in most rows first", list(starts),
        format_func=names.get, key=f"{key}-from",
    )  # fmt: skip
    return questions[start : start + PAGE]


def _held(label: Dataset, tracks: list[str]) -> dict[str, str]:
    """Return what the label has of these tracks, in words; found once for each state of it."""
    asked = f"holds:{label.folder}:{label.manifest.generation}:{sorted(set(tracks))}"
    return memory.load(
        asked, partial(doubts.holdings, label, tracks), lambda found: 200 * len(found)
    )


def _question(pairs: pl.DataFrame, held: dict[str, str], key: str) -> str:
    """Show one recording beside those that it may be, and return the answer."""
    with st.container(border=True):
        st.markdown(_side_by_side(pairs, held))
        st.caption(_in_doubt(pairs))
        tracks = pairs["track_id"].to_list()
        one = len(tracks) == 1
        same = {t: "The same" if one else f"The same as {LETTERS[n]}" for n, t in enumerate(tracks)}
        names = {LATER: "Later", **same, decisions.ANOTHER: "Another recording"}
        return st.segmented_control(
            "Your answer", list(names), format_func=names.get, default=LATER,
            key=f"{key}-{pairs['decision'][0]}", label_visibility="collapsed",
        ) or LATER  # fmt: skip


def _side_by_side(pairs: pl.DataFrame, held: dict[str, str]) -> str:
    """Return a Markdown table: what the file says and, letter under letter, the tracks."""
    rows = pairs.rows(named=True)
    mine = _side(rows[0], "")
    lines = [["", "Recording", "Artist", "ISRC, length, release", "Holds"], ["---"] * 5,
             ["The file", *mine, _rows(rows[0]["rows"], "of it")]]  # fmt: skip
    names = ["The label"] if len(rows) == 1 else LETTERS
    for name, row in zip(names, rows, strict=False):
        theirs = map(_beside, mine, _side(row, "of_"))
        lines.append([name, *theirs, held.get(row["track_id"], "new in this file")])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _side(row: dict[str, object], side: str) -> list[str]:
    """Return recording | artist | facts of one side, a dash where nothing is known."""
    title, version, artist = (_text(row[f"{side}{n}"]) for n in ("title", "version", "artist"))
    length, released = row[f"{side}duration_ms"], row.get(f"{side}release_date")
    clock = f"{length // 60_000}:{length // 1000 % 60:02}" if length else ""
    facts = [_text(row[f"{side}isrc"]), clock, _text(released)]
    said = [title + (f" ({version})" if version else ""), artist, " · ".join(filter(None, facts))]
    return [text or "–" for text in said]


def _beside(mine: str, other: str) -> str:
    """Return a text in bold where it says something else than what stands above it."""
    differs = "–" not in (mine, other) and mine.casefold() != other.casefold()
    return f"**{other}**" if differs else other


def _rows(count: int, words: str) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'} {words}"


def _text(value: object) -> str:
    return "" if value is None else escaped(" ".join(str(value).split())[:200])


def _in_doubt(pairs: pl.DataFrame) -> str:
    """Return why a recording is in doubt, and how alike it is to each track."""
    rows = pairs.select("doubt", "score").rows()
    if pairs["doubt"].n_unique() == 1:
        alike = ", ".join(f"{score:.2f}" for _, score in rows)
        return f"In doubt: {escaped(rows[0][0])}. Likeness {alike}."
    said = (f"{LETTERS[n]}: {escaped(why)} ({score:.2f})" for n, (why, score) in enumerate(rows))
    return f"In doubt, with the likeness: {'; '.join(said)}."


def past_decisions(page: Page, label: Dataset) -> None:
    """Show what was decided on recordings in doubt, with a way to undo each."""
    listed = decisions.listed(label)
    if listed.is_empty():
        return
    st.subheader("Decisions on recordings in doubt", anchor=False)
    shown = listed.select(list(DECISIONS))
    rows = page.table(shown, key="decisions", columns=DECISIONS, select="single-row")
    if not rows or rows[0] >= listed.height:
        st.caption("Choose a row to undo its decision.")
        return
    chosen = listed.row(rows[0], named=True)
    with st.popover(f"Undo: {escaped(chosen['recording'])}", icon=":material/undo:"):
        st.markdown(_what_goes(undoing.effect(label, chosen["decision"])))
        if st.button("Undo it", key="undecide", type="primary"):
            try:
                undoing.undo(label, chosen["decision"])
            except WorkbenchError as error:
                st.error(escaped(error), icon=":material/error:")
            else:
                st.rerun()


def _what_goes(effect: undoing.Effect) -> str:
    """Return what undoing a decision will do, in words."""
    said = ["Files that name this recording will be asked about it again."]
    if effect.changed:
        titles = ", ".join(f"“{escaped(title)}”" for title in effect.changed)
        said.append(f"A sheet changed {titles}: what was said before is put back.")
    if effect.tables.is_empty():
        return f"{' '.join(said)} No row stands by this answer, so none goes."
    said.append(f"What came in by this answer goes: {effect.words()}.")
    if effect.tracks:
        titles = ", ".join(f"“{escaped(title)}”" for title in effect.tracks)
        elsewhere = effect.tables["elsewhere"].sum()
        more = f", {_rows(elsewhere, 'of other files')} among it" if elsewhere else ""
        said.append(f"The track {titles} goes with all that was stored for it{more}.")
    said.append("Rows that these had replaced do not come back: bring their files again.")
    return " ".join(said)
