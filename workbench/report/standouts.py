"""What stands out: a few sentences, each with its number and the page that shows it."""

import datetime

import polars as pl

from workbench.analysis import analysis
from workbench.errors import MissingTable, NotEnoughEvidence
from workbench.listening.breakouts import breakouts, unexplained
from workbench.listening.change import DAYS
from workbench.listening.holdings import holdings
from workbench.listening.risers import risers
from workbench.lyrics import outcome
from workbench.lyrics.catalogue import catalogue_moods
from workbench.promotion.limits import BEYOND
from workbench.tables import TABLES

MOODS = ("line_moods", "lyric_lines")
STALE_DAYS = 10
# Tables that go on as long as a label does; the others end when there is nothing to add.
ROLLING = ("daily_streams", "window_totals", "plays")
RECENT_WEEKS = 4
REASONS = 2
WHY = {
    outcome.INSTRUMENTAL: "that are instrumental",
    outcome.NO_TEXT: "without a lyric on file",
    outcome.TOO_SHORT: "with too few words",
    outcome.VOCABLES: "of vocables only",
    outcome.UNSUPPORTED: "in a language that the model does not read",
    outcome.WAITING: "that wait for the next scoring",
}

CARDS = {
    "kind": pl.String,
    "sentence": pl.String,
    "number": pl.String,
    "good": pl.Boolean,
    "route": pl.String,
    "parameter": pl.String,
    "value": pl.String,
}


@analysis(optional=f"{' '.join(TABLES)} track_annotations {' '.join(MOODS)}")
def standouts(
    label, *, days: int = DAYS, most: int = 6, today: datetime.date | None = None
) -> pl.DataFrame:
    """Return what stands out, what asks for action first.

    Parameters
    ----------
    days : window of risers and fallers. most : sentences. today : to tell old data by; None only
        compares the tables with each other.

    Returns
    -------
    kind (breakout, riser, faller, stale, lyrics, spend) | sentence (plain text) | number (as
    shown) | good (null where neither) | route | parameter | value (the page and its choice;
    null without one)
    """
    cards = [
        *_breakouts(label),
        *_movers(label, days),
        *_stale(label, today),
        *_spend(label),
        *_lyrics(label),
    ]
    return pl.DataFrame(cards[:most], schema=CARDS, orient="row")


def _breakouts(label) -> list[tuple]:
    """Songs beyond their own trend that still are, and that nothing on file explains."""
    try:
        songs = breakouts(label).songs
    except (MissingTable, NotEnoughEvidence):
        return []
    songs = unexplained(songs)
    if songs.is_empty():
        return []
    first = songs.unique("artist", keep="first", maintain_order=True).head(REASONS).to_dicts()
    names = " and ".join(
        f"{row['title']}{_by(row['artist'])} since {row['since']:%d %b}" for row in first
    )
    more = songs.height - len(first)
    others = "" if not more else f", and {more} more {'song' if more == 1 else 'songs'}"
    sentence = (
        f"Beyond their own trend, with nothing on file that explains it: {names}{others}. One "
        "quiet song in twenty is told so by chance."
    )
    number = f"{songs.height} {'break-out' if songs.height == 1 else 'break-outs'}"
    return [("breakout", sentence, number, True, "scout/catalogue", "breakouts", "true")]


def _by(artist: str | None) -> str:
    """Return “ by somebody”, empty where nobody is known."""
    return f" by {artist}" if artist else ""


def _movers(label, days: int) -> list[tuple]:
    try:
        found = risers(label, days=days)
    except MissingTable:
        return []
    cards = []
    for row in found.iter_rows(named=True):
        rising = row["change"] > 0
        verb = "rose" if rising else "fell"
        others = ""
        if row["others"]:
            songs = "song" if row["others"] == 1 else "songs"
            others = f", and {row['others']} more {songs} of the artist with it"
        sentence = (
            f"{row['title']}{_by(row['artist'])} {verb} {_from_to(row, days)} (90 % interval "
            f"{_percent(row['low'])} to {_percent(row['high'])}){others}."
        )
        way = ("scout/artist", "artist_id", row["artist_id"])
        if row["artist_id"] is None:
            way = ("scout/catalogue", None, None)
        kind = "riser" if rising else "faller"
        cards.append((kind, sentence, _percent(row["change"]), rising, *way))
    return cards


def _from_to(row: dict, days: int) -> str:
    """Streams of both windows; by the known day where totals would not bear the change out."""
    known, before = row["known"], row["known_before"]
    if known == before:
        return f"from {row['before']:,} to {row['streams']:,} streams in {days} days"
    return (
        f"from {_rate(row['before'] / before)} to {_rate(row['streams'] / known)} streams a day, "
        f"over {before} and {known} known days"
    )


def _rate(daily: float) -> str:
    return f"{daily:,.0f}" if daily >= 10 else f"{daily:.1f}"


def _stale(label, today: datetime.date | None) -> list[tuple]:
    held = holdings(label).filter(pl.col("table").is_in(ROLLING) & pl.col("last").is_not_null())
    if held.is_empty():
        return []
    newest = max(held["last"].max(), today or datetime.date.min)
    behind = (pl.lit(newest) - pl.col("last")).dt.total_days()
    late = held.with_columns(behind.alias("behind")).filter(pl.col("behind") > STALE_DAYS)
    if late.is_empty():
        return []
    rows = late.sort("behind", "table", descending=[True, False]).to_dicts()
    ends = ", ".join(f"{row['title'].lower()} end on {row['last']}" for row in rows)
    sentence = f"Old data: {ends}. Import newer files."
    number = f"{rows[0]['behind']} days"
    return [("stale", sentence, number, False, "start/import_data", None, None)]


def _spend(label) -> list[tuple]:
    """Channels whose spend of the last weeks lies beyond what was ever tried before."""
    if not label.has("campaigns"):
        return []
    # A row over several days is spread evenly over them.
    daily = pl.int_ranges(pl.col("days")).alias("offset")
    spent = (
        label.scan("campaigns")
        .select(
            "channel", "currency", "day",
            (pl.col("spend").cast(pl.Float64) / pl.col("days")).alias("spend"), daily,
        )
        .explode("offset", empty_as_null=False)
        .with_columns((pl.col("day") + pl.duration(days=pl.col("offset"))).alias("day"))
    )  # fmt: skip
    week = ((pl.col("day").max() - pl.col("day")).dt.total_days() // 7).alias("week")
    weekly = (
        spent.with_columns(week)
        .group_by("channel", "currency", "week")
        .agg(pl.col("spend").sum())
        .collect()
    )
    recent = pl.col("week") < RECENT_WEEKS
    found = (
        weekly.group_by("channel", "currency")
        .agg(
            pl.col("spend").filter(recent).max().alias("now"),
            pl.col("spend").filter(~recent).max().alias("most"),
        )
        .filter((pl.col("most") > 0) & (pl.col("now") > BEYOND * pl.col("most")))
        .with_columns((pl.col("now") / pl.col("most")).alias("times"))
        .sort("times", "channel", descending=[True, False])
    )
    return [
        (
            "spend",
            f"{row['channel']} took {row['now']:,.0f} {row['currency']} in one of the last "
            f"{RECENT_WEEKS} weeks, beyond the {row['most']:,.0f} of any week before: what it "
            "brings there has not been seen yet.",
            f"{row['times']:.1f}x",
            None,
            "promote/lab",
            None,
            None,
        )
        for row in found.iter_rows(named=True)
    ]


def _lyrics(label) -> list[tuple]:
    """Lyrics without moods, and why."""
    if not label.has("lyrics") or not label.has("tracks"):
        return []
    way = ("songs/moods", None, None)
    if not all(label.has(name) for name in MOODS):
        texts = label.scan("lyrics").select(pl.col("track_id").n_unique()).collect().item()
        sentence = f"The lyrics of {texts:,} tracks are on file, but their moods are not made yet."
        return [("lyrics", sentence, f"{texts:,}", None, *way)]
    outcomes = catalogue_moods(label).outcomes
    counts = dict(outcomes.select("outcome", "tracks").iter_rows())
    missing = {name: counts.get(name, 0) for name in outcome.OUTCOMES if name != outcome.SCORED}
    without = sum(missing.values())
    if not without:
        return []
    reasons = sorted(missing, key=lambda name: (-missing[name], name))[:REASONS]
    words = " and ".join(f"{WHY[name]} ({missing[name]:,})" for name in reasons if missing[name])
    sentence = (
        f"{without:,} of {sum(counts.values()):,} songs have no moods, above all those {words}."
    )
    return [("lyrics", sentence, f"{without:,}", None, *way)]


def _percent(share: float) -> str:
    return f"{100 * share:+.0f} %"
