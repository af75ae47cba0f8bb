"""Saved segments as cells of a plan, in place of territories; no second fit.

The model is fitted by territory. Which part of a territory a segment is, the panel of plays says;
how differently it responds, nothing says, so that it differs as two territories do.
"""

import zlib
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.audience.rules import READS, REST, REST_NAME, Segment, members, recent
from workbench.errors import NotEnoughEvidence
from workbench.parameters import literal
from workbench.promotion.draws import Scene
from workbench.promotion.plan import Plan
from workbench.promotion.runs import at_cell
from workbench.store.artifacts import Fit
from workbench.store.memory import memory

PANEL = READS
OWN_STREAMS = 200.0  # panel streams of an artist that weigh as much as the label's; assumption


@dataclass(frozen=True, eq=False)
class Cut:
    """How G cells divide the streams of K territories; each territory's column adds up to 1.

    Attributes
    ----------
    cells : segment ids, then “rest” where anybody is left. shares : of the label's panel (G, K).
    own : of the panel of the release's artist, drawn towards the label's (G, K).
    spread : of their responses to a channel, sd of the log: what territories have a priori.
    """

    cells: tuple[str, ...]
    shares: np.ndarray
    own: np.ndarray
    spread: float


def state_of(label, plan: Plan) -> str:
    """Return the version of everything that a plan's answer is made of."""
    return label.version("promotion", *(PANEL.split() if plan.segments else ()))


def cut(label, fit: Fit, plan: Plan, min_group: int) -> Cut | None:
    """Return how a dated plan's segments divide the territories; None where it names none.

    Raises
    ------
    MissingTable
        No plays. NotEnoughEvidence : a cell of too few people, or without a stream in 84 days.
    """
    if not plan.segments:
        return None
    if not label.has("plays"):
        raise label.missing("plays")
    found = memory.load(
        f"panel:{label.version(*PANEL.split())}:{literal(plan.segments)}:{min_group}",
        lambda: _panel(label, plan.segments, min_group),
        lambda frame: int(frame.estimated_size()),
    )
    ids = [one.id for one in plan.segments]
    cells = (*ids, REST) if REST in found["segment"] else tuple(ids)
    whole = _counted(found, cells, tuple(fit.meta["cells"]))
    silent = [one.name for one in plan.segments if not whole[cells.index(one.id)].any()]
    if silent:
        raise NotEnoughEvidence(f"{', '.join(silent)}: no stream in the last twelve weeks.")
    # a territory without listeners in the panel is divided as all of the panel is
    anywhere = whole.sum(1, keepdims=True) / whole.sum()
    shares = np.where(whole.sum(0) > 0, whole / np.maximum(whole.sum(0), 1), anywhere)
    artist = found.filter(pl.col("artist_id") == pl.lit(plan.artist_id, pl.String))
    own = _counted(artist, cells, tuple(fit.meta["cells"]))
    own = (own + OWN_STREAMS * shares) / (own.sum(0) + OWN_STREAMS)
    return Cut(cells, shares, own, fit.meta["prior_sd"]["cell"])


def _panel(label, segments: tuple[Segment, ...], min_group: int) -> pl.DataFrame:
    """Return segment, country, artist_id, streams of the last 84 days."""
    artists = label.scan("tracks").select("track_id", "artist_id")
    return (
        recent(label)
        .join(artists, on="track_id", how="left")
        .group_by("listener_id", "artist_id")
        .len("streams")
        .join(members(label, segments, min_group).lazy(), on="listener_id")
        .group_by("segment", "country", "artist_id")
        .agg(pl.col("streams").cast(pl.Int64).sum())
        .sort("segment", "country", "artist_id")
        .collect()
    )


def _counted(panel: pl.DataFrame, cells: tuple[str, ...], territories: tuple[str, ...]):
    """Return streams of the panel (G, K); who lives in no territory of the model is left out."""
    counts = np.zeros((len(cells), len(territories)))
    at = at_cell(panel["country"].fill_null("WW"), territories)
    if len(territories) == 1:
        at = np.zeros(panel.height, int)
    group = np.array([cells.index(name) for name in panel["segment"]], int)
    streams = panel["streams"].to_numpy().astype(float)
    np.add.at(counts, (group[at >= 0], at[at >= 0]), streams[at >= 0])
    return counts


def recut(one: Scene, parts: Cut) -> Scene:
    """Return a scene whose cells are segments.

    What a territory streams is divided by the segments' shares in it. Its response is, too, but
    each segment responds more or less than the others by the spread that territories have before
    any data. These deviations average out inside of every territory, because the territory's own
    response was observed: spend that follows the audience brings on every draw what it brings by
    territory, and only spend that does not is less sure.
    """
    apart = _deviations(parts, len(one.channels), len(one.kept))
    mean = np.einsum("gk,gcs->cks", parts.shares, apart, optimize=True)
    height = np.einsum("gk,cks->cgs", parts.shares, one.height / mean, optimize=True)
    single = np.float32
    return replace(
        one,
        cells=parts.cells,
        base=np.tensordot(parts.own.astype(single), one.base, 1),
        height=(height * apart.transpose(1, 0, 2)).astype(single),
        audience=(parts.shares @ one.audience).astype(single),
    )


def _deviations(parts: Cut, channels: int, draws: int) -> np.ndarray:
    """Return each cell's response against the others' (G, C, S): the same for it in every plan."""
    seeds = [zlib.crc32(name.encode()) for name in parts.cells]
    normal = [np.random.default_rng(seed).standard_normal((channels, draws)) for seed in seeds]
    return np.exp(parts.spread * np.stack(normal))


def cell_names(plan: Plan) -> dict[str, str]:
    """Return what people call the cells of a plan that has segments; empty for territories."""
    named = {one.id: one.name for one in plan.segments}
    return named | {REST: REST_NAME} if named else {}


@analysis(reads="promotion", optional=PANEL)
def segment_cells(label, *, segments: tuple[Segment, ...], min_group: int = 10) -> pl.DataFrame:
    """Return the cells that segments make of the audience.

    Returns
    -------
    cell | audience (share of counted streams, from the panel's shares by territory) | name;
    the territories where no segment is given
    """
    plan = Plan(segments=segments)
    fit = label.fit("promotion")
    parts = cut(label, fit, plan, min_group)
    if parts is None:
        return fit.frames["cells"].with_columns(name="cell").sort("cell")
    names = cell_names(plan)
    return pl.DataFrame(
        {
            "cell": list(parts.cells),
            "audience": parts.shares @ fit.arrays["audience"],
            "name": [names[cell] for cell in parts.cells],
        }
    ).sort("cell")
