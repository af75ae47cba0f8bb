"""Which tracks a row of a file may be: pairs from blocks, so that nothing is compared with all.

A pair comes from an equal ISRC, from an artist in common (also one spelt a little differently), or
from an equal core title. Versions are part of the block: a remix is never compared with the song.
Only a remaster may meet the recording that it was made from, and a person then decides.
"""

import polars as pl
from rapidfuzz import fuzz, process

from workbench.catalogue.recordings import words_in_order
from workbench.catalogue.search import name_index

# An artist's name counts as a spelling of another from this likeness of letters on.
SPELT = 0.75
# Rows times tracks of one core title, beyond which artists alone make pairs ("Intro").
CROWD = 40_000
CHUNK = 2_000_000
# Remixers and places are one from this likeness on: one letter in ten may be mistyped.
DETAIL = 0.9
# Words of two titles are spellings of each other from this likeness of letters on.
WORDS = 0.6
COMPARED = (
    "tight", "sorted", "numbers", "plain_kinds", "kinds", "detail", "detail_numbers", "note",
    "lead", "leads", "everyone", "credit", "duration_ms", "isrc",
)  # fmt: skip


def pairs(rows: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return row | track | by_isrc: the pairs worth comparing, both sides from `recordings`."""
    found = [
        _joined(rows, tracks, ["isrc"], by_isrc=True),
        _by_artist(rows, tracks),
        _by_title(rows, tracks),
    ]
    return (
        pl.concat(found).group_by("row", "track").agg(pl.col("by_isrc").any()).sort("row", "track")
    )


def _joined(rows, tracks, on: list[str], *, by_isrc: bool = False) -> pl.DataFrame:
    left = rows.select("row", *on).drop_nulls().unique()
    right = tracks.select(pl.col("row").alias("track"), *on).drop_nulls().unique()
    return left.join(right, on=on).select("row", "track", by_isrc=pl.lit(by_isrc))


def _by_artist(rows: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    mine, theirs = _artists(rows), _artists(tracks)
    others = spellings(mine["artist"].unique(), theirs["artist"].unique())
    meant = mine.join(others, on="artist").with_columns(artist="means").select(mine.columns)
    mine = pl.concat([mine, meant])
    return _joined(mine, theirs, ["plain_kinds", "artist"])


def _artists(frame: pl.DataFrame) -> pl.DataFrame:
    """Return row | plain_kinds | artist: each key of a credit, and the whole of it as one key."""
    every = pl.concat_list("everyone", "credit")
    return frame.select("row", "plain_kinds", artist=every).explode("artist").drop_nulls().unique()


def spellings(asked: pl.Series, held: pl.Series) -> pl.DataFrame:
    """Return artist | means: for keys of artists that are not held, held ones of like letters."""
    unknown = asked.filter(~asked.is_in(held.implode()) & (asked != "")).sort()
    held = held.filter(held != "").sort()
    found = name_index(held).top(unknown, 5)
    near = pl.DataFrame(
        {"artist": unknown.gather(found["query"]), "means": held.gather(found["row"])},
        {"artist": pl.String, "means": pl.String},
    )
    texts = near["artist"].to_list(), near["means"].to_list()
    alike = process.cpdist(*texts, scorer=fuzz.ratio, score_cutoff=100 * SPELT)
    return near.filter(pl.Series(alike > 0, dtype=pl.Boolean))


def _by_title(rows: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    key = ["tight", "plain_kinds"]
    mine, theirs = (f.filter(pl.col("tight") != "").group_by(key).len() for f in (rows, tracks))
    few = mine.join(theirs, on=key).filter(
        pl.col("len").cast(pl.Int64) * pl.col("len_right").cast(pl.Int64) <= CROWD
    )
    return _joined(rows.join(few.select(key), on=key, how="semi"), tracks, key)


def compared(
    rows: pl.DataFrame, tracks: pl.DataFrame, *, title: float, artist: float
) -> pl.DataFrame:
    """Return every pair that could be one recording, with the parts of its score.

    Parameters
    ----------
    rows, tracks : of `recordings`. title, artist : likeness (0 to 1) below which a pair without an
        equal ISRC is left out.

    Returns
    -------
    row | track | title | artist (likeness of the leads, 1 where one is named on the other side) |
        credit (likeness of the names that are not on both sides, 1 where there are none, 0 where
        one side names more; both null: nobody is named) | exact (title) | worded (no word of a
        title stands on one side only, other than misspelt) | named (alike: all the same artists,
        fewer: one side names more, others) | version (equal, close, remaster, other) | numbers
        (agree) | notes (differ) | seconds | isrc (same, other, null). Where a row has an ISRC and
        no title, title is null, and nothing is said against version and numbers.
    """
    found = pairs(rows, tracks)
    starts = range(0, max(found.height, 1), CHUNK)
    return pl.concat(
        _compared(found[start : start + CHUNK], rows, tracks, title, artist) for start in starts
    )


def _compared(found, rows, tracks, title: float, artist: float) -> pl.DataFrame:
    both = found.with_columns(
        *(rows[c].gather(found["row"]).alias(c) for c in COMPARED),
        *(tracks[c].gather(found["track"]).alias(f"{c}_2") for c in COMPARED),
        numbers_agree=rows["numbers"].gather(found["row"])
        == tracks["numbers"].gather(found["track"]),
    ).filter(pl.col("by_isrc") | pl.col("numbers_agree"))
    both = both.with_columns(
        title=pl.max_horizontal(_alike(both, "tight"), _alike(both, "sorted"))
    ).filter(pl.col("by_isrc") | (pl.col("title") >= title))
    mine, theirs = pl.col("everyone"), pl.col("everyone_2")
    both = both.with_columns(
        other=words_in_order(mine.list.set_difference(theirs)),
        other_2=words_in_order(theirs.list.set_difference(mine)),
    )
    both = both.with_columns(
        all_named=pl.col("credit") == pl.col("credit_2"),
        credit=_alike(both, "other"),
        leads_alike=_alike(both, "leads"),
        detail_alike=_alike(both, "detail"),
    ).with_columns(**_people(), version=_version())
    untitled = (pl.col("tight") == "") | (pl.col("tight_2") == "")
    both = both.with_columns(
        title=pl.when(~untitled).then("title"),
        version=pl.when(untitled).then(pl.lit("equal")).otherwise("version"),
    )
    both = both.with_columns(worded=_worded(both))
    people = pl.max_horizontal("lead_artist", "credit").fill_null(1)
    close = (people >= artist) & (pl.col("version") != "other")
    isrcs = pl.col("isrc").is_not_null() & pl.col("isrc_2").is_not_null()
    return both.filter(pl.col("by_isrc") | close).select(
        "row", "track", "title", "credit",
        artist="lead_artist",
        exact=pl.col("tight") == pl.col("tight_2"),
        worded="worded",
        named="named",
        version="version",
        numbers=pl.col("numbers_agree") | pl.col("title").is_null(),
        notes=(pl.col("note") != pl.col("note_2")).fill_null(value=False),
        seconds=(pl.col("duration_ms") - pl.col("duration_ms_2")).abs() / 1000,
        isrc=pl.when("by_isrc").then(pl.lit("same")).when(isrcs).then(pl.lit("other")),
    )  # fmt: skip


def _people() -> dict[str, pl.Expr]:
    mine, theirs = pl.col("everyone"), pl.col("everyone_2")
    unknown = (mine.list.len() == 0) | (theirs.list.len() == 0)
    both = mine.list.set_intersection(theirs).list.len()
    led = pl.col("lead").list.set_intersection(theirs).list.len() > 0
    led |= pl.col("lead_2").list.set_intersection(mine).list.len() > 0
    fewer = led & (both == pl.min_horizontal(mine.list.len(), theirs.list.len()))
    named = pl.when("all_named").then(pl.lit("alike")).when(fewer).then(pl.lit("fewer"))
    return {
        "lead_artist": pl.when(~unknown).then(pl.when(led).then(1.0).otherwise("leads_alike")),
        "credit": pl.when(~unknown).then(pl.when("all_named").then(1.0).otherwise("credit")),
        "named": pl.when(~unknown).then(named.otherwise(pl.lit("others"))),
    }


def _version() -> pl.Expr:
    """Say how versions relate: a remixer named on one side only is close, two are not."""
    one_side = (pl.col("detail") == "") | (pl.col("detail_2") == "")
    kinds = pl.col("kinds") == pl.col("kinds_2")
    remaster = pl.col("plain_kinds") == pl.col("plain_kinds_2")
    years = pl.col("detail_numbers") == pl.col("detail_numbers_2")
    return (
        pl.when(kinds & years & (pl.col("detail_alike") >= DETAIL)).then(pl.lit("equal"))
        .when(kinds & one_side).then(pl.lit("close"))
        .when(~kinds & remaster).then(pl.lit("remaster"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip


def _worded(both: pl.DataFrame) -> pl.Series:
    """Tell titles that are spelt differently from those of which one says a word more.

    "Slow Tide Inst" has nearly all letters of "Slow Tide", and its length: it is no misspelling.
    """
    spelt = pl.col("tight") != pl.col("tight_2")
    mine, theirs = (pl.col(c).str.split(" ") for c in ("sorted", "sorted_2"))
    left = both.select(
        pl.when(spelt).then(mine.list.set_difference(theirs).list.join("")).alias("left"),
        pl.when(spelt).then(theirs.list.set_difference(mine).list.join("")).alias("left_2"),
        same=~spelt | (pl.col("sorted") == pl.col("sorted_2")),
    )
    return left["same"] | (_alike(left, "left") >= WORDS) & (left["left"].fill_null("") != "")


def _alike(frame: pl.DataFrame, column: str) -> pl.Series:
    texts = (frame[c].fill_null("").to_list() for c in (column, f"{column}_2"))
    return pl.Series(process.cpdist(*texts, scorer=fuzz.ratio) / 100, dtype=pl.Float64)
