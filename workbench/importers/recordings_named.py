"""Recordings that a file names: those that the label knows, those that are new, and the doubtful.

A statement names recordings by ISRC, title and artist. `catalogue.matching` says which track of the
label each is. New ones become tracks, with their artists; what is in doubt becomes nothing and is
listed until a person has decided, because two recordings must never be merged silently.
"""

import itertools
import json
from dataclasses import dataclass, replace

import polars as pl

from workbench.catalogue import identifiers, names
from workbench.catalogue.artists import NEW, SURE
from workbench.catalogue.matching import matches
from workbench.dataset import Dataset
from workbench.importers import decisions
from workbench.importers.doubts import doubts, in_words
from workbench.importers.mapping import KEEP, ColumnRule, TableRule
from workbench.importers.sheet import DECIDED, ROW, Sheet
from workbench.store.slices import scan
from workbench.tables import table

# Columns that we add to a file begin so; one of the file that does is one of ours, come back.
OURS = "→ "
TRACK = f"{OURS}track"
NAMED = ("isrc", "title", "version", "artist")
KEPT = ("album", "upc", "label")
LENGTH = "duration_ms"
MADE = ("track_id", "isrc", "title", "version", "artist_id", "featured", *KEPT)
LONGEST = 200

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
    columns : of the file's rows in order, text (Categorical where new). “→ track” is the track of the row, null where
    none is named or it is in doubt; the others hold what is new, in the first row that names it.
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
    decided, doubtful = _decided(named, tracks, decisions.given(label))
    made = _made(decided.filter(pl.col("outcome") == "made"), artists)
    found = said.select(NAMED).join(
        decided, on=NAMED, how="left", nulls_equal=True, maintain_order="left"
    )
    found = found.select("track_id", "decision", made=pl.col("outcome") == "made")[place]
    columns = place.to_frame().with_row_index("at").select("at").join(
        made.cast({pl.String: pl.Categorical}), on="at", how="left", maintain_order="left"
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
    """Return the tracks that matching compares with, and the artists, without this import's own."""
    tracks, artists = (
        scan(label.folder, table(name), [e for e in label.manifest.of(name) if e.source != source])
        for name in ("tracks", "artists")
    )
    who = artists.select("artist_id", "name").collect()
    columns = ("track_id", "isrc", "title", "version", "artist_id", "featured", LENGTH,
               "release_date")  # fmt: skip
    named = tracks.select(columns).collect().join(who, on="artist_id", how="left")
    # where an import named artists by their names alone, the id says who it is
    by_id = pl.col("artist_id").str.strip_prefix("name:")
    return named.with_columns(artist=pl.coalesce("name", by_id)).drop("name"), who


def _matched(said: pl.DataFrame, tracks: pl.DataFrame, given: pl.DataFrame):
    """Add outcome | candidate | fingerprint | decision, and return the doubts beside them."""
    found = matches(said.select(*NAMED, LENGTH), tracks, decisions=given)
    of = found.rows["said"]
    asked = of.is_in(given["said"].implode())
    keys = [decisions.key(one) if hit else None for one, hit in zip(of, asked, strict=True)]
    matched = said.with_columns(
        outcome=found.rows["outcome"],
        candidate=found.rows["track_id"],
        fingerprint=of,
        decision=pl.Series(keys, dtype=pl.String),
    )
    return matched, doubts(said, found, tracks)


def _decided(
    said: pl.DataFrame, tracks: pl.DataFrame, given: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add outcome (sure, confirm, made, nothing) | track_id | candidate | fingerprint | decision.

    Returns the recordings with these, and those in doubt beside what they may be.
    """
    said, doubtful = _matched(said, tracks, given)
    new = pl.col("outcome") == NEW
    whole = pl.col("title").is_not_null() & pl.col("artist").is_not_null()
    old = said.filter(~new | ~whole).with_columns(
        outcome=pl.when(new).then(pl.lit("nothing")).otherwise("outcome"),
        track_id=pl.when(pl.col("outcome") == SURE).then("candidate"),
    )
    fresh = said.filter(new & whole)
    taken = set(tracks["track_id"])
    numbered = fresh.filter(pl.col("isrc").is_not_null()).unique(
        "isrc", keep="first", maintain_order=True
    )
    numbered = numbered.with_columns(outcome=pl.lit("made"), track_id=_ids(numbered, taken))
    rest, within = _within(fresh.join(numbered, on="at", how="anti"), numbered, taken, given)
    decided = pl.concat([old, numbered, rest], how="diagonal_relaxed").sort("at")
    return decided, pl.concat([doubtful, within])


def _within(
    rest: pl.DataFrame, numbered: pl.DataFrame, taken: set[str], given: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Decide on what a file names otherwise than by the first row of an ISRC."""
    # one name a track and the others beside it: what stands as an artist is never split again
    people = [(*one.lead, *one.featured) for one in map(names.credit, numbered["artist"])]
    tracks = numbered.select("track_id", *NAMED, LENGTH).with_columns(
        artist=pl.Series([p[0] if p else None for p in people], dtype=pl.String),
        featured=pl.Series([list(p[1:]) for p in people], dtype=pl.List(pl.String)),
        release_date=pl.lit(None, pl.Date),
    )
    before = rest["decision"]
    rest, doubtful = _matched(rest, tracks, given)
    rest = rest.with_columns(pl.coalesce("decision", before))
    new = pl.col("outcome") == NEW
    made = rest.filter(new).unique("fingerprint", keep="first", maintain_order=True)
    made = made.select("fingerprint", own=_ids(made.with_columns(isrc=None), taken))
    rest = rest.join(made, on="fingerprint", how="left", maintain_order="left").with_columns(
        track_id=pl.when(pl.col("outcome") == SURE).then("candidate").when(new).then("own")
    )
    first = (pl.col("at") == pl.col("at").min().over("track_id")) & new
    said = pl.when(first).then(pl.lit("made")).when(new).then(pl.lit(SURE))
    return rest.with_columns(outcome=said.otherwise("outcome")).drop("own"), doubtful


def _ids(recordings: pl.DataFrame, taken: set[str]) -> pl.Series:
    """Return ids of new tracks, their ISRCs where free; adds them to those that are taken.

    A recording that a person kept apart from a track must not get its id.
    """
    ids = []
    for isrc, title, version, artist in recordings.select(NAMED).iter_rows():
        name = f"name:{artist} · {title}{f' ({version})' if version else ''}"[:LONGEST]
        more = (f"{name[: LONGEST - 5]} · {place}" for place in itertools.count(2))
        tried = itertools.chain([isrc] if isrc else [], [name], more)
        ids.append(next(one for one in tried if one not in taken))
        taken.add(ids[-1])
    return pl.Series("track_id", ids, pl.String)


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
        .with_columns(key=names.name_key(pl.col("lead")))
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


def _notes(decided: pl.DataFrame) -> tuple[str, ...]:
    counts = dict(decided.group_by("outcome").len().iter_rows())
    made = counts.get("made", 0)
    known = decided.filter(pl.col("outcome").is_in([SURE, "made"]))["track_id"].n_unique() - made
    notes = []
    if known or made:
        notes.append(f"recordings named: {known:,} that are known, {made:,} new")
    if none := counts.get("nothing"):
        notes.append(f"{none:,} recordings without a title or an artist; none was made of them")
    return tuple(notes)
