"""Targeting by uplift on a real e-mail experiment: python -m benchmarks.uplift.

Hillstrom's test (64,000 customers, a third each got a letter on women's or men's goods, or none;
public, without a stated licence): who visits the shop more for the letter. The learners see one
half, drawn anew with each of five seeds, and rank the other. Anchor: a T-learner of logistic
regressions, measured by others in the same way.

Then 100 made-up experiments in which treatment does the same to everybody, and 100 with no more
successes than a verdict takes: how often a targetable difference is reported all the same. One in
twenty is expected, one in ten allowed.
"""

import time

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, show
from workbench.promotion.learners import LEARNERS, USED
from workbench.promotion.ordering import SAMPLES, ordering
from workbench.promotion.qini import BAND, normalised, perfect, ranked, resamples, uplift_at
from workbench.promotion.trial import Trial, trial
from workbench.promotion.uplift import EVENTS
from workbench.settings import settings

FILE = "promotion/hillstrom/hillstrom.parquet"
SEEDS, CONTROL = 5, "No E-Mail"
ARMS = {"women's": ("Womens E-Mail", 0.069, 0.058), "men's": ("Mens E-Mail", 0.011, None)}
NUMBERS, TEXTS = ("recency", "history", "mens", "womens", "newbie"), ("zip_code", "channel")
NULLS, NULL_UNITS, RARE_UNITS = 100, 2_000, 400


def experiment() -> pl.DataFrame:
    """Return the file as rows of the table `experiments`."""
    file = pl.read_parquet(settings().public_data / FILE).with_row_index("row")
    levels = [(name, level) for name in TEXTS for level in sorted(file[name].unique().to_list())]
    columns = {name: pl.col(name).cast(pl.Float64) for name in NUMBERS}
    columns |= {f"{name} {level}": (pl.col(name) == level).cast(pl.Float64)
                for name, level in levels}  # fmt: skip
    structs = [pl.struct(pl.lit(name).alias("name"), one.alias("value"))
               for name, one in columns.items()]  # fmt: skip
    return file.select(
        pl.lit("hillstrom").alias("experiment"),
        pl.format("u{}", pl.col("row").cast(pl.String).str.zfill(6)).alias("unit"),
        pl.col("segment").alias("arm"),
        pl.col("visit").cast(pl.Float64).alias("outcome"),
        pl.concat_list(structs).alias("covariates"),
    )


def halves(found: Trial, name: str) -> dict[str, list[float]]:
    """Return what a learner reaches on the other half, seed by seed: qini, low, high, at 30 %."""
    reached: dict[str, list[float]] = {"qini": [], "low": [], "high": [], "thirty": []}
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(found.hit))
        learnt, told = order[: len(order) // 2], order[len(order) // 2 :]
        score = LEARNERS[name](found.x[learnt], found.hit[learnt], found.outcome[learnt])
        hit, outcome = found.hit[told], found.outcome[told]
        ranking, best = ranked(score(found.x[told]), hit, outcome), perfect(hit, outcome)
        drawn = [normalised(ranking, best, w) for w in resamples(hit, SAMPLES, seed)]
        low, high = np.quantile(drawn, BAND)
        for key, value in (("qini", normalised(ranking, best)), ("low", low), ("high", high),
                           ("thirty", uplift_at(ranking, 0.3))):  # fmt: skip
            reached[key].append(float(value))
    return reached


def of_arm(rows: pl.DataFrame, title: str) -> list[Figure]:
    """Return the figures of one letter against none."""
    arm, anchor, goal = ARMS[title]
    found = trial(rows, arm, CONTROL, 10)
    figures = []
    for name in LEARNERS:
        reached = halves(found, name)
        qini, learner = np.array(reached["qini"]), f"Hillstrom {title}, {name.upper()}-learner"
        used = name == USED
        figures.append(
            Figure(f"{learner}: normalised Qini, mean of five halves", float(qini.mean()),
                   anchor=anchor, goal=goal if used else None, more_is_better=True,
                   spread=(float(qini.min()), float(qini.max())))
        )  # fmt: skip
        if title == "women's":
            figures.append(
                Figure(f"{learner}: lowest lower edge of its 90 % bands", min(reached["low"]),
                       goal=0.0 if used else None, more_is_better=True)
            )  # fmt: skip
        else:
            holds = sum(low <= 0 <= high for low, high in
                        zip(reached["low"], reached["high"], strict=True))  # fmt: skip
            figures.append(
                # of five 90 % bands around nothing all hold zero in three of five cases
                Figure(f"{learner}: halves of five whose band holds zero", holds,
                       more_is_better=True)
            )  # fmt: skip
        figures.append(
            Figure(f"{learner}: uplift of the best 30 %", float(np.mean(reached["thirty"])))
        )
    began = time.perf_counter()
    whole = ordering(found, 10, 0)
    took = time.perf_counter() - began
    low, high = whole.learners.filter("used").select("low", "high").row(0)
    told = low > 0
    figures += [
        Figure(f"Hillstrom {title}, all units, ranked forward: says targetable", float(told),
               goal=1.0 if title == "women's" else 0.0, more_is_better=title == "women's",
               spread=(low, high)),
        measured(f"Hillstrom {title}, {len(found.hit):,} units, both learners with bands", [took]),
    ]  # fmt: skip
    return figures


def false_alarms(count: int) -> Figure:
    """Return how often one effect for all is told to be targetable."""
    told = 0
    for seed in range(count):
        draw = np.random.default_rng(1000 + seed)
        x = draw.standard_normal((NULL_UNITS, 4))
        hit = (draw.random(NULL_UNITS) < 0.5).astype(float)
        outcome = (draw.random(NULL_UNITS) < 0.2 + 0.1 * hit).astype(float)
        told += _told(x, hit, outcome, seed)
    return Figure(
        f"{count} experiments with one effect for all: told to be targetable", told / count,
        goal=0.1,
    )  # fmt: skip


def of_few(count: int) -> Figure:
    """Return the same where each arm has no more successes than a verdict takes."""
    told, half = 0, RARE_UNITS // 2
    for seed in range(count):
        draw = np.random.default_rng(2000 + seed)
        x, one = draw.standard_normal((RARE_UNITS, 4)), np.arange(half) < EVENTS
        outcome = np.concatenate([draw.permutation(one) for _ in range(2)]).astype(float)
        told += _told(x, np.repeat([1.0, 0.0], half), outcome, seed)
    return Figure(
        f"{count} experiments, {EVENTS} successes among {half} units of each arm: the same",
        told / count, goal=0.1,
    )  # fmt: skip


def _told(x: np.ndarray, hit: np.ndarray, outcome: np.ndarray, seed: int) -> bool:
    units = pl.Series([str(i) for i in range(len(hit))])
    made = Trial("ad", "none", units, hit, outcome, ("a", "b", "c", "d"), x, 0)
    return ordering(made, 10, seed).learners.filter("used")["low"].item() > 0


def main() -> None:
    """Rank both letters' readers, and look for what is not there."""
    asked = options(__doc__.splitlines()[0])
    rows = experiment()
    figures = [figure for title in ARMS for figure in of_arm(rows, title)]
    count = NULLS // 4 if asked.quick else NULLS
    figures += [false_alarms(count), of_few(count)]
    show("Targeting by uplift", figures)


if __name__ == "__main__":
    main()
