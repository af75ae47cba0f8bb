"""What a plan, or a campaign that ran, takes for money: what is kept, and what counts beside it."""

from dataclasses import asdict, replace
from pathlib import Path

import polars as pl
import streamlit as st

from workbench.errors import WorkbenchError
from workbench.promotion.counts import AT_FIRST, MOST_SPILL, Counts
from workbench.promotion.money import Money
from workbench.promotion.payouts import payouts
from workbench.promotion.per_listener import PerListener, known, per_listener
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.promotion.shares import before_shares, keep_shares, shares
from workbench.sales.spent import Spent, spent_per_listener
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_panel import place_of
from workbench.ui.sales import rateless
from workbench.ui.text import digits, escaped, percent

REFUSED = "kept:refused"
SOURCES = {
    "window_totals": "totals of 28 days by the store",
    "plays": "the panel",
    "daily_streams": "single days of the store",
}
OF = {"track": "this song", "artist": "the artist's songs", "label": "all songs of the label"}


def money_panel(page: Page, plan: Plan, currency: str) -> tuple[Plan, Money, PerListener | None]:
    """Ask what of a payout is kept and what else counts.

    Returns
    -------
    The plan with what counts, the money, and streams of one listener.
    """
    base, group = place_of(plan), settings().min_group
    each = page.compute(
        per_listener, track_id=plan.track_id, artist_id=plan.artist_id, min_group=group
    )
    with st.expander("What the label keeps", icon=":material/payments:"):
        money = kept_of_streams(page, base, plan.payout, currency)
        st.markdown("**Counts beside the streams of the window**")
        beyond = st.toggle(
            f"What promotion leads to later, to {MAX_WEEKS} weeks", key=f"{base}:beyond",
            help="Estimate: won listeners who stay, and money that still works after the window.",
        )  # fmt: skip
        spill = st.number_input(
            "Streams of other songs, for each stream won", 0.0, MOST_SPILL, step=0.05,
            key=f"{base}:spill", format="%.2f",
            help="Assumption, none unless you set it. That a release lifts an artist's older work, "
            "for good, is published (Hendricks and Sorensen 2009, 355 artists); how many streams "
            "that is for one stream won, is not.",
        )  # fmt: skip
        bought = _purchases(page, plan, base, currency) if known(each) else 0.0
    money = replace(money, beyond=beyond, spill=float(spill), purchases=bought)
    counts = Counts(
        **{
            name: st.session_state.get(f"{base}:{name}", value)
            for name, value in asdict(AT_FIRST).items()
        }
    )
    return replace(plan, counts=counts), money, each if known(each) else None


def set_money(base: str, plan: Plan) -> None:
    """Set the switches by a plan, before they are shown."""
    counts = replace(plan.counts, spill=float(plan.counts.spill))
    for name, value in asdict(counts).items():
        st.session_state[f"{base}:{name}"] = value


def say_counted(plan: Plan, money: Money) -> None:
    """Say what money is a sum of, where a switch of it stands elsewhere than at first."""
    if plan.counts != AT_FIRST:
        paid = "" if plan.counts.statements else ", at the payout that is set"
        st.caption(f"Money counts {beside(money)}{paid}.")


def kept_of_streams(page: Page, base: str, payout: float, currency: str) -> Money:
    """Ask what of the money of streams is kept, in an expander that is open already.

    Parameters
    ----------
    base : what the names of the widgets begin with. payout : of a stream, without statements.
    """
    paid = _statements(page, base, payout, currency)
    distribution, artist = _shares(page)
    return Money(payouts=paid, distribution=distribution, artist=artist)


def _statements(
    page: Page, base: str, payout: float, currency: str
) -> tuple[tuple[str, float], ...]:
    found = page.compute(payouts, currency=currency)
    if found.is_empty():
        st.caption(
            f"No statements are loaded: every stream pays {digits(payout)} {escaped(currency)} "
            "(assumption)."
        )
        return ()
    used = found.filter("used").select("territory", "payout")
    st.session_state.setdefault(f"{base}:statements", True)
    on = used.height and st.toggle(
        "Payout of each territory from statements", key=f"{base}:statements"
    )
    st.caption(payouts_words(found, currency))
    return tuple(used.iter_rows()) if on else ()


def payouts_words(found: pl.DataFrame, currency: str) -> str:
    """Return what statements say that a stream paid, and what they could not be used for."""
    rows = found.sort("units", descending=True).to_dicts()
    told = ", ".join(
        f"{escaped(row['territory'])} {digits(row['payout'])} ({row['units']:,} streams)"
        for row in rows if row["used"]
    )  # fmt: skip
    words = f"{escaped(currency)} that arrived for one stream: {told or 'nothing can be told'}."
    if several := sum(row["corrections"] for row in rows):
        words += (f" Lines that correct money alone ({several:,}) are counted in, as of streams "
                  "(assumption).")  # fmt: skip
    odd = [
        escaped(row["territory"])
        + (" (no streams left)" if row["payout"] is None else f" ({digits(row['payout'])})")
        for row in rows if row["lines"] and not row["used"]
    ]  # fmt: skip
    if odd:
        words += (f" No stream can pay what comes out for {', '.join(odd)}: there the payout that "
                  "is set counts.")  # fmt: skip
    if lost := sum(row["without_rate"] for row in rows):
        words += f" Lines in a currency without a rate ({lost:,}) are left out."
    return words


def _shares(page: Page) -> tuple[float, float]:
    """Ask for the shares of the label, which are kept with it from then on; return them."""
    home, state = page.label.home, st.session_state
    kept = shares(home)
    keys = {name: f"kept:{page.label.folder}:{name}" for name in ("distribution", "artist-share")}
    for key, share in zip(keys.values(), (kept.distribution, kept.artist), strict=True):
        state.setdefault(key, round(100 * share, 6))
    asked = {
        "distribution": ("Distribution keeps", "Of the payout. Statements come after it, so that "
                         "it is not taken off them."),
        "artist-share": ("The artist gets", "Of what arrives after distribution."),
    }  # fmt: skip
    found = [
        st.number_input(
            f"{title}, %", 0.0, 100.0, step=1.0, key=keys[name], format="%.0f", help=words,
            on_change=_keep, args=(home, keys),
        ) / 100
        for name, (title, words) in asked.items()
    ]  # fmt: skip
    if wrong := state.pop(REFUSED, None):
        st.error(escaped(wrong), icon=":material/error:")
    if kept.author is None:
        st.caption("Shares are **assumptions**, the installation's so far. Set once, they are kept "
                   "with the label.")  # fmt: skip
        st.button("They are right as they stand", key="kept:right", on_click=_keep,
                  args=(home, keys))  # fmt: skip
    else:
        st.caption(f"Shares are **assumptions**, kept with the label: set by "
                   f"{escaped(kept.author)} on {kept.at:%Y-%m-%d}.")  # fmt: skip
    return found[0], found[1]


def _keep(home: Path, keys: dict[str, str]) -> None:
    distribution, artist = (st.session_state[key] / 100 for key in keys.values())
    try:
        keep_shares(home, settings().current_user, distribution, artist)
    except WorkbenchError as error:
        st.session_state[REFUSED] = str(error)


def say_before(money: Money) -> None:
    """Say that money is before shares, and what to do, where they are not both taken off."""
    if before := before_shares(money):
        st.caption(f"Money is **{before}**: set them under “What the label keeps”.")


def _purchases(page: Page, plan: Plan, base: str, currency: str) -> float:
    """Ask whether what listeners who stay buy counts; return money of one of them."""
    if not (page.label.has("purchases") and page.label.has("plays")):
        return 0.0
    on = st.toggle(
        "What listeners who stay buy", key=f"{base}:purchases",
        help="Assumption: as long as they stay, for a year at most, they spend what the listeners "
        "of the panel did. How long you count streams does not matter.",
    )  # fmt: skip
    if not on:
        return 0.0
    found = page.attempt(
        spent_per_listener, currency=currency, track_id=plan.track_id, artist_id=plan.artist_id,
        min_group=settings().min_group,
    )  # fmt: skip
    if found is None:
        return 0.0
    st.caption(spent_words(found, currency))
    return float(found.value)


def beside(money: Money | Counts) -> str:
    """Return what money is a sum of, in words."""
    found = ["streams of the window"]
    if money.beyond:
        found.append("those after it")
    if money.spill:
        found.append("those of other songs")
    if money.purchases:
        found.append("purchases")
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def spent_words(found: Spent, currency: str) -> str:
    """Return what a listener spent, in a sentence."""
    whose = "listeners of the artist" if found.of == "artist" else "listeners, for each artist,"
    cost = "" if found.margin is None else f", after unit costs ({percent(1 - found.margin)})"
    return (
        f"{found.listeners:,} {whose} spent {digits(found.value)} {currency} each in "
        f"{found.weeks} weeks ({digits(found.low)} to {digits(found.high)}){cost}; "
        f"{found.buyers:,} bought. Those who come by promotion may buy less."
        + rateless(found.without_rate)
    )


def per_listener_words(each: PerListener) -> str:
    """Return where listeners are counted from, in a sentence."""
    days = "one day" if each.days == 1 else f"{each.days} days"
    return (
        f"Listeners are streams over {each.streams:.2f} streams a listener in {days}: an "
        f"estimate from {SOURCES[each.source]}, {OF[each.of]} ({each.runs:,} counts). They are "
        f"those of the best {'day' if each.days == 1 else days}, never a sum."
    )
