"""Words against sound: planted outliers, ranks by hand, and labels that know no sound."""

import pytest
from scipy.stats import spearmanr

from tests.songs import ODD_GLAD, ODD_SAD, SOUND, with_sound
from workbench.errors import BadInput
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.words_and_sound import FEWEST, KINDS, THIRD, words_and_sound
from workbench.parameters import Filters


@pytest.fixture(scope="module")
def sounding(tmp_path_factory):
    """Return the label of songs with a sound."""
    return with_sound(tmp_path_factory.mktemp("sounding"))


def test_the_planted_outliers_are_found_and_no_others(sounding):
    found = words_and_sound(sounding)
    odd = dict(found.songs.drop_nulls("kind").select("track_id", "kind").iter_rows())
    assert odd == {ODD_SAD: KINDS["energy"][0], ODD_GLAD: KINDS["energy"][1]}
    assert (found.known, found.scored) == (18, 18)


def test_ranks_and_their_correlation_are_the_usual_ones(sounding):
    found = words_and_sound(sounding)
    valence = dict(catalogue_moods(sounding).tracks.select("track_id", "valence").iter_rows())
    for row in found.songs.to_dicts():
        below = sum(other < valence[row["track_id"]] for other in valence.values())
        assert row["words_rank"] == pytest.approx(below / 17, abs=0.03)
        assert row["sound_rank"] == pytest.approx(sum(s < row["sound"] for s in SOUND) / 17)
    rho = spearmanr(found.songs["valence"], found.songs["sound"]).statistic
    assert found.rho == pytest.approx(rho)
    assert found.low < found.rho < found.high
    assert 0 < found.expected <= 2 * 18 * (THIRD + 1 / 18) ** 2


def test_filters_and_years_choose_what_is_shown_not_what_ranks_are_over(sounding):
    whole = words_and_sound(sounding)
    folk = words_and_sound(sounding, filters=Filters(genres=("folk",)))
    assert folk.songs.equals(
        whole.songs.join(folk.songs.select("track_id"), on="track_id", how="semi")
    )
    assert folk.songs.height == 9
    assert folk.rho == whole.rho
    years = words_and_sound(sounding, years=(2020, 2020)).songs
    assert years["track_id"].to_list() == [f"t{n:02d}" for n in range(0, 18, 3)]


def test_where_too_little_sound_is_known_nothing_is_called_odd(sounding, songs):
    found = words_and_sound(sounding, by="valence")
    assert found.known == 11 < FEWEST
    assert found.songs["kind"].null_count() == 11
    assert (found.rho, found.expected) == (None, None)
    none = words_and_sound(songs)
    assert (none.known, none.scored, none.songs.height) == (0, 5, 0)


def test_another_measure_is_refused(songs):
    with pytest.raises(BadInput, match="energy or valence"):
        words_and_sound(songs, by="tempo")
