"""What recordings are compared by: titles split, artists keyed, ISRCs in one form."""

import polars as pl

from workbench.catalogue import identifiers, names, titles
from workbench.catalogue.versions import version

GIVEN = {
    "isrc": pl.String, "title": pl.String, "version": pl.String, "artist": pl.String,
    "featured": pl.List(pl.String), "duration_ms": pl.Int64,
}  # fmt: skip
APART = "\x1f"


def recordings(frame: pl.DataFrame, known: frozenset[str]) -> pl.DataFrame:
    """Return what recordings are compared by, one row a recording in the order given.

    Parameters
    ----------
    frame : isrc | title | version | artist (the credit) | featured | duration_ms, absent columns
        count as null. known : artists' names that are never split, of `names.known_names`.

    Returns
    -------
    row | isrc | core (key) | tight (core without spaces) | sorted (its words in order) | numbers
        (in the core) | kinds, plain_kinds (without remaster), detail, detail_numbers (of the
        version) | note | lead, everyone (keys of artists) | leads, credit (both as one
        text) | duration_ms | said (fingerprint of ISRC and text, that a decision is stored under)
    """
    missing = [pl.lit(None, kind).alias(c) for c, kind in GIVEN.items() if c not in frame.columns]
    given = frame.with_columns(missing).select(pl.col(c).cast(k) for c, k in GIVEN.items())
    split = titles.titles_split(given["title"], known)
    credited = names.credits_split(given["artist"], known)
    own = _versions(given["version"])
    nobody = pl.lit([], pl.List(pl.String))
    wide = pl.concat(
        [
            given.select("isrc", "duration_ms", also=pl.col("featured").fill_null(nobody)),
            split.select("core", "note", "kinds", "detail", inside=pl.col("featured")),
            credited,
            own,
        ],
        how="horizontal",
    ).with_columns(core=titles.core_key(pl.col("core")))
    core = pl.col("core")
    everyone = pl.concat_list("lead", "featured", "also", "inside")
    keyed = wide.select(
        pl.col("duration_ms"),
        pl.col("note"),
        isrc=identifiers.isrc(pl.col("isrc")),
        core=core,
        tight=core.str.replace_all(" ", ""),
        sorted=core.str.split(" ").list.sort().list.join(" "),
        numbers=titles.numbers(core),
        kinds=_together("+", "kinds", "own_kinds"),
        detail=_together(" ", "detail", "own_detail"),
        lead=pl.col("lead").map_batches(_keys, return_dtype=pl.List(pl.String)),
        everyone=everyone.map_batches(_keys, return_dtype=pl.List(pl.String)),
    )
    said = ("isrc", "core", "kinds", "detail", "note")
    every = pl.col("everyone")
    return keyed.with_columns(
        plain_kinds=_without(pl.col("kinds"), "remaster"),
        detail_numbers=titles.numbers(pl.col("detail")),
        leads=words_in_order(pl.col("lead")),
        credit=words_in_order(every),
        said=pl.concat_str(
            *(pl.col(c).fill_null("") for c in said), every.list.join("|"), separator=APART
        ),
    ).with_row_index("row")


def _versions(texts: pl.Series) -> pl.DataFrame:
    """Return own_kinds | own_detail of a column of versions, each distinct text read once."""
    distinct = texts.drop_nulls().unique()
    read = [version(text, certain=True) for text in distinct]
    rows = [titles.version_row([v] if v else []) for v in read]
    table = pl.DataFrame(
        {
            "version": distinct,
            "own_kinds": pl.Series([row["kinds"] for row in rows], dtype=pl.String),
            "own_detail": pl.Series([row["detail"] for row in rows], dtype=pl.String),
        }
    )
    frame = texts.rename("version").to_frame()
    joined = frame.join(table, on="version", how="left", maintain_order="left")
    return joined.select(pl.col("own_kinds", "own_detail").fill_null(""))


def _together(sign: str, *columns: str) -> pl.Expr:
    """Return the distinct parts of texts in order, as one text."""
    parts = pl.concat_list(pl.col(c).str.split(sign) for c in columns)
    kept = parts.list.eval(pl.element().filter(pl.element() != "")).list.unique().list.sort()
    return kept.list.join(sign)


def _without(kinds: pl.Expr, kind: str) -> pl.Expr:
    parts = kinds.str.split("+").list.eval(pl.element().filter(pl.element() != kind))
    return parts.list.join("+")


def words_in_order(keys: pl.Expr) -> pl.Expr:
    """Join keys of artists by their words, so that "Vale, Nora" is "Nora Vale" again."""
    return keys.list.join(" ").str.split(" ").list.sort().list.join(" ")


def _keys(people: pl.Series) -> pl.Series:
    """Return the distinct keys of lists of names, in order, each distinct name folded once."""
    rows = people.rename("name").to_frame().with_row_index("at")
    flat = rows.explode("name").drop_nulls()
    table = flat.select(pl.col("name").unique()).with_columns(key=names.name_key(pl.col("name")))
    keyed = flat.join(table, on="name").filter(pl.col("key") != "").unique(["at", "key"])
    lists = keyed.sort("at", "key").group_by("at", maintain_order=True).agg("key")
    joined = rows.select("at").join(lists, on="at", how="left", maintain_order="left")
    return joined.select(pl.col("key").fill_null(pl.lit([], pl.List(pl.String))))["key"]
