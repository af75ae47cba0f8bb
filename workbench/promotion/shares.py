"""The shares of distribution and artist that a label set once: kept with it, for whoever asks next.

No analysis reads them: a page passes them on as `Money`, so that a notebook holds them as text.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from workbench.promotion.money import Money, checked_money
from workbench.settings import settings
from workbench.store import state
from workbench.store.shares import ToldShares


@dataclass(frozen=True)
class Shares:
    """Shares in force, 0 to 1.

    Attributes
    ----------
    distribution : of the payout. artist : of what arrives. author : who set them; None for the
        installation's defaults. at : when (UTC).
    """

    distribution: float
    artist: float
    author: str | None = None
    at: datetime.datetime | None = None


def shares(home: Path) -> Shares:
    """Return what was set last for a label, else what the installation says."""
    told = state.rows(home, ToldShares)
    if told.is_empty():
        return Shares(settings().distribution_share, settings().artist_share)
    last = told.row(-1, named=True)
    return Shares(last["distribution"], last["artist"], last["user"], last["at"])


def keep_shares(home: Path, user: str, distribution: float, artist: float) -> None:
    """Keep both shares with a label.

    Raises
    ------
    BadInput
        A share outside of 0 to 1.
    """
    checked_money(Money(distribution=distribution, artist=artist))
    state.record(home, ToldShares, user=user, distribution=distribution, artist=artist)


def before_shares(money: Money) -> str | None:
    """Return what nobody took his share of, in words; None where both are taken off.

    What statements say arrived after distribution.
    """
    missing = [
        name
        for name, share in (("distribution", money.distribution), ("artist share", money.artist))
        if not share and not (name == "distribution" and money.payouts)
    ]
    return f"before {' and '.join(missing)}" if missing else None
