"""Segments that people saved, one list a label: the rule as its literal text, under a fixed id.

No analysis reads them. A page reads the list and passes a rule on as a plain parameter, so that a
notebook holds the rule itself and stays right when the saved one is deleted.
"""

import ast
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.audience.rules import Segment, checked
from workbench.errors import BadInput
from workbench.parameters import literal
from workbench.store import state


@dataclass(frozen=True)
class Saved:
    """The segments of a label, oldest first.

    Attributes
    ----------
    segments : as they were saved. unreadable : (id, name) of those whose text is no rule any more.
    """

    segments: tuple[Segment, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


def save(home: Path, user: str, segment: Segment) -> Segment:
    """Save a segment under a new id and return it with that id.

    Raises
    ------
    BadInput
        The rule says nothing, or another segment has its name.
    """
    segment = checked(replace(segment, id=f"seg-{secrets.token_hex(4)}"))
    if segment.name in state.rows(home, state.SavedSegment)["name"]:
        raise BadInput(f"There is a segment called “{segment.name}” already.")
    state.record(
        home, state.SavedSegment, user=user, segment=segment.id, name=segment.name,
        rule=literal(segment),
    )  # fmt: skip
    return segment


def saved(home: Path) -> Saved:
    """Return the saved segments of a label."""
    if not (home / "state.sqlite").exists():
        return Saved()
    good, lost = [], []
    rows = state.rows(home, state.SavedSegment).select("segment", "name", "rule")
    for key, name, text in rows.iter_rows():
        rule = _parsed(text)
        good += [rule] if rule else []
        lost += [] if rule else [(key, name)]
    return Saved(tuple(good), tuple(lost))


def delete(home: Path, segment_id: str) -> None:
    """Delete a saved segment; its id is not given again."""
    state.remove(home, state.SavedSegment, segment=segment_id)


def _parsed(text: str) -> Segment | None:
    """Return the rule that a text writes, None where it writes none: values only, nothing runs."""
    try:
        return checked(_segment(ast.parse(text, mode="eval").body))
    except (SyntaxError, ValueError, AttributeError, TypeError, BadInput):
        return None  # an erased listener's name stood in it, or a later version wrote it


def _segment(call: ast.Call) -> Segment:
    """Return the rule of a call of `Segment` with plain values and, as parts, rules."""
    given = {one.arg: one.value for one in call.keywords}
    parts = given.pop("parts", None)
    values = {name: ast.literal_eval(value) for name, value in given.items()}
    return Segment(**values, parts=tuple(map(_segment, parts.elts)) if parts else ())
