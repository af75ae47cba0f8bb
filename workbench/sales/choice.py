"""Which product a buyer takes, out of all that are on sale: a conditional logit."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence

if TYPE_CHECKING:
    from workbench.sales.shelf import Shelf

KNOWN_DAYS = 365  # of listening that speaks for an artist
NEW_DAYS = 60
PULL = 1.0  # of weights towards nothing, as one more line that says nothing would
FEWEST_LINES = 50
NEAR = 1e-4  # last step of a weight: each squares the distance, so that 1e-8 is left


def features(shelf: Shelf, asked: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return what is known of each product on each occasion, and which products were on sale.

    `asked` are occasions, listener_id | day; what happened on the day itself or later is not seen.
    float32 (occasions, products, features) and Boolean (occasions, products).
    """
    products = shelf.products
    asked = asked.select("listener_id", "day").with_row_index("row")
    codes = pl.DataFrame({"product_id": products["product_id"]}).with_row_index("column")
    artists = products["artist_id"].fill_null("")
    names = artists.unique().sort()
    artist_of = artists.replace_strict(names, range(len(names)), return_dtype=pl.Int64).to_numpy()
    artist = pl.DataFrame({"artist_id": names}).with_row_index("artist")
    before = pl.col("day") < pl.col("day_right")

    def filled(frame: pl.DataFrame, column: str, width: int) -> np.ndarray:
        cells = np.zeros((asked.height, width), np.float32)
        cells[frame["row"].to_numpy(), frame[column].to_numpy()] = frame["value"].to_numpy()
        return cells

    recent = pl.col("day_right") - pl.col("day") <= pl.duration(days=KNOWN_DAYS)
    heard = (
        shelf.streams.join(asked, on="listener_id")
        .filter(before & recent)
        .join(artist, on="artist_id")
        .group_by("row", "artist")
        .agg(pl.col("streams").sum().cast(pl.Float32).log1p().alias("value"))
    )
    own = shelf.sold.join(asked, on="listener_id").filter(before)
    has = own.join(codes, on="product_id").group_by("row", "column").agg(value=pl.lit(1.0))
    of_artist = (
        own.join(products.select("product_id", pl.col("artist_id").fill_null("")), on="product_id")
        .join(artist, on="artist_id")
        .group_by("row", "artist")
        .agg(value=pl.lit(1.0))
    )
    days = asked["day"].to_numpy().astype("datetime64[D]")
    start = products["from"].to_numpy().astype("datetime64[D]")
    since = (days[:, None] - start[None, :]).astype(int)
    sales = np.zeros(since.shape, np.float32)
    for product, own_days in shelf.sold.group_by("product_id").agg("day").iter_rows():
        place = products["product_id"].index_of(product)
        if place is not None:
            when = np.sort(np.array(own_days, "datetime64[D]"))
            sales[:, place] = np.searchsorted(when, days)
    parts = [
        filled(heard, "artist", len(names))[:, artist_of],
        filled(of_artist, "artist", len(names))[:, artist_of],
        filled(has, "column", products.height),
        np.log1p(sales),
        (since < NEW_DAYS).astype(np.float32),
        *(
            np.broadcast_to((products["kind"] == kind).to_numpy()[None, :], since.shape)
            for kind in shelf.kinds
        ),
    ]
    end = products["until"].fill_null(datetime.date.max).to_numpy().astype("datetime64[D]")
    return np.stack(parts, axis=2).astype(np.float32), (since >= 0) & (days[:, None] <= end)


def fitted(
    held: np.ndarray, on_sale: np.ndarray, taken: np.ndarray, start: np.ndarray | None = None
) -> np.ndarray:
    """Return the weights of features (f,) from what was taken (n,) of what was there.

    Newton's steps on the likelihood less `PULL` / 2 times the squared weights, from `start`, the
    weights of its first features, as fewer orders gave them; there is one best, so that it only
    saves steps.
    Source: McFadden 1974, Conditional logit analysis of qualitative choice behavior.

    Raises
    ------
    NotEnoughEvidence
        Fewer than 50 lines.
    """
    rows = on_sale[np.arange(len(taken)), taken]  # a line sold before its product was on sale
    held, on_sale, taken = held[rows], on_sale[rows], taken[rows]
    if len(taken) < FEWEST_LINES:
        raise NotEnoughEvidence(
            f"{len(taken)} order items name a buyer and a product on sale; {FEWEST_LINES} are the "
            "least to say what sells to whom."
        )
    row, place = np.nonzero(on_sale)  # what is not on sale is no alternative
    there = held[row, place].astype(float)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    weights = np.zeros(held.shape[2])
    if start is not None:
        weights[: len(start)] = start
    chosen = held[np.arange(len(taken)), taken].sum(axis=0, dtype=float)
    for _ in range(50):
        score = there @ weights
        odds = np.exp(score - np.maximum.reduceat(score, starts)[row])
        odds /= np.add.reduceat(odds, starts)[row]
        own = there * odds[:, None]
        mean = np.add.reduceat(own, starts)
        slope = chosen - mean.sum(axis=0) - PULL * weights
        bend = there.T @ own - mean.T @ mean
        step = np.linalg.solve(bend + PULL * np.eye(len(weights)), slope)
        weights += step / max(1.0, np.abs(step).max())  # at most one, where the start is far off
        if np.abs(step).max() < NEAR:
            break
    return weights


def chances(held: np.ndarray, on_sale: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the chance of each product, (n, products): rows sum to 1, 0 is not on sale."""
    score = np.where(on_sale, held @ weights, -np.inf)
    score -= score.max(axis=1, keepdims=True)
    odds = np.exp(score)
    return odds / odds.sum(axis=1, keepdims=True)
