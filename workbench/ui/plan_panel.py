"""The sliders of the lab: a plan put together, amounts that add up, locks."""

import datetime
from dataclasses import replace

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.promotion.amounts import grain, rebalanced
from workbench.promotion.calendar import FridayEffect, friday_effect
from workbench.promotion.facts import flight_days
from workbench.promotion.overview import Releases
from workbench.promotion.plan import FLIGHTINGS, Plan, flight_weights, friday
from workbench.ui.date_reasons import friday_worth
from workbench.ui.page import Page
from workbench.ui.plan_pitch import pitch_of, set_pitch
from workbench.ui.plan_sliders import ROW, TENTH, amount_sliders, scale, settle, share_sliders
from workbench.ui.text import escaped

BEFORE, LATEST = -4, 16  # weeks before and after a release in which money may be spent
WEEKS = (4, 8, 13, 26, 52)
MOST = 1e9  # money of a plan
RICHEST = 0.1  # dollars that one stream pays at most
NEW = "not-in-catalogue"  # stands for the id of a release without a track


def place_of(plan: Plan) -> str:
    """Return what the names of a release's widgets begin with."""
    return f"lab:{plan.track_id or NEW}"


def shares_key(plan: Plan) -> str:
    """Return what the names of the widgets of its cells begin with.

    Other segments have other sliders: shares of one set would not add up in another.
    """
    return f"{place_of(plan)}:cells" + "".join(f":{one.id}" for one in plan.segments)


def plan_panel(
    page: Page, known: Releases, opening: Plan, track: dict, currency: str, cells: pl.DataFrame
) -> Plan:
    """Show the sliders for one release and return the plan they make.

    Parameters
    ----------
    known : channels of the model. opening : where the sliders begin, with its segments.
    track : the release: release_date, to_come. currency : of all amounts.
    cells : cell, audience, name: territories, or the segments of the opening plan.
    """
    base = place_of(opening)
    spend = dict(opening.spend)
    channels = tuple(spend)
    release = opening.release_date
    after = known.last_week + datetime.timedelta(weeks=1)
    if track["to_come"]:
        # with another planned date it begins anew
        key = f"{base}:date:{track['release_date']}"
        st.session_state.setdefault(key, max(track["release_date"], after))
        if wanted := st.session_state.pop(f"{base}:wanted-date", None):
            st.session_state[key] = max(wanted, after)
        release = st.date_input("Release date", min_value=after, key=key)
        if release != friday(release):
            st.caption(counted_from(release, page.compute(friday_effect)))
    unit = grain(opening.budget)
    top = scale(max(3 * opening.budget, 1000.0 * unit, st.session_state.get(f"{base}:most", 0.0)))
    budget = f"{base}:budget"
    st.session_state.setdefault(budget, float(opening.budget))
    given = {"step": 50 * unit, "format": "%.0f" if unit == 1 else "%.2f"}
    more = (f"{base}:spend", channels, budget, None, unit)
    line, field, _ = st.columns(ROW, vertical_alignment="bottom", gap="xsmall")
    line.slider(f"Budget ({currency})", 0.0, top, key=budget, on_change=settle, args=more, **given)
    st.session_state[f"{budget}:field"] = st.session_state[budget]
    field.number_input(
        "All channels, amount", 0.0, MOST, key=f"{budget}:field", label_visibility="collapsed",
        on_change=_typed, args=(base, *more), **given,
    )  # fmt: skip
    st.caption("Channels add up to the budget. The switch beside one keeps its amount.")
    titles = {name: escaped(spoken(name)) for name in channels}
    amounts = amount_sliders(f"{base}:spend", spend, titles, budget, unit)
    timed = _flight(base, opening, release if track["to_come"] else None, after)
    pitch = pitch_of(base)
    shares = _targeting(opening, cells)
    st.session_state.setdefault(f"{base}:weeks", opening.weeks)
    offered = sorted({*WEEKS, opening.weeks, st.session_state[f"{base}:weeks"]})
    weeks = st.selectbox(
        "Counted over", offered, key=f"{base}:weeks", format_func="{} weeks".format
    )
    st.session_state.setdefault(f"{base}:payout", opening.payout)
    payout = st.number_input(
        "Payout a stream", 0.0, richest(known), step=0.0005, format="%.4f", key=f"{base}:payout",
        help="An assumption, until statements are read.",
    )  # fmt: skip
    return replace(
        opening.with_spend(amounts),
        release_date=release,
        flight=timed.flight,
        flighting=timed.flighting,
        shares=shares,
        pitch=pitch,
        channel_shares=st.session_state.get(f"{shares_key(opening)}:apart", ()),
        weeks=weeks,
        payout=float(payout),
    )


def counted_from(release: datetime.date, effect: FridayEffect) -> str:
    """Say of a day that is no Friday what it is counted from, and what a Friday was worth."""
    first = friday(release)
    days = (first + datetime.timedelta(weeks=1) - release).days
    words = (
        f"Counted from Friday {first.day} {first:%B %Y}, the first day of its chart week: every "
        "day of that week gives the same answer."
    )
    if seen := friday_worth(effect):
        left = "one day" if days == 1 else f"{days} days"
        words += f" A {release:%A} has {left} of it. Not counted here: {seen}"
    return words


def _typed(base: str, spend: str, channels: tuple[str, ...], budget: str, *more) -> None:
    """Take the budget that was typed, which may lie beyond the slider's end."""
    state = st.session_state
    state[budget] = float(state[f"{budget}:field"])
    state[f"{base}:most"] = max(state[budget], state.get(f"{base}:most", 0.0))
    settle(spend, channels, budget, *more)


def richest(known: Releases) -> float:
    """Return what a stream pays at most; as much as any currency needs, where no rate is known."""
    return RICHEST * (known.dollar or 100_000.0)


def _flight(base: str, opening: Plan, release: datetime.date | None, after: datetime.date) -> Plan:
    """Ask when the money is spent and how it lies there; return the plan so, and say the dates."""
    key, own = f"{base}:flight", (opening.flight[0], sum(opening.flight))
    st.session_state.setdefault(key, own)
    # what is booked or was saved may lie further out than what is offered
    ends = (BEFORE if release else 0, LATEST, *own, *st.session_state.get(f"{base}:far", ()))
    start, end = st.slider(
        f"Spend from … to, in weeks after {'the release' if release else after}",
        min(ends), max(ends), key=key,
        help="0 is the Friday of the release week, weeks below zero lie before it."
        if release else "0 is the first week without data.",
    )  # fmt: skip
    st.session_state.setdefault(f"{base}:flighting", opening.flighting)
    flighting = st.segmented_control(
        "Money in these weeks", FLIGHTINGS, key=f"{base}:flighting", required=True,
        format_func=str.capitalize, width="stretch",
        help="Even: the same in each week. Burst: all in the first quarter of the weeks. Pulsed: "
        "every other week, from the first on. Of every channel.",
    )  # fmt: skip
    flight = (start, max(end - start, 1))
    timed = replace(opening, release_date=release, flight=flight, flighting=flighting)
    first, last = flight_days(timed, after)
    weeks = "one week" if flight[1] == 1 else f"{flight[1]} weeks"
    spent = int((flight_weights(timed) > 0).sum())
    where = {"burst": f"all money in the first {spent}", "pulsed": f"money in {spent} of them"}
    how = where[flighting] if spent < flight[1] else "the same money in each"
    st.caption(f"{first:%a} {first.day} {first:%b %Y} to {last:%a} {last.day} {last:%b %Y}: "
               f"{weeks}, {how}.")  # fmt: skip
    return timed


def set_sliders(plan: Plan, base: str, channels: list[str], *, shares: bool) -> None:
    """Set the sliders of a release by a plan, before they are shown.

    Parameters
    ----------
    base : of `place_of`. channels : that have sliders. shares : whether its shares are taken, too.
    """
    state = st.session_state
    amounts = dict(plan.spend)
    for name in channels:
        state[f"{base}:spend:{name}"] = float(amounts.get(name, 0.0))
    state[f"{base}:budget"] = float(sum(amounts.get(name, 0.0) for name in channels))
    state[f"{base}:most"] = state[f"{base}:budget"]
    state[f"{base}:flight"] = state[f"{base}:far"] = (plan.flight[0], sum(plan.flight))
    state[f"{base}:flighting"] = plan.flighting
    set_pitch(base, plan)
    state[f"{base}:weeks"] = plan.weeks
    state[f"{base}:payout"] = plan.payout
    state[f"{base}:wanted-date"] = plan.release_date
    cells = shares_key(plan)
    state[f"{cells}:apart"] = plan.channel_shares if shares else ()
    state[f"{cells}:own"] = own = shares and bool(plan.shares)
    state[f"{cells}:meant"] = plan.shares if own else ()
    state[f"{cells}:wanted"] = True


def _targeting(opening: Plan, cells: pl.DataFrame) -> tuple[tuple[str, float], ...]:
    """Ask for the shares of spend of territories or segments; empty follows the audience."""
    if cells.height < 2:
        return ()
    base, named = shares_key(opening), bool(opening.segments)
    for name, value in (
        ("apart", opening.channel_shares), ("meant", opening.shares), ("own", bool(opening.shares)),
    ):  # fmt: skip
        st.session_state.setdefault(f"{base}:{name}", value)
    if st.session_state[f"{base}:apart"]:
        st.caption("Each channel is split in its own way: as booked, or as the best plan says.")
        st.button("Split all channels alike", key=f"{base}:alike", on_click=_alike, args=(base,))
        return ()
    own = st.toggle(f"Choose {'shares of segments' if named else 'territories'}", key=f"{base}:own",
                    help="Off: spend follows the audience.")  # fmt: skip
    if not own:
        return ()
    audience = dict(cells.select("cell", "audience").iter_rows())
    titles = {cell: escaped(name if named else spoken(cell))
              for cell, name in cells.select("cell", "name").iter_rows()}  # fmt: skip
    # sliders stand at tenths of a percent; until one is moved, the shares are what they were
    meant = st.session_state[f"{base}:meant"]
    exact = {name: 100 * dict(meant).get(name, 0.0) for name in audience} if meant else {
        name: 100 * share for name, share in audience.items()
    }  # fmt: skip
    tenths = rebalanced(exact, 100.0, None, frozenset(), TENTH)
    if st.session_state.pop(f"{base}:wanted", False):
        for name, share in tenths.items():
            st.session_state[f"{base}:{name}"] = share
    amounts = share_sliders(base, tenths, titles)
    if amounts == tenths:
        return meant
    whole = sum(amounts.values())
    return tuple((name, amount / whole) for name, amount in sorted(amounts.items()) if amount > 0)


def _alike(base: str) -> None:
    st.session_state[f"{base}:apart"] = ()
