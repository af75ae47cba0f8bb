"""What sets two songs, or two artists, apart: moods, arcs, words, each with how sure it is."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.arc import smoothed
from workbench.lyrics.catalogue import SHARES, song_moods_table
from workbench.lyrics.contrast_words import sentence
from workbench.lyrics.difference import LEAST, differences
from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.track_lines import Z90, lyric_states, mood_lines
from workbench.lyrics.vocabulary import SIDES, TRAITS, telling_words, traits

AXES = ("valence", "arousal")
MEASURES = (*SHARES, *AXES)
# Places along a song at which arcs are compared: its start, each twentieth, its end.
PLACES = np.linspace(0, 1, 21)
WORDS = 8


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two sides, first and second.

    Attributes
    ----------
    sides : side | id | name | songs (scored) | lines (different, scored) | lead (of the song, or
        the family of most lines).
    measures : as `differences` gives them, of the families, neutral, unclear, valence, arousal.
    arcs : side | name | axis | place (0-1 of the song) | level | low | high (90 %).
    words : as `telling_words` gives them. traits : trait | first | second, as `traits` has them;
        means over the songs of an artist.
    alike : overlap of the mixes of moods (0-1, Hellinger).
    by : song or artist. sentence : the finding in words.
    """

    sides: pl.DataFrame
    measures: pl.DataFrame
    arcs: pl.DataFrame
    words: pl.DataFrame
    traits: pl.DataFrame
    alike: float
    by: str
    sentence: str


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists")
def song_contrast(label, *, first: str, second: str, heard: bool = True, seed: int = 0) -> Contrast:
    """Return what sets two songs apart; distinct lines are drawn and shuffled.

    Parameters
    ----------
    first, second : track ids. heard : whether a line counts as often as it is sung.

    Raises
    ------
    BadInput
        There is no such track, or they are one. NotEnoughEvidence : one has no scored line.
    """
    states = _states(label, "track_id", first, second)
    songs = song_moods_table(mood_lines(label, states, heard=heard))
    lines = _sung_lines(label, states)
    weight = pl.col("heard").sum().cast(pl.Float64) if heard else pl.lit(1.0)
    units = lines.group_by("side", "text_hash").agg(
        pl.col("lead", *AXES).first(), weight=weight
    ).sort("side", "text_hash")  # fmt: skip
    units = units.with_columns((pl.col("lead") == n).cast(pl.Float64).alias(n) for n in SHARES)
    names = pl.format("{}, {}", "title", "artist")
    leads = songs.select(id="track_id", lead="lead")
    # a word counts once a line: a song has too few verses for it to count once a verse
    texts = lines.unique(["side", "text_hash"], maintain_order=True).select("side", "text")
    return _contrast("song", states, names, units, lines, texts, leads, seed)


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists")
def artist_contrast(
    label, *, first: str, second: str, heard: bool = True, seed: int = 0
) -> Contrast:
    """Return what sets two artists apart; songs are drawn and shuffled, each weighing the same.

    Parameters
    ----------
    first, second : artist ids. heard : whether repeats count in a song.

    Raises
    ------
    BadInput
        There is no track of such an artist, or they are one. NotEnoughEvidence : one has no
        scored song.
    """
    states = _states(label, "artist_id", first, second)
    songs = song_moods_table(mood_lines(label, states, heard=heard))
    units = (
        songs.rename({f"share_{name}": name for name in SHARES})
        .join(states.select("track_id", "side"), on="track_id")
        .with_columns(weight=pl.lit(1.0))
        .sort("side", "track_id")
    )
    lines = _sung_lines(label, states)
    # a word counts once a song: a hook sung forty times is no vocabulary
    texts = lines.group_by("side", "track_id", maintain_order=True).agg(
        pl.col("text").str.join("\n")
    )
    return _contrast("artist", states, pl.col("artist"), units, lines, texts, None, seed)


def _states(label, by: str, first: str, second: str) -> pl.DataFrame:
    """Return the scored songs of the two, with their side."""
    if first == second:
        raise BadInput("Two are compared: choose another one beside it.")
    filters = Filters(artists=(first, second)) if by == "artist_id" else Filters()
    sides = pl.DataFrame({by: [first, second], "side": SIDES})
    states = lyric_states(label, filters).join(sides, on=by)
    for key in (first, second):
        mine = states.filter(pl.col(by) == key)
        if mine.is_empty():
            raise BadInput(f"There is no {by.removesuffix('_id')} “{key}” in this label.")
        if SCORED not in mine["outcome"].to_list():
            raise NotEnoughEvidence(
                f"“{mine['artist' if by == 'artist_id' else 'title'][0]}” has no scored line, so "
                "there is nothing to compare. Moods says why."
            )
    return states.filter(pl.col("outcome") == SCORED)


def _sung_lines(label, states: pl.DataFrame) -> pl.DataFrame:
    """Return side | track_id | line | text | text_hash | heard | lead | valence | arousal."""
    songs = states.lazy().select("side", "track_id", "lyric_hash")
    return (
        label.scan("lyric_lines")
        .select("lyric_hash", "lines")
        .join(songs, on="lyric_hash")
        .explode("lines")
        .unnest("lines")
        .filter("readable", pl.col("language") != NO_WORDS)
        .select("side", "track_id", "line", "text", "text_hash", "heard")
        .join(
            scored_lines(label.scan("line_moods")).select("text_hash", "lead", *AXES),
            on="text_hash",
        )
        .sort("side", "track_id", "line")
        .collect()
    )


def _contrast(by, states, names, units, lines, texts, leads, seed) -> Contrast:
    parts = [units.filter(pl.col("side") == side) for side in SIDES]
    matrices = [part.select(MEASURES).to_numpy().astype(np.float64) for part in parts]
    weights = tuple(part["weight"].to_numpy() for part in parts)
    measures = differences(MEASURES, *matrices, weights, seed)
    shares = measures.filter(pl.col("measure").is_in(SHARES))
    sides = (
        states.select("side", "track_id", id=f"{'track' if by == 'song' else by}_id", name=names)
        .group_by("side", "id", "name")
        .agg(songs=pl.len().cast(pl.Int64))
        .join(
            lines.group_by("side").agg(lines=pl.col("text_hash").n_unique().cast(pl.Int64)),
            on="side",
        )
        .sort("side")
    )
    sides = sides.with_columns(lead=_leads(shares)) if leads is None else sides.join(leads, on="id")
    named = sides.select("side", "name")
    return Contrast(
        sides=sides.sort("side"),
        measures=measures,
        arcs=_arcs(lines).join(named, on="side").sort("axis", "side", "place").select(
            "side", "name", "axis", "place", "level", "low", "high"
        ),
        words=telling_words(texts, WORDS),
        traits=_traits(lines),
        alike=float((shares["first"] * shares["second"]).sqrt().sum()),
        by=by,
        sentence=sentence(sides, measures),
    )  # fmt: skip


def _leads(shares: pl.DataFrame) -> pl.Series:
    """Return the mood of most lines of each side; neutral and unclear are none."""
    moods = shares.head(len(SHARES) - 2)
    return pl.Series([moods.sort(side, descending=True)["measure"][0] for side in SIDES])


def _arcs(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the mean arc of each side's songs; its band is over songs, of one over its lines."""
    frames = []
    for (side,), mine in lines.group_by("side", maintain_order=True):
        songs = [part for _, part in mine.group_by("track_id", maintain_order=True)]
        for axis in AXES:
            found = [smoothed(part[axis].to_numpy().astype(float)) for part in songs]
            levels = np.array([_placed(level) for level, _ in found])
            if len(songs) == 1:
                half = Z90 * _placed(found[0][1])
            elif len(songs) >= LEAST:
                half = Z90 * levels.std(axis=0, ddof=1) / len(songs) ** 0.5
            else:
                half = np.full(len(PLACES), np.nan)
            level = levels.mean(axis=0)
            frames.append(
                pl.DataFrame({"place": PLACES, "level": level, "low": level - half,
                              "high": level + half}).with_columns(
                    pl.col("low", "high").fill_nan(None), side=pl.lit(side), axis=pl.lit(axis)
                )
            )  # fmt: skip
    return pl.concat(frames)


def _placed(values: np.ndarray) -> np.ndarray:
    """Return the values of a song's lines at the places of all songs."""
    return np.interp(PLACES, np.linspace(0, 1, len(values)), values)


def _traits(lines: pl.DataFrame) -> pl.DataFrame:
    sides = lines.select("track_id", "side").unique()
    means = (
        traits(lines)
        .join(sides, on="track_id")
        .group_by("side")
        .agg(pl.col(TRAITS).mean())
        .sort("side")
    )
    rows = {side: means.filter(pl.col("side") == side).select(TRAITS).row(0) for side in SIDES}
    return pl.DataFrame(
        {"trait": TRAITS, **rows}, schema_overrides=dict.fromkeys(SIDES, pl.Float64)
    )
