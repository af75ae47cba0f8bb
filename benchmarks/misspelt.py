"""Names that people misspelt, looked up among names as dirty as they come."""

import os
import time
from pathlib import Path

import polars as pl

from benchmarks.report import Figure, measured
from workbench.catalogue import artists
from workbench.catalogue.names import folded
from workbench.catalogue.search import name_index

PUBLIC = Path(os.environ.get("WORKBENCH_PUBLIC_DATA", "../shared/data")) / "audience"
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)


def misspelt() -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Return written | good (id) | half, then ids and names of the index."""
    folder = PUBLIC / "audioscrobbler-2005-small"
    lines = (folder / "artist_data_small.txt").read_text("utf-8").split("\n")
    known = {int(i): name for i, tab, name in (line.partition("\t") for line in lines) if tab}
    aliases = (folder / "artist_alias_small.txt").read_text().split("\n")
    pairs = [map(int, line.split()) for line in aliases if line]
    pairs = [(bad, good) for bad, good in pairs if bad != good and bad in known and good in known]
    rows = [(known[bad], good, bad % 2) for bad, good in pairs]
    left = {i: name for i, name in known.items() if i not in {bad for bad, _ in pairs}}
    asked = pl.DataFrame(rows, ["written", "good", "half"], orient="row")
    return asked, pl.Series(list(left), dtype=pl.Int64), pl.Series(list(left.values()))


def placed(found: pl.DataFrame, asked: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Mark the found names that are the right artist."""
    hit = ids.gather(found["row"]) == asked["good"].gather(found["query"])
    return found.with_columns(hit=hit, half=asked["half"].gather(found["query"]))


def within(found: pl.DataFrame, asked: int, places: int) -> float:
    """Return the share of names whose artist is among the first so many."""
    return found.filter(pl.col("hit") & (pl.col("place") <= places))["query"].n_unique() / asked


def letters_chosen(asked: pl.DataFrame, ids: pl.Series, index: pl.Series) -> float:
    """Return the best weight of letters on the half to choose on; the smallest of equals."""
    first = asked.filter(pl.col("half") == 0)
    reached = {}
    for weight in WEIGHTS:
        found = artists.artists_found(first["written"], index, letters=weight)
        reached[weight] = within(placed(found, first, ids), first.height, 1)
    print("Weight of letters, top-1 on the half to choose on:", reached)
    return max(reached, key=lambda weight: (reached[weight], -weight))


def names(repeats: int) -> list[Figure]:
    """Measure the search for misspelt names."""
    asked, ids, index = misspelt()
    print(f"Chosen: {letters_chosen(asked, ids, index)}; shipped: {artists.LETTERS}")
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        found = artists.artists_found(asked["written"], index)
        seconds.append(time.perf_counter() - began)
    found = placed(found, asked, ids)
    bare = placed(name_index(index).top(asked["written"]), asked, ids)
    rival, rival_ms = trigrams(asked, index)
    rival = placed(rival, asked, ids)
    other = found.filter(pl.col("half") == 1)
    count = asked.filter(pl.col("half") == 1).height
    figures = []
    for which, rows, n in (("all", found, asked.height), ("reported half", other, count)):
        first = rows.filter(pl.col("place") == 1)
        sure = first.filter(pl.col("outcome") == artists.SURE)
        ask = first.filter(pl.col("outcome") == artists.CONFIRM)
        figures += [
            Figure(f"names, {which} ({n}): top-1", within(rows, n, 1), anchor=0.715, goal=0.72,
                   more_is_better=True),
            Figure(f"names, {which}: top-10", within(rows, n, 10), anchor=0.851, goal=0.86,
                   more_is_better=True),
            Figure(f"names, {which}: precision of sure", sure["hit"].mean(), goal=0.97,
                   more_is_better=True),
            Figure(f"names, {which}: share that is sure", sure.height / n),
            Figure(f"names, {which}: share to confirm", ask.height / n),
            Figure(f"names, {which}: first one right, to confirm", ask["hit"].mean()),
        ]  # fmt: skip
    n = asked.height
    return [
        *figures,
        Figure("names: trigrams alone, top-1", within(bare, n, 1), anchor=within(rival, n, 1)),
        Figure("names: trigrams alone, top-10", within(bare, n, 10), anchor=within(rival, n, 10)),
        measured("names: a query, with building the index",
                 [1000 * s / n for s in seconds], "ms", anchor=rival_ms),
    ]  # fmt: skip


def trigrams(asked: pl.DataFrame, index: pl.Series) -> tuple[pl.DataFrame, float]:
    """Return the same search by bm25s over plain trigrams of folded names, and ms a query."""
    import bm25s

    def grams(texts: pl.Series) -> list[list[str]]:
        plain = texts.rename("x").to_frame().select(folded(pl.col("x")))["x"]
        return [[t[i : i + 3] for i in range(len(t) - 2)] for t in (f" {t} " for t in plain)]

    began = time.perf_counter()
    engine = bm25s.BM25()
    engine.index(grams(index), show_progress=False)
    rows, scores = engine.retrieve(grams(asked["written"]), k=10, show_progress=False, n_threads=1)
    spent = 1000 * (time.perf_counter() - began) / asked.height
    n, k = rows.shape
    return pl.DataFrame({
        "query": pl.Series([q for q in range(n) for _ in range(k)], dtype=pl.UInt32),
        "place": list(range(1, k + 1)) * n, "row": rows.ravel(), "score": scores.ravel(),
    }), spent  # fmt: skip
