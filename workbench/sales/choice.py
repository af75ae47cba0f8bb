"""Which product a buyer takes, out of all that are on sale: a conditional logit."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
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
NEAR = 2e-2  # step of a weight after which the curvature stays: each then leaves a hundredth
CLOSE = 1e-5  # last step, so that 1e-7 is left
CELLS = 25_000  # lines times products at a time
NOWHERE = np.array([-np.inf, 0.0], np.float32)  # to add to the score of what is not on sale
Planes = Sequence[np.ndarray]  # of each feature one value an occasion and product


def features(shelf: Shelf, asked: pl.DataFrame) -> tuple[Planes, np.ndarray]:
    """Return what is known of each product on each occasion, and which products were on sale.

    `asked` are occasions, listener_id | day; what happened on the day itself or later is not seen.
    Of each feature float32 (occasions, products), and Boolean (occasions, products).
    """
    products, streams = shelf.products, shelf.streams
    asked = asked.select("listener_id", "day").with_row_index("row")
    artists = products["artist_id"].fill_null("")
    names = artists.unique().sort()
    artist_of = artists.replace_strict(names, range(len(names)), return_dtype=pl.Int64).to_numpy()
    codes = products.select("product_id", artist=artist_of).with_row_index("column")
    days = asked["day"].to_numpy().astype("datetime64[D]").astype(int)
    shape = (asked.height, products.height)

    row, place = streams.before(asked)
    heard = streams.tracks["artist_id"].replace_strict(
        names, range(len(names)), default=-1, return_dtype=pl.Int64
    ).fill_null(-1).to_numpy()[streams.track[place]]  # fmt: skip
    kept = (heard >= 0) & (days[row] - streams.day[place] <= KNOWN_DAYS)
    heard = np.bincount(row[kept] * len(names) + heard[kept], minlength=len(asked) * len(names))

    items = shelf.sold.join(codes, on="product_id")
    own = items.join(asked, on="listener_id").filter(pl.col("day") < pl.col("day_right"))
    bought, has = np.zeros((asked.height, len(names)), np.float32), np.zeros(shape, np.float32)
    bought[own["row"].to_numpy(), own["artist"].to_numpy()] = 1.0
    has[own["row"].to_numpy(), own["column"].to_numpy()] = 1.0

    sales, sold = np.zeros(shape, np.float32), items["column"].to_numpy()
    when = items["day"].to_numpy().astype("datetime64[D]").astype(int)
    for column in np.unique(sold):
        sales[:, column] = np.searchsorted(np.sort(when[sold == column]), days)
    start, end = (
        products[name].fill_null(datetime.date.max).to_numpy().astype("datetime64[D]").astype(int)
        for name in ("from", "until")
    )
    since = days[:, None] - start
    return (
        np.log1p(heard.astype(np.float32)).reshape(len(asked), -1)[:, artist_of],
        bought[:, artist_of],
        has,
        np.log1p(sales),
        (since < NEW_DAYS).astype(np.float32),
        *(
            np.broadcast_to((products["kind"] == kind).to_numpy().astype(np.float32), shape)
            for kind in shelf.kinds
        ),
    ), (since >= 0) & (days[:, None] <= end)


def fitted(
    held: Planes, on_sale: np.ndarray, taken: np.ndarray, start: np.ndarray | None = None
) -> np.ndarray:
    """Return the weights of features (f,) from what was taken (n,) of what was there.

    Newton's steps on the likelihood less `PULL` / 2 times the squared weights, from `start`, the
    weights of its first features, as fewer orders gave them; there is one best, so that it only
    saves steps. Far from it they are in single precision, near it in double, and the curvature
    stays.
    Source: McFadden 1974, Conditional logit analysis of qualitative choice behavior.

    Raises
    ------
    NotEnoughEvidence
        Fewer than 50 lines.
    """
    # a line sold before its product was on sale says nothing
    rows = np.flatnonzero(on_sale[np.arange(len(taken)), taken])
    if len(rows) < FEWEST_LINES:
        raise NotEnoughEvidence(
            f"{len(rows)} order items name a buyer and a product on sale; {FEWEST_LINES} are the "
            "least to say what sells to whom."
        )
    weights = np.zeros(len(held))
    if start is not None:
        weights[: len(start)] = start
    chosen = np.array([one[rows, taken[rows]].sum(dtype=float) for one in held])
    near, bend = False, np.zeros((len(held), len(held)))
    for _ in range(50):
        mean, curve = _expected(held, on_sale, rows, weights, near=near)
        bend = bend if near else curve + PULL * np.eye(len(weights))
        step = np.linalg.solve(bend, chosen - mean - PULL * weights)
        far = np.abs(step).max()
        weights += step / max(1.0, far)  # at most one, where the start is far off
        if near and far < CLOSE:
            break
        near = near or far < NEAR
    return weights


def _expected(
    held: Planes, on_sale: np.ndarray, rows: np.ndarray, weights: np.ndarray, *, near: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the features expected of what is taken, summed over lines (f,), and their covariance.

    Some lines at a time, which a processor's cache holds. The covariance (f, f) is 0 if `near`.
    """
    kind = np.float64 if near else np.float32
    mean, curve = np.zeros(len(held)), np.zeros((len(held), len(held)))
    size = max(CELLS // on_sale.shape[1], 1)
    for own in np.split(rows, range(size, len(rows), size)):
        own = slice(own[0], own[-1] + 1) if own[-1] - own[0] < len(own) else own
        there = on_sale[own]
        cells = np.empty((len(held), *there.shape), kind)
        for plane, one in enumerate(held):
            cells[plane] = one[own]
        flat = cells.reshape(len(held), -1)
        odds = _odds((weights.astype(kind) @ flat).reshape(there.shape), there)
        if near:
            mean += flat @ odds.ravel()
            continue
        lines = np.matmul(cells.swapaxes(0, 1), odds[:, :, None])[:, :, 0]
        mean += lines.sum(axis=0, dtype=float)
        curve += (cells * odds).reshape(flat.shape) @ flat.T - lines.T @ lines
    return mean, curve


def chances(held: Planes, on_sale: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the chance of each product, (n, products): rows sum to 1, 0 is not on sale."""
    score = np.zeros(on_sale.shape)
    for one, weight in zip(held, weights, strict=True):
        score += one * weight
    return _odds(score, on_sale)


def _odds(score: np.ndarray, on_sale: np.ndarray) -> np.ndarray:
    """Return chances of scores, in their place."""
    score += NOWHERE.take(on_sale.view(np.uint8))
    score -= score.max(axis=1, keepdims=True)
    np.exp(score, out=score)
    score /= score.sum(axis=1, keepdims=True)
    return score
