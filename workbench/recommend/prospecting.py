"""The label's rankings of listeners: tried, judged and fitted once, kept as the artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.profiles import added, source
from workbench.errors import NotEnoughEvidence, NotMade
from workbench.recommend.factors import ALS
from workbench.recommend.halves import Half
from workbench.recommend.interactions import Interactions, interactions
from workbench.recommend.linear import Ease
from workbench.recommend.model import listeners_of
from workbench.recommend.profile import by_place
from workbench.recommend.prospect_columns import Models, State, state
from workbench.recommend.prospect_trial import held_pairs, known_asked, new_asked, tried
from workbench.recommend.reach import Reach
from workbench.recommend.recommender import csr_arrays, csr_held, fitted

if TYPE_CHECKING:
    from workbench.dataset import Dataset, View
    from workbench.store.artifacts import Fit

SONG, ARTIST, NEW, FIRST = "song", "artist", "new", "first"  # first: of an artist nobody knows
TASTES = 3  # axes whose signs part the listeners into eight
FRAMES = ("bands", "curve", "bins")
TOO_LITTLE = {
    SONG: "Too few songs have listeners that came lately to learn who comes next.",
    ARTIST: "Too few artists have listeners that came lately to learn who comes next.",
    NEW: "Too few songs have listeners to learn who comes to one that nobody has heard.",
    FIRST: "Too few songs have listeners to learn who comes to a new artist.",
}


@dataclass(frozen=True, eq=False)
class Ranker:
    """A blend as it was made, what it stands on, and its figures (see `prospect_trial.Tried`)."""

    reach: Reach
    now: State
    listeners: pl.Series
    items: pl.Series
    meaning: str
    spread: float
    cell_spread: float
    covered: float
    frames: dict[str, pl.DataFrame]


def make_prospects(
    label: Dataset, *, progress: Callable[[int, int, str], None], seed: int = 0
) -> None:
    """Try, fit and save the rankings of listeners for songs, artists and new songs.

    Models and their parameters are those that the recommender chose. Frames: `listeners`, `songs`,
    `artists`, and of each kind with enough evidence `bands`, `curve` and `bins`.

    Raises
    ------
    MissingTable, NotMade
        No listening by listener; no recommender.
    """
    progress(0, 5, "Reading who played what")
    try:
        made = fitted(label)
    except NotEnoughEvidence as error:
        label.save_fit("prospects", arrays={}, frames={}, meta={"why": str(error)})
        return
    # One thread: the order of a parallel sum would reach the fit, and many threads wait on others.
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        _made(label, made, progress, seed)


def _made(label: Dataset, made: Fit, progress: Callable[[int, int, str], None], seed: int) -> None:
    linear = Ease(**made.meta["linear"]) if made.meta["linear"] else None
    models = Models(ALS(**made.meta["als"]), linear)
    songs = interactions(label)
    released, owner, names = _facts(label, songs.tracks)
    artists = of_artists(songs, owner, names)
    features = csr_held("features", made.arrays)
    arrays, meta, frames = {}, {"why": None, "seed": seed}, {"listeners": _ids(songs.listeners)}
    for place, (kind, people) in enumerate(((SONG, songs), (ARTIST, artists))):
        progress(1 + place, 5, f"Trying who comes next to each {kind}")
        now = state(by_place(people.counts), models, _recent(people, seed))
        cells = [_countries(label, people.listeners), _tastes(now)]
        found = {kind: tried(known_asked(people, models, seed), cells, seed)}
        if kind == SONG:
            progress(3, 5, "Hiding songs to learn who comes to new ones")
            for one in (NEW, FIRST):
                asked = new_asked(people, released, owner, features, models, seed,
                                  alone=one == FIRST)  # fmt: skip
                found[one] = tried(asked, cells, seed)
        frames[f"{kind}s"] = _ids(people.tracks)
        arrays |= {f"{kind}_{name}": array for name, array in _arrays(now).items()}
        for one, trial in found.items():
            meta[one] = None
            if trial is not None:
                arrays[f"{one}_weights"] = trial.reach.weights
                frames |= {f"{one}_{name}": getattr(trial, name) for name in FRAMES}
                numbers = ("meaning", "spread", "cell_spread", "covered")
                meta[one] = {name: getattr(trial, name) for name in numbers}
    progress(4, 5, "Keeping it")
    label.save_fit("prospects", arrays=arrays | {"owner": owner}, frames=frames, meta=meta)
    progress(5, 5, f"{len(songs.tracks)} songs for {len(songs.listeners)} listeners")


def made_rankers(label: View) -> Fit:
    """Return the artifact.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        No listening by listener; not made; too little listening.
    """
    source(label)
    if not label.has("prospects"):
        raise NotMade("prospects")
    fit = label.fit("prospects")
    if fit.meta["why"]:
        raise NotEnoughEvidence(fit.meta["why"])
    return fit


def ranker(fit: Fit, kind: str) -> Ranker:
    """Return the ranking of a kind as it was made.

    Raises
    ------
    NotEnoughEvidence
        Too few of that kind to learn from.
    """
    meta = fit.meta[kind]
    if meta is None:
        raise NotEnoughEvidence(TOO_LITTLE[kind])
    level = ARTIST if kind == ARTIST else SONG
    values = csr_held(f"{level}_values", fit.arrays)
    arrays = {
        name: fit.arrays.get(f"{level}_{name}")
        for name in (
            "near",
            "near_items",
            "als",
            "als_items",
            "weights_items",
            "newcomers",
            "found",
        )
    }
    halves = {
        "look-alike": Half(arrays["near"], arrays["near_items"]),
        "ALS": Half(arrays["als"], arrays["als_items"]),
    }
    if arrays["weights_items"] is not None:
        halves["EASE"] = Half(values, arrays["weights_items"])
    now = State(values, halves, listeners_of(values), arrays["newcomers"], arrays["found"])
    return Ranker(
        Reach(fit.arrays[f"{kind}_weights"]),
        now,
        fit.frames["listeners"]["id"],
        fit.frames[f"{level}s"]["id"],
        frames={name: fit.frames[f"{kind}_{name}"] for name in FRAMES},
        **meta,
    )


def of_artists(people: Interactions, owner: np.ndarray, names: pl.Series) -> Interactions:
    """Return the same listening by artist, the first day that of their first song."""
    counts = people.counts
    cells = pl.DataFrame({
        "row": np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr)),
        "owner": owner[counts.indices],
        "streams": counts.data,
        "day": people.first_day if people.first_day is not None else np.zeros(counts.nnz, int),
    }).filter(pl.col("owner") >= 0)  # fmt: skip
    cells = cells.group_by("row", "owner").agg(pl.col("streams").sum(), pl.col("day").min())
    cells = cells.sort("row", "owner")
    shape = (counts.shape[0], len(names))
    row, column = cells["row"].to_numpy(), cells["owner"].to_numpy()
    whole = added(row, column, cells["streams"].to_numpy(), shape)
    day = cells["day"].to_numpy() if people.first_day is not None else None
    return Interactions(whole, people.listeners, names, day)


def _recent(people: Interactions, seed: int) -> np.ndarray | None:
    """Return which pairs began in the last window, as long as the one that was tried."""
    held, recent, _ = held_pairs(people.first_day, people.counts.nnz, seed)
    return None if recent is None else held


def _facts(label: Dataset, tracks: pl.Series) -> tuple[np.ndarray, np.ndarray, pl.Series]:
    """Return release days (nan unknown), the artist of each song (-1 none), and artists."""
    known = tracks.alias("track_id").to_frame().join(
        label.scan("tracks").select("track_id", "artist_id", "release_date").collect(),
        on="track_id", how="left", maintain_order="left",
    )  # fmt: skip
    names = known["artist_id"].drop_nulls().unique().sort()
    owner = known["artist_id"].rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
    released = known["release_date"].to_physical().cast(pl.Float64).fill_null(np.nan).to_numpy()
    return released, owner, names


def _countries(label: Dataset, listeners: pl.Series) -> np.ndarray:
    homes = label.scan("listeners").select("listener_id", "country").collect()
    found = listeners.alias("listener_id").to_frame().join(
        homes, on="listener_id", how="left", maintain_order="left"
    )  # fmt: skip
    return found["country"].rank("dense").cast(pl.Int64).fill_null(0).to_numpy()


def _tastes(now: State) -> np.ndarray:
    """Return one of eight tastes of each listener: on which side of the leading axes."""
    points = now.halves["look-alike"].listeners[:, :TASTES]
    sides = points > np.median(points, axis=0)
    return sides @ (2 ** np.arange(sides.shape[1]))


def _ids(ids: pl.Series) -> pl.DataFrame:
    return ids.alias("id").to_frame()


def _arrays(now: State) -> dict[str, np.ndarray]:
    near, als = now.halves["look-alike"], now.halves["ALS"]
    found = csr_arrays("values", now.values)
    found |= {"near": near.listeners, "near_items": near.items}
    found |= {"als": als.listeners, "als_items": als.items}
    if "EASE" in now.halves:
        found["weights_items"] = now.halves["EASE"].items
    if now.newcomers is not None:
        found |= {"newcomers": now.newcomers, "found": now.found}
    return found
