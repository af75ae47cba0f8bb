"""A promotion slider: how long the engine takes, and whether the fit behind it is right.

Three blocks: the engine at 2,000 draws x 8 channels x 8 cells x 52 weeks against the bare float32
arithmetic of that size on as many threads; mmm_example (public, simulated with known truth) through
import, maker and analysis; the sample label against what was planted in it.

    python -m benchmarks.whatif [--quick]
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.report import Figure, options, percentile, show

DRAWS, CHANNELS, CELLS, WEEKS = 2000, 8, 8, 52
TRUE_CARRY = {"x1": 0.4, "x2": 0.2}
TRUE_BROUGHT = {"x1": 274_848.0, "x2": 65_906.0}
HELD_OUT = 26  # weeks
SAMPLE_TRUTH = Path(__file__).resolve().parent.parent / "sample_data" / "truth"


def scene(
    draws: int = DRAWS,
    channels: int = CHANNELS,
    cells: int = CELLS,
    weeks: int = WEEKS,
    seed: int = 0,
):
    """Return a release in its window with random but plausible draws."""
    from workbench.promotion.draws import Scene
    from workbench.promotion.response import retained_back

    rng = np.random.default_rng(seed)

    def drawn(low: float, high: float, *shape: int) -> np.ndarray:
        return rng.uniform(low, high, shape).astype(np.float32)

    kept, stay, lift = (
        drawn(0.05, 0.2, draws),
        drawn(0.7, 0.95, draws),
        drawn(0.8, 1.2, weeks, draws),
    )
    return Scene(
        weeks=np.arange(weeks),
        release=0,
        planned=True,
        cells=tuple(f"cell {n}" for n in range(cells)),
        channels=tuple(f"channel {n}" for n in range(channels)),
        base=drawn(1e3, 1e4, cells, weeks, draws),
        lift=lift,
        carry=drawn(0.1, 0.7, channels, draws),
        gain=drawn(0.001, 0.01, channels, draws),
        height=drawn(100, 2000, channels, cells, draws),
        kept=kept,
        stay=stay,
        worth=retained_back(lift, kept, stay),
        audience=np.full(cells, 1 / cells, np.float32),
        playlist_rate=drawn(0.005, 0.02, draws),
    )


def timed(functions: list, times: int) -> list[tuple[list[float], list[float]]]:
    """Return milliseconds of wall and of processor time of each function, called in turn.

    In turn, so that a busy moment of the machine hits all alike.
    """
    taken = [([], []) for _ in functions]
    for turn in range(times + 3):
        for function, (wall, busy) in zip(functions, taken, strict=True):
            began, work = time.perf_counter(), time.process_time()
            function()
            if turn >= 3:
                wall.append(1e3 * (time.perf_counter() - began))
                busy.append(1e3 * (time.process_time() - work))
    return taken


def engine(times: int) -> list[Figure]:
    """Time one slider position: effect, weekly fan and chance, against bare arithmetic."""
    from workbench.promotion import whatif
    from workbench.promotion.draws import LEAD

    one, rng = scene(), np.random.default_rng(1)
    shares = rng.dirichlet(np.full(CELLS, 5.0)) * CELLS
    spends = [rng.uniform(0, 300, (LEAD + WEEKS, CHANNELS)).astype(np.float32) for _ in range(8)]
    base = one.base.sum(0)
    current = (base + whatif.effect(one, spends[0], shares).weekly).sum(0)
    turn = iter(range(10**9))

    def slider() -> None:
        found = whatif.effect(one, spends[next(turn) % len(spends)], shares)
        streams = base + found.weekly
        np.sort(streams, axis=1)
        (streams.sum(0) > current).mean()

    size = CHANNELS * CELLS * WEEKS * whatif.BLOCK
    blocks = DRAWS // whatif.BLOCK
    parts = [np.full(size // CHANNELS, -1.0, np.float32) for _ in range(blocks)]
    pool = ThreadPoolExecutor(whatif.WORKERS)

    def arithmetic(part: np.ndarray) -> None:
        room = np.empty_like(part)
        for _ in range(CHANNELS):
            np.multiply(part, 0.5, out=room)
            np.exp(room, out=room)
            np.add(room, 1, out=room)
            np.reciprocal(room, out=room)

    def bare() -> None:
        list(pool.map(arithmetic, parts))

    def even() -> None:
        whatif.effect(one, spends[0], np.ones(CELLS))

    (taken, work), (least, bare_work), (audience, _) = timed([slider, bare, even], times)
    pool.shutdown()
    p95, anchor = percentile(taken, 0.95), percentile(least, 0.95)
    return [
        Figure("engine p95", p95, "ms", anchor, 20.0, spread=(min(taken), max(taken))),
        Figure("engine p95, limit", p95, "ms", anchor, 50.0),
        Figure("engine median", percentile(taken, 0.5), "ms", percentile(least, 0.5)),
        Figure("engine, processor time (median)", percentile(work, 0.5), "ms",
               percentile(bare_work, 0.5)),
        Figure("engine p95, spend follows the audience", percentile(audience, 0.95), "ms"),
    ]  # fmt: skip


def mmm_example(folder: Path) -> list[Figure]:
    """Import, fit and hold out mmm_example; empty where the public data is not here."""
    from workbench.dataset import make, open_dataset
    from workbench.importers import gathering, run
    from workbench.promotion.overview import brought_by_channel, channel_summary, fit_report
    from workbench.settings import settings
    from workbench.store.change import change

    path = settings().public_data / "promotion" / "mmm_example" / "mmm_example.csv"
    if not path.exists():
        print(f"mmm_example is not here ({path}): this block is left out.")
        return []
    with change(folder) as writing:
        writing.describe(title="mmm_example")
    empty = open_dataset(str(folder))
    sources = gathering.gathered([path]).sources
    run.store([run.plan(one, empty, answers={"currency": "EUR"}) for one in sources], empty)
    label = open_dataset(str(folder))
    began = time.perf_counter()
    make(label, "promotion", lambda done, total, text: None)
    seconds = time.perf_counter() - began
    carry = channel_summary(label).filter(pl.col("parameter") == "carry")
    figures = [Figure("mmm_example: seconds of the fit", seconds, "s", 19.2)]
    for name, median in carry.select("channel", "median").iter_rows():
        truth = TRUE_CARRY[name]
        figures.append(Figure(f"mmm_example: adstock of {name}", median, "", truth))
        figures.append(
            Figure(f"mmm_example: adstock of {name}, distance", abs(median - truth), "", goal=0.05)
        )
    for row in brought_by_channel(label).to_dicts():
        truth = TRUE_BROUGHT[row["channel"]]
        interval = (row["brought_low"], row["brought_high"])
        name = f"mmm_example: contribution of {row['channel']}"
        figures.append(Figure(name, row["brought"], "", truth, spread=interval))
        inside = float(interval[0] <= truth <= interval[1])
        figures.append(Figure(f"{name}, covered", inside, "", goal=1.0, more_is_better=True))
    figures.append(Figure("mmm_example: Pareto-k", fit_report(label).pareto_k, "", goal=0.7))
    return [*figures, *held_out(label)]


def held_out(label) -> list[Figure]:
    """Fit without the last half year and forecast it; the anchor is the same week a year before."""
    from workbench.listening import streams
    from workbench.promotion.estimate import posterior
    from workbench.promotion.expected import curves
    from workbench.promotion.observations import observed
    from workbench.promotion.spend import weekly_spend

    weekly = streams.weekly(label).collect()
    rates = label.table("fx_rates")
    spent = weekly_spend(label.table("campaigns"), rates, weekly["week"].min(), whole=True).weekly
    full = observed(weekly, spent, label.table("tracks"), stays=False)
    seen = full.seen.copy()
    seen[-HELD_OUT:] = False
    found = posterior(replace(full, seen=seen), draws=400, tries=1000)
    drawn = [
        curves(full, found.at, one, found.own + found.own_slope @ (one - found.shared)).mean[
            :, 0, 0
        ]
        for one in found.draws
    ]
    truth = full.streams[-HELD_OUT:, 0, 0]
    miss = np.abs(np.median(drawn, 0)[-HELD_OUT:] / truth - 1).mean()
    naive = np.abs(full.streams[-HELD_OUT - 52 : -52, 0, 0] / truth - 1).mean()
    return [Figure("mmm_example: 26 weeks held out, MAPE", float(miss), "", float(naive), 0.06)]


def sample() -> list[Figure]:
    """Fit the sample label and compare what channels brought with what was planted."""
    from workbench.dataset import make, open_dataset
    from workbench.promotion.outcome import plan_outcome
    from workbench.promotion.overview import brought_by_channel, opening_plan, releases

    label = open_dataset("sample")
    if not label.has("promotion"):
        make(label, "promotion", lambda done, total, text: None)
    effects = pl.read_parquet(SAMPLE_TRUTH / "weekly_effects.parquet")
    planted = dict(effects.group_by("channel").agg(pl.col("streams").sum()).iter_rows())
    figures, covered, rows = [], 0, brought_by_channel(label).to_dicts()
    for row in rows:
        truth, interval = float(planted[row["channel"]]), (row["brought_low"], row["brought_high"])
        covered += interval[0] <= truth <= interval[1]
        figures.append(
            Figure(
                f"sample: streams of {row['channel']}", row["brought"], "", truth, spread=interval
            )
        )
    share = float(covered) / len(rows)
    figures.append(Figure("sample: 90 % intervals that hold the truth", share, "", None, 0.8, True))
    track = releases(label).tracks["track_id"][0]
    opening = opening_plan(label, track_id=track, weeks=WEEKS).plan
    moves = iter(range(10**9))

    def answered() -> None:
        spend = {name: money + next(moves) % 97 for name, money in opening.spend}
        plan_outcome(label, plan=opening.with_spend(spend), current=opening)

    ((taken, work),) = timed([answered], 60)
    return [
        Figure("sample: whole answer of the lab p95", percentile(taken, 0.95), "ms"),
        Figure("sample: whole answer, processor time", percentile(work, 0.5), "ms"),
        *figures,
    ]


def main() -> None:
    """Run the three blocks."""
    asked = options(__doc__.splitlines()[0])
    figures = engine(120 if asked.quick else 400)
    with tempfile.TemporaryDirectory() as folder:
        figures += mmm_example(Path(folder) / "mmm")
    figures += sample()
    show("What-if: the engine and the fit behind it", figures)


if __name__ == "__main__":
    main()
