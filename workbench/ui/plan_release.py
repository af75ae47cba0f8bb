"""Which release a plan is for: one of the catalogue, or one that is not in it yet."""

import datetime
from dataclasses import replace
from functools import partial

import streamlit as st

from workbench.audience.rules import Segment
from workbench.errors import BadInput
from workbench.promotion.facts import flight_days
from workbench.promotion.overview import Opening, Releases, opening_plan
from workbench.promotion.payouts import assumed_payout
from workbench.promotion.plan import Plan, checked, not_covered
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_kept import shown
from workbench.ui.plan_panel import NEW
from workbench.ui.selection import entity_choice
from workbench.ui.text import escaped, percent

UNDECIDED = "Not decided"
AHEAD = 8  # weeks from the last data to the date that is offered


def chosen_release(page: Page, known: Releases) -> tuple[Opening, dict] | None:
    """Ask for the release; return the plan to begin with and what is known of the release.

    Returns
    -------
    opening and title, artist, genre, release_date, to_come; None while something is missing, which
    is then said in place
    """
    tracks = {row["track_id"]: row for row in known.tracks.to_dicts()}
    names = {track: _title(row) for track, row in tracks.items()}
    coming = max(1, sum(row["to_come"] for row in tracks.values()))
    order = [*list(names)[:coming], NEW, *list(names)[coming:]]
    names[NEW] = "A release not in the catalogue yet"
    chosen = entity_choice(st, "Release", {one: names[one] for one in order}, key="track")
    shown(chosen)
    assumed = page.compute(assumed_payout, payout=settings().payout, currency=settings().currency)
    payout = assumed.payout
    if not assumed.known:
        st.caption(
            f"No exchange rate from {settings().currency} to {assumed.currency}: until you set it, "
            f"a stream pays {payout} {assumed.currency}."
        )
    if chosen != NEW:
        return page.compute(opening_plan, track_id=chosen, payout=payout), tracks[chosen]
    release = _asked(known)
    try:
        not_covered(checked(release), known.last_week)
    except BadInput as problem:
        st.info(str(problem), icon=":material/edit_calendar:")
        return None
    facts = {
        "title": None,
        "artist": release.artist or dict(known.artists)[release.artist_id],
        "genre": release.genre,
        "release_date": release.release_date,
        "to_come": True,
    }
    return page.compute(opening_plan, release=release, payout=payout), facts


def over_cells(plan: Plan, segments: tuple[Segment, ...]) -> Plan:
    """Return an opening plan over segments; shares of territories mean nothing among these."""
    if not segments:
        return plan
    return replace(plan, segments=segments, shares=(), channel_shares=())


def opened_with(opening: Opening, known: Releases) -> str:
    """Return what the current plan is, in a sentence or two."""
    if not opening.booked:
        return "Current plan: nothing is booked for this release, so it opens with " + (
            "what a promoted track usually got on each channel, over eight weeks."
            if known.calibrated
            else "published usual amounts of each channel, over eight weeks (**assumption**): no "
            "campaign taught the model."
        )
    first, last = flight_days(opening.plan, known.last_week + datetime.timedelta(weeks=1))
    where = "in territories as booked"
    if not (opening.plan.shares or opening.plan.channel_shares):
        where = "without territories, so that it follows the audience"
    words = (
        f"Current plan: what is booked for this release, {opening.plan.budget:,.0f} "
        f"{escaped(known.currency)} from {first} to {last}, {where}."
    )
    if opening.moved >= 0.005:  # less is shown as none
        words += (
            " Simplified: a plan has one flight for all channels, with as much money in each of "
            f"its weeks, in bursts or in pulses; {percent(opening.moved)} of what is booked lies "
            "in other weeks than here."
        )
    return words


def _title(row: dict) -> str:
    """Return a release as the menu shows it."""
    out = f"out on {row['release_date']}" if row["release_date"] else "out"
    when = f"planned for {row['release_date']}" if row["to_come"] else out
    return f"{row['title']} · {row['artist'] or 'unknown artist'} · {when}"


def _asked(known: Releases) -> Plan:
    """Ask for artist, genre and date of a release that is not in the catalogue."""
    row = st.container(horizontal=True, vertical_alignment="bottom", key="not-in-catalogue")
    artists = dict(known.artists)
    typed = st.session_state.get("new:artist")
    offered = [*artists, *([typed] if typed and typed not in artists else [])]
    artist = row.selectbox(
        "Artist", offered, index=None, key="new:artist", accept_new_options=True,
        format_func=partial(_called, artists), width=300,
        placeholder="Choose, or type a name",
        help="Of an artist in the catalogue the model knows the size and the markets; of another, "
        "only that the size is one of those on the roster (assumption).",
    )  # fmt: skip
    genre = row.selectbox(
        "Genre", [UNDECIDED, *known.genres], key="new:genre", width=200,
        help="How fast its releases fade; not decided takes all genres together.",
    )  # fmt: skip
    ahead = known.last_week + datetime.timedelta(weeks=AHEAD)
    st.session_state.setdefault("new:date", ahead)
    date = row.date_input(
        "Planned date", key="new:date", width=180,
        help="The current plan's. Another date can be tried against it below.",
    )  # fmt: skip
    artist = _known(str(artist or "").strip(), artists)
    inside = artist in artists
    return Plan(
        artist_id=artist if inside else None,
        artist=None if inside else artist or None,
        genre=None if genre == UNDECIDED else genre,
        release_date=date,
    )


def _called(artists: dict[str, str], one: str) -> str:
    return artists.get(one, one)


def _known(typed: str, artists: dict[str, str]) -> str:
    """Return the id of the artist whose name was typed, where just one has it; else the text."""
    same = [one for one, name in artists.items() if name.casefold() == typed.casefold()]
    return same[0] if len(same) == 1 and typed not in artists else typed
