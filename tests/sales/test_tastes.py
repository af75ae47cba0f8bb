"""Taste in offers: taken where it makes later sales likelier, made of nothing that came later."""

import datetime
import shutil

import numpy as np
import polars as pl
import pytest

from workbench.audience.streamed import streamed
from workbench.dataset import make, open_dataset
from workbench.recommend.as_of import as_of, counts_before
from workbench.recommend.blend import standardised
from workbench.recommend.interactions import interactions
from workbench.sales.choice import chances
from workbench.sales.choosing import APART, BLEND, NONE, Lines, chosen
from workbench.sales.offers import offers
from workbench.sales.orders import orders
from workbench.sales.shelf import shelf
from workbench.sales.tastes import Tastes, asked, tastes

CUT = datetime.date(2026, 8, 1)


@pytest.fixture(scope="module")
def label(shop_folder, tmp_path_factory):
    """The planted shop with a recommender."""
    folder = shutil.copytree(shop_folder, tmp_path_factory.mktemp("tastes") / "label")
    make(open_dataset(str(folder)), "recommender", lambda *_: None)
    return open_dataset(str(folder), rows=True)


def lines(weight: float) -> tuple[Lines, list[np.ndarray]]:
    """900 lines of 6 products, sold by one feature and by the second of two columns of taste."""
    draw = np.random.default_rng(3)
    held, *taste = draw.normal(size=(3, 900, 6)).astype(np.float32)
    on_sale = np.ones((900, 6), bool)
    odds = chances((held, *taste), on_sale, np.array([1.0, 0.0, weight]))
    taken = np.array([draw.choice(6, p=row) for row in odds])
    day = pl.Series([CUT + datetime.timedelta(days=n // 9) for n in range(900)])
    return Lines((held,), on_sale, taken, day), taste


def test_taste_is_taken_where_it_tells_and_left_where_it_does_not():
    asked = []
    for weight, way in ((1.0, APART), (0.0, NONE)):
        held, parts = lines(weight)

        def taste(until, parts=parts):
            asked.append(until)
            return Tastes(parts, ("a", "b"), np.array([1.0, 0.0]))  # the blend hears the first

        found = chosen(held, 0, taste, seed=0)
        assert found.way == way
        gains = {(row["way"], row["stage"]): row for row in found.gains.to_dicts()}
        assert (gains[APART, "checked on"]["gain"] > 0.2) == (way == APART)
        assert abs(gains[BLEND, "checked on"]["gain"]) < 0.05
        chosen_on, learnt_until = sorted(asked[-2:])  # the choice knows less than the check
        assert chosen_on < learnt_until < held.day.max()
        assert found.checked == held.day.filter(held.day > learnt_until).len()
        worse = found.check.filter(ranking=NONE)["log_loss"][0]
        better = found.check.filter(ranking=APART)["log_loss"][0]
        assert worse - better == pytest.approx(gains[APART, "checked on"]["gain"])


def test_the_recommender_of_a_day_has_seen_nothing_later(label):
    plays = label.table("plays").with_columns(day=pl.col("played_at").dt.date())
    songs, streams = interactions(label).tracks, streamed(label)
    seen = counts_before(streams, songs, CUT)
    assert seen.sum() == plays.filter(pl.col("day") < CUT, pl.col("ms_played") >= 30_000).height
    whole = counts_before(streams, songs, datetime.date(2100, 1, 1))
    assert (whole != interactions(label).counts).nnz == 0
    profile = seen[:5].astype(np.float32)
    then, now = as_of(label, CUT).scores(profile), as_of(label, None).scores(profile)
    everything = as_of(label, datetime.date(2100, 1, 1)).scores(profile)
    assert np.abs(then - now).max() > 0.05
    assert everything == pytest.approx(now, abs=0.02)  # but for what was bought


def test_songs_are_alike_on_every_day(label):
    sold = orders(label)
    held = shelf(label, sold)
    of = asked(label, held, sold.items)
    then, now = tastes(label, of, CUT), tastes(label, of, None)
    assert not np.array_equal(then.parts[0], now.parts[0])
    assert np.abs(now.parts[-1]).max() > 0.5
    alike = as_of(label, CUT).parts[-1][0]
    scores = standardised(alike.scores(of.rows))
    assert then.parts[-1] == pytest.approx((of.songs @ scores.T).T, abs=1e-5)


def test_offers_say_whether_taste_helped(label):
    found = offers(label)
    assert found.untried is None
    assert set(found.gains["stage"]) <= {"chosen on", "checked on"}
    assert found.check["ranking"].to_list()[-1] == "most sold"
    tasted = found.weights["feature"].str.starts_with("taste").any()
    assert tasted == (found.way != NONE)
