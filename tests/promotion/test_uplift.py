"""Uplift: Qini by hand, planted differences found, nothing found where there is nothing."""

import hashlib

import numpy as np
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.promotion import policy
from workbench.promotion.balance import balance
from workbench.promotion.learners import ranked_forward, t_learner, x_learner
from workbench.promotion.ordering import ordering
from workbench.promotion.qini import area, normalised, perfect, ranked, uplift_at, zero
from workbench.promotion.trial import Trial, difference, trial
from workbench.promotion.uplift import experiments_held, uplift
from workbench.promotion.uplift_export import hashed_targets
from workbench.store.change import change

TREATED, OUTCOME = np.array([1.0, 0, 1, 0]), np.array([1.0, 0, 0, 1])


def rows(name: str, effect, *, seed: int = 1, count: int = 1800) -> pl.DataFrame:
    """Return an experiment: `effect(fan, age)` is added to a chance of 20 %; half are treated."""
    draw = np.random.default_rng(seed)
    fan, age = (draw.random(count) < 0.4).astype(float), draw.integers(18, 60, count).astype(float)
    hit = draw.random(count) < 0.5
    came = draw.random(count) < 0.2 + hit * effect(fan, age)
    return pl.DataFrame(
        {
            "experiment": [name] * count,
            "unit": [f"{name}{i:05d}" for i in range(count)],
            "arm": np.where(hit, "letter", "no letter"),
            "outcome": came.astype(float),
            "covariates": [
                [{"name": "fan", "value": f}, {"name": "age", "value": a if a > 20 else None}]
                for f, a in zip(fan, age, strict=True)
            ],
        }
    )


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    planted = rows("planted", lambda fan, age: 0.3 * fan)
    folder = tmp_path_factory.mktemp("tests") / "label"
    with change(folder) as writing:
        same = rows("same", lambda fan, age: 0.1)
        few = rows("few", lambda fan, age: 0.3 * fan, count=150)
        bare = planted.with_columns(pl.lit("bare").alias("experiment"), covariates=None)
        rare = rows("rare", lambda fan, age: 0.1, count=400).with_columns(
            outcome=pl.when(pl.int_range(400).is_in([3, 4])).then(1.0).otherwise(0.0)
        )
        writing.put("experiments", pl.concat([planted, same, few, bare, rare]), source="test")
        people = planted.select(
            listener_id="unit", consent=pl.col("unit").str.ends_with("7").not_()
        )  # nine in ten
        writing.put("listeners", people, source="test")
    return open_dataset(str(folder))


def test_the_curve_of_four_units_by_hand():
    right = ranked(np.array([4.0, 3, 2, 1]), TREATED, OUTCOME)
    wrong = ranked(np.array([1.0, 2, 3, 4]), TREATED, OUTCOME)
    assert right.gains()[1].tolist() == [0, 1, 1, 1, 0]
    assert wrong.gains()[1].tolist() == [0, 0, -1, -0.5, 0]
    best = perfect(TREATED, OUTCOME)
    assert area(*right.gains()) == area(*best.gains()) == 3.0  # AUUC; that of chance is 0
    assert area(*wrong.gains()) == -1.5
    assert normalised(right, best) == 1.0
    assert normalised(wrong, best) == pytest.approx(-0.5)
    assert uplift_at(right, 0.5) == 1.0


def test_equal_scores_are_taken_together_and_are_chance():
    flat = ranked(np.zeros(4), TREATED, OUTCOME)
    taken, gain = flat.gains()
    assert taken.tolist() == [0, 4]
    assert gain.tolist() == [0, 0]
    assert normalised(flat, perfect(TREATED, OUTCOME)) == 0.0


def test_a_weight_counts_as_units_that_stand_again():
    draw = np.random.default_rng(3)
    score, outcome = draw.random(40), draw.random(40)
    hit, times = (draw.random(40) < 0.5).astype(float), draw.integers(0, 4, 40)
    weighed = normalised(ranked(score, hit, outcome), perfect(hit, outcome), times.astype(float))
    again = [np.repeat(values, times) for values in (score, hit, outcome)]
    assert weighed == pytest.approx(normalised(ranked(*again), perfect(*again[1:])))


def test_a_constant_added_to_the_outcome_changes_nothing():
    draw = np.random.default_rng(1)
    x, hit = draw.standard_normal((600, 2)), (draw.random(600) < 0.5).astype(float)
    plain = draw.standard_normal(600) + hit * 4 * (x[:, 0] > 0)
    units, told = pl.Series(map(str, range(600))), []
    for shift in (0.0, -5.0, 100.0):  # a change of streams is often below zero
        made = Trial("ad", "none", units, hit, plain + shift, ("a", "b"), x, 0)
        used = ordering(made, 10, 0).learners.filter("used")
        told.append(used.select("qini", "low", "high").row(0))
    assert told[0][1] > 0.2
    assert told[1] == pytest.approx(told[0])
    assert told[2] == pytest.approx(told[0])
    assert zero(hit, hit) == 0.0  # a yes or no is counted as it stands
    nothing = Trial("ad", "none", units, hit, np.zeros(600), ("a", "b"), x, 0)
    with pytest.raises(NotEnoughEvidence, match="No order of the units can be judged"):
        ordering(nothing, 10, 0)


@pytest.mark.parametrize("learner", [t_learner, x_learner])
def test_both_learners_rank_those_who_respond_first(learner):
    found = trial(rows("a", lambda fan, age: 0.3 * fan, count=800), None, None, 10)
    ranked_rows, score = ranked_forward(learner, found.x, found.hit, found.outcome)
    assert len(score) == pytest.approx(800 * 4 / 6, abs=4)
    fan = found.x[ranked_rows, found.names.index("fan")]
    assert score[fan == 1].mean() > score[fan == 0].mean() + 0.3


def test_a_planted_difference_is_found_and_paid_out(label):
    found = uplift(label, experiment="planted", worth=10.0, cost=1.0)
    assert (found.treated, found.control) == ("letter", "no letter")
    assert found.low < 0.3 * 0.4 < found.high
    assert found.verdict == "targetable"
    assert found.learners.filter("used")["low"].item() > 0
    first = found.groups.row(0, named=True)
    assert "fan" in first["group"]
    assert "not fan" not in first["group"]
    truth = found.groups.with_columns(
        truth=0.3 * (~pl.col("group").str.contains("not fan")).cast(pl.Float64)
    )
    assert truth.select((pl.col("truth") > 0) == pl.col("treat")).to_series().all()
    far = (pl.col("effect") - pl.col("truth")).abs() > pl.col("high") - pl.col("low")  # 3.3 errors
    assert not truth.select(far).to_series().any()
    every, chosen, more = found.plans.to_dicts()
    assert chosen["gain"] == pytest.approx(every["gain"] + more["gain"])
    assert chosen["units"] == pytest.approx(every["units"] - more["units"], abs=5)  # in fives
    assert more["low"] > 0
    assert found.at["uplift"][0] > found.effect
    arms = dict(found.arms.select("arm", "mean").iter_rows())
    end = found.curve.row(-1, named=True)
    assert end["share"] == 1.0
    assert end["low"] < arms["letter"] - arms["no letter"] < end["high"]
    assert end["gain"] == pytest.approx(found.effect, abs=0.03)  # of the units ranked
    fifth = found.curve.filter(pl.col("share").is_close(0.2, abs_tol=1e-9))["gain"].item()
    assert fifth / 0.2 == pytest.approx(found.at["uplift"][1], rel=0.05)
    assert not found.balance.doubted
    assert "age not known" in found.balance.covariates["covariate"]


def test_a_group_that_loses_on_the_other_half_is_not_treated():
    # group 0 gains 1 a unit on both halves; 1 gains where it was chosen, and loses on the other;
    # 2 is the other way round
    of = np.repeat([0, 1, 2], 40)
    hit, learnt = np.tile([1.0, 0.0], 60), np.tile([True, True, False, False], 30)
    effect = np.where(learnt, np.array([1, 1, -1])[of], np.array([1, -0.5, 0.5])[of])
    units = pl.Series(map(str, range(120)))
    scatter = np.tile([0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0], 15)
    made = Trial("ad", "none", units, hit, hit * effect + scatter, ("a",), of[:, None] * 1.0, 0)
    cut = policy.Groups(("both", "lost", "late"), of, learnt, ~learnt)
    rows = {row["group"]: row for row in policy.group_table(made, cut, 1.0, 0.0).to_dicts()}
    assert [rows[name]["gain"] for name in cut.words] == pytest.approx([1.0, -0.5, 0.5])
    assert [rows[name]["treat"] for name in cut.words] == [True, False, False]
    assert policy.paying(made, cut, 1.0, 0.0).tolist() == (of == 0).tolist()
    plans = {row["whom"]: row for row in policy.plans(made, cut, 1.0, 0.0).to_dicts()}
    assert plans["everybody"]["gain"] == pytest.approx(40.0)  # 40 - 20 + 20
    assert plans["chosen groups"]["gain"] == pytest.approx(40.0)
    assert plans["more than everybody"]["gain"] == pytest.approx(0.0)
    assert plans["more than everybody"]["units"] == 80
    assert plans["more than everybody"]["low"] < 0


def test_the_same_effect_for_everybody_is_no_targetable_difference(label):
    found = uplift(label, experiment="same")
    assert found.verdict == "none"
    assert found.groups["group"].to_list() == ["everybody"]
    assert found.groups["treat"].item()
    assert found.plans["whom"].to_list() == ["everybody"]
    low, high = found.learners.filter("used").select("low", "high").row(0)
    assert low < 0 < high


def test_a_list_to_take_away_is_whole_hundreds_of_those_who_consented(label):
    found = uplift(label, experiment="planted", worth=10.0, cost=1.0)
    hashes = hashed_targets(label, experiment="planted", worth=10.0, cost=1.0)["sha256"]
    chosen = found.plans["units"][1]
    assert hashes.len() == 0.9 * chosen // 100 * 100
    assert hashes.is_sorted()
    units = [f"planted{i:05d}" for i in range(1800)]
    allowed = {hashlib.sha256(u.encode()).hexdigest() for u in units if not u.endswith("7")}
    assert set(hashes) <= allowed
    with pytest.raises(NotEnoughEvidence, match="Fewer than 100"):
        hashed_targets(label, experiment="planted", worth=1.0, cost=0.9)
    with pytest.raises(NotEnoughEvidence, match="Nobody can be told apart"):
        hashed_targets(label, experiment="same")


def test_one_covariate_is_enough():
    one = pl.concat(
        [arm(name, [0.0, 1.0] * 60, [{"name": "fan", "value": 1.0}]) for name in ("ad", "control")]
    )
    whole = one.with_columns(
        covariates=pl.when(pl.int_range(pl.len()) % 3 == 0)
        .then(pl.lit([{"name": "fan", "value": 0.0}], dtype=label_type()))
        .otherwise("covariates")
    )
    found = trial(whole, None, None, 10)
    assert found.names == ("fan",)
    _, score = ranked_forward(x_learner, found.x, found.hit, found.outcome)
    assert np.isfinite(score).all()


def test_few_units_and_no_covariates_leave_the_average(label):
    for name, verdict in (("few", "few"), ("rare", "few"), ("bare", "bare")):
        found = uplift(label, experiment=name)
        assert found.verdict == verdict
        assert found.low < found.effect < found.high
        assert found.curve.is_empty()
        assert found.ranked == 0
    assert found.balance.chance is None


def test_what_cannot_be_asked_is_said(label):
    with pytest.raises(BadInput, match="no experiment “nowhere”"):
        uplift(label, experiment="nowhere")
    with pytest.raises(BadInput, match="zero or more"):
        uplift(label, experiment="few", cost=-1.0)


def test_arms_are_told_in_fives(label):
    held = experiments_held(label)
    assert held.filter(experiment="few")["units"].sum() == pytest.approx(150, abs=5)
    assert (held["units"] % 5 == 0).all()


def arm(name: str, outcome: list[float], covariates=None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "experiment": "x", "unit": [f"{name}{i}" for i in range(len(outcome))], "arm": name,
            "outcome": outcome, "covariates": [covariates] * len(outcome),
        },
        schema_overrides={"covariates": label_type()},
    )  # fmt: skip


def label_type() -> pl.DataType:
    return pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))


def test_average_effect_by_hand():
    whole = pl.concat([arm("control", [1.0, 2.0, 3.0]), arm("ad", [3.0, 4.0, 5.0, float("nan")])])
    found = trial(whole, None, None, 2)
    assert (found.treated_arm, found.control_arm, found.left_out) == ("ad", "control", 1)
    effect, error = difference(found.hit, found.outcome)
    assert effect == 2.0
    assert error == pytest.approx((1 / 3 + 1 / 3) ** 0.5)


def test_none_in_an_arm_is_no_certainty():
    hit = np.repeat([1.0, 0.0], 50)
    effect, error = difference(hit, np.zeros(100), chance=True)
    assert effect == 0.0
    assert error == pytest.approx((2 * 1 / 52 * 51 / 52 / 52) ** 0.5)
    half = np.tile([0.0, 1.0], 50)
    plain = difference(hit, half)[1]
    assert difference(hit, half, chance=True)[1] == pytest.approx(plain, rel=0.03)


@pytest.mark.parametrize(
    ("outcome", "value", "words"),
    [(1e200, 1.0, "outcome of a unit is 1e.200"), (1.0, 1e39, "“reach” of a unit is 1e.39")],
)
def test_numbers_too_large_to_compute_are_refused(outcome, value, words):
    known = [{"name": "reach", "value": value}]
    whole = pl.concat([arm("ad", [outcome, 0.0] * 9, known), arm("control", [0.0, 1.0] * 9)])
    with pytest.raises(BadInput, match=words):
        trial(whole, None, None, 10)


def test_three_arms_are_told_apart_by_choice():
    whole = pl.concat([arm(n, [0.0, 1.0] * 10) for n in ("b", "a-mail", "d")])
    assert trial(whole, "d", "b", 10).treated_arm == "d"
    with pytest.raises(BadInput, match="no arm “e”; it has a-mail, b, d"):
        trial(whole, "e", None, 10)
    with pytest.raises(BadInput, match="two arms"):
        trial(whole, "d", "d", 10)


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (arm("only", [0.0, 1.0] * 9), "all its units are in arm “only”"),
        (pl.concat([arm("ad", [1.0] * 20), arm("control", [1.0] * 20)]), "is 1 for every unit"),
        (pl.concat([arm("ad", [1.0] * 20), arm("control", [0.0] * 3)]), "Arm “control” has fewer"),
        (pl.concat([arm("ad", [float("nan")] * 20)]), "no unit has an outcome"),
    ],
)
def test_bad_experiments_are_answered_in_words(whole, words):
    with pytest.raises(NotEnoughEvidence, match=words):
        trial(whole, None, None, 10)


def test_a_lot_that_was_no_lot_is_doubted():
    fans = [{"name": "fan", "value": 1.0}]
    whole = pl.concat(
        [
            arm("ad", [0.0, 1.0] * 20, fans),
            arm("control", [0.0, 1.0] * 20, [{"name": "fan", "value": 0.0}]),
        ]
    )
    found = balance(trial(whole, None, None, 10), 10)
    assert found.doubted
    assert found.covariates.row(0)[:3] == ("fan", 1.0, 0.0)
