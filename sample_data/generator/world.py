"""The frame of the generated world: days, territories, scale, calendar and random streams."""

import datetime
import zlib

import numpy as np

SEED = 20261030
FIRST_DAY = datetime.date(2024, 11, 1)  # a Friday
LAST_DAY = datetime.date(2026, 10, 30)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
WEEKS = (DAYS + 6) // 7
STORE = "spotify"

# One listener of the panel stands for this many of the whole audience.
PANEL_SCALE = 500
PANEL_LISTENERS = 6_000
PANEL_STREAMS = 600_000  # goal over the two years; skips of under 30 s come on top
PAYOUT = 0.0035  # EUR a stream

# Share of the audience; the first three hold 70 %.
TERRITORIES = {
    "US": 0.38,
    "GB": 0.17,
    "DE": 0.15,
    "FR": 0.060,
    "ES": 0.045,
    "MX": 0.045,
    "BR": 0.045,
    "NL": 0.030,
    "SE": 0.025,
    "AU": 0.016,
    "JP": 0.018,
    "TW": 0.016,
}
CODES = tuple(TERRITORIES)
AUDIENCE = np.array(list(TERRITORIES.values()))

# Hours to add to UTC for local time; one zone a country is enough for a day's rhythm.
UTC_OFFSET = dict(zip(CODES, (-6, 0, 1, 1, 1, -6, -3, 1, 1, 10, 9, 8), strict=True))

# Monday to Sunday: the index measured on the Philippine Top 200, 2017 to 2021.
WEEKDAY = np.array([1.01, 1.02, 1.02, 1.03, 1.01, 0.97, 0.945])

# Songs of the night live on other days than songs for work: added to the index above.
WEEKDAY_SHIFT = {
    "electronic": np.array([-0.04, -0.03, -0.02, 0.0, 0.07, 0.06, -0.04]),
    "latin": np.array([-0.03, -0.03, -0.02, 0.0, 0.04, 0.05, -0.01]),
    "singer-songwriter": np.array([0.0, 0.0, 0.0, -0.01, -0.02, 0.0, 0.03]),
}


def stream(*names: object) -> np.random.Generator:
    """Return the random numbers of one purpose, the same in every run and in any order of steps."""
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.default_rng([SEED, *words])


def day_index(day: datetime.date) -> int:
    """Return days since the first day of the label's data; negative before it."""
    return (day - FIRST_DAY).days


def season() -> np.ndarray:
    """Return the seasonal index per day (DAYS,): .90 in week 18, 1.12 in week 8, smooth between.

    The two ends are those of promotion.md 2.5; a dip over Christmas is added, when people play
    Christmas songs that this label does not have.
    """
    days = [FIRST_DAY + datetime.timedelta(i) for i in range(DAYS)]
    year = np.array([d.timetuple().tm_yday for d in days])
    knots_at = np.array([1, 25, 53, 95, 124, 165, 210, 260, 300, 335, 350, 358, 366])
    knots = np.array([0.97, 1.05, 1.12, 0.98, 0.90, 0.96, 1.02, 1.0, 1.01, 0.97, 0.86, 0.80, 0.97])
    # Christmas itself is one sharp week; the rest bends slowly.
    return np.interp(year, knots_at, knots)


def weekday() -> np.ndarray:
    """Return the weekday of each day, Monday 0 (DAYS,)."""
    return (FIRST_DAY.weekday() + np.arange(DAYS)) % 7


def autoregressive(rng: np.random.Generator, shape: tuple, memory: float, sd: float) -> np.ndarray:
    """Return AR(1) noise along the last axis, with standard deviation `sd` throughout."""
    from scipy.signal import lfilter

    noise = rng.standard_normal(shape)
    noise[..., 1:] *= np.sqrt(1 - memory**2)
    return sd * lfilter([1.0], [1.0, -memory], noise, axis=-1)
