"""Moods by artist, genre, year or decade, with intervals over songs."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput
from workbench.listening.own_columns import Own
from workbench.lyrics.catalogue import SHARES, CatalogueMoods, catalogue_moods
from workbench.lyrics.families import MISSING

TIMES = ("year", "decade")
BY = ("artist", "genre", *TIMES)
UNKNOWN = "unknown"
REPEATS = 1_000
AXES = ("valence", "arousal")


@dataclass(frozen=True, eq=False)
class GroupMoods:
    """Moods of groups of songs.

    Attributes
    ----------
    by : artist, genre, year or decade (of release).
    groups : key (artist id, genre, “2024” or “2020s”) | group (as shown) | songs (scored) |
        not_scored | lead | valence and arousal with _low and _high; most songs first, times newest
        first.
    shares : key | group | family | songs | share (mean of the songs' shares) | low | high (90 %) |
        lift (share over the catalogue's) ; low and high are null under `least` songs.
    overall : family | share of the whole catalogue shown. missing : families that cannot appear.
    left_out : groups beyond `count`.
    """

    by: str
    groups: pl.DataFrame
    shares: pl.DataFrame
    overall: pl.DataFrame
    missing: tuple[str, ...]
    left_out: int


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists track_annotations")
def moods_by(
    label, *, by: str = "artist", filters: Filters = Filters(), heard: bool = True,
    years: tuple[int, ...] = (), own: Own | None = None, least: int = 3, count: int = 40,
    seed: int = 0,
) -> GroupMoods:  # fmt: skip
    """Return the mean mood shares of each artist, genre or time, every song weighing the same.

    Intervals are 90 % by bootstrap over songs (1,000 draws): what another handful of songs of the
    same group would have given. Artists and genres filter; days and countries do not apply.

    Parameters
    ----------
    by : one of BY. years, own : as `catalogue_moods` takes them. least : songs below
        which a group has no interval. count : groups with the most songs that are returned.

    Raises
    ------
    BadInput
        `by` is none of these.
    """
    if by not in BY:
        raise BadInput(f"Moods go by {', '.join(BY)}, not by “{by}”.")
    tracks = catalogue_moods(label, filters=filters, heard=heard, years=years, own=own).tracks
    tracks = tracks.with_columns(key=group_key(by, "key"), group=group_key(by, "group"))
    scored = tracks.filter(pl.col("valence").is_not_null()).sort("key", "track_id")
    columns = [*(f"share_{family}" for family in SHARES), *AXES]
    random = np.random.default_rng(seed)
    bounds = [
        _bounds(key, part.select(columns).to_numpy(), random, least)
        for (key,), part in scored.group_by("key", maintain_order=True)
    ]
    intervals = pl.DataFrame(
        [row for rows in bounds for row in rows],
        schema={"key": pl.String, "measure": pl.String, "mean": pl.Float64, "low": pl.Float64,
                "high": pl.Float64},
        orient="row",
    )  # fmt: skip
    sizes = tracks.group_by("key", "group").agg(
        songs=pl.col("valence").is_not_null().sum().cast(pl.Int64),
        not_scored=pl.col("valence").is_null().sum().cast(pl.Int64),
    )
    overall = _overall(scored)
    shares = _shares(intervals, sizes, overall)
    groups = _groups(intervals, sizes, shares)
    kept = groups.head(count)
    if by in TIMES:
        kept = kept.sort(pl.col("key") == UNKNOWN, "key", descending=[False, True])
    return GroupMoods(
        by=by,
        groups=kept,
        shares=shares.join(kept.select("key"), on="key", how="semi", maintain_order="left"),
        overall=overall,
        missing=MISSING,
        left_out=groups.height - kept.height,
    )


def group_key(by: str, part: str = "key") -> pl.Expr:
    """Return what the songs of one group share: its key, or its name as shown (“group”)."""
    if by == "decade":
        return pl.format("{}s", pl.col("year") // 10 * 10).fill_null(UNKNOWN)
    column = {("artist", "key"): "artist_id"}.get((by, part), by)
    return pl.col(column).cast(pl.String).fill_null(UNKNOWN)


def songs_of(moods: CatalogueMoods, by: str, key: str, family: str) -> pl.DataFrame:
    """Return the scored songs of one group, those with most lines in a mood first.

    Parameters
    ----------
    by : one of BY. key : of the group. family : one of SHARES.

    Returns
    -------
    the columns of `moods.tracks` | share (of the lines that are in the mood, above 0)
    """
    mine = (group_key(by) == key) & (pl.col(f"share_{family}") > 0)
    songs = moods.tracks.filter(mine).with_columns(share=pl.col(f"share_{family}"))
    return songs.sort("share", "track_id", descending=[True, False])


def _bounds(key: str, songs: np.ndarray, random: np.random.Generator, least: int) -> list[tuple]:
    names = (*SHARES, *AXES)
    means = songs.mean(axis=0)
    if len(songs) < least:
        return [(key, name, float(m), None, None) for name, m in zip(names, means, strict=True)]
    drawn = random.integers(0, len(songs), (REPEATS, len(songs)))
    low, high = np.quantile(songs[drawn].mean(axis=1), [0.05, 0.95], axis=0)
    return [
        (key, name, float(m), float(a), float(b))
        for name, m, a, b in zip(names, means, low, high, strict=True)
    ]


def _overall(scored: pl.DataFrame) -> pl.DataFrame:
    means = scored.select(pl.col(f"share_{family}").mean() for family in SHARES)
    return pl.DataFrame(
        {"family": list(SHARES), "share": means.row(0)},
        schema={"family": pl.String, "share": pl.Float64},
    )


def _shares(intervals: pl.DataFrame, sizes: pl.DataFrame, overall: pl.DataFrame) -> pl.DataFrame:
    order = {family: n for n, family in enumerate(SHARES)}
    return (
        intervals.filter(pl.col("measure").is_in(SHARES))
        .rename({"measure": "family", "mean": "share"})
        .join(sizes, on="key")
        .join(overall.rename({"share": "usual"}), on="family")
        .with_columns(lift=pl.when(pl.col("usual") > 0).then(pl.col("share") / pl.col("usual")))
        .sort(
            -pl.col("songs").cast(pl.Int64), "group", "key", pl.col("family").replace_strict(order)
        )
        .select("key", "group", "family", "songs", "share", "low", "high", "lift")
    )


def _groups(intervals: pl.DataFrame, sizes: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    lead = (
        shares.filter(~pl.col("family").is_in(["neutral", "unclear"]))
        .sort("share", "family", descending=[True, False])
        .group_by("key", maintain_order=True)
        .agg(lead=pl.col("family").first())
    )
    axes = [
        intervals.filter(pl.col("measure") == axis).select(
            "key", pl.col("mean").alias(axis), pl.col("low").alias(f"{axis}_low"),
            pl.col("high").alias(f"{axis}_high"),
        )
        for axis in AXES
    ]  # fmt: skip
    found = sizes.join(lead, on="key", how="left")
    for table in axes:
        found = found.join(table, on="key", how="left")
    return found.sort(-pl.col("songs").cast(pl.Int64), "group", "key")
