"""What a segment hears: the pages that count streams, on the plays of its listeners alone.

Streams of a store cannot be told apart by listener, so that a segment's are counted in the panel.
Two segments may differ by one person, whose plays their difference would be. Hence what is counted
are the plays of nine in ten of the listeners, drawn anew for each set of people; songs that few of
them heard are left out, and nobody adds more to a song than its fifth listener does.
"""

import hashlib
import inspect
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Analysis, Filters
from workbench.audience import rules
from workbench.audience.mood_gap import mood_gap as _mood_gap
from workbench.catalogue.songs import songs as _songs
from workbench.errors import NotEnoughEvidence
from workbench.listening.artist import artist as _artist
from workbench.listening.artist_day import artist_day as _artist_day
from workbench.listening.compare import compared as _compared
from workbench.listening.compare import compared_songs as _compared_songs
from workbench.listening.roster import roster as _roster
from workbench.listening.song import song_streams as _song_streams
from workbench.listening.streams import is_stream
from workbench.parameters import literal
from workbench.store.memory import memory
from workbench.store.privacy import FIVES
from workbench.store.views import View

LEFT_OUT = 10  # one listener in so many
TOTALS = ("daily_streams", "window_totals", "listening_counts")
_COUNTING: dict[str, Analysis] = {}  # by name of the analysis of everybody; filled below


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows of plays and listeners that stand for a segment, and a text that names the draw."""

    plays: pl.DataFrame
    listeners: pl.DataFrame
    name: str


class HeardBy(View):
    """A label as a segment hears it: nothing but the plays that were drawn counts streams."""

    def __init__(self, whole: View, drawn: Drawn) -> None:
        super().__init__(whole.dataset, whole.names)
        self._drawn = drawn

    def _there(self, name: str) -> bool:
        return name not in TOTALS and super()._there(name)

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a table as a segment hears it; totals of stores have no rows."""
        if name in ("plays", "listeners"):
            self._allow(name)
            return getattr(self._drawn, name).lazy()
        rows = super().scan(name)
        return rows.clear() if name in TOTALS else rows

    def version(self, *names: str) -> str:
        """Return what `View` does, of this draw."""
        return f"{super().version(*names)} {self._drawn.name}"

    def view(self, reads, optional=()) -> "HeardBy":
        """Return the view of an analysis that this one calls."""
        return HeardBy(super().view(reads, optional), self._drawn)


def heard_by(label: View, filters: Filters, min_group: int) -> HeardBy:
    """Return a label as the segment of the filters hears it, in their countries.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` listeners would be counted.
    """
    name = literal((filters.segment, filters.countries, min_group))
    drawn = memory.load(
        f"heard by:{label.dataset.folder}:{label.version(*rules.READS.split())}:{name}",
        lambda: _drawn(label, filters, min_group),
        lambda found: int(found.plays.estimated_size() + found.listeners.estimated_size()),
    )
    return HeardBy(label, drawn)


def _drawn(label: View, filters: Filters, min_group: int) -> Drawn:
    people = label.scan("listeners")
    inside = rules.inside(label, filters.segment).join(
        people.select("listener_id", "country").collect(), on="listener_id", how="left"
    )
    if filters.countries:
        inside = inside.filter(pl.col("country").is_in(list(filters.countries)))
    ids = inside["listener_id"].sort()
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()
    if min_group > 1:
        out = max(FIVES, len(ids) // LEFT_OUT)
        if len(ids) - out < min_group:
            raise NotEnoughEvidence(
                f"“{filters.segment.name}” has too few listeners under these choices: streams are "
                f"counted of {min_group + FIVES} or more."
            )
        # Of the people, not of the rule: one set of people under two names is one draw.
        draw = np.random.default_rng(int(digest[:16], 16))
        ids = ids.gather(np.sort(draw.permutation(len(ids))[out:]))
    counted = ids.alias("listener_id").to_frame()
    plays = (
        label.scan("plays")
        .filter(is_stream())
        .join(counted.lazy(), on="listener_id", how="semi")
        .collect(engine="streaming")
    )
    if min_group > 1:
        plays = _evened(plays, min_group)
    at_home = people.join(counted.lazy(), on="listener_id", how="semi").collect()
    few = pl.len().over("country") < min_group
    at_home = at_home.with_columns(pl.when(~few).then("country").alias("country"))
    return Drawn(plays.sort("played_at", "listener_id", "track_id"), at_home, digest)


def _evened(plays: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Leave out songs of few listeners, and what anybody has beyond a song's fifth listener."""
    each = plays.group_by("track_id", "listener_id").len("streams")
    most = (
        each.group_by("track_id")
        .agg(pl.len().alias("people"), pl.col("streams").top_k(FIVES).min().alias("most"))
        .filter(pl.col("people") >= min_group)
    )
    # Spread over time: the first ones alone would make each song look as if it faded.
    turn = pl.col("played_at").hash(7).rank("ordinal").over("track_id", "listener_id")
    kept = plays.join(most, on="track_id").filter(turn <= pl.col("most"))
    return kept.drop("people", "most")


def _of_segment(whole: Analysis) -> Analysis:
    """Return an analysis of streams for the segment of its filters.

    It keeps its parameters, and has `filters` and `min_group` in any case.
    """
    given = dict(whole.signature.parameters)
    for name, default in (("filters", Filters()), ("min_group", 10)):
        one = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        given.setdefault(name, one)

    def function(label, **parameters):
        own = {name: parameters[name] for name in parameters if name in whole.signature.parameters}
        return whole(heard_by(label, parameters["filters"], parameters["min_group"]), **own)

    function.__name__ = function.__qualname__ = whole.function.__name__
    function.__module__ = __name__
    function.__doc__ = whole.function.__doc__
    function.__signature__ = whole.signature.replace(parameters=list(given.values()))
    names = dict.fromkeys((*whole.reads, *whole.optional, *rules.READS.split()))
    made = Analysis(function, "plays", " ".join(name for name in names if name != "plays"))
    return _COUNTING.setdefault(whole.name, made)


songs = _of_segment(_songs)
artist = _of_segment(_artist)
artist_day = _of_segment(_artist_day)
compared = _of_segment(_compared)
compared_songs = _of_segment(_compared_songs)
roster = _of_segment(_roster)
song_streams = _of_segment(_song_streams)
mood_gap = _of_segment(_mood_gap)


def asked(
    analysis: Analysis, parameters: dict[str, object], min_group: int
) -> tuple[Analysis, dict[str, object]]:
    """Return what answers a question whose filters name a segment, and its parameters.

    Analyses of streams are replaced by those above; others know segments themselves.
    """
    filters = parameters.get("filters")
    if analysis.name not in _COUNTING or filters is None or filters.segment is None:
        return analysis, parameters
    return _COUNTING[analysis.name], {"min_group": min_group, **parameters}
