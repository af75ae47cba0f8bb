"""Recordings that a file names: those that the label knows, those that are new, and the doubtful.

A statement names recordings by ISRC, title and artist. `catalogue.matching` says which track of the
label each is. New ones become tracks, with their artists; what is in doubt becomes nothing and is
listed until a person has decided, because two recordings must never be merged silently.
"""

import json
from dataclasses import dataclass, replace

import polars as pl

from workbench.catalogue import identifiers, names
from workbench.catalogue.artists import SURE
from workbench.dataset import Dataset
from workbench.importers import changed_cells, decisions
from workbench.importers.doubts import in_words
from workbench.importers.mapping import KEEP, ColumnRule, TableRule
from workbench.importers.recordings_decided import LENGTH, LONGEST, NAMED, recordings_decided
from workbench.importers.sheet import DECIDED, ROW, Sheet

# Columns that we add to a file begin so; one of the file that does is one of ours, come back.
OURS = "→ "
TRACK = f"{OURS}track"
KEPT = ("album", "upc", "label")
MADE = ("track_id", "isrc", "title", "version", "artist_id", "featured", *KEPT)

TRACKS = TableRule(
    "tracks",
    (
        *((name, ColumnRule(column=(f"{OURS}new {name}",))) for name in MADE),
        ("status", ColumnRule(constant="released")),
    ),
    existing=KEEP,
    only=f"{OURS}new track_id",
)
ARTISTS = TableRule(
    "artists",
    tuple((name, ColumnRule(column=(f"{OURS}artist {name}",))) for name in ("artist_id", "name")),
    existing=KEEP,
    only=f"{OURS}artist artist_id",
)


@dataclass(frozen=True, eq=False)
class Named:
    """The recordings of a file.

    Attributes
    ----------
    columns : of the file's rows in order, text (Categorical where new). “→ track” is the track
    of the row, null where none is named or it is in doubt; the others hold what is new, in the
    first row that names it.
    doubtful : as a sheet has it. decided : decision | made, of the rows in order; null where nobody
    decided. notes : what came of it, in words. rules : that fill tracks and artists.
    """

    columns: pl.DataFrame
    doubtful: pl.DataFrame
    decided: pl.DataFrame
    notes: tuple[str, ...]
    rules: tuple[TableRule, ...]

    def beside(self, sheet: Sheet) -> Sheet:
        """Return the sheet of these rows with what is in doubt and what was decided."""
        decided = self.decided.with_columns(sheet.frame[ROW]).drop_nulls("decision")
        return replace(
            sheet, doubtful=self.doubtful, decided=decided.select(list(DECIDED)).cast(DECIDED)
        )


def recordings_named(rows: pl.DataFrame, label: Dataset, source: str) -> Named:
    """Return which recordings the rows of a file name.

    Parameters
    ----------
    rows : title | artist, and what there is of isrc | version | album | upc | label | duration_ms;
    all text.
    label : whose tracks they may be. source : of this import; what it made when the same file was
    brought before does not count as known, so that it is made the same again.
    """
    every = (*NAMED, *KEPT, LENGTH)
    # a million rows name some thousand recordings: what they say alike is read once
    alike = rows.with_row_index("at").group_by(rows.columns, maintain_order=True).agg("at")
    place = alike.select("at").with_row_index("place").explode("at").sort("at")["place"]
    absent = [pl.lit(None, pl.String).alias(name) for name in every if name not in rows.columns]
    said = alike.with_columns(absent).select(
        pl.col("at").list.first(),
        pl.col("at").list.len().alias("rows"),
        pl.col(every).cast(pl.String).str.replace_all(r"[\x00-\x1f\x7f]", " ").str.strip_chars()
        .replace("", None),
    )  # fmt: skip
    said = said.with_columns(
        pl.col(LENGTH).cast(pl.Int64, strict=False), isrc=identifiers.isrc(pl.col("isrc"))
    )
    named = said.filter(pl.any_horizontal(pl.col("isrc", "title").is_not_null()))
    named = named.group_by(NAMED, maintain_order=True).agg(
        pl.col("at").first(), pl.col("rows").sum(), pl.col(*KEPT, LENGTH).drop_nulls().first()
    )
    tracks, artists = _known(label, source)
    decided, doubtful = recordings_decided(named, tracks, decisions.given(label))
    made = _made(decided.filter(pl.col("outcome") == "made"), artists)
    found = said.select(NAMED).join(
        decided, on=NAMED, how="left", nulls_equal=True, maintain_order="left"
    )
    found = found.select("track_id", "decision", made=pl.col("outcome") == "made")[place]
    columns = (
        place.to_frame()
        .with_row_index("at")
        .select("at")
        .join(made.cast({pl.String: pl.Categorical}), on="at", how="left", maintain_order="left")
    )
    columns = columns.drop("at").with_columns(found["track_id"].alias(TRACK))
    return Named(
        columns=columns,
        doubtful=doubtful,
        decided=found.drop("track_id"),
        notes=(*_notes(decided), *in_words(doubtful)),
        rules=tuple(rule for rule in (TRACKS, ARTISTS) if columns[rule.only].count()),
    )


def _known(label: Dataset, source: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the tracks that matching compares with, and the artists, as before this import."""
    tracks, artists = (label.stored(name, but=source) for name in ("tracks", "artists"))
    who = artists.select("artist_id", "name").collect()
    columns = ("track_id", "isrc", "title", "version", "artist_id", "featured", LENGTH,
               "release_date")  # fmt: skip
    tracks = changed_cells.as_they_were(label, source, tracks.select(columns).collect())
    named = tracks.join(who, on="artist_id", how="left")
    # where an import named artists by their names alone, the id says who it is
    by_id = pl.col("artist_id").str.strip_prefix("name:")
    return named.with_columns(artist=pl.coalesce("name", by_id)).drop("name"), who


def _made(fresh: pl.DataFrame, artists: pl.DataFrame) -> pl.DataFrame:
    """Return at | “→ new …” of tracks | “→ artist …” of artists that are new, first rows only."""
    known = names.known_names(artists["name"])
    credited = [names.credit(text, known) for text in fresh["artist"]]
    leads = [
        " & ".join(one.lead) or text for one, text in zip(credited, fresh["artist"], strict=True)
    ]
    held = artists.with_columns(key=names.name_key(pl.col("name")))
    held = held.filter(pl.col("artist_id").n_unique().over("key") == 1).unique("key")
    frame = (
        fresh.with_columns(
            pl.Series("lead", leads, pl.String),
            pl.Series("featured", [json.dumps(one.featured) for one in credited], pl.String),
            upc=identifiers.upc(pl.col("upc")),
        )
        .join(_keys(leads), on="lead", how="left", maintain_order="left")
        .join(held.select("key", "artist_id"), on="key", how="left", maintain_order="left")
    )
    called = pl.format("name:{}", pl.col("lead").first().over("key", order_by="at"))
    frame = frame.with_columns(
        artist_id=pl.coalesce("artist_id", called.str.slice(0, LONGEST)),
        featured=pl.when(pl.col("featured") != "[]").then("featured"),
    )
    first = pl.col("at") == pl.col("at").min().over("artist_id")
    new = first & ~pl.col("artist_id").is_in(artists["artist_id"].implode())
    return frame.select(
        "at",
        *(pl.col(name).alias(f"{OURS}new {name}") for name in MADE),
        pl.when(new).then("artist_id").alias(f"{OURS}artist artist_id"),
        pl.when(new).then("lead").alias(f"{OURS}artist name"),
    )


def _keys(leads: list[str]) -> pl.DataFrame:
    """Return lead | key, each name folded once."""
    distinct = pl.DataFrame({"lead": leads}, {"lead": pl.String}).unique()
    return distinct.with_columns(key=names.name_key(pl.col("lead")))


def _notes(decided: pl.DataFrame) -> tuple[str, ...]:
    counts = dict(decided.group_by("outcome").len().iter_rows())
    made = counts.get("made", 0)
    known = decided.filter(pl.col("outcome").is_in([SURE, "made"]))["track_id"].n_unique() - made
    notes = []
    if known or made:
        notes.append(f"recordings named: {known:,} that are known, {made:,} new")
    if none := counts.get("nothing"):
        what = f"{none:,} recording{'s' * (none > 1)} without a title or an artist"
        notes.append(f"{what}; none was made of them")
    return tuple(notes)
