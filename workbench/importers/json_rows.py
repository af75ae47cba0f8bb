"""Rows out of JSON: lists, lists in objects, pages of lists, and one object a line.

Objects are decoded one after the other, so that only the cells that are asked for stay in memory,
and a damaged place costs the rows in it and not the file.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from workbench.errors import BadInput
from workbench.importers import archive, delimited
from workbench.importers.json_damage import torn
from workbench.importers.sheet import MALFORMED, ROW, Sheet, checked_rows, finished
from workbench.importers.source import LIMITS, Source
from workbench.importers.steps import step

DAMAGES, DEPTH = 1_000, 4
LISTED, UNREAD = 12, 60
_SPACE = b"\xef\xbb\xbf \t\r\n"
_GAP = re.compile(r"[\s,\[\]]*")
_KEYS = re.compile(r'"([^"\\]{1,80})"\s*:')


@dataclass(frozen=True)
class Shape:
    """What the rows of a JSON file look like.

    Attributes
    ----------
    needed : keys, at any depth, by which the file is recognised. marker : the key that each row
    has at its top. cells : the columns to take; `a.b` is b within a.
    """

    needed: frozenset[str]
    marker: str
    cells: tuple[str, ...]


@dataclass(eq=False)
class _Found:
    """What was read so far: frames of the files that are done, rows of the one that is not."""

    cells: list[list[object]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    frames: list[pl.DataFrame] = field(default_factory=list)
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    keys: dict[str, set[str]] = field(default_factory=dict)
    place: int = 0


def fitting(source: Source, shape: Shape) -> list[str]:
    """Return the files in a source that have this shape, by their keys; a zip may have several."""
    return [name for name, head in archive.heads(source).items() if fits(head, shape)]


def fits(head: bytes, shape: Shape) -> bool:
    """Tell whether the first bytes of a file are JSON with the keys of this shape."""
    return is_json(head) and shape.needed <= set(_KEYS.findall(head.decode("utf-8", "replace")))


def is_json(head: bytes) -> bool:
    """Tell whether the first bytes of a file look like JSON."""
    return head.lstrip(_SPACE).startswith((b"[", b"{"))


def others(source: Source, names: list[str]) -> tuple[str, ...]:
    """Return a note of what other JSON is in a zip."""
    rest = (name for name, head in archive.heads(source).items() if is_json(head))
    rest = [archive.bare(name) for name in rest if name not in names]
    if not rest:
        return ()
    more = f" and {len(rest) - 5} more" if len(rest) > 5 else ""
    return (f"left out, as no plays are in them: {', '.join(rest[:5])}{more}",)


def sheet(source: Source, names: list[str], shape: Shape) -> Sheet:
    """Return the rows of these files as one sheet of text.

    Rows are numbered through; a note says where each file of a zip begins. Numbers keep the digits
    that were written. What is damaged is kept apart, as json_damage.py tells it.

    Raises
    ------
    BadInput
        Too many places are damaged, or there are too many rows.
    """
    found, begins = _Found(), []
    for at, (name, data) in enumerate(zip(names, archive.contents(source, names), strict=False)):
        step(at, len(names), f"reading {archive.bare(name)}")
        begins.append(f"{archive.bare(name)} from row {found.place + 1:,}")
        frame = _at_once(data, shape, found)
        if frame is None:
            _read(delimited.decoded(data, None, archive.bare(name))[0], shape, found, source.name)
            frame = _frame(found, shape)
        found.frames.append(frame)
    frame, broken = pl.concat(found.frames), pl.DataFrame(found.broken, MALFORMED, orient="row")
    made = finished(frame, broken, source.name, LIMITS, notes=_begins(begins))
    return Sheet(made.frame, made.malformed, None, made.notes, unread=_unread(shape, found))


def _begins(begins: list[str]) -> tuple[str, ...]:
    """Return a note of where each file of a zip begins."""
    if len(begins) < 2:
        return ()
    more = f"; {len(begins) - LISTED:,} more" if len(begins) > LISTED else ""
    return (f"rows are numbered through: {'; '.join(begins[:LISTED])}{more}",)


def _at_once(data: bytes, shape: Shape, found: _Found) -> pl.DataFrame | None:
    """Return the rows of a sound list of flat objects, the fast way; None where it is none."""
    if not data.lstrip(_SPACE).startswith(b"[") or any("." in name for name in shape.cells):
        return None
    try:
        frame = pl.read_json(data, schema=dict.fromkeys(shape.cells, pl.String))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    head = data[: archive.HEAD].decode("utf-8-sig", errors="replace")
    found.keys.setdefault("", set()).update(_KEYS.findall(head))
    first = found.place + 1
    found.place += frame.height
    checked_rows(found.place, "the file", LIMITS)
    return frame.with_row_index(ROW, offset=first).with_columns(pl.col(ROW).cast(pl.Int64))


def _frame(found: _Found, shape: Shape) -> pl.DataFrame:
    """Return the rows that were read as text, and forget them as objects."""
    columns = zip(*found.cells, strict=True) if found.cells else ((),) * len(shape.cells)
    texts = {name: _texts(cells) for name, cells in zip(shape.cells, columns, strict=True)}
    frame = pl.DataFrame({ROW: pl.Series(found.places, dtype=pl.Int64), **texts})
    found.cells, found.places = [], []
    return frame


def _read(text: str, shape: Shape, found: _Found, file: str) -> None:
    decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode
    take, marker = _taker(shape, found), shape.marker
    position = _GAP.match(text).end()
    damage, effort = None, 0
    while position < len(text):
        try:
            value, end = decode(text, position)
        except (ValueError, RecursionError) as error:
            if damage is None:
                damage = position
            effort += 1000 + getattr(error, "pos", position) - position
            if effort > 1000 * DAMAGES + 10 * len(text):
                raise BadInput(f"{file} is damaged in too many places: export it again.") from error
            position = text.find("{", position + 1)
            if position < 0:
                break
            continue
        if damage is None and type(value) is dict and marker in value:
            found.place += 1
            take(value)
            position = _GAP.match(text, end).end()
            continue
        rows = list(_rows(value, marker))
        if damage is not None and any(row is not None for row in rows):
            _broken(text[damage:position], shape, found, "is no readable JSON")
            damage = None
        if damage is None:
            for row in rows:
                found.place += 1
                if row is None:
                    found.broken.append((found.place, f"has no “{shape.marker}”", ""))
                else:
                    take(row)
        position = _GAP.match(text, end).end()
    checked_rows(found.place, file, LIMITS)
    if damage is not None:
        _broken(text[damage:], shape, found, "is no readable JSON: cut off or damaged")


def _rows(value: object, marker: str, depth: int = 0) -> Iterator[dict | None]:
    """Give the objects that have the marker; None for what stands where one should stand."""
    if isinstance(value, dict) and marker in value:
        yield value
    elif isinstance(value, list) and depth < DEPTH:
        for item in value:
            yield from _rows(item, marker, depth + 1)
    elif isinstance(value, dict) and any(isinstance(v, list) for v in value.values()):
        for item in value.values():
            if isinstance(item, list) and depth < DEPTH:
                yield from _rows(item, marker, depth + 1)
    else:
        yield None


def _broken(text: str, shape: Shape, found: _Found, reason: str) -> None:
    for seen in torn(text, shape.marker, shape.cells):
        found.place += 1
        found.broken.append((found.place, reason, seen))


def _taker(shape: Shape, found: _Found) -> Callable[[dict], None]:
    """Return what keeps the cells of one row, and notes which keys there were."""
    top, flat = found.keys.setdefault("", set()), not any("." in name for name in shape.cells)
    paths = [name.split(".") for name in shape.cells]

    def take(row: dict) -> None:
        found.places.append(found.place)
        top.update(row)
        if flat:
            found.cells.append([row.get(name) for name in shape.cells])
        else:
            found.cells.append([_deep(row, path, found) for path in paths])

    return take


def _deep(row: dict, path: list[str], found: _Found) -> object:
    value, within = row.get(path[0]), path[0]
    for name in path[1:]:
        if not isinstance(value, dict):
            return None
        found.keys.setdefault(within, set()).update(value)
        value, within = value.get(name), f"{within}.{name}"
    return value


def _texts(cells: Sequence[object]) -> pl.Series:
    """Return cells as text; truth values and what is nested as JSON writes them."""
    try:
        return pl.Series(cells, dtype=pl.String)
    except (TypeError, UnicodeEncodeError):
        whole = [None if cell is None else _text(cell) for cell in cells]
        return pl.Series(whole, dtype=pl.String)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()  # half of a pair of surrogates is no letter


def _unread(shape: Shape, found: _Found) -> tuple[str, ...]:
    """Return the keys that were there and were not taken, as paths."""
    taken = {".".join(p[:n]) for c in shape.cells for p in [c.split(".")] for n in range(9)}
    paths = (f"{within}.{key}" if within else key for within, keys in found.keys.items()
             for key in keys)  # fmt: skip
    rest = sorted(path[:80].encode("utf-8", "replace").decode() for path in {*paths} - taken)
    more = (f"and {len(rest) - UNREAD:,} more",) if len(rest) > UNREAD else ()
    return (*rest[:UNREAD], *more)
