"""Search of names and titles that forgives spelling: BM25 over folded runs of characters.

Each name is a bag of n-grams of its folded text; a query scores every name that shares one with
it. A batch is one product of sparse matrices, so that no query visits a name it shares nothing
with. BM25 after Robertson and Zaragoza (2009), with Lucene's inverse frequency, which is never
negative.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from workbench.catalogue.names import folded
from workbench.errors import UsageError

K1, B = 1.2, 0.75
SIZES = (3,)
BLOCK = 512


@dataclass(frozen=True, eq=False)
class NameIndex:
    """An index over names; build one with `name_index`, ask it with `top`.

    Attributes
    ----------
    names : as given, row by row. sizes : lengths of n-grams. grams : distinct n-grams, in order.
    weights : BM25 weights, one row an n-gram and one column a name.
    rarity : inverse document frequency of each n-gram.
    """

    names: pl.Series
    sizes: tuple[int, ...]
    grams: pl.DataFrame
    weights: sparse.csr_matrix
    rarity: np.ndarray

    def top(self, queries: pl.Series, k: int = 10) -> pl.DataFrame:
        """Return the `k` best names of each query.

        Parameters
        ----------
        queries : text, null allowed. k : at most so many names a query.

        Returns
        -------
        query (row in `queries`) | place (from 1) | row (in `names`) | score (BM25, no unit) |
            share (of the weight of the query's n-grams that the name holds, 0 to 1).
            Sorted by query and place; ties go to the earlier row. A query that shares nothing
            with any name has no rows.
        """
        if k < 1:
            raise UsageError("Ask for at least one name.")
        asked = self._asked(queries)
        held = self.weights.astype(bool).astype(np.float32)
        frames = []
        for start in range(0, asked.shape[0], BLOCK):
            block = asked[start : start + BLOCK]
            scores = (block @ self.weights).tocsr()
            frames.append(_best(scores, k).with_columns(pl.col("query") + start))
        found = pl.concat(frames) if frames else _best(sparse.csr_matrix((0, 0)), k)
        rare = asked.multiply(self.rarity).tocsr()
        share = _cells(rare, held, found["query"].to_numpy(), found["row"].to_numpy())
        whole = np.maximum(np.asarray(rare.sum(axis=1)).ravel(), 1e-9)
        return found.with_columns(share=pl.Series(share / whole[found["query"].to_numpy()]))

    def _asked(self, queries: pl.Series) -> sparse.csr_matrix:
        grams = _grams(queries, self.sizes).unique(["row", "gram"])
        known = grams.join(self.grams, on="gram")
        shape = (len(queries), self.grams.height)
        cells = (known["row"].to_numpy(), known["id"].to_numpy())
        return sparse.csr_matrix((np.ones(known.height, np.float32), cells), shape)


def name_index(names: pl.Series, *, sizes: tuple[int, ...] = SIZES) -> NameIndex:
    """Return an index over names (text, null allowed: a null is never found)."""
    counts = _grams(names, sizes).group_by("row", "gram").len("tf")
    grams = counts.group_by("gram").len("df").sort("gram").with_row_index("id")
    cells = counts.join(grams.select("gram", "id"), on="gram").sort("id", "row")
    lengths = np.bincount(cells["row"], cells["tf"], minlength=len(names))
    typical = lengths[lengths > 0].mean() if lengths.any() else 1.0
    frequency = cells["tf"].to_numpy().astype(np.float64)
    norm = K1 * (1 - B + B * lengths[cells["row"].to_numpy()] / typical)
    df = grams["df"].to_numpy().astype(np.float64)
    rarity = np.log1p((len(names) - df + 0.5) / (df + 0.5))
    weight = rarity[cells["id"].to_numpy()] * frequency * (K1 + 1) / (frequency + norm)
    place = (cells["id"].to_numpy(), cells["row"].to_numpy())
    shape = (grams.height, len(names))
    weights = sparse.csr_matrix((weight.astype(np.float32), place), shape)
    return NameIndex(names, tuple(sizes), grams.select("gram", "id"), weights, rarity)


def _grams(texts: pl.Series, sizes: tuple[int, ...]) -> pl.DataFrame:
    """Return row | gram: every run of characters of each text, its ends marked by spaces."""
    frame = (
        texts.rename("text").to_frame().select(text=folded(pl.col("text"))).with_row_index("row")
    )
    frame = frame.filter(pl.col("text") != "")
    parts = [frame.select("row", gram=pl.lit("")).clear()]
    for size in sizes:
        padded = pl.concat_str(pl.lit(" " * min(size - 1, 2)), "text", pl.lit(" "))
        runs = pl.int_ranges(
            0, pl.max_horizontal(padded.str.len_chars().cast(pl.Int64) - size + 1, 1)
        )
        exploded = frame.select("row", text=padded, at=runs).explode("at")
        parts.append(exploded.select("row", gram=pl.col("text").str.slice(pl.col("at"), size)))
    return pl.concat(parts)


def _best(scores: sparse.csr_matrix, k: int) -> pl.DataFrame:
    """Return query | place | row | score of the k highest cells of each row of a matrix."""
    starts, columns, values = scores.indptr, scores.indices, scores.data
    picked = []
    for query in range(scores.shape[0]):
        begin, end = starts[query], starts[query + 1]
        kept = np.arange(begin, end)
        if end - begin > k:
            # everything that reaches the k-th score, so that a tie at the edge is settled by row
            edge = np.partition(values[begin:end], end - begin - k)[end - begin - k]
            kept = kept[values[begin:end] >= edge]
        order = np.lexsort((columns[kept], -values[kept]))[:k]
        picked.append(kept[order])
    counts = np.array([len(p) for p in picked], dtype=np.int64)
    cells = np.concatenate(picked) if picked else np.empty(0, np.int64)
    places = (
        np.concatenate([np.arange(1, n + 1) for n in counts]) if picked else np.empty(0, np.int64)
    )
    return pl.DataFrame(
        {
            "query": pl.Series(np.repeat(np.arange(len(counts)), counts), dtype=pl.UInt32),
            "place": pl.Series(places, dtype=pl.UInt32),
            "row": pl.Series(columns[cells], dtype=pl.UInt32),
            "score": pl.Series(values[cells].astype(np.float64)),
        }
    )


def _cells(left, right, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return single cells of a product of two sparse matrices, without the rest of it."""
    if not len(rows):
        return np.empty(0)
    turned = right.T.tocsr()
    parts = [
        np.asarray(left[rows[i : i + 4096]].multiply(turned[columns[i : i + 4096]]).sum(axis=1))
        for i in range(0, len(rows), 4096)
    ]
    return np.concatenate(parts).ravel()
