"""What people come for, from the first click to the number they leave with."""

import datetime
from urllib.parse import urlsplit

import polars as pl
import pytest

from tests.browser.visitor import FRAGMENT
from workbench.dataset import open_dataset
from workbench.lyrics.song import song_moods
from workbench.report.standouts import standouts
from workbench.ui.text import short

LAST = datetime.date(2026, 7, 30)
CATALOGUE = """track_id,title,artist_id,genre,release_date,status
nh-1,=Tide,nh-ann,folk,2026-01-02,released
nh-2,Harbour,nh-ann,folk,2026-02-30,released
nh-3,Lamp,nh-bea,pop,2026-03-06,released
"""


def test_a_scout_follows_a_riser_to_the_words_of_its_song(visitor, sample):
    riser = standouts(sample).filter(pl.col("kind") == "riser").row(0, named=True)
    days = sample.table("daily_streams").filter(pl.col("entity") == "track")
    recent = days.filter(pl.col("day") > pl.col("day").max() - datetime.timedelta(days=28))
    mine = sample.table("tracks").filter(pl.col("artist_id") == riser["value"])
    streams = dict(
        recent.join(mine, left_on="entity_id", right_on="track_id")
        .group_by("entity_id").agg(pl.col("streams").sum()).iter_rows()
    )  # fmt: skip

    visitor.open()
    assert riser["sentence"] in visitor.text()
    visitor.follow("Open the artist")
    assert visitor.query() == {"artist_id": [riser["value"]]}
    of_artist = visitor.numbers()
    assert of_artist["Streams, 28 days"] == short(sum(streams.values()))
    artist = visitor.page.url

    first = visitor.rows("songs")[0]
    track = mine.row(by_predicate=pl.col("title") == first["Title"], named=True)["track_id"]
    assert int(first["Streams"]) == streams[track] == max(streams.values())
    visitor.choose_row("songs", 0)
    visitor.follow("Song:")
    assert visitor.query() == {"track": [track]}
    moods = song_moods(sample, track=track)
    numbers = visitor.numbers()
    assert numbers["Lead mood"] == moods.facts["lead"].item()
    assert numbers["Valence"] == f"{moods.facts['valence'].item():.2f}"
    assert numbers["Streams, 28 days"] == short(streams[track])

    line = moods.lines.with_row_index().row(by_predicate=pl.col("index") == 2, named=True)
    bar = visitor.keyed("sheet").locator(".bars .point path").nth(line["index"])
    bar.scroll_into_view_if_needed()
    place = bar.bounding_box()
    with visitor.answer():
        visitor.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    chosen = visitor.rows(visitor.tables("lyric-and-moods").first)
    assert [row["Mood"] for row in chosen] == [line["lead"]]
    assert chosen[0]["First"] == line["first"]
    assert float(chosen[0]["probability"]) == pytest.approx(100 * line["first_p"], rel=1e-6)

    with visitor.answer():
        visitor.page.go_back()
    assert visitor.page.url == artist
    assert visitor.numbers() == of_artist


def test_a_marketer_moves_the_budget_and_shares_the_plan(visitor, sample):
    visitor.open("promote-lab")
    planned = sample.table("tracks").filter(pl.col("status") == "planned").sort("title")
    release, title = planned.select("track_id", "title").row(-1)
    menu = visitor.keyed("track-choice").locator("input")
    menu.fill(title)
    with visitor.answer():
        menu.press("Enter")
    assert menu.input_value().startswith(title)
    assert visitor.query() == {"track": [release]}
    opening = visitor.numbers()
    assert opening["Chance of more streams"] == "–"

    runs, questions = len(visitor.finished), len(visitor.asked)
    budget = visitor.page.get_by_role("slider", name="Budget")
    budget.focus()
    with visitor.answer():
        budget.press("PageUp")
    # only the fragment was asked for, and only the fragment ran
    assert all(visitor.asked[questions:])
    assert set(visitor.finished[runs:]) == {FRAGMENT}

    moved = visitor.numbers()
    assert moved["Streams"] != opening["Streams"]
    scope = visitor.notebook()
    totals = scope["plan_outcome"].totals
    streams = totals.row(by_predicate=pl.col("measure") == "streams", named=True)
    assert opening["Streams"] == short(streams["current_median"])
    assert moved["Streams"] == short(streams["scenario_median"])
    chance = round(100 * scope["plan_outcome"].chance_streams)
    assert moved["Chance of more streams"].rstrip(" %") == str(chance)

    # a link brings the plan as it stands
    link = visitor.copied_link()
    assert link == visitor.page.url
    address = urlsplit(link)
    visitor.open(f"{address.path.strip('/')}?{address.query}")
    assert menu.input_value().startswith(title)
    assert visitor.numbers() == moved


def test_label_operations_start_a_label_of_their_own(visitor, app_home, sample):
    before = visitor.open("scout-catalogue").numbers()
    visitor.open()
    form = visitor.main.get_by_test_id("stForm")
    form.get_by_label("Name").fill("Night Harbour")
    with visitor.answer():
        form.get_by_role("button", name="Make it").click()
    assert "Made Night Harbour." in visitor.text()
    visitor.follow("Import its first files")
    assert visitor.query() == {"label": ["night-harbour"]}

    days = [LAST - datetime.timedelta(days=n) for n in range(30)]
    rows = "".join(f"track,nh-1,{day},US,spotify,{100 + day.day}\n" for day in days)
    head = "entity,entity_id,day,territory,store,streams\n"
    streams = f"{head}{rows}track,nh-3,2026-07-01,US,spotify,lots\n"
    visitor.drop({"catalogue.csv": CATALOGUE, "streams.csv": streams})
    counts = [visitor.rows(visitor.tables().nth(place))[0] for place in (0, 2)]
    counted = {
        row["Fills"]: [int(row[n]) for n in ("Rows read", "Accepted", "Rejected")] for row in counts
    }
    assert counted == {"Tracks": [3, 2, 1], "Daily streams": [31, 30, 1]}
    with visitor.answer():
        visitor.keyed("store").get_by_role("button").click()
    assert "Stored in Night Harbour." in visitor.text()

    visitor.follow("Catalogue")
    # Streamlit keeps a choice that the URL carries beside the same one that the link names
    assert set(visitor.query()["label"]) == {"night-harbour"}
    listed = {row["Title"]: row for row in visitor.rows("tracks")}
    assert set(listed) == {"=Tide", "Lamp"}
    assert int(listed["=Tide"]["Streams"]) == sum(100 + day.day for day in days[:28])
    assert visitor.numbers()["Tracks"] == "2"

    visitor.choose("label", "Sample label")
    assert visitor.numbers() == before
    assert "label" not in visitor.query()
    generation = open_dataset("sample").manifest.generation
    assert generation == sample.manifest.generation
