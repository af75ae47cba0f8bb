"""The training: what an epoch reads, a run that was stopped, weighing and thresholds by hand."""

import numpy as np
import pytest
import torch

from workbench.lyrics.training import plan
from workbench.lyrics.training.blend import fitted, joined, weighed
from workbench.lyrics.training.evaluation import expected_thresholds, interval
from workbench.lyrics.training.examples import (
    AFFECTS,
    EMOTIONS,
    OUTPUTS,
    PLUTCHIK,
    SETS,
    Examples,
)
from workbench.lyrics.training.fit import Linear
from workbench.lyrics.training.plan import epoch_steps, loss, share_of_peak
from workbench.lyrics.training.tune import Tuning

WORDS = ("glad", "sorry", "furious", "afraid", "the", "sea", "again", "never", "you", "I")


def few(count: int) -> Examples:
    """Return `count` short texts with drawn targets, one set after the other."""
    random = np.random.default_rng(3)
    texts = [" ".join(random.choice(WORDS, 1 + i % 9)) for i in range(count)]
    sets = np.arange(count) % len(SETS)
    targets = np.full((count, len(OUTPUTS)), np.nan, np.float32)
    for number, place in enumerate((EMOTIONS, PLUTCHIK, AFFECTS)):
        wide = place.stop - place.start
        drawn = random.normal(size=((sets == number).sum(), wide))
        targets[sets == number, place] = drawn if place == AFFECTS else drawn > 1
    return Examples(texts, sets, targets, np.full(3, 3.0), np.ones(3))


def test_an_epoch_reads_every_text_of_two_sets_once_and_a_part_of_the_third(monkeypatch):
    monkeypatch.setattr(plan, "POOL", 64)
    train = few(300)
    lengths = np.array([len(text.split()) + 2 for text in train.texts])
    steps = epoch_steps(train, lengths, 0, 0)
    rows = [row for step in steps for part in step for row in part]
    read = np.bincount(train.sets[rows], minlength=3)
    assert len(rows) == len(set(rows))
    assert read.tolist() == [100, 33, 100]
    for step in steps:
        assert len(step) <= plan.PARTS
        assert all(len(part) * lengths[part].max() <= plan.PART for part in step)
    assert epoch_steps(train, lengths, 0, 0) == steps
    assert epoch_steps(train, lengths, 0, 1) != steps


def test_an_error_counts_only_what_the_set_knows():
    said = torch.zeros(1, len(OUTPUTS))
    wanted = torch.full((1, len(OUTPUTS)), float("nan"))
    assert float(loss(said, wanted)) == 0
    wanted[0, :2] = torch.tensor([1.0, 0.0])
    assert float(loss(said, wanted)) == pytest.approx(2 * np.log(2), rel=1e-5)
    wanted[0, AFFECTS] = torch.tensor([1.0, -2.0, 0.0])
    assert float(loss(said, wanted)) == pytest.approx(2 * np.log(2) + 5, rel=1e-5)


def test_steps_grow_stay_and_shrink():
    shares = [share_of_peak(step, 1_000) for step in range(1_000)]
    assert shares[0] == pytest.approx(1 / 185)
    assert shares[184:681] == [1.0] * 497
    assert shares[840] == pytest.approx(0.5)
    assert shares[999] == pytest.approx(1 / 320)


def test_a_run_that_was_stopped_goes_on_bit_for_bit(tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "PART", 24)
    train = few(12)
    one = Tuning(train, tmp_path / "one", seed=0, threads=1)
    steps = epoch_steps(train, one.lower.lengths, 0, 0)
    assert len(steps) >= 1
    errors = [one.step(step, 8) for step in steps * 8][:6]
    two = Tuning(train, tmp_path / "two", seed=0, threads=2)
    for step in (steps * 8)[:3]:
        two.step(step, 8)
    two.save()
    again = Tuning(train, tmp_path / "two", seed=0, threads=2)
    assert again.done == 3
    assert [again.step(step, 8) for step in (steps * 8)[3:6]] == errors[3:6]


def test_weighing_finds_what_made_the_labels():
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 20_000, 3)) * 2
    odds = 0.9 * first + 0.3 * second + np.array([-1.0, 0.0, 1.0])
    wanted = random.random(odds.shape) < 1 / (1 + np.exp(-odds))
    found = weighed(first, second, wanted)
    assert np.abs(found[0] - 0.9).max() < 0.05
    assert np.abs(found[1] - 0.3).max() < 0.05
    assert np.abs(found[2] - [-1, 0, 1]).max() < 0.08


def test_a_label_without_rows_leans_on_the_others():
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 2_000, 2)) * 2 - 4
    wanted = random.random(first.shape) < 1 / (1 + np.exp(-first))
    wanted[:, 1] = False
    found = weighed(first, second, wanted)
    assert np.isfinite(found).all()
    assert found[0, 1] == pytest.approx(found[0, 0], abs=0.5)


def test_least_squares_and_one_head_say_the_same():
    random = np.random.default_rng(0)
    frozen = Linear(random.normal(size=(5, 3)), random.normal(size=3))
    rows, said = random.normal(size=(50, 5)), random.normal(size=(50, len(OUTPUTS)))
    wanted = 0.5 * said[:, AFFECTS] + 2 * frozen(rows) + 1
    weights = fitted(said[:, AFFECTS], frozen(rows), wanted)
    assert np.allclose(weights, np.array([[0.5], [2], [1]]))
    head = joined(weights, frozen, AFFECTS, len(OUTPUTS))
    assert np.abs(head(np.concatenate([rows, said], axis=1)) - wanted).max() < 1e-4


def test_the_threshold_of_the_best_expected_f1_by_hand():
    # passing one: 2 * .9 / (1 + 1.5) = .72; two: 2 * 1.4 / 3.5 = .8; three: 3 / 4.5 = .667
    assert expected_thresholds(np.array([[0.1], [0.9], [0.5]]))[0] == pytest.approx(0.5)
    assert expected_thresholds(np.array([[0.1], [0.9], [0.2]]))[0] == pytest.approx(0.9)


def test_an_interval_draws_rows_or_whole_groups_again():
    values = np.array([0.0] * 50 + [1.0] * 50)

    def mean(drawn):
        return float(values[drawn].mean())

    # one standard error of a share of a half is .05 over 100 rows, .5 over two groups
    low, high = interval(mean, 100)
    assert (low, high) == (pytest.approx(0.4, abs=0.02), pytest.approx(0.6, abs=0.02))
    assert interval(mean, 100, groups=values) == (0.0, 1.0)
    assert interval(mean, 100) == interval(mean, 100)
