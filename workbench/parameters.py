"""What an analysis may be asked with: plain values, their one Python text, and the filters.

A parameter is None, bool, int, finite float, str, date, a tuple of parameters, or a frozen
dataclass of them, by exact type. The text that `literal` gives is cache key and notebook code
alike, so what a page shows and what its notebook computes cannot drift apart.
"""

import datetime
import hashlib
import math
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import polars as pl

from workbench.errors import UsageError


@dataclass(frozen=True)
class Private:
    """Text that must not be kept: an unreleased lyric.

    It is keyed by its hash, lives in the session, and never reaches a log, a URL or a notebook.
    """

    text: str

    def __repr__(self) -> str:
        return f"Private(sha256={self.digest!r})"

    @classmethod
    def of_file(cls, path: str) -> "Private":
        """Return the text of a UTF-8 file, as a notebook asks for it."""
        return cls(Path(path.strip()).read_bytes().decode("utf-8", "replace"))

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def literal(value: object) -> str:
    """Return the one Python text of a parameter, with full module paths.

    Raises
    ------
    UsageError
        The value is none of the plain types (np.float64 and datetime are refused, too).
    """
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return repr(value)
    if kind is float:
        if not math.isfinite(value):
            raise UsageError(f"A parameter must be finite, not {value!r}.")
        return repr(value)
    if kind is datetime.date:
        return f"datetime.date({value.year}, {value.month}, {value.day})"
    if kind is tuple:
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if kind is Private:
        return repr(value)
    if is_dataclass(value) and not isinstance(value, type) and kind.__dataclass_params__.frozen:
        given = (
            f"{field.name}={literal(getattr(value, field.name))}"
            for field in fields(value)
            if not (_same(getattr(value, field.name), field.default))
        )
        return f"{kind.__module__}.{kind.__qualname__}({', '.join(given)})"
    raise UsageError(
        f"A parameter of type {kind.__module__}.{kind.__qualname__} cannot be recorded; use None, "
        "bool, int, float, str, date, a tuple, or a frozen dataclass of these."
    )


def _same(value: object, default: object) -> bool:
    """Tell 1 from True and 0.0 from 0: equal in Python, different in the text."""
    return type(value) is type(default) and value == default


@dataclass(frozen=True)
class Filters:
    """What is shown, never what is learnt from.

    Attributes
    ----------
    artists : artist ids; empty for all. genres : as `tracks.genre` spells them.
    countries : ISO 3166 alpha-2. since, until : days, both inclusive.
    segment : a saved rule (`workbench.audience.rules.Segment`) whose listeners alone count, None
        for all; `workbench.audience.chosen` applies it.
    """

    artists: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    segment: object | None = None

    def tracks(self, tracks: pl.LazyFrame) -> pl.LazyFrame:
        """Keep the tracks of the chosen artists and genres."""
        if self.artists:
            tracks = tracks.filter(pl.col("artist_id").is_in(list(self.artists)))
        if self.genres:
            tracks = tracks.filter(pl.col("genre").is_in(list(self.genres)))
        return tracks

    def daily(self, daily: pl.LazyFrame, tracks: pl.LazyFrame) -> pl.LazyFrame:
        """Keep the rows (track_id, day, territory, ...) of chosen tracks, territories and days."""
        if self.countries:
            daily = daily.filter(pl.col("territory").is_in(list(self.countries)))
        return self._of_tracks(self._in_period(daily, pl.col("day")), tracks)

    def plays(
        self, plays: pl.LazyFrame, tracks: pl.LazyFrame, listeners: pl.LazyFrame
    ) -> pl.LazyFrame:
        """Keep the plays of chosen tracks and days by listeners of the chosen countries."""
        if self.countries:
            chosen = listeners.filter(pl.col("country").is_in(list(self.countries)))
            plays = plays.join(chosen.select("listener_id"), on="listener_id", how="semi")
        return self._of_tracks(self._in_period(plays, pl.col("played_at").dt.date()), tracks)

    def _of_tracks(self, rows: pl.LazyFrame, tracks: pl.LazyFrame) -> pl.LazyFrame:
        if self.artists or self.genres:
            return rows.join(self.tracks(tracks).select("track_id"), on="track_id", how="semi")
        return rows

    def _in_period(self, rows: pl.LazyFrame, day: pl.Expr) -> pl.LazyFrame:
        if self.since is not None:
            rows = rows.filter(day >= self.since)
        if self.until is not None:
            rows = rows.filter(day <= self.until)
        return rows
