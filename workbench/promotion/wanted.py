"""Whether listeners want the mood of a song that is to come."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.audience.mood_cells import EVERYBODY
from workbench.audience.mood_gap import WANTED, mood_gap
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence, NotMade
from workbench.lyrics.catalogue import catalogue_moods


@dataclass(frozen=True, eq=False)
class Wanted:
    """A song's mood against what listeners play.

    Attributes
    ----------
    mood : that leads the song; None where its lyric is not scored. verdict : of all Taste clusters
        together, as in the mood gap (wanted, plenty, noise, few songs, hidden); None where the gap
        cannot be told. gap, low, high : share of listening less share on offer (90 %).
    clusters : names of those that want it.
    """

    mood: str | None
    verdict: str | None
    gap: float | None
    low: float | None
    high: float | None
    clusters: tuple[str, ...]


@analysis(
    reads="tracks",
    optional="lyrics lyric_lines line_moods plays segments listeners artists listening_counts",
)
def mood_wanted(label, *, track_id: str, min_group: int = 10) -> Wanted:
    """Return whether the mood that leads a song is played more than it is offered."""
    nothing = (None, None, None, None, ())
    try:
        leads = catalogue_moods(label).tracks
        mood = leads.filter(pl.col("track_id") == pl.lit(track_id, pl.String))["lead"]
        lead = mood[0] if len(mood) else None
        if lead is None:
            return Wanted(None, *nothing)
    except (MissingTable, NotMade, NotEnoughEvidence):
        return Wanted(None, *nothing)
    try:
        cells = mood_gap(label, min_group=min_group).cells.filter(pl.col("mood") == lead)
    except (MissingTable, NotMade, NotEnoughEvidence, BadInput):
        return Wanted(lead, *nothing)
    together = cells.filter(pl.col("segment") == EVERYBODY)
    wanting = cells.filter((pl.col("verdict") == WANTED) & (pl.col("segment") != EVERYBODY))
    names = tuple(wanting.sort("segment")["name"])
    if together.is_empty():
        return Wanted(lead, None, None, None, None, names)
    row = together.row(0, named=True)
    return Wanted(lead, row["verdict"], row["gap"], row["gap_low"], row["gap_high"], names)
