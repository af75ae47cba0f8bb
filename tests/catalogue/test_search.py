"""Search: BM25 by hand, ties, empty input, and the order that a plain product gives."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.catalogue.search import K1, B, name_index
from workbench.errors import UsageError


def test_scores_by_hand():
    # "ab" has the runs "  a", " ab", "ab "; "cd" shares none of them
    found = name_index(pl.Series(["ab", "cd"])).top(pl.Series(["AB"]))
    assert found["row"].to_list() == [0] and found["place"].to_list() == [1]
    rarity = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    each = rarity * (K1 + 1) / (1 + K1 * (1 - B + B * 3 / 3))
    assert found["score"][0] == pytest.approx(3 * each, rel=1e-6)
    assert found["share"][0] == pytest.approx(1.0)


def test_the_share_counts_what_the_name_holds():
    # of the query's runs "  a", " ab", "abx", "bx " the index knows the first two alone
    found = name_index(pl.Series(["ab", "cd"])).top(pl.Series(["abx"]))
    assert found["share"].to_list() == [pytest.approx(1.0)]
    both = name_index(pl.Series(["ab", "x bx"])).top(pl.Series(["abx"]))
    assert both["row"].to_list() == [0, 1] and both["share"].sum() == pytest.approx(1.0)


def test_misspelt_names_find_their_artist():
    names = pl.Series(["Björk", "The Beatles", "Beat Happening", None, "Sigur Rós", "Tool"])
    asked = pl.Series(["bjoerk", "Beetles", "SIGUR ROS", None, "zzzz", ""])
    found = name_index(names).top(asked, k=1)
    assert found.select("query", "row").rows() == [(0, 0), (1, 1), (2, 4)]


def test_equal_scores_go_to_the_earlier_row():
    found = name_index(pl.Series(["Same", "Other", "Same", "Same"])).top(pl.Series(["same"]), k=2)
    assert found["row"].to_list() == [0, 2]


def test_nothing_to_search():
    empty = pl.Series([], dtype=pl.String)
    assert name_index(empty).top(pl.Series(["a"])).height == 0
    assert name_index(pl.Series(["a"])).top(empty).height == 0
    with pytest.raises(UsageError):
        name_index(pl.Series(["a"])).top(pl.Series(["a"]), k=0)


@given(st.lists(st.text("abc é", max_size=8), min_size=1, max_size=12), st.integers(1, 4))
@settings(deadline=None, max_examples=60)
def test_the_best_are_the_best(names, k):
    index = name_index(pl.Series(names))
    found = index.top(pl.Series(names), k)
    assert found["place"].max() is None or found["place"].max() <= k
    asked = index._asked(pl.Series(names))
    whole = (asked @ index.weights).toarray()
    for query in range(len(names)):
        mine = found.filter(pl.col("query") == query)
        best = np.sort(whole[query][whole[query] > 0])[::-1][:k]
        assert np.allclose(mine["score"].to_numpy(), best, rtol=1e-5)
        assert mine["score"].is_sorted(descending=True)
        if names[query].strip():
            assert mine.height >= 1
