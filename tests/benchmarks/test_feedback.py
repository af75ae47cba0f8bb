"""Where tastes are planted, heeding what is said gains, and the log tells what was not shown."""

import numpy as np
import pytest

from benchmarks.feedback import BLIND, HEEDED, NONE, estimated, planted, rounds, simulated

SMALL = {"songs": 500, "listeners": 480, "audiences": 6}


def test_feedback_gains_over_none_and_over_drawing_blindly():
    found = simulated(**SMALL, count=7, seeds=1)
    late = {way: float(worth[0, 3:].mean()) for way, worth in found.items()}
    assert late[HEEDED] > late[NONE] + 0.05
    assert late[NONE] > late[BLIND] + 0.1
    assert found[HEEDED][0, 0] == found[NONE][0, 0], "nothing was said before the first round"


def test_the_log_tells_what_lists_would_have_been_worth_that_nobody_saw():
    by_log, truly = estimated(**SMALL, count=60)
    shown = rounds(planted(**SMALL, seed=99), 0, NONE, 3, 99)[0]
    assert by_log == pytest.approx(truly, abs=0.08)
    assert np.mean(shown) > truly + 0.1, "or the plain mean would do"
