"""Whose plays and purchases count: filters and a segment, applied to a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from workbench.audience import rules

if TYPE_CHECKING:
    import numpy as np

    from workbench.dataset import View
    from workbench.parameters import Filters


def plays(label: View, filters: Filters) -> pl.LazyFrame:
    """Return the rows of table plays that fit the filters and their segment."""
    tables = (label.scan(name) for name in ("plays", "tracks", "listeners"))
    return of_segment(label, filters, filters.plays(*tables))


def of_segment(label: View, filters: Filters, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Keep the rows (listener_id, ...) of the listeners of the filters' segment."""
    if filters.segment is None:
        return rows
    return rows.join(rules.inside(label, filters.segment).lazy(), on="listener_id", how="semi")


def among(label: View, filters: Filters, listeners: pl.Series) -> np.ndarray:
    """Tell of each listener whether they live in the filters' countries and are in the segment."""
    rows = listeners.alias("listener_id").to_frame().lazy()
    if filters.countries:
        home = pl.col("country").is_in(list(filters.countries))
        rows = rows.join(label.scan("listeners").filter(home), on="listener_id", how="semi")
    kept = of_segment(label, filters, rows).collect()["listener_id"]
    return listeners.is_in(kept.implode()).to_numpy()
