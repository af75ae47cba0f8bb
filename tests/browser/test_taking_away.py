"""What leaves the app and what comes back into it: notebook, CSV, an analyst's own columns."""

import csv
import datetime
import io
import subprocess
import sys

import labels
import polars as pl
import pytest

from workbench.settings import PROJECT
from workbench.ui.text import short

WINDOW = pl.col("day") > labels.day(labels.DAYS - 1) - datetime.timedelta(days=28)


def streams_of_28_days() -> dict[str, int]:
    """Return what the small label's tracks were streamed, straight from its rows."""
    recent = labels.daily_streams().filter(WINDOW)
    return dict(recent.group_by("entity_id").agg(pl.col("streams").sum()).iter_rows())


def test_a_page_opens_as_a_notebook_that_gives_its_number(visitor, small):
    visitor.open(f"scout-catalogue?label={small.name}")
    scope = visitor.notebook()
    total = scope["songs"].total["streams"].item()
    assert total == sum(streams_of_28_days().values())
    assert visitor.numbers()["Streams, 28 days"] == short(total)
    assert scope["label"].folder == small.folder
    assert set(scope["page"]) >= {"tracks", "daily_streams"}


def test_a_download_is_the_table_and_no_formula(visitor, small):
    visitor.page.set_viewport_size({"width": 1900, "height": 900})  # all columns in sight
    visitor.open(f"scout-catalogue?label={small.name}")
    shown = visitor.rows("tracks")
    name, content = visitor.downloaded("Tracks · 4 rows")
    assert name == "test-full-scout-catalogue-tracks.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["title"] for row in rows] == ["Leaving", "'=Arriving", "Home <b>", "Not yet"]
    assert [row["Title"] for row in shown] == [row["title"].removeprefix("'") for row in rows]
    known = streams_of_28_days()
    streams = [known.get(track, "") for track in ("tr-1", "tr-2", "tr-3", "tr-4")]
    assert [row["streams"] for row in rows] == [str(number) for number in streams]
    assert [row["Streams"] for row in shown] == [row["streams"] for row in rows]
    for title, column in (("Change", "change"), ("from", "low"), ("to", "high")):
        for row, line in zip(rows, shown, strict=True):
            assert bool(row[column]) == bool(line[title])
            assert float(row[column] or 0) == pytest.approx(float(line[title] or 0))


def test_own_columns_of_tracks_are_columns_filters_and_colours(visitor, small):
    visitor.page.set_viewport_size({"width": 1900, "height": 900})
    small.annotate(
        "scouting",
        pl.DataFrame({"track_id": ["tr-1", "tr-2", "tr-3"], "shelf": ["keep", "keep", "drop"]}),
    )
    visitor.open(f"scout-catalogue?label={small.name}")
    held = {row["Title"]: row["scouting.shelf"] for row in visitor.rows("tracks")}
    assert held == {"Leaving": "keep", "=Arriving": "keep", "Home <b>": "drop", "Not yet": ""}

    visitor.choose("own", "scouting.shelf")
    legend = visitor.keyed("movers").locator(".legendtext").all_text_contents()
    assert set(legend) == {"keep", "drop"}
    visitor.choose("own-scouting.shelf", "keep")
    assert [row["Title"] for row in visitor.rows("tracks")] == ["Leaving", "=Arriving"]
    known = streams_of_28_days()
    assert visitor.numbers()["Streams, 28 days"] == short(known["tr-1"] + known["tr-2"])

    # a later word of the analyst stands on the page at once
    small.annotate("scouting", pl.DataFrame({"track_id": ["tr-3"], "shelf": ["keep"]}))
    visitor.open(f"scout-catalogue?label={small.name}&own=scouting.shelf")
    assert {row["Title"]: row["scouting.shelf"] for row in visitor.rows("tracks")} == {
        "Leaving": "", "=Arriving": "", "Home <b>": "keep", "Not yet": "",
    }  # fmt: skip


def test_own_columns_of_artists_filter_the_roster(visitor, small):
    visitor.page.set_viewport_size({"width": 1900, "height": 900})
    small.annotate(
        "talent", pl.DataFrame({"artist_id": ["ar-ada", "ar-bo"], "owner": ["Kim", "Lee"]})
    )
    visitor.open(f"scout-artist?label={small.name}&own=talent.owner")
    held = {row["Artist"]: row["talent.owner"] for row in visitor.rows("roster")}
    assert held == {"Ada *Star*": "Kim", "Bo & the Bees": "Lee"}
    visitor.choose("own-talent.owner", "Lee")
    assert [row["Artist"] for row in visitor.rows("roster")] == ["Bo & the Bees"]


def test_an_erased_listener_is_gone_from_the_next_page(visitor, small, app_home):
    """The command line erases while the server holds results of the listener in its memory."""
    gone = f"{16:08x}"
    last = labels.plays()["played_at"].max().date()
    heard = labels.plays().filter(
        pl.col("track_id") == "tr-3",
        pl.col("played_at").dt.date() > last - datetime.timedelta(days=28),
        pl.col("ms_played") >= 30_000,
    )
    people = set(heard["listener_id"])
    assert gone in people

    def listeners() -> str:
        rows = {row["Title"]: row for row in visitor.rows("tracks")}
        return rows["Home <b>"]["Panel listeners"]

    visitor.page.set_viewport_size({"width": 1900, "height": 900})
    visitor.open(f"scout-catalogue?label={small.name}")
    assert "30 listeners in the panel" in visitor.text()
    assert listeners() == str(len(people))
    command = [sys.executable, "-m", "workbench", "erase", gone, "--label", small.name]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    # the same tab, the next thing that it asks
    visitor.choose("genre", "folk")
    assert "29 listeners in the panel" in visitor.text()
    assert listeners() == str(len(people) - 1)
    # and a tab that asks again for what it was shown before
    visitor.open(f"scout-catalogue?label={small.name}")
    assert "29 listeners in the panel" in visitor.text()
    assert listeners() == str(len(people) - 1)


def test_chosen_songs_are_noted_together_and_stay_chosen(visitor, small):
    visitor.page.set_viewport_size({"width": 1900, "height": 900})
    visitor.open(f"scout-catalogue?label={small.name}")
    assert [row["Title"] for row in visitor.rows("tracks")][:3] == [
        "Leaving",
        "=Arriving",
        "Home <b>",
    ]
    visitor.choose_row("tracks", 0).choose_row("tracks", 2)
    assert "2 songs chosen" in visitor.text()
    visitor.keyed("note").get_by_role("button").first.click()
    column = visitor.keyed("note-column").locator("input")
    column.fill("sync")
    column.press("Enter")
    visitor.keyed("note-text").locator("input").fill("advert")
    with visitor.answer():
        visitor.keyed("note-save").get_by_role("button").click()
    visitor.page.keyboard.press("Escape")
    noted = {row["Title"]: row["notes.sync"] for row in visitor.rows("tracks")}
    assert noted == {"Leaving": "advert", "=Arriving": "", "Home <b>": "advert", "Not yet": ""}
    assert "2 songs chosen" in visitor.text()

    # fewer rows, the first of them chosen no longer: the choice stays with its song
    visitor.choose("genre", "folk")
    assert "Song: Home <b>" in visitor.text()
    held = small.table("track_annotations").select("track_id", "notes.sync")
    assert dict(held.iter_rows()) == {"tr-1": "advert", "tr-3": "advert"}
