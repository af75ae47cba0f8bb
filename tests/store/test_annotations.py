"""Numbers that an analyst's own column may hold."""

import math

import polars as pl
import pytest

from tests import labels
from workbench.errors import BadInput


@pytest.mark.parametrize(
    "numbers",
    [
        [1.0, math.inf],
        [-math.inf, 1.0],
        [2.0**54, math.nan],
        [2**53 + 1, 0],
        [-(2**53) - 1, 0],
    ],
)
def test_numbers_that_no_page_can_show_are_refused(tmp_path, numbers):
    label = labels.opened(tmp_path, "catalogue")
    frame = pl.DataFrame({"track_id": ["tr-1", "tr-2"], "n": numbers})
    with pytest.raises(BadInput, match=r"n holds .*; numbers from -9,007,199,254,740,992 to"):
        label.annotate("mine", frame)
    assert not label.has("track_annotations")


def test_the_largest_numbers_and_ids_are_taken(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    label.annotate("mine", pl.DataFrame({"track_id": [2**60, 2], "n": [2**53, -(2**53)]}))
    rows = label.table("track_annotations").sort("track_id").rows()
    assert rows == [(str(2**60), 2**53), ("2", -(2**53))]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt64, pl.Float32, pl.Decimal(10, 2)])
def test_numbers_of_every_width_are_taken(tmp_path, dtype):
    label = labels.opened(tmp_path, "catalogue")
    numbers = pl.Series("n", [1, None], dtype=dtype)
    label.annotate("mine", pl.DataFrame({"track_id": ["tr-1", "tr-2"], "n": numbers}))
    assert label.table("track_annotations")["mine.n"].cast(pl.Int64).to_list() == [1, None]


def test_what_is_not_a_number_is_no_value(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    frame = pl.DataFrame({"track_id": ["tr-1", "tr-2"], "n": [math.nan, 0.5]})
    label.annotate("mine", frame)
    assert label.table("track_annotations")["mine.n"].to_list() == [None, 0.5]
