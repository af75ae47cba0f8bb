"""Stays on playlists as weekly doses: what a place brings grows with the followers of its list.

A dose is follower-days, as if all were on a list of `LARGEST` followers: on a smaller list fewer
of them listen (the share falls with the fourth root of its size, see the prior *reach*). A list
without followers is made per listener and grows with what the song does already: its dose is the
song's own usual streams.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.promotion.priors import PRIORS, Prior

LARGEST = 18_500_000  # followers of the list that the prior's figure is from
EDITORIAL, PERSONAL = "editorial", "personal"
UNKNOWN = "kind unknown"
PANEL_SHARE = 0.1  # of a panel's streams in weeks on lists, at the prior's median; assumption


@dataclass(frozen=True, eq=False)
class Places:
    """Doses of M kinds of list on N tracks.

    Attributes
    ----------
    kinds : names, "editorial" always among them. dose : (T, N, M).
    running : (N, M) of a whole week, of stays that have no end.
    scale : streams counted for one stream of the whole audience, below 1 where a panel is counted.
    """

    kinds: tuple[str, ...]
    dose: np.ndarray
    running: np.ndarray
    scale: float = 1.0


def share_listening(followers: np.ndarray | float) -> np.ndarray | float:
    """Return the share of a list's followers who listen, against a list of `LARGEST`."""
    return (np.asarray(followers, float) / LARGEST) ** PRIORS["reach"].mean


def places(
    spells: pl.DataFrame,
    tracks: np.ndarray,
    weeks: np.ndarray,
    streams: np.ndarray,
    panel: bool,
    priors: Mapping[str, Prior] = PRIORS,
) -> Places:
    """Return the doses of the stays.

    Parameters
    ----------
    spells : the table playlist_spells. tracks : ids (N,). weeks : first days (T,).
    streams : weekly streams of each track, nan where not seen (T, N).
    panel : whether these are those of a panel, of which nobody knows the part of the audience.
    priors : in force, by name.
    """
    rows = spells.filter(pl.col("track_id").is_in(tracks.tolist()))
    kind = (
        pl.when(pl.col("followers").is_null())
        .then(pl.lit(PERSONAL))
        .otherwise(pl.col("kind").fill_null(UNKNOWN))
    )
    rows = rows.with_columns(kind=kind).sort("track_id", "playlist", "added_at")
    kinds = tuple(sorted({EDITORIAL, *rows["kind"]}))
    dose, running = (
        np.zeros((len(weeks), len(tracks), len(kinds))),
        np.zeros((len(tracks), len(kinds))),
    )
    if rows.is_empty():
        return Places(kinds, dose, running)
    at = {name: place for place, name in enumerate(tracks.tolist())}
    track = np.array([at[name] for name in rows["track_id"]])
    which = np.array([kinds.index(name) for name in rows["kind"]])
    seen = np.isfinite(streams)
    usual = np.where(seen, streams, 0).sum(0) / np.maximum(seen.sum(0), 1)
    followers = rows["followers"].fill_null(0).to_numpy().astype(float)
    day = np.where(
        rows["followers"].is_null(), usual[track] / 7, followers * share_listening(followers)
    )
    end = rows["removed_at"].to_numpy().astype("datetime64[ms]")
    last = np.where(np.isnat(end), weeks[-1] + 7, end.astype("datetime64[ms]"))
    start = weeks.astype("datetime64[ms]")[:, None]
    begun = np.maximum(rows["added_at"].to_numpy().astype("datetime64[ms]"), start)
    until = np.minimum(last.astype("datetime64[ms]"), start + np.timedelta64(7, "D"))
    days = np.clip((until - begun).astype(float) / 86_400_000, 0, None)
    np.add.at(dose, (slice(None), track, which), days * day)
    open_ = np.isnat(end)
    np.add.at(running, (track[open_], which[open_]), 7 * day[open_])
    scale = 1.0
    if panel:  # followers are everybody's, streams the panel's
        held = [m for m, name in enumerate(kinds) if name != PERSONAL]
        listed = (dose[..., held].sum(2) > 0) & seen
        full = dose[..., held].sum(2)[listed].sum() * np.exp(priors["listing"].mean)
        scale = PANEL_SHARE * streams[listed].sum() / full if full > 0 else 1.0
        dose[..., held] *= scale
        running[:, held] *= scale
    return Places(kinds, dose, running, float(scale))
