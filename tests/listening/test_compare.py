"""Songs side by side: the weeks of each, counted back from one day, by hand."""

import datetime

import labels
import pytest

from workbench.analysis import Filters
from workbench.errors import MissingTable
from workbench.listening.compare import compared_songs


def week_of(track: str, last: int, *territories: str) -> int:
    days = [labels.day(n) for n in range(last - 6, last + 1)]
    rows = labels.daily_streams().to_dicts()
    return sum(
        row["streams"]
        for row in rows
        if row["entity_id"] == track
        and row["day"] in days
        and row["territory"] in (territories or ("US", "DE"))
    )


def test_weeks_of_songs_end_on_the_last_day(tmp_path):
    found = compared_songs(labels.opened(tmp_path), tracks=("tr-1", "tr-3"), weeks=12)
    assert found.columns == ["track_id", "title", "week_end", "streams", "index"]
    assert found["title"].unique(maintain_order=True).to_list() == ["Leaving", "Home <b>"]
    first, second = (part for part in found.partition_by("track_id", maintain_order=True))
    assert first.height == second.height == 12
    assert first["streams"][-1] == week_of("tr-1", 111)
    assert second["streams"][0] == week_of("tr-3", 111 - 77)
    assert second["week_end"][0] == labels.day(111) - datetime.timedelta(77)
    assert second["index"].head(4).mean() == pytest.approx(100)


def test_countries_choose_whose_streams_count_and_the_planned_has_none(tmp_path):
    home = Filters(countries=("DE",))
    label = labels.opened(tmp_path)
    found = compared_songs(label, tracks=("tr-1", "tr-4"), filters=home)
    assert found["track_id"].unique().to_list() == ["tr-1"]
    assert found["streams"][-1] == week_of("tr-1", 111, "DE")


def test_without_streams_there_is_nothing_to_compare(tmp_path):
    with pytest.raises(MissingTable):
        compared_songs(labels.opened(tmp_path, "catalogue"), tracks=("tr-1", "tr-2"))
