"""What is running text, and what is a table that only looks so."""

import pytest

from workbench.importers import lyric_files, lyric_texts, reading
from workbench.importers.source import Source

CARET = "song^artist^day\nSlow Tide^Nora Vale^monday\nPaper Moon^Otto Brandt^friday\n"
SONG = "Oh, the train\nis gone\n"


@pytest.mark.parametrize("mark", ["^", "|", ";", "\t"])
def test_a_table_with_any_delimiter_is_no_lyric_and_is_read_as_one(mark):
    source = Source("x.txt", CARET.replace("^", mark).encode())
    assert not lyric_texts.is_prose(source)
    sheet = reading.sheet(source)
    assert sheet.columns == ["song", "artist", "day"]
    assert sheet.frame.height == 2


def test_a_single_lyric_is_given_back_as_it_was_brought():
    (combined,) = lyric_files.combined([Source("song.csv", SONG.encode())])
    one = lyric_texts.as_brought(combined)
    assert (one.name, one.data) == ("song.csv", SONG.encode())
    several = [Source(f"{n}.txt", SONG.encode() + b"again " * n) for n in range(2)]
    (both,) = lyric_files.combined(several)
    assert lyric_texts.as_brought(both) is both


@pytest.mark.parametrize(
    "table",
    [
        "Track title\nSlow Tide\nPaper Moon\n",
        "Title,Artist,Label\nSlow Tide,Nora Vale\nPaper Moon,Otto Brandt,Coast,again\nEbb\n",
    ],
    ids=["one column", "ragged"],
)
def test_a_header_tells_a_table_whatever_stands_below(table):
    assert not lyric_texts.is_prose(Source("x.csv", table.encode()))


def test_a_word_that_opens_a_song_is_no_header():
    assert lyric_texts.is_prose(Source("x.txt", b"Time\nis a river that never comes back\n"))
    assert lyric_texts.is_prose(Source("x.txt", b"Love, style\nand all that we were\n"))
