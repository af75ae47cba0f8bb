"""Catalogue and roster as a page shows them: words for columns, numbers for the strip."""

import polars as pl
import streamlit as st

from workbench.catalogue.songs import Songs
from workbench.charts.theme import MOOD_COLOURS
from workbench.listening.artist import Artist
from workbench.listening.change import FALL, RISE, WINDOWS
from workbench.listening.momentum import WEIGHTS
from workbench.listening.panel import SOURCE_TITLES
from workbench.listening.roster import Roster
from workbench.ui.mood_columns import WHAT_LEADS
from workbench.ui.page import Headline
from workbench.ui.text import percent, short, signed_percent

PERCENT = "%+.1f %%"
COUNTED_FROM = {
    "daily_streams": "streams as stores count them",
    "window_totals": "weekly totals as stores count them",
    "plays": "plays of the panel of listeners: a sample, not the whole audience",
}
NO_STREAMS = "Who moves is not in this data."
BRINGS_STREAMS = (
    "It needs streams: Spotify for Artists timelines, any table with track, day and streams, or a "
    "listening history."
)
_column = st.column_config


def window_choice() -> int:
    """Show the choice of 7, 28 or 90 days, kept in the URL; return it."""
    days = st.segmented_control(
        "Window", WINDOWS, default=28, required=True, key="days", bind="query-params",
        format_func="{} days".format, label_visibility="collapsed",
    )  # fmt: skip
    return int(days)


def interval(low: float | None, high: float | None) -> str:
    """Return an interval of a change in words; why there is none, otherwise."""
    if low is None or high is None:
        return "no interval"
    return f"90 % interval {signed_percent(low)} to {signed_percent(high)}"


def change_headline(label: str, row: dict, days: int, spark: tuple[float, ...] = ()) -> Headline:
    """Return streams with their change; counts, interval and coverage on hover."""
    if row["streams"] is None:
        return Headline(label, "–", help=f"{row['evidence'].capitalize()}.")
    gaps = ""
    if min(row.get("known", days), row.get("known_before", days)) < days:
        gaps = (
            f" Only known days are compared, by their mean: {row['known']} and "
            f"{row['known_before']} of {days}."
        )
    known = row["change"] is not None
    return Headline(
        label,
        short(row["streams"]),
        change=signed_percent(row["change"]) if known else row["evidence"],
        note=None if spark or row["low"] is None else interval(row["low"], row["high"]),
        help=f"{row['streams']:,} streams in {days} days, {row['before'] or 0:,} before: "
        f"{interval(row['low'], row['high'])}, {row['evidence']}.{gaps}",
        spark=spark,
        good={RISE: True, FALL: False}.get(row["evidence"]),
    )  # fmt: skip


def catalogue_strip(songs: Songs) -> list[Headline]:
    """Return the numbers at the head of Catalogue."""
    numbers = [
        Headline("Tracks", f"{songs.found:,}", note=f"{songs.planned:,} of them are not out yet")
    ]
    if not songs.total.is_empty():
        row = songs.total.row(0, named=True)
        spark = tuple(value for value in row["trend"] or () if value is not None)
        numbers.append(change_headline(f"Streams, {songs.days} days", row, songs.days, spark))
        numbers.append(
            Headline(
                "Stand out",
                f"{songs.standing_out:,}",
                note="tracks changed beyond their own noise and the label's season",
                help="At most one in ten of them by chance.",
            )
        )
    read = "their moods are not made yet"
    if songs.scored is not None:
        read = f"moods could be read in {songs.scored:,} of them"
    numbers.append(Headline("With lyrics", f"{songs.with_lyrics:,}", note=read))
    return numbers


TRACKS = {
    "title": _column.TextColumn("Title", pinned=True, width="medium"),
    "version": _column.TextColumn("Version", width="small"),
    "artist": _column.TextColumn("Artist"),
    "release_date": _column.DateColumn("Released"),
    "streams": _column.NumberColumn("Streams", format="localized"),
    "trend": _column.LineChartColumn(
        "28 days", width="small", y_min=0, help="Streams a day; a gap is a day that is not known"
    ),
    "change": _column.NumberColumn(
        "Change", format=PERCENT, help="Against as many days before; empty where not known"
    ),
    "low": _column.NumberColumn("from", format=PERCENT, help="90 % interval of the change"),
    "high": _column.NumberColumn("to", format=PERCENT, help="90 % interval of the change"),
    "evidence": _column.TextColumn(
        "Evidence", help="Whether the interval, made from the track's own noise, excludes no change"
    ),
    "lead": _column.MultiselectColumn(
        "Lead mood", options=list(MOOD_COLOURS), color=list(MOOD_COLOURS.values()),
        help=WHAT_LEADS,
    ),
    "lyric": _column.TextColumn("Lyric"),
    "saves_per_1000": _column.NumberColumn(
        "Saves / 1,000", format="%.1f", help="Saves per 1,000 streams, as the store counts both"
    ),
    "saves_per_listener": _column.NumberColumn(
        "Savers", format="%.1f %%",
        help="Share of the panel's listeners who saved it; hidden for small groups",
    ),
    "listeners": _column.NumberColumn(
        "Panel listeners", help="People of the panel; empty where they are too few to show"
    ),
    "before": _column.NumberColumn("Before", format="localized", help="Streams of the days before"),
    "genre": _column.TextColumn("Genre"),
    "status": _column.TextColumn("Status"),
}  # fmt: skip
ROSTER = {
    "artist": _column.TextColumn("Artist", pinned=True, width="medium"),
    "standing": _column.TextColumn("Standing", help="Signed, or a prospect"),
    "streams": _column.NumberColumn("Streams", format="localized"),
    "trend": _column.LineChartColumn("28 days", width="small", y_min=0),
    **{
        f"change_{days}": _column.NumberColumn(
            f"{days} days", format=PERCENT, help="Change against as many days before"
        )
        for days in WINDOWS
    },
    "momentum": _column.ProgressColumn(
        "Momentum", width="small", format="%.0f", min_value=0, max_value=100, color="primary",
        help="0 to 100, 50 is standing still; its parts are shown with the artist",
    ),
    "evidence": _column.TextColumn("Evidence", help="Of the chosen window"),
    "low": _column.NumberColumn("Change from", format=PERCENT, help="90 % interval, chosen window"),
    "high": _column.NumberColumn("Change to", format=PERCENT, help="90 % interval, chosen window"),
    "added": _column.NumberColumn("Added", format="localized", help="Streams more than before"),
    "mix": _column.BarChartColumn(
        "Sources", width="small", y_min=0, y_max=1, help=" · ".join(SOURCE_TITLES.values())
    ),
    "sought_out": _column.NumberColumn(
        "Sought out", format="%.0f %%", help="Share of the panel's streams that listeners chose"
    ),
    "top_markets": _column.TextColumn("Markets", help="Listeners in the panel, last window"),
    "tracks": _column.NumberColumn("Tracks", help="Released"),
}  # fmt: skip
PARTS = {
    "title": _column.TextColumn("Part", width="medium"),
    "points": _column.ProgressColumn("Points", format="%.0f", min_value=0, max_value=100),
    "weight": _column.NumberColumn("Weight", format="%.0f %%"),
    "pull": _column.NumberColumn("Pull", format="%+.1f", help="Points added to or taken from 50"),
}
DAY = {
    "title": _column.TextColumn("Track"),
    "country": _column.TextColumn("Country"),
    "streams": _column.NumberColumn("Streams", format="localized"),
    "usual": _column.NumberColumn(
        "Usual", format="%.0f", help="Mean of that weekday in the eight weeks before"
    ),
}
_SHARES = (
    "change",
    "low",
    "high",
    "saves_per_listener",
    "sought_out",
    "weight",
    *(f"change_{days}" for days in WINDOWS),
)


def shown(frame: pl.DataFrame, columns: dict, own: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the columns of a table that hold anything, changes in percent, own columns last."""
    kept = [
        name
        for name in (*columns, *own)
        if name in frame.columns and frame[name].null_count() < max(frame.height, 1)
    ]
    words = [(pl.col(name) * 100).alias(name) for name in _SHARES if name in kept]
    if "lead" in kept:  # a chip is a list of one
        words.append(pl.when(pl.col("lead").is_not_null()).then(pl.concat_list("lead")))
    if "trend" in kept:  # a line of 28 points needs no more digits, and the wire is narrow
        words.append(pl.col("trend").cast(pl.List(pl.Float32)))
    return frame.select(kept).with_columns(words)


def artist_strip(artist: Artist, roster: Roster, countries: tuple[str, ...] = ()) -> list[Headline]:
    """Return the numbers at the head of one artist; what `countries` do not bound says so."""
    facts = artist.facts.row(0, named=True)
    place = artist.windows["days"].to_list()
    days = roster.days if roster.days in place else place[0]
    window = artist.windows.row(place.index(days), named=True)
    numbers = [change_headline(f"Streams, {days} days", window, days)]
    if facts["momentum"] is not None:
        known = sum(facts[part] is not None for part in WEIGHTS)
        numbers.append(
            Headline(
                "Momentum",
                f"{facts['momentum']:.0f} of 100",
                note=f"90 % interval {facts['momentum_low']:.0f} to {facts['momentum_high']:.0f}",
                help=f"50 is standing still; {known} of {len(WEIGHTS)} parts known.",
            )
        )
    for metric, title in (("monthly_listeners", "Monthly listeners"), ("followers", "Followers")):
        row = artist.reach.row(artist.reach["metric"].to_list().index(metric), named=True)
        if row["now"] is not None:
            numbers.append(
                Headline(
                    title,
                    short(row["now"]),
                    change=signed_percent(row["change"]),
                    note=f"{'all countries, ' if countries else ''}change in 28 days",
                    help=f"{row['now']:,} in the store, {row['before'] or 0:,} 28 days ago.",
                    good=row["change"] is None or row["change"] >= 0,
                )
            )
    if facts["sought_out"] is not None:
        numbers.append(
            Headline(
                "Sought out",
                percent(facts["sought_out"]),
                note="of streams: by choice",
                help=f"Share of streams that listeners chose themselves, of {facts['listeners']:,} "
                f"listeners in the panel, last {roster.days} days.",
            )
        )
    return numbers
