"""Numbers as people read them."""

import pytest

from workbench.ui.text import digits


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0243, "0.024"),
        (1.5, "1.500"),
        (0.000123, "0.00012"),
        (-0.0004, "-0.00040"),
        (0.0, "0.000"),
    ],
)
def test_small_amounts_keep_two_digits(value, shown):
    assert digits(value) == shown
