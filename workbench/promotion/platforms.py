"""What platforms ask of a campaign before they take it: money, streams, listeners, by market.

Facts of the platforms' own pages and of guides, as read in 2026; they change. Which countries a
platform sells in is not among them: no list was found. Amounts are in US dollars.
"""

import re
from dataclasses import dataclass

import numpy as np

GUIDE = "dynamoi.com, guide to Spotify's ads for artists"
TOOLS = "support.spotify.com, getting started with campaign tools"
TARGETS = "support.spotify.com, campaign targeting and destinations"


@dataclass(frozen=True)
class Platform:
    """Conditions of a channel known by name.

    Attributes
    ----------
    name : pattern of channel names. least, most : dollars a campaign takes; None without a limit.
    by_market : whether a campaign reaches one market, so that each is bought by itself.
    streams : that the artist needs in 28 days in a market. active : monthly active listeners there.
    listeners : monthly listeners that the artist needs, all markets together.
    needs : all conditions, in words. source : where each figure stands.
    """

    name: str
    least: float
    most: float | None
    by_market: bool
    streams: float
    active: float
    listeners: float
    needs: str
    source: str


PLATFORMS = (
    Platform(
        "marquee", 100.0, None, True, 1000.0, 5000.0, 0.0,
        "1,000 streams in 28 days and 5,000 monthly active listeners in the market; one market a "
        "campaign",
        f"streams: {TOOLS}; one market: {TARGETS}; money and listeners: {GUIDE} (third-party)",
    ),
    Platform(
        "showcase", 100.0, 10_000.0, True, 1000.0, 0.0, 0.0,
        "1,000 streams in 28 days in the market; one market a campaign, 14 days at most",
        f"streams: {TOOLS}; one market: {TARGETS}; money: {GUIDE} (third-party); days: label-worx, "
        "help page (third-party)",
    ),
    Platform(
        "discovery", 0.0, None, False, 0.0, 0.0, 25_000.0,
        "25,000 monthly listeners; it costs 30 % of royalties in its contexts, and no money before",
        f"{GUIDE} (third-party)",
    ),
)  # fmt: skip


def platform(channel: str) -> Platform | None:
    """Return what a channel's platform asks, or None for one that nothing is known of."""
    return next((one for one in PLATFORMS if re.search(one.name, channel.lower())), None)


@dataclass(frozen=True, eq=False)
class Takes:
    """Money that campaigns take on C channels in K cells, in the plan's currency.

    Attributes
    ----------
    least, most : of a channel as a whole: nothing, or from `least` to `most` (C,).
    market_least, market_most : the same of a channel in a market (C, K); zero and infinite where a
        cell is no market or a channel is not sold by market. `market_most` is zero in a market that
        is known to be refused, and both are where the artist is, whatever the market.
    """

    least: np.ndarray
    most: np.ndarray
    market_least: np.ndarray
    market_most: np.ndarray


def takes(
    channels: tuple[str, ...],
    rate: float | None,
    markets: np.ndarray,
    streams: np.ndarray,
    active: np.ndarray,
    listeners: float,
) -> Takes:
    """Return what campaigns take.

    Parameters
    ----------
    rate : what a dollar is worth; None unknown: then no money is refused.
    markets : which cells are one market each (K,).
    streams, active : of the artist there (K,), NaN where nothing is known: then it is not refused.
    listeners : monthly ones of the artist over all markets, NaN likewise.
    """
    known = [platform(name) for name in channels]
    asks = [one if rate is not None else None for one in known]
    least = np.array([np.ceil(one.least * rate) if one else 0.0 for one in asks])
    most = np.array([np.floor(one.most * rate) if one and one.most else np.inf for one in asks])
    sold = np.array([bool(one and one.by_market) for one in known])
    apart = sold[:, None] & markets
    refused = np.array(
        [
            (streams < one.streams) | (active < one.active) if one else np.zeros(len(markets), bool)
            for one in known
        ]
    )
    nowhere = np.array([bool(one and listeners < one.listeners) for one in known])
    there = np.where(apart, np.where(refused, 0.0, most[:, None]), np.inf)
    most = np.where(apart.any(1), np.inf, most)  # each market has its own campaign
    return Takes(
        least=least,
        most=np.where(nowhere, 0.0, most),
        market_least=np.where(apart, least[:, None], 0.0),
        market_most=np.where(nowhere[:, None], 0.0, there),
    )
