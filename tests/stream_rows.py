"""Counts for tests: rows as `changes` takes them, and labels of a few rows."""

import datetime

import polars as pl

from workbench.store.change import change

LAST = datetime.date(2026, 10, 30)


def ago(days: int) -> datetime.date:
    return LAST - datetime.timedelta(days=days)


def counts(**streams) -> pl.DataFrame:
    """Return id | day | days | streams; each list ends on LAST, None is a day without a row."""
    rows = [
        {"id": name, "day": ago(len(values) - 1 - place), "days": 1, "streams": value}
        for name, values in streams.items()
        for place, value in enumerate(values)
        if value is not None
    ]
    return pl.DataFrame(rows, schema_overrides={"days": pl.Int64, "streams": pl.Int64})


def written(folder, **tables) -> str:
    """Write a label of these tables and return it as `open_dataset` takes it."""
    with change(folder) as writing:
        for name, rows in tables.items():
            writing.put(name, pl.DataFrame(rows), source="test")
    return str(folder)


def stream_rows(entity_id: str, streams: list, *, entity="track", territory="DE", store="spotify"):
    """Return rows of daily_streams that end on LAST."""
    return [
        {
            "entity": entity,
            "entity_id": entity_id,
            "day": ago(len(streams) - 1 - place),
            "territory": territory,
            "store": store,
            "streams": value,
        }
        for place, value in enumerate(streams)
        if value is not None
    ]
