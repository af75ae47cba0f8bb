"""What to offer next: which products known buyers would take, and what that brings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.sales.buying import learnt
from workbench.sales.choice import chances, features, fitted
from workbench.sales.choosing import APART, NONE, Chosen, Lines, chosen, with_taste
from workbench.sales.orders import Buyers, buyers, orders
from workbench.sales.shelf import Shelf, shelf
from workbench.sales.tastes import asked, not_there, tastes
from workbench.store.memory import memory
from workbench.store.privacy import in_fives, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.sales.orders import Orders
    from workbench.sales.repeat import Model

CELLS = 6_000_000  # lines times products that are learnt from at most, the newest
OPTIONAL = (
    "fx_rates plays tracks artists listeners listening_counts lyrics lyric_lines line_moods "
    "line_embeddings recommender"
)


@dataclass(frozen=True, eq=False)
class Offers:
    """Products for known buyers in the weeks to come.

    Attributes
    ----------
    products : product_id | name | kind | artist_id | best_for (buyers it is the first offer for,
        in fives) | units | revenue | margin (expected; null where price or cost is not known) |
        hidden; the largest margin first.
    weights : feature | weight, of log odds.
    way : what is taken of the recommender, one of `choosing.WAYS`. untried : why it was not asked,
        None where it was.
    check : ranking (a way, or "most sold") | hit (share of later lines whose product stood among
        the first five) | low | high (90 %) | log_loss. No rows where there is too little to check.
    gains : way | stage ("chosen on" or "checked on") | lines | gain (of log loss a line, over no
        taste) | error | hits (more of them) | hits_error; standard errors.
    bins : said (mean chance of line and product) | came (share sold) | pairs, of the later lines.
    lines : order lines learnt from. checked : later ones that were foretold.
    """

    products: pl.DataFrame
    weights: pl.DataFrame
    check: pl.DataFrame
    way: str
    untried: str | None
    gains: pl.DataFrame
    bins: pl.DataFrame
    currency: str
    weeks: int
    lines: int
    checked: int
    hidden: int
    min_group: int


@dataclass(frozen=True, eq=False)
class _Worked:
    """What does not change with the weeks asked for; chance, on_sale are (buyers, products)."""

    shelf: Shelf
    weights: pl.DataFrame
    chosen: Chosen
    untried: str | None
    chance: np.ndarray
    on_sale: np.ndarray
    model: Model
    lines: int


@analysis(reads="purchases products", optional=OPTIONAL)
def offers(label, *, weeks: int = 26, min_group: int = 10, seed: int = 0) -> Offers:
    """Return which products known buyers are expected to take in the next `weeks`.

    A conditional logit learns from every line what speaks for the product taken against all others
    on sale that day: streams of its artist, what was bought before, sales so far, kind, and what
    the recommender says of its artist's songs where that makes later lines surely likelier. Units
    are expected orders of each buyer times pieces of the mean order, refunds off, times the chance
    of the product.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        No purchases or products; too few buyers or lines.
    """
    sold = orders(label)
    known = buyers(sold.orders, sold.until)
    made = label.dataset.artifacts.place("recommender") if label.has("recommender") else ""
    version = label.version("purchases", "products", "plays", "tracks", "fx_rates")
    worked = memory.load(
        f"offers:{version}:{made}:{seed}", lambda: _worked_out(label, known, sold, seed),
        lambda one: one.chance.nbytes + one.on_sale.nbytes,
    )  # fmt: skip
    goods, chance = worked.shelf.products, worked.chance
    per_order = worked.shelf.sold["quantity"].sum() / max(sold.orders.height, 1)
    units = per_order * (worked.model.expected(known.held, float(weeks)) @ chance)
    best = np.bincount(chance.argmax(axis=1), minlength=goods.height)
    price, cost = (pl.col(name) for name in ("price", "cost"))
    found = goods.with_columns(
        pl.Series("best_for", best.astype(np.int64)), pl.Series("units", units),
        pl.Series("there", worked.on_sale.any(axis=0)),
    ).filter("there").with_columns(
        revenue=pl.col("units") * price, margin=pl.col("units") * (price - cost),
    )  # fmt: skip
    columns = ("product_id", "name", "kind", "artist_id", "best_for", "units", "revenue", "margin")
    shown, hidden = suppressed(found.select(columns), "best_for", min_group)
    return Offers(
        products=shown.with_columns(in_fives(pl.col("best_for"), min_group)).sort(
            "margin", "units", "product_id", descending=[True, True, False], nulls_last=True
        ),
        weights=worked.weights,
        check=worked.chosen.check,
        way=worked.chosen.way,
        untried=worked.untried,
        gains=worked.chosen.gains,
        bins=worked.chosen.bins,
        currency=sold.currency,
        weeks=weeks,
        lines=worked.lines,
        checked=worked.chosen.checked,
        hidden=hidden,
        min_group=min_group,
    )


def _worked_out(label: View, known: Buyers, sold: Orders, seed: int) -> _Worked:
    held = shelf(label, sold)
    sales = held.sold.tail(max(CELLS // held.products.height, 1))
    taken = sales["product_id"].replace_strict(
        held.products["product_id"], range(held.products.height), return_dtype=pl.Int64
    ).to_numpy()  # fmt: skip
    lines = Lines(*features(held, sales), taken, sales["day"])
    why = not_there(label)
    past = None if why else asked(label, held, sales)
    tried = None if why else lambda until: tastes(label, past, until)
    found = chosen(lines, held.features.index("often sold"), tried, seed)
    tomorrow = sold.until + datetime.timedelta(days=1)
    ask = pl.DataFrame({"listener_id": known.ids}).with_columns(day=pl.lit(tomorrow))
    then, (now, there), names = lines.held, features(held, ask), held.features
    if found.way != NONE:
        before, after = (tastes(label, one, None) for one in (past, asked(label, held, ask)))
        then, now = with_taste(then, before, found.way), with_taste(now, after, found.way)
        parts = after.names if found.way == APART else ("as the recommender blends it",)
        names = (*names, *(f"taste: {one}" for one in parts))
    weights = fitted(then, lines.on_sale, taken, found.weights)
    return _Worked(
        held, pl.DataFrame({"feature": names, "weight": weights}), found, why,
        chances(now, there, weights), there, learnt(label, known)[0][0], sales.height,
    )  # fmt: skip
