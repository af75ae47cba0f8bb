"""Words that move a mood: the model is asked again, and what it says is what is shown."""

import polars as pl
import pytest

from tests.songs import TURNING
from workbench.errors import BadInput
from workbench.lyrics.demo import demo_moving_words
from workbench.lyrics.lyric_lines import spoken, text_hash
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.moving_words import OF_LINE, OF_SONG, moving_words
from workbench.lyrics.song import song_moods
from workbench.parameters import Private

# Batches of other sizes add up in another order.
NEARLY = 1e-3


def test_whole_lines_have_the_moods_on_file_and_parts_what_the_model_says_of_them(songs):
    found = moving_words(songs, track="tr-sad")
    song = song_moods(songs, track="tr-sad").lines
    filed = scored_lines(songs.scan("line_moods")).collect()
    for number, line in found.partition_by("line", as_dict=True).items():
        text = song.filter(line=number[0])["text"][0]
        assert line["word"].to_list() == text.split()
        family = line["family"][0]
        row = filed.row(by_predicate=pl.col("text_hash") == text_hash(spoken(text)), named=True)
        assert line["probability"].to_list() == pytest.approx(
            [row[f"p_{family}"]] * line.height, abs=NEARLY
        )
        assert line["margin"].to_list() == pytest.approx(
            [row[f"m_{family}"]] * line.height, abs=5 * NEARLY
        )
    moved = found["margin"] - found["margin_without"]
    assert found["moved"].to_list() == pytest.approx(moved.to_list())


def test_a_line_without_the_word_is_the_line_that_lacks_it(songs):
    whole = "I cried all night because you are gone"
    rest = "I cried all night because you are"
    lyric = Private(f"{whole}\n{rest}\nThe house is cold and my heart is broken tonight\n")
    found = demo_moving_words(songs, lyric=lyric, line=0)
    without = demo_moving_words(songs, lyric=lyric, line=1)
    gone = found.row(by_predicate=pl.col("word") == "gone", named=True)
    assert gone["family"] == without["family"][0] == "sadness"
    assert gone["margin_without"] == pytest.approx(without["margin"][0], abs=5 * NEARLY)
    assert found.height == len(whole.split())


def test_the_word_that_says_it_moves_most(songs):
    lyric = Private(
        "I am so very happy in the town\nThe bus is late and it is raining down\n"
        "We wait beside the station and the shop\nThe driver never said that he would stop\n"
    )
    found = demo_moving_words(songs, lyric=lyric, line=0)
    best = found.sort("moved", descending=True).row(0, named=True)
    assert (best["word"], best["family"]) == ("happy", "joy")
    assert best["probability_without"] < best["probability"] / 2


def test_a_word_that_comes_again_is_left_out_everywhere(songs):
    lyric = Private(
        "Happy, happy as the day is happy\nHappy happy\nWe wait beside the station and the shop\n"
        "The driver never said that he would stop\nThe bus is late and it is raining down\n"
    )
    first = demo_moving_words(songs, lyric=lyric, line=0)
    again = first.filter(pl.col("word").str.to_lowercase().str.starts_with("happy"))
    assert again.height == 3
    assert again["moved"].n_unique() == 1
    # one word and nothing beside it: nothing would be left
    assert demo_moving_words(songs, lyric=lyric, line=1).is_empty()


def test_the_lines_tried_are_those_quoted_and_no_more_than_a_page_can_wait_for(songs):
    found = moving_words(songs, track="tr-turning")
    quoted = song_moods(songs, track="tr-turning").evidence["line"].to_list()
    assert set(found["line"]) <= set(quoted)
    assert found.height <= OF_SONG
    assert found.select("line", "place").is_unique().all()
    long = " ".join(f"word{n}" for n in range(OF_LINE + 1))
    lyric = Private(f"{long}\n{TURNING}")
    assert demo_moving_words(songs, lyric=lyric, line=0).is_empty()


def test_what_is_not_scored_has_no_words_that_move_it(songs):
    for track in ("tr-foreign", "tr-sounds", "tr-none"):
        assert moving_words(songs, track=track).is_empty()
    assert moving_words(songs, track="tr-sad", line=99).is_empty()
    with pytest.raises(BadInput, match="no track"):
        moving_words(songs, track="tr-nobody")
