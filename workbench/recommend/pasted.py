"""A pasted list of songs, as people write one, found in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.catalogue.names import folded

MOST_LINES = 500


@dataclass(frozen=True, eq=False)
class Pasted:
    """What became of each line.

    Attributes
    ----------
    lines : line (from 1) | text | track_id | name, null where no song is it. Empty lines are none.
    tracks : found, each once, in the order of the list. unknown : lines that no song is.
    """

    lines: pl.DataFrame
    tracks: tuple[str, ...]
    unknown: int


@analysis(reads="tracks", optional="artists")
def pasted(label, *, text: str) -> Pasted:
    """Return the songs that the lines of a text name, at most `MOST_LINES` of them.

    A line is an id, an ISRC, a title, or title and artist in either order with a dash, a comma,
    a tab or “by” between; case, accents and punctuation do not count. Of several recordings of one
    name the one released first is taken.
    """
    rows = [line.strip() for line in text.splitlines()]
    rows = [line for line in rows if line][:MOST_LINES]
    lines = pl.DataFrame({"text": rows}, schema={"text": pl.String}).with_row_index("line", 1)
    songs = _songs(label)
    lines = lines.with_columns(pl.col("line").cast(pl.Int64), _key(pl.col("text")).alias("key"))
    found = (
        lines.join(songs, on="key", how="left", maintain_order="left")
        .sort("line", "wide", "release_date", "track_id", nulls_last=True)
        .unique("line", keep="first", maintain_order=True)
        .select("line", "text", "track_id", "name")
    )
    tracks = found["track_id"].drop_nulls().unique(maintain_order=True).to_list()
    return Pasted(found, tuple(tracks), found["track_id"].null_count())


def _key(text: pl.Expr) -> pl.Expr:
    """Return what two ways of writing one song share."""
    return folded(text.str.replace_all(r"\t|,|\s[-–—]\s|\s+by\s+", " "))


def _songs(label) -> pl.DataFrame:
    """Return key | wide (0 surest) | track_id | name | release_date, a row for each way to say."""
    artists = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    version = pl.col("version").fill_null("")
    title = pl.when(version != "").then(pl.format("{} {}", "title", version)).otherwise("title")
    songs = (
        label.scan("tracks")
        .join(artists, on="artist_id", how="left")
        .select(
            "track_id", "isrc", "release_date", title.alias("full"), "title",
            pl.col("artist").fill_null(""), pl.format("{} – {}", title, "artist").alias("name"),
        )
        .collect()
    )  # fmt: skip
    ways = (
        pl.col("track_id"), pl.col("isrc"),
        pl.format("{} {}", "full", "artist"), pl.format("{} {}", "artist", "full"),
        pl.format("{} {}", "title", "artist"), pl.format("{} {}", "artist", "title"),
        pl.col("full"), pl.col("title"),
    )  # fmt: skip
    kept = ("track_id", "release_date", "name")
    told = [
        songs.select(_key(way).alias("key"), pl.lit(wide).alias("wide"), *kept)
        for wide, way in enumerate(ways)
    ]
    return pl.concat(told).drop_nulls("key").filter(pl.col("key") != "")
