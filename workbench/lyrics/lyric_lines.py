"""The artifact `lyric_lines`: every lyric text read once, its lines, languages and windows kept."""

import hashlib
import re
from collections.abc import Callable, Iterable

import polars as pl

from workbench.lyrics.encoder_files import token_counter
from workbench.lyrics.language import NO_WORDS, line_languages
from workbench.lyrics.outcome import reading, supported
from workbench.lyrics.structure import parsed_lyric
from workbench.lyrics.windows import packed_windows
from workbench.store.lyric_rows import LYRIC_LINES

# Lyrics read between two writes: what is lost when the job is stopped.
_BATCH = 200
# Tracks whose texts are in memory together.
_TRACKS = 2_000
_EDGES = " \t.,;:-\"'()[]"
_SPACES = re.compile(r"\s+")


def text_hash(text: str) -> str:
    """Return the key of a text: the first 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def spoken(text: str) -> str:
    """Return a line as it is scored: lower case, one space, no marks at its edges but ! and ?.

    Lines that differ only in that are one line, sung again.
    """
    return _SPACES.sub(" ", text).casefold().strip(_EDGES)


def chosen_lyrics(lyrics: pl.LazyFrame) -> pl.DataFrame:
    """Return one text a track: the label's own first, Genius' last, else the one fetched last.

    Returns
    -------
    track_id | source | text | lyric_hash
    """
    source = pl.col("source")
    rows = (
        lyrics.sort(
            "track_id", source != "label", source == "genius", "fetched_at", "source",
            descending=[False, False, False, True, False], nulls_last=True,
        )
        .unique("track_id", keep="first", maintain_order=True)
        .select("track_id", "source", "text")
        .collect()
    )  # fmt: skip
    hashes = pl.Series("lyric_hash", [text_hash(t) for t in rows["text"]], pl.String)
    return rows.with_columns(hashes)


def make_lyric_lines(label, *, progress: Callable[[int, int, str], None]) -> None:
    """Read every lyric text that is not read yet; stopped and started again it goes on."""
    ids = label.scan("lyrics").select(pl.col("track_id").unique().sort()).collect()["track_id"]
    portions = [ids[start : start + _TRACKS] for start in range(0, len(ids), _TRACKS)]
    held = set(label.row_keys("lyric_lines"))
    waiting: list[list[str]] = []
    for tracks in portions:
        new = sorted(set(_texts(label, tracks)["lyric_hash"]) - held)
        held.update(new)  # a text of two tracks is read once
        waiting.append(new)
    done, total = 0, sum(map(len, waiting))
    progress(0, total, "Reading lyrics")
    for tracks, hashes in zip(portions, waiting, strict=True):
        if not hashes:
            continue
        texts = _texts(label, tracks).filter(pl.col("lyric_hash").is_in(hashes))
        for batch in texts.sort("lyric_hash").iter_slices(_BATCH):
            label.append_rows("lyric_lines", read_lyrics(batch.rows()))
            done += batch.height
            progress(done, total, "Reading lyrics")


def _texts(label, tracks: pl.Series) -> pl.DataFrame:
    """Return lyric_hash | text of some tracks, each text once."""
    own = label.scan("lyrics").filter(pl.col("track_id").is_in(tracks.implode()))
    return chosen_lyrics(own).unique("lyric_hash").select("lyric_hash", "text")


def read_lyrics(texts: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Return the rows of `lyric_lines` for (lyric_hash, raw text) pairs."""
    count = token_counter()
    rows = [_read(key, raw, count) for key, raw in texts]
    return pl.DataFrame(rows, schema=dict(LYRIC_LINES))


def _read(key: str, raw: str, count: Callable[[str], int]) -> dict:
    lyric = parsed_lyric(raw)
    languages = line_languages([(line.text, line.stanza) for line in lyric.lines])
    found = reading(
        [(line.text, held.code) for line, held in zip(lyric.lines, languages, strict=True)],
        supported(),
        says_instrumental=lyric.says_instrumental,
    )
    first: dict[str, int] = {}
    for number, line in enumerate(lyric.lines):
        first.setdefault(spoken(line.text), number)
    # Windows hold each distinct line once, where it is first sung: a hook must not fill them.
    distinct = [lyric.lines[number] for number in first.values()]
    tokens = [count(spoken(line.text)) for line in distinct]
    packed = packed_windows(tokens, [line.stanza for line in distinct])
    window = dict(zip(first, packed, strict=True))
    lines = [
        {
            "line": number, "section": line.section, "label": line.label, "kind": line.kind,
            "performers": list(line.performers), "stanza": line.stanza, "at_ms": line.at_ms,
            "heard": line.heard, "written": line.written, "text": line.text,
            "text_hash": text_hash(spoken(line.text)), "language": held.code,
            "readable": held.code in supported(), "window": window[spoken(line.text)],
        }
        for number, (line, held) in enumerate(zip(lyric.lines, languages, strict=True))
    ]  # fmt: skip
    return {
        "lyric_hash": key, "outcome": found.outcome, "language": found.language,
        "coverage": found.coverage, "letters": found.letters, "lines": lines,
        "windows": _window_texts(first, window, lines),
        "changes": [{"kind": c.kind, "text": c.text, "count": c.count} for c in lyric.changes],
    }  # fmt: skip


def _window_texts(first: dict[str, int], window: dict[str, int], lines: list[dict]) -> list[dict]:
    """Return each window as one text of its readable lines."""
    texts: dict[int, list[str]] = {}
    for text, number in first.items():
        if lines[number]["readable"] and lines[number]["language"] != NO_WORDS:
            texts.setdefault(window[text], []).append(text)
    joined = {number: "\n".join(held) for number, held in sorted(texts.items())}
    return [
        {"window": number, "text_hash": text_hash(text), "text": text}
        for number, text in joined.items()
    ]
