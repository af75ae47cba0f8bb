"""The one kind of function that answers a question: `@analysis`.

It declares what it reads, takes plain keyword parameters, returns a frame or a frozen dataclass of
frames, and knows nothing of pages. Pages, notebooks and tests all call the same function.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

import polars as pl

from workbench.errors import NotMade, UsageError
from workbench.parameters import Filters, Private, literal
from workbench.store import annotations
from workbench.store.artifacts import ARTIFACTS
from workbench.tables import TABLES

if TYPE_CHECKING:
    from workbench.dataset import Dataset, View

__all__ = ["MAX_ROWS", "Analysis", "Filters", "Private", "analysis", "literal"]

MAX_ROWS = 100_000
P = ParamSpec("P")
R = TypeVar("R")


class Analysis(Generic[P, R]):
    """A function of a label, with the names of what it reads.

    Attributes
    ----------
    reads : tables and artifacts that must be there. optional : those that may be absent.
    name : module and function, as a notebook writes it.
    """

    def __init__(self, function: Callable[P, R], reads: str, optional: str) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.reads = tuple(reads.split())
        self.optional = tuple(optional.split())
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.signature = inspect.signature(function)
        self._check_declaration()

    def _check_declaration(self) -> None:
        for name in (*self.reads, *self.optional):
            if name not in TABLES and name not in ARTIFACTS and name not in annotations.NAMES:
                raise UsageError(f"{self.name} reads “{name}”: no such table or artifact.")
        first, *others = self.signature.parameters.values()
        if first.name != "label" or any(p.kind is not p.KEYWORD_ONLY for p in others):
            raise UsageError(f"{self.name} must take `label`, then keyword-only parameters.")

    def arguments(self, parameters: dict[str, object]) -> dict[str, object]:
        """Return all parameters, defaults included.

        Raises
        ------
        UsageError
            An unknown parameter, or a value that is not plain.
        """
        try:
            bound = self.signature.bind(None, **parameters)
        except TypeError as error:
            raise UsageError(f"{self.name}: {error}") from None
        bound.apply_defaults()
        given = dict(bound.arguments)
        given.pop("label")
        for value in given.values():
            literal(value)
        return given

    def __call__(self, label: "Dataset | View", **parameters: object) -> R:
        """Run the analysis on a label, or on the view of an analysis that calls this one."""
        arguments = self.arguments(parameters)
        view = label.view(self.reads, self.optional)
        for name in self.reads:
            if not view.has(name):
                raise NotMade(name) if name in ARTIFACTS else view.missing(name)
        result = self.function(view, **arguments)
        _check_result(self.name, result)
        return result


def analysis(*, reads: str = "", optional: str = "") -> Callable[[Callable[P, R]], Analysis[P, R]]:
    """Declare a function as an analysis.

    Parameters
    ----------
    reads : names of tables and artifacts, separated by spaces, without which it cannot answer.
    optional : names of those it uses where they are there; ask `label.has(name)`.
    """
    return lambda function: Analysis(function, reads, optional)


def _check_result(name: str, result: object) -> None:
    if isinstance(result, pl.DataFrame):
        frames = [result]
    elif is_dataclass(result) and result.__dataclass_params__.frozen:
        values = (getattr(result, field.name) for field in fields(result))
        frames = [value for value in values if isinstance(value, pl.DataFrame)]
    else:
        raise UsageError(f"{name} must return a DataFrame or a frozen dataclass.")
    if any(frame.height > MAX_ROWS for frame in frames):
        raise UsageError(f"{name} returned more than {MAX_ROWS:,} rows; aggregate or limit.")
