"""Whom to write to: buyers who consented, in the order of what a letter is expected to bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.sales import gamma_gamma
from workbench.sales.orders import buyers, orders, unit_margin
from workbench.sales.repeat import likeliest
from workbench.settings import settings
from workbench.store.contact_list import consenting, hashed_list
from workbench.store.privacy import in_fives

if TYPE_CHECKING:
    from workbench.dataset import View

STEPS = 20  # of the curve, fewer where a step would hold few people
OPTIONAL = "products fx_rates"


@dataclass(frozen=True, eq=False)
class Contacts:
    """What letters are expected to bring, under the assumptions given.

    Attributes
    ----------
    curve : contacted (buyers, best first) | share (of those who consented) | gain (margin that
        letters add, less their cost, in `currency`), from nobody to everybody.
    consenting, buyers : people, in fives. best : of the curve's steps, the one of the most gain.
    gain : there. margin : of revenue, from prices and unit costs of what was sold; None where no
        product has both, and then money is revenue.
    """

    curve: pl.DataFrame
    consenting: int
    buyers: int
    best: int
    gain: float
    margin: float | None
    currency: str


@analysis(reads="purchases listeners", optional=OPTIONAL)
def contacts(
    label, *, weeks: int = 26, cost: float = 0.5, lift: float = 0.1, min_group: int = 10
) -> Contacts:
    """Return what writing to the best buyers brings, by how many are written to.

    A buyer's letter brings `lift` times the orders expected without it in the next `weeks`, at the
    mean order and margin, less `cost`. What a letter does is not in the data: `lift` is an
    assumption until an experiment says. Only those with recorded consent are counted.

    Raises
    ------
    MissingTable, NotEnoughEvidence, BadInput
        No purchases or listeners; too few buyers, or under twice `min_group` with consent; a cost
        or lift below 0.
    """
    if not (0 <= cost < 1e6 and 0 <= lift <= 10 and 1 <= weeks <= 260):
        raise BadInput("Cost and lift are from 0, lift up to 10, weeks from 1 to 260.")
    step = max(2 * min_group, 1)
    worth, everybody, currency = _worth(label, weeks)
    if worth.height < step:
        raise NotEnoughEvidence(
            f"Fewer than {step} buyers consented to be written to, too few to rank."
        )
    margin = unit_margin(label)
    money = worth["revenue"].to_numpy() * (1.0 if margin is None else margin)
    steps = max(min(STEPS, worth.height // step), 1)
    ends = np.round(np.linspace(0, worth.height, steps + 1)).astype(int)
    gain = np.concatenate([[0.0], np.cumsum(money * lift - cost)])[ends]
    best = int(gain.argmax())
    count = pl.Series("contacted", ends, dtype=pl.Int64)
    shown = pl.DataFrame([count]).with_columns(in_fives(pl.col("contacted"), min_group))
    return Contacts(
        curve=shown.with_columns(
            pl.Series("share", ends / worth.height), pl.Series("gain", gain.astype(float))
        ),
        consenting=shown["contacted"][-1],
        buyers=pl.select(in_fives(pl.lit(everybody), min_group)).item(),
        best=best,
        gain=float(gain[best]),
        margin=margin,
        currency=currency,
    )


@analysis(reads="purchases listeners", optional=OPTIONAL)
def hashed_contacts(
    label, *, weeks: int = 26, share: float = 1.0, min_group: int = 100
) -> pl.DataFrame:
    """Return SHA-256 of the ids of the best buyers who consented, as whole `min_group`s.

    In the order of the hash, so that a file tells no rank; for a file to hand over, never for a
    notebook.

    Returns
    -------
    sha256, sorted

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` in that share; otherwise as `contacts`.
    """
    least = max(min_group, settings().min_group_outside)
    worth, _, _ = _worth(label, weeks)
    best = worth["listener_id"].head(round(worth.height * min(max(share, 0.0), 1.0)))
    few = f"Fewer than {least} buyers: an audience to take away needs more."
    return hashed_list(best, least, few)


def _worth(label: View, weeks: int) -> tuple[pl.DataFrame, int, str]:
    """Return listener_id | revenue of those who consented, most first; all buyers; currency."""
    sold = orders(label)
    known = buyers(sold.orders, sold.until)
    coming = likeliest(known.held)[0].expected(known.held, float(weeks))
    mean = gamma_gamma.fitted(known.orders, known.mean).mean_order(known.orders, known.mean)
    worth = pl.DataFrame({"listener_id": known.ids, "revenue": coming * mean})
    worth = worth.filter(pl.col("listener_id").is_in(consenting(label).implode()))
    return (
        worth.sort("revenue", "listener_id", descending=[True, False]),
        len(known.ids),
        sold.currency,
    )
