"""A unit experiment as a lift test: what its treatment brought in all, for which money, and when.

The experiment tells streams that a unit gained; the promotion model speaks of the streams of a
channel's money in a stretch of weeks. What an experiment does not say of that, a person says.
"""

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from workbench.analysis import analysis
from workbench.promotion.observations import PUBLISHED_CHANNELS
from workbench.promotion.policy import Z90
from workbench.promotion.trial import Trial, difference
from workbench.promotion.uplift import of_label
from workbench.store.change import change
from workbench.tables import table

CONFIDENCE = 0.9
SHORTEST, LONGEST = 7, 366  # days
LEAST = 0.01  # streams of half an interval: a test without any width is none
SCHEMA = {
    name: kind
    for name, kind in table("lift_tests").polars_schema.items()
    if name != "standard_error"
}


@dataclass(frozen=True, eq=False)
class LiftChoices:
    """What a person chooses from: channels, track_id | title, the usual currency of the money."""

    channels: tuple[str, ...]
    tracks: pl.DataFrame
    currency: str | None


@analysis(reads="experiments", optional="campaigns tracks")
def lift_choices(label) -> LiftChoices:
    """Return the channels that the label has money on, else the usual ones, and its songs."""
    money = label.scan("campaigns").select("channel", "currency").collect()
    tracks = label.scan("tracks").select("track_id", pl.coalesce("title", "track_id")).collect()
    return LiftChoices(
        channels=tuple(money["channel"].drop_nulls().unique().sort()) or PUBLISHED_CHANNELS,
        tracks=tracks.sort("title", "track_id"),
        currency=next(iter(money["currency"].drop_nulls().mode().sort()), None),
    )


@dataclass(frozen=True, eq=False)
class UnitLift:
    """An experiment as the promotion model could learn from it.

    Attributes
    ----------
    test : its key among the lift tests. row : of `lift_tests`; none while something is missing.
    missing : what is, in words that say what to do.
    kept : whether the label has this test already.
    """

    test: str
    row: pl.DataFrame
    missing: tuple[str, ...]
    kept: bool


@analysis(reads="experiments", optional="lift_tests")
def unit_lift(
    label,
    *,
    experiment: str,
    treated: str | None = None,
    control: str | None = None,
    channel: str = "",
    track_id: str | None = None,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    spend: float = 0.0,
    beside: float = 0.0,
    currency: str = "EUR",
    streams: bool = False,
    min_group: int = 10,
) -> UnitLift:
    """Return a unit experiment as a lift test, or what it lacks for one.

    The lift is what a treated unit gained on average times the treated units, with the 90 %
    interval of that difference; the extra spend is the money on the treated by the week.

    Parameters
    ----------
    treated, control : arms, as of `uplift`. channel, track_id : that the money was for; no track is
        the label's campaigns together. start, end : first and last day that the outcome counts.
    spend : money on the treated over these days, in `currency`. beside : money a week that both
        arms got on the channel. streams : whether a person says that the outcome counts streams.

    Raises
    ------
    BadInput, NotEnoughEvidence
        As `uplift`.
    """
    found = of_label(label, experiment, treated, control, min_group)
    name = test_name(experiment, found.treated_arm, found.control_arm)
    held = label.table("lift_tests") if label.has("lift_tests") else None
    kept = held is not None and name in held["test"].to_list()
    missing = _missing(found, channel, start, end, spend, streams)
    rows = [] if missing else [_row(found, start, end, spend)]
    for row in rows:
        row |= {
            "test": name, "channel": channel.strip(), "track_id": track_id, "territory": None,
            "control_spend": _money(beside), "currency": currency, "confidence": CONFIDENCE,
        }  # fmt: skip
    return UnitLift(name, pl.DataFrame(rows, schema=SCHEMA, orient="row"), tuple(missing), kept)


def test_name(experiment: str, treated: str, control: str) -> str:
    """Return the key of an experiment among the lift tests: the same for the same two arms."""
    return f"experiment {experiment}: {treated} against {control}"


def _missing(trial: Trial, channel, start, end, spend, streams) -> list[str]:
    """Return in words what an experiment lacks."""
    found = []
    if trial.chance:
        found.append(
            "Its outcome is yes or no. A lift test needs streams: bring the experiment with the "
            "streams of each unit as the outcome."
        )
    elif (trial.outcome < 0).any():
        found.append("Its outcome falls below zero, so that it is no count of streams.")
    elif not streams:
        found.append("Nobody has said yet that its outcome counts streams.")
    if not channel.strip():
        found.append("The channel that the money was spent on.")
    if not (math.isfinite(spend) and spend > 0):
        found.append("The money that was spent on the treated; without spend nothing is learnt.")
    if start is None or end is None:
        found.append("The first and the last day that the outcome counts.")
    elif not SHORTEST <= (end - start).days + 1 <= LONGEST:
        found.append(f"Days from first to last: {SHORTEST} to {LONGEST} of them.")
    return found


def _row(found: Trial, start: datetime.date, end: datetime.date, spend: float) -> dict:
    count = float(found.hit.sum())
    effect, error = difference(found.hit, found.outcome)
    lift, half = count * effect, max(count * Z90 * error, LEAST)
    weeks = ((end - start).days + 1) / 7
    return {
        "start": start, "end": end, "extra_spend": _money(spend / weeks),
        "lift": round(lift, 3), "low": round(lift - half, 3), "high": round(lift + half, 3),
    }  # fmt: skip


def _money(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")


def keep(label, row: pl.DataFrame) -> None:
    """Add a row to the label's lift tests; the same test stands once, as it was kept last."""
    with change(label.folder) as writing:
        writing.put("lift_tests", row, source=_source(row["test"][0]))


def forget(label, test: str) -> None:
    """Take a test that was kept here out of the label's lift tests."""
    with change(label.folder) as writing:
        writing.drop(source=_source(test), name="lift_tests")


def _source(test: str) -> str:
    return f"{test} (kept on Experiments)"
