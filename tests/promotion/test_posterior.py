"""The gradient is the slope of the log posterior, the information that of its residuals."""

from dataclasses import replace

import numpy as np
import pytest

from tests.promotion import planted, slopes
from workbench.promotion import estimate, fisher
from workbench.promotion.lift_terms import expected_lifts
from workbench.promotion.observations import of_tracks
from workbench.promotion.posterior import gradient, scatter


@pytest.fixture(scope="module")
def point():
    _, _, shared, own, data = planted.planted()
    return slopes.near(data, shared, own)


def test_gradient_against_differences(point):
    slopes.gradient_agrees(point, tracks=2)


def test_slopes_of_one_track_against_differences(point):
    slopes.slopes_agree(point, track=1)


def test_the_arrow_solves_what_the_full_matrix_solves(point):
    data, at, pattern, shared, own = point
    arrow = fisher.information(data, at, pattern, shared, own)
    tracks, width = own.shape
    size = tracks * width
    full = np.zeros((size + at.size, size + at.size))
    for track in range(tracks):
        rows = slice(track * width, (track + 1) * width)
        full[rows, rows] = arrow.own[track]
        full[rows, size:] = arrow.cross[track]
        full[size:, rows] = arrow.cross[track].T
    full[size:, size:] = arrow.shared
    _, by_shared, by_own = gradient(data, at, pattern, shared, own)
    step, own_step = arrow.solve(by_shared, by_own)
    expected = np.linalg.solve(full, np.concatenate([by_own.ravel(), by_shared]))
    np.testing.assert_allclose(np.concatenate([own_step.ravel(), step]), expected, rtol=1e-6)


def test_planted_channels_are_found():
    _, at, shared, own, data = planted.planted()
    truth = planted.brought(data, at, shared, own)
    found = estimate.posterior(data, draws=400, tries=600)
    drawn = np.array(
        [
            planted.brought(data, at, one, found.own + found.own_slope @ (one - found.shared))
            for one in found.draws[:200]
        ]
    )
    low, median, high = np.quantile(drawn, [0.025, 0.5, 0.975], axis=0)
    assert (low < truth).all()
    assert (truth < high).all()
    assert np.abs(np.log(median / truth)).max() < np.log(1.25)
    assert np.ptp(found.modes) < 0.5  # all starts reach one mode
    # the data speak: effects are known far better than a priori
    effect = found.draws[:, at.at["effect"]].std(0)
    assert (effect < 0.5 * at.sd[at.at["effect"]]).all()


def test_equal_inputs_give_equal_draws():
    *_, data = planted.planted()
    first = estimate.posterior(data, draws=50, tries=100)
    second = estimate.posterior(data, draws=50, tries=100)
    np.testing.assert_array_equal(first.draws, second.draws)


def test_information_of_tests_against_differences(point):
    data, at, pattern, shared, own = point
    tests = data.lifts
    without = fisher.information(replace(data, lifts=None), at, pattern, shared, own)
    added = fisher.information(data, at, pattern, shared, own).shared - without.shared
    slopes = np.empty((len(tests.lift), at.size))
    for place in range(at.size):
        move = 1e-5 * np.eye(at.size)[place]
        up, down = (expected_lifts(tests, at, shared + s * move, own)[0] for s in (1, -1))
        slopes[:, place] = (up - down) / 2e-5 / tests.error
    np.testing.assert_allclose(added, slopes.T @ slopes, rtol=1e-4, atol=1e-3)


def test_a_lift_test_narrows_its_channel_and_says_why_another_is_left_out():
    _, before, bare, own, data = planted.planted()
    tested, told, at, shared = planted.tests_of(data, bare, own)
    assert told["left_out"].to_list()[:3] == [None] * 3
    assert "outside of the weeks with streams" in told["left_out"][3]
    # the arms differ by the change, in its weeks and its territory only
    arms = tested.lifts.arms.run_spend
    change = arms[:, 0] - arms[:, 1]
    us = data.cells.index("US")
    np.testing.assert_allclose(change[20:23, us], 200.0)
    assert np.abs(np.delete(change, slice(20, 23), 0)).max() == 0
    assert np.abs(change[:, 1 - us]).max() == 0
    # with some tracks only, a test of another track is none
    assert of_tracks(tested, np.array([0, 1])).lifts.track.tolist() == tested.lifts.track.tolist()
    assert of_tracks(tested, np.array([1, 2])).lifts is None
    column = data.channels.index("posters")
    alone, held = (
        fisher.information(one, layout, scatter(data), point, own).shared_cov
        for one, layout, point in ((data, before, bare), (tested, at, shared))
    )
    alone, held = (
        np.sqrt(cov[layout.at["effect"], layout.at["effect"]][column, column])
        for cov, layout in ((alone, before), (held, at))
    )
    assert held < 0.8 * alone
