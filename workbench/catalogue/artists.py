"""Whose name is this? Artists found by a name that may be misspelt, each with the parts of a score.

Candidates come from the search over runs of characters; how alike the letters are decides among
them. Only a name that is equal but for case, accents, spaces, signs and the order of its words is
sure, and only where a single artist answers to it: spellings that differ by a letter are as often
two artists as one.
"""

import re
from urllib.parse import unquote

import polars as pl
from rapidfuzz import fuzz, process

from workbench.catalogue.names import credit, folded, known_names, name_key
from workbench.catalogue.search import name_index

SURE, CONFIRM, NEW = "sure", "confirm", "new"
# How much the likeness of the letters weighs beside the search's own score: chosen on one half of
# the misspelt names of benchmarks/matching.py.
LETTERS = 0.5
# The likeness below which nobody is asked; a judgement: there one first candidate in four is right.
ASK = 0.6
DEPTH = 20

_JOINT = r"(?i)[&+/;,()\[\]]|\s-\s|\b(?:and|feat|ft|featuring|vs|with|w|f|y|und|et)\b"
_DAMAGED = r"\x{FFFD}|[\x{80}-\x{9F}]"


def tidied(name: str) -> str:
    """Return a name without what file names leave on it: a track number, percent signs."""
    if re.search(r"%[0-9A-Fa-f]{2}", name):
        name = unquote(name)
    return re.sub(r"^\s*0\d\s*[-._]?\s*(?=[^\W\d])", "", name)


def searched(name: str, known: frozenset[str]) -> str:
    """Return the part of a credit to look for: the lead artists, tidied."""
    name = tidied(name)
    named = credit(name, known)
    return " & ".join(named.lead) if named.featured else name


def artists_found(
    names: pl.Series, artists: pl.Series, *, k: int = 10, letters: float = LETTERS
) -> pl.DataFrame:
    """Return the artists whom each name may mean, best first, with an outcome for each name.

    Parameters
    ----------
    names : to look up, null allowed. artists : names to find them among, one a row. k : at most.
    letters : weight of their likeness beside the search's own score.

    Returns
    -------
    query (row in `names`) | place (from 1) | row (in `artists`) | name | score (0 to 1) |
        search (BM25 over that of the query's best, 0 to 1) | letters (likeness, 0 to 1) | outcome
        (sure, confirm or new; of the name, so the same in all its rows). Sorted by query, place.
    """
    known = known_names(artists.drop_nulls())
    asked = pl.Series(
        "asked", [None if name is None else searched(name, known) for name in names], pl.String
    )
    found = name_index(artists).top(asked, max(k, DEPTH))
    theirs, ours = _keys(artists), _keys(asked)
    pairs = found.select(
        "query", "row", "place", "share",
        name=artists.gather(found["row"]),
        search=pl.col("score") / pl.col("score").max().over("query"),
    ).with_columns(
        *(ours[c].gather(found["query"]).alias(f"{c}_asked") for c in ours.columns),
        *(theirs[c].gather(found["row"]).alias(c) for c in theirs.columns),
    )  # fmt: skip
    pairs = pairs.with_columns(
        letters=pl.max_horizontal(
            _likeness(pairs, "tight_asked", "tight"), _likeness(pairs, "loose_asked", "loose")
        )
    ).with_columns(
        score=(pl.col("search") + letters * pl.col("letters")) / (1 + letters),
        same=(pl.col("tight") == pl.col("tight_asked"))
        | (pl.col("loose") == pl.col("loose_asked")),
    )
    pairs = pairs.sort("query", "score", "place", descending=[False, True, False]).with_columns(
        place=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("query")
    )
    return (
        pairs.with_columns(outcome=_outcome(_certain(theirs)))
        .filter(pl.col("place") <= k)
        .select("query", "place", "row", "name", "score", "search", "letters", "outcome")
    )


def _keys(names: pl.Series) -> pl.DataFrame:
    """Return joint (several acts, or damaged) | plain | tight (no spaces) | loose (no order)."""
    name = pl.col("raw")
    return (
        names.rename("raw")
        .to_frame()
        .select(
            joint=name.str.contains(_JOINT) | name.str.contains(_DAMAGED),
            plain=name.str.normalize("NFKC").str.to_lowercase().str.strip_chars(),
            tight=folded(name).str.replace_all(" ", ""),
            loose=name_key(name).str.replace_all(" ", ""),
        )
    )


def _likeness(pairs: pl.DataFrame, first: str, second: str) -> pl.Series:
    texts = pairs[first].fill_null("").to_list(), pairs[second].fill_null("").to_list()
    return pl.Series(process.cpdist(*texts, scorer=fuzz.ratio) / 100, dtype=pl.Float64)


def _certain(theirs: pl.DataFrame) -> pl.Expr:
    """Return whether a pair is beyond doubt: the same text, or one act under one key."""
    shared = theirs.group_by("loose").len("artists").filter(pl.col("artists") > 1)["loose"]
    one_act = ~pl.col("joint") & ~pl.col("joint_asked") & ~pl.col("loose").is_in(shared.implode())
    return (pl.col("plain") == pl.col("plain_asked")) | (one_act & pl.col("same"))


def _outcome(certain: pl.Expr) -> pl.Expr:
    best = pl.col("place") == 1
    sure = (certain & best).any().over("query")
    near = (best & (pl.col("letters") >= ASK)).any().over("query")
    return pl.when(sure).then(pl.lit(SURE)).when(near).then(pl.lit(CONFIRM)).otherwise(pl.lit(NEW))
