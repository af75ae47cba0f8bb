"""The whole audience, day by day: break-outs, the sum of all parts, and the table daily_streams."""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.channels import DISCOVERY
from sample_data.generator.demand import Baseline
from sample_data.generator.world import CODES, DAYS, FIRST_DAY, STORE, autoregressive, stream

BREAKOUT_DAYS = 84
# Extra streams a week at the end, weeks from the end at half of it, everywhere or at home only.
BREAKOUTS = ((95_000, 5.0, "everywhere"), (62_000, 7.0, "everywhere"), (44_000, 4.0, "home"))

# Saves a stream, by how the song reached the listener.
SAVES = {
    "own": 0.008,
    "programmed": 0.011,
    "editorial": 0.009,
    "algorithmic": 0.014,
    "listener": 0.012,
    "viral": 0.034,
    "paid": 0.028,
}


@dataclass(frozen=True, eq=False)
class Audience:
    """Expected streams of the whole audience by part (tracks, days, territories).

    saves : saves a stream by part (tracks,). breakouts : their truth. broad : the (track, channel)
    whose promotion aimed at nobody's taste.
    """

    parts: dict[str, np.ndarray]
    saves: dict[str, np.ndarray]
    breakouts: pl.DataFrame
    broad: frozenset[tuple[int, str]]

    @property
    def streams(self) -> np.ndarray:
        """All parts together."""
        return sum(self.parts.values())


def breakouts(artists: pl.DataFrame, tracks: pl.DataFrame, base: Baseline):
    """Return (extra streams, truth): three small artists that take off in the last twelve weeks."""
    extra = np.zeros_like(base.own)
    rows = []
    day = np.arange(DAYS)
    for (goal, middle, where), i in zip(BREAKOUTS, _chosen(artists, tracks, base), strict=True):
        rise = 1 / (1 + np.exp(-(day - (DAYS - 7 * middle)) / 9.5))
        rise = np.where(day >= DAYS - BREAKOUT_DAYS, rise - rise[DAYS - BREAKOUT_DAYS], 0.0)
        usual = base.streams[i, -BREAKOUT_DAYS - 56 : -BREAKOUT_DAYS].sum() / 8
        home = artists.filter(pl.col("artist_id") == tracks["artist_id"][i])["country"][0]
        territories = [home] if where == "home" else list(CODES)
        noise = np.exp(autoregressive(stream("breakout", i), (DAYS,), 0.85, 0.12))
        lift = rise * goal / 7 * noise * base.rhythm[i]
        split = base.share[i] * np.isin(CODES, territories)
        extra[i] += lift[:, None] * (split / split.sum())[None, :]
        rows.append(
            {
                "track_id": tracks["track_id"][i],
                "artist_id": tracks["artist_id"][i],
                "territories": territories,
                "first_day": FIRST_DAY + datetime.timedelta(DAYS - BREAKOUT_DAYS),
                "half_way": FIRST_DAY + datetime.timedelta(DAYS - round(7 * middle)),
                "streams_a_week_before": round(float(usual)),
                "extra_streams_a_week_at_the_end": goal,
                "streams_brought": round(float(extra[i].sum())),
            }
        )
        # People who found the song play the artist's other songs, a little.
        others = (tracks["artist_id"] == tracks["artist_id"][i]).to_numpy()
        others &= (base.release < DAYS - BREAKOUT_DAYS) & (np.arange(len(others)) != i)
        for j in np.flatnonzero(others):
            extra[j] += 0.05 * extra[i]
    return extra, pl.DataFrame(rows)


def _chosen(artists: pl.DataFrame, tracks: pl.DataFrame, base: Baseline) -> list[int]:
    """Pick the songs: unsigned or small artists of different genres, newest song of a fair age."""
    unsigned = ~artists["signed"].fill_null(False).to_numpy()
    small = base.size < np.quantile(base.size, 0.45)
    ids = artists["artist_id"].to_list()
    draw = stream("breakouts").random(len(ids)) + ~unsigned
    found: list[int] = []
    for a in [int(a) for a in np.argsort(draw) if small[a]]:
        mine = np.flatnonzero((tracks["artist_id"] == ids[a]).to_numpy()).tolist()
        mine = [i for i in mine if base.release[i] < DAYS - BREAKOUT_DAYS - 14]
        mine = [i for i in mine if tracks["version"][i] is None]
        families = {tracks["family"][i] for i in found}
        if mine and artists["family"][a] not in families and len(found) < len(BREAKOUTS):
            found.append(max(mine, key=lambda i: (base.release[i], i)))
    # The one that stays at home needs a home among the markets.
    country = dict(artists.select("artist_id", "country").rows())
    at_home = [i for i in found if country[tracks["artist_id"][i]] in CODES[1:]]
    last = at_home[-1] if at_home else found[-1]
    return [i for i in found if i != last] + [last]


def audience(base: Baseline, placed, promoted, viral, breakout_truth, tracks) -> Audience:
    """Return every part of demand in one place."""
    parts = {
        "own": base.own,
        "programmed": base.programmed + promoted.extra[DISCOVERY],
        "editorial": placed.editorial,
        "algorithmic": placed.algorithmic,
        "listener": placed.listener,
        "viral": viral,
    }
    parts |= {name: extra for name, extra in promoted.extra.items() if name != DISCOVERY}
    taste = np.exp(stream("saves").normal(0, 0.3, tracks.height))
    saves = {name: SAVES.get(name, SAVES["paid"]) * taste for name in parts}
    return Audience(parts, saves, breakout_truth, promoted.broad)


def track_days(whole: Audience, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return table daily_streams of tracks: counts around what was expected.

    A day without a stream has no row.
    """
    rng = stream("daily streams")
    expected = whole.streams
    streams = rng.poisson(expected * rng.gamma(900.0, 1 / 900.0, expected.shape))
    saving = sum(part * whole.saves[name][:, None, None] for name, part in whole.parts.items())
    rate = saving / np.maximum(expected, 1e-9)
    saves = rng.binomial(streams, np.clip(rate, 0, 1))
    # People play a song more than once a day: more so when they sought it out.
    sought = whole.parts["own"].sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-9)
    again = 0.12 + 0.30 * sought
    listeners = streams - rng.binomial(np.maximum(streams - 1, 0), again[:, None, :])
    i, d, k = np.nonzero(streams)
    return _table(
        "track",
        tracks["track_id"].to_numpy()[i],
        d,
        np.array(CODES)[k],
        streams=streams[i, d, k],
        listeners=listeners[i, d, k],
        saves=saves[i, d, k],
    )


def artist_days(whole: Audience, tracks, artists, habits: pl.DataFrame) -> pl.DataFrame:
    """Return table daily_streams of artists, worldwide: people counts of the trailing 28 days.

    `habits` gives per artist what the panel shows: streams a monthly listener, the part of
    listeners that is active, and the part that is super.
    """
    rng = stream("artist days")
    ids = artists["artist_id"].to_list()
    place = np.array([ids.index(a) for a in tracks["artist_id"]])
    daily = np.stack([whole.streams[place == a].sum(axis=(0, 2)) for a in range(len(ids))])
    saving = sum(p.sum(axis=2) * whole.saves[n][:, None] for n, p in whole.parts.items())
    saving = np.stack([saving[place == a].sum(axis=0) for a in range(len(ids))])
    rows = []
    for a, habit in enumerate(habits.sort("artist_id").iter_rows(named=True)):
        month = _trailing(daily[a])
        wobble = np.exp(autoregressive(rng, (3, DAYS), 0.97, 0.015))
        listeners = month / habit["streams_per_listener"] * wobble[0]
        active = listeners * habit["active_part"] * wobble[1]
        supers = np.minimum(active, listeners * habit["super_part"] * wobble[2])
        before = listeners.mean() * rng.uniform(0.3, 1.1) * (daily[a][0] > 0)
        followers = before + np.cumsum(saving[a] * 0.35 - before * 0.00012)
        out = np.flatnonzero(daily[a] >= 1)
        counts = {
            "listeners": daily[a] / (1.25 + 0.25 * habit["active_part"]) * wobble[1],
            "followers": followers,
            "monthly_listeners": listeners,
            "monthly_active_listeners": active,
            "super_listeners": supers,
        }
        table = {name: np.round(values[out]).astype(int) for name, values in counts.items()}
        name, where = np.full(len(out), ids[a]), np.full(len(out), "WW")
        rows.append(_table("artist", name, out, where, **table))
    return pl.concat(rows)


def _trailing(daily: np.ndarray) -> np.ndarray:
    """Return the sum of 28 days; before the first ones the mean of what is there stands in."""
    days = np.minimum(np.arange(1, DAYS + 1), 28)
    return np.convolve(daily, np.ones(28))[:DAYS] / days * 28


def _table(entity: str, entity_id, day, territory, **counts) -> pl.DataFrame:
    empty = ("streams", "listeners", "saves", "followers", "monthly_listeners",
             "monthly_active_listeners", "super_listeners", "playlist_adds")  # fmt: skip
    frame = pl.DataFrame(
        {
            "entity": pl.Series(np.full(len(day), entity)),
            "entity_id": entity_id,
            "day": _days(day),
            "territory": territory,
            "store": pl.Series(np.full(len(day), STORE)),
        }
    )
    columns = [
        pl.Series(name, counts[name], dtype=pl.Int64)
        if name in counts
        else pl.lit(None, pl.Int64).alias(name)
        for name in empty
    ]
    return frame.with_columns(columns)


def _days(index: np.ndarray) -> pl.Series:
    start = (FIRST_DAY - datetime.date(1970, 1, 1)).days
    return pl.Series(np.asarray(index) + start, dtype=pl.Int32).cast(pl.Date)
