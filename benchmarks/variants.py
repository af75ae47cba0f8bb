"""A catalogue written anew: one variant a track by kind, and rows that are not in it.

Everything is drawn with one seed; the same catalogue gives the same copy.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

SEED = 20
ADDED = "remaster tag, added"
MADE_UP = ("Live", "Acoustic", "Instrumental", "Remix", "Sped Up", "Radio Edit", "Demo", "Karaoke",
           "Live at the Apollo", "Extended Mix", "Slowed + Reverb")  # fmt: skip
NEGATIVES = 1_500

_FEAT = re.compile(r" [(\[](?:feat\.?|ft\.?|with|con) ([^)\]]+)[)\]]")
_TAIL = re.compile(r"^(.+?) - ([^-()]+)$")
_REMASTER = re.compile(r"^(.+?) - (?:Remastered (\d{4})|(\d{4}) Remaster(?:ed)?(?: Version)?)$")
_OTHER = re.compile(
    r"(?i)\b(?:remix|mix|live|vivo|acoustic|instrumental|remaster\w*|edit|demo|version)\b"
)
_PLAIN = re.compile(r"(?i)\b(?:original|album|ep|lp)\b")

Written = tuple[str, str] | None
Way = Callable[[str, str, random.Random], Written]


@dataclass(frozen=True, eq=False)
class Copy:
    """A catalogue and what a file says of it.

    Attributes
    ----------
    tracks : track_id | title | artist | duration_ms; the held-out ones are not in it.
    rows : title | artist | duration_ms | way | truth (track_id; null: not there) | half (0 or 1,
        by the artist as the catalogue spells it).
    """

    tracks: pl.DataFrame
    rows: pl.DataFrame


def half(artist: str) -> int:
    """Return 0 (to choose on) or 1 (to report), the same on every machine."""
    return sum(artist.casefold().encode()) % 2


def copied(tracks: pl.DataFrame) -> Copy:
    """Return the catalogue without held-out tracks, and rows written from it and from those."""
    draw = random.Random(SEED)
    held = held_out(tracks, draw)
    kept = tracks.filter(~pl.col("track_id").is_in(pl.Series(list(held)).implode()))
    rows = [_positive(*row, draw) for row in kept.iter_rows()]
    for track_id, title, artist, length in tracks.iter_rows():
        if way := held.get(track_id):
            rows.append((title, artist, _rounded(length, draw), way, None, half(artist)))
    rows += _made_up(kept, draw)
    names = ["title", "artist", "duration_ms", "way", "truth", "half"]
    return Copy(kept, pl.DataFrame(rows, names, orient="row", infer_schema_length=None))


def _positive(track_id: str, title: str, artist: str, length: int, draw: random.Random) -> tuple:
    for name, way in WAYS.items():
        if written := way(title, artist, draw):
            return (*written, _rounded(length, draw), name, track_id, half(artist))
    raise AssertionError("the last way applies to every track")


def _rounded(length: int, draw: random.Random) -> int:
    return round((length + draw.uniform(-1500, 1500)) / 1000) * 1000


def _made_up(tracks: pl.DataFrame, draw: random.Random) -> list[tuple]:
    """Return titles under artists who never had them, and versions that were never made."""
    rows = list(tracks.iter_rows())
    taken = {(title.casefold(), artist.casefold()) for _, title, artist, _ in rows}
    made = []
    for _, title, artist, length in draw.sample(rows, NEGATIVES):
        other = draw.choice(rows)[2]
        if (title.casefold(), other.casefold()) not in taken and other != artist:
            made.append((title, other, _rounded(length, draw), "other artist", None, half(other)))
    for _, title, artist, length in draw.sample(rows, NEGATIVES):
        tag = draw.choice(MADE_UP)
        if not _OTHER.search(title):
            written = draw.choice((f"{title} - {tag}", f"{title} ({tag})"))
            length = _rounded(length, draw)
            made.append((written, artist, length, "version made up", None, half(artist)))
    return made


def held_out(tracks: pl.DataFrame, draw: random.Random) -> dict[str, str]:
    """Return tracks to take out whose title stays in by another artist, or in another version."""
    bare = pl.col("title").str.to_lowercase().str.replace(r"\s*(?: - |\(|\[).*$", "")
    rows = tracks.with_columns(
        bare=bare,
        artist=pl.col("artist").str.to_lowercase(),
        low=pl.col("title").str.to_lowercase(),
    )
    alone = pl.len().over("bare", "artist") == 1
    shared = pl.col("artist").n_unique().over("bare") > 1
    titles = rows.filter(alone & shared & (pl.col("bare") != ""))["track_id"].to_list()
    # one version of a song is taken out, and a plain one stays
    plain = (pl.col("low") == pl.col("bare")).any().over("bare", "artist")
    single = pl.len().over("low", "artist") == 1
    versions = rows.filter(plain & single & (pl.col("low") != pl.col("bare")))
    versions = [i for i, t in versions.select("track_id", "title").iter_rows() if _other(t)]
    held = dict.fromkeys(draw.sample(titles, min(NEGATIVES, len(titles) // 3)), "title held out")
    return held | dict.fromkeys(draw.sample(versions, len(versions) // 2), "version held out")


def _other(title: str) -> bool:
    return bool(_OTHER.search(title)) and not _PLAIN.search(title)


# --- Ways to write a track: title and artist anew, None where a way does not apply ----------------


def _accents(title: str, artist: str, draw: random.Random) -> Written:
    if (title + artist).isascii():
        return None
    bare = unicodedata.normalize("NFKD", f"{title}\n{artist}")
    written = "".join(c for c in bare if not "\u0300" <= c <= "\u036f").split("\n")
    return written[0], written[1]


def _moved(title: str, artist: str, draw: random.Random) -> Written:
    if not (found := _FEAT.search(title)):
        return None
    guest, without = found.group(1), title.replace(found.group(), "")
    if draw.random() < 0.3:
        return f"{without} [Feat. {guest}]", artist
    return without, f"{artist}{draw.choice((' feat. ', ' ft. ', ', ', ' & '))}{guest}"


def _bracketed(title: str, artist: str, draw: random.Random) -> Written:
    return (_TAIL.sub(r"\1 (\2)", title), artist) if _TAIL.match(title) else None


def _retagged(title: str, artist: str, draw: random.Random) -> Written:
    if not (found := _REMASTER.match(title)):
        return None
    year = found.group(2) or found.group(3)
    forms = (f"({year} Remaster)", f"- Remasterizado {year}", f"[Remastered {year}]")
    return f"{found.group(1)} {draw.choice(forms)}", artist


def _tagged(title: str, artist: str, draw: random.Random) -> Written:
    if draw.random() > 0.15 or "aster" in title:
        return None
    return f"{title} - Remastered {draw.randrange(2005, 2020)}", artist


def _order(title: str, artist: str, draw: random.Random) -> Written:
    words, named = title.split(" "), artist.split(" ")
    if draw.random() > 0.3:
        return None
    if len(named) == 2 and draw.random() < 0.5:
        return title, f"{named[1]}, {named[0]}"
    if len(words) < 3 or "(" in title or " - " in title:
        return None
    i = draw.randrange(len(words) - 1)
    words[i : i + 2] = words[i + 1], words[i]
    return " ".join(words), artist


def _typos(title: str, artist: str, draw: random.Random) -> Written:
    which = draw.random()
    if which > 0.4:
        return None
    return (
        _typo(title, draw) if which < 0.28 else title,
        _typo(artist, draw) if which > 0.2 else artist,
    )


def _typo(text: str, draw: random.Random) -> str:
    """Return a text with one slip: letters swapped, one lost, doubled or mistaken."""
    places = [i for i in range(1, len(text) - 1) if text[i : i + 2].isalpha()]
    if not places:
        return text + text[-1]
    i = draw.choice(places)
    pair = text[i : i + 2]
    slips = (pair[::-1], pair[0], pair[0] + pair, draw.choice("aeinorst") + pair[1])
    return text[:i] + draw.choice([slip for slip in slips if slip != pair]) + text[i + 2 :]


def _case(title: str, artist: str, draw: random.Random) -> Written:
    title = draw.choice((title.upper(), title.lower(), title.title()))
    return title, draw.choice((artist.upper(), artist.lower(), artist))


# The rarest way comes first: a track is written in the first that applies.
WAYS: dict[str, Way] = {
    "remaster tag, written otherwise": _retagged,
    "accents": _accents,
    "moved feat.": _moved,
    "brackets for a dash": _bracketed,
    "word order": _order,
    "typos": _typos,
    ADDED: _tagged,
    "case": _case,
}
