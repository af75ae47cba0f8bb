"""What the fit reads of a label: weekly streams and spend, as tables and as arrays."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.listening import streams
from workbench.promotion.observations import Observed, observed
from workbench.promotion.spend import Spend, weekly_spend

if TYPE_CHECKING:
    from workbench.dataset import Making


@dataclass(frozen=True, eq=False)
class Read:
    """What the fit reads of a label.

    Attributes
    ----------
    data : dense arrays. weekly : streams by track, week, territory. spent : spend by week.
    catalogue : track_id, title, artist_id, genre, release_date, status. source : of the streams.
    """

    data: Observed
    weekly: pl.DataFrame
    spent: Spend
    catalogue: pl.DataFrame
    source: str | None

    @property
    def tracks(self) -> pl.DataFrame:
        """Of the catalogue what the arrays are made of."""
        return self.catalogue.select("track_id", "artist_id", "genre", "release_date")


def arrays(label: "Making") -> Read:
    """Return the weekly streams and spend of a label, as tables and as arrays."""
    weekly = streams.weekly(label).collect()
    catalogue = label.table("tracks").select(
        "track_id", "title", "artist_id", "genre", "release_date", "status"
    )
    tracks = catalogue.select("track_id", "artist_id", "genre", "release_date")
    source = streams.source(label)
    whole = source == "window_totals"
    campaigns, rates = label.table("campaigns"), label.table("fx_rates")
    spent = weekly_spend(campaigns, rates, weekly["week"].min(), whole=whole)
    data = observed(weekly, spent.weekly, tracks, stays=not whole)
    return Read(data, weekly, spent, catalogue, source)
