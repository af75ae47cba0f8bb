"""JSON as a sheet of text: one object a line, or a list of objects; each object is a row.

Numbers keep the digits that were written. `{"a": {"b": 1}}` gives a column `a.b`.
"""

import json
import re
from collections.abc import Iterable, Iterator

import polars as pl

from workbench.errors import BadInput
from workbench.importers.sheet import (
    MALFORMED,
    ROW,
    Limits,
    Sheet,
    checked_rows,
    finished,
    header_names,
)

NESTED = 20
BETWEEN = re.compile(r"[\s,]*")
DAMAGED = "the JSON is damaged or cut off here, and nothing below could be read"
Row = tuple[int, dict[str, str | None] | None, str, str]


def json_lines(text: str, file: str, limits: Limits) -> Sheet:
    """Return JSON lines as a sheet; a line that is no object is kept apart.

    Raises
    ------
    BadInput
        No line is an object.
    """
    checked_rows(text.count("\n") + 1, file, limits)
    if text.lstrip()[1:2].isspace() and _is_one_object(text):
        raise BadInput(
            f"{file} is one JSON object over several lines, and no list of rows. What has a row "
            "each must be a list of objects, or one object a line."
        )
    return _sheet(_by_line(text), file, limits)


def json_list(text: str, file: str, limits: Limits) -> Sheet:
    """Return a JSON list of objects as a sheet, rows numbered from 1; what is none is kept apart.

    Raises
    ------
    BadInput
        It holds no object.
    """
    return _sheet(_by_item(text), file, limits)


def _is_one_object(text: str) -> bool:
    try:
        return isinstance(_DECODER.decode(text), dict)
    except (ValueError, RecursionError):
        return False


def _sheet(rows: Iterable[Row], file: str, limits: Limits) -> Sheet:
    good, bad = [], []
    names: dict[str, None] = {}
    for number, cells, reason, shown in rows:
        if cells is None:
            bad.append((number, reason[:200], shown[:500]))
            continue
        names.update(dict.fromkeys(cells))
        if len(names) > limits.columns:
            raise BadInput(f"{file} has more than {limits.columns:,} different fields.")
        good.append((number, cells))
        checked_rows(len(good), file, limits)
    if not good:
        why = f": {bad[0][1]}" if bad else ""
        raise BadInput(f"{file} is JSON, and no row could be read of it{why}.")
    header_names(list(names), file, limits)
    columns = {name: [cells.get(name) for _, cells in good] for name in names}
    frame = pl.DataFrame(
        {ROW: [number for number, _ in good], **columns},
        schema={ROW: pl.Int64, **dict.fromkeys(names, pl.String)},
    )
    return finished(frame, pl.DataFrame(bad, schema=MALFORMED, orient="row"), file, limits)


def _by_line(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, _cells(_DECODER.decode(line.strip())), "", ""
            except (ValueError, RecursionError) as error:
                yield number, None, f"is no JSON object: {_said(error)}", line


def _by_item(text: str) -> Iterator[Row]:
    """Give the objects of a list; from a damaged place on nobody knows where the next begins."""
    place, number = text.index("[") + 1, 0
    while (place := BETWEEN.match(text, place).end()) < len(text) and text[place] != "]":
        number += 1
        try:
            value, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            reason = f"{DAMAGED} (line {text.count(chr(10), 0, place) + 1:,}: {_said(error)})"
            yield number, None, reason, text[place : place + 500]
            return
        try:
            yield number, _cells(value), "", ""
        except ValueError as error:
            yield number, None, f"is no JSON object: {_said(error)}", text[place:end]
        place = end
    if place >= len(text):
        yield number + 1, None, DAMAGED, ""


def _cells(value: object) -> dict[str, str | None]:
    if not isinstance(value, dict):
        raise ValueError("a list or a single value")
    cells = dict(_flat(value, "", 0))
    for text in (*cells, *filter(None, cells.values())):
        if not text.isascii():
            text.encode()  # half of a pair of surrogates is no text; that is a ValueError, too
    return cells


class _Twice(dict):
    """An object in which a field stands twice, so that it is not known which counts."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


def _flat(value: dict, prefix: str, depth: int) -> Iterator[tuple[str, str | None]]:
    if depth > NESTED:
        raise ValueError(f"nested more than {NESTED} deep")
    if isinstance(value, _Twice):
        raise ValueError("a field stands twice")
    for name, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{name}.", depth + 1)
        elif isinstance(item, list):
            yield f"{prefix}{name}", json.dumps(item, ensure_ascii=False)
        elif isinstance(item, bool):
            yield f"{prefix}{name}", "true" if item else "false"
        else:
            yield f"{prefix}{name}", item


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(error).strip().split("\n")[0] or type(error).__name__


_DECODER = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_object
)
