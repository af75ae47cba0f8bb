"""Moods of a catalogue: outcomes, shares by hand, intervals, groups, similar songs."""

import shutil

import polars as pl
import pytest

from workbench.analysis import Filters
from workbench.dataset import open_dataset
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening.own_columns import Own
from workbench.lyrics.catalogue import SHARES, catalogue_moods, release_years, song_moods_table
from workbench.lyrics.groups import moods_by, songs_of
from workbench.lyrics.similar import similar_songs
from workbench.lyrics.song import song_moods
from workbench.store.change import change


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


def test_decades_pool_their_years(songs):
    years = moods_by(songs, by="year").groups
    decade = moods_by(songs, by="decade").groups
    assert decade["key"].to_list() == ["2020s"]
    assert decade["songs"][0] == years["songs"].sum()
    weighed = (years["valence"] * years["songs"]).sum() / years["songs"].sum()
    assert decade["valence"][0] == pytest.approx(weighed)


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
    assert song_moods_table(lines("a", *neutral, ("neutral", 1, 3)))["lead"][0] == "neutral"
    assert song_moods_table(lines("a", *unclear))["lead"][0] == "unclear"


def test_a_song_of_many_moods_is_unclear_however_few_lines_are():
    mixed = [("joy", 1, 4)] * 2 + [("sadness", 1, 2)] * 2
    half = [("neutral", 1, 3)] * 4
    assert song_moods_table(lines("a", *mixed)).select("lead", "second").row(0) == (
        "unclear", "joy",
    )  # fmt: skip
    # how many lines are unclear says nothing of such a song
    assert song_moods_table(lines("a", *mixed)).select("lead_share", "lead_low").row(0) == (
        None, None,
    )  # fmt: skip
    assert song_moods_table(lines("a", *mixed, *half))["lead"][0] == "unclear"
    assert song_moods_table(lines("a", *mixed, *half, half[0]))["lead"][0] == "neutral"


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


def test_years_of_release_choose_songs_and_what_is_not_scored(songs):
    # the songs come out in 2024 and 2025 by turns: six and five
    found = catalogue_moods(songs, years=(2024, 2024))
    assert found.tracks["year"].unique().to_list() == [2024]
    assert (found.tracks.height, found.outcomes["tracks"].sum()) == (6, 6)
    assert dict(found.outcomes.select("outcome", "tracks").iter_rows())["scored"] == 3
    assert catalogue_moods(songs, years=(2020, 2029)).tracks.height == 11
    assert catalogue_moods(songs, years=(1990, 1999)).tracks.is_empty()
    groups = moods_by(songs, by="artist", years=(2024, 2024)).groups
    assert groups.select("key", "songs").rows() == [("ar-a", 3)]


def test_years_are_offered_newest_first_and_decades_where_they_are_many(songs, tmp_path):
    assert release_years(songs).rows() == [("2025", 2025, 2025, 5), ("2024", 2024, 2024, 6)]
    dates = [f"{year}-03-01" for year in (*range(1998, 2012), 1999)]
    tracks = pl.DataFrame(
        {
            "track_id": [f"t{n}" for n in range(16)],
            "title": ["T"] * 16,
            "artist_id": ["a"] * 16,
            "status": ["released"] * 15 + ["demo"],
            "release_date": pl.Series([*dates, None]).str.to_date(),
        }
    )
    with change(tmp_path) as writing:
        writing.put("tracks", tracks, source="test")
    found = release_years(open_dataset(str(tmp_path))).rows()
    assert found[:3] == [
        ("2010s", 2010, 2019, 2),
        ("2000s", 2000, 2009, 10),
        ("1990s", 1990, 1999, 3),
    ]
    assert found[3] == ("2011", 2011, 2011, 1)
    assert found[-2:] == [("1999", 1999, 1999, 2), ("1998", 1998, 1998, 1)]
    assert len(found) == 3 + 14


def test_groups_by_year_stand_in_the_order_of_time(songs):
    assert moods_by(songs, by="year").groups["key"].to_list() == ["2025", "2024"]


def test_the_songs_of_a_cell_are_those_with_lines_in_its_mood(songs):
    moods = catalogue_moods(songs)
    found = songs_of(moods, "artist", "ar-b", "sadness")
    assert found["track_id"].to_list() == ["tr-sad"]
    assert found["share"][0] == moods.tracks.filter(track_id="tr-sad")["share_sadness"][0]
    by_year = songs_of(moods, "year", "2024", "joy")
    assert by_year["share"].is_sorted(descending=True)
    assert set(by_year["track_id"]) <= {"tr-glad", "tr-turning", "tr-glad-again"}
    assert songs_of(moods, "year", "1990", "joy").is_empty()


def test_an_own_column_chooses_songs_and_stands_beside_them(tmp_path, songs):
    with change(tmp_path) as writing:
        for name in ("tracks", "lyrics"):
            writing.put(name, songs.table(name), source="test")
    label = open_dataset(str(tmp_path))
    frame = pl.DataFrame({"track_id": ["tr-sad", "tr-glad"], "camp": ["rain", "sun"]})
    label.annotate("ours", frame)
    shutil.copytree(songs.folder / "artifacts", tmp_path / "artifacts")
    found = catalogue_moods(label, own=Own("ours.camp")).tracks
    camps = dict(found.select("track_id", "ours.camp").drop_nulls().iter_rows())
    assert (found.height, camps) == (11, {"tr-sad": "rain", "tr-glad": "sun"})
    assert "ours.camp" not in catalogue_moods(label).tracks.columns
    rain = Own("ours.camp", values=("rain",))
    assert catalogue_moods(label, own=rain).tracks["track_id"].to_list() == ["tr-sad"]
    assert moods_by(label, own=rain).groups["songs"].to_list() == [1]
    # an annotation that has gone leaves the songs, their value not known
    gone = catalogue_moods(label, own=Own("ours.gone")).tracks
    assert gone["ours.gone"].null_count() == gone.height == 11


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
