"""Every track with what listening and lyrics say of it: the table behind the Catalogue page."""

import datetime
from dataclasses import dataclass, fields

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening.catalogue import READS, Catalogue, catalogue
from workbench.listening.change import DAYS
from workbench.listening.own_columns import Own
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.outcome import SCORED

MOODS = ("line_moods", "lyric_lines")
LYRIC = {
    "outcome": pl.String,
    "meaning": pl.String,
    "lead": pl.String,
    "lead_share": pl.Float64,
    "lead_low": pl.Float64,
    "lead_high": pl.Float64,
}


@dataclass(frozen=True, eq=False)
class Songs(Catalogue):
    """A `Catalogue` whose `tracks` also have the moods of the lyrics.

    Attributes
    ----------
    tracks : the columns of Catalogue, then outcome | meaning (of the lyric) | lead (mood family) |
        lead_share | lead_low | lead_high. Null as long as moods are not made.
    scored : tracks whose lyric is scored; None as long as moods are not made.
    """

    scored: int | None = None


@analysis(optional=f"{READS} {' '.join(MOODS)}")
def songs(
    label,
    *,
    filters: Filters = Filters(),
    days: int = DAYS,
    own: Own | None = None,
    find: str = "",
    limit: int | None = None,
    until: datetime.date | None = None,
    min_group: int = 10,
) -> Songs:
    """Return the chosen tracks with streams, change and lead mood; parameters as in `catalogue`.

    Raises
    ------
    MissingTable
        There are neither tracks nor streams.
    """
    listened = catalogue(
        label, filters=filters, days=days, own=own, find=find, until=until, min_group=min_group
    )
    values = {field.name: getattr(listened, field.name) for field in fields(listened)}
    tracks, scored = _with_moods(label, listened.tracks, filters)
    values["tracks"] = tracks.head(limit or tracks.height)
    return Songs(**values, scored=scored)


def _with_moods(label, tracks: pl.DataFrame, filters: Filters) -> tuple[pl.DataFrame, int | None]:
    ready = label.has("tracks") and label.has("lyrics") and all(label.has(name) for name in MOODS)
    if not ready:
        return tracks.with_columns(pl.lit(None, kind).alias(n) for n, kind in LYRIC.items()), None
    found = catalogue_moods(label, filters=filters).tracks.select("track_id", *LYRIC)
    joined = tracks.join(found, on="track_id", how="left")
    return joined, int((joined["outcome"] == SCORED).sum())
