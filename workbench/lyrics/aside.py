"""One more song beside a label's: an unreleased lyric, scored in memory, never written.

The makers of the artifacts and the analyses of songs are given an `Aside` where they would be given
a label; so a demo is read, scored and compared by the very same functions as a song on file.
"""

import importlib
from collections.abc import Iterable

import polars as pl

from workbench.lyrics.lyric_lines import text_hash
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.outcome import SCORED
from workbench.parameters import Private
from workbench.store.artifacts import ARTIFACTS, declared, in_order
from workbench.store.memory import memory
from workbench.tables import TABLES

# What the song is called among the tracks; no id of a label looks like it.
DEMO, TITLE = "(the demo)", "This demo"


class Aside:
    """The rows of one song in memory, with those of a label before them where there is one."""

    def __init__(self, rows: dict[str, pl.DataFrame], label=None) -> None:
        self._rows = rows
        self._label = label

    def view(self, reads: Iterable[str], optional: Iterable[str] = ()) -> "Aside":
        """Return what an analysis is given: this, as it holds nothing that it could not see."""
        return self

    def has(self, name: str) -> bool:
        """Tell whether a table has rows, or an artifact is made."""
        return name in self._rows or (self._label is not None and self._label.has(name))

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a table or row artifact, the label's rows and those of the song that it lacks."""
        own = self._rows.get(name, pl.DataFrame(schema=_schema(name)))
        if self._label is None:
            return own.lazy()
        stored = self._label.scan(name)
        key = own.columns[0]
        held = stored.filter(pl.col(key).is_in(own[key].to_list())).select(key).collect()
        new = own.join(held, on=key, how="anti", maintain_order="left")
        return pl.concat([stored, new.lazy()], how="diagonal_relaxed")

    def row_keys(self, name: str) -> pl.Series:
        """Return the keys that a row artifact holds."""
        rows = self.scan(name).collect()
        return rows[rows.columns[0]]

    def append_rows(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows that a maker made; they stay in memory."""
        held = self._rows.get(name)
        self._rows[name] = frame if held is None else pl.concat([held, frame])


def beside(
    lyric: Private, label=None, *, artist: str | None = None, genre: str | None = None
) -> Aside:
    """Return a lyric as a song of its own, read and scored; with a label, as one of its songs.

    Parameters
    ----------
    lyric : its text. label : what reads the rows of the label, None for the song alone.
    artist, genre : id of whose song it is, and its genre, where that is known.
    """
    track = pl.DataFrame({"track_id": [DEMO], "title": [TITLE], "status": ["demo"],
                          "artist_id": [artist], "genre": [genre]})  # fmt: skip
    text = pl.DataFrame({"track_id": [DEMO], "source": ["label"], "text": [lyric.text]})
    rows = {"tracks": _typed("tracks", track), "lyrics": _typed("lyrics", text)}
    _make(rows, "lyric_lines")

    def scored() -> dict[str, pl.DataFrame]:
        _make(rows, *_wordless())
        return {name: rows[name] for name in _wordless()}

    # What is kept between two analyses are numbers by hash; the words stay with who brought them.
    prints = "".join(ARTIFACTS[name].fingerprint for name in _wordless())
    key = f"demo {text_hash(lyric.text)} {prints}"
    numbers = memory.load(key, scored, lambda held: sum(map(_size, held.values())))
    return Aside(rows | numbers, label)


def scored_texts(texts: Iterable[str]) -> pl.DataFrame:
    """Return the moods of lines that are on no file, each once, as `scored_lines` gives them.

    Parameters
    ----------
    texts : as `spoken` gives them, in a language that the model reads.
    """
    lines = [
        {"text": text, "text_hash": text_hash(text), "language": "en", "readable": True}
        for text in sorted(set(texts))
    ]
    row = {"lyric_hash": "", "outcome": SCORED, "lines": lines, "windows": []}
    rows = {"lyric_lines": pl.DataFrame([row], schema=_schema("lyric_lines"))}
    _make(rows, *_wordless())
    return scored_lines(rows["line_moods"].lazy()).sort("text_hash").collect()


def _wordless() -> list[str]:
    return [name for name in in_order(["line_moods"]) if name != "lyric_lines"]


def _make(rows: dict[str, pl.DataFrame], *artifacts: str) -> None:
    """Run the makers of artifacts on one song; what they make is added to its rows."""
    song = Aside(rows)
    for name in artifacts:
        module, _, function = declared(name).maker.partition(":")
        maker = getattr(importlib.import_module(module), function)
        maker(song, progress=lambda done, total, said: None)
        rows.setdefault(name, pl.DataFrame(schema=_schema(name)))  # nothing in it could be scored


def _size(frame: pl.DataFrame) -> int:
    return int(frame.estimated_size())


def _schema(name: str) -> dict[str, pl.DataType]:
    return dict(ARTIFACTS[name].schema if name in ARTIFACTS else TABLES[name].polars_schema)


def _typed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a table with all of its columns, those that nobody gave null."""
    nulls = [pl.lit(None, kind).alias(column) for column, kind in _schema(name).items()
             if column not in frame.columns]  # fmt: skip
    return frame.with_columns(nulls).select(*_schema(name)).cast(_schema(name))
