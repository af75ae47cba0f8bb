"""Free-text search of lyrics: by meaning, by mood, by the words themselves, each hit explained."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.lyrics.language import script_language
from workbench.lyrics.outcome import letters
from workbench.lyrics.query import LONGEST, Query, Wish, understood
from workbench.lyrics.search_evidence import best_line, mood_words, said_of
from workbench.lyrics.search_index import Texts, likeness, part_moods, spaced, texts
from workbench.lyrics.theme_words import content_words

# Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). Their 60 is for lists of thousands:
# over a hundred songs it is all but the mean of the ranks, and songs far from the words are found.
RANKS = 10
# A mood is told with far less certainty than meaning, above all of a few lines at an end.
MOOD_WEIGHT = 0.5
# The nearest window of random letters comes to .24 on the sample, of 95 of 100 planted themes to
# more than .28.
FAINT = 0.26
# So many words that stand in a lyric as they were typed are a quotation without its marks.
QUOTATION = 4
TOO_SHORT = "Type at least two letters: a few words of what the song should be about."
OTHER_SCRIPT = "The encoder reads English; this was searched for its words only, as written."
NOTHING_HELD = "No lyric holds these words."


@dataclass(frozen=True, eq=False)
class LyricSearch:
    """Songs that fit some words.

    Attributes
    ----------
    hits : track_id | title | artist | exact (holds a quoted phrase, or all that was typed) |
        meaning, mood (0-1, the share of the other songs that fit less; null where not asked or
        not scored) | said (of the moods asked for, in words) | words (those it holds) | line (the
        one that fits best); best first.
    read_as : what was understood, in words. notes : what to know of this search, a sentence each.
    compared : songs searched. likeness : of the nearest window to the words, cosine; null where
        meaning was not asked.
    """

    hits: pl.DataFrame
    read_as: str
    notes: tuple[str, ...]
    compared: int
    likeness: float | None


@analysis(reads="tracks lyrics themes line_moods lyric_lines", optional="artists")
def lyric_search(
    label, *, words: str, filters: Filters = Filters(), count: int = 10
) -> LyricSearch:
    """Return the songs whose lyrics fit some words best.

    Each part that is asked for ranks the songs, and the ranks are fused: meaning (the encoder's
    vector of the words against windows of lines and the whole song), each mood with its place in
    the song (share of lines, then probability; half the weight), and every word asked for. Where
    meaning is not asked or not read, single words count by their rarity. Songs that hold a
    quoted phrase, or all of four words or more, come first. Filters choose what is searched.

    Parameters
    ----------
    words : what is asked, of which the first thousand characters are read. count : hits at most.
    """
    query = understood(words)
    notes = [f"Only the first {LONGEST:,} characters were read."] * query.cut
    if letters(query.text) < 2:
        return LyricSearch(_none(), "", (*notes, TOO_SHORT) if query.text else (), 0, None)
    held = texts(label)
    offered = filters.tracks(label.scan("tracks")).select("track_id").collect()
    songs = held.songs.join(offered, on="track_id", how="semi", maintain_order="left")
    asked = _words(query)
    songs = songs.join(
        _held_words(held, query, asked), on="lyric_hash", how="left", maintain_order="left"
    )
    lists, vector, near = [], None, None
    if query.about and script_language(query.about) not in ("latin", None):
        notes.append(OTHER_SCRIPT)
    elif query.about:
        vector = _vector(query.about)
        alike = likeness(label, held, vector)
        songs = songs.join(alike, on="lyric_hash", how="left", maintain_order="left")
        near = songs["best"].max()
        lists.append(songs["near"])
    # Beside meaning, single words of several say nothing new; alone they are all there is.
    lists.append(_by_rarity(songs, asked, every=vector is not None))
    moods = _moods(label, songs, query.wishes)
    wished = [moods[f"mood_{n}"] for n in range(len(query.wishes))]
    score = _fused(lists, songs.height) + MOOD_WEIGHT * _fused(wished, songs.height)
    songs = songs.with_columns(score=score, place=pl.int_range(pl.len()))
    meaning = _above(songs["near"]) if vector is not None else _unasked(songs)
    mood = _above(_fused(wished, songs.height)) if wished else _unasked(songs)
    found = (
        songs.with_columns(meaning=meaning, mood=mood)
        .filter(pl.col("score") > 0)
        .sort("exact", "score", "track_id", descending=[True, True, False])
        .head(count)
    )
    found = found.with_columns(
        words=pl.col("held").list.join(", "),
        said=said_of(moods, found["place"].to_list(), query.wishes),
        line=best_line(label, found, query, asked, vector),
    )
    if found.is_empty() and songs.height:
        notes.append(NOTHING_HELD)
    return LyricSearch(
        hits=found.select(list(_none().columns)),
        read_as=_read_as(query, asked),
        notes=(*notes, *_notes(query, songs, near)),
        compared=songs.height,
        likeness=near,
    )


def _none() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"track_id": pl.String, "title": pl.String, "artist": pl.String,
                "exact": pl.Boolean, "meaning": pl.Float64, "mood": pl.Float64, "said": pl.String,
                "words": pl.String, "line": pl.String}
    )  # fmt: skip


def _words(query: Query) -> list[str]:
    """Return the words that are looked up as written: those that carry what the songs are about."""
    asked = pl.Series([query.about], dtype=pl.String).to_frame("text")
    found = asked.select(content_words(pl.col("text")))["text"][0].to_list()
    return list(dict.fromkeys(found))


def _quotations(query: Query) -> list[str]:
    """Return what must stand in a lyric word by word, spaced as `Texts.said` is."""
    whole = pl.Series([query.text, *query.phrases], dtype=pl.String).to_frame("text")
    typed, *quoted = whole.select(text=spaced(pl.col("text")))["text"].to_list()
    quoted = [phrase for phrase in quoted if phrase.strip()]
    return quoted or ([typed] if len(typed.split()) >= QUOTATION else [])


def _held_words(held: Texts, query: Query, asked: Sequence[str]) -> pl.DataFrame:
    """Return lyric_hash | exact | held (list of the words that each lyric holds)."""
    said = pl.col("said")
    quotations = _quotations(query)
    exact = [said.str.contains(quotation, literal=True) for quotation in quotations]
    holds = [
        pl.when(said.str.contains(f" {word} ", literal=True)).then(pl.lit(word)) for word in asked
    ]
    return held.said.select(
        "lyric_hash",
        exact=pl.any_horizontal(pl.lit(False), *exact),
        held=pl.concat_list(pl.lit(None, pl.String), *holds).list.drop_nulls(),
    )


def _by_rarity(songs: pl.DataFrame, asked: Sequence[str], *, every: bool) -> pl.Series:
    """Return the rarity of the words that each song holds, added up; null where it holds none.

    `every` : only songs that hold all words count.
    """
    least = len(asked) if every else 1
    held = songs["held"].explode().drop_nulls()
    counts = dict(held.value_counts().iter_rows())
    rare = {word: float(np.log1p(songs.height / counts[word])) for word in asked if word in counts}
    worth = [
        sum(rare[word] for word in held) if held and len(held) >= least else None
        for held in songs["held"].to_list()
    ]
    return pl.Series(worth, dtype=pl.Float64)


def _vector(text: str) -> np.ndarray:
    from workbench.lyrics.encoder import encoded

    return next(iter(encoded([text], tuned=False))).embedding[0]


def _moods(label, songs: pl.DataFrame, wishes: tuple[Wish, ...]) -> pl.DataFrame:
    """Return, row by row of `songs`, n_<i>, lines_<i> and mood_<i> of each wish."""
    found = songs.select("lyric_hash")
    for n, wish in enumerate(wishes):
        share = pl.col(f"n_{wish.family}") / pl.col("lines")
        # by the share of lines, as shown; the probability tells equal shares apart
        fits = share + pl.col(f"p_{wish.family}") / 1_000
        mine = part_moods(label).filter(pl.col("where") == wish.where).select(
            "lyric_hash", pl.col(f"n_{wish.family}").alias(f"n_{n}"),
            pl.col("lines").alias(f"lines_{n}"),
            (fits if wish.wanted else -fits).cast(pl.Float64).alias(f"mood_{n}"),
        )  # fmt: skip
        found = found.join(mine, on="lyric_hash", how="left", maintain_order="left")
    return found


def _fused(lists: Sequence[pl.Series], songs: int) -> pl.Series:
    """Return the sum of 1 / (10 + rank) over lists of values, more is better; null adds nothing."""
    total = pl.Series(np.zeros(songs))
    for values in lists:
        rank = values.rank("average", descending=True)
        total = total + (1 / (rank + RANKS)).fill_null(0)
    return total


def _above(values: pl.Series) -> pl.Series:
    """Return, for each value, the share of the others that are lower, ties halved."""
    known = values.len() - values.null_count()
    return (values.rank("average") - 1) / max(known - 1, 1)


def _unasked(songs: pl.DataFrame) -> pl.Series:
    return pl.Series([None] * songs.height, dtype=pl.Float64)


def _read_as(query: Query, asked: Sequence[str]) -> str:
    parts = [f"about “{query.about}”"] if query.about else []
    parts += [mood_words(wish) for wish in query.wishes]
    if query.phrases:
        parts.append("word by word: " + ", ".join(f"“{phrase}”" for phrase in query.phrases))
    elif asked:
        parts.append("words: " + ", ".join(asked[:12]) + "…" * (len(asked) > 12))
    return "; ".join(parts)


def _notes(query: Query, songs: pl.DataFrame, near: float | None) -> list[str]:
    notes = [
        f"No emotion label says “{word}”: it is searched as meaning only." for word in query.unheard
    ]
    if query.phrases and not songs["exact"].any():
        notes.append("No song holds the quoted words as they stand; these are the nearest.")
    elif near is not None and near < FAINT and not songs["exact"].any():
        notes.append("Nothing here is clearly about this: random letters come as near.")
    return notes
