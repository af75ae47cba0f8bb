"""Draws of a team's own model: the lab answers as their formula does, and odd draws are refused."""

import datetime

import numpy as np
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.promotion.draws import LEAD
from workbench.promotion.earnings import Earning
from workbench.promotion.gains import gains
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import channel_summary
from workbench.promotion.past_window import won
from workbench.promotion.plan import Plan
from workbench.promotion.scenes import clock_zero, prepared, same_window
from workbench.store.change import change

FIRST, WEEKS, DRAWS = datetime.date(2024, 1, 5), 40, 120
LAM, BETA, ALPHA, SCALE = 2.0, 3000.0, 0.5, 400.0
MAKE = {"progress": lambda done, total, text: None}


def label(folder, draws: pl.DataFrame, tracks: int = 1):
    """Write a label of one total with one channel, and draws of its effect."""
    ids = [f"t{i}" for i in range(tracks)]
    weeks = [FIRST + datetime.timedelta(weeks=t) for t in range(WEEKS)]
    rng = np.random.default_rng(0)
    streams = pl.DataFrame(
        [
            ("track", one, week + datetime.timedelta(d), "WW", "all", 1400 + int(rng.integers(200)))
            for one in ids for week in weeks for d in range(7)
        ],
        schema=["entity", "entity_id", "day", "territory", "store", "streams"], orient="row",
    )  # fmt: skip
    spend = [(f"c{t}", "tv", week, "WW", ids[0], 100.0 + 50 * (t % 5), "EUR", 7)
             for t, week in enumerate(weeks)]  # fmt: skip
    head = ["campaign_id", "channel", "day", "territory", "track_id", "spend", "currency", "days"]
    with change(folder) as writing:
        writing.put("artists", pl.DataFrame({"artist_id": ["a"], "name": ["A"]}), source="test")
        catalogue = {"track_id": ids, "title": ids, "artist_id": "a", "status": "released",
                     "release_date": datetime.date(2020, 1, 3)}  # fmt: skip
        writing.put("tracks", pl.DataFrame(catalogue), source="test")
        writing.put("daily_streams", streams, source="test")
        writing.put("campaigns", pl.DataFrame(spend, schema=head, orient="row"), source="test")
        writing.put("channel_draws", draws, source="test")
    return open_dataset(str(folder))


def drawn(count: int = DRAWS, **changed) -> pl.DataFrame:
    values = {"channel": "tv", "adstock_kind": "geometric", "saturation_kind": "logistic",
              "adstock": ALPHA, "saturation": LAM, "spend_scale": SCALE}  # fmt: skip
    effect = BETA * np.linspace(0.9, 1.1, count)
    return pl.DataFrame({"draw": range(count), "effect": effect} | values | changed)


FORMULAS = {
    "logistic": lambda x: (1 - np.exp(-LAM * x)) / (1 + np.exp(-LAM * x)),
    "michaelis_menten": lambda x: x / (x + LAM),
}


@pytest.mark.parametrize("kind", list(FORMULAS))
def test_the_lab_answers_as_the_formula_of_the_other_model_does(tmp_path, kind):
    own = label(tmp_path / "own", drawn(saturation_kind=kind))
    make(own, "promotion", **MAKE)
    none = Plan(track_id="t0", weeks=13, flight=(0, 4))
    plan = none.with_spend({"tv": 4 * SCALE})
    found = plan_outcome(own, plan=plan, current=none)
    stock, expected = 0.0, 0.0
    for week in range(13):
        stock = (1 - ALPHA) * SCALE * (week < 4) + ALPHA * stock
        expected += BETA * FORMULAS[kind](stock / SCALE)
    brought = found.totals.row(by_predicate=pl.col("measure") == "brought", named=True)
    assert brought["scenario_median"] == pytest.approx(expected, rel=1e-3)
    # ten per cent either way, of which nine tenths lie in the 90 % interval
    assert brought["scenario_low"] == pytest.approx(0.91 * expected, rel=5e-3)
    assert "own" in found.warnings["kind"].to_list()
    carry = channel_summary(own).filter(parameter="carry")
    assert carry["median"].to_list() == pytest.approx([ALPHA])
    weekly = own.fit("promotion").frames["weekly"]
    assert weekly["expected"].sum() == pytest.approx(weekly["streams"].sum(), rel=1e-6)
    # the tables of the optimiser and the looking back say the same as the sliders
    fit, (dated,) = own.fit("promotion"), same_window(own.fit("promotion"), plan)
    one = prepared(fit, own.version("promotion"), dated)
    money = np.array([[4 * SCALE]])
    paid = (Earning(one, np.ones(1)),)
    table = gains(paid, dated, clock_zero(one, dated), 3 * money, mean=True)
    value, slope = (float(found[0, 0]) for found in table.brought(money.ravel()))
    more, _ = table.brought(1.001 * money.ravel())
    assert value == pytest.approx(expected, rel=5e-3)
    assert slope == pytest.approx((more[0, 0] - value) / (0.001 * money[0, 0]), rel=0.02)
    spend = np.zeros((LEAD + 13, 1, 1))
    spend[LEAD : LEAD + 4] = SCALE
    assert np.median(won(one, spend, spend).total) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("draws", "tracks", "kind", "words"),
    [
        (drawn(), 2, BadInput, "of one total, and this label has 2 tracks"),
        (drawn(channel="print"), 1, BadInput, "of print; the label's campaigns are of tv"),
        (drawn(50), 1, NotEnoughEvidence, "at least 100 draws; there are 50"),
        (drawn(effect=3e6), 1, BadInput, "Are their effects streams a week"),
        (
            drawn(saturation_kind=pl.Series(["logistic", "michaelis_menten"] * 60)),
            1,
            BadInput,
            "`saturation_kind` must be the same",
        ),
        (drawn(spend_scale=np.linspace(1, 2, DRAWS)), 1, BadInput, "must be the same on all"),
    ],
)
def test_draws_that_cannot_be_used_are_refused(tmp_path, draws, tracks, kind, words):
    with pytest.raises(kind, match=words):
        make(label(tmp_path / "own", draws, tracks), "promotion", **MAKE)


def test_another_form_is_refused_before_it_is_stored(tmp_path):
    with pytest.raises(BadInput, match="saturation_kind"):
        label(tmp_path / "own", drawn(saturation_kind="hill"))
