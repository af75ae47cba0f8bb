"""Titles of videos as the recordings that they show.

“Nora Vale - Slow Tide (Official Video) #shorts” names an artist and a title, and says that it is a
song. What is no song (a trailer, an interview) often names nobody, or says what it is.
"""

import re

import polars as pl

from workbench.catalogue import names, titles

# What a label writes beside a title to say what kind of video it is; it is no part of the title.
_KIND = (
    r"(?:official|oficial|officiel(?:le)?|offiziell(?:e[sr]?)?|ufficiale|music|musik|musical|"
    r"musicale|lyrics?|paroles|letra|songtext|video|vid[eé]o|videoclip|musikvideo|lyricvideo|clip|"
    r"audio|visuali[sz]er|m/?v|hd|hq|uhd|4k|1080p)"
)
_AND = r"[\s/,·+-]+(?:(?:in|and|with|con|mit|avec|&)\s+)?"
_KINDS = rf"(?:(?:with|con|mit|avec)\s+)?{_KIND}(?:{_AND}{_KIND})*"
_BRACKET = re.compile(rf"(?i)\s*[(\[【]\s*{_KINDS}\s*[)\]】]")
_TAIL = re.compile(rf"(?i)\s*(?:\||//|\s[-–—])\s*{_KINDS}\s*$")
_BARE = re.compile(
    rf"(?i)\s+(?:(?:official|oficial|offizielles)\s+{_KINDS}|(?:music|lyrics?)\s+video(?:\s{_KINDS})?"
    r"|clip officiel|videoclip oficial|musikvideo|visuali[sz]er)\s*$"
)
_TAG = re.compile(r"(?:^|(?<=\s))#[^\W\d]\w*")
_DASH = re.compile(r"\s+[-–—]\s+|\s*[–—]\s+|\s+[|:]\s+|:\s+")
# A video that says so is about a song or an artist, and no song.
_ABOUT = re.compile(
    r"(?i)\b(?:trailer|teaser|interview|v?log|diary|tagebuch|behind the (?:scenes|song)|"
    r"making[- ]of|hinter den kulissen|coulisses|reacts?|reaction|unboxing|announce\w*|podcast|"
    r"episode|folge|ep\.?\s?\d+|q\s?&\s?a|documentary|doku\w*|snippet|preview|tour dates|"
    r"live ?stream|entrevista|full album|album sampler|megamix|playlist)\b"
)


def recordings_shown(videos: pl.Series, owner: str, artists: pl.Series) -> pl.DataFrame:
    """Return title | artist | says (that it is a song) of the titles of videos.

    Parameters
    ----------
    videos : titles, null allowed. owner : of the channel, whose songs are those of titles that name
    nobody. artists : names that the label knows.
    """
    distinct = videos.drop_nulls().unique().sort()
    parts = pl.DataFrame(
        [_parts(text) for text in distinct],
        schema={"bare": pl.String, "marked": pl.Boolean, "left": pl.String, "right": pl.String},
        orient="row",
    )
    known = names.known_names([*artists, owner])
    keys = pl.Series([*artists, owner], dtype=pl.String).to_frame("name")
    keys = keys.select(names.name_key(pl.col("name")))["name"].unique()
    lead = [
        pl.Series([_lead(text, known) for text in parts[side]], dtype=pl.String)
        for side in ("left", "right")
    ]
    parts = parts.with_columns(distinct.alias("video"), left_lead=lead[0], right_lead=lead[1])
    left, right = (
        names.name_key(pl.col(f"{side}_lead")).is_in(keys.implode()).fill_null(value=False)
        for side in ("left", "right")
    )
    version = pl.Series([_is_version(text) for text in parts["right"]], dtype=pl.Boolean)
    # a name that nobody knows is one where the video says that it is a song
    other = pl.col("left").is_not_null() & pl.col("marked") & ~version & ~right
    read = parts.select(
        "video",
        title=pl.when(left | other).then("right").when(right).then("left").otherwise("bare"),
        artist=pl.when(left | other)
        .then("left")
        .when(right)
        .then("right")
        .otherwise(pl.lit(owner)),
        says=(pl.col("marked") | left | right) & ~pl.col("video").str.contains(_ABOUT.pattern),
    )
    frame = videos.rename("video").to_frame()
    return frame.join(read, on="video", how="left", maintain_order="left").drop("video")


def _parts(video: str) -> tuple[str, bool, str | None, str | None]:
    """Return a title without what says the kind of video, whether it did, and its two sides."""
    bare = " ".join(_TAG.sub(" ", video).split())
    marked = False
    for pattern in (_BRACKET, _TAIL, _BARE, _TAIL):
        less = pattern.sub("", bare).strip()
        if less and less != bare:
            bare, marked = less, True
    sign = _DASH.search(bare)
    if sign is None or not (bare[: sign.start()].strip() and bare[sign.end() :].strip()):
        return bare or video, marked, None, None
    return bare, marked, bare[: sign.start()].strip(), bare[sign.end() :].strip()


def _lead(text: str | None, known: frozenset[str]) -> str | None:
    credited = names.credit(text, known) if text else None
    return credited.lead[0] if credited and credited.lead else None


def _is_version(text: str | None) -> bool:
    """Tell “Live at the Hall”, which follows a title, from a title, which follows an artist."""
    return bool(text) and titles.split(f"x - {text}")["version"] is not None
