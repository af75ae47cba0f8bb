"""What people say of the songs of a list: the buttons, what was said, and the log of lists."""

import datetime
import hashlib
from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st

from workbench.parameters import literal
from workbench.recommend import learnt_marks, marks
from workbench.recommend.exploration import SHARE
from workbench.recommend.lists import Recommendations
from workbench.recommend.marks import DISLIKE, LESS, LIKE, NOT_HERE, Audience
from workbench.report.export import xlsx
from workbench.settings import settings
from workbench.ui import compute, jobs
from workbench.ui.page import Page
from workbench.ui.text import escaped

TABLE = "playlist_draft"
BUTTONS = {
    LIKE: ("Like", "thumb_up", "Keep it in this list, and look for more like it"),
    DISLIKE: ("Dislike", "thumb_down", "Leave it out of every list, and hold back what is like it"),
    NOT_HERE: ("Not for this audience", "group_off",
               "Leave it out of this audience's lists only, and hold back what is like it"),
}  # fmt: skip
_column = st.column_config
SAID = {
    "name": _column.TextColumn("Song or taste", pinned=True),
    "said": _column.TextColumn("Said"),
    "user": _column.TextColumn("Who"),
    "at": _column.DatetimeColumn("When", format="D MMM YYYY, HH:mm"),
}


def heeded(page: Page, audience: Audience) -> dict[str, object]:
    """Return what was said for an audience, and the share drawn, as parameters of its list."""
    return {"feedback": marks.feedback(page.label.home, audience), "explore": SHARE}


def asked(page: Page, parameters: Mapping[str, object]) -> tuple[str, int]:
    """Return the name of a list on record, and the number that draws its songs to find out.

    The same question gives the same list all day; whatever is said or chosen gives a fresh draw.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    told = [literal(today), page.label.version("recommender")]
    told += [f"{name}={literal(value)}" for name, value in sorted(parameters.items())]
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
    return digest[:16], int(digest[16:23], 16)


def log(
    page: Page, shown: str, audience: Audience, found: Recommendations,
    choices: Mapping[str, object],
) -> None:  # fmt: skip
    """Put the list on record."""
    marks.log_list(
        page.label.home, settings().current_user, shown, audience, found,
        model=page.label.version("recommender"), length=int(choices["length"]),
        choices=" ".join(f"{name}={literal(value)}" for name, value in choices.items()),
    )  # fmt: skip


def buttons(
    page: Page, audience: Audience, found: Recommendations, picked: list[int], shown: str
) -> None:
    """Show what can be said of the chosen songs."""
    rows = found.songs[picked]
    names = ", ".join(escaped(title) for title in rows["title"].head(3))
    more = f" and {rows.height - 3} more" if rows.height > 3 else ""
    row = st.container(horizontal=True, vertical_alignment="center", key="say")
    row.markdown(f"**{names}{more}**", width="content")
    for said, (text, icon, what) in BUTTONS.items():
        row.button(
            text, key=f"say-{said}", icon=f":material/{icon}:", help=what,
            on_click=_say, args=(page, audience, rows["track_id"].to_list(), said, shown),
        )  # fmt: skip
    if rows.height == 1:
        song = rows.row(0, named=True)
        page.link("songs/song", f"Open {song['title']}", track=song["track_id"])


def _say(page: Page, audience: Audience, tracks: list[str], said: str, shown: str) -> None:
    for track in tracks:
        marks.mark(
            page.label.home, settings().current_user, audience, about=track, said=said, shown=shown
        )
    # the rows that were chosen are other songs in the list to come
    st.session_state[TABLE] = {"selection": {"rows": [], "columns": [], "cells": []}}


def draft(page: Page, audience: Audience, found: Recommendations, listed: pl.DataFrame) -> None:
    """Offer the draft with its reasons and what speaks for it as a spreadsheet."""
    if audience.listener_id:
        return
    sheets = {"Playlist draft": listed, "What speaks for it": found.profile.drop("track_id")}
    if page.label.manifest.sample:
        sheets = {name: rows.with_columns(label=pl.lit("SAMPLE")) for name, rows in sheets.items()}
    st.download_button(
        "Playlist draft as XLSX", data=partial(xlsx, sheets), file_name="playlist-draft.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore", icon=":material/table_view:", key="draft",
        help="With reasons. As CSV it stands under Download.",
    )  # fmt: skip


def less(page: Page, audience: Audience, feature: str) -> None:
    """Note that less of a feature is wanted for an audience."""
    user = settings().current_user
    marks.mark(page.label.home, user, audience, about=feature, said=LESS)


def said(page: Page, audience: Audience) -> None:
    """Show what was said for an audience, the last first, each to be taken back."""
    held = marks.marks(page.label.home, audience).reverse()
    if held.is_empty():
        st.caption("Choose songs of the list to like or dislike them: the list heeds it at once.")
        return
    counts = held["said"].value_counts().sort("said").iter_rows()
    words = ", ".join(f"{count} × {said}" for said, count in counts)
    asked = marks.named.arguments({"about": tuple(held["about"].unique().sort())})
    names = dict(compute.result(page.label, marks.named, asked, keep=True).iter_rows())
    with st.expander(f"What was said for this audience: {words}", icon=":material/rate_review:"):
        told = pl.Series("name", [names.get(one, "no longer in this label")
                                  for one in held["about"]], pl.String)  # fmt: skip
        picked = page.table(
            held.with_columns(told).select(*SAID), key="said", columns=SAID, select="multi-row"
        )
        gone = [held["mark"][row] for row in picked if row < held.height]
        st.button(
            "Take back", key="take-back", icon=":material/undo:", disabled=not gone,
            on_click=_take_back, args=(page, gone), help="Choose rows first",
        )  # fmt: skip


def learning(page: Page) -> None:
    """Say how much was said since the recommender was made, and offer to learn from it."""
    said = set(marks.to_learn(page.label.home)["mark"])
    asked = learnt_marks.taken_in.arguments({})
    learnt = compute.result(page.label, learnt_marks.taken_in, asked, keep=True)
    if waiting := len(said ^ set(learnt["mark"])):
        row = st.container(horizontal=True, vertical_alignment="center", key="learning")
        row.button(
            "Learn from it", key="learn", icon=":material/model_training:", on_click=_learn,
            args=(page,),
            help="Makes the recommender anew, with every audience that was spoken for as further "
            "listeners",
        )  # fmt: skip
        row.caption(f"{waiting} said or taken back since the recommender was made.")


def _learn(page: Page) -> None:
    jobs.start(page.label, "feedback", "recommender")
    st.toast("The recommender is being made anew with what was said; lists wait for it.")


def _take_back(page: Page, gone: list[str]) -> None:
    for one in gone:
        marks.take_back(page.label.home, one)
    st.session_state["said"] = {"selection": {"rows": [], "columns": [], "cells": []}}
