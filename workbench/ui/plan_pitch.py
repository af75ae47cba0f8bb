"""A playlist pitch of a plan: an outcome that is tried, not foretold."""

import streamlit as st

from workbench.promotion.plan import MOST_FOLLOWERS, Plan
from workbench.ui.text import short

# a stay on the largest list lasts 67 days on average, half of them up to 47
LONGEST = 52  # weeks
PITCH = {"followers": 0, "weeks": 8, "chance": 50}


def pitch_of(base: str) -> tuple[float, int, float] | None:
    """Ask for a playlist that is pitched to: followers, weeks on it, chance; None without one."""
    state = st.session_state
    for name, value in PITCH.items():
        state.setdefault(f"{base}:pitch:{name}", value)
    followers = state[f"{base}:pitch:followers"]
    title = f"Playlist pitch: {short(followers)} followers" if followers else "Playlist pitch"
    with st.popover(title, icon=":material/queue_music:", width="stretch"):
        st.caption(
            "If a list took the song: an outcome to try, not a forecast. Streams of a follower are "
            "the model's of editorial lists; it costs nothing."
        )
        followers = st.number_input(
            "Followers of the list", 0, MOST_FOLLOWERS, step=10_000, key=f"{base}:pitch:followers",
            help="0: no pitch.",
        )  # fmt: skip
        weeks = st.slider("Weeks on it", 1, LONGEST, key=f"{base}:pitch:weeks")
        chance = st.slider(
            "Chance that it is taken (%)", 0, 100, step=5, key=f"{base}:pitch:chance",
            help="Yours to say. On each draw the pitch is taken or not.",
        )  # fmt: skip
    return (float(followers), int(weeks), chance / 100) if followers else None


def set_pitch(base: str, plan: Plan) -> None:
    """Set the widgets by a plan, before they are shown."""
    followers, weeks, chance = plan.pitch or (0.0, PITCH["weeks"], PITCH["chance"] / 100)
    state = st.session_state
    state[f"{base}:pitch:followers"], state[f"{base}:pitch:weeks"] = (
        int(followers),
        min(weeks, LONGEST),
    )
    state[f"{base}:pitch:chance"] = round(100 * chance)
