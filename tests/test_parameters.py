"""What an analysis may be asked with, and the text that stands for it."""

import datetime
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.errors import UsageError
from workbench.parameters import Filters, Private, literal

plain = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text()
    | some.dates(),
    lambda inner: some.lists(inner).map(tuple),
    max_leaves=8,
)


@given(plain)
def test_the_text_of_a_value_gives_the_value_back(value):
    back = _evaluated(literal(value))
    assert back == value
    assert type(back) is type(value)


@given(plain, plain)
def test_two_values_share_a_text_only_when_they_are_one(first, second):
    if literal(first) == literal(second):
        assert first == second
        assert type(first) is type(second)


@pytest.mark.parametrize(
    "value",
    [
        np.float64(1.0),
        np.int64(1),
        float("nan"),
        float("inf"),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        [1],
        {"a": 1},
        b"bytes",
        (1, np.float64(2.0)),
    ],
)
def test_what_is_not_plain_is_refused(value):
    with pytest.raises(UsageError):
        literal(value)


def test_one_and_true_are_two_texts():
    assert literal(True) == "True"
    assert literal(1) == "1"
    assert literal(1.0) == "1.0"
    assert literal((1,)) == "(1,)"


def test_filters_are_written_with_what_was_chosen_only():
    chosen = Filters(genres=("pop",), since=datetime.date(2026, 1, 2))
    assert literal(chosen) == (
        "workbench.parameters.Filters(genres=('pop',), since=datetime.date(2026, 1, 2))"
    )
    assert literal(Filters()) == "workbench.parameters.Filters()"


def test_a_default_of_another_type_is_not_taken_for_the_default():
    assert literal(Switch(on=0)).endswith("Switch(on=0)")
    assert literal(Switch(on=False)).endswith("Switch()")


def test_a_private_text_never_shows():
    secret = Private("an unreleased line")
    assert "unreleased" not in literal(secret)
    assert "unreleased" not in repr(secret)
    assert literal(secret) != literal(Private("another line"))


@dataclass(frozen=True)
class Switch:
    """A plain parameter with a default that equals 0 but is not 0."""

    on: bool | int = False


def _evaluated(text: str) -> object:
    """Read a literal back as the notebook would."""
    scope: dict[str, object] = {}
    code = compile(f"import datetime\nvalue = {text}", "literal", "exec")
    exec(code, scope)  # noqa: S102 - the text is this test's own
    return scope["value"]
