"""Over-index by hand: shrinkage, interval, support and the correction for many questions."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.audience.overindex import judged, overindex, share_interval


def counts(*rows: tuple[int, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=["count", "size", "population_count", "population"], orient="row"
    )


def test_index_is_the_shrunk_share_over_the_populations():
    # Population share 0.2; (60 + 20 x 0.2) / (100 + 20) = 0.5333 -> 266.67. Unshrunk it would
    # be 300.
    row = overindex(counts((60, 100, 200, 1000))).row(0, named=True)
    assert row["index"] == pytest.approx(100 * (64 / 120) / 0.2)
    assert row["share"] == 0.6
    assert row["population_share"] == 0.2
    assert row["low"] < row["index"] < row["high"]


def test_z_is_the_difference_of_log_odds_over_its_error():
    row = overindex(counts((60, 100, 200, 1000))).row(0, named=True)
    inside, outside = (64, 56), (144, 776)
    delta = math.log(inside[0] / inside[1]) - math.log(outside[0] / outside[1])
    error = math.sqrt(sum(1 / v for v in (*inside, *outside)))
    assert row["z"] == pytest.approx(delta / error)
    assert row["apart"]


def test_interval_is_the_beta_posterior():
    # Share 0.05 of the population, 0 of 0 expected: with size 19 and count 0 the posterior is
    # Beta(1, 38), whose quantile has the closed form 1 - (1 - q) ** (1 / 38).
    row = overindex(counts((0, 19, 50, 1000)), min_support=0).row(0, named=True)
    assert row["low"] == pytest.approx(100 * (1 - 0.95 ** (1 / 38)) / 0.05)
    assert row["high"] == pytest.approx(100 * (1 - 0.05 ** (1 / 38)) / 0.05)


def test_one_listener_of_a_rare_artist_is_no_finding():
    # The bare index would be (1/10) / (1/10000) x 100 = 100,000.
    row = overindex(counts((1, 10, 1, 10_000))).row(0, named=True)
    assert not row["supported"]
    assert row["index"] is None
    assert row["q"] is None
    assert not row["apart"]


def test_absence_where_many_were_expected_is_supported():
    row = overindex(counts((0, 200, 300, 1000))).row(0, named=True)
    assert row["supported"]
    assert row["apart"]
    assert row["high"] < 100


def test_what_everybody_has_sets_nobody_apart():
    row = overindex(counts((100, 100, 1000, 1000))).row(0, named=True)
    assert not row["supported"]


def test_q_is_benjamini_hochberg_over_supported_rows_only():
    rows = [(60, 100, 200, 1000), (24, 100, 200, 1000), (20, 100, 200, 1000), (1, 10, 1, 1000)]
    frame = overindex(counts(*rows))
    p = [math.erfc(abs(z) / math.sqrt(2)) for z in frame["z"].drop_nulls()]
    order = sorted(range(3), key=lambda i: p[i])
    expected = [0.0] * 3
    running = 1.0
    for rank in (3, 2, 1):
        i = order[rank - 1]
        running = min(running, p[i] * 3 / rank)
        expected[i] = running
    assert frame["q"].to_list()[:3] == pytest.approx(expected)
    assert frame["q"][3] is None


def test_shown_tests_are_coarse_and_decided_before():
    shown = judged(pl.DataFrame({"z": [1.99, 1.94, -7.4, None]}))
    assert shown["z"].to_list() == [2, 2, -7, None]
    assert shown["q"].to_list() == [0.05, 0.05, 0, None]
    assert shown["apart"].to_list() == [False, False, True, False]  # 0.052 is not 0.05


def test_chance_alone_sets_nothing_apart():
    # 400 groups drawn from one population: at a false-discovery rate of 5 % hardly any may
    # stand out.
    import numpy as np

    draw = np.random.default_rng(3)
    inside = draw.binomial(200, 0.3, 400)
    everyone = inside + draw.binomial(800, 0.3, 400)
    frame = overindex(
        counts(*((int(a), 200, int(b), 1000) for a, b in zip(inside, everyone, strict=True)))
    )
    assert frame["supported"].all()
    assert frame["apart"].sum() <= 4


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 2000))
def test_index_lies_between_the_population_and_the_bare_share(size, count, others):
    count = min(count, size)
    population = size + 2000
    has = count + others
    if not 10 <= has < population:
        return
    row = overindex(counts((count, size, has, population)), min_support=0).row(0, named=True)
    bare = 100 * (count / size) / (has / population)
    low, high = sorted((100.0, bare))
    assert low - 1e-9 <= row["index"] <= high + 1e-9


def test_share_interval_is_wilsons():
    # Wilson 90 % for 10 of 40, worked with z = 1.6449: centre (0.25 + 0.033819) / 1.067638,
    # half width 0.110123.
    ends = share_interval(pl.lit(10), pl.lit(40))
    low, high = pl.select(low=ends[0], high=ends[1]).row(0)
    assert low == pytest.approx(0.15572, abs=5e-5)
    assert high == pytest.approx(0.37596, abs=5e-5)
