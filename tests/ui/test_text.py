"""Numbers as people read them."""

import pytest

from workbench.ui.plan_words import against
from workbench.ui.text import digits, percent, short, signed, signed_percent, small_percent


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


def test_nothing_has_no_sign():
    assert [short(value) for value in (-0.3, 0, -0.6, 950, None)] == ["0", "0", "-1", "950", "–"]


def test_a_change_says_whether_it_is_more_or_less():
    assert [signed(value) for value in (12_432, -12_432, 0.3)] == ["+12.4k", "-12.4k", "0"]
    assert signed(0.124, percent) == "+12 %"
    assert against(-32_000.0) == "32.0k fewer streams than"
    assert against(0.2) == "as many streams as"


def test_a_change_has_no_more_decimals_than_what_changes():
    assert digits(0.000018, like=0.104) == digits(-0.000018, like=0.104) == "0.000"
    assert digits(-0.0123, like=0.104) == "-0.012"
    assert digits(0.0000018, like=0.00012) == "0.00000"


def test_small_shares_keep_a_decimal_and_nothing_is_no_less_than_nothing():
    shown = [small_percent(share) for share in (0.124, 0.01, 0.0034, -0.002, 0.0, None)]
    assert shown == ["12 %", "1 %", "0.3 %", "-0.2 %", "0 %", "–"]
    assert signed_percent(-0.0001) == "+0.0 %"
    assert signed_percent(-0.0123) == "-1.2 %"
