"""Artists: which names are sure, which are asked about, which are new."""

import polars as pl
import pytest

from workbench.catalogue.artists import artists_found, searched, tidied
from workbench.catalogue.names import BUILT_IN

HELD = ["Björk", "Carlos Santana", "Simon & Garfunkel", "Nora Vale", "Nora Veil", "The Idle Race",
        "Blink-182", "Evelyn King", "EVELYN KING", "Otto"]  # fmt: skip


def best(*names: str | None) -> list[tuple[str, str]]:
    found = artists_found(pl.Series(names, dtype=pl.String), pl.Series(HELD))
    return found.filter(pl.col("place") == 1).select("name", "outcome").rows()


@pytest.mark.parametrize(
    ("written", "name", "outcome"),
    [
        ("BJORK", "Björk", "sure"),
        ("Santana, Carlos", "Carlos Santana", "confirm"),  # a comma may part two artists
        ("Santana Carlos", "Carlos Santana", "sure"),
        ("simon & garfunkel", "Simon & Garfunkel", "sure"),  # the same text
        ("Simon and Garfunkel", "Simon & Garfunkel", "confirm"),
        ("Idle Race", "The Idle Race", "sure"),
        ("Nora Vael", "Nora Vale", "confirm"),  # a letter from two artists
        ("Blink 182", "Blink-182", "sure"),
        ("Blink 183", "Blink-182", "confirm"),
        ("Evelyn  King", "Evelyn King", "confirm"),  # two artists answer to it
        ("Otto feat. Nora Vale", "Otto", "sure"),  # the lead artist
        ("03 Otto", "Otto", "sure"),
        ("Bj%C3%B6rk", "Björk", "sure"),
        ("Nora Quist", "Nora Veil", "new"),
    ],
)
def test_a_name_and_what_it_may_mean(written, name, outcome):
    assert best(written)[0] == (name, outcome)


def test_a_stranger_is_new_and_nothing_is_found_for_nothing():
    assert [outcome for _, outcome in best("Quantum Otters of Xanadu")] in ([], ["new"])
    assert best(None, "") == []


def test_each_name_has_one_outcome_and_places_in_order():
    found = artists_found(pl.Series(["Nora Vael", "BJORK"]), pl.Series(HELD), k=3)
    assert found.group_by("query").agg(pl.col("outcome").n_unique())["outcome"].to_list() == [1, 1]
    first = found.filter(pl.col("query") == 0)
    assert first["place"].to_list() == list(range(1, first.height + 1))
    assert first["score"].is_sorted(descending=True) and first["score"].is_between(0, 1).all()


def test_what_file_names_leave_is_taken_off():
    assert [tidied(t) for t in ("01 - Mogwai", "02Mogwai", "50 Cent", "10cc", "0")] == [
        "Mogwai", "Mogwai", "50 Cent", "10cc", "0",
    ]  # fmt: skip
    assert searched("A & B feat. C", BUILT_IN) == "A & B"
    assert searched("Hall & Oates", BUILT_IN) == "Hall & Oates"
