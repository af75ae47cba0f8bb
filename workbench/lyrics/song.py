"""One song line by line: moods, arc, hook, what speaks for the lead and what against it."""

from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput
from workbench.lyrics import song_parts
from workbench.lyrics.catalogue import SHARES, song_moods_table
from workbench.lyrics.families import CARRIED, NEUTRAL, UNCLEAR
from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.track_lines import lyric_states

SOUND, FOREIGN, OUTSIDE = "sounds", "other language", "not scored"


@dataclass(frozen=True, eq=False)
class SongMoods:
    """What a song says.

    Attributes
    ----------
    facts : one row, as `lyric_states` gives it, with lead, lead_share, lead_low, lead_high, second,
        valence and arousal with _low and _high, lines.
    sentence : the finding in words.
    lines : line | section | label | kind | performers | stanza | text | written | heard | state
        (scored, sounds, other language, not scored) | lead | named (outright) | first, first_p,
        second, second_p, third, third_p (families that stand out most, and probabilities) |
        valence | arousal | times (sung in the song).
    shares : family | heard | written, shares of the scored lines.
    arc : line | text | lead | axis (valence, arousal) | score | smooth | low | high (90 %).
    evidence : side (for, against, clearest) | line | text | family | probability | margin (how far
        above what passes), the strongest first.
    repeats : text | times | share (of all that is sung) | lead, from twice on.
    sections, kinds : section or kind of section | label | lines | lead | lead_lines | valence and
        arousal with _low and _high (null under three lines).
    changes : kind | text | count, what cleaning removed.
    """

    facts: pl.DataFrame
    sentence: str
    lines: pl.DataFrame
    shares: pl.DataFrame
    arc: pl.DataFrame
    evidence: pl.DataFrame
    repeats: pl.DataFrame
    sections: pl.DataFrame
    kinds: pl.DataFrame
    changes: pl.DataFrame


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists")
def song_moods(label, *, track: str, heard: bool = True) -> SongMoods:
    """Return the moods of one song, line by line; without scores where it could not be scored.

    Parameters
    ----------
    track : its id. heard : whether repeats count in shares and lead.

    Raises
    ------
    BadInput
        There is no such track.
    """
    states = lyric_states(label, Filters()).filter(pl.col("track_id") == track)
    if states.is_empty():
        raise BadInput(f"There is no track “{track}” in this label.")
    read = label.scan("lyric_lines").filter(
        pl.col("lyric_hash") == pl.lit(states["lyric_hash"][0], pl.String)
    )
    lines = _lines(label, read, states["outcome"][0] == SCORED)
    scored = lines.filter(pl.col("state") == SCORED)
    tables = {way: song_moods_table(_weighed(scored, track, way).lazy()) for way in (True, False)}
    facts = states.join(tables[heard], on="track_id", how="left")
    lead = facts["lead"][0]
    return SongMoods(
        facts=facts,
        sentence=song_parts.sentence(scored, lead, states["meaning"][0]),
        lines=song_parts.shown(lines),
        shares=_shares(tables[True], tables[False]),
        arc=song_parts.arc(scored),
        evidence=song_parts.evidence(scored, lead),
        repeats=song_parts.repeats(lines),
        sections=song_parts.parts(scored, "section"),
        kinds=song_parts.parts(scored, "kind"),
        changes=_changes(read),
    )


def _lines(label, read: pl.LazyFrame, scored: bool) -> pl.DataFrame:
    """Return the lines in the order sung, with their moods where they have some."""
    lines = read.select("lines").explode("lines").drop_nulls().unnest("lines")
    moods = scored_lines(label.scan("line_moods")) if scored else None
    if moods is None:
        moods = scored_lines(label.scan("line_moods")).clear()
    state = (
        pl.when(pl.col("lead").is_not_null() & pl.col("readable"))
        .then(pl.lit(SCORED))
        .when(pl.col("language") == NO_WORDS)
        .then(pl.lit(SOUND))
        .when(~pl.col("readable"))
        .then(pl.lit(FOREIGN))
        .otherwise(pl.lit(OUTSIDE))
    )
    return (
        lines.join(moods, on="text_hash", how="left")
        .with_columns(state=state, times=pl.col("heard").sum().over("text_hash"))
        .sort("line")
        .collect()
    )


def _weighed(scored: pl.DataFrame, track: str, heard: bool) -> pl.DataFrame:
    distinct = scored.unique("text_hash", keep="first", maintain_order=True)
    weight = pl.col("times").cast(pl.Float64) if heard else pl.lit(1.0)
    return distinct.with_columns(track_id=pl.lit(track), weight=weight)


def _shares(heard: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    ways = [
        table.select(pl.col(f"share_{name}").alias(name) for name in SHARES).transpose(
            include_header=True, header_name="family", column_names=[way]
        )
        for table, way in ((heard, "heard"), (written, "written"))
        if not table.is_empty()
    ]
    if not ways:
        return pl.DataFrame(
            schema={"family": pl.String, "heard": pl.Float64, "written": pl.Float64}
        )
    order = {name: n for n, name in enumerate((*CARRIED, NEUTRAL, UNCLEAR))}
    joined = ways[0].join(ways[1], on="family", how="inner")
    return joined.sort(pl.col("family").replace_strict(order))


def _changes(read: pl.LazyFrame) -> pl.DataFrame:
    return read.select("changes").explode("changes").drop_nulls().unnest("changes").collect()
