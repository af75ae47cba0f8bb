"""What a file cannot say, asked on the page before anything of it is read into a table."""

import streamlit as st

from workbench.dataset import Dataset
from workbench.importers import asked
from workbench.importers.mapping import ARTIST, CHOICE, DAY, SONG, Question
from workbench.ui.text import escaped


class _Names(dict):
    """Names by id; what is no id was written by a person and is a name itself."""

    def __missing__(self, key: str) -> str:
        return key


def answers_of(label: Dataset, questions: tuple[Question, ...], key: str) -> dict[str, str]:
    """Ask what the file does not say; return the answers that were given, by name."""
    given = {
        question.name: _answer(label, question, f"{key}-ask-{question.name}")
        for question in questions
    }
    return {name: answer for name, answer in given.items() if answer}


def _answer(label: Dataset, question: Question, key: str) -> str:
    """Ask one question; a song or an artist is chosen, or written where the label has none."""
    if question.kind == DAY:
        day = st.date_input(question.text, value=None, format="YYYY-MM-DD", key=key)
        return day.isoformat() if day else ""
    if question.kind == CHOICE:
        # the text names what stands in the file
        text = escaped(question.text)
        return st.selectbox(text, question.choices, None, key=key, placeholder="Choose") or ""
    if question.kind in (SONG, ARTIST):
        known = asked.versions(label) if question.kind == SONG else asked.artists(label)
        names = _Names(
            {one: " – ".join(said for said in rest if said) for one, *rest in known.iter_rows()}
        )
        chosen = st.selectbox(
            question.text, list(names), index=None, key=key, accept_new_options=True,
            format_func=names.__getitem__, placeholder="Choose, or write a new one",
        )  # fmt: skip
        return (chosen or "").strip()
    return st.text_input(question.text, key=key).strip()
