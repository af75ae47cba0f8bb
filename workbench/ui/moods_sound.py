"""Words against sound on Moods: which songs disagree with themselves."""

import streamlit as st

from workbench.charts.words_and_sound import words_by_sound
from workbench.lyrics.words_and_sound import FEWEST, KINDS, SOUNDS, WordsAndSound, words_and_sound
from workbench.ui import mood_columns as columns
from workbench.ui.page import Page
from workbench.ui.selection import chosen_rows
from workbench.ui.text import escaped

NAMES = {"energy": "Energy", "valence": "Brightness"}


def outliers(page: Page, **chosen: object) -> None:
    """Show songs whose words and sound disagree, or why none can be told.

    Parameters
    ----------
    chosen : filters, heard and years, as the page has them.
    """
    st.subheader("Words against sound", anchor=False)
    by = st.segmented_control(
        "Sound", list(SOUNDS), default="energy", required=True, key="sound", bind="query-params",
        format_func=NAMES.get, label_visibility="collapsed",
    )  # fmt: skip
    found = page.compute(words_and_sound, by=by, **chosen)
    if found.known < FEWEST:
        st.info(_too_few(found), icon=":material/graphic_eq:")
        return
    apart = found.songs.drop_nulls("kind").sort("sound_rank", "track_id", descending=[True, False])
    st.markdown(f"**{finding(found)}**")
    event = page.chart(
        words_by_sound, found, key="words-sound", select="points", alt=finding(found)
    )
    st.caption(
        f"Outliers lie in opposite thirds of the {found.known:,} songs whose sound is known, the "
        f"interval of the words clear of the middle. {_agreement(found)}"
    )
    picked = chosen_rows(event)
    rows = page.table(
        columns.shown(apart, columns.SOUND), key="outliers", columns=columns.SOUND,
        select="single-row", height=280 if apart.height > 6 else "content",
    )  # fmt: skip
    song = None
    if picked and picked[0] < found.songs.height:
        song = found.songs.row(picked[0], named=True)
    elif rows and rows[0] < apart.height:
        song = apart.row(rows[0], named=True)
    if song is None:
        st.caption("Choose a row or a dot to open its song.")
    else:
        page.link("songs/song", f"Open {escaped(song['title'])}", track=song["track_id"])


def _too_few(found: WordsAndSound) -> str:
    sound = "audio_energy" if found.by == "energy" else "audio_valence"
    if not found.known:
        return (
            f"No scored song has {sound}. A table of tracks with that column (0 to 1) brings it: "
            "import one."
        )
    return f"{found.known} scored songs have {sound}; thirds of a catalogue need {FEWEST} at least."


def finding(found: WordsAndSound) -> str:
    """Return how many songs of each kind there are, beside what chance gives."""
    counts = dict(found.songs["kind"].drop_nulls().value_counts().iter_rows())
    numbers = [(kind, counts.get(kind, 0)) for kind in KINDS[found.by]]
    said = "; ".join(f"{kind}: {count} song{'s' * (count != 1)}" for kind, count in numbers)
    chance = "about none" if found.expected < 0.5 else f"about {found.expected:.0f}"
    return (
        f"{said[0].upper()}{said[1:]}. In the whole catalogue chance alone would give {chance} of "
        "the two"
    )


def _agreement(found: WordsAndSound) -> str:
    if found.rho is None:
        return ""
    surely = "go together" if found.low > 0 else "go apart" if found.high < 0 else "hardly go along"
    return (
        f"Words and sound {surely}: rank correlation {found.rho:+.2f} "
        f"({found.low:+.2f} to {found.high:+.2f})."
    )
