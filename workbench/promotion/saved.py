"""Scenarios that people saved, one list a label: the plan as its literal text, under a name.

No analysis reads them. A page sets its sliders by one, so that a notebook holds the plan itself.
A link carries a plan in the same text, packed: whoever opens it needs no list.
"""

import ast
import base64
import binascii
import datetime
import types
import typing
import zlib
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from workbench.audience.rules import Segment
from workbench.errors import BadInput
from workbench.parameters import literal
from workbench.promotion.plan import Plan, checked
from workbench.store import state

LONGEST_NAME, LONGEST_NOTE = 60, 400  # characters
LONGEST_LINK, LONGEST_TEXT = 4_000, 20_000  # packed and unpacked; browsers take about 8,000
_MADE_OF = {
    f"{kind.__module__}.{kind.__qualname__}": kind for kind in (Plan, Segment, datetime.date)
}


@dataclass(frozen=True)
class Scenario:
    """A saved plan: its name, who saved it and when (UTC), and what was noted with it."""

    name: str
    plan: Plan
    author: str
    note: str
    at: datetime.datetime


@dataclass(frozen=True)
class Saved:
    """The scenarios of a label, oldest first.

    Attributes
    ----------
    scenarios : those that can be read. unreadable : names of those whose text is no plan any more.
    """

    scenarios: tuple[Scenario, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def plans(self) -> tuple[tuple[str, Plan], ...]:
        """Name and plan of each."""
        return tuple((one.name, one.plan) for one in self.scenarios)


def save(home: Path, user: str, name: str, plan: Plan, note: str = "") -> None:
    """Save a plan under a name, with who saved it and a note.

    Raises
    ------
    BadInput
        No name, a name that is taken, words that are too long, or a plan that cannot be.
    """
    name, note = name.strip(), note.strip()
    if not name:
        raise BadInput("A scenario needs a name.")
    for words, longest, what in ((name, LONGEST_NAME, "name"), (note, LONGEST_NOTE, "note")):
        if len(words) > longest:
            raise BadInput(f"The {what} of a scenario has at most {longest} characters.")
    if name in state.rows(home, state.Scenario)["name"]:
        raise BadInput(f"There is a scenario called “{name}” already.")
    text = literal(checked(plan))
    state.record(home, state.Scenario, user=user, name=name, note=note, plan=text)


def saved(home: Path) -> Saved:
    """Return the saved scenarios of a label."""
    if not (home / "state.sqlite").exists():
        return Saved()
    held, lost = [], []
    for row in state.rows(home, state.Scenario).iter_rows(named=True):
        plan = parsed(row["plan"])
        if plan is None:
            lost.append(row["name"])
        else:
            held.append(Scenario(row["name"], plan, row["user"], row["note"], row["at"]))
    return Saved(tuple(held), tuple(lost))


def delete(home: Path, name: str) -> None:
    """Delete a saved scenario."""
    state.remove(home, state.Scenario, name=name)


def packed(plan: Plan) -> str:
    """Return a plan as the text of a link: letters, digits, “-” and “_”.

    Raises
    ------
    BadInput
        A plan that cannot be, or one too long for a link.
    """
    text = zlib.compress(literal(checked(plan)).encode(), 9)
    link = base64.urlsafe_b64encode(text).decode().rstrip("=")
    if len(link) > LONGEST_LINK:
        raise BadInput("This plan is too long for a link; save it as a scenario instead.")
    return link


def unpacked(link: str) -> Plan | None:
    """Return the plan of a link's text, None where it is none: bounded, and nothing runs."""
    if len(link) > LONGEST_LINK:
        return None
    try:
        held = base64.b64decode(link + "=" * (-len(link) % 4), altchars=b"-_", validate=True)
        reader = zlib.decompressobj()
        text = reader.decompress(held, LONGEST_TEXT)
        # what goes on beyond the bound is not a plan of ours, but made to fill the memory
        return parsed(text.decode()) if reader.eof and not reader.unused_data else None
    except (binascii.Error, zlib.error, ValueError):
        return None


def parsed(text: str) -> Plan | None:
    """Return the plan that a text writes, None where it writes none: values only, nothing runs."""
    try:
        plan = _value(ast.parse(text, mode="eval").body)
        return checked(plan) if isinstance(plan, Plan) and _fits(plan, Plan) else None
    except (SyntaxError, ValueError, AttributeError, TypeError, KeyError, BadInput):
        return None  # an erased listener's name stood in it, or another version wrote it
    except (RecursionError, MemoryError, OverflowError):
        return None  # no plan, but text made to break whoever reads it


def _value(node: ast.expr) -> object:
    """Return the plain value that a node writes: of a literal, or of one of three kinds."""
    if isinstance(node, ast.Call):
        kind = _MADE_OF[ast.unparse(node.func)]
        given = {one.arg: _value(one.value) for one in node.keywords}
        return kind(*(_value(one) for one in node.args), **given)
    if isinstance(node, ast.Tuple):
        return tuple(_value(one) for one in node.elts)
    return ast.literal_eval(node)


def _fits(value: object, kind: object) -> bool:
    """Tell whether a value, and all inside of it, is of the type that is written for it."""
    inner = typing.get_args(kind)
    if isinstance(kind, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, tuple):
            return False
        if inner[-1] is Ellipsis:
            return all(_fits(one, inner[0]) for one in value)
        return len(value) == len(inner) and all(map(_fits, value, inner))
    if kind is float:
        return type(value) in (int, float)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return type(value) is kind and all(
            _fits(getattr(value, one.name), hints[one.name]) for one in fields(kind)
        )
    return type(value) is kind or (kind is None and value is None)
