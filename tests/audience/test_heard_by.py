"""What a segment hears: counted by hand, and nothing of the one person two segments differ by."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import catalogue, plays, written
from workbench.analysis import Filters
from workbench.audience import heard_by
from workbench.audience.rules import Segment
from workbench.catalogue.songs import songs
from workbench.errors import MissingTable, NotEnoughEvidence
from workbench.listening.roster import roster
from workbench.listening.song import song_streams

LAST = datetime.date(2026, 10, 30)
FOLK = Segment("s-folk", "Folk", genres=("folk",))
MANY, ALONE = "f000", "x"  # streams one song ninety times; is the only one of its country


def ago(days: int) -> datetime.date:
    return LAST - datetime.timedelta(days=days)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    """Sixty listeners of folk, forty of pop; one more of folk, abroad, hears a song of its own."""
    rows = [(f"f{i:03d}", "ana", ago(d), "library") for i in range(60) for d in range(1 + i % 3)]
    rows += [(f"p{i:03d}", "ben", ago(1), "library") for i in range(40)]
    rows += [(MANY, "ana", ago(d % 28), "library") for d in range(90)]
    rows += [(ALONE, "ana", ago(d % 7), "search") for d in range(50)]
    rows += [(ALONE, "cor", ago(d), "search") for d in range(20)]
    who = sorted({row[0] for row in rows})
    home = {ALONE: "IS", **{f"f{i:03d}": "DE" for i in range(60)}}
    daily = pl.DataFrame({
        "entity": ["track"] * 28, "entity_id": ["t-ana"] * 28, "day": [ago(d) for d in range(28)],
        "territory": ["WW"] * 28, "store": ["spotify"] * 28, "streams": [10_000] * 28,
    })  # fmt: skip
    return written(
        tmp_path_factory.mktemp("heard") / "label",
        **catalogue(["ana", "ben", "cor"], {"ana": "folk", "ben": "pop", "cor": "folk"}),
        plays=plays(rows),
        daily_streams=daily,
        listeners=pl.DataFrame({"listener_id": who, "country": [home.get(w, "US") for w in who]}),
    )


def streams(found) -> dict[str, int]:
    return dict(found.tracks.drop_nulls("streams").select("track_id", "streams").iter_rows())


def test_a_store_counts_everybody_and_a_segment_its_own_plays(label):
    assert streams(songs(label)) == {"t-ana": 280_000}
    found = heard_by.songs(label, filters=Filters(segment=FOLK), min_group=1)
    assert found.source == "plays"
    # 20 x (1 + 2 + 3), the 90 more of one, and what the one abroad streamed
    assert streams(found) == {"t-ana": 120 + 90 + 50, "t-cor": 20}
    at_home = Filters(segment=FOLK, countries=("DE",))
    assert streams(heard_by.songs(label, filters=at_home, min_group=1)) == {"t-ana": 210}
    artists = heard_by.roster(label, filters=at_home, min_group=1).artists
    assert dict(artists.select("artist_id", "streams").drop_nulls().iter_rows()) == {"ana": 210}
    song = heard_by.song_streams(label, track="t-ana", filters=at_home, min_group=1)
    assert (song.total, song.markets["territory"].to_list()) == (210, ["DE"])


def test_nine_in_ten_are_counted_and_nobody_for_more_than_the_fifth(label):
    found = heard_by.songs(label, filters=Filters(segment=FOLK, countries=("DE",)))
    # 54 of 60 people, of 1 to 3 streams each; one of them has ninety more, of which none counts
    assert 54 * 1 < streams(found)["t-ana"] <= 120
    assert found.tracks["listeners"].drop_nulls().to_list() == [54]
    again = heard_by.songs(label, filters=Filters(
        segment=Segment("s-de", "Germany", countries=("DE",))))  # fmt: skip
    assert streams(again) == streams(found)  # the same people under another rule


def test_one_person_more_is_not_to_be_told(label):
    """With and without the one abroad: nothing that stands out is theirs."""
    whole, rest = (
        heard_by.songs(label, filters=Filters(segment=FOLK, countries=places))
        for places in ((), ("DE",))
    )
    assert "t-cor" not in streams(whole)  # the song of one
    more = streams(whole)["t-ana"] - streams(rest)["t-ana"]
    assert abs(more) < 25  # of the fifty that they streamed
    song = heard_by.song_streams(label, track="t-ana", filters=Filters(segment=FOLK))
    assert "IS" not in song.markets["territory"]
    artists = heard_by.roster(label, filters=Filters(segment=FOLK))
    assert set(artists.markets["country"]) <= {"DE", "not known"}
    with pytest.raises(NotEnoughEvidence, match="too few"):
        heard_by.songs(label, filters=Filters(segment=FOLK, countries=("IS",)))


def test_a_question_without_a_segment_is_left_as_it_is(label):
    given = {"filters": Filters(countries=("DE",)), "days": 7}
    assert heard_by.asked(songs, given, 10) == (songs, given)
    found, more = heard_by.asked(roster, {"filters": Filters(segment=FOLK)}, 20)
    assert found is heard_by.roster
    assert more["min_group"] == 20
    assert heard_by.asked(song_streams, {"track": "t-ana"}, 10)[0] is song_streams


def test_a_label_without_plays_is_told_so(label_of):
    with pytest.raises(MissingTable, match="listen"):
        heard_by.songs(label_of(**catalogue(["ana"])), filters=Filters(segment=FOLK))
