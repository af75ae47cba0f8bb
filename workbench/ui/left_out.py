"""What the promotion model does not use of streams and spend, in words."""

import streamlit as st

from workbench.charts.promotion import spoken
from workbench.promotion.left_out import TO_COME, LeftOut, not_in_the_model
from workbench.promotion.past_result import PastResult
from workbench.promotion.teaching import MAX_TRACKS
from workbench.ui.page import Page
from workbench.ui.plan_warnings import WARNINGS
from workbench.ui.text import escaped

REASONS = {
    "before": "{money} lie before the first week with streams",
    "credit": "{money} were credited beyond what their campaign spent: they are taken off nothing",
    "early": "{streams:,} streams of {songs} lie before the week of their release: correct the "
    "release date if it is later than the song",
    "limit": f"{{money}} went to {{songs}} beyond the {MAX_TRACKS} that are fitted",
    "no_rate": "{money} are in a currency without a rate: import exchange rates that name it, and "
    "the home currency at 1",
    "no_track": "{money} name no song",
    "unheard": "{money} went to {songs} without streams, or not in the catalogue",
    TO_COME: "{money} are booked for weeks after the last with streams",
}


def reasons(found: LeftOut) -> dict[str, list[str]]:
    """Return what the model does not use: for each kind of `REASONS` the lines that say it."""
    out: dict[str, list[str]] = {}
    for row in found.rows.to_dicts():
        songs = row["songs"] or 0
        known = {
            "money": f"{row['money'] or 0:,.0f} {escaped(row['subject'] or found.currency)}",
            "songs": f"{songs:,} song{'' if songs == 1 else 's'}",
        }
        out.setdefault(row["kind"], []).append(REASONS[row["kind"]].format(**row | known))
    return out


def left_out_line(page: Page) -> None:
    """Say in a line how much of what was spent the model does not use, if there is any."""
    found = page.compute(not_in_the_model)
    told = [line for kind, lines in reasons(found).items() if kind != TO_COME for line in lines]
    if told:
        whole = f"{found.used + found.missing:,.0f} {escaped(found.currency)}"
        share = f"{found.missing:,.0f} of {whole} spent by now are not in the model"
        share = share if found.missing else f"The model uses all of {whole}, and leaves out"
        st.caption(f"{share}: {'; '.join(told)}.")


def beside_campaign(found: PastResult) -> str:
    """Return which money of a campaign is in none of its numbers; empty where there is none."""
    if found.without_rate.is_empty():
        return ""
    money = found.without_rate.group_by("currency", maintain_order=True)
    parts = [
        f"{rows['spend'].sum():,.0f} {escaped(currency)} "
        f"({', '.join(escaped(spoken(name)) for name in rows['channel'])})"
        for (currency,), rows in money
    ]
    return (
        f"**Not in these numbers:** {' and '.join(parts)} went to this song around the campaign, "
        "in a currency without an exchange rate. What that brought counts here as the campaign's "
        "or as the song's own. Import rates that name it, and the home currency at 1."
    )


def left_out_list(page: Page) -> None:
    """Say under a heading what the model does not use, and why, or that it uses all."""
    found = page.compute(not_in_the_model)
    st.subheader("What the model does not use", anchor=False)
    told = [line for lines in reasons(found).values() for line in lines]
    if told:
        st.markdown("\n".join(f"- {line}." for line in told))
    unit = escaped(found.currency)
    costs = f"Published costs are in US dollars; one counts as {found.dollar or 0:.4g} {unit}."
    if found.dollar is None:
        costs = WARNINGS["no_costs"]
    st.caption(f"It learns from {found.used:,.0f} {unit} of spend. {costs}")
