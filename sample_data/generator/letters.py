"""Two tests of mail to listeners who consented; who was sent it was drawn by lot.

The letter moves those who streamed lately and nobody else; the postcard moves everybody alike, so
that a tool which claims to tell for whom it does more is wrong. What is known of a listener before
the day is counted from the plays, as a label would count it.
"""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.audience import TIERS, Panel
from sample_data.generator.commerce import INTENTIONAL
from sample_data.generator.world import CODES, stream

BEFORE = 28  # days in which listening is counted
LATELY = 10  # days since the last stream
MARKETS = ("US", "GB", "DE")
COMES = (0.40, 0.25, 0.15, 0.08)  # who comes to the new song without mail, by tier
SINCE = "days since the last stream"


@dataclass(frozen=True)
class Mailing:
    """A test: its day, and by how much mail raises the chance to come, lately heard or not."""

    name: str
    arm: str
    day: datetime.date
    lately: float
    others: float


MAILINGS = (
    Mailing("letter-september", "letter", datetime.date(2026, 9, 18), 0.22, 0.0),
    Mailing("postcard-june", "postcard", datetime.date(2026, 6, 5), 0.07, 0.07),
)


def mail_tests(plays: pl.DataFrame, people: Panel) -> tuple[pl.DataFrame, list[dict]]:
    """Return table experiments, and what was planted in each test.

    Everybody who consented and was heard before the day is in a test; half of them got the mail.
    The outcome is whether the listener came to the new song within a week, as a mailing tool tells.
    """
    made = [_test(mailing, plays, people) for mailing in MAILINGS]
    tables, told = zip(*made, strict=True)
    return pl.concat(tables).sort("experiment", "unit"), list(told)


def _test(mailing: Mailing, plays: pl.DataFrame, people: Panel) -> tuple[pl.DataFrame, dict]:
    rng = stream("mail", mailing.name)
    known = _known(plays.filter(pl.col("played_at").dt.date() < mailing.day), mailing.day)
    panel = pl.DataFrame(
        {
            "listener_id": people.ids,
            "tier": people.tier,
            "country": np.array(CODES)[people.country],
            "consent": people.consent,
        }
    )
    units = panel.filter("consent").join(known, on="listener_id").sort("listener_id")
    sent = rng.permutation(units.height) < units.height // 2
    lately = (units[SINCE] <= LATELY).to_numpy()
    added = np.where(lately, mailing.lately, mailing.others)
    came = rng.random(units.height) < np.array(COMES)[units["tier"].to_numpy()] + sent * added
    values = {n: pl.col(n).cast(pl.Float64) for n in known.columns if n != "listener_id"}
    values |= {f"market {code}": (pl.col("country") == code).cast(pl.Float64) for code in MARKETS}
    table = units.select(
        pl.lit(mailing.name).alias("experiment"),
        pl.col("listener_id").alias("unit"),
        pl.Series("arm", np.where(sent, mailing.arm, f"no {mailing.arm}")),
        pl.Series("outcome", came.astype(float)),
        pl.lit(mailing.day).alias("date"),
        pl.concat_list(
            pl.struct(pl.lit(name).alias("name"), value.alias("value"))
            for name, value in values.items()
        ).alias("covariates"),
    )
    told = {
        "experiment": mailing.name,
        "units": units.height,
        "comes_by_tier": dict(zip(TIERS, COMES, strict=True)),
        "lately_days": LATELY,
        "lately_units": int(lately.sum()),
        "added_lately": mailing.lately,
        "added_others": mailing.others,
        "added_on_average": round(float(added.mean()), 4),
    }
    return table, told


def _known(heard: pl.DataFrame, day: datetime.date) -> pl.DataFrame:
    """Return listener_id and what plays before a day say of each."""
    days = (pl.lit(day) - pl.col("played_at").dt.date()).dt.total_days()
    recent = days <= BEFORE
    return (
        heard.filter(pl.col("ms_played") >= 30_000)
        .group_by("listener_id")
        .agg(
            recent.sum().alias(f"streams in {BEFORE} days"),
            (recent & pl.col("source").is_in(INTENTIONAL))
            .sum()
            .alias(f"sought out in {BEFORE} days"),
            days.min().alias(SINCE),
        )
    )
