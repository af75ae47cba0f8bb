"""Repeat-purchase models against published values, their definitions, and planted truth."""

import numpy as np
import pytest
from scipy.stats import beta as beta_law
from scipy.stats import gamma as gamma_law

from workbench.errors import BadInput, NotEnoughEvidence
from workbench.sales import bg_nbd, gamma_gamma, pareto_nbd
from workbench.sales.histories import Histories
from workbench.sales.likelihood import Estimate, largest

NONE = np.zeros((4, 4))
PAPER = bg_nbd.BgNbd(Estimate(np.array([0.243, 4.414, 0.793, 2.426]), 0.0, NONE))
NOTE = pareto_nbd.ParetoNbd(Estimate(np.array([0.553, 10.578, 0.606, 11.669]), 0.0, NONE))


def histories(*rows: tuple[float, float, float]) -> Histories:
    return Histories(*np.array(rows, float).T)


ONE = histories((2, 30.43, 38.86))


def test_the_first_buyer_of_the_paper_is_expected_to_buy_1_226_times():
    assert PAPER.expected(ONE, 39.0)[0] == pytest.approx(1.226, abs=5e-4)


def test_who_bought_once_is_alive_in_bg_nbd_and_perhaps_not_in_pareto_nbd():
    once = histories((0, 0, 38.86))
    assert PAPER.alive(once)[0] == 1.0
    assert 0 < NOTE.alive(once)[0] < 1


MIDDLES = (np.arange(1_500) + 0.5) / 1_500  # of equal slices of a law, for its mean


def test_bg_nbd_agrees_with_the_mean_over_its_definition():
    r, alpha, a, b = PAPER.estimate.values
    x, last, age = 2, 30.43, 38.86
    rate = gamma_law.ppf(MIDDLES, r, scale=1 / alpha)[:, None]
    stop = beta_law.ppf(MIDDLES, a, b)[None, :]
    going = ((1 - stop) ** x * rate**x * np.exp(-rate * age)).mean()
    ended = (stop * (1 - stop) ** (x - 1) * rate**x * np.exp(-rate * last)).mean()
    assert PAPER.alive(ONE)[0] == pytest.approx(going / (going + ended), rel=1e-3)


@pytest.mark.parametrize(("alpha", "beta"), [(10.578, 11.669), (11.669, 10.578), (8.0, 8.0)])
def test_pareto_nbd_agrees_with_the_mean_over_its_definition(alpha, beta):
    r, s = 0.553, 0.606
    x, last, age = 2, 30.43, 38.86
    model = pareto_nbd.ParetoNbd(Estimate(np.array([r, alpha, s, beta]), 0.0, NONE))
    rate = gamma_law.ppf(MIDDLES, r, scale=1 / alpha)[:, None]
    stop = gamma_law.ppf(MIDDLES, s, scale=1 / beta)[None, :]
    both = rate + stop
    going = (rate**x * np.exp(-both * age)).mean()
    ended = (rate**x * stop / both * (np.exp(-both * last) - np.exp(-both * age))).mean()
    assert model.alive(ONE)[0] == pytest.approx(going / (going + ended), rel=1e-3)


@pytest.mark.parametrize("model", [PAPER, NOTE])
def test_simulated_purchases_have_the_mean_that_the_formula_gives(model):
    held = histories((2, 30.43, 38.86), (0, 0, 20.0), (12, 35.0, 36.0), (3, 5.0, 38.0))
    many = model.simulated(held, 39.0, 5_000, seed=1)
    error = many.std(axis=0) / np.sqrt(len(many))
    assert (np.abs(many.mean(axis=0) - model.expected(held, 39.0)) < 4 * error).all()


@pytest.mark.parametrize("value", [1.0, 1.0 + 1e-9])
def test_the_gaps_of_the_formulas_are_closed(value):
    near = np.array([0.5, 5.0, value, 2.0])
    far = near * [1, 1, 1.001, 1]
    for kind in (bg_nbd.BgNbd, pareto_nbd.ParetoNbd):
        at, beside = (kind(Estimate(v, 0.0, NONE)).expected(ONE, 10.0)[0] for v in (near, far))
        assert at == pytest.approx(beside, rel=1e-2)


def planted(kind: str, count: int = 4_000) -> Histories:
    """Buyers as the model says they are, watched for up to a year and a half."""
    draw = np.random.default_rng(3)
    age = draw.uniform(40, 78, count)
    frequency, recency = np.zeros(count), np.zeros(count)
    for i in range(count):
        rate = draw.gamma(0.8) / 8.0
        stop = draw.beta(0.8, 2.5)
        until = draw.exponential() / (draw.gamma(0.8) / 20.0) if kind == "pareto" else np.inf
        at = 0.0
        while True:
            at += draw.exponential() / max(rate, 1e-12)
            if at > min(age[i], until):
                break
            frequency[i], recency[i] = frequency[i] + 1, at
            if kind == "bg" and draw.random() < stop:
                break
    return Histories(frequency, recency, age)


@pytest.mark.parametrize(
    ("kind", "module", "truth"),
    [("bg", bg_nbd, (0.8, 8.0, 0.8, 2.5)), ("pareto", pareto_nbd, (0.8, 8.0, 0.8, 20.0))],
)
def test_planted_parameters_lie_within_three_standard_errors(kind, module, truth):
    found = module.fitted(planted(kind)).estimate
    off = np.log(found.values) - np.log(truth)
    assert (np.abs(off) < 3 * np.sqrt(np.diag(found.covariance))).all()
    drawn = np.log(found.draws(4_000, seed=0))
    assert np.allclose(np.cov(drawn.T), found.covariance, atol=0.1 * found.covariance.max())


def test_the_unit_of_time_changes_nothing_but_the_unit():
    held = planted("bg", 1_500)
    days = Histories(held.frequency, held.recency * 7, held.age * 7)
    weeks, other = bg_nbd.fitted(held), bg_nbd.fitted(days)
    assert other.estimate.values == pytest.approx(weeks.estimate.values * [1, 7, 1, 1], rel=1e-3)
    assert other.expected(days, 70.0) == pytest.approx(weeks.expected(held, 10.0), rel=1e-3)


def test_money_of_orders_is_between_the_own_mean_and_everybodys():
    model = gamma_gamma.GammaGamma(Estimate(np.array([6.25, 3.74, 15.44]), 0.0, np.zeros((3, 3))))
    everybody = 6.25 * 15.44 / 2.74  # p gamma / (q - 1)
    found = model.mean_order(np.array([0, 1, 50]), np.array([np.nan, 80.0, 80.0]))
    assert found[0] == pytest.approx(everybody)
    assert everybody < found[1] < found[2] < 80.0
    assert found[1] == pytest.approx(6.25 * (15.44 + 80.0) / (6.25 + 3.74 - 1))


def test_planted_money_is_found_and_simulated_with_its_mean():
    draw = np.random.default_rng(5)
    orders = draw.integers(1, 12, 6_000).astype(float)
    rate = draw.gamma(4.0, size=6_000) / 15.0
    mean = draw.gamma(6.0 * orders) / rate / orders
    model = gamma_gamma.fitted(orders, mean)
    off = np.log(model.estimate.values) - np.log([6.0, 4.0, 15.0])
    assert (np.abs(off) < 3 * np.sqrt(np.diag(model.estimate.covariance))).all()
    coming = np.tile([[1, 3]], (4_000, 1))
    money = model.simulated(orders[:2], mean[:2], coming, seed=0)
    wanted = model.mean_order(orders[:2], mean[:2]) * [1, 3]
    assert money.mean(axis=0) == pytest.approx(wanted, rel=0.05)
    assert abs(gamma_gamma.correlated(orders, mean)) < 0.05
    assert np.isnan(gamma_gamma.correlated(np.ones(9), mean[:9]))


def test_histories_that_cannot_be_are_refused():
    for row in ((1, 5, 4), (-1, 0, 4), (0, 1, 4), (2, 0, 4), (1, np.nan, 4), (1, 2, np.inf)):
        with pytest.raises(BadInput):
            histories(row)
    with pytest.raises(BadInput):
        Histories(np.zeros(2), np.zeros(3), np.ones(3))
    for orders, mean in (([], []), ([0], [3.0]), ([1], [0.0]), ([1], [np.nan])):
        with pytest.raises(BadInput):
            gamma_gamma.fitted(np.array(orders, float), np.array(mean, float))


@pytest.mark.parametrize("module", [bg_nbd, pareto_nbd])
def test_when_nobody_comes_back_nothing_is_settled(module):
    with pytest.raises(NotEnoughEvidence, match="do not settle how often"):
        module.fitted(histories(*[(0, 0, float(age)) for age in range(10, 60)]))


def test_the_end_of_a_likelihood_without_a_top_is_no_estimate():
    with pytest.raises(NotEnoughEvidence, match="do not settle the height"):
        largest(lambda a, b: a + b, ((1.0, 1.0),), "the height")
    found = largest(lambda a, b: -(np.log(a / 3) ** 2) - np.log(b / 5) ** 2, ((1, 1),), "it")
    assert found.values == pytest.approx([3, 5], rel=1e-4)
    assert found.covariance == pytest.approx(np.eye(2) / 2, abs=1e-3)
