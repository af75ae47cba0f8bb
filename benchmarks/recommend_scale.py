"""Lists at scale: 20 of 50,000 items for 100,000 listeners, against the bare matrix product.

The bare product is of the same shapes (listeners x 64 by 64 x items, float32) in batches of the
same size, and keeps nothing. Ours starts from what was played: it solves each profile's point,
scores all items, leaves out those that are known, and sorts out the best. In turn, so that a busy
moment of the machine hits both. `--quick` takes 10,000 listeners.

    python -m benchmarks.recommend_scale [--quick]
"""

import time

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.report import Figure, measured, options, peak_bytes, show
from workbench.recommend.factors import Factors
from workbench.recommend.ranking import CELLS, best

LISTENERS, ITEMS, FACTORS, PLAYED, WANTED = 100_000, 50_000, 64, 50, 20
TURN = 5_000  # listeners of one try


def main() -> None:
    asked = options(__doc__.splitlines()[0])
    draw = np.random.default_rng(0)
    items = draw.normal(size=(ITEMS, FACTORS)).astype(np.float32)
    model = Factors(items, confidence=10.0, ridge=20.0)
    bare, ours = [], []
    for _ in range((10_000 if asked.quick else LISTENERS) // TURN):
        points = draw.normal(size=(TURN, FACTORS)).astype(np.float32)
        cells = (np.ones(TURN * PLAYED, np.float32), draw.integers(0, ITEMS, TURN * PLAYED))
        rows = csr_matrix((*cells, np.arange(0, TURN * PLAYED + 1, PLAYED)), (TURN, ITEMS))
        began = time.perf_counter()
        for start in range(0, TURN, CELLS // ITEMS):
            points[start : start + CELLS // ITEMS] @ items.T
        bare.append(time.perf_counter() - began)
        began = time.perf_counter()
        best(model, rows, WANTED)
        ours.append(time.perf_counter() - began)
    people = TURN * len(ours)
    name = f"{WANTED} of {ITEMS:,} items for {people:,} listeners"
    ratios = [mine / product for mine, product in zip(ours, bare, strict=True)]
    figures = [
        Figure(name, sum(ours), "s", sum(bare)),
        measured("the same over the bare product", ratios, "x", goal=3.0),
        Figure("peak memory", peak_bytes() / 2**30, "GB", goal=4.0),
    ]
    show("Recommend: lists at scale", figures)


if __name__ == "__main__":
    main()
