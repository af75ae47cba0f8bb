"""What a label holds: rows and dates of each table, and what can be filtered by."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.tables import TABLES

_ALL = " ".join(TABLES)


@analysis(optional=_ALL)
def holdings(label) -> pl.DataFrame:
    """Return what is loaded, from the manifest alone.

    Returns
    -------
    table | title | rows | first | last (days that the rows cover) | days_behind (the label's
    newest day) | sources | brought_by
    """
    rows = []
    for kind in TABLES.values():
        entries = label.entries(kind.name)
        rows.append(
            {
                "table": kind.name,
                "title": kind.title,
                "rows": sum(entry.rows for entry in entries),
                "first": min((e.first for e in entries if e.first), default=None),
                "last": max((e.last for e in entries if e.last), default=None),
                "sources": len({entry.source for entry in entries}),
                "brought_by": kind.brought_by,
            }
        )
    schema = {"first": pl.String, "last": pl.String}
    days = pl.col("first", "last").str.to_date()
    behind = (pl.col("last").max() - pl.col("last")).dt.total_days()
    return (
        pl.DataFrame(rows, schema_overrides=schema)
        .with_columns(days)
        .with_columns(behind.alias("days_behind"))
        .select("table", "title", "rows", "first", "last", "days_behind", "sources", "brought_by")
        .sort("table")
    )


@dataclass(frozen=True, eq=False)
class Choices:
    """What the filters offer.

    Attributes
    ----------
    artists : artist_id | name, by name. genres, countries : in alphabetical order.
    first, last : days with listening, None without any.
    """

    artists: pl.DataFrame
    genres: tuple[str, ...]
    countries: tuple[str, ...]
    first: datetime.date | None
    last: datetime.date | None


@analysis(optional="artists tracks daily_streams window_totals plays listeners")
def choices(label) -> Choices:
    """Return the artists, genres, countries and days that there is data of.

    An artist that only tracks name is offered by its id.
    """
    genres = label.scan("tracks").select("genre").unique().drop_nulls().collect()
    places = pl.concat(
        [
            label.scan("listeners").select("country"),
            label.scan("daily_streams").select(pl.col("territory").alias("country")),
            label.scan("window_totals").select(pl.col("territory").alias("country")),
        ]
    )
    known = pl.col("country").is_not_null() & (pl.col("country") != "WW")
    dated = [e for n in ("daily_streams", "window_totals", "plays") for e in label.entries(n)]
    named = label.scan("artists").select("artist_id", "name")
    others = label.scan("tracks").select("artist_id").unique()
    others = others.join(named, on="artist_id", how="anti").with_columns(name=pl.col("artist_id"))
    days = sorted(day for entry in dated for day in (entry.first, entry.last) if day)
    return Choices(
        artists=pl.concat([named, others]).sort("name", "artist_id").collect(),
        genres=tuple(sorted(genres["genre"])),
        countries=tuple(sorted(places.filter(known).unique().collect()["country"])),
        first=datetime.date.fromisoformat(days[0]) if days else None,
        last=datetime.date.fromisoformat(days[-1]) if days else None,
    )  # fmt: skip
