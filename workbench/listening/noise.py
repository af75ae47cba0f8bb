"""How much an entity's streams usually wobble: the yardstick that a change is held against."""

import datetime
import math

import numpy as np
import polars as pl

WEEK = 7
# A week counts when most of its days are known: a weekend alone is no week.
LEAST_DAYS = 4
# What all entities together say of one of them weighs as much as this many of its own periods.
PRIOR_PERIODS = 4.0
# A wobble below one percent is not credible of anything that people listen to.
LEAST_VARIANCE = 1e-4
# Fewer entities have no middle that stands for the season.
LEAST_COMPANY = 8
# Median of a squared standard normal, and how much a median of squares tells beside their mean.
MEDIAN_SQUARE = 0.4549364231195724
MEDIAN_WORTH = 0.4


def weekly_grid(counts: pl.DataFrame, as_of: datetime.date, *, whole: bool) -> pl.DataFrame:
    """Return every week of every entity, counted back from a day.

    Parameters
    ----------
    counts : id | day | days | streams. as_of : last day of week 0. whole : whether a day without
        a row had no streams (True) or is not known (False).

    Returns
    -------
    id | week (0 is the newest) | streams | known (days), sorted; null where a week is not known.
    """
    rows = counts.filter(pl.col("day") <= as_of)
    if rows.is_empty():
        return rows.select("id", week=pl.lit(0), streams="streams", known="days")
    ids = rows["id"].unique().sort()
    week = rows.select(((pl.lit(as_of) - pl.col("day")).dt.total_days() // WEEK).alias("week"))[
        "week"
    ]
    weeks = (week.max() or 0) + 1
    # Sums by place in a table of all entities and weeks: neither groups nor joins nor a sort.
    row = rows["id"].replace_strict(ids, range(len(ids)), return_dtype=pl.Int64)
    place = (row * weeks + week).to_numpy()
    streams, known = (
        np.bincount(place, rows[name].fill_null(0).to_numpy(), len(ids) * weeks)
        .reshape(len(ids), weeks)
        for name in ("streams", "days")
    )  # fmt: skip
    begun = np.maximum.accumulate(known[:, ::-1] > 0, axis=1)[:, ::-1]
    entity, back = np.nonzero(begun)
    if whole:
        known[:] = WEEK
    return pl.DataFrame(
        {
            "id": ids.gather(entity),
            "week": back,
            "streams": streams[begun].astype(np.int64),
            "known": known[begun].astype(np.int64),
        }
    ).with_columns(
        pl.when(pl.col("known") >= LEAST_DAYS).then(name).alias(name)
        for name in ("streams", "known")
    )


def own_noise(grid: pl.DataFrame, weeks: int, *, apart: bool = True) -> pl.DataFrame:
    """Return how far an entity's changes, period against period, usually stray from its course.

    The log change from one period to the next is held against the one two periods earlier, which
    shares no period with it: steady growth and decay cancel out, while weeks that go together
    (autocorrelation) count in full, as they move a period as one. The median of squares keeps
    single events out; counting noise is taken off; the newest period, the one in question, does
    not count. What remains is shrunk towards the middle of all entities, as Smyth (2004), “Linear
    models and empirical Bayes methods”, does for genes, but between logs.

    Parameters
    ----------
    grid : from `weekly_grid`. weeks : length of a period. apart : whether the entities are songs
        or artists of their own, whose common movement (a season) is taken off; False for parts of
        one artist, which move together because the artist does.

    Returns
    -------
    id | variance (of a log change, beyond counting) | freedom (degrees of it) | periods (how many
    of its own stand behind it, 0.0 where it borrows all). No rows where no entity has five periods.
    """
    least = (weeks + 1) // 2
    per_day = (pl.col("streams") + 0.5) / pl.col("known")
    summed = pl.col("streams").rolling_sum(weeks, min_samples=least)
    rolled = grid.lazy().with_columns(
        per_day.log().rolling_mean(weeks, min_samples=least).over("id").alias("level"),
        (1 / (summed.over("id") + 0.5)).alias("counting"),
    )
    # Rows are sorted by id: moving them all and looking whose they are is the cheaper `over`.
    older = {
        f"{name}_{step}": pl.when(pl.col("id").shift(-step * weeks) == pl.col("id")).then(
            pl.col(name).shift(-step * weeks)
        )
        for name in ("level", "counting")
        for step in (1, 2, 3)
    }
    later, earlier = pl.col("level") - pl.col("level_1"), pl.col("level_2") - pl.col("level_3")
    counting = pl.sum_horizontal("counting", "counting_1", "counting_2", "counting_3")
    strays = (
        rolled.with_columns(**older)
        .filter(pl.col("week") >= 2 * weeks - 1)
        .select("id", "week", (later - earlier).alias("stray"), counting.alias("counting"))
        .drop_nulls()
    )
    # What moves the middle of all entities (a season, a holiday) is nobody's own wobble.
    if apart and grid["id"].n_unique() >= LEAST_COMPANY:
        shared = pl.col("stray").median().over("week")
        strays = strays.with_columns(pl.col("stray") - shared)
    # A stray adds the variances of two changes.
    spread = (pl.col("stray") ** 2).median() / MEDIAN_SQUARE
    own = (
        strays.group_by("id")
        .agg(
            ((spread - pl.col("counting").median()) / 2).clip(LEAST_VARIANCE).alias("own"),
            (pl.len() / weeks).alias("periods"),
        )
        .collect()
    )
    middle = own.filter(pl.col("periods") >= 1)["own"].median()
    if middle is None:
        return pl.DataFrame(schema=NOISE)
    freedom = MEDIAN_WORTH * pl.col("periods")
    # Between logs: a young track whose few periods are its release or break-out must not take
    # them for its wobble.
    shrunk = (
        (PRIOR_PERIODS * math.log(middle) + freedom * pl.col("own").log())
        / (PRIOR_PERIODS + freedom)
    ).exp()
    return (
        grid.select("id")
        .unique()
        .join(own, on="id", how="left")
        .with_columns(pl.col("periods").fill_null(0.0), pl.col("own").fill_null(middle))
        .select(
            "id", shrunk.alias("variance"), (PRIOR_PERIODS + freedom).alias("freedom"), "periods"
        )
        .sort("id")
    )


NOISE = {"id": pl.String, "variance": pl.Float64, "freedom": pl.Float64, "periods": pl.Float64}


def noise(grid: pl.DataFrame, days: int, *, apart: bool = True) -> pl.DataFrame:
    """Return `own_noise` for a window of some days.

    Where no history is five windows long, a shorter window stands in, its variance times the root
    of how much longer the window asked for is: half way between a wobble that averages out and
    one that drifts on.
    """
    weeks = max(1, round(days / WEEK))
    found = own_noise(grid, weeks, apart=apart)
    for shorter in (4, 1):
        if found.is_empty() and shorter < weeks:
            longer = (weeks / shorter) ** 0.5
            found = own_noise(grid, shorter, apart=apart).with_columns(pl.col("variance") * longer)
    return found
