"""Whatever the format: another version of a song never becomes the song unless a person says so."""

import itertools

import bringing
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.importers import decisions, run

CATALOGUE = (
    "track_id,title,version,artist_id,status,isrc,release_date\n"
    "t1,Slow Tide,,a1,released,GBAYE2400001,2024-05-01\n"
)
VERSIONS = ("Otto Remix", "Remix", "Live", "Live at Harbour", "Acoustic", "2011 Remaster",
            "Remastered", "Instrumental", "Radio Edit", "Sped Up")  # fmt: skip
FORMS = ("{} ({})", "{} - {}", "{} [{}]")
ISRC = "GBAYE2400001"
WINDOW = {"artist": "Nora Vale", "from": "2026-06-01", "to": "2026-06-28"}


def statement(title: str, isrc: str = "") -> str:
    return (
        "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\t"
        "Song/Album\tCountry of Sale\tSongwriter Royalties Withheld\tEarnings (USD)\n"
        f"2026-09-15\t2026-07\tSpotify\tNora Vale\t{title}\t{isrc}\t\t10\t100\tSong\tUS\t0\t1.5\n"
    )


FILES = {
    "statement": (statement, {}),
    "statement with the song's ISRC": (lambda title: statement(title, ISRC), {}),
    "songs of Spotify for Artists": (
        lambda title: f"song,listeners,streams,saves,release_date\n{title},1,2,3,\n", WINDOW),
    "scrobbles": (lambda title: f"uts,artist,album,track\n1782864000,Nora Vale,,{title}\n",
                  {"listener": "me"}),
    "catalogue sheet": (lambda title: f"title,artist\n{title},Nora Vale\n", {}),
}  # fmt: skip


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", CATALOGUE, "artist_id,name\na1,Nora Vale\n")


def tracks_meant(plan: run.Planned) -> set[str]:
    """Return the tracks that rows of a plan would be stored for, or that it would make."""
    found = set()
    for settled in plan.settled:
        for name in ("track_id", "entity_id"):
            if name in settled.rows.columns:
                found |= set(settled.rows[name])
    return found


@pytest.mark.parametrize("kind", FILES)
def test_versions_stay_apart(label, kind):
    written, answers = FILES[kind]
    plain = bringing.planned(label, written("Slow Tide"), answers=answers)
    assert tracks_meant(plain) <= {"t1"}, "the song itself is known"
    assert plain.understood.sheet.doubtful.is_empty()
    titles = [form.format("Slow Tide", version)
              for version, form in zip(VERSIONS, itertools.cycle(FORMS), strict=False)]  # fmt: skip
    header = written("").splitlines()[0]
    rows = [written(title).splitlines()[1] for title in titles]
    plan = bringing.planned(label, "\n".join([header, *rows, ""]), answers=answers)
    asked, made = plan.understood.sheet.doubtful, tracks_meant(plan)
    assert "t1" not in made
    assert len(made) + asked.height == len(titles), "a track of its own, or a question"
    assert set(asked["track_id"]) == {"t1"}


@pytest.mark.parametrize("kind", FILES)
def test_a_remaster_is_asked_about_and_kept_apart_where_a_person_says_so(label, kind):
    written, answers = FILES[kind]
    file = written("Slow Tide (2011 Remaster)")
    asked = bringing.planned(label, file, answers=answers).understood.sheet.doubtful
    assert asked["track_id"].to_list() == ["t1"]
    key = asked["decision"][0]
    decisions.decide(label, asked, {key: decisions.ANOTHER}, "file.csv")
    plan = bringing.planned(label, file, answers=answers)
    assert "t1" not in tracks_meant(plan)
    run.store([plan], label)
    tracks = open_dataset(str(label.folder)).table("tracks")
    assert tracks.filter(pl.col("track_id") != "t1")["title"].to_list() == [
        "Slow Tide (2011 Remaster)"
    ]
