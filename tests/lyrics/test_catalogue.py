"""Moods of a catalogue: outcomes, shares by hand, intervals, groups, similar songs."""

import polars as pl
import pytest

from workbench.analysis import Filters
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.catalogue import SHARES, catalogue_moods, song_moods_table
from workbench.lyrics.groups import moods_by
from workbench.lyrics.similar import similar_songs
from workbench.lyrics.song import song_moods


def lines(track, *rows):
    """Return scored lines of a song from (lead, weight, valence)."""
    return pl.LazyFrame(
        {
            "track_id": [track] * len(rows),
            "lead": [row[0] for row in rows],
            "weight": [float(row[1]) for row in rows],
            "valence": [float(row[2]) for row in rows],
            "arousal": [3.0] * len(rows),
        }
    )


def test_shares_lead_and_interval_by_hand():
    rows = [("joy", 2, 4), ("joy", 1, 4), ("joy", 1, 3), ("sadness", 4, 2), ("neutral", 2, 3)]
    song = song_moods_table(lines("a", *rows)).row(0, named=True)
    assert song["share_joy"] == pytest.approx(0.4)
    assert song["share_sadness"] == pytest.approx(0.4)
    # sadness is one line, sung four times: it cannot lead a song
    assert (song["lead"], song["second"]) == ("joy", "sadness")
    assert song["valence"] == pytest.approx((8 + 4 + 3 + 8 + 6) / 10)
    # Wilson's interval, z 1.6449, 2 of 5
    assert song["lead_low"] == pytest.approx(0.1427, abs=1e-4)
    assert song["lead_high"] == pytest.approx(0.7275, abs=1e-4)


def test_a_song_without_enough_lines_of_a_mood_is_neutral_or_unclear():
    neutral = [("neutral", 1, 3)] * 4 + [("unclear", 1, 3)] * 2 + [("joy", 1, 4)] * 2
    unclear = [("neutral", 1, 3)] * 2 + [("unclear", 1, 3)] * 4 + [("joy", 1, 4)] * 2
    assert song_moods_table(lines("a", *neutral))["lead"][0] == "neutral"
    assert song_moods_table(lines("a", *unclear))["lead"][0] == "unclear"


def test_every_track_has_one_outcome(songs):
    found = catalogue_moods(songs)
    outcomes = dict(found.tracks.select("track_id", "outcome").iter_rows())
    assert outcomes == {
        "tr-glad": "scored",
        "tr-sad": "scored",
        "tr-turning": "scored",
        "tr-angry": "scored",
        "tr-glad-again": "scored",
        "tr-foreign": "unsupported_language",
        "tr-sounds": "vocables",
        "tr-short": "too_short",
        "tr-silent": "instrumental",
        "tr-wordless": "instrumental",
        "tr-none": "no_text",
    }
    assert found.outcomes["tracks"].sum() == 11
    assert found.missing == ("longing",)
    unscored = found.tracks.filter(pl.col("outcome") != "scored")
    assert unscored["lead"].null_count() == unscored.height


def test_shares_add_up_and_leads_are_right(songs):
    tracks = catalogue_moods(songs).tracks.filter(pl.col("outcome") == "scored")
    totals = tracks.select(pl.sum_horizontal(f"share_{name}" for name in SHARES)).to_series()
    assert totals.to_list() == pytest.approx([1.0] * 5)
    leads = dict(tracks.select("track_id", "lead").iter_rows())
    assert leads["tr-sad"] == "sadness"
    assert leads["tr-angry"] == "anger"
    valence = dict(tracks.select("track_id", "valence").iter_rows())
    assert valence["tr-glad"] > valence["tr-turning"] > valence["tr-sad"]


def test_heard_and_written_differ_by_what_is_repeated(songs):
    heard = catalogue_moods(songs).tracks.filter(pl.col("track_id") == "tr-glad")
    written = catalogue_moods(songs, heard=False).tracks.filter(pl.col("track_id") == "tr-glad")
    assert heard["lines"][0] == written["lines"][0] == 5
    lines = song_moods(songs, track="tr-glad").lines
    love = lines.filter(pl.col("lead") == "love")
    assert "I love you, I love everything" in love["text"].to_list()
    assert heard["share_love"][0] == pytest.approx(love["heard"].sum() / 7)
    assert written["share_love"][0] == pytest.approx(love.height / 5)
    assert heard["share_love"][0] > written["share_love"][0]


def test_filters_choose_what_is_shown(songs):
    found = catalogue_moods(songs, filters=Filters(genres=("folk",)))
    assert found.tracks["genre"].unique().to_list() == ["folk"]


def test_groups_weigh_songs_alike_and_have_intervals_from_three_on(songs):
    found = moods_by(songs, by="genre")
    tracks = catalogue_moods(songs).tracks.filter(pl.col("genre") == "pop")
    joy = found.shares.filter((pl.col("group") == "pop") & (pl.col("family") == "joy"))
    assert joy["share"][0] == pytest.approx(tracks["share_joy"].mean())
    assert joy["low"][0] <= joy["share"][0] <= joy["high"][0]
    by_artist = moods_by(songs, by="artist").groups
    assert by_artist["songs"].sum() == 5
    assert by_artist.filter(pl.col("songs") < 3)["valence_low"].null_count() == 1
    assert by_artist.filter(pl.col("songs") >= 3)["valence_low"].null_count() == 0


def test_groups_are_the_same_twice_and_know_their_kinds(songs):
    first, second = moods_by(songs, by="year"), moods_by(songs, by="year")
    assert first.shares.equals(second.shares)
    with pytest.raises(BadInput, match="artist, genre, year"):
        moods_by(songs, by="colour")


@pytest.mark.parametrize("by", ["mood", "theme", "both"])
def test_the_nearly_identical_song_comes_first(songs, by):
    found = similar_songs(songs, track="tr-glad", by=by)
    assert found.songs["track_id"][0] == "tr-glad-again"
    assert "tr-glad" not in found.songs["track_id"].to_list()
    assert found.compared == 4
    assert found.songs["line"][0].casefold() == found.songs["their_line"][0].casefold()


def test_songs_without_scores_are_not_compared(songs):
    with pytest.raises(NotEnoughEvidence):
        similar_songs(songs, track="tr-sounds")
