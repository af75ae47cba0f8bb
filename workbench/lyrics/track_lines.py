"""Lines of tracks with their moods: the joins that every analysis of moods starts from."""

import polars as pl

from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.lyric_lines import chosen_lyrics
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.outcome import INSTRUMENTAL, MEANING, NO_TEXT, SCORED, WAITING, reading
from workbench.lyrics.structure import parsed_lyric
from workbench.parameters import Filters

# What an analysis that uses these joins must declare.
READS = "tracks lyrics line_moods lyric_lines"
# z of a 90 % interval.
Z90 = 1.6449
# A text that only says “instrumental”, or that none is there, is no longer than this many signs.
_NOTICE = 400


def lyric_states(label, filters: Filters) -> pl.DataFrame:
    """Return what became of each track's lyric, by track: the one answer that all pages give.

    Before anything is scored it tells what has no lyric, and that the others wait.

    Returns
    -------
    track_id | title | artist_id | artist | genre | year | language | source | lyric_hash |
    outcome | meaning | coverage (share of the words that could be read)
    """
    read = label.scan("lyric_lines").select(
        "lyric_hash", "outcome", "coverage", pl.col("language").alias("sung")
    )
    chosen = chosen_lyrics(label.scan("lyrics"))
    texts = _with_unread(chosen, read).lazy().select("track_id", "source", "lyric_hash", "unread")
    if not label.has("line_moods"):
        waiting = pl.when(pl.col("outcome") != SCORED).then("outcome").otherwise(pl.lit(WAITING))
        read = read.with_columns(outcome=waiting)
    # Without a text the catalogue may still know that nobody sings.
    without = pl.when(pl.col("language") == NO_WORDS).then(pl.lit(INSTRUMENTAL)).otherwise(
        pl.lit(NO_TEXT)
    )  # fmt: skip
    outcome = (
        pl.when(pl.col("lyric_hash").is_null())
        .then(without)
        .otherwise(pl.coalesce("outcome", "unread"))
    )
    artists = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    return (
        filters.tracks(label.scan("tracks"))
        .join(artists, on="artist_id", how="left")
        .join(texts, on="track_id", how="left")
        .join(read, on="lyric_hash", how="left")
        .select(
            "track_id", "title", "artist_id", pl.col("artist").fill_null(pl.col("artist_id")),
            "genre", pl.col("release_date").dt.year().alias("year"),
            pl.coalesce("sung", "language").alias("language"), "source", "lyric_hash",
            outcome.alias("outcome"), "coverage",
        )
        .with_columns(
            meaning=pl.col("outcome").replace_strict(MEANING),
            coverage=pl.when(pl.col("outcome") == SCORED).then("coverage"),
        )
        .sort("track_id")
        .collect()
    )  # fmt: skip


def _with_unread(texts: pl.DataFrame, read: pl.LazyFrame) -> pl.DataFrame:
    """Add what can be said of texts that are not read yet as `unread`; null where they are."""
    waiting = texts.join(read.select("lyric_hash").collect(), on="lyric_hash", how="anti")
    found = {key: _unread(text) for key, text in waiting.select("lyric_hash", "text").rows()}
    keys, outcomes = list(found), list(found.values())
    unread = pl.DataFrame(
        {"lyric_hash": keys, "unread": outcomes},
        schema={"lyric_hash": pl.String, "unread": pl.String},
    )
    return texts.join(unread, on="lyric_hash", how="left")


def _unread(text: str) -> str:
    if len(text) > _NOTICE:
        return WAITING
    lyric = parsed_lyric(text)
    if lyric.lines:
        return WAITING
    return reading((), frozenset(), says_instrumental=lyric.says_instrumental).outcome


def mood_lines(label, states: pl.DataFrame, *, heard: bool = True) -> pl.LazyFrame:
    """Return the scored lines of scored tracks.

    As heard, a line weighs as often as it is sung; as written, each distinct line weighs once.

    Returns
    -------
    track_id | text_hash | weight | lead | p_<family>... | emotion labels... | valence | arousal
    """
    scored = states.lazy().filter(pl.col("outcome") == SCORED).select("track_id", "lyric_hash")
    lines = (
        label.scan("lyric_lines")
        .select("lyric_hash", "lines")
        .join(scored, on="lyric_hash", how="inner")
        .explode("lines")
        .unnest("lines")
        .filter("readable", pl.col("language") != NO_WORDS)
        .group_by("track_id", "text_hash")
        .agg(weight=pl.col("heard").sum().cast(pl.Float64) if heard else pl.lit(1.0))
    )
    return lines.join(scored_lines(label.scan("line_moods")), on="text_hash", how="inner")
