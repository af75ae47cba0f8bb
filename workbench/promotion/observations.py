"""Weekly streams and spend of a label as dense arrays, time first: what the fit reads."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence
from workbench.promotion.places import EDITORIAL, Places
from workbench.promotion.priors import PRIORS, Prior
from workbench.promotion.pushes import Pushes, pushes
from workbench.promotion.response import season_waves
from workbench.promotion.runs import at_cell, at_week, cell_names, position, runs_of, usual_week
from workbench.promotion.sizes import ceilings
from workbench.promotion.teaching import checked_streams, chosen_tracks, since_release, weeks_of

if TYPE_CHECKING:
    from workbench.promotion.lifts import Lifts

PUBLISHED_CHANNELS = ("creators", "marquee", "meta", "radio", "tiktok", "youtube")
OLD = 260.0  # age in weeks of a track whose release date is unknown: past its decay
WEEK = datetime.timedelta(weeks=1)
SMALL = 10.0  # streams; keeps weeks of few or none from shouting
SETTLED = 4.0  # age in weeks at which the launch level of a track is read


@dataclass(frozen=True, eq=False)
class Observed:
    """Dense arrays over T weeks, N tracks, K cells; J runs of one channel for one track.

    Attributes
    ----------
    weeks : first days (T,), datetime64[D]. tracks, artists, genres : names (N,).
    cells, channels : names. streams, seen : (T, N, K); a week not seen is missing, not zero.
    age : weeks since that of the release (T, N), negative before it.
    settled : age at which the level is read.
    clock : weeks since the level is read (T, N). audience : share of streams (K,).
    size : ceiling of the track's artist against the usual one (N,).
    run_track, run_channel : (J,). run_spend : (T, J, K).
    usual : weekly spend at which half of a channel's money went out (C,).
    waves : season (T, 4). split : share of spend that came without a territory.
    stays : whether the outcome is listening, whose listeners may stay, or a total of something.
    kinds : of playlists (M,). placed : follower-days on them, see `places` (T, N, M).
    event_kinds : of events (E,). events : their doses, see `events` (T, N, K, E).
    lifts : what tests of channels measured, None without any. hill : whether spend saturates by
        Hill's curve, as some models of teams have it.
    priors : in force, by name; see `priors`. dollar : what a US dollar, in which costs are
        published, is worth in the money of the spend; None unknown.
    unseen : last weeks that nothing but `streams` and `seen` was made of.
    """

    weeks: np.ndarray
    tracks: np.ndarray
    artists: np.ndarray
    genres: np.ndarray
    cells: tuple[str, ...]
    channels: tuple[str, ...]
    streams: np.ndarray
    seen: np.ndarray
    age: np.ndarray
    settled: np.ndarray
    clock: np.ndarray
    audience: np.ndarray
    size: np.ndarray
    run_track: np.ndarray
    run_channel: np.ndarray
    run_spend: np.ndarray
    usual: np.ndarray
    waves: np.ndarray
    split: float
    stays: bool
    kinds: tuple[str, ...]
    placed: np.ndarray
    event_kinds: tuple[str, ...]
    events: np.ndarray
    lifts: "Lifts | None" = None
    priors: Mapping[str, Prior] = field(default_factory=lambda: PRIORS)
    hill: bool = False
    dollar: float | None = 1.0
    unseen: int = 0

    @cached_property
    def log_streams(self) -> np.ndarray:
        """Logarithm of the streams, damped by `SMALL` (T, N, K)."""
        return np.log(self.streams + SMALL)

    @cached_property
    def pushes(self) -> Pushes:
        """The runs by territory, doses that are alike once."""
        return pushes(self)

    @property
    def known(self) -> np.ndarray:
        """Weeks that something may be made of: all but the `unseen` ones (T, N, K)."""
        known = self.seen.copy()
        known[len(known) - self.unseen :] = False
        return known

    @property
    def funded(self) -> np.ndarray:
        """Positions of tracks that spend or a test teaches something of, ascending."""
        tested = self.lifts.track[self.lifts.track >= 0] if self.lifts else []
        return np.union1d(self.run_track, tested).astype(int)

    @property
    def taught(self) -> bool:
        """Whether anything is known of what channels bring."""
        return bool(len(self.run_track)) or self.lifts is not None


def of_tracks(data: Observed, chosen: np.ndarray) -> Observed:
    """Return the arrays of chosen tracks (positions, ascending), their runs and their tests."""
    runs = np.isin(data.run_track, chosen)
    return replace(
        data,
        tracks=data.tracks[chosen],
        artists=data.artists[chosen],
        genres=data.genres[chosen],
        streams=data.streams.take(chosen, 1),
        seen=data.seen.take(chosen, 1),
        age=data.age.take(chosen, 1),
        settled=data.settled[chosen],
        clock=data.clock.take(chosen, 1),
        size=data.size[chosen],
        run_track=np.searchsorted(chosen, data.run_track[runs]),
        run_channel=data.run_channel[runs],
        run_spend=data.run_spend[:, runs],
        placed=data.placed.take(chosen, 1),
        events=data.events.take(chosen, 1),
        lifts=data.lifts and data.lifts.of_tracks(chosen),
    )


def observed(
    weekly: pl.DataFrame,
    spend: pl.DataFrame,
    tracks: pl.DataFrame,
    *,
    stays: bool = True,
    tested: tuple[str, ...] = (),
    dollar: float | None = 1.0,
    unseen: int = 0,
) -> Observed:
    """Return the arrays.

    Parameters
    ----------
    weekly : track_id, week, territory, streams. spend : track_id, channel, week, territory (null
        where the source has none), spend. tracks : track_id, artist_id, genre, release_date.
    stays : whether the outcome is listening of people who may stay. tested : channels of tests.
    dollar : what a US dollar is worth in the money of the spend; None unknown.
    unseen : last weeks whose streams say nothing of territories, shares or sizes of artists.

    Raises
    ------
    NotEnoughEvidence
        Fewer than eight weeks of streams, or streams that never change.
    BadInput
        Streams below zero.
    """
    weekly = checked_streams(weekly)
    weeks = weeks_of(weekly)
    weekly = since_release(weekly, tracks)
    recent = weekly.filter(pl.col("week") >= weeks[0].item())
    if recent.is_empty():
        raise NotEnoughEvidence(
            "All streams lie before the release of their song. Correct the release dates of the "
            "catalogue and import it again."
        )
    past = weekly.filter(pl.col("week") < weeks[0].item() + (len(weeks) - unseen) * WEEK)
    if past.is_empty():
        raise NotEnoughEvidence(f"No streams are known before the last {unseen} weeks.")
    cells, audience = cell_names(past)
    chosen = chosen_tracks(recent, spend, tracks)
    index = {name: i for i, name in enumerate(chosen["track_id"])}
    streams, seen = _counted(recent, weeks, index, cells)
    age, settled, clock = _ages(chosen["release_date"], weeks, seen)
    channels = tuple(sorted({*spend["channel"], *tested})) or PUBLISHED_CHANNELS
    runs, split = runs_of(spend, channels, weeks, index, cells, audience)
    size = ceilings(past, chosen, tracks)
    return Observed(
        weeks=weeks,
        tracks=chosen["track_id"].to_numpy(),
        artists=chosen["artist_id"].fill_null("").to_numpy(),
        genres=chosen["genre"].fill_null("").to_numpy(),
        cells=cells,
        channels=channels,
        streams=streams,
        seen=seen,
        age=age,
        settled=settled,
        clock=clock,
        audience=audience,
        size=size,
        run_track=runs[0],
        run_channel=runs[1],
        run_spend=runs[2],
        usual=usual_week(runs, size, channels, dollar),
        waves=season_waves(weeks),
        split=split,
        stays=stays,
        kinds=(EDITORIAL,),
        placed=np.zeros((*age.shape, 1)),
        event_kinds=(),
        events=np.zeros((*streams.shape, 0)),
        dollar=dollar,
        unseen=unseen,
    )


def _counted(
    weekly: pl.DataFrame, weeks: np.ndarray, index: dict[str, int], cells: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return streams and where they were seen, both (T, N, K)."""
    streams = np.zeros((len(weeks), len(index), len(cells)))
    seen = np.zeros_like(streams, bool)
    rows = weekly.filter(pl.col("track_id").is_in(list(index)))
    cell = at_cell(rows["territory"], cells)
    rows, cell = rows.filter(pl.Series(cell) >= 0), cell[cell >= 0]
    at = at_week(rows, weeks), position(rows["track_id"], index), cell
    np.add.at(streams, at, rows["streams"].to_numpy().astype(float))
    seen[at] = True
    return streams, seen


def _ages(
    released: pl.Series, weeks: np.ndarray, seen: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return age (T, N), the age at which the level is read (N,) and weeks since then (T, N)."""
    release = released.to_numpy().astype("datetime64[D]")
    # a release counts from its own week, whichever day it falls on
    age = np.ceil((weeks[:, None] - release[None]).astype(float) / 7)
    age[:, np.isnat(release)] = OLD
    first = age[seen.any(2).argmax(0), np.arange(len(release))]
    settled = np.maximum(np.where(seen.any((0, 2)), first, SETTLED), SETTLED)
    clock = np.where(np.isnat(release), np.arange(len(weeks))[:, None], age - settled)
    return age, settled, clock


def with_places(data: Observed, held: Places) -> Observed:
    """Return the arrays with stays on playlists."""
    return replace(data, kinds=held.kinds, placed=held.dose)
