"""Audience overlap: whose listeners, or buyers, also hear whom, beyond what chance gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import chosen, rules
from workbench.audience.card_rows import scoped
from workbench.audience.co_listening import shared_by_chance
from workbench.audience.heard import heard
from workbench.audience.numbered import numbered
from workbench.audience.overindex import LEVEL, MIN_SUPPORT, PRIOR, judged
from workbench.audience.profiles import added
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.store.privacy import FIVES, HIDDEN, in_fives, suppressed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import View

LISTENING, BUYING = "listening", "buying"
READS = f"{rules.READS} listening_counts"
TOP = 30
SHOWN = ("both", "share", "index", "low", "high", "z", "q", "apart")


@dataclass(frozen=True, eq=False)
class Overlap:
    """An artist's audience among the other artists. Hidden cells are null; people are in fives.

    Attributes
    ----------
    others : artist_id | name | listeners (theirs) | both | share (of the artist's, 0 to 1) | index
        | low | high (100 is chance, 90 %) | z | q | apart | reach (of theirs, who are not the
        artist's) | hidden; the highest index first, hidden ones last.
    name : of the artist. listeners : the artist's, None where they are too few. people : everybody
        who is counted. by : “listening” or “buying”.
    """

    others: pl.DataFrame
    name: str
    listeners: int | None
    people: int
    by: str
    hidden: int
    min_group: int


@analysis(optional=READS)
def audiences(label, *, min_group: int = 10) -> pl.DataFrame:
    """Return the artists that enough people hear: artist_id | name | listeners, most first.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        No listening by listener; no artist with `min_group` listeners.
    """
    who, artists = incidence(label, LISTENING, 1, Filters())
    count = np.bincount(who.indices, minlength=len(artists)).astype(np.int64)
    names = label.scan("artists").select("artist_id", "name").collect()
    found = (
        pl.DataFrame({"artist_id": artists, "listeners": count})
        .filter(pl.col("listeners") >= max(min_group, 1))
        .with_columns(in_fives(pl.col("listeners"), min_group))
        .join(names, on="artist_id")
        .select("artist_id", "name", "listeners")
        .sort("listeners", "artist_id", descending=[True, False])
    )
    if found.is_empty():
        raise NotEnoughEvidence(
            f"No artist of this label has {max(min_group, 1)} listeners in the panel."
        )
    return found


@analysis(optional=f"{READS} products")
def overlap(
    label,
    *,
    artist_id: str,
    by: str = LISTENING,
    least: int = 1,
    filters: Filters = Filters(),
    top: int = TOP,
    min_group: int = 10,
) -> Overlap:
    """Return whom the listeners, or buyers, of an artist also hear, or buy.

    A listener of an artist has `least` streams of it, a buyer bought something and kept it.
    `filters` chooses by country and days whose listening counts; its artists and genres are not
    used. The index is the people shared over those that two artists of these sizes would share by
    chance, given how many artists each person hears; it is drawn to 100 by a prior worth 20 people.
    `top` is how many others are kept, by how sure the difference is.

    Raises
    ------
    MissingTable, BadInput, NotEnoughEvidence
        No listening by listener; no such artist; fewer than `min_group` people of this artist.
    """
    names = dict(label.scan("artists").select("artist_id", "name").collect().iter_rows())
    if artist_id not in names:
        raise BadInput(f"There is no artist “{artist_id}”.")
    who, artists = incidence(label, by, least, filters)
    place = artists.index_of(artist_id)
    one = None if place is None else who.tocsc()[:, [place]]
    size = 0 if one is None else int(one.nnz)
    if size < max(min_group, 1):
        raise NotEnoughEvidence(
            f"Fewer than {max(min_group, 1)} people of the panel are "
            f"{'listeners' if by == LISTENING else 'buyers'} of {names[artist_id]} under these "
            "choices, too few to say whom they share."
        )
    expected, sd = shared_by_chance(who, place)
    rows = pl.DataFrame(
        {
            "artist_id": artists,
            "exact": np.asarray((who.T @ one).todense()).ravel().astype(np.int64),
            "listeners": np.bincount(who.indices, minlength=len(artists)).astype(np.int64),
            "expected": expected,
            "sd": sd,
        }
    ).filter(pl.col("artist_id") != artist_id)
    rows = _shown(_tested(rows, min_group), size, min_group)
    rows = rows.with_columns(
        pl.col("artist_id").replace_strict(names, default=None).alias("name")
    ).drop_nulls("name")
    hidden = int(rows[HIDDEN].sum())
    kept = rows.sort(
        pl.col("z").abs(), "artist_id", descending=[True, False], nulls_last=True
    ).head(top)
    columns = ("artist_id", "name", "listeners", *SHOWN, "reach", HIDDEN)
    return Overlap(
        others=kept.select(columns).sort(
            "index", "artist_id", descending=[True, False], nulls_last=True
        ),
        name=names[artist_id],
        listeners=pl.select(in_fives(pl.lit(size), min_group)).item(),
        people=pl.select(in_fives(pl.lit(who.shape[0]), min_group)).item(),
        by=by,
        hidden=hidden,
        min_group=min_group,
    )


def incidence(label: View, by: str, least: int, filters: Filters) -> tuple[csr_matrix, pl.Series]:
    """Return who hears, or bought, whom: CSR of ones (people, artists), and the artists' ids."""
    wanted = replace(filters, artists=(), genres=())
    if by == LISTENING and label.has("plays"):
        found = heard(label, chosen.plays(label, wanted), pl.lit(0), 1)
        cells = found.cells.filter(pl.col("streams") >= least)
        row, column, artists = cells["listener"], cells["artist"], found.artists
        row = row.rank("dense").cast(pl.Int64).to_numpy() - 1  # who has too few streams is nobody
        column, size = column.to_numpy(), row.max(initial=-1) + 1
    elif by in (LISTENING, BUYING):
        found = _buyers(label, wanted) if by == BUYING else scoped(label, wanted)
        if by == LISTENING:
            found = found.filter(pl.col("streams") >= least)
        cells = found.select("listener_id", "artist_id").collect().sort("listener_id", "artist_id")
        row, people = numbered(cells["listener_id"])
        column, artists = numbered(cells["artist_id"])
        size = len(people)
    else:
        raise BadInput(f"Overlap is by {LISTENING} or {BUYING}, not by {by}.")
    return added(row, column, np.ones(len(row), np.int64), (size, len(artists))), artists


def _buyers(label: View, filters: Filters) -> pl.LazyFrame:
    """Return listener_id | artist_id of who bought and kept something of whom."""
    lines = label.scan("purchases").filter(pl.col("listener_id").is_not_null())
    day = pl.col("purchased_at").dt.date()
    if filters.since is not None:
        lines = lines.filter(day >= filters.since)
    if filters.until is not None:
        lines = lines.filter(day <= filters.until)
    if filters.countries:
        at_home = label.scan("listeners").filter(pl.col("country").is_in(list(filters.countries)))
        lines = lines.join(at_home.select("listener_id"), on="listener_id", how="semi")
    return (
        chosen.of_segment(label, filters, lines)
        .join(label.scan("products").select("product_id", "artist_id"), on="product_id")
        .drop_nulls("artist_id")
        .group_by("listener_id", "artist_id")
        .agg(pl.col("quantity").sum())
        .filter(pl.col("quantity") > 0)
    )


def _tested(rows: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Add z, q and apart, decided on exact counts; null without support."""
    support = max(min_group, MIN_SUPPORT)
    sure = (pl.max_horizontal("exact", "expected") >= support) & (pl.col("sd") > 0)
    z = (pl.col("exact") - pl.col("expected")) / pl.col("sd")
    return judged(rows.with_columns(pl.when(sure).then(z).alias("z")))


def _shown(rows: pl.DataFrame, size: int, min_group: int) -> pl.DataFrame:
    """Add what may be shown: counts in fives, expected ones too, and what follows from those."""
    fives = FIVES if min_group > 1 else 0
    own = pl.lit(pl.select(in_fives(pl.lit(size), min_group)).item())
    both = pl.min_horizontal(in_fives(pl.col("exact"), min_group), own)
    guess = pl.max_horizontal(in_fives(pl.col("expected"), min_group), pl.lit(fives))
    rows = rows.with_columns(
        both.alias("both"),
        (both / own).alias("share"),
        (pl.min_horizontal(guess, own) / own).alias("by_chance"),
        in_fives(pl.col("listeners"), min_group).alias("listeners"),
        pl.col("listeners").alias("exact_listeners"),
    ).with_columns((pl.col("listeners") - pl.col("both")).clip(0).alias("reach"))
    rows = _indexed(rows, own)
    # An artist of few listeners is not even listed: a row that comes and goes with a filter would
    # say whom somebody hears. Overlaps are no parts of a whole, so no total gives one away.
    rows = rows.filter(pl.col("exact_listeners") >= min_group)
    rows, _ = suppressed(rows, "exact", min_group, also=SHOWN, margins=())
    unreached = pl.col(HIDDEN) | (pl.col("reach") < min_group) & (min_group > 1)
    return rows.with_columns(pl.when(~unreached).then("reach"))


def _indexed(rows: pl.DataFrame, own: pl.Expr) -> pl.DataFrame:
    """Add index, low and high from shown counts: quantiles of the Beta posterior of the share."""
    from scipy.special import betaincinv

    rows = rows.with_columns(
        (pl.col("both") + PRIOR * pl.col("by_chance")).alias("a"),
        (own - pl.col("both") + PRIOR * (1 - pl.col("by_chance"))).alias("b"),
    )
    a, b, share = (rows[name].cast(pl.Float64).to_numpy() for name in ("a", "b", "by_chance"))
    b = np.maximum(b, 1e-9)  # where all share and chance says so, too
    tail = (1 - LEVEL) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [100 * betaincinv(a, b, q) / share for q in (tail, 1 - tail)]
        index = 100 * a / (a + b) / share
    known = pl.col("z").is_not_null()
    return rows.with_columns(
        pl.when(known).then(pl.Series(name, values).fill_nan(None).round()).alias(name)
        for name, values in (("index", index), ("low", ends[0]), ("high", ends[1]))
    )
