"""Scenarios that people saved, one list a label: the plan as its literal text, under a name.

No analysis reads them. A page sets its sliders by one, so that a notebook holds the plan itself.
"""

import ast
import datetime
from dataclasses import dataclass
from pathlib import Path

from workbench.audience.rules import Segment
from workbench.errors import BadInput
from workbench.parameters import literal
from workbench.promotion.plan import Plan, checked
from workbench.store import state

_MADE_OF = {
    f"{kind.__module__}.{kind.__qualname__}": kind for kind in (Plan, Segment, datetime.date)
}


@dataclass(frozen=True)
class Saved:
    """The scenarios of a label, oldest first.

    Attributes
    ----------
    plans : (name, plan). unreadable : names of those whose text is no plan any more.
    """

    plans: tuple[tuple[str, Plan], ...] = ()
    unreadable: tuple[str, ...] = ()


def save(home: Path, user: str, name: str, plan: Plan) -> None:
    """Save a plan under a name.

    Raises
    ------
    BadInput
        No name, a name that is taken, or a plan that cannot be.
    """
    name = name.strip()
    if not name:
        raise BadInput("A scenario needs a name.")
    if name in state.rows(home, state.Scenario)["name"]:
        raise BadInput(f"There is a scenario called “{name}” already.")
    state.record(home, state.Scenario, user=user, name=name, plan=literal(checked(plan)))


def saved(home: Path) -> Saved:
    """Return the saved scenarios of a label."""
    if not (home / "state.sqlite").exists():
        return Saved()
    plans, lost = [], []
    for name, text in state.rows(home, state.Scenario).select("name", "plan").iter_rows():
        plan = parsed(text)
        plans += [(name, plan)] if plan else []
        lost += [] if plan else [name]
    return Saved(tuple(plans), tuple(lost))


def delete(home: Path, name: str) -> None:
    """Delete a saved scenario."""
    state.remove(home, state.Scenario, name=name)


def parsed(text: str) -> Plan | None:
    """Return the plan that a text writes, None where it writes none: values only, nothing runs."""
    try:
        plan = _value(ast.parse(text, mode="eval").body)
        return checked(plan) if isinstance(plan, Plan) else None
    except (SyntaxError, ValueError, AttributeError, TypeError, KeyError, BadInput):
        return None  # an erased listener's name stood in it, or another version wrote it


def _value(node: ast.expr) -> object:
    """Return the plain value that a node writes: of a literal, or of one of three kinds."""
    if isinstance(node, ast.Call):
        kind = _MADE_OF[ast.unparse(node.func)]
        given = {one.arg: _value(one.value) for one in node.keywords}
        return kind(*(_value(one) for one in node.args), **given)
    if isinstance(node, ast.Tuple):
        return tuple(_value(one) for one in node.elts)
    return ast.literal_eval(node)
