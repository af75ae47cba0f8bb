"""What tests of channels measured, beside what the model expects of them now."""

import polars as pl

from workbench.analysis import analysis


@analysis(reads="promotion")
def channel_tests(label) -> pl.DataFrame:
    """Return the lift tests of the label, used ones first.

    Returns
    -------
    test | channel | track_id | territory | start | end | control, extra (money a week) | lift |
    error | expected_low | expected | expected_high (90 %, streams) | left_out (why, or null)
    """
    told = label.fit("promotion").frames["lift_tests"].sort("left_out", "test", nulls_last=False)
    return told.select(pl.exclude("left_out"), "left_out")
