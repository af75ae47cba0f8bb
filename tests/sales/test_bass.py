"""Bass diffusion: the printed curve of the video recorders, planted ones, what settles nothing."""

import numpy as np
import pytest

from workbench.errors import NotEnoughEvidence
from workbench.sales import bass

RECORDERS = np.array([840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890.0])


def test_the_video_recorders_come_out_as_printed():
    found = bass.fitted(RECORDERS)
    assert found.total == pytest.approx(6.80e4, abs=50)
    assert found.own == pytest.approx(6.59e-3, abs=5e-6)
    assert found.others == pytest.approx(0.638, abs=5e-4)
    assert found.error == pytest.approx(727, abs=0.5)
    errors = np.sqrt(np.diag(found.covariance)) * [found.total, found.own, found.others]
    assert errors == pytest.approx([3.13e3, 1.43e-3, 0.0414], rel=0.01)
    assert found.peak == pytest.approx(np.log(0.638 / 0.00659) / 0.6446, abs=0.01)


def test_sales_that_fall_from_the_start_have_their_peak_there():
    periods = np.arange(1, 15)
    found = bass.fitted(900 * bass.rate(periods, 0.3, 0.05))
    assert (found.total, found.own, found.others) == pytest.approx((900, 0.3, 0.05), rel=1e-3)
    assert found.peak == 0.0
    assert found.sold(np.array([0.0, 1e3])) == pytest.approx([0.0, 900.0])


def test_the_slope_is_the_slope_of_the_share():
    step = 1e-5
    for at in (0.5, 4.0, 9.0):
        rise = np.diff(bass.share(np.array([at - step, at + step]), 0.02, 0.4))[0] / (2 * step)
        assert bass.rate(np.array([at]), 0.02, 0.4)[0] == pytest.approx(rise, rel=1e-6)


@pytest.mark.parametrize(
    ("sales", "why"),
    [
        (RECORDERS[:5], "needs 6 periods"),
        (np.zeros(10), "something sold"),
        (np.array([1.0, 2, np.nan, 4, 5, 6]), "needs 6 periods"),
        (np.exp(np.arange(9.0)), "no peak is seen"),
    ],
)
def test_what_settles_nothing_is_said(sales, why):
    with pytest.raises(NotEnoughEvidence, match=why):
        bass.fitted(sales)
