"""Periods of equal length, counted back from the last day: who streams whom in each, who moves."""

from __future__ import annotations

import datetime

import polars as pl

from workbench.analysis import Filters
from workbench.audience import chosen
from workbench.audience.heard import Heard, heard
from workbench.audience.tier_rules import day_of


def period_streams(label, filters: Filters, until, days: int, steps: int) -> tuple[Heard, int]:
    """Return streams by period, part 0 the newest `days`, and how many periods are whole."""
    scope = Filters(countries=filters.countries, until=until, segment=filters.segment)
    age = (pl.lit(until) - day_of()).dt.total_days()
    plays = chosen.plays(label, scope).filter(age < days * (steps + 1))
    first = min(
        (datetime.date.fromisoformat(e.first) for e in label.entries("plays") if e.rows),
        default=until,
    )
    found = heard(label, plays, age // days, steps + 1)
    return found, min(((until - first).days + 1) // days, steps + 1)


def moves(leads: pl.DataFrame) -> pl.DataFrame:
    """Return listener | part (of the later period) | from | to (null for no stream)."""
    later = leads.with_columns(pl.col("part") + 1).rename({"artist": "to"})
    return (
        leads.rename({"artist": "from"})
        .join(later, on=["listener", "part"], how="left")
        .filter(pl.col("part") > 0)
        .with_columns(pl.col("part") - 1)
    )
