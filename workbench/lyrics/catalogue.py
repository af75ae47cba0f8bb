"""Moods of every track: what it leads with, how clearly, and what could not be scored."""

from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening.own_columns import Own
from workbench.lyrics.families import CARRIED, MISSING, NEUTRAL, UNCLEAR
from workbench.lyrics.outcome import MEANING, OUTCOMES
from workbench.lyrics.track_lines import Z90, lyric_states, mood_lines

SHARES = (*CARRIED, NEUTRAL, UNCLEAR)
# A family leads a song with at least so many distinct lines and this share of what is sung.
LEAST_LINES, LEAST_SHARE = 3, 0.1
# A song that no family leads is neutral where more than this share of it is; else nobody can tell.
MOSTLY = 0.5


@dataclass(frozen=True, eq=False)
class CatalogueMoods:
    """Moods of a catalogue.

    Attributes
    ----------
    tracks : track_id | title | artist_id | artist | genre | year | language | outcome | meaning |
        coverage | lines (distinct) | lead | lead_share | lead_low | lead_high | second |
        valence, arousal (1-5) with _low and _high | share_<family>... ; null where not scored,
        lead_share with its ends also where the lead is unclear. The own column that was
        asked for stands among them.
    outcomes : outcome | meaning | tracks. missing : families that no label carries.
    heard : whether repeats count.
    """

    tracks: pl.DataFrame
    outcomes: pl.DataFrame
    missing: tuple[str, ...]
    heard: bool


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists track_annotations")
def catalogue_moods(
    label,
    *,
    filters: Filters = Filters(),
    heard: bool = True,
    years: tuple[int, ...] = (),
    own: Own | None = None,
) -> CatalogueMoods:
    """Return the moods of every track, and why the others have none.

    The lead is the family of most lines, as heard or as written; with fewer than three distinct
    lines or a tenth of the song it is "neutral" where more than half of what is sung is, else
    "unclear". Intervals are 90 %, over distinct lines. Artists and genres filter; days and
    countries do not apply.

    Parameters
    ----------
    heard : whether repeats count. years : first and last year of release, both inclusive; empty
        for all. own : an own column, which chooses tracks and is returned with them.
    """
    states = lyric_states(label, filters)
    if years:
        states = states.filter(pl.col("year").is_between(*years))
    if own is not None:
        states = own.beside(states, label.scan("track_annotations"), "track_id")
    songs = song_moods_table(mood_lines(label, states, heard=heard))
    tracks = states.join(songs, on="track_id", how="left").drop("source", "lyric_hash")
    counts = states.group_by("outcome").len("tracks")
    outcomes = (
        pl.DataFrame({"outcome": OUTCOMES, "meaning": [MEANING[o] for o in OUTCOMES]})
        .join(counts, on="outcome", how="left", maintain_order="left")
        .with_columns(pl.col("tracks").fill_null(0))
    )
    return CatalogueMoods(tracks.sort("track_id"), outcomes, MISSING, heard)


@analysis(reads="tracks")
def release_years(label, *, most: int = 12) -> pl.DataFrame:
    """Return the years that tracks came out in, the newest first; decades first, when many.

    Parameters
    ----------
    most : years that do without decades.

    Returns
    -------
    period (“2024” or “2020s”) | first | last (year) | tracks
    """
    year = pl.col("release_date").dt.year().cast(pl.Int64)
    dated = label.scan("tracks").select(first=year).drop_nulls().collect()
    years = dated.group_by("first").len("tracks").sort("first", descending=True)
    years = years.select(
        period=pl.col("first").cast(pl.String), first="first", last="first", tracks="tracks"
    )
    if years.height <= most:
        return years
    decade = pl.col("first") // 10 * 10
    decades = (
        years.group_by(first=decade)
        .agg(pl.col("tracks").sum())
        .select(
            pl.format("{}s", "first").alias("period"), "first", last=pl.col("first") + 9,
            tracks="tracks",
        )
        .sort("first", descending=True)
    )  # fmt: skip
    return pl.concat([decades, years])


def song_moods_table(lines: pl.LazyFrame) -> pl.DataFrame:
    """Return one row a song from `mood_lines`: shares, lead with interval, valence, arousal."""
    weight = pl.col("weight")

    def mean(column: str) -> pl.Expr:
        return (pl.col(column) * weight).sum() / weight.sum()

    def half(column: str) -> pl.Expr:
        return Z90 * pl.col(column).std() / pl.len().sqrt()

    shares = [
        ((pl.col("lead") == name) * weight).sum().truediv(weight.sum()).alias(f"share_{name}")
        for name in SHARES
    ]
    counts = [(pl.col("lead") == name).sum().alias(f"n_{name}") for name in CARRIED]
    songs = lines.group_by("track_id").agg(
        pl.len().alias("lines"), *shares, *counts,
        *(mean(axis).alias(axis) for axis in ("valence", "arousal")),
        *(half(axis).alias(f"{axis}_half") for axis in ("valence", "arousal")),
    )  # fmt: skip
    return (
        songs.with_columns(_lead())
        .with_columns(_lead_share(), _second())
        .with_columns(
            bound.alias(f"lead_{end}")
            for end, bound in zip(("low", "high"), wilson("lead_share", "lines"), strict=True)
        )
        .with_columns(
            (pl.col(axis) + sign * pl.col(f"{axis}_half")).alias(f"{axis}_{end}")
            for axis in ("valence", "arousal")
            for sign, end in ((-1, "low"), (1, "high"))
        )
        .drop("valence_half", "arousal_half", *(f"n_{name}" for name in CARRIED))
        .sort("track_id")
        .collect()
    )


def _lead() -> pl.Expr:
    enough = [
        pl.when(pl.col(f"n_{name}") >= LEAST_LINES).then(pl.col(f"share_{name}")).otherwise(0.0)
        for name in CARRIED
    ]
    best = pl.max_horizontal(enough)
    found = pl.when(best < LEAST_SHARE).then(
        pl.when(pl.col(f"share_{NEUTRAL}") > MOSTLY)
        .then(pl.lit(NEUTRAL))
        .otherwise(pl.lit(UNCLEAR))
    )
    for name, share in zip(CARRIED, enough, strict=True):
        found = found.when(share == best).then(pl.lit(name))
    return found.alias("lead")


def _lead_share() -> pl.Expr:
    """Return the share of the lead, null where it is unclear: that is no claim about lines."""
    return pl.coalesce(
        pl.when(pl.col("lead") == name).then(pl.col(f"share_{name}"))
        for name in (*CARRIED, NEUTRAL)
    ).alias("lead_share")


def _second() -> pl.Expr:
    """Return the family that comes next, null where it has less than half of LEAST_SHARE."""
    others = [
        pl.when(pl.col("lead") != name).then(pl.col(f"share_{name}")).otherwise(0.0)
        for name in CARRIED
    ]
    best = pl.max_horizontal(others)
    found = pl.when(best < LEAST_SHARE / 2).then(pl.lit(None, pl.String))
    for name, share in zip(CARRIED, others, strict=True):
        found = found.when(share == best).then(pl.lit(name))
    return found.alias("second")


def wilson(share: str, count: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the 90 % interval of a share of `count` lines (Wilson 1927)."""
    p, n, z2 = pl.col(share), pl.col(count), Z90**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt()
    return (centre - half).clip(lower_bound=0.0), centre + half
