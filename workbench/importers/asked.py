"""Answers to what a file cannot say, held against the label before anything is read by them."""

import datetime
import zoneinfo
from dataclasses import dataclass

import polars as pl

from workbench.catalogue.names import name_key, plain
from workbench.dataset import Dataset
from workbench.errors import BadInput
from workbench.importers.mapping import (
    ARTIST,
    CHOICE,
    DAY,
    KEEP,
    SONG,
    ZONE,
    ColumnRule,
    Question,
    TableRule,
    unanswered,
)

DASHES = (" – ", " — ", " - ")


@dataclass(frozen=True)
class Song:
    """A song that somebody named: a track of the label, or a title and an artist."""

    track_id: str | None
    title: str
    artist: str


@dataclass(frozen=True)
class Artist:
    """An artist that somebody named; `new` where the label does not know the name."""

    artist_id: str
    name: str
    new: bool

    @property
    def rules(self) -> tuple[TableRule, ...]:
        """The rule that makes an artist who is new."""
        columns = (("artist_id", ColumnRule(constant=self.artist_id)),
                   ("name", ColumnRule(constant=self.name)))  # fmt: skip
        return (TableRule("artists", columns, once=True, existing=KEEP),) if self.new else ()


def answered(
    questions: tuple[Question, ...], answers: dict[str, str], label: Dataset, file: str
) -> dict[str, str]:
    """Return the answers by name, once none is missing and each is of its kind.

    Parameters
    ----------
    questions : what is asked. answers : by name. label : that they are held against.
    file : name of the file that does not say.

    Raises
    ------
    Unanswered
        A question is open.
    BadInput
        An answer is no day, no time zone, or no song that can be found.
    """
    given = {name: value.strip() for name, value in answers.items() if value.strip()}
    if missing := [q for q in questions if q.name not in given and not q.optional]:
        raise unanswered(file, missing)
    said = [question for question in questions if question.name in given]
    return given | {q.name: _held(q, given[q.name], label) for q in said}


def _held(question: Question, answer: str, label: Dataset) -> str:
    """Return an answer once it fits its kind; a song or artist that is known by its id."""
    if question.kind == SONG:
        return song(answer, label).track_id or answer
    if question.kind == ARTIST:
        found = artist(answer, label)
        return answer if found.new else found.artist_id
    if question.kind == DAY:
        try:
            datetime.date.fromisoformat(answer)
        except ValueError:
            raise BadInput(f"{question.name}: “{answer}” is no day (year-month-day).") from None
    if question.kind == CHOICE and answer not in question.choices:
        raise BadInput(f"{question.name}: “{answer}” is none of {', '.join(question.choices)}.")
    if question.kind == ZONE:
        try:
            zoneinfo.ZoneInfo(answer)
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            raise BadInput(
                f"{question.name}: “{answer}” is no time zone. Zones are called like "
                "Europe/Berlin, America/New_York or UTC."
            ) from None
    return answer


def songs(label: Dataset) -> pl.DataFrame:
    """Return track_id | title | artist of the label's tracks, by title, to choose from."""
    artists = label.scan("artists").select("artist_id", artist="name")
    tracks = label.scan("tracks").select("track_id", "title", "artist_id")
    named = tracks.join(artists, on="artist_id", how="left").collect()
    by_id = pl.col("artist_id").str.strip_prefix("name:")
    named = named.select("track_id", "title", pl.coalesce("artist", by_id))
    return named.sort("title", "artist", "track_id")


def versions(label: Dataset) -> pl.DataFrame:
    """Return track_id | title | artist like `songs`; a title says its version: Slow Tide (Live)."""
    tracks = label.scan("tracks").select("track_id", "version").collect()
    known = songs(label).join(tracks, on="track_id", how="left", maintain_order="left")
    whole = pl.format("{} ({})", "title", "version")
    return known.with_columns(pl.coalesce(whole, "title").alias("title")).drop("version")


def artists(label: Dataset) -> pl.DataFrame:
    """Return artist_id | name of the label's artists, by name, to choose from."""
    return label.scan("artists").select("artist_id", "name").collect().sort("name", "artist_id")


def song(answer: str, label: Dataset) -> Song:
    """Return the song that an answer means: an id, a title that only one track has, or a new one.

    Raises
    ------
    BadInput
        Several tracks have the title, or none has it and the artist is not named with it.
    """
    plainly, known = songs(label), versions(label)
    said = [one["title"].str.to_lowercase() == answer.lower() for one in (plainly, known)]
    # “Slow Tide (Live)” is the title of one track, or the title and the version of another
    for wanted in (known["track_id"] == answer, said[0] | said[1]):
        found = known.filter(wanted)
        if found.height == 1:
            return Song(*plainly.filter(wanted).row(0))
        if found.height:
            listed = ", ".join(f"{t} ({name}, {who})" for t, name, who in found.head(5).iter_rows())
            raise BadInput(f"Several tracks are called “{answer}”: {listed}. Say which by its id.")
    dash = next((dash for dash in DASHES if dash in answer), None)
    artist, _, title = answer.partition(dash or "\0")
    if not (dash and artist.strip() and title.strip()):
        raise BadInput(
            f"No track of the label is called “{answer}”. Give the id or title of one, or "
            "“Artist - Title” for a song that is new."
        )
    return Song(None, title.strip(), artist.strip())


def artist(answer: str, label: Dataset) -> Artist:
    """Return the artist that an answer means: an id, a name that one artist has, or a new one."""
    known = artists(label)
    by_id = known.filter(pl.col("artist_id") == answer)
    key = pl.select(name_key(pl.lit(answer))).item() or plain(answer)
    found = by_id if by_id.height else known.filter(name_key(pl.col("name")) == key)
    if found.height == 1:
        return Artist(*found.row(0), new=False)
    if found.height:
        listed = ", ".join(found["artist_id"].head(5))
        raise BadInput(f"Several artists are called “{answer}”: {listed}. Say which by its id.")
    return Artist(f"name:{answer}"[:200], answer, new=True)
