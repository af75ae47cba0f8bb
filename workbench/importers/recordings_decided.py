"""Which track each recording of a file is: one of the label, one of the file itself, or a new one.

What a person decided goes before what the scores say; what stays in doubt gets no track.
"""

import itertools

import polars as pl

from workbench.catalogue import names
from workbench.catalogue.artists import NEW, SURE
from workbench.catalogue.matching import Matches, matches
from workbench.importers import decisions
from workbench.importers.doubts import doubts
from workbench.importers.sheet import DOUBTFUL

NAMED = ("isrc", "title", "version", "artist")
LENGTH = "duration_ms"
LONGEST = 200


def _matched(said: pl.DataFrame, tracks: pl.DataFrame, given: pl.DataFrame):
    """Add outcome | candidate | fingerprint | decision, and return the doubts beside them."""
    found = matches(said.select(*NAMED, LENGTH), tracks, decisions=given)
    of = found.rows["said"]
    needed = _needed(said, found, tracks, of.is_in(given["said"].implode()))
    keys = [decisions.key(one) if hit else None for one, hit in zip(of, needed, strict=True)]
    matched = said.with_columns(
        outcome=found.rows["outcome"],
        candidate=found.rows["track_id"],
        fingerprint=of,
        decision=pl.Series(keys, dtype=pl.String),
    )
    return matched, doubts(said, found, tracks)


def _needed(said: pl.DataFrame, found: Matches, tracks: pl.DataFrame, asked: pl.Series):
    """Tell which recordings would not be what they are without the decisions on them."""
    if not asked.any():
        return asked
    names, rows = said.select(*NAMED, LENGTH), found.rows.select("outcome", "track_id")
    alone = matches(names.filter(asked), tracks).rows["track_id"].drop_nulls()
    # a file that contradicts itself on a track is in doubt, so those beside it count as well
    near = asked | rows["track_id"].is_in(alone.implode()).fill_null(value=False)
    bare = matches(names.filter(near), tracks).rows.select("outcome", "track_id")
    was = rows.filter(near)
    differs = (bare["outcome"] != was["outcome"]) | bare["track_id"].ne_missing(was["track_id"])
    places = near.arg_true().filter(differs)
    return asked & pl.int_range(len(asked), eager=True).is_in(places.implode())


def recordings_decided(
    said: pl.DataFrame, tracks: pl.DataFrame, given: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return which tracks recordings are, and those in doubt beside what they may be.

    Parameters
    ----------
    said : isrc | title | version | artist | duration_ms | at | rows, one row a recording as a file
    names it. tracks : of the label, as `matches` takes them. given : decisions.

    Returns
    -------
    said with outcome (sure, confirm, made, nothing) | track_id | candidate | fingerprint |
    decision; and the recordings in doubt, as a sheet has them.
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
    doubtful = pl.DataFrame(schema=DOUBTFUL)
    if not numbered.is_empty():  # matching again takes as long as it did against the label
        before = rest["decision"]
        rest, doubtful = _matched(rest, _tracks_of(numbered), given)
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


def _tracks_of(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return recordings with an ISRC as the tracks that they become."""
    # one name a track and the others beside it: what stands as an artist is never split again
    people = [(*one.lead, *one.featured) for one in map(names.credit, numbered["artist"])]
    return numbered.select("track_id", *NAMED, LENGTH).with_columns(
        artist=pl.Series([p[0] if p else None for p in people], dtype=pl.String),
        featured=pl.Series([list(p[1:]) for p in people], dtype=pl.List(pl.String)),
        release_date=pl.lit(None, pl.Date),
    )


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
