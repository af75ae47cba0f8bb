"""The parts of the calendar: what is chosen, the finding, the Fridays, the way to the lab."""

import datetime
from dataclasses import replace

import polars as pl
import streamlit as st

from workbench.promotion.dates import CLASH, FIRST, Dates
from workbench.promotion.overview import Releases
from workbench.promotion.plan import Plan
from workbench.promotion.saved import packed
from workbench.ui.page import Headline, Page
from workbench.ui.plan_panel import NEW
from workbench.ui.tables import readable
from workbench.ui.text import percent, short, signed_percent, span

CLEAR = 0.9  # chance from which one date is said to be better than another
_column = st.column_config
_share = {"format": "%+.1f %%"}
DATES = {
    "date": _column.DateColumn("Friday", pinned=True, format="ddd D MMM YYYY"),
    "rank": _column.NumberColumn(
        "Rank", help="By the difference to the planned date, case by case, not by its first 8 weeks"
    ),
    "first_median": _column.NumberColumn(
        "First 8 weeks", format="localized", step=1, help="Streams, clashes taken off"
    ),
    "first_low": _column.NumberColumn("from", format="localized", step=1, help="90 % interval"),
    "first_high": _column.NumberColumn("to", format="localized", step=1, help="90 % interval"),
    "against_median": _column.NumberColumn(
        "Against planned", **_share, help="First 8 weeks over those of the planned date"
    ),
    "against_low": _column.NumberColumn("at least", **_share, help="5 % lie below"),
    "against_high": _column.NumberColumn("at most", **_share, help="5 % lie above"),
    "chance": _column.NumberColumn("Chance", format="%.0f %%", help="Of more than on that date"),
    "fixed_median": _column.NumberColumn(
        "Until one day", **_share, help="Streams up to the same day for all dates"
    ),
    "life_median": _column.NumberColumn("Two years", **_share, help="Of two years, each its own"),
    "clash": _column.NumberColumn(
        "Clash", format="%.1f %%", help="Taken by own releases within two weeks (assumption)"
    ),
}
CLASHES = {
    "date": _column.DateColumn("Friday", pinned=True),
    "title": _column.TextColumn("Own release near"),
    "artist": _column.TextColumn("Artist"),
    "other": _column.DateColumn("Its date"),
    "apart": _column.NumberColumn("Weeks apart", format="%+d"),
    "shared": _column.NumberColumn(
        "Shared", format="%.0f %%", help="Share of this artist's listeners who hear the other one"
    ),
}


def today(page: Page) -> datetime.date | None:
    """Return today; None for the sample, which ends on a fixed day: its data say what is past."""
    return None if page.label.manifest.sample else datetime.datetime.now(datetime.UTC).date()


def ahead(known: Releases, now: datetime.date | None) -> Releases:
    """Return what can be planned, with the songs only whose date has not passed."""
    coming = known.tracks.filter("to_come")
    return replace(known, tracks=coming.filter(pl.col("release_date") > now) if now else coming)


def clash_choice() -> float:
    """Ask what a clash costs."""
    return st.slider(
        "A shared listener gives to another own release of that week", 0, 100, round(100 * CLASH),
        step=5, format="%d %%", key="clash", bind="query-params", width=420,
        help="Assumption: no study measures it. Two thirds of it a week apart, one third at two.",
    ) / 100  # fmt: skip


def strip(found: Dates) -> list[Headline]:
    """Return planned date, best date, and what lies between them."""
    own, best = ends(found)
    change = f"{signed_percent(best['against_low'])} to {signed_percent(best['against_high'])}"
    of = f"of {found.dates.height}"
    return [
        Headline("Planned", f"{own['date']:%d %b %Y}", note=f"rank {own['rank']} {of}"),
        Headline("Best Friday", f"{best['date']:%d %b %Y}", note=f"rank 1 {of}"),
        Headline(f"First {FIRST} weeks as planned", short(own["first_median"]),
                 note=span(own["first_low"], own["first_high"]).strip("()")),
        Headline("On the best Friday", signed_percent(best["against_median"]), note=change),
        Headline("Over two years", signed_percent(best["life_median"]),
                 note=f"{signed_percent(best['life_low'])} to {signed_percent(best['life_high'])}"),
    ]  # fmt: skip


def ends(found: Dates) -> tuple[dict, dict]:
    """Return the rows of the planned and of the best date."""
    own = found.dates.row(by_predicate=pl.col("planned"), named=True)
    return own, found.dates.row(by_predicate=pl.col("rank") == 1, named=True)


def told(found: Dates) -> str:
    """Return the suggestion in words."""
    own, best = ends(found)
    if best["planned"]:
        return f"**The planned {own['date']:%d %b %Y} is the best Friday** of those ahead."
    if best["chance"] < CLEAR:
        much = "looks best, but hardly apart from the planned date"
    elif best["season_median"] <= 0:
        much = "looks best, but only by what clashes are assumed to cost"
    else:
        much = "suits best"
    return (
        f"**Friday {best['date']:%d %b %Y} {much}**: {signed_percent(best['against_median'])} "
        f"streams in the first {FIRST} weeks against the planned {own['date']:%d %b %Y}, "
        f"{_parts(own, best)}. Over two years it is {signed_percent(best['life_median'])}: another "
        "date mostly moves streams."
    )


def _parts(own: dict, best: dict) -> str:
    """Return what of a date's gain the season brings and what clashes do, in words."""
    season = signed_percent(best["season_median"])
    if not own["clash"] and not best["clash"]:
        return "all of it by the season, as no own release lies near either"
    clashes = " and ".join(
        f"{percent(row['clash'], 1)} on {row['date']:%d %b %Y}" for row in (own, best)
    )
    return (
        f"of that {season} by the season, the rest by clashes as you set them: they take {clashes}"
    )


def near(page: Page, found: Dates, row: dict) -> None:
    """Show the own releases near a date."""
    rows = found.clashes.filter(pl.col("date") == row["date"])
    if not rows.is_empty():
        page.table(readable(rows, CLASHES).select(CLASHES.keys()), key="clashes", columns=CLASHES)


def open_in_lab(page: Page, plan: Plan, found: Dates, row: dict) -> None:
    """Show the link that opens the plan on one date in the lab, and why its streams differ."""
    moved = replace(plan, release_date=row["date"], start=None)
    page.link(
        "promote/lab", f"Open {row['date']:%d %b %Y} in the lab", icon="experiment",
        track=plan.track_id or NEW, plan=packed(moved),
    )  # fmt: skip
    own, _ = ends(found)
    if differ := [one for one in ([row] if row["planned"] else [row, own]) if one["clash"]]:
        told = "; ".join(
            f"{short(one['alone_median'])} for {one['date']:%d %b %Y}, of which clashes take "
            f"{percent(one['clash'], 1)} and leave {short(one['first_median'])} here"
            for one in differ
        )
        st.caption(f"The Lab knows no clashes: it has, in the first {FIRST} weeks, {told}.")


def shown(frame: pl.DataFrame) -> pl.DataFrame:
    """Return dates as the table shows them, best first."""
    return readable(frame.sort("rank"), DATES).select(DATES.keys())
