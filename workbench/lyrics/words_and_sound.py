"""Songs whose words and sound disagree: sad words to high energy, glad words to low."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.track_lines import Z90

SOUNDS = {"energy": "audio_energy", "valence": "audio_valence"}
# What disagrees, by what is measured of the sound: sad words first.
KINDS = {
    "energy": ("sad words, high energy", "glad words, low energy"),
    "valence": ("sad words, bright sound", "glad words, dark sound"),
}
# Songs below which thirds of a catalogue mean nothing.
FEWEST = 12
THIRD = 1 / 3


@dataclass(frozen=True, eq=False)
class WordsAndSound:
    """Valence of words beside what was measured of the sound.

    Attributes
    ----------
    songs : track_id | title | artist | year | lead | valence, valence_low, valence_high (of the
        words, 1-5) | sound (0-1) | words_rank, sound_rank (0-1, share of the other songs with less)
        | kind (null where words and sound do not disagree), scored songs whose sound is known.
    by : energy or valence. known, scored : songs of the label, before any filter.
    expected : songs of each kind if words and sound had nothing to do with each other.
    rho, low, high : rank correlation over the label's songs with its 90 % interval; null with
        under twelve.
    """

    songs: pl.DataFrame
    by: str
    known: int
    scored: int
    expected: float | None
    rho: float | None
    low: float | None
    high: float | None


@analysis(reads="tracks lyrics line_moods lyric_lines", optional="artists")
def words_and_sound(
    label, *, by: str = "energy", filters: Filters = Filters(), heard: bool = True,
    years: tuple[int, ...] = (),
) -> WordsAndSound:  # fmt: skip
    """Return the songs whose words are in one third of the catalogue and whose sound in the other.

    Sad words: valence in the lowest third of the label's scored songs, and with its whole 90 %
    interval under their median. Ranks are over all songs; filters and years choose what is shown.

    Parameters
    ----------
    by : energy or valence, as the tracks have it. heard : whether repeats count.

    Raises
    ------
    BadInput
        `by` is none of the two.
    """
    if by not in SOUNDS:
        raise BadInput(f"Sound goes by {' or '.join(SOUNDS)}, not by “{by}”.")
    moods = catalogue_moods(label, heard=heard).tracks.drop_nulls("valence")
    sound = label.scan("tracks").select("track_id", sound=pl.col(SOUNDS[by]).cast(pl.Float64))
    songs = moods.join(sound.collect(), on="track_id").drop_nulls("sound").sort("track_id")
    known = songs.height
    middle = pl.col("valence").median()
    sad = (pl.col("words_rank") <= THIRD) & (pl.col("valence_high") < middle)
    glad = (pl.col("words_rank") >= 1 - THIRD) & (pl.col("valence_low") > middle)
    loud, still = pl.col("sound_rank") >= 1 - THIRD, pl.col("sound_rank") <= THIRD
    songs = songs.with_columns(
        words_rank=_above(pl.col("valence")), sound_rank=_above(pl.col("sound"))
    )
    by_chance = None
    if known >= FEWEST:
        shares = songs.select(
            pl.sum_horizontal(
                sad.mean().fill_null(0) * loud.mean(), glad.mean().fill_null(0) * still.mean()
            )
        )
        by_chance = float(shares.item() * known)
        kind = pl.when(sad & loud).then(pl.lit(KINDS[by][0])).when(glad & still).then(
            pl.lit(KINDS[by][1])
        )  # fmt: skip
    else:
        kind = pl.lit(None, pl.String)
    rho = _correlation(songs["words_rank"].to_numpy(), songs["sound_rank"].to_numpy())
    offered = filters.tracks(label.scan("tracks")).select("track_id").collect()
    shown = songs.with_columns(kind=kind).join(offered, on="track_id", how="semi")
    if years:
        shown = shown.filter(pl.col("year").is_between(*years))
    columns = (
        "track_id title artist year lead valence valence_low valence_high sound words_rank "
        "sound_rank kind"
    )
    return WordsAndSound(
        shown.sort("track_id").select(columns.split()), by, known, moods.height, by_chance, *rho
    )


def _above(values: pl.Expr) -> pl.Expr:
    """Return the share of the others with less, ties halved."""
    return (values.rank("average") - 1) / pl.max_horizontal(pl.len() - 1, 1)


def _correlation(words: np.ndarray, sound: np.ndarray) -> tuple[float | None, ...]:
    """Return Spearman's rho with its 90 % interval (Fieller, Hartley and Pearson 1957)."""
    if len(words) < FEWEST or min(np.ptp(words), np.ptp(sound)) == 0:
        return None, None, None
    rho = float(np.corrcoef(words, sound)[0, 1])
    half = Z90 * (1.06 / (len(words) - 3)) ** 0.5
    centre = np.arctanh(np.clip(rho, -0.999999, 0.999999))
    return rho, float(np.tanh(centre - half)), float(np.tanh(centre + half))
