"""The closed formulas, against numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.promotion.response import (
    adstock,
    adstock_slope,
    carried,
    release_curve,
    release_curve_slopes,
    retained,
    retained_back,
    saturation,
    saturation_slopes,
    season_waves,
)

spending = arrays(np.float64, 12, elements=st.floats(0, 1e4))
part = st.floats(0.01, 0.95)


def test_adstock_by_hand():
    # carry .5: half at once, then half of what is left
    assert adstock(np.array([100.0, 0, 0, 40]), np.float64(0.5)).tolist() == [50, 25, 12.5, 26.25]


def test_steady_spend_stays_what_it_is():
    assert adstock(np.full(200, 7.0), np.float64(0.8))[-1] == pytest.approx(7.0)


def test_strides_carry_what_steps_carry():
    fresh, share = np.random.default_rng(0).random((50, 3000)), np.linspace(0.0, 0.98, 3000)
    wide, narrow = carried(fresh.copy(), share), carried(fresh[:, 990:1000].copy(), share[990:1000])
    np.testing.assert_allclose(narrow, wide[:, 990:1000], rtol=1e-13)


def test_saturation_by_hand():
    # x = 4 * .5: (1 - e^-2) / (1 + e^-2) = tanh(1), over tanh(2)
    assert saturation(np.float64(0.5), np.float64(4.0)) == pytest.approx(0.7615942 / 0.9640276)
    assert saturation(np.float64(1.0), np.float64(4.0)) == 1.0


def test_retention_by_hand():
    # 100 won, 20 % stay on, of whom half are left after each week
    full, rest = retained(np.array([100.0, 0, 0]), np.float64(0.2), np.float64(0.5))
    assert rest.tolist() == [0, 10, 5]
    assert full.tolist() == [100, 10, 5]


def test_release_curve_by_hand():
    # found at once, halves towards a lasting fifth: .8 * .5 + .2 = .6
    size = release_curve(np.float64(1), np.log(2), np.float64(0.2), np.float64(1e-3))
    assert np.exp(size) == pytest.approx(0.6)


def test_season_is_the_same_a_year_later():
    weeks = np.array(["2025-01-03", "2026-01-03"], "datetime64[D]")
    waves = season_waves(weeks)
    assert waves.shape == (2, 4)
    assert np.abs(waves[0] - waves[1]).max() < 0.02


@given(spending, part, st.floats(0.1, 5), st.floats(1.0, 3.0))
def test_more_spend_never_brings_less(spend, carry, bend, factor):
    def brought(money):
        return saturation(adstock(money, np.float64(carry)) / 1e3, np.float64(bend))

    assert (brought(spend * factor) - brought(spend) >= -1e-12).all()


@given(spending, part)
def test_adstock_neither_makes_nor_loses_money(spend, carry):
    long = np.concatenate([spend, np.zeros(2000)])
    assert adstock(long, np.float64(carry)).sum() == pytest.approx(spend.sum(), abs=1e-6)


@given(spending, spending, part, part)
def test_the_worth_of_a_stream_is_the_transpose_of_retention(won, pull, kept, stay):
    forward = (pull * retained(won, np.float64(kept), np.float64(stay))[0]).sum()
    back = (won * retained_back(pull, np.float64(kept), np.float64(stay))).sum()
    assert forward == pytest.approx(back, rel=1e-9, abs=1e-6)


def slope(function, x, step=1e-6):
    return (function(x + step) - function(x - step)) / (2 * step)


def test_slopes_are_those_of_the_formulas():
    spend = np.array([3.0, 0, 5, 1, 0, 0])
    carry = np.float64(0.4)
    found = adstock_slope(spend, adstock(spend, carry), carry)
    np.testing.assert_allclose(found, slope(lambda c: adstock(spend, c), carry), rtol=1e-6)
    dose, bend = np.array([0.2, 1.3]), np.float64(1.7)
    by_dose, by_bend = saturation_slopes(dose, bend)
    np.testing.assert_allclose(by_dose, slope(lambda d: saturation(d, bend), dose), rtol=1e-6)
    np.testing.assert_allclose(by_bend, slope(lambda b: saturation(dose, b), bend), rtol=1e-6)
    age, at = np.array([0.0, 3, 20]), np.array([-2.0, -1.0, 0.5])

    def curve(move):
        decay, floor, ramp = at + move
        return release_curve(age, np.exp(decay), 1 / (1 + np.exp(-floor)), np.exp(ramp))

    natural = np.exp(at[0]), 1 / (1 + np.exp(-at[1])), np.exp(at[2])
    for place, found in enumerate(release_curve_slopes(age, *natural)):
        one = np.eye(3)[place]
        np.testing.assert_allclose(found, slope(lambda x, o=one: curve(x * o), 0.0), atol=1e-7)
