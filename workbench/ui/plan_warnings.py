"""What a plan must not be read without, in words."""

import math
import re

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.promotion.doubts import AND
from workbench.promotion.platforms import platform
from workbench.ui.text import escaped, percent, short, signed_percent

NEVER_USED = "**{subject}** was never used by this label; what it brings is the prior's word."
PUBLISHED = "channels follow published figures, each an **assumption**."
WARNINGS = {
    "beyond": "**{subject}**: {value:.1f} times the largest week ever spent on one track. "
    "Beyond {limit:.1f} the curve is the prior's word, not the data's.",
    "crowded": "**{subject}** gives each listener more than any ever got: {markets}. "
    "Beyond {limit:.1f} the curve is the prior's word, not the data's.",
    "unseen": NEVER_USED,
    "unspent": NEVER_USED,
    "weights": "The fit's weights cannot be trusted fully (Pareto-k {value:.2f}, limit "
    "{limit:.1f}): intervals of channels may be too narrow. Set WORKBENCH_EXACT_DRAWS=1 and make "
    "the model again for the exact sampler (minutes to an hour).",
    "draws": "Only {value:,.0f} draws of the fit count ({limit:,.0f} are enough): numbers and "
    "intervals are rough. Checks says how good the fit is.",
    "starts": "Only {value:.0f} of {limit:.0f} starts of the search reached the best fit: another "
    "may be better still, and the fit cannot be trusted fully. Checks says more.",
    "split": "{percent} of the label's past spend on all songs came without a territory and was "
    "split by audience (assumption).",
    "split_song": "{percent} of this song's spend, until the last week counted here, came without "
    "a territory and was split by audience (assumption).",
    "segments": "**Assumption:** segments were never observed by themselves. Their streams are "
    "their share of the panel's in each territory, their response the territory's, apart from each "
    "other by the spread that territories have ({percent}); a channel's money reaches all of a "
    "segment alike.",
    "before": "**Assumption:** {percent} of the spend falls before the release. Who is won by it "
    "cannot hear the song yet, and the model knows no pre-saves: only what is carried over into "
    "the weeks from the release on brings streams.",
    "lost": "{percent} of the spend falls more than {limit:.0f} weeks before the weeks that count: "
    "nothing of it is carried over into them, so that it brings nothing. Let it begin later.",
    "outside": "{percent} of the spend falls after the end of the window.",
    "artist": "**Assumption:** no streams of {name} are known here, so that the artist's size is "
    "drawn from the label's roster (two in three lie within {times:.1f} times the usual one): "
    "intervals are wider.",
    "genre": "No release of {name} was heard here: how fast it fades follows all genres.",
    "no_genre": "The genre is not decided: how fast the release fades follows all genres.",
    "together": "**{subject}** always moved together (correlation {value:.2f}): what each brings "
    "is the prior's word, only their sum is the data's.",
    "constant": "**{subject}** ran in every week with the same spend: its effect cannot be told "
    "from the songs' own level.",
    "same": "**{subject}** always got the same amount in a week: how it saturates is the prior's "
    "word.",
    "single": "**{subject}** was used for one track only: its effect cannot be told from that "
    "track's appeal.",
    "follows": "**{subject}** got more money after weeks better than expected (correlation "
    "{value:.2f}): part of what it seems to bring would have come anyway. A test would tell.",
    "with_event": "**{subject}**: the event only came while the channel ran ({percent} of its "
    "weeks), so that what each brings is partly the prior's word.",
    "event": "**{name}** is on file and counts in both plans: {change} of the song's own streams "
    "in a week that it fills.",
    "event_new": "**{name}** is on file and counts in both plans. No event of its kind was seen: "
    "it may do much or nothing (**assumption**), and intervals are wider for it.",
    "no_dollar": "**{subject}**: its platform takes campaigns from {limit:,.0f} US dollars on. "
    "Exchange rates do not name the dollar, so that nobody can say whether it takes this one.",
    "too_small": "**{subject}**: its platform takes campaigns from {limit:,.0f} on; the plan "
    "gives {value:,.0f}.",
    "too_large": "**{subject}**: its platform takes {limit:,.0f} a campaign at most; the plan "
    "gives {value:,.0f}.",
    "small_there": "**{subject}** is bought in each market by itself, from {limit:,.0f} on; "
    "too little goes to {markets}. The best plan leaves such markets out or gives them enough.",
    "large_there": "**{subject}** takes {limit:,.0f} a market at most; too much goes to {markets}.",
    "refused": "**{subject}** asks for {limit:,.0f} of the artist's streams or listeners in a "
    "market, and takes no campaign in {markets}.",
    "unheard": "**{subject}** asks for {limit:,.0f} monthly listeners of the artist, who has "
    "{value:,.0f}: its platform takes no campaign of this song, and the best plan leaves it out.",
    "eligible": "**{subject}** asks for {needs}. {heard} Which countries it sells in is not known "
    "here.",
    "no_costs": "Published costs of a stream are in US dollars, which the label's exchange rates "
    "do not name: channels start from the share of streams that spend usually brings, instead.",
    "own": "Channels are **draws of your own model**; what no channel brings is fitted here.",
    "published": f"No campaigns in this label: {PUBLISHED} Import campaigns to replace them.",
    "unspent_all": f"Campaigns are on file, but none of them has spend: {PUBLISHED} Import them "
    "with what was spent.",
    "apart": "Campaigns are on file, but no spend of theirs is on a song that the model has, in "
    f"the weeks of its streams: {PUBLISHED} What is left out, and why, is said above.",
}
BY_MARKET = ("crowded", "small_there", "large_there", "refused")
STRONG = (
    "beyond",
    "weights",
    "draws",
    "starts",
    "too_small",
    "too_large",
    "unheard",
    "lost",
    *BY_MARKET,
)


def worded(row: dict) -> str:
    """Return one warning in words: kind, subject, value, limit; its names are taken as letters."""
    names = row["subject"].split(AND)
    subject = spoken(names[0]) if "markets" in row else " and ".join(map(spoken, names))
    known = {"subject": escaped(subject), "name": escaped(row["subject"])}
    known["times"] = math.exp(row["value"]) if row["kind"] == "artist" else 1.0
    if row["kind"] == "eligible":
        known |= {"needs": platform(row["subject"]).needs, "heard": _heard(row)}
    known["change"] = signed_percent(row["value"]) if row["kind"] == "event" else ""
    kind = "no_genre" if row["kind"] == "genre" and not row["subject"] else row["kind"]
    return WARNINGS[kind].format(**row | known, percent=percent(row["value"]))


def _heard(row: dict) -> str:
    """Return how many streams or listeners an artist has against what a platform asks for."""
    if platform(row["subject"]).listeners:
        if math.isnan(row["value"]):
            return "Nothing is known of the artist's monthly listeners."
        return f"The artist has {row['value']:,.0f} monthly listeners."
    if math.isnan(row["value"]):
        return "Nothing is known of the artist's streams by store."
    few = ": **too few for any market**" if row["value"] < row["limit"] else ""
    return (
        f"The artist's songs had {short(row['value'])} streams on Spotify in the last 28 days of "
        f"the data, all markets together{few}."
    )


def _gathered(warnings: pl.DataFrame) -> list[dict]:
    """Return rows, those about markets of one channel as one, with `markets` in words."""
    rows, found = warnings.to_dicts(), {}
    for row in rows:
        channel, _, market = row["subject"].partition(AND)
        if row["kind"] not in BY_MARKET:
            found[(row["kind"], row["subject"])] = row
            continue
        one = found.setdefault((row["kind"], channel, row["limit"]), row | {"markets": []})
        times = f"{row['value']:,.1f} times" if row["kind"] == "crowded" else short(row["value"])
        one["markets"].append(f"{market} ({times})")
    return [
        row | {"markets": ", ".join(row["markets"])} if "markets" in row else row
        for row in found.values()
    ]


def plain_warnings(warnings: pl.DataFrame) -> list[str]:
    """Return what a plan must not be read without as plain text, a sentence or two each."""
    loud = {"prior": "{}: the prior speaks louder than the data."}
    return [
        loud[row["kind"]].format(spoken(row["subject"]))
        if row["kind"] in loud
        else re.sub(r"\\(.)", r"\1", worded(row).replace("**", ""))
        for row in _gathered(warnings)
    ]


def show_warnings(warnings: pl.DataFrame) -> None:
    """Show what a plan must not be read without."""
    rows = _gathered(warnings)
    loud = [row for row in rows if row["kind"] == "prior"]
    told = [(row["kind"], worded(row)) for row in rows if row["kind"] != "prior"]
    if strong := [words for kind, words in told if kind in STRONG]:
        st.warning("\n\n".join(strong), icon=":material/warning:")
    if plain := [words for kind, words in told if kind not in STRONG]:
        st.caption("\n\n".join(plain))
    if loud:
        with st.container(horizontal=True):
            for row in loud:
                st.badge(
                    f"{escaped(spoken(row['subject']))}: the prior speaks louder than the data",
                    icon=":material/info:",
                    color="gray",
                    help="Its posterior is hardly narrower than the prior "
                    f"({percent(row['value'])} of its width).",
                )
