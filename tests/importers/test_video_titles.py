"""Which recording the title of a video names, and whether it says that it is a song."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.importers.video_titles import recordings_shown

ARTISTS = pl.Series(["Nora Vale", "Otto Brandt"])


def read(*videos: str | None) -> list[tuple]:
    return recordings_shown(pl.Series(videos, dtype=pl.String), "Nora Vale", ARTISTS).rows()


@pytest.mark.parametrize(
    ("video", "title", "artist"),
    [
        ("Nora Vale - Slow Tide (Official Video)", "Slow Tide", "Nora Vale"),
        ("Slow Tide [Official Lyric Video] #newmusic #shorts", "Slow Tide", "Nora Vale"),
        ("Slow Tide (Clip officiel)", "Slow Tide", "Nora Vale"),
        ("Slow Tide (Offizielles Musikvideo)", "Slow Tide", "Nora Vale"),
        ("Slow Tide (Video Oficial)", "Slow Tide", "Nora Vale"),
        ("Slow Tide Official Music Video 4K", "Slow Tide", "Nora Vale"),
        ("Nora Vale – Slow Tide | Visualizer", "Slow Tide", "Nora Vale"),
        ("Slow Tide - Otto Brandt", "Slow Tide", "Otto Brandt"),
        ("Nora Vale & Otto Brandt - Duet", "Duet", "Nora Vale & Otto Brandt"),
        ("Nora Vale - Slow Tide ft. Otto (HD, with lyrics)", "Slow Tide ft. Otto", "Nora Vale"),
        ("New Name - Night Bus (Official Audio)", "Night Bus", "New Name"),
        ("Nora Vale: Slow Tide - Live at Paradiso", "Slow Tide - Live at Paradiso", "Nora Vale"),
        ("Slow Tide - Live at Paradiso (Official Video)", "Slow Tide - Live at Paradiso",
         "Nora Vale"),
    ],
)  # fmt: skip
def test_what_says_that_it_is_a_song_is_taken_off_the_title(video, title, artist):
    assert read(video) == [(title, artist, True)]


@pytest.mark.parametrize(
    ("video", "title"),
    [
        ("Slow Tide", "Slow Tide"),
        ("Slow Tide (Live at Paradiso)", "Slow Tide (Live at Paradiso)"),
        ("In & Out", "In & Out"),
        ("In (And)", "In (And)"),
        ("Song #1", "Song #1"),
        ("Official Video", "Official Video"),
        ("Tour Diary - Episode 3", "Tour Diary - Episode 3"),
        ("Nora Vale - Interview with friends", "Interview with friends"),
        ("Nora Vale - Slow Tide (Behind the Scenes)", "Slow Tide (Behind the Scenes)"),
    ],
)
def test_a_title_that_does_not_say_so_stays_and_is_no_song_of_its_own(video, title):
    assert read(video) == [(title, "Nora Vale", False)]


def test_rows_stay_in_order_and_a_missing_title_is_missing():
    assert read("Slow Tide", None, "Slow Tide (Audio)") == [
        ("Slow Tide", "Nora Vale", False), (None, None, None), ("Slow Tide", "Nora Vale", True)
    ]  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=5))
def test_any_title_gives_one_row_and_text_where_there_was_text(videos):
    rows = read(*videos)
    assert len(rows) == len(videos)
    for video, (title, artist, _) in zip(videos, rows, strict=True):
        assert (title is None) == (video is None)
        assert artist or video is None
        assert title or not (video or "").strip()
