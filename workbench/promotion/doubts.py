"""What the observed spend cannot tell apart, whatever the fit says: doubts about channels.

A prior fills the gap without a word, so that each of these is said beside the numbers.
"""

import numpy as np
import polars as pl

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import curves, logistic
from workbench.promotion.observations import Observed
from workbench.promotion.posterior import SMALL
from workbench.promotion.response import adstock

TOGETHER = 0.9  # correlation of two channels' adstocked spend, where either runs
STEADY = 0.1  # sd over mean of weekly spend
FOLLOWS = 0.3  # correlation of spend with how far last week's streams were off
FEW, SURE = 8, 3.0  # weeks of spend below which nothing is said; standard errors
OFTEN = 0.25  # of a channel's weeks; with an event in fewer the others tell them apart
RUNS = 0.01  # of a usual week: below it a channel does not run
AND = " + "  # between the two channels of a pair
SCHEMA = {
    "kind": pl.String(),
    "subject": pl.String(),
    "value": pl.Float64(),
    "limit": pl.Float64(),
}


def doubts(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> pl.DataFrame:
    """Return kind, subject (a channel or “a + b”), value, limit.

    Kinds: `together` (two channels always run alike: only their sum is known), `constant` (the
    same spend in every observed week: its effect cannot be told from the songs' own level), `same`
    (always the same amount when it runs: how it saturates is the prior's), `single` (one track:
    its effect cannot be told from the track's appeal), `follows` (more is spent after weeks that
    were better than expected: its effect is overstated, and only an experiment helps), `unspent`
    (no spend at all), `with_event` (a kind of event that only came while a channel ran).

    Parameters
    ----------
    shared, own : parameters at the mode.
    """
    carry = logistic(shared[at.at["carry"]])[data.run_channel]
    money = data.run_spend.sum(2)
    dose = adstock(money, carry) / data.usual[data.run_channel] if len(carry) else money
    seen = data.seen.any(2)[:, data.run_track]
    off = _off(data, at, shared, own)
    rows: list[tuple[str, str, float, float]] = []
    for c, name in enumerate(data.channels):
        mine = np.flatnonzero(data.run_channel == c)
        if not len(mine):
            rows.append(("unspent", name, 0.0, 0.0))
            continue
        if len(mine) == 1 and len(data.tracks) > 1:
            rows.append(("single", name, 1.0, 1.0))
        active = money[:, mine][money[:, mine] > 0]
        # a track's own level takes what is constant within it, however tracks differ
        always = max(_spread(money[seen[:, run], run]) for run in mine)
        if seen[:, mine].sum() >= FEW and always < STEADY:
            rows.append(("constant", name, always, STEADY))
        elif len(active) >= FEW and _spread(active) < STEADY:
            rows.append(("same", name, _spread(active), STEADY))
        follows, weeks = _follows(money[:, mine], off[:, data.run_track[mine]])
        if weeks >= FEW and follows > max(FOLLOWS, SURE / np.sqrt(weeks)):
            rows.append(("follows", name, follows, FOLLOWS))
    rows += _pairs(data, dose) + _with_events(data)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("kind", "subject")


def _spread(values: np.ndarray) -> float:
    return float(values.std() / values.mean()) if values.any() else 0.0


def _off(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return log streams less what the fit expects, all cells together (T, N); NaN if not seen."""
    mean = np.where(data.seen, curves(data, at, shared, own).mean, 0.0).sum(2)
    streams = np.where(data.seen, data.streams, 0.0).sum(2)
    off = np.log(streams + SMALL) - np.log(mean + SMALL)
    return np.where(data.seen.any(2), off, np.nan)


def _follows(money: np.ndarray, off: np.ndarray) -> tuple[float, int]:
    """Return how spend goes with last week's surprise within tracks, and on how many weeks.

    Only weeks with spend count: when a campaign begins is planned before streams are known.
    """
    spent, before = [], []
    for run in range(money.shape[1]):
        weeks = np.flatnonzero((money[1:, run] > 0) & np.isfinite(off[:-1, run])) + 1
        if len(weeks) >= 4:
            logs = np.log(money[weeks, run])
            spent.append(logs - logs.mean())
            before.append(off[weeks - 1, run] - off[weeks - 1, run].mean())
    if not spent:
        return 0.0, 0
    one, other = np.concatenate(spent), np.concatenate(before)
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return (float(one @ other) / scale if scale > 1e-9 else 0.0), len(one)


def _pairs(data: Observed, dose: np.ndarray) -> list[tuple[str, str, float, float]]:
    """Return the pairs of channels that move together over tracks and weeks, as spent or as felt.

    Spent alike is enough: that two carry over differently is then learnt of the prior, too.
    """
    spent = data.run_spend.sum(2) / data.usual[data.run_channel]
    ways = [_by_channel(data, values) for values in (spent, dose)]
    rows = []
    for a, b in zip(*np.triu_indices(len(data.channels), 1), strict=True):
        alike = max(_alike(whole[a], whole[b]) for whole in ways)
        if alike > TOGETHER:
            pair = AND.join((data.channels[a], data.channels[b]))
            rows.append(("together", pair, alike, TOGETHER))
    return rows


def _with_events(data: Observed) -> list[tuple[str, str, float, float]]:
    """Return channels and the kinds of event that only came, song by song, while they ran.

    Where most of a channel's weeks are without the event, these tell the two apart.
    """
    if not data.event_kinds:
        return []
    spent = _by_channel(data, data.run_spend.sum(2) / data.usual[data.run_channel])
    runs, there = spent > RUNS, (data.events != 0).any(2) & data.seen.any(2)[..., None]
    rows = []
    for c, name in enumerate(data.channels):
        for e, kind in enumerate(data.event_kinds):
            both = (runs[c] & there[..., e]).sum()
            always = both / max(there[..., e].sum(), 1)
            if always > TOGETHER and both > OFTEN * runs[c].sum():
                rows.append(("with_event", AND.join((name, kind)), float(always), TOGETHER))
    return rows


def _by_channel(data: Observed, values: np.ndarray) -> np.ndarray:
    """Return what runs got as (C, T, N)."""
    whole = np.zeros((len(data.channels), len(data.weeks), len(data.tracks)))
    for run, (track, channel) in enumerate(zip(data.run_track, data.run_channel, strict=True)):
        whole[channel, :, track] = values[:, run]
    return whole


def _alike(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two channels where either runs; 0 where too little is known."""
    either = (one > RUNS) | (other > RUNS)
    one, other = one[either], other[either]
    if either.sum() < FEW or not one.any() or not other.any():
        return 0.0
    if max(one.std() / one.mean(), other.std() / other.mean()) < STEADY:
        return 1.0  # the same amounts in the same weeks
    if min(one.std(), other.std()) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
