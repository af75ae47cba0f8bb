"""Every track with what listening and lyrics say of it: the table behind the Catalogue page."""

import datetime
from dataclasses import dataclass, fields

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening.catalogue import READS, Catalogue, catalogue
from workbench.listening.change import DAYS
from workbench.listening.own_columns import Own
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.outcome import NO_TEXT, SCORED, STATE, WITHOUT_LYRIC
from workbench.lyrics.track_lines import lyric_states

MOODS = ("line_moods", "lyric_lines")
LEAD = {
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
    tracks : the columns of Catalogue, then outcome (of the lyric, see `lyrics.outcome`) | lyric
        (the same in words) | lead (mood family) | lead_share | lead_low | lead_high. The lead is
        null as long as moods are not made.
    with_lyrics : tracks with a lyric on file, whatever can be read of it: those that are neither
        instrumental nor without a text.
    scored : tracks whose lyric is scored; None as long as moods are not made.
    """

    with_lyrics: int = 0
    scored: int | None = None


@analysis(optional=f"{READS} lyrics {' '.join(MOODS)}")
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
    tracks = _with_moods(label, listened.tracks, filters)
    outcome = tracks["outcome"]
    values["tracks"] = tracks.head(limit or tracks.height)
    return Songs(
        **values,
        with_lyrics=int((~outcome.is_in(WITHOUT_LYRIC)).sum()),
        scored=int((outcome == SCORED).sum()) if _ready(label) else None,
    )


def _ready(label) -> bool:
    return label.has("tracks") and label.has("lyrics") and all(label.has(name) for name in MOODS)


def _with_moods(label, tracks: pl.DataFrame, filters: Filters) -> pl.DataFrame:
    if _ready(label):
        found = catalogue_moods(label, filters=filters).tracks
    else:
        found = lyric_states(label, filters)
        found = found.with_columns(pl.lit(None, kind).alias(n) for n, kind in LEAD.items())
    # an id that has streams but no track is not sung as far as anybody knows
    outcome = pl.col("outcome").fill_null(NO_TEXT)
    return (
        tracks.join(found.select("track_id", "outcome", *LEAD), on="track_id", how="left")
        .with_columns(outcome, outcome.replace_strict(STATE).alias("lyric"))
        .select(*tracks.columns, "outcome", "lyric", *LEAD)
    )
