"""The last weeks held out: told from all before them, with their spend known.

Against the model stand the same one without promotion (release curves and season alone, fitted to
the same weeks) and the same week a year before, or else the last week that was known.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.promotion.estimate import Progress, posterior
from workbench.promotion.expected import curves, logistic
from workbench.promotion.lasting import ahead, believed, last_seen, wandered, wandering
from workbench.promotion.observations import Observed
from workbench.promotion.response import adstock

WEEKS, LEAST, YEAR, BEFORE = 13, 4, 52, 26
EDGES = (0.05, 0.95)
TRIES = 400
RUNS = 0.05  # of a usual week: below it a channel does not run
HORIZONS = ((1, "1 week"), (2, "2 to 4 weeks"), (5, "5 to 8 weeks"), (9, "9 to 13 weeks"))
VALUES = ("streams", "model", "low", "high", "without", "naive")
SUMMED = {"week": pl.Date(), **dict.fromkeys(VALUES, pl.Float64())}
HELD = {"track_id": pl.String(), "week": pl.Date(), "ahead": pl.Int64()} | SUMMED


def held_weeks(data: Observed) -> int:
    """Return how many weeks are held out: 13, or a quarter of fewer than 52; 0 of too few."""
    weeks = min(WEEKS, len(data.weeks) // 4)
    return weeks if weeks >= LEAST else 0


@dataclass(frozen=True, eq=False)
class Held:
    """The held weeks as they came and as they were told.

    Attributes
    ----------
    rows : track_id, week, ahead (weeks), streams, model (median of the expected), low, high (90 %
        of weeks), without promotion, naive. Only tracks with four known weeks before.
    weeks : the same summed over these tracks, and half a year of streams before. errors : as
        `errors` gives them.
    """

    rows: pl.DataFrame
    weeks: pl.DataFrame
    errors: pl.DataFrame


def held_out(
    data: Observed,
    *,
    draws: int = 120,
    seed: int = 0,
    progress: Progress = lambda done, total, text: None,
) -> Held:
    """Return the last weeks as told by fits that saw none of them; empty of too few weeks.

    Parameters
    ----------
    data : arrays whose last weeks are `unseen`, so that nothing else was made of them, either.
    """
    many = held_weeks(data)
    known = data.seen.copy()
    known[len(known) - many :] = False
    judged = (known.any(2).sum(0) >= LEAST) & data.seen[len(known) - many :].any((0, 2))
    if not many or not judged.any():
        rows = pl.DataFrame(schema=HELD)
        return Held(rows, pl.DataFrame(schema=SUMMED), errors(rows, {}))
    beyond = np.arange(len(known))[:, None] - last_seen(known)
    # nothing but the known weeks; beyond them drift fades as it does in plans
    part = replace(data, seen=known, clock=data.clock - beyond + believed(beyond))
    found = posterior(part, draws=max(draws, 200), tries=TRIES, seed=seed, progress=progress)
    rng = np.random.default_rng(seed)
    seen, told, weeks, late = data.seen[-many:], [], [], beyond[-many:]
    spread = wandering(part, curves(part, found.at, found.shared, found.own))
    for one in range(draws):
        shared = found.draws[one]
        mean = ahead(part, found.at, shared, found.drawn_own(shared, rng), many)
        told.append((mean * seen).sum(2))
        path = wandered(int(beyond.max()), spread, seen.shape[1], rng)
        strays = np.where(late > 0, path[np.maximum(late - 1, 0), np.arange(seen.shape[1])], 0.0)
        weeks.append(rng.poisson(told[-1] * np.exp(strays)))
    bare = unpromoted(part)
    plain = posterior(bare, draws=1, seed=seed)
    streams = np.where(data.seen, data.streams, 0.0).sum(2)
    low, high = np.quantile(weeks, EDGES, axis=0)
    each = {
        "streams": streams[-many:],
        "model": np.median(told, 0),
        "low": low,
        "high": high,
        "without": (ahead(bare, plain.at, plain.shared, plain.own, many) * seen).sum(2),
        "naive": _naive(streams, known.any(2), many) * seen.any(2),
    }
    week, track = np.nonzero(seen.any(2) & judged)
    rows = pl.DataFrame(
        {"track_id": data.tracks[track], "week": data.weeks[-many:][week], "ahead": week + 1}
        | {name: values[week, track] for name, values in each.items()},
        schema_overrides=HELD,
    ).sort("track_id", "week")
    whole = np.array(weeks)[:, :, judged].sum(2)
    summed = {name: values[:, judged].sum(1) for name, values in each.items()}
    summed |= dict(zip(("low", "high"), np.quantile(whole, EDGES, axis=0), strict=True))
    summed["model"] = np.median(np.array(told)[:, :, judged].sum(2), 0)
    after = pl.DataFrame({"week": data.weeks[-many:]} | summed, schema_overrides=SUMMED)
    first = max(len(data.weeks) - many - BEFORE, 0)
    before = pl.DataFrame(
        {
            "week": data.weeks[first : len(data.weeks) - many],
            "streams": streams[first : len(data.weeks) - many, judged].sum(1),
        }
    )
    weekly = pl.concat([before, after], how="diagonal_relaxed").select(list(SUMMED))
    return Held(rows, weekly.sort("week"), errors(rows, _running(data, found, many)))


def unpromoted(data: Observed) -> Observed:
    """Return the arrays as if nothing had been spent."""
    none = np.array([], int)
    return replace(
        data, run_track=none, run_channel=none, run_spend=data.run_spend[:, :0], lifts=None
    )


def _naive(streams: np.ndarray, known: np.ndarray, many: int) -> np.ndarray:
    """Return the same week a year before, else the last known week (many, N)."""
    total, at = len(streams), np.arange(streams.shape[1])
    last = total - 1 - known[::-1].argmax(0)
    out = np.tile(streams[last, at], (many, 1))
    for step in range(many):
        before = total - many + step - YEAR
        if before >= 0:
            out[step] = np.where(known[before], streams[before], out[step])
    return out


def _running(data: Observed, found, many: int) -> dict[str, set[tuple[str, object]]]:
    """Return the (track, week) in which each channel's spend is felt, of the held weeks."""
    carry = logistic(found.shared[found.at.at["carry"]])[data.run_channel]
    dose = adstock(data.run_spend.sum(2), carry)[-many:] / data.usual[data.run_channel]
    out: dict[str, set] = {}
    for week, run in np.argwhere(dose > RUNS):
        name = data.channels[data.run_channel[run]]
        place = (str(data.tracks[data.run_track[run]]), data.weeks[-many:][week].item())
        out.setdefault(name, set()).add(place)
    return out


def errors(held: pl.DataFrame, running: dict[str, set]) -> pl.DataFrame:
    """Return kind (all, horizon, promoted, channel), name, place, weeks, tracks, errors, coverage.

    Errors are WAPE: the sum of what is off over the sum of streams, of model, without, naive;
    `bias` is the model's sum over that of the streams, less one; `covered` the share of weeks
    in its 90 % interval.
    """
    places = list(held.select("track_id", "week").iter_rows())
    anywhere = set().union(*running.values()) if running else set()
    starts = [first for first, _ in HORIZONS]
    step = np.searchsorted(starts, held["ahead"].to_numpy(), side="right") - 1
    groups = [("all", "all held weeks", 0, np.ones(len(places), bool))]
    groups += [("horizon", name, i, step == i) for i, (_, name) in enumerate(HORIZONS)]
    felt = np.array([place in anywhere for place in places], bool)
    groups += [("promoted", "with promotion", 0, felt), ("promoted", "without any", 1, ~felt)]
    for name in sorted(running):
        mine = np.array([place in running[name] for place in places], bool)
        groups.append(("channel", name, 0, mine))
    rows = [
        (kind, name, place, *_errors(held.filter(pl.Series(mine))))
        for kind, name, place, mine in groups
        if mine.any()
    ]
    head = ["kind", "name", "place", "weeks", "tracks", "model", "without", "naive", "bias",
            "covered"]  # fmt: skip
    whole = dict.fromkeys(("place", "weeks", "tracks"), pl.Int64())
    schema = {one: whole.get(one, pl.String() if one in head[:2] else pl.Float64()) for one in head}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("kind", "place", "name")


def _errors(part: pl.DataFrame) -> tuple:
    came = part["streams"].sum() or float("nan")
    off = [float((part[one] - part["streams"]).abs().sum()) / came
           for one in ("model", "without", "naive")]  # fmt: skip
    inside = part["streams"].is_between(part["low"], part["high"]).mean()
    bias = float(part["model"].sum() / came - 1)
    return part.height, part["track_id"].n_unique(), *off, bias, float(inside)
