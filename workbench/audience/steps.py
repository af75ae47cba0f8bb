"""Streams of every listener by 28 days, counted once: behind tiers, and what gives bots away."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import polars as pl

from workbench.audience.tier_rules import listener_steps
from workbench.store.memory import memory

if TYPE_CHECKING:
    from workbench.dataset import View


def last_day(label: View) -> datetime.date:
    """Return the last day of plays, from which rules look back."""
    return max(
        datetime.date.fromisoformat(entry.last) for entry in label.entries("plays") if entry.rows
    )


def whole_steps(label: View) -> tuple[pl.DataFrame, pl.Series]:
    """Return `listener_steps` of all plays, kept until they change."""
    return memory.load(
        f"tiers:{label.dataset.folder}:{label.version('plays')}",
        lambda: listener_steps(label.scan("plays"), last_day(label)),
        lambda found: sum(part.estimated_size() for part in found),
    )
