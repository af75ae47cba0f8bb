"""Words of lyrics: traits by hand, and the words that set two sides apart."""

import polars as pl
import pytest

from workbench.lyrics.vocabulary import telling_words, traits


def lines(*texts: str, heard: int = 1, track: str = "t") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "track_id": track, "line": list(range(len(texts))), "text": texts, "text_hash": texts,
            "heard": [heard] * len(texts),
        }
    )  # fmt: skip


def test_traits_by_hand():
    sung = pl.concat([lines("the sea the sea", "I go home", heard=2), lines("one", track="u")])
    rows = {row["track_id"]: row for row in traits(sung).to_dicts()}
    assert rows["t"]["words"] == 14
    assert rows["t"]["different"] == 5
    assert rows["t"]["again"] == pytest.approx(0.5)
    assert rows["t"]["line"] == pytest.approx(3.5)
    assert rows["t"]["variety"] is None
    assert (rows["u"]["words"], rows["u"]["again"]) == (1, 0)


def test_variety_is_counted_in_windows_of_fifty_words():
    once = " ".join(f"w{n}" for n in range(50))
    assert traits(lines(once))["variety"].to_list() == [1.0]
    # 51 words: the last is a repeat of the first, which the second window does not hold
    assert traits(lines(once, "w0"))["variety"].to_list() == [1.0]
    assert traits(lines("na " * 100))["variety"].to_list() == pytest.approx([0.02])


def test_what_sets_two_apart_is_what_more_texts_of_one_hold():
    rows = [("first", f"the harbour {n}") for n in range(6)]
    rows += [("second", f"the lantern {n}") for n in range(6)]
    rows += [(side, "a common window") for side in ("first", "second")] * 3
    rows += [("first", "solitary")]
    found = telling_words(pl.DataFrame(rows, schema=["side", "text"], orient="row"), 5)
    best = found.group_by("side", maintain_order=True).first()
    assert dict(best.select("side", "word").iter_rows()) == {
        "first": "harbour", "second": "lantern"
    }  # fmt: skip
    assert found.filter(pl.col("word") == "harbour").select("first", "second").row(0) == (6, 0)
    held = set(found["word"])
    assert not held & {"common", "window", "solitary"}  # told by both alike, or by one text alone
    signs = found.select((pl.col("z") > 0) == (pl.col("side") == "second")).to_series()
    assert signs.all()


def test_nothing_said_sets_nothing_apart():
    empty = pl.DataFrame(schema={"side": pl.String, "text": pl.String})
    assert telling_words(empty, 5).is_empty()
