"""What a benchmark prints can be read by people and by programs."""

import json

import pytest

from benchmarks.report import Figure, measured, percentile, show


def test_a_goal_holds_in_the_right_direction():
    assert Figure("time", 20.0, "ms", goal=20.0).holds is True
    assert Figure("time", 20.1, "ms", goal=20.0).holds is False
    assert Figure("F1", 0.41, goal=0.40, more_is_better=True).holds is True
    assert Figure("F1", 0.39, goal=0.40, more_is_better=True).holds is False
    assert Figure("rows", 3).holds is None


def test_what_is_not_a_number_never_holds():
    assert Figure("time", float("nan"), goal=1.0).holds is False
    assert Figure("F1", float("nan"), goal=0.1, more_is_better=True).holds is False


def test_repeats_give_their_median_and_their_ends():
    figure = measured("time", [0.3, 0.1, 0.2, 9.0], anchor=0.5)
    assert (figure.value, figure.spread) == (0.25, (0.1, 9.0))
    assert figure.ratio == pytest.approx(0.5)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10), (0, 1)])
def test_percentiles_are_values_that_occurred(share, expected):
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == expected


def test_the_last_line_is_json_and_the_table_is_aligned(capsys):
    slow = Figure("slider, p95", 23.456, "ms", anchor=46.912, goal=20, spread=(20, 31))
    show("What-if", [slow, Figure("pages", 12)])
    lines = capsys.readouterr().out.rstrip().splitlines()
    assert json.loads(lines[-1]) == [
        {"name": "slider, p95", "value": 23.456, "unit": "ms", "anchor": 46.912, "goal": 20,
         "holds": False},
        {"name": "pages", "value": 12, "unit": "", "anchor": None, "goal": None, "holds": None},
    ]  # fmt: skip
    table = [line for line in lines if line.startswith("|")]
    assert len({len(line) for line in table}) == 1
    cells = [cell.strip() for cell in table[2].strip("|").split("|")]
    assert cells == ["slider, p95", "23.5 ms", "46.9 ms", "0.50", "≤ 20.0 ms", "NO", "20.0-31.0"]
