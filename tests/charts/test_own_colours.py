"""Points coloured by an own column: numbers on a scale, the rest in grey."""

import math
from decimal import Decimal

import plotly.graph_objects as go
import pytest

from workbench.charts import theme
from workbench.charts.own_colours import own_legend, own_marker


def drawn(values: list) -> go.Figure:
    rows = [{"own": value} for value in values]
    figure = theme.figure()
    figure.add_scatter(x=values, y=values, mode="markers", marker=own_marker(rows, "own"))
    own_legend(figure, rows, "own")
    return figure


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_points_without_a_number_are_grey_beside_a_scale(missing):
    figure = drawn([2.0, missing, 5.0])
    marker = figure.data[0].marker
    assert list(marker.color) == [2.0, theme.GREY, 5.0]
    assert (marker.cmin, marker.cmax) == (2.0, 5.0)
    assert [trace.name for trace in figure.data[1:]] == ["no value"]


def test_a_scale_of_numbers_everywhere_needs_no_legend():
    figure = drawn([1, Decimal("2.5")])
    assert list(figure.data[0].marker.color) == [1.0, 2.5]
    assert len(figure.data) == 1


def test_a_scale_of_one_number_has_width():
    marker = drawn([3, 3]).data[0].marker
    assert (marker.cmin, marker.cmax) == (2.5, 3.5)


def test_truth_values_are_named_not_measured():
    figure = drawn([True, False, True, None])
    assert [trace.name for trace in figure.data[1:]] == ["True", "False", "no value"]
