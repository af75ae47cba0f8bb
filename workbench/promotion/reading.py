"""What the fit reads of a label: weekly streams and spend, as tables and as arrays."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.listening import streams
from workbench.promotion.events import doses, kinds_of, readable_events
from workbench.promotion.left_out import left_out
from workbench.promotion.lifts import readable, with_lifts
from workbench.promotion.observations import Observed, observed, with_places
from workbench.promotion.own_priors import in_force
from workbench.promotion.places import Places, places
from workbench.promotion.spend import Spend, model_money, weekly_spend
from workbench.promotion.teaching import since_release

if TYPE_CHECKING:
    from workbench.dataset import Making


@dataclass(frozen=True, eq=False)
class Read:
    """What the fit reads of a label.

    Attributes
    ----------
    data : dense arrays. weekly : streams by track, week, territory, of songs that were out.
    spent : spend by week.
    catalogue : track_id, title, artist_id, genre, release_date, status. source : of the streams.
    tests : lift tests, see `lifts.readable`; used are those with nothing in `left_out`.
    followers : artist_id, day, followers. currency : of all money. held : stays on playlists.
    events : see `events.readable_events`. left_out : see `left_out.left_out`.
    """

    data: Observed
    weekly: pl.DataFrame
    spent: Spend
    catalogue: pl.DataFrame
    source: str | None
    tests: pl.DataFrame
    followers: pl.DataFrame
    currency: str
    held: Places
    events: pl.DataFrame
    left_out: pl.DataFrame

    @property
    def tracks(self) -> pl.DataFrame:
        """Of the catalogue what the arrays are made of."""
        return self.catalogue.select("track_id", "artist_id", "genre", "release_date")


def arrays(label: "Making", unseen: int = 0) -> Read:
    """Return weekly streams, spend and lift tests of a label, as tables and as arrays.

    Parameters
    ----------
    unseen : last weeks to be told from all before them: what streams they have stands in the
        arrays, and nothing else of them but spend and events is used.
    """
    counted = streams.weekly(label).collect()
    catalogue = label.table("tracks").select(
        "track_id", "title", "artist_id", "genre", "release_date", "status"
    )
    tracks = catalogue.select("track_id", "artist_id", "genre", "release_date")
    source = streams.source(label)
    whole = source == "window_totals"
    campaigns, rates = label.table("campaigns"), label.table("fx_rates")
    spent = weekly_spend(campaigns, rates, counted["week"].min(), whole=whole)
    tests = label.table("lift_tests")
    currency, dollar = model_money(campaigns, tests, rates)
    tests = readable(tests, rates, currency)
    tested = tuple(tests.filter(pl.col("left_out").is_null())["channel"])
    weekly = since_release(counted, tracks)
    data = observed(
        weekly, spent.weekly, tracks, stays=not whole, tested=tested, dollar=dollar, unseen=unseen
    )
    past = weekly.filter(pl.col("week") <= data.weeks[-1 - unseen].item())
    data = replace(data, priors=in_force(label.table("own_priors")))
    held = places(
        label.table("playlist_spells"),
        data.tracks,
        data.weeks,
        _whole(data),
        panel=source == "plays",
        priors=data.priors,
    )
    data = with_places(data, held)
    happened = readable_events(label.table("events"), past, data.cells, tracks)
    dose = doses(happened, data.weeks, data.tracks, data.artists, len(data.cells))
    data = replace(data, event_kinds=kinds_of(happened), events=dose)
    data, tests = with_lifts(data, tests)
    followers = _followers(label)
    unused = left_out(data, spent, counted, weekly, tracks)
    return Read(
        data, weekly, spent, catalogue, source, tests, followers, currency, held, happened, unused
    )


def _followers(label: "Making") -> pl.DataFrame:
    return (
        label.scan("daily_streams")
        .filter(pl.col("entity") == "artist", pl.col("followers").is_not_null())
        .group_by(artist_id=pl.col("entity_id"), day=pl.col("day"))
        .agg(pl.col("followers").max())  # of one store, the same in all territories
        .sort("artist_id", "day")
        .collect()
    )


def _whole(data: Observed) -> np.ndarray:
    """Return weekly streams over all cells, nan where none was seen (T, N)."""
    total = np.where(data.known, data.streams, 0).sum(2)
    return np.where(data.known.any(2), total, np.nan)
