"""A label's own priors: kept with their words, of the fit's address, refused where nonsense."""

import labels
import numpy as np
import polars as pl
import pytest

from workbench.dataset import make
from workbench.errors import BadInput
from workbench.promotion.checks import fit_health
from workbench.promotion.own_priors import believed, priors_in_force, reset_prior, set_prior
from workbench.promotion.priors import PRIORS, cost

QUIET = {"progress": lambda done, total, text: None}
RADIO = "cost per stream: radio"
TESTS = "our own tests of 2025"


def effect(label, channel: str) -> dict:
    """Return what is believed of a channel's effect."""
    rows = fit_health(label).beliefs
    return rows.row(by_predicate=(pl.col("channel") == channel) & (pl.col("parameter") == "effect"),
                    named=True)  # fmt: skip


def test_a_cost_of_ones_own_moves_its_channel_and_a_reset_brings_the_old_fit_back(tmp_path):
    label = labels.opened_in_dollars(tmp_path / "full")
    make(label, "promotion", **QUIET)
    before, draws = effect(label, "radio"), label.fit("promotion").arrays["draws"]
    version = label.version("promotion")
    # a tenth of the published cost, and surer: ten times the streams for the money
    set_prior(label, RADIO, low=0.05, median=0.06, high=0.072, source=TESTS)
    assert not label.has("promotion")
    row = priors_in_force(label).row(by_predicate=pl.col("prior") == RADIO, named=True)
    assert (row["own"], row["source"], row["assumption"]) == (True, TESTS, False)
    assert row["median"] == pytest.approx(0.06)
    assert row["high"] / row["low"] == pytest.approx(0.072 / 0.05)
    make(label, "promotion", **QUIET)
    after = effect(label, "radio")
    assert after["prior_own"]
    assert not effect(label, "meta")["prior_own"]
    assert after["prior_median"] == pytest.approx(10 * before["prior_median"])
    assert after["low"] > before["high"]
    reset_prior(label, RADIO)
    assert label.version("promotion") == version  # nothing is to be made
    np.testing.assert_array_equal(label.fit("promotion").arrays["draws"], draws)
    assert not priors_in_force(label)["own"].any()


def test_a_range_is_read_on_the_priors_scale():
    one = believed("kept", low=0.2, median=0.5, high=0.8, source=f" {TESTS}\n")
    assert (one.mean, one.source) == (0.0, TESTS)
    assert one.range == pytest.approx((0.2, 0.5, 0.8))
    # of a lopsided range the median counts, and its width
    cheap = believed(RADIO, low=0.1, median=0.1001, high=0.4, source=TESTS)
    assert cheap.range[1] == pytest.approx(0.1001)
    assert cheap.range[2] / cheap.range[0] == pytest.approx(4)
    assert cost("radio", {**PRIORS, RADIO: cheap}) is cheap
    assert cost("radio").range[1] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("prior", "low", "median", "high", "words"),
    [
        ("kept", 0.3, 0.2, 0.4, "low end come first"),
        ("kept", 0.1, 0.2, 0.2, "inside of the 90 % range"),
        ("kept", 0.1, 0.2, 1.0, "between 0 and 1, as it is a share"),
        (RADIO, -0.1, 0.2, 0.4, "radio: every number must be above 0"),
        (RADIO, 0.1, float("nan"), 0.4, "three numbers"),
        (RADIO, 1e-9, 1.0, 1e9, "too wide to say anything .published: 0.07"),
        (RADIO, 0.59999, 0.6, 0.60001, "too narrow"),
        (RADIO, 1e15, 2e15, 4e15, "out of all measure"),
        ("drift", -1.0, 0.0, 1.0, "too wide"),
        ("size", 0.4, 0.5, 0.6, "fixed"),
        ("carrot", 0.4, 0.5, 0.6, "There are: appeal, bend, carry"),
    ],
)
def test_nonsense_is_refused_in_words(prior, low, median, high, words):
    with pytest.raises(BadInput, match=words):
        believed(prior, low=low, median=median, high=high, source=TESTS)


def test_where_it_is_from_and_which_channel_must_be_said(tmp_path):
    label = labels.opened(tmp_path / "streams", "streams")
    numbers = {"low": 0.1, "median": 0.2, "high": 0.4}
    with pytest.raises(BadInput, match="Say where the prior of radio is from"):
        set_prior(label, RADIO, **numbers, source=" ")
    with pytest.raises(BadInput, match=r"no such channel as “radoi”\. It uses: creators, marquee"):
        set_prior(label, "cost per stream: radoi", **numbers, source=TESTS)
    set_prior(label, "carry", **numbers, source=TESTS)
    set_prior(label, "decay", **numbers, source=TESTS)
    set_prior(label, "carry", low=0.3, median=0.4, high=0.5, source=TESTS)
    own = priors_in_force(label).filter("own")
    assert dict(own.select("prior", "median").iter_rows()) == pytest.approx(
        {"carry": 0.4, "decay": 0.2}
    )
