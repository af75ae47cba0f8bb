"""What changed: a window of days against as many days before, with an interval and its evidence."""

import datetime

import polars as pl

from workbench.listening.noise import noise, weekly_grid

WINDOWS = (7, 28, 90)
DAYS = 28
LEVEL = 0.9
# Fewer streams in the two windows together leave a 90 % interval of at least a third of the
# level on either side by counting alone: too few to say.
LEAST_STREAMS = 100
# Less than this share of a window's days known, and the days are not comparable.
LEAST_KNOWN = 0.5

RISE = "clear rise"
FALL = "clear fall"
STEADY = "within its noise"
NEW = "new"
FEW = "too few to say"
GAPS = "too few days known"
SHORT = "no history to judge by"
NONE = "no streams"
EVIDENCE = (RISE, FALL, STEADY, NEW, FEW, GAPS, SHORT, NONE)


def changes(
    counts: pl.DataFrame,
    *,
    as_of: datetime.date,
    days: int = DAYS,
    whole: bool = False,
    first: datetime.date | None = None,
    level: float = LEVEL,
    apart: bool = True,
) -> pl.DataFrame:
    """Return what changed for each entity.

    Days that are not known are left out on both sides: the change is that of the mean known day.
    The interval adds counting noise (1/streams of both windows) and the entity's own usual wobble
    of such a window (`workbench.listening.noise`), widened where days are missing; Student's t.

    Parameters
    ----------
    counts : id | day (last one covered) | days (covered) | streams, one row an id and day.
    as_of : last day of the newer window. days : length of each window.
    whole : whether a day without a row had no streams (True) or is not known (False).
    first : with `whole`, the first day that the source covers.
    level : of the interval. apart : as `noise.own_noise` takes it.

    Returns
    -------
    id | streams | before | known | known_before (days) | change | low | high (shares, 0.1 is
    +10 %) | log_change | error (standard error of log_change) | freedom | evidence (one of
    EVIDENCE). Numbers that the evidence does not carry are null. Sorted by id.
    """
    now = _window(counts, as_of, days, "")
    old_end = as_of - datetime.timedelta(days=days)
    before = _window(counts, old_end, days, "_before").rename({"streams_before": "before"})
    seen = counts.group_by("id").agg(pl.col("day").min().alias("seen"))
    both = seen.join(now, on="id", how="left").join(before, on="id", how="left")
    if whole:
        both = both.with_columns(
            pl.col("streams", "before").fill_null(0),
            pl.lit(_covered(first, as_of, days)).alias("known"),
            pl.lit(_covered(first, old_end, days)).alias("known_before"),
        )
    else:
        both = both.with_columns(pl.col("known", "known_before").fill_null(0))
    # Weeks are grouped, sorted and rolled by number: of many thousand ids that takes half as long.
    names = seen.select("id").sort("id").with_row_index("place")
    placed = counts.join(names, on="id").drop("id").rename({"place": "id"})
    usual = noise(weekly_grid(placed, as_of, whole=whole), days, apart=apart)
    usual = usual.with_columns(names["id"].gather(usual["id"])) if usual.height else usual
    rated = both.join(usual, on="id", how="left").with_columns(_ratio(days))
    half = _student(rated["freedom"], level) * rated["error"]
    evidence = _evidence(old_end, days)
    carried = pl.col("evidence").is_in((RISE, FALL, STEADY))
    return (
        rated.with_columns(half.alias("half"))
        .with_columns(
            ((pl.col("log_change") - pl.col("half")).exp() - 1).alias("low"),
            ((pl.col("log_change") + pl.col("half")).exp() - 1).alias("high"),
            _share().alias("change"),
        )
        .with_columns(evidence.alias("evidence"))
        .with_columns(
            pl.when(carried).then(c).alias(c)
            for c in ("low", "high", "log_change", "error", "freedom")
        )
        .with_columns(pl.when(carried | (pl.col("evidence") == SHORT)).then("change"))
        .select(SCHEMA.keys())
        .cast(SCHEMA)
        .sort("id")
    )


SCHEMA = {
    "id": pl.String,
    "streams": pl.Int64,
    "before": pl.Int64,
    "known": pl.Int64,
    "known_before": pl.Int64,
    "change": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "log_change": pl.Float64,
    "error": pl.Float64,
    "freedom": pl.Float64,
    "evidence": pl.String,
}


def beyond_noise(frame: pl.DataFrame, *, false_share: float = 0.1) -> pl.DataFrame:
    """Mark the changes that stand out among many, with few false alarms among them.

    What all entities share (a season, a holiday) is taken off first: the median log change.
    Benjamini and Hochberg (1995) then bound the expected share of false alarms.

    Parameters
    ----------
    frame : from `changes`. false_share : bound on false alarms among those marked.

    Returns
    -------
    The frame with excess (log change beyond the median) | p | stands_out (false where unknown).
    """
    from scipy.special import stdtr

    shared = frame["log_change"].median() if frame["log_change"].count() >= 8 else 0.0
    frame = frame.with_columns((pl.col("log_change") - shared).alias("excess"))
    z = (frame["excess"].abs() / frame["error"]).to_numpy()
    frame = frame.with_columns(
        pl.Series("p", 2 * stdtr(frame["freedom"].to_numpy(), -z)).fill_nan(None)
    )
    tests = frame["p"].count()
    rank = pl.col("p").rank("max")
    passed = frame.filter(pl.col("p") <= false_share * rank / max(tests, 1))["p"].max()
    stands_out = pl.lit(False) if passed is None else (pl.col("p") <= passed).fill_null(False)
    return frame.with_columns(stands_out.alias("stands_out"))


def _window(counts: pl.DataFrame, end: datetime.date, days: int, mark: str) -> pl.DataFrame:
    # A row of a week counts when it lies in the window as a whole.
    age = (pl.lit(end) - pl.col("day")).dt.total_days()
    return (
        counts.filter((age >= 0) & (age + pl.col("days") <= days))
        .group_by("id")
        .agg(
            pl.col("streams").sum().alias(f"streams{mark}"),
            pl.col("days").sum().alias(f"known{mark}"),
        )
    )


def _covered(first: datetime.date | None, end: datetime.date, days: int) -> int:
    return days if first is None else min(days, max(0, (end - first).days + 1))


def _ratio(days: int) -> list[pl.Expr]:
    """Log change per known day, and its standard error."""
    now, before = pl.col("streams") + 0.5, pl.col("before") + 0.5
    missing = (days / pl.col("known") + days / pl.col("known_before")) / 2
    log_change = (now / pl.col("known")).log() - (before / pl.col("known_before")).log()
    error = (1 / now + 1 / before + pl.col("variance") * missing).sqrt()
    return [log_change.alias("log_change"), error.alias("error")]


def _share() -> pl.Expr:
    now, before = pl.col("streams") / pl.col("known"), pl.col("before") / pl.col("known_before")
    return now / before - 1


def _evidence(old_end: datetime.date, days: int) -> pl.Expr:
    known = pl.col("known") >= LEAST_KNOWN * days
    known_before = pl.col("known_before") >= LEAST_KNOWN * days
    half_way = old_end - datetime.timedelta(days=days // 2)
    streams = pl.col("streams").fill_null(0)
    return (
        pl.when(streams + pl.col("before").fill_null(0) == 0).then(pl.lit(NONE))
        .when(known & (pl.col("seen") > half_way)).then(pl.lit(NEW))
        .when(~known | ~known_before).then(pl.lit(GAPS))
        .when((streams + pl.col("before") < LEAST_STREAMS) | (pl.col("before") == 0))
        .then(pl.lit(FEW))
        .when(pl.col("error").is_null()).then(pl.lit(SHORT))
        .when(pl.col("low") > 0).then(pl.lit(RISE))
        .when(pl.col("high") < 0).then(pl.lit(FALL))
        .otherwise(pl.lit(STEADY))
    )  # fmt: skip


def _student(freedom: pl.Series, level: float) -> pl.Series:
    """Half width of a t interval in standard errors."""
    from scipy.special import stdtrit

    return pl.Series(stdtrit(freedom.to_numpy(), 0.5 + level / 2)).fill_nan(None)
