"""The words that move a line's mood: the line is scored again without each, by the same model.

Occlusion, not attention: what a word does to the answer, as far as leaving it out can tell. Words
that need each other, such as “not” and “happy”, share what they do.
"""

from collections.abc import Sequence

import polars as pl

from workbench.analysis import analysis
from workbench.lyrics.aside import scored_texts
from workbench.lyrics.families import CARRIED
from workbench.lyrics.lyric_lines import spoken, text_hash
from workbench.lyrics.song import song_moods

# Words tried of one line, and of one song: a page waits for them.
OF_LINE, OF_SONG = 24, 64


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists")
def moving_words(label, *, track: str, line: int | None = None) -> pl.DataFrame:
    """Return the words of a song's telling lines with what its mood loses without each.

    Parameters
    ----------
    track : its id. line : number of the one line to try; the lines that speak most for and against
        the song's lead unless told.

    Returns
    -------
    line | place (of the word) | word | family (that stands out most in the line) | probability and
    margin (of the whole line) | probability_without and margin_without (without the word, wherever
    the line has it) | moved (margin lost without it, in standard deviations of ordinary lines), the
    telling lines first. Lines beyond 24 words or of one word again and again, and what is beyond 64
    words of the song, are not tried.

    Raises
    ------
    BadInput
        There is no such track.
    """
    song = song_moods(label, track=track)
    known = song.lines.drop_nulls("first").select("line", "text", family="first")
    asked = song.evidence["line"].to_list() if line is None else [line]
    rows = {row["line"]: row for row in known.to_dicts()}
    # the best line of each side first, so that the limit cuts off the weakest
    lines = [rows[number] for number in _in_turn(song.evidence, asked) if number in rows]
    return _tried(lines, OF_SONG if line is None else OF_LINE)


def _in_turn(evidence: pl.DataFrame, asked: Sequence[int]) -> list[int]:
    """Return the lines asked for, the best of each side first: what is cut off is the weakest."""
    rank = evidence.with_columns(rank=pl.int_range(pl.len()).over("side")).sort(
        "rank", "side", descending=[False, True]
    )
    ranked = [number for number in rank["line"] if number in asked]
    return [*ranked, *(number for number in asked if number not in ranked)]


def _tried(lines: Sequence[dict], most: int) -> pl.DataFrame:
    """Return each line scored whole and without each of its words, at most `most` of them."""
    trials = []
    for line in lines:
        words = line["text"].split()
        said = [spoken(word) for word in words]
        if len(set(said)) < 2 or len(words) > min(OF_LINE, most - len(trials)):
            continue
        whole = text_hash(spoken(line["text"]))
        for place, word in enumerate(words):
            kept = [w for w, key in zip(words, said, strict=True) if key != said[place]]
            rest = spoken(" ".join(kept))
            trials.append((line["line"], place, word, line["family"], whole, text_hash(rest), rest))
    schema = {"line": pl.Int64, "place": pl.Int64, "word": pl.String, "family": pl.String,
              "whole": pl.String, "rest": pl.String, "text": pl.String}  # fmt: skip
    frame = pl.DataFrame(trials, schema=schema, orient="row")
    whole = {row["line"]: spoken(row["text"]) for row in lines if row["line"] in set(frame["line"])}
    moods = scored_texts([*whole.values(), *frame["text"]])
    found = frame.join(
        _of_each_family(moods, ""), left_on=["whole", "family"], right_on=_KEYS
    ).join(_of_each_family(moods, "_without"), left_on=["rest", "family"], right_on=_KEYS)
    order = {row["line"]: place for place, row in enumerate(lines)}
    return (
        found.with_columns(moved=pl.col("margin") - pl.col("margin_without"))
        .sort(pl.col("line").replace_strict(order, return_dtype=pl.Int64), "place")
        .select("line", "place", "word", "family", "probability", "probability_without", "margin",
                "margin_without", "moved")
    )  # fmt: skip


_KEYS = ["text_hash", "of"]


def _of_each_family(moods: pl.DataFrame, end: str) -> pl.DataFrame:
    """Return text_hash | of (family) | probability | margin, the last two with an ending."""
    parts = [
        moods.select(
            "text_hash", of=pl.lit(name),
            **{f"probability{end}": pl.col(f"p_{name}").cast(pl.Float64),
               f"margin{end}": pl.col(f"m_{name}").cast(pl.Float64)},
        )
        for name in CARRIED
    ]  # fmt: skip
    return pl.concat(parts)
