"""What platforms ask of a campaign before they take it: money, listeners, streams.

Facts of the platforms' own pages and of guides, as they stood in 2026; they change. Amounts are in
US dollars.
"""

import re
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Platform:
    """Conditions of a channel known by name.

    Attributes
    ----------
    name : pattern of channel names. least, most : dollars a campaign takes; None without a limit.
    streams : that the artist needs in 28 days in a market. needs : all conditions, in words.
    """

    name: str
    least: float
    most: float | None
    streams: float
    needs: str
    source: str


PLATFORMS = (
    Platform(
        "marquee", 100.0, None, 1000.0,
        "1,000 streams in 28 days and 5,000 monthly active listeners in the market; one market a "
        "campaign",
        "Spotify for Artists, campaign tools; dynamoi.com",
    ),
    Platform(
        "showcase", 100.0, 10_000.0, 1000.0,
        "1,000 streams in 28 days in the market; one market a campaign, 14 days at most",
        "Spotify for Artists, campaign tools; dynamoi.com",
    ),
    Platform(
        "discovery", 0.0, None, 0.0,
        "25,000 monthly listeners; it costs 30 % of royalties in its contexts, and no money before",
        "Spotify for Artists, campaign tools; dynamoi.com",
    ),
)  # fmt: skip
DOLLAR = "USD"


def platform(channel: str) -> Platform | None:
    """Return what a channel's platform asks, or None for one that nothing is known of."""
    return next((one for one in PLATFORMS if re.search(one.name, channel.lower())), None)


def takes(channels: tuple[str, ...], rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most money that a campaign takes on each channel."""
    known = [platform(name) for name in channels]
    least = [one.least * rate if one else 0.0 for one in known]
    most = [one.most * rate if one and one.most else np.inf for one in known]
    return np.array(least), np.array(most)
