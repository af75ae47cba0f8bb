"""Which recording is this? Rows of a file against the catalogue: sure, to be confirmed, or new.

Candidates come from blocks (candidates.py); cores are scored with rapidfuzz. A row is sure only
when every part agrees: version, numbers, artists, title, length, ISRC, and when no second track
agrees as well. What is left in doubt is said in words. Different recordings are never merged
silently: whatever differs in version is not even a candidate, a remaster at most a question.
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from workbench.catalogue.artists import CONFIRM, NEW, SURE
from workbench.catalogue.candidates import compared
from workbench.catalogue.names import known_names
from workbench.catalogue.recordings import recordings
from workbench.errors import BadInput

SHOWN = 5
VERSION = {"equal": 1.0, "close": 0.7, "remaster": 0.5, "other": 0.0}
CANDIDATES = ("row", "place", "track_id", "score", "title", "artist", "credit", "version",
              "seconds", "isrc", "doubt")  # fmt: skip
DECISIONS = {"said": pl.String, "track_id": pl.String, "same": pl.Boolean}


@dataclass(frozen=True)
class Rules:
    """What agrees, as likeness of letters from 0 to 1 and seconds.

    Attributes
    ----------
    title_sure, artist_sure : a title or an artist that is spelt differently can still be sure, but
        only where the lengths are known and agree. title_ask, artist_ask : below, it is another
        song or another artist. seconds : lengths agree. The figures were chosen on one half of
        benchmarks/matching.py and measured on the other.
    """

    title_sure: float = 0.8
    artist_sure: float = 0.8
    title_ask: float = 0.7
    artist_ask: float = 0.7
    seconds: float = 3.0


RULES = Rules()


@dataclass(frozen=True, eq=False)
class Matches:
    """What rows of a file are.

    Attributes
    ----------
    rows : row (place in the file) | outcome (sure, confirm, new) | track_id (of the best candidate;
        null: new) | score | doubt (why it is not sure) | decided (by a person) | said
        (fingerprint that a decision is stored under). Sorted by row.
    candidates : row | place | track_id | score (0 to 1) | title, artist (likeness, 0 to 1) |
        credit (of the names not on both sides) | version (equal, close, remaster or other) |
        seconds (between the lengths, null: not known) | isrc (same, other, null: not given) |
        doubt. The best five of each row that is not new. Sorted by row and place.
    """

    rows: pl.DataFrame
    candidates: pl.DataFrame


def matches(
    rows: pl.DataFrame,
    tracks: pl.DataFrame,
    *,
    decisions: pl.DataFrame | None = None,
    rules: Rules = RULES,
) -> Matches:
    """Return which track of the catalogue each row of a file is.

    Parameters
    ----------
    rows : title, and what there is of isrc | version | artist | featured | duration_ms.
    tracks : track_id (unique) and the same columns; artist is the artist's name.
    decisions : said | track_id | same. True: this row is that track. False: it is not that track,
        or, where track_id is null, none of them. The last one wins; a track that is gone counts as
        no decision.
    rules : thresholds.

    Raises
    ------
    BadInput
        A column is missing, or two tracks have one id.
    """
    _checked(rows, tracks)
    artists = tracks["artist"].drop_nulls().unique() if "artist" in tracks.columns else ()
    known = known_names(artists)
    mine = recordings(rows, known)
    if rows.is_empty() or tracks.is_empty():  # to compare with nothing costs as much as with some
        found = _of_nothing()
    else:
        theirs = recordings(tracks, known)
        found = compared(mine, theirs, title=rules.title_ask, artist=rules.artist_ask)
    found = found.with_columns(track_id=tracks["track_id"].gather(found["track"]))
    return settled(mine, found, decided(mine, tracks, decisions), rules)


@cache
def _of_nothing() -> pl.DataFrame:
    """Return the pairs of no rows with no tracks."""
    none = recordings(pl.DataFrame(schema={"title": pl.String}), known_names(()))
    return compared(none, none, title=0.0, artist=0.0)


def _checked(rows: pl.DataFrame, tracks: pl.DataFrame) -> None:
    for frame, needed in ((rows, ("title",)), (tracks, ("track_id", "title"))):
        if missing := [name for name in needed if name not in frame.columns]:
            raise BadInput(f"Matching needs the column “{missing[0]}”.")
    if tracks["track_id"].n_unique() < tracks.height:
        raise BadInput("Two tracks of the catalogue have the same id.")


def judged(found: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Add score | doubt (null: nothing speaks against it) | level (2 sure, 1 asked) to pairs."""
    timed = (pl.col("seconds") <= rules.seconds).fill_null(value=False)
    near = timed & pl.col("worded") & (pl.col("title") >= rules.title_sure)
    spelt = pl.col("exact") | near
    people = pl.min_horizontal("artist", "credit") >= rules.artist_sure
    credited = (pl.col("named") == "alike") | (timed & people)
    known = pl.col("isrc").eq_missing(pl.lit("same"))
    anybody = pl.max_horizontal("artist", "credit")
    doubts = [
        (~pl.col("numbers"), "the numbers in the titles differ"),
        (pl.col("version") == "other", "another version"),
        (pl.col("version") == "remaster", "only one of them is a remaster"),
        (known & (pl.col("title") < rules.title_ask), "the same ISRC, but another title"),
        (known & (anybody < rules.artist_ask), "the same ISRC, but another artist"),
        (~known & (pl.col("version") == "close"), "only one says which version"),
        (~known & (pl.col("isrc") == "other"), "another ISRC"),
        (~known & pl.col("notes"), "from another film, series or producer"),
        (~known & ~pl.col("worded"), "one title has words that the other has not"),
        (~known & pl.col("worded") & ~spelt, "the title is spelt differently"),
        (~known & pl.col("artist").is_null(), "no artist is given"),
        (~known & (pl.col("named") == "fewer") & ~credited, "one of them names more artists"),
        (~known & (pl.col("named") == "others") & ~credited, "the artists are named differently"),
        (
            ~known & (pl.col("seconds") > rules.seconds),
            pl.format("the lengths differ by {} s", pl.col("seconds").round(0).cast(pl.Int64)),
        ),
    ]
    said = [
        pl.when(holds).then(words if isinstance(words, pl.Expr) else pl.lit(words))
        for holds, words in doubts
    ]
    doubt = pl.concat_str(said, separator="; ", ignore_nulls=True)
    alike = (pl.col("title") >= rules.title_ask) & (anybody.fill_null(1) >= rules.artist_ask)
    return (
        found.filter(known | alike)
        .with_columns(score=_score(known), doubt=pl.when(doubt != "").then(doubt))
        .with_columns(level=pl.when(pl.col("doubt").is_null()).then(2).otherwise(1))
    )


def _score(known: pl.Expr) -> pl.Expr:
    """Return one number to order candidates by; an equal ISRC puts a pair into the upper half."""
    version = pl.col("version").replace_strict(VERSION, return_dtype=pl.Float64)
    length = (1 - pl.col("seconds") / 30).clip(0, 1).fill_null(0.5)
    artist = (pl.col("artist").fill_null(0.5) + pl.col("credit").fill_null(0.5)) / 2
    parts = 0.5 * pl.col("title").fill_null(0.5) + 0.3 * artist + 0.1 * version + 0.1 * length
    return pl.when(known).then(0.5 + parts / 2).otherwise(parts)


def decided(mine: pl.DataFrame, tracks: pl.DataFrame, decisions) -> pl.DataFrame:
    """Return row | track_id | same of the decisions that bear on these rows and tracks."""
    given = (
        pl.DataFrame(schema=DECISIONS)
        if decisions is None
        else decisions.select(pl.col(c).cast(kind) for c, kind in DECISIONS.items())
    )
    held = given.filter(
        pl.col("track_id").is_in(tracks["track_id"].implode()) | pl.col("track_id").is_null()
    )
    return (
        mine.select("row", "said")
        .join(held, on="said", maintain_order="left_right")
        .drop("said")
        .unique(maintain_order=True)
    )


def settled(mine, found: pl.DataFrame, by_hand: pl.DataFrame, rules: Rules) -> Matches:
    """Return what rows are, from compared pairs with their track_id and from decisions."""
    found = judged(found, rules)
    refused = by_hand.filter(~pl.col("same"))
    chosen = (
        by_hand.filter(pl.col("same")).unique("row", keep="last").select("row", chosen="track_id")
    )
    found = (
        found.join(refused.drop_nulls(), on=["row", "track_id"], how="anti")
        .join(refused.filter(pl.col("track_id").is_null()), on="row", how="anti")
        .join(chosen, on="row", how="left")
    )
    decision = pl.col("chosen") == pl.col("track_id")
    found = found.filter(decision | pl.col("chosen").is_null())
    best = found.sort(
        "row", pl.col("isrc").eq_missing(pl.lit("same")), "level", "score", "track_id",
        descending=[False, True, True, True, False],
    ).with_columns(place=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("row"))  # fmt: skip
    outcome = _outcomes(mine, best, rules)
    rows = (
        mine.select("row", "said")
        .join(outcome, on="row", how="left")
        .join(chosen, on="row", how="left")
    )
    fixed = pl.col("chosen").is_not_null()
    rows = rows.select(
        "row",
        outcome=pl.when(fixed).then(pl.lit(SURE)).otherwise(pl.col("outcome").fill_null(NEW)),
        track_id=pl.coalesce("chosen", "track_id"),
        score="score",
        doubt=pl.when(~fixed).then("doubt"),
        decided=fixed,
        said="said",
    ).sort("row")
    shown = best.filter(pl.col("place") <= SHOWN).select(*CANDIDATES)
    return Matches(rows, shown.sort("row", "place"))


def _outcomes(mine: pl.DataFrame, best: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return row | outcome | track_id | score | doubt of the best candidate of each row."""
    same = pl.col("isrc").eq_missing(pl.lit("same"))
    fits = (pl.col("level") == 2) & (same | ~same.any().over("row"))
    first = best.with_columns(fitting=fits.sum().over("row")).filter(pl.col("place") == 1)
    first = first.join(mine.select("row", "isrc", "duration_ms"), on="row", suffix="_own")
    # rows that are sure of one track but not of each other: two ISRCs or two lengths in one file
    sure = (pl.col("level") == 2) & (pl.col("fitting") == 1)
    own = pl.col("isrc_own").filter(sure).drop_nulls().n_unique().over("track_id") > 1
    length = pl.col("duration_ms").filter(sure)
    spread = (length.max() - length.min()).over("track_id") > 1000 * 2 * rules.seconds
    said = [
        pl.when(pl.col("level") == 1).then("doubt"),
        pl.when(pl.col("fitting") > 1).then(pl.lit("more than one track fits")),
        pl.when(sure & own & ~same).then(pl.lit("this file has other ISRCs for this track")),
        pl.when(sure & spread & ~same).then(pl.lit("this file has other lengths for this track")),
    ]
    doubt = pl.concat_str(said, separator="; ", ignore_nulls=True)
    return first.select(
        "row", "track_id", "score",
        doubt=pl.when(doubt != "").then(doubt),
        outcome=pl.when(doubt == "").then(pl.lit(SURE)).otherwise(pl.lit(CONFIRM)),
    )  # fmt: skip
