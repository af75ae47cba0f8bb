"""Small groups: which cells of a table of people may be shown.

The rule of the statistical offices: a cell below the threshold is hidden (primary suppression),
and so are as many neighbours as it takes until no hidden cell can be worked out from the totals
(complementary suppression). Hidden is null, never zero and never "less than ten" with a sum
beside it that gives it away.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from workbench.errors import UsageError

HIDDEN = "hidden"
FIVES = 5
FIRST = 3.0  # how much dearer a helper is under a total that has no hidden cell yet


def suppressed(
    frame: pl.DataFrame,
    count_column: str,
    min_group: int,
    *,
    also: tuple[str, ...] = (),
    margins: tuple[tuple[str, ...], ...] = ((),),
    hide: str | None = None,
) -> tuple[pl.DataFrame, int]:
    """Return `frame` with small cells emptied, and how many cells that were.

    Parameters
    ----------
    frame
        One row per cell; the cells of one margin count different people (nobody stands in two of
        them). Zero cells that the reader can see must be rows.
    count_column
        People per cell (integer, not null).
    min_group
        The smallest count that may be shown; 1 or less shows everything.
    also
        Columns emptied together with the count: whatever was computed from the people of the cell.
    margins
        The totals that the reader knows or can look up, each as the columns it is grouped by:
        `((),)` is one grand total, `(("country",), ("tier",))` both edges of a table, `()` no
        total at all.

    Returns
    -------
    The frame in its own order plus a Boolean column `hidden`, and the number of hidden cells.
    Guaranteed: no shown count is below `min_group`; the hidden cells of a margin are at least
    two and hold at least `min_group` people together, none of them follows from the totals, and
    one total leaves each small cell a range of at least half of `min_group`, as long as the margin
    has cells left to hide. Where every cell of a
    margin is hidden its total has to go as well; the caller decides that, since only it knows the
    total's name.

    Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4: threshold rule,
    secondary suppression.
    """
    missing = [
        c for c in (count_column, *also, *(c for m in margins for c in m)) if c not in frame.columns
    ]
    if missing:
        raise UsageError(f"suppressed: no column {', '.join(missing)} in the frame.")
    counts = frame.get_column(count_column)
    if counts.null_count():
        raise UsageError(f"suppressed: {count_column} has empty cells; count before you suppress.")
    forced = frame.get_column(hide).to_numpy() if hide else np.zeros(frame.height, dtype=bool)
    hidden = _hidden_cells(counts.to_numpy(), _margin_ids(frame, margins), min_group, forced)
    frame = frame.drop(hide) if hide else frame
    mask = pl.Series(HIDDEN, hidden, dtype=pl.Boolean)
    emptied = [
        pl.when(pl.col(HIDDEN)).then(None).otherwise(pl.col(column)).alias(column)
        for column in dict.fromkeys((count_column, *also))
    ]
    return frame.with_columns(mask).with_columns(emptied), int(hidden.sum())


def in_fives(people: pl.Expr, min_group: int) -> pl.Expr:
    """Return counts of people rounded to fives; a `min_group` of 1 or less rounds nothing.

    Suppression guards one table. Of two tables that differ by a filter the difference is a small
    group again, so nothing exact about people is shown: of rounded counts it is known to +-5.
    Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 5: rounding.
    """
    if min_group <= 1:
        return people
    return ((people / FIVES).round(mode="half_away_from_zero") * FIVES).cast(pl.Int64)


def shown_people(people: int, min_group: int) -> int | None:
    """Return a total as it may be shown: in fives, None for a small group, 0 for nobody."""
    if 0 < people < min_group:
        return None
    return pl.select(in_fives(pl.lit(people), min_group)).item()


def per_head(amount: pl.Expr, people: pl.Expr, min_group: int, step: float) -> pl.Expr:
    """Return amount / people rounded to `step`, null without people; 1 or less rounds nothing."""
    each = pl.when(people > 0).then(amount / people)
    return each if min_group <= 1 else (each / step).round() * step


def _margin_ids(frame: pl.DataFrame, margins: tuple[tuple[str, ...], ...]) -> np.ndarray:
    """Return, per margin and row, the number of the total that the row adds to: (margins, rows)."""
    ids = np.zeros((len(margins), frame.height), dtype=np.int64)
    for i, columns in enumerate(margins):
        if columns and frame.height:
            keys = frame.select(pl.struct(columns).rank("dense").cast(pl.Int64) - 1)
            ids[i] = keys.to_series().to_numpy()
    return ids


def _hidden_cells(
    counts: np.ndarray, ids: np.ndarray, min_group: int, forced: np.ndarray
) -> np.ndarray:
    """Return the mask of cells to hide: small ones, then helpers until every total is safe."""
    hidden = forced | (counts < min_group if min_group > 1 else forced)
    if not hidden.any() or not len(ids):
        return hidden
    totals = [np.flatnonzero(margin == total) for margin in ids for total in np.unique(margin)]
    helped = True
    while helped:
        helped = False
        for cells in totals:
            while _gives_away(counts[cells], hidden[cells], min_group):
                helped |= _hide_one(cells, counts, ids, hidden)
        if not helped and len(ids) > 1:
            # One at a time: a helper often serves several totals.
            solvable = _solvable_totals(ids, hidden)
            helped = any(_hide_one(cells, counts, ids, hidden) for cells in solvable)
    if len(ids) > 1:
        _show_needless(counts, ids, totals, hidden, forced | (counts < min_group), min_group)
    return hidden


def _hide_one(cells: np.ndarray, counts: np.ndarray, ids: np.ndarray, hidden: np.ndarray) -> bool:
    """Hide one more of the cells under a total, where one is left; tell whether there was.

    The smallest, unless it would be the first hidden cell under another total and so call for the
    next one; last a cell that stands alone under one of its totals, which would give it away.
    """
    left = cells[~hidden[cells]]
    if not len(left):
        return False
    price = counts[left].astype(float)
    for margin in ids:
        price *= np.where(np.isin(margin[left], margin[hidden]), 1.0, FIRST)
        price[np.bincount(margin)[margin[left]] < 2] = np.inf
    hidden[left[np.lexsort((left, counts[left], price))[0]]] = True
    return True


def _show_needless(
    counts: np.ndarray,
    ids: np.ndarray,
    totals: list[np.ndarray],
    hidden: np.ndarray,
    small: np.ndarray,
    min_group: int,
) -> None:
    """Show helpers again, the largest first, that later helpers have made needless."""
    for cell in sorted(np.flatnonzero(hidden & ~small), key=lambda c: -counts[c]):
        hidden[cell] = False
        own = [cells for cells in totals if cell in cells]
        given = any(_gives_away(counts[c], hidden[c], min_group) for c in own)
        if given or _solvable_totals(ids, hidden):
            hidden[cell] = True


def _gives_away(counts: np.ndarray, hidden: np.ndarray, min_group: int) -> bool:
    """Tell whether hidden cells under one total are given away, and more can be hidden."""
    cells, left = counts[hidden], counts[~hidden]
    if not len(cells) or not len(left):
        return False
    small = int((cells < min_group).sum())
    helpers = len(cells) - small
    # What a reader who knows this rule can work out about one small cell: the others are below the
    # threshold, helpers are at least the threshold and at most the smallest cell still shown.
    low = max(0, cells.sum() - (small - 1) * (min_group - 1) - helpers * left.min())
    high = min(min_group - 1, cells.sum() - helpers * min_group)
    narrow = small and high - low < max(1, min_group // 2)
    # Their sum is the total less what is shown: a count of people like any other.
    few = min_group > 1 and cells.sum() < min_group
    return bool(len(cells) < 2 or few or narrow)


def _solvable_totals(ids: np.ndarray, hidden: np.ndarray) -> list[np.ndarray]:
    """Return, for totals whose hidden cells all totals together fix, the cells under them.

    A cell follows from the totals when no table with the same totals differs in it: when it is
    zero in every vector of the null space of the sums.
    """
    cells = np.flatnonzero(hidden)
    sums = np.concatenate(
        [margin[cells][None, :] == np.unique(margin[cells])[:, None] for margin in ids]
    ).astype(float)
    _, values, rows = np.linalg.svd(sums, full_matrices=True)
    rank = int((values > 1e-9).sum())
    free = np.abs(rows[rank:]).max(axis=0, initial=0.0) > 1e-9
    return [np.flatnonzero(margin == margin[c]) for c in cells[~free] for margin in ids]
