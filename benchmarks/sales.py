"""Sales of the sample label, each told by what was known before: python -m benchmarks.sales.

Orders and money of known buyers in the last third of the days; offers on the lines sold last, with
and without the recommender's taste; first purchases of those who had never bought. Anchors are the
naive way in the same run: orders so far, the most sold products, who streamed most, one chance for
all. The sample's buyers are drawn by how often they sought an artist out.
"""

import time

import numpy as np
import polars as pl

from benchmarks.report import Figure, options, show
from workbench.dataset import open_dataset
from workbench.listening.streams import is_stream
from workbench.sales.buying import buying
from workbench.sales.choosing import NONE, WAYS
from workbench.sales.contacts import contacts
from workbench.sales.first import first_purchases
from workbench.sales.first_told import BY_CHANCE, STREAMS_SO_FAR
from workbench.sales.foretold import ORDERS_SO_FAR, foretold
from workbench.sales.offers import offers
from workbench.store.memory import memory


def repeat_orders(label) -> list[Figure]:
    """Return what was expected of known buyers against what came."""
    found = foretold(label)
    total, months = found.total.row(0, named=True), found.months
    figures = []
    for name in ("orders", "money"):
        low, came, high = (pl.col(f"{name}_{end}") for end in ("low", "came", "high"))
        figures += [
            Figure(f"{name} of known buyers, over what came", total[name] / total[f"{name}_came"],
                   spread=tuple(total[f"{name}_{end}"] / total[f"{name}_came"]
                                for end in ("low", "high"))),
            Figure(f"{name}: months in their 90 % interval",
                   months.filter(came.is_between(low, high)).height / months.height),
        ]  # fmt: skip
    held = {row["ranking"]: row["top_fifth"] for row in found.figures.to_dicts()}
    figures.append(
        Figure("orders that the best fifth of buyers gave (anchor: orders so far)",
               held[found.model], anchor=held[ORDERS_SO_FAR], more_is_better=True)
    )  # fmt: skip
    return figures


def next_offers(label) -> list[Figure]:
    """Return hit rates, log losses and calibration of offers on the lines sold last."""
    found = offers(label)
    rows = {row["ranking"]: row for row in found.check.to_dicts()}
    figures = []
    for way in (one for one in WAYS if one in rows):
        taken, row = " (taken)" * (way == found.way), rows[way]
        figures += [
            Figure(f"offers {way}{taken}: in the first five", row["hit"],
                   anchor=rows["most sold"]["hit"], more_is_better=True,
                   spread=(row["low"], row["high"])),
            Figure(f"offers {way}{taken}: log loss of a line", row["log_loss"],
                   anchor=rows[NONE]["log_loss"]),
        ]  # fmt: skip
    for row in found.gains.to_dicts():
        error = 1.645 * row["error"]
        figures.append(
            Figure(f"{row['way']}, {row['stage']} {row['lines']} lines: gain of log loss",
                   row["gain"], spread=(row["gain"] - error, row["gain"] + error))
        )  # fmt: skip
    figures.append(Figure("offers: chances off, of what was sold", off(found.bins)))
    return figures


def newcomers(label) -> list[Figure]:
    """Return how first purchases were told."""
    found = first_purchases(label)
    row = found.check.row(0, named=True)
    fifth = {
        one["ranking"]: one["reached"]
        for one in found.gains.to_dicts() if abs(one["contacted"] - 0.2) < 1e-9
    }  # fmt: skip
    low, high = (row[end] / row["came"] for end in ("low", "high"))
    return [
        Figure("first purchases expected, over those that came", row["expected"] / row["came"],
               spread=(low, high)),
        Figure("first purchases: AUC (anchor: streams so far)", row["auc"],
               anchor=row["auc_streams"], more_is_better=True),
        Figure("first purchases: log loss (anchor: one chance for all)", row["log_loss"],
               anchor=row["log_loss_mean"]),
        Figure("first purchases: those who came, in the first fifth (anchor: streams so far)",
               fifth[BY_CHANCE], anchor=fifth[STREAMS_SO_FAR], more_is_better=True),
        Figure("first purchases: chances off, of those who came", off(found.bins)),
    ]  # fmt: skip


def off(bins: pl.DataFrame) -> float:
    """Return how far chances lie from what came, summed over bins, of what came."""
    far = (bins["said"] - bins["came"]).abs() * bins["pairs"]
    return float(far.sum() / (bins["came"] * bins["pairs"]).sum())


def letters(label) -> list[Figure]:
    """Return what letters add at the page's assumptions, with and without newcomers."""
    plain, both = contacts(label), contacts(label, first=True)
    return [
        Figure("margin that letters add, newcomers among them (anchor: buyers alone)", both.gain,
               unit=both.currency, anchor=plain.gain, more_is_better=True)
    ]  # fmt: skip


def one_pass(label) -> float:
    """Return the processor time of reading the columns of plays that the answers read."""
    taken = []
    for _ in range(5):
        start = time.process_time()
        label.scan("plays").filter(is_stream()).select(
            "listener_id", "track_id", "played_at", "source"
        ).collect()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def main() -> None:
    """Print all figures, and what the first answers of a server cost."""
    options(__doc__)
    label = open_dataset("sample", rows=True)
    figures = []
    floor = one_pass(label)
    for part in (repeat_orders, next_offers, newcomers, letters):
        memory.forget()
        buying(label)  # the page opens with it
        start = time.process_time()
        figures += part(label)
        taken = time.process_time() - start
        figures.append(
            Figure(f"{part.__name__}, first answer, processor time (anchor: plays read once)",
                   taken, unit="s", anchor=floor)
        )  # fmt: skip
    show("Sales of the sample label", figures)


if __name__ == "__main__":
    main()
