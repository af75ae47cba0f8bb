"""Return of a channel under a hidden confounder, before and after a lift test.

mmm_roas_data (public, simulated): a hidden demand raises both spend on x1 and the outcome, so that
a fit of the weekly series credits x1 with what it only follows. The truth is in the file: the
outcome without x1 (y01) and without x2 (y02). One test of x1 is simulated per seed with the file's
own adstock and saturation, over eight weeks and with an error of 15 % of the lift: the usual weekly
spend against none, or half more than the usual against the usual. It comes in as a sheet through
the importer, like any team's.

    python -m benchmarks.lift_tests [--quick]
"""

import datetime
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.report import Figure, options, show

SCALE = 100.0  # streams for one unit of the file's outcome
CARRY, LAGS, BEND, TOP = 0.3, 4, 1.0, 200.0  # of x1, as the file's own columns show
WEEKS, ERROR = 8, 0.15
DESIGNS = {"usual spend against none": (0.0, 1.0), "half more than usual": (1.0, 0.5)}
FIRST_TEST = 60  # week


def effect(spend: np.ndarray) -> np.ndarray:
    """Return what weekly spend on x1 truly brings."""
    weights = CARRY ** np.arange(LAGS)
    stock = np.convolve(spend, weights / weights.sum())[: len(spend)]
    return TOP * SCALE * np.tanh(BEND * stock / 2)


def checked(frame: pl.DataFrame) -> None:
    """Stop when the formula is not the one that made the file."""
    miss = np.abs(
        effect(frame["x1"].to_numpy()) - SCALE * (frame["y"] - frame["y01"]).to_numpy()
    ).max()
    if miss > 1e-6 * SCALE:
        raise SystemExit(f"mmm_roas_data was not made by this formula: off by {miss:.3g}.")


def tables(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the file as tables of a label: a weekly outcome and two channels."""
    day = frame["date"]
    ids = pl.lit("outcome")
    return {
        "tracks": pl.DataFrame(
            {"track_id": ["outcome"], "title": ["Outcome"], "artist_id": ["team"],
             "status": ["released"]}
        ),
        "artists": pl.DataFrame({"artist_id": ["team"], "name": ["Team"]}),
        "window_totals": pl.DataFrame({"window_start": day}).with_columns(
            entity=pl.lit("track"), entity_id=ids, territory=pl.lit("WW"), store=pl.lit("all"),
            metric=pl.lit("streams"), window_end=pl.col("window_start") + pl.duration(days=6),
            value=SCALE * frame["y"],
        ),
        "campaigns": pl.concat(
            pl.DataFrame({"day": day, "spend": (1000 * frame[name]).round(4)}).with_columns(
                campaign_id=pl.lit(name), channel=pl.lit(name), territory=pl.lit("WW"),
                track_id=ids, currency=pl.lit("EUR"), days=pl.lit(7),
                spend=pl.col("spend").cast(pl.Decimal(18, 4)),
            )
            for name in ("x1", "x2")
        ),
    }  # fmt: skip


def sheet(frame: pl.DataFrame, design: str, seed: int) -> pl.DataFrame:
    """Return one simulated lift test of x1, as a team would write it down."""
    usual = float(frame["x1"].mean())
    control, extra = (usual * part for part in DESIGNS[design])
    spend = np.full(FIRST_TEST + WEEKS, control)
    treated = spend.copy()
    treated[FIRST_TEST:] += extra
    lift = float((effect(treated) - effect(spend)).sum())
    error = ERROR * lift
    start = frame["date"][FIRST_TEST]
    return pl.DataFrame(
        {
            "test": [design],
            "channel": ["x1"],
            "start": [start],
            "end": [start + datetime.timedelta(days=7 * WEEKS - 1)],
            "control_spend": [round(1000 * control, 2)],
            "extra_spend": [round(1000 * extra, 2)],
            "currency": ["EUR"],
            "lift": [round(lift + error * np.random.default_rng(seed).standard_normal(), 1)],
            "standard_error": [round(error, 1)],
        }
    )


def fitted(folder: Path, frame: pl.DataFrame, test: tuple[str, int] | None) -> tuple[dict, float]:
    """Return what each channel brought (low, median, high) and the seconds of the fit."""
    from workbench.dataset import make, open_dataset
    from workbench.importers import gathering, run
    from workbench.promotion.overview import brought_by_channel
    from workbench.store.change import change

    with change(folder / "label") as writing:
        writing.describe(title="mmm_roas_data")
        for name, rows in tables(frame).items():
            writing.put(name, rows, source="benchmark")
    label = open_dataset(str(folder / "label"))
    if test is not None:
        path = folder / "tests.csv"
        sheet(frame, *test).write_csv(path)
        run.store([run.plan(one, label) for one in gathering.gathered([path]).sources], label)
        label = open_dataset(str(folder / "label"))
    began = time.perf_counter()
    make(label, "promotion", lambda done, total, text: None)
    seconds = time.perf_counter() - began
    rows = brought_by_channel(label).to_dicts()
    return {
        row["channel"]: (row["brought_low"], row["brought"], row["brought_high"]) for row in rows
    }, seconds


def main() -> None:
    """Fit once without a test and once per simulated test."""
    from workbench.settings import settings

    asked = options(__doc__.splitlines()[0])
    path = settings().public_data / "promotion" / "mmm_example" / "mmm_roas_data.csv"
    if not path.exists():
        print(f"mmm_roas_data is not here ({path}): nothing to measure.")
        show("Lift tests against a hidden confounder", [])
        return
    frame = pl.read_csv(path, try_parse_dates=True)
    checked(frame)
    truth = {
        name: SCALE * float((frame["y"] - frame[without]).sum())
        for name, without in (("x1", "y01"), ("x2", "y02"))
    }
    with tempfile.TemporaryDirectory() as folder:
        before, seconds = fitted(Path(folder), frame, None)
    figures = [Figure("seconds of a fit", seconds, "s")]
    for name, real in truth.items():
        low, median, high = np.array(before[name]) / real
        figures += [
            Figure(f"{name}: return over the truth, no test", median, "", 1.0, spread=(low, high)),
            Figure(f"{name}: interval holds the truth, no test", float(low <= 1 <= high)),
        ]
    for design in DESIGNS:
        found = []
        for seed in range(2 if asked.quick else 8):
            with tempfile.TemporaryDirectory() as folder:
                found.append(fitted(Path(folder), frame, (design, seed))[0])
        for name, real in truth.items():
            low, median, high = np.array([one[name] for one in found]).T / real
            held = float(((low <= 1) & (high >= 1)).mean())
            goal = 0.8 if name == "x1" else None
            figures += [
                Figure(f"{name}: return over the truth, x1 tested: {design}",
                       float(np.median(median)), "", 1.0,
                       spread=(float(np.median(low)), float(np.median(high)))),
                Figure(f"{name}: intervals that hold the truth, x1 tested: {design}", held, "",
                       goal=goal, more_is_better=True),
            ]  # fmt: skip
    show("Lift tests against a hidden confounder", figures)


if __name__ == "__main__":
    main()
