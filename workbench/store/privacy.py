"""Small groups: which cells of a table of people may be shown.

The rule of the statistical offices: a cell below the threshold is hidden (primary suppression), and so are as many
neighbours as it takes until no hidden cell can be worked out from the totals (complementary suppression). Hidden is
null, never zero and never "less than ten" with a sum beside it that gives it away.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from workbench.errors import UsageError

HIDDEN = "hidden"


def suppressed(
    frame: pl.DataFrame,
    count_column: str,
    min_group: int,
    *,
    also: tuple[str, ...] = (),
    margins: tuple[tuple[str, ...], ...] = ((),),
) -> tuple[pl.DataFrame, int]:
    """Return `frame` with small cells emptied, and how many cells that were.

    Parameters
    ----------
    frame
        One row per cell; the cells of one margin count different people (nobody stands in two of them). Zero cells
        that the reader can see must be rows.
    count_column
        People per cell (integer, not null).
    min_group
        The smallest count that may be shown; 1 or less shows everything.
    also
        Columns emptied together with the count: whatever was computed from the people of the cell.
    margins
        The totals that the reader knows or can look up, each as the columns it is grouped by: `((),)` is one grand
        total, `(("country",), ("tier",))` both edges of a table, `()` no total at all.

    Returns
    -------
    The frame in its own order plus a Boolean column `hidden`, and the number of hidden cells. Guaranteed: no shown count
    is below `min_group`; the hidden cells of a margin are at least two and hold together at least `min_group` people,
    and none follows from the others by the given totals, as long as the margin has cells left to hide. Where every cell
    of a margin is hidden its total has to go as well; the caller decides that, since only it knows the total's name.

    Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: threshold rule, secondary suppression.
    """
    missing = [c for c in (count_column, *also, *(c for m in margins for c in m)) if c not in frame.columns]
    if missing:
        raise UsageError(f"suppressed: no column {', '.join(missing)} in the frame.")
    counts = frame.get_column(count_column)
    if counts.null_count():
        raise UsageError(f"suppressed: {count_column} has empty cells; count before you suppress.")
    hidden = _hidden_cells(counts.to_numpy(), _margin_ids(frame, margins), min_group)
    mask = pl.Series(HIDDEN, hidden, dtype=pl.Boolean)
    emptied = [
        pl.when(pl.col(HIDDEN)).then(None).otherwise(pl.col(column)).alias(column)
        for column in dict.fromkeys((count_column, *also))
    ]
    return frame.with_columns(mask).with_columns(emptied), int(hidden.sum())


def _margin_ids(frame: pl.DataFrame, margins: tuple[tuple[str, ...], ...]) -> np.ndarray:
    """Return, per margin and row, the number of the total that the row adds to: (margins, rows)."""
    ids = np.zeros((len(margins), frame.height), dtype=np.int64)
    for i, columns in enumerate(margins):
        if columns and frame.height:
            keys = frame.select(pl.struct(columns).rank("dense").cast(pl.Int64) - 1)
            ids[i] = keys.to_series().to_numpy()
    return ids


def _hidden_cells(counts: np.ndarray, ids: np.ndarray, min_group: int) -> np.ndarray:
    """Return the Boolean mask of cells to hide: small ones, then the smallest helpers until every total is safe."""
    hidden = counts < min_group if min_group > 1 else np.zeros(len(counts), dtype=bool)
    if not hidden.any() or not len(ids):
        return hidden
    # A helper that stands alone under one of its totals would be given away by it: such cells come last.
    alone = np.zeros(len(counts), dtype=bool)
    for margin in ids:
        alone |= np.bincount(margin)[margin] < 2
    order = np.lexsort((np.arange(len(counts)), counts, alone))
    while True:
        unsafe = _unsafe_totals(counts, ids, hidden, min_group)
        # Only a total with cells left can be helped.
        for margin, total in unsafe:
            candidates = order[(ids[margin][order] == total) & ~hidden[order]]
            if len(candidates):
                hidden[candidates[0]] = True
                break
        else:
            return hidden


def _unsafe_totals(
    counts: np.ndarray, ids: np.ndarray, hidden: np.ndarray, min_group: int
) -> list[tuple[int, int]]:
    """Return (margin, total) pairs whose hidden cells give something away."""
    unsafe = []
    for m, margin in enumerate(ids):
        for total in np.unique(margin[hidden]):
            cells = counts[(margin == total) & hidden]
            left = counts[(margin == total) & ~hidden]
            small = int((cells < min_group).sum())
            helpers = len(cells) - small
            # What a reader who knows this rule can work out about one small cell: the others are below the
            # threshold, helpers are at least the threshold and at most the smallest cell still shown.
            most = left.min() if len(left) else cells.sum()
            low = max(0, cells.sum() - (small - 1) * (min_group - 1) - helpers * most)
            high = min(min_group - 1, cells.sum() - helpers * min_group)
            if len(cells) < 2 or cells.sum() < min_group or (small and high <= low):
                unsafe.append((m, int(total)))
    if unsafe or len(ids) < 2:
        return unsafe
    return _solvable_totals(ids, hidden)


def _solvable_totals(ids: np.ndarray, hidden: np.ndarray) -> list[tuple[int, int]]:
    """Return the totals of hidden cells that the totals of a table with several edges determine together.

    A cell follows from the totals when no table with the same totals differs in it: when it is zero in every vector of
    the null space of the sums.
    """
    cells = np.flatnonzero(hidden)
    sums = np.concatenate(
        [margin[cells][None, :] == np.unique(margin[cells])[:, None] for margin in ids]
    ).astype(float)
    _, values, rows = np.linalg.svd(sums, full_matrices=True)
    rank = int((values > 1e-9).sum())
    free = np.abs(rows[rank:]).max(axis=0, initial=0.0) > 1e-9
    return [(m, int(margin[c])) for c in cells[~free] for m, margin in enumerate(ids)]
