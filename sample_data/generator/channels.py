"""What each channel truly does: Hill saturation of delayed adstock, country by country.

Streams a day that a campaign brings in a territory, before season and weekday:

    direct = 2 x streams_per_eur x kappa[territory] x appeal[track] x K x hill(adstock / K)
    hill(a) = a^slope / (a^slope + 1)          with a = adstock / K
    adstock = spend convolved with weights ~ memory^((lag - delay)^2), lags 0 to 34 days
    lasting = direct + retained x direct convolved with an exponential of 24 days

so that at an adstock of K euros a day, the channel brings `streams_per_eur` for each euro.
"""

from dataclasses import dataclass

import numpy as np

from sample_data.generator.audience import GROUPS
from sample_data.generator.world import AUDIENCE, CODES, PAYOUT, stream

LAGS = 35
RETAINED_DAYS = 24.0


@dataclass(frozen=True)
class Channel:
    """One channel's truth; `half` is K in the United States, EUR a day.

    scope : "country" or "worldwide", what its reports tell apart. unequal : spread of the appeal of
    tracks (sd of the logarithm). young : how strongly it reaches the young. cost : EUR per thousand
    impressions in the United States, None where nobody counts them. clicks, results : a click per
    impression, a result per click (or per euro where `cost` is None).
    """

    name: str
    streams_per_eur: float
    half: float
    slope: float
    memory: float
    delay: int
    retained: float
    scope: str = "country"
    unequal: float = 0.3
    young: float = 0.0
    cost: float | None = None
    clicks: float | None = None
    results: float | None = None
    result_kind: str | None = None

    def kappa(self) -> np.ndarray:
        """Return the response of each territory relative to the channel's mean (territories,)."""
        rng = stream("kappa", self.name)
        value = np.exp(rng.normal(0, 0.32, len(CODES)))
        return value / (value * AUDIENCE).sum() * AUDIENCE.sum()

    def half_by_territory(self) -> np.ndarray:
        """Return K per territory: smaller markets fill up sooner."""
        return self.half * (AUDIENCE / AUDIENCE[0]) ** 0.7

    def group_response(self) -> np.ndarray:
        """Return how readily each taste group answers (groups,)."""
        return np.exp(stream("group response", self.name).normal(0, 0.45, len(GROUPS)))

    def appeal(self, track_id: str) -> float:
        """Return how well a track works on this channel, median 1."""
        return float(np.exp(stream("appeal", self.name, track_id).normal(0, self.unequal)))

    def adstock(self, spend: np.ndarray) -> np.ndarray:
        """Return delayed adstock of spend (days, ...): weights sum to 1."""
        lag = np.arange(LAGS)
        weights = self.memory ** ((lag - self.delay) ** 2.0)
        return _convolved(spend, weights / weights.sum())

    def response(self, spend: np.ndarray, track_id: str) -> np.ndarray:
        """Return expected extra streams (days, territories) of spend in EUR (days, territories)."""
        half = self.half_by_territory()
        relative = (self.adstock(spend) / half) ** self.slope
        scale = 2 * self.streams_per_eur * self.kappa() * half * self.appeal(track_id)
        direct = scale * relative / (relative + 1)
        kernel = np.exp(-np.arange(150) / RETAINED_DAYS)
        return direct + self.retained * _convolved(direct, kernel / kernel.sum())


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel("meta", 12, 160, 1.0, 0.75, 1, 0.7, cost=9.4, clicks=0.011, results=0.52,
                result_kind="landing_page_views"),
        Channel("tiktok", 24, 210, 1.7, 0.85, 2, 0.35, unequal=0.75, young=0.55, cost=4.8,
                clicks=0.007, results=0.41, result_kind="store_clicks"),
        Channel("youtube", 13, 150, 1.1, 0.90, 3, 0.8, cost=6.5, clicks=0.0035, results=34.0,
                result_kind="views"),
        Channel("marquee", 33, 300, 0.9, 0.60, 0, 1.1, unequal=0.25, cost=96.0, clicks=0.21,
                results=0.74, result_kind="converted_listeners"),
        Channel("creators", 27, 420, 1.4, 0.88, 4, 0.5, scope="worldwide", unequal=0.8, young=0.6,
                results=85.0, result_kind="views"),
        Channel("radio", 7, 190, 1.2, 0.93, 7, 0.9, young=-0.5, results=0.021,
                result_kind="spins"),
        Channel("pr", 9, 110, 1.0, 0.90, 5, 1.0, young=-0.2, results=0.0035,
                result_kind="articles"),
    )
}  # fmt: skip

# Discovery Mode is no spend but a commission: part of the royalties of streams in its contexts.
COMMISSION = 0.30
DISCOVERY = "discovery_mode"


def discovery_lift(track_id: str) -> float:
    """Return the factor on streams by algorithm and radio while a track is in Discovery Mode."""
    return 1 + 0.34 * float(np.exp(stream("discovery", track_id).normal(0, 0.25)))


def commission(streams: np.ndarray) -> np.ndarray:
    """Return what Discovery Mode keeps of streams in its contexts, EUR."""
    return COMMISSION * PAYOUT * streams


def _convolved(values: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve along the first axis, causal, same length."""
    from scipy.signal import fftconvolve

    kernel = kernel.reshape(-1, *([1] * (values.ndim - 1)))
    return np.maximum(fftconvolve(values, kernel, axes=0)[: len(values)], 0.0)
