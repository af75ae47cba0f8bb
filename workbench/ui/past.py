"""The parts of Results: which campaign, its numbers and caveats in words, its plan beside it."""

import datetime

import polars as pl
import streamlit as st

from workbench.charts import past as charts
from workbench.charts.promotion import spoken
from workbench.promotion.money import Money
from workbench.promotion.past_result import AFTER, PastResult
from workbench.promotion.payouts import assumed_payout
from workbench.promotion.planned import Planned, planned_actual
from workbench.promotion.points import EDGE_NAMES
from workbench.promotion.saved import Scenario, saved
from workbench.settings import settings
from workbench.ui.page import Headline, Page
from workbench.ui.plan_words import in_words
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import digits, escaped, percent, short, small_percent

FAR = 0.5  # of the streams that came: more than any interval of a campaign makes good
LENGTHS = {4: "4 weeks", 13: "13 weeks", AFTER: "26 weeks", 52: "a year"}
_column = st.column_config
_NUMBER = {"format": "localized", "step": 1}
CAMPAIGNS = {
    "title": _column.TextColumn("Song", pinned=True),
    "artist": _column.TextColumn("Artist"),
    "first": _column.DateColumn("From the week of"),
    "last": _column.DateColumn("to the week of"),
    "weeks": _column.NumberColumn("Weeks with spend"),
    "channels": _column.ListColumn("Channels"),
    "spend": _column.NumberColumn("Spent", **_NUMBER),
}
WON = {
    "low": _column.NumberColumn("at least (5 %)", **_NUMBER),
    "median": _column.NumberColumn("Streams brought", **_NUMBER),
    "high": _column.NumberColumn("at most (95 %)", **_NUMBER),
}
CHANNELS = {
    "channel": _column.TextColumn("Channel", pinned=True),
    "spend": _column.NumberColumn("Spent", **_NUMBER),
    **WON,
    "return_low": _column.NumberColumn("Return, at least", format=PERCENT),
    "return_median": _column.NumberColumn("Return", format=PERCENT, help="Revenue kept over spend"),
    "return_high": _column.NumberColumn("Return, at most", format=PERCENT),
}
CELLS = {
    "cell": _column.TextColumn("Market", pinned=True),
    "spend": _column.NumberColumn("Spent", **_NUMBER),
    **WON,
    "rate": _column.NumberColumn("Kept of a stream", format="%.5f"),
    "kept": _column.NumberColumn("Revenue kept", **_NUMBER),
}
PLANNED = {
    "channel": _column.TextColumn("Channel", pinned=True),
    "planned": _column.NumberColumn("Planned", help="Money in the window", **_NUMBER),
    "spent": _column.NumberColumn("Spent", **_NUMBER),
    "planned_median": _column.NumberColumn(
        "Streams by the plan", help="Empty until its weeks are over", **_NUMBER
    ),
    "median": _column.NumberColumn("Streams brought", **_NUMBER),
}


def chosen_campaign(campaigns: pl.DataFrame, currency: str) -> tuple[str, datetime.date, int]:
    """Ask which campaign, and how long it counts; return track, first week and weeks after it."""
    rows = {f"{row['track_id']} {row['first']}": row for row in campaigns.to_dicts()}
    # a year on a song as steady spend is no campaign that anybody looks back on first
    usual = max(rows, key=lambda key: (rows[key]["since"] >= 4, rows[key]["spend"]))
    titles = {
        key: f"{row['title']} · {row['artist'] or 'no artist'} · {row['first']} to {row['last']} · "
        f"{short(row['spend'])} {currency}"
        for key, row in rows.items()
    }
    line = st.container(horizontal=True, vertical_alignment="bottom", key="campaign-row")
    key = line.selectbox(
        "Campaign", list(rows), index=list(rows).index(usual), format_func=titles.get,
        key="campaign",
        width=620, bind="query-params",
    )  # fmt: skip
    after = line.segmented_control(
        "Counted after its last week", list(LENGTHS), format_func=LENGTHS.get, default=AFTER,
        required=True, key="after", bind="query-params",
    )  # fmt: skip
    return rows[key]["track_id"], rows[key]["first"], after


def listed(campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return campaigns as shown."""
    names = {name: spoken(name) for name in campaigns["channels"].explode().drop_nulls().unique()}
    channels = pl.col("channels").list.eval(pl.element().replace(names))
    return readable(campaigns.select(*CAMPAIGNS).with_columns(channels), CAMPAIGNS)


def strip(found: PastResult, currency: str) -> list[Headline]:
    """Return the five numbers of a campaign."""
    rows = {row["measure"]: row for row in found.totals.to_dicts()}

    def headline(measure: str, label: str, form, words: str) -> Headline:
        low, median, high = (rows[measure][edge] for edge in EDGE_NAMES)
        return Headline(label, form(median), note=f"{form(low)} to {form(high)}", help=words)

    return [
        headline("brought", "Streams brought", short,
                 f"From {found.begin} to {found.until}; 90 % interval."),
        headline("share", "Share of streams", small_percent,
                 f"Of the {short(found.came)} that came in these weeks."),
        headline("kept", "Revenue kept", lambda v: f"{short(v)} {currency}",
                 "Of the streams brought, by territory, less the shares of others; before the "
                 "spend."),
        headline("return", "Return", small_percent,
                 f"Revenue kept over {short(found.spend)} {currency} spent; below 100 % it did not "
                 "pay by streams alone."),
        headline("cost", "Cost per stream", lambda v: f"{digits(v)} {currency}",
                 "Spend over the streams brought."),
    ]  # fmt: skip


def finding(found: PastResult, currency: str) -> str:
    """Return what a campaign did, in two sentences."""
    rows = {row["measure"]: row for row in found.totals.to_dicts()}
    brought, back = rows["brought"], rows["return"]
    share = small_percent(rows["share"]["median"])
    returned, low, high = (small_percent(back[edge]) for edge in ("median", "low", "high"))
    paid = (
        f"By streams alone, the chance that it paid back is {percent(found.chance)}"
        if found.chance > 0
        else "By streams alone it did not pay back"
    )
    return (
        f"{short(found.spend)} {currency} brought {short(brought['median'])} streams "
        f"({short(brought['low'])} to {short(brought['high'])}), {share} of those "
        f"that came until {found.until}. {paid}: {returned} of the money came back ({low} to "
        f"{high})."
    )


def doubt(found: PastResult) -> str:
    """Return what the numbers rest on, and how far the model was off in these weeks."""
    off = (
        f"Over these weeks the model has {percent(abs(found.error))} "
        f"{'more' if found.error > 0 else 'fewer'} streams than came."
        if abs(found.error) >= 0.005
        else "Over these weeks the model has as many streams as came."
    )
    begun = found.weekly["came"].is_not_null().arg_max() or 0
    if missing := found.weekly["came"][begun:].null_count():
        off += f" Of {missing} of its {found.weekly.height} weeks no streams are on file."
    if abs(found.error) > FAR:
        off += " **That is too far off for the numbers above to be believed.**"
    return (
        "**Assumption:** nobody was left out by lot, so the weeks without the campaign are the "
        f"model's, not observed. {off} An experiment would tell more."
    )


def channels(found: PastResult) -> pl.DataFrame:
    """Return the channels as shown."""
    return readable(in_words(found.channels), CHANNELS)


def planned(
    page: Page, track_id: str, first: datetime.date, after: int, money: Money, currency: str
) -> None:
    """Show a saved scenario of the track beside what was done."""
    st.subheader("Planned against actual", anchor=False)
    kept = {one.name: one for one in saved(page.label.home).scenarios}
    held = {name: one for name, one in kept.items() if one.plan.track_id == track_id}
    if not held:
        st.caption(
            "No saved scenario is for this song. Save the plan in the Lab before a campaign, and "
            "it is held against what came here."
        )
        page.link("promote/lab", "Open the Lab", track=track_id)
        return
    name = st.selectbox("Scenario", list(held), index=len(held) - 1, key="scenario", width=360)
    one = held[name]
    assumed = page.compute(assumed_payout, payout=settings().payout, currency=settings().currency)
    beside = page.attempt(
        planned_actual, plan=one.plan, first=first, after=after, told=one.told,
        payout=assumed.payout, money=money,
    )  # fmt: skip
    if beside is None:
        return
    st.markdown(planned_told(beside, currency))
    page.chart(charts.plan_dots, beside, key="plan_dots", alt=planned_told(beside, currency))
    told = readable(in_words(beside.channels).select(*PLANNED), PLANNED)
    page.table(told, key="planned", columns=PLANNED)
    st.caption(told_when(beside, one))


def told_when(found: Planned, one: Scenario) -> str:
    """Return which model told what the plan was to bring."""
    if found.told is not None:
        return (
            f"What the plan was to bring was told on {one.at:%Y-%m-%d}, when it was saved, from "
            f"the weeks to {found.told}; it counts in the plan's own weeks, {found.begin} to "
            f"{found.until}. What the campaign brought is today's model."
        )
    why = (
        "What this plan was told to bring when it was saved was not kept"
        if one.told is None
        else "The weeks that this plan was told for hold no spend of this campaign"
    )
    return (
        f"{why}, so **today's model was used**, which has seen these weeks since: this says what "
        "the plan would have done, not how well anybody foretold."
    )


def planned_told(found: Planned, currency: str) -> str:
    """Return a plan against what was done, in words."""
    rows = {row["measure"]: row for row in found.totals.to_dicts()}
    money, won, whole, kept = (rows[name] for name in ("spend", "brought", "streams", "kept"))
    late = (
        f" {percent(found.late)} of the planned money falls out of the weeks counted."
        if found.late >= 0.005
        else ""
    )
    now = found.told is None
    so_far = "" if found.over else f" So far, to {found.until}, as the plan's weeks are not over:"
    was = "would have brought" if now else "was to bring"
    inside = whole["planned_low"] <= whole["median"] <= whole["planned_high"]
    verdict = "" if now else f", {'inside' if inside else 'outside'} of the interval foretold"
    by_money = (
        f" Of their money {short(kept['planned_median'])} {escaped(currency)} were to be kept, "
        f"and {short(kept['median'])} were."
        if found.over
        else ""
    )
    return (
        f"**Planned {short(money['planned_median'])}, spent {short(money['median'])} "
        f"{escaped(currency)}.**{so_far} The plan {was} {short(won['planned_median'])} "
        f"streams ({short(won['planned_low'])} to {short(won['planned_high'])}), what was done "
        f"brought {short(won['median'])}; in all {short(whole['planned_median'])} "
        f"({short(whole['planned_low'])} to {short(whole['planned_high'])}) were to come and "
        f"{short(whole['median'])} came{verdict}.{by_money}{late}"
    )


def best_channel(found: PastResult, currency: str) -> str:
    """Return which channel brought most, in words."""
    if found.channels.is_empty():
        return "No channel had money."
    row = found.channels.sort("median", "channel", descending=[True, False]).row(0, named=True)
    return (
        f"{spoken(row['channel'])} brought most: {short(row['median'])} streams "
        f"({short(row['low'])} to {short(row['high'])}) for {short(row['spend'])} {currency}."
    )
