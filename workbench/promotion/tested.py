"""What tests of channels measured, beside what the model expects of them now."""

from statistics import NormalDist

import polars as pl

from workbench.analysis import analysis

APART = 2.5  # standard errors, by chance once in eighty tests


@analysis(reads="promotion")
def channel_tests(label) -> pl.DataFrame:
    """Return the lift tests of the label, used ones first.

    Returns
    -------
    test | channel | track_id | territory | start | end | control, extra (money a week) | lift |
    error | expected_low | expected | expected_high (90 %, streams) | apart (what was measured from
    what is expected, in standard errors of both) | left_out (why, or null)
    """
    told = label.fit("promotion").frames["lift_tests"].sort("left_out", "test", nulls_last=False)
    spread = (pl.col("expected_high") - pl.col("expected_low")) / (2 * NormalDist().inv_cdf(0.95))
    both = (pl.col("error") ** 2 + spread**2).sqrt()
    apart = ((pl.col("lift") - pl.col("expected")) / both).alias("apart")
    return told.select(pl.exclude("left_out"), apart, "left_out")
