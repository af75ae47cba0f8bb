"""Momentum: one number from 0 to 100 that shows its parts. Card: docs/methods.md."""

import polars as pl

# How much each part weighs. A part that is not known is left out and the others share its weight.
WEIGHTS = {
    "part_growth": 0.30,
    "part_last_week": 0.30,
    "part_steady": 0.15,
    "part_saves": 0.15,
    "part_sought_out": 0.10,
}
TITLES = {
    "part_growth": "Growth of 28 days",
    "part_last_week": "Growth of the last week",
    "part_steady": "Weeks that rose, of the last eight",
    "part_saves": "Saves per stream beside the label's",
    "part_sought_out": "Streams that listeners chose themselves",
}
# Typical spread of true log changes; an uncertain change is drawn towards none by it.
SPREAD = 0.25
# Where a part reaches 88 of 100 points.
FULL = {
    "part_growth": 0.5,
    "part_last_week": 0.25,
    "part_saves": 0.5,
    "part_sought_out": 0.2,
}
GROWTHS = ("part_growth", "part_last_week")
STEADY_WEEKS = 8
# Weight of the label's average in a part made of counts.
PRIOR_SAVES = 20.0
PRIOR_STREAMS = 20.0
NORMAL_90 = 1.6449


def scored(
    growth: pl.DataFrame,
    week: pl.DataFrame,
    grid: pl.DataFrame,
    saved: pl.DataFrame,
    sought: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the momentum of entities.

    Parameters
    ----------
    growth, week : from `change.changes` for 28 and 7 days. grid : from `noise.weekly_grid`.
    saved : id | streams | saves of 28 days. sought : id | intentional | panel_streams (of a panel).

    Returns
    -------
    id | momentum (0 to 100, 50 is standing still) | momentum_low | momentum_high (90 %, from the
    noise of the two growth parts) | one column a part of WEIGHTS (0 to 100, null where unknown).
    An entity without a growth that can be told has no score.
    """
    parts = (
        growth.select("id", *_shrunk("part_growth"))
        .join(week.select("id", *_shrunk("part_last_week")), on="id", how="left")
        .join(_steady(grid), on="id", how="left")
        .join(_saves(saved), on="id", how="left")
    )
    if sought is None:
        parts = parts.with_columns(pl.lit(None, pl.Float64).alias("part_sought_out"))
    else:
        parts = parts.join(_sought_out(sought), on="id", how="left")
    known = pl.col("part_growth").is_not_null()
    scores = [
        pl.when(known).then(_mean(end)).alias(f"momentum{end}") for end in ("", "_low", "_high")
    ]
    return parts.with_columns(scores).select(
        "id", "momentum", "momentum_low", "momentum_high", *WEIGHTS
    )


def _points(part: str, value: pl.Expr) -> pl.Expr:
    return 50 + 50 * (value / FULL[part]).tanh()


def _shrunk(part: str) -> list[pl.Expr]:
    """A log change drawn towards none by its error, as points, with the ends of its interval."""
    trust = SPREAD**2 / (SPREAD**2 + pl.col("error") ** 2)
    middle = pl.col("log_change") * trust
    half = NORMAL_90 * pl.col("error") * trust.sqrt()
    return [
        _points(part, middle).alias(part),
        _points(part, middle - half).alias(f"{part}_low"),
        _points(part, middle + half).alias(f"{part}_high"),
    ]


def _steady(grid: pl.DataFrame) -> pl.DataFrame:
    # Two weeks up and two down are added, so that few weeks cannot reach the ends.
    per_day = pl.col("streams") / pl.col("known")
    rose = per_day > per_day.shift(-1).over("id")
    return (
        grid.sort("id", "week")
        .with_columns(rose.alias("rose"))
        .filter((pl.col("week") < STEADY_WEEKS) & pl.col("rose").is_not_null())
        .group_by("id")
        .agg((100 * (pl.col("rose").sum() + 2) / (pl.len() + 4)).alias("part_steady"))
    )


def _saves(saved: pl.DataFrame) -> pl.DataFrame:
    known = saved.filter(pl.col("saves").is_not_null() & (pl.col("streams") > 0))
    usual = known["saves"].sum() / max(known["streams"].sum(), 1)
    if usual == 0:
        return saved.select("id", pl.lit(None, pl.Float64).alias("part_saves"))
    rate = (pl.col("saves") + PRIOR_SAVES) / (pl.col("streams") + PRIOR_SAVES / usual)
    return known.select("id", _points("part_saves", (rate / usual).log()).alias("part_saves"))


def _sought_out(sought: pl.DataFrame) -> pl.DataFrame:
    usual = sought["intentional"].sum() / max(sought["panel_streams"].sum(), 1)
    share = (pl.col("intentional") + PRIOR_STREAMS * usual) / (
        pl.col("panel_streams") + PRIOR_STREAMS
    )
    return sought.select("id", _points("part_sought_out", share - usual).alias("part_sought_out"))


def _mean(end: str) -> pl.Expr:
    """Weighted mean of the parts that are known; `end` names an end of the two growth parts."""
    columns = {p: pl.col(f"{p}{end}" if p in GROWTHS else p) for p in WEIGHTS}
    weight = pl.sum_horizontal(
        pl.when(pl.col(p).is_not_null()).then(w).otherwise(0.0) for p, w in WEIGHTS.items()
    )
    return pl.sum_horizontal(columns[p] * w for p, w in WEIGHTS.items()) / weight


def parts(row: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of one score, largest pull first.

    Parameters
    ----------
    row : one row with the columns of WEIGHTS.

    Returns
    -------
    part | title | points (0 to 100) | weight (share of the score) | pull (points that it adds to
    or takes from 50; the pulls of all parts and 50 make the score)
    """
    frame = pl.DataFrame(
        {
            "part": list(WEIGHTS),
            "title": list(TITLES.values()),
            "points": [row[part][0] for part in WEIGHTS],
            "weight": list(WEIGHTS.values()),
        },
        schema_overrides={"points": pl.Float64},
    ).filter(pl.col("points").is_not_null())
    weight = pl.col("weight") / pl.col("weight").sum()
    return (
        frame.with_columns(weight.alias("weight"))
        .with_columns(((pl.col("points") - 50) * pl.col("weight")).alias("pull"))
        .sort(pl.col("pull").abs(), "part", descending=[True, False])
    )
