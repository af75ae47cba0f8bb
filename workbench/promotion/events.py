"""Events on file as weekly doses: what else moves streams, with or without a campaign.

A dose is the part of a week's days that an event fills, times its value. Events of a kind share one
effect on the log of what a song streams by itself (not on lists, not on what promotion wins). They
stay in both worlds when a campaign is taken away, so that it is not credited with them.
"""

import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.promotion.points import EDGE_NAMES, EDGES
from workbench.promotion.runs import at_cell

if TYPE_CHECKING:
    from workbench.promotion.estimate import Posterior
    from workbench.promotion.observations import Observed
    from workbench.promotion.plan import Plan
    from workbench.store.artifacts import Fit

MAX_KINDS = 12
OTHER = "other kinds"
WHOLE = "WW"
FACTOR = 40.0  # log; beyond it nothing more is told apart


def readable_events(
    events: pl.DataFrame, weekly: pl.DataFrame, cells: tuple[str, ...], catalogue: pl.DataFrame
) -> pl.DataFrame:
    """Return events as the model can speak of them.

    Parameters
    ----------
    events : the table. weekly : territory, streams. cells : territories of the model.
    catalogue : track_id, artist_id.

    Returns
    -------
    event | name | kind | first_day | last_day | artist_id | track_id | territory | cell (its place,
    -1 for all) | size (value over the largest of its kind, times the part of the cell that it
    touches) | left_out (why, or null), sorted by first_day, event

    Notes
    -----
    Of more than twelve kinds those that fill fewest days become one, “other kinds”.
    """
    days = (pl.col("last_day") - pl.col("first_day")).dt.total_days() + 1
    rows = events.sort("first_day", "event").with_columns(
        kind=pl.col("kind").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars(),
        last_day=pl.coalesce("last_day", "first_day"),
        value=pl.col("value").fill_null(1.0),
        territory=pl.col("territory").replace(WHOLE, None),
    )
    kinds = rows.group_by("kind").agg(days=days.sum())
    if kinds.height > MAX_KINDS:
        longest = kinds.sort(["days", "kind"], descending=[True, False])["kind"]
        kept = pl.col("kind").is_in(longest.head(MAX_KINDS - 1).to_list())
        rows = rows.with_columns(kind=pl.when(kept).then("kind").otherwise(pl.lit(OTHER)))
    cell = at_cell(rows["territory"].fill_null(WHOLE), cells)
    everywhere = pl.col("territory").is_null()
    largest = pl.col("value").abs().max().over("kind")
    rows = rows.with_columns(cell=pl.Series(cell)).join(
        _parts(weekly, cells), on="territory", how="left", maintain_order="left"
    )
    part = pl.when(everywhere).then(1.0).otherwise(pl.col("part"))
    unknown = (pl.col("track_id").is_not_null() & ~_among("track_id", catalogue)) | (
        pl.col("artist_id").is_not_null() & ~_among("artist_id", catalogue)
    )
    why = (
        pl.when(unknown)
        .then(pl.lit("is of a song or artist that the label does not have"))
        .when(~everywhere & ((pl.col("cell") < 0) | pl.col("part").is_null()))
        .then(pl.lit("is of a territory that the streams do not tell apart"))
        .when(largest == 0)
        .then(pl.lit("is of a kind whose every value is zero"))
    )
    return rows.select(
        "event", "name", "kind", "first_day", "last_day", "artist_id", "track_id", "territory",
        cell=pl.when(everywhere).then(-1).otherwise("cell").cast(pl.Int64),
        size=(pl.col("value") / largest * part).fill_nan(0.0).fill_null(0.0),
        left_out=why,
    )  # fmt: skip


def _among(name: str, catalogue: pl.DataFrame) -> pl.Expr:
    return pl.col(name).is_in(catalogue[name].drop_nulls().unique().implode())


def _parts(weekly: pl.DataFrame, cells: tuple[str, ...]) -> pl.DataFrame:
    """Return territory | part of its cell's streams: 1, but for those in “Other”."""
    sums = weekly.group_by("territory").agg(pl.col("streams").sum().cast(pl.Float64))
    sums = sums.with_columns(cell=pl.Series(at_cell(sums["territory"], cells)))
    whole = pl.col("streams").sum().over("cell")
    return sums.select("territory", part=pl.when(whole > 0).then(pl.col("streams") / whole))


def kinds_of(rows: pl.DataFrame) -> tuple[str, ...]:
    """Return the kinds of the events that count, sorted."""
    return tuple(rows.filter(pl.col("left_out").is_null())["kind"].unique().sort())


def doses(
    rows: pl.DataFrame, weeks: np.ndarray, tracks: np.ndarray, artists: np.ndarray, cells: int
) -> np.ndarray:
    """Return the doses of the kinds (T, N, K, E).

    Parameters
    ----------
    rows : of `readable_events`. weeks : first days (T,), datetime64[D]. tracks, artists : ids (N,).
    cells : how many territories.
    """
    kinds = kinds_of(rows)
    out = np.zeros((len(weeks), len(tracks), cells, len(kinds)))
    used = rows.filter(pl.col("left_out").is_null())
    whom = ["kind", "artist_id", "track_id", "cell"]
    for (kind, artist, track, cell), part in used.group_by(whom, maintain_order=True):
        first, last = (part[name].to_numpy().astype("datetime64[D]")
                       for name in ("first_day", "last_day"))  # fmt: skip
        begun = np.maximum(weeks[:, None], first)
        until = np.minimum(weeks[:, None] + 7, last + 1)
        filled = np.clip((until - begun).astype(float), 0, None) / 7 @ part["size"].to_numpy()
        mine = np.ones(len(tracks), bool)
        if track is not None:
            mine &= tracks == track
        if artist is not None:
            mine &= artists == artist
        where = slice(None) if cell < 0 else slice(cell, cell + 1)
        out[..., kinds.index(kind)][:, mine, where] += filled[:, None, None]
    return out


def lifted(dose: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """Return the factor on songs' own streams, of doses (..., E) and effects (E, ...)."""
    return np.exp(np.clip(dose @ effect, -FACTOR, FACTOR))


def stirs(fit: "Fit", plan: "Plan", weeks: np.ndarray) -> np.ndarray | None:
    """Return the factor of a plan's weeks on the draws (K, T, S); None where no event lies in them.

    Parameters
    ----------
    plan : a dated one. weeks : first days (T,), datetime64[D].
    """
    whom = (np.array([plan.track_id]), np.array([plan.artist_id]))
    dose = doses(fit.frames["events"], weeks, *whom, len(fit.meta["cells"]))[:, 0]
    if not dose.any():
        return None
    effect = fit.arrays["draws"][:, slice(*fit.meta["blocks"]["events"])].astype(np.float64)
    return lifted(dose, effect.T).transpose(1, 0, 2)


def events_ahead(fit: "Fit", plan: "Plan", weeks: np.ndarray) -> pl.DataFrame:
    """Return the events that touch a plan's weeks, by the first day.

    Returns
    -------
    name | kind | first_day | low | median | high (what a week that it fills has of the song's own
    streams, a factor) | seen (whether the data held any of its kind)
    """
    rows = fit.frames["events"].filter(
        pl.col("left_out").is_null(),
        pl.col("last_day") >= weeks[0].item(),
        pl.col("first_day") < weeks[-1].item() + datetime.timedelta(weeks=1),
        pl.col("track_id").is_null() | pl.col("track_id").eq(pl.lit(plan.track_id, pl.String)),
        pl.col("artist_id").is_null() | pl.col("artist_id").eq(pl.lit(plan.artist_id, pl.String)),
    )
    effects = fit.frames["event_effects"]
    low, median, high = ((pl.col(edge).log() * pl.col("size")).exp() for edge in EDGE_NAMES)
    return (
        rows.join(effects, on="kind", how="left", maintain_order="left")
        .select(
            "name", "kind", "first_day",
            low=pl.min_horizontal(low, high),  # a value below zero turns the ends around
            median=median,
            high=pl.max_horizontal(low, high),
            seen=pl.col("weeks") > 0,
        )
        .sort("first_day", "name")
    )  # fmt: skip


def event_frame(data: "Observed", found: "Posterior", rows: pl.DataFrame) -> pl.DataFrame:
    """Return what is believed of each kind of event, before and after the data.

    Returns
    -------
    kind | events (in the observed weeks) | weeks (of songs that they touched) | low | median | high
    (factor on a song's own streams in a week that it fills, 90 %) | prior_low | prior_median |
    prior_high | narrower (share of the prior's spread that the data took away) | prior_own
    """
    block = found.at.at["events"]
    drawn, prior = found.draws[:, block], data.priors["event"]
    known = rows.filter(
        pl.col("left_out").is_null(),
        pl.col("last_day") >= data.weeks[0].item(),
        pl.col("first_day") < data.weeks[-1].item() + datetime.timedelta(weeks=1),
    )
    touched = (data.events != 0) & data.seen[..., None]
    found_edges = np.exp(np.quantile(drawn, EDGES, axis=0))
    numbers = dict(zip(EDGE_NAMES, found_edges, strict=True))
    numbers |= {f"prior_{edge}": one for edge, one in zip(EDGE_NAMES, prior.range, strict=True)}
    numbers["narrower"] = 1 - drawn.std(0) / prior.sd
    return pl.DataFrame(
        {
            "kind": list(data.event_kinds),
            "events": [known.filter(kind=kind).height for kind in data.event_kinds],
            "weeks": touched.any(2).sum((0, 1)),
            **numbers,
            "prior_own": prior.own,
        },
        schema_overrides={"kind": pl.String, "events": pl.Int64, "weeks": pl.Int64}
        | dict.fromkeys(numbers, pl.Float64),
    ).sort("kind")
