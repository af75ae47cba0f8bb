"""Two songs and two artists side by side."""

import polars as pl
import pytest

from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.contrast import AXES, artist_contrast, song_contrast
from workbench.lyrics.groups import moods_by
from workbench.lyrics.song import song_moods


@pytest.mark.parametrize("heard", [True, False])
def test_each_side_is_what_its_own_page_says(songs, heard):
    found = song_contrast(songs, first="tr-sad", second="tr-glad", heard=heard)
    for side, track in (("first", "tr-sad"), ("second", "tr-glad")):
        song = song_moods(songs, track=track, heard=heard)
        way = "heard" if heard else "written"
        shares = dict(song.shares.select("family", way).iter_rows())
        mine = dict(found.measures.select("measure", side).iter_rows())
        assert {name: mine[name] for name in shares} == pytest.approx(shares)
        for axis in AXES:
            assert mine[axis] == pytest.approx(song.facts[axis][0])
        assert found.sides.filter(side=side)["lead"][0] == song.facts["lead"][0]
        assert found.sides.filter(side=side)["lines"][0] == song.facts["lines"][0]
        arc = song.arc.filter(pl.col("axis") == "valence")
        placed = found.arcs.filter(side=side, axis="valence")
        assert placed["level"][0] == pytest.approx(arc["smooth"][0])
        assert placed["high"][-1] == pytest.approx(arc["high"][-1])
        assert placed["place"].to_list()[::20] == [0, 1]


def test_the_other_way_round_is_the_same_with_the_signs_changed(songs):
    one = song_contrast(songs, first="tr-sad", second="tr-glad")
    two = song_contrast(songs, first="tr-glad", second="tr-sad")
    assert one.alike == pytest.approx(two.alike)
    assert one.measures["difference"].to_list() == pytest.approx(
        (-two.measures["difference"]).to_list()
    )
    assert 0 <= one.alike <= 1


def test_songs_of_one_text_but_a_word_are_not_set_apart(songs):
    found = song_contrast(songs, first="tr-glad", second="tr-glad-again")
    assert not found.measures["apart"].any()
    assert found.sentence == (
        "No mood, valence or arousal sets the two apart beyond what chance gives"
    )
    assert found.alike > 0.9
    assert found.traits["first"].to_list() == found.traits["second"].to_list()


def test_what_stands_apart_is_named(songs):
    found = song_contrast(songs, first="tr-sad", second="tr-glad")
    apart = set(found.measures.filter(pl.col("apart"))["measure"])
    assert "valence" in apart
    assert found.sentence.startswith("Beside Sad, Bo, Glad, Ada ")
    assert "more pleasant" in found.sentence


def test_artists_are_the_means_of_their_songs(songs):
    found = artist_contrast(songs, first="ar-a", second="ar-b")
    groups = moods_by(songs, by="artist")
    for side, artist in (("first", "ar-a"), ("second", "ar-b")):
        shares = groups.shares.filter(key=artist).select("family", "share")
        mine = dict(found.measures.select("measure", side).iter_rows())
        for family, share in shares.iter_rows():
            assert mine[family] == pytest.approx(share)
        scored = catalogue_moods(songs).tracks.filter(
            pl.col("artist_id") == artist, pl.col("lead").is_not_null()
        )
        assert found.sides.filter(side=side)["songs"][0] == scored.height
    # Bo has two scored songs: no interval, nothing stands apart, and it is said
    assert not found.measures["apart"].any()
    assert found.measures["second_low"].null_count() == found.measures.height
    assert found.arcs.filter(side="second")["low"].null_count() == 42
    assert found.sentence == "Too few songs to say what sets the two apart"


def test_what_cannot_be_compared_says_why(songs):
    with pytest.raises(BadInput, match="choose another one"):
        song_contrast(songs, first="tr-sad", second="tr-sad")
    with pytest.raises(BadInput, match="no track “tr-nobody”"):
        song_contrast(songs, first="tr-sad", second="tr-nobody")
    with pytest.raises(BadInput, match="no artist “ar-nobody”"):
        artist_contrast(songs, first="ar-nobody", second="ar-a")
    for track in ("tr-foreign", "tr-none", "tr-silent"):
        with pytest.raises(NotEnoughEvidence, match="no scored line"):
            song_contrast(songs, first=track, second="tr-sad")
