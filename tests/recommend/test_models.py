"""Every model against arithmetic done by hand or by another road."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array

from workbench.errors import BadInput
from workbench.recommend.blend import Blend, standardised
from workbench.recommend.content import Content, unit_rows, weighted
from workbench.recommend.factors import ALS
from workbench.recommend.linear import Among, Ease, OverListeners
from workbench.recommend.model import ItemWeights, strongest
from workbench.recommend.neighbours import ItemKNN
from workbench.recommend.popular import MostPopular
from workbench.recommend.profile import by_place
from workbench.recommend.walks import RP3Beta

# listeners a, b, c; items 0, 1, 2: a has 0 1, b has 0 1 2, c has 2
SMALL = csr_matrix(np.array([[1, 1, 0], [1, 1, 1], [0, 0, 1]], dtype=np.float64))
ALONE = csr_matrix(np.eye(3))  # a profile of each single item


def planted(listeners: int = 60, items: int = 40, seed: int = 3) -> csr_matrix:
    """Return two halves of listeners that each play their own half of the items."""
    draw = np.random.default_rng(seed)
    own = (np.arange(listeners)[:, None] < listeners // 2) == (np.arange(items) < items // 2)
    return csr_matrix((draw.random((listeners, items)) < np.where(own, 0.4, 0.03)).astype(float))


def test_most_popular_scores_by_listeners():
    assert MostPopular().fit(SMALL).scores(ALONE[:2]).tolist() == [[2, 2, 2], [2, 2, 2]]
    assert MostPopular().fit(SMALL[:2]).scores(ALONE[:1]).tolist() == [[2, 2, 1]]


def test_item_knn_is_the_shrunk_cosine():
    weights = ItemKNN(neighbours=2, shrink=1.0).fit(SMALL).scores(ALONE)
    # 0 and 1 share a and b: 2 / (2 + 1); 0 and 2 share b: 1 / (2 + 1)
    assert weights == pytest.approx(
        np.array([[0, 2 / 3, 1 / 3], [2 / 3, 0, 1 / 3], [1 / 3, 1 / 3, 0]])
    )


def test_item_knn_keeps_the_nearest_of_each_scored_item():
    weights = ItemKNN(neighbours=1, shrink=1.0).fit(SMALL).scores(ALONE)
    assert weights == pytest.approx(np.array([[0, 2 / 3, 1 / 3], [2 / 3, 0, 0], [0, 0, 0]]))


def test_rp3beta_walks_to_a_listener_and_on():
    # from 0: half to a (then half to 1), half to b (then a third each)
    plain = RP3Beta(beta=0.0).fit(SMALL).scores(ALONE)
    assert plain[0] == pytest.approx([0, 1 / 4 + 1 / 6, 1 / 6])
    assert RP3Beta(beta=1.0).fit(SMALL).scores(ALONE)[0] == pytest.approx(plain[0] / 2)
    squared = RP3Beta(alpha=2.0, beta=0.0).fit(SMALL).scores(ALONE)
    assert squared[0, 2] == pytest.approx(0.5**2 * (1 / 3) ** 2)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_ease_is_a_ridge_regression_of_each_item_on_the_others(dropout):
    played = planted().toarray()
    weights = Ease(ridge=7.0, dropout=dropout, fewest=1).fit(csr_matrix(played))
    found = weights.scores(csr_matrix(np.eye(40)))
    gram = played.T @ played
    penalty = 7.0 + dropout / (1 - dropout) * np.diag(gram)
    for item in (0, 25):
        others = np.arange(40) != item
        solved = np.linalg.solve(
            (gram + np.diag(penalty))[np.ix_(others, others)], gram[others, item]
        )
        assert found[others, item] == pytest.approx(solved, abs=1e-5)
        assert found[item, item] == 0


def test_ease_over_listeners_is_ease_over_items():
    played = random_array((30, 90), density=0.2, rng=np.random.default_rng(1), format="csr")
    played = csr_matrix(played)
    narrow = Ease(20.0, 0.4, fewest=1).fit(played)
    assert isinstance(narrow.inner, OverListeners)
    # the same cells beside listeners who played nothing: now items are fewer
    empty = csr_matrix((100, 90))
    from scipy.sparse import vstack

    wide = Ease(20.0, 0.4, fewest=1).fit(csr_matrix(vstack([played, empty])))
    assert isinstance(wide.inner, ItemWeights)
    rows = csr_matrix(played[:7])
    assert narrow.scores(rows) == pytest.approx(wide.scores(rows), abs=1e-5)


def test_ease_leaves_out_items_of_too_few_listeners():
    fitted = Ease(1.0, 0.0, fewest=2).fit(SMALL[:2])
    assert isinstance(fitted, Among)
    assert fitted.kept.tolist() == [0, 1]
    assert fitted.scores(ALONE)[:, 2].tolist() == [0, 0, 0]


def test_ease_without_a_ridge_says_what_to_do():
    twins = csr_matrix(np.ones((4, 2)))
    with pytest.raises(BadInput, match="larger"):
        Ease(ridge=0.0, dropout=0.0).fit(twins)


def test_als_finds_planted_tastes_and_a_strangers_point_is_a_listeners():
    played = planted()
    fitted = ALS(factors=4, rounds=5).fit(played)
    scores = fitted.scores(played)
    own = scores[:30, :20].mean() - scores[:30, 20:].mean()
    assert own > 0.2
    # solved by hand from the definition: weights 1 on every pair, `confidence` on played ones
    row = played[:1].toarray()[0]
    weight = np.where(row > 0, 20.0 * row, 1.0)
    left = (fitted.items.T * weight) @ fitted.items + 20.0 * np.eye(4)
    expected = np.linalg.solve(left, (fitted.items.T * weight) @ (row > 0))
    assert fitted.points(played[:1])[0] == pytest.approx(expected, rel=1e-3)


def test_als_gives_the_same_answer_again():
    first, again = (ALS(factors=4, rounds=3).fit(planted()).items for _ in range(2))
    assert np.array_equal(first, again)


def test_content_sums_cosines_and_knows_items_nobody_played():
    features = unit_rows(csr_matrix(np.array([[3.0, 4.0], [1.0, 0.0], [0.0, 0.0]])))
    found = Content(features).fit(SMALL).scores(csr_matrix([[1.0, 0.0, 0.0], [1.0, 2.0, 0.0]]))
    assert found == pytest.approx(np.array([[1.0, 0.6, 0.0], [1 + 1.2, 0.6 + 2, 0.0]]))


def test_features_of_few_items_are_left_out():
    counts = csr_matrix(np.array([[1, 1, 0], [1, 0, 2], [1, 0, 2], [0, 0, 2]]))
    found = weighted(counts, fewest=3).toarray()
    # column 1 has one item; the others three of four each
    first, third = np.log(2) * np.log(4 / 3), np.log(3) * np.log(4 / 3)
    assert found[0] == pytest.approx([1, 0])
    assert found[1] == pytest.approx(np.array([first, third]) / np.hypot(first, third))


def test_standard_scores():
    found = standardised(np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]], dtype=np.float32))
    assert found == pytest.approx(np.array([[-(1.5**0.5), 0, 1.5**0.5], [0, 0, 0]]))


def test_a_blend_adds_standard_scores():
    blend = Blend(((ItemKNN(shrink=0.0), 1.0), (MostPopular(), 0.5))).fit(SMALL[:2])
    knn = standardised(ItemKNN(shrink=0.0).fit(SMALL[:2]).scores(ALONE))
    fame = standardised(np.tile(np.array([2.0, 2.0, 1.0]), (3, 1)))
    assert blend.scores(ALONE) == pytest.approx(knn + 0.5 * fame)


def test_the_strongest_of_a_row_first_ones_first():
    cells = csr_matrix(np.array([[1.0, 3.0, 3.0, 2.0], [0.0, 0.0, 5.0, 0.0], [0, 0, 0, 0]]))
    assert strongest(cells, 1).toarray().tolist() == [[0, 3, 0, 0], [0, 0, 5, 0], [0, 0, 0, 0]]
    assert strongest(cells, 3).toarray().tolist()[0] == [0, 3, 3, 2]


def test_plays_are_worth_their_place():
    counts = csr_matrix(np.array([[10, 1_000_000, 10, 0], [0, 0, 7, 0]]))
    assert by_place(counts).toarray().tolist() == [[2, 3, 2, 0], [0, 0, 3, 0]]
    assert by_place(counts, spread=0.0).toarray().tolist() == [[1, 1, 1, 0], [0, 0, 1, 0]]
