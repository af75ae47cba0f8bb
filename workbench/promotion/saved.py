"""Scenarios that people saved, one list a label: the plan as its literal text, under a name.

Beside it stands what the model of that day told of the plan, in the same kind of text.

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
from workbench.promotion.compared import CURRENT
from workbench.promotion.counts import Counts
from workbench.promotion.foretold import Foretold
from workbench.promotion.plan import Plan, checked
from workbench.store import foretold as kept
from workbench.store import state

LONGEST_NAME, LONGEST_NOTE = 60, 400  # characters
ON_SLIDERS = "On the sliders"  # the plan that nobody saved yet
RESERVED = (CURRENT, ON_SLIDERS, "answer")  # columns beside the scenarios that are compared
LONGEST_LINK, LONGEST_TEXT = 4_000, 20_000  # packed and unpacked; browsers take about 8,000
_MADE_OF = {
    f"{kind.__module__}.{kind.__qualname__}": kind
    for kind in (Plan, Counts, Segment, Foretold, datetime.date)
}


@dataclass(frozen=True)
class Scenario:
    """A saved plan: its name, who saved it and when (UTC), and what was noted with it.

    `told` is what the plan was to bring when it was saved; None where nobody kept that.
    """

    name: str
    plan: Plan
    author: str
    note: str
    at: datetime.datetime
    told: Foretold | None = None


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


def save(
    home: Path, user: str, name: str, plan: Plan, note: str = "", told: Foretold | None = None
) -> None:
    """Save a plan under a name, with who saved it, a note, and what it is to bring.

    Raises
    ------
    BadInput
        No name, one that is taken or stands for something else, words that are too long, or a plan
        that cannot be.
    """
    name, note = name.strip(), note.strip()
    if not name:
        raise BadInput("A scenario needs a name.")
    for words, longest, what in ((name, LONGEST_NAME, "name"), (note, LONGEST_NOTE, "note")):
        if len(words) > longest:
            raise BadInput(f"The {what} of a scenario has at most {longest} characters.")
    if name in RESERVED:
        raise BadInput(f"“{name}” stands for something else in the Lab; choose another name.")
    if name in state.rows(home, state.Scenario)["name"]:
        raise BadInput(f"There is a scenario called “{name}” already.")
    text = literal(checked(plan))
    state.record(home, state.Scenario, user=user, name=name, note=note, plan=text)
    if told is not None:
        state.record(home, kept.Foretold, scenario=name, told=literal(told))


def saved(home: Path) -> Saved:
    """Return the saved scenarios of a label."""
    if not (home / "state.sqlite").exists():
        return Saved()
    held, lost = [], []
    told = dict(state.rows(home, kept.Foretold).select("scenario", "told").iter_rows())
    for row in state.rows(home, state.Scenario).iter_rows(named=True):
        plan = parsed(row["plan"])
        if plan is None:
            lost.append(row["name"])
        else:
            then = _read(told.get(row["name"], ""), Foretold)
            held.append(Scenario(row["name"], plan, row["user"], row["note"], row["at"], then))
    return Saved(tuple(held), tuple(lost))


def delete(home: Path, name: str) -> None:
    """Delete a saved scenario."""
    state.remove(home, state.Scenario, name=name)
    state.remove(home, kept.Foretold, scenario=name)


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
    plan = _read(text, Plan)
    try:
        return None if plan is None else checked(plan)
    except (BadInput, ValueError, TypeError, OverflowError):
        return None


def _read(text: str, kind: type) -> object:
    """Return the value of a kind that a text writes, None where it writes none."""
    try:
        value = _value(ast.parse(text, mode="eval").body)
        return value if isinstance(value, kind) and _fits(value, kind) else None
    except (SyntaxError, ValueError, AttributeError, TypeError, KeyError):
        return None  # an erased listener's name stood in it, or another version wrote it
    except (RecursionError, MemoryError, OverflowError):
        return None  # no plan, but text made to break whoever reads it


def _value(node: ast.expr) -> object:
    """Return the plain value that a node writes: of a literal, or of one of these kinds."""
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
