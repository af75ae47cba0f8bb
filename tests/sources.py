"""The project's own Python files, parsed once, for tests that read code instead of running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Import:
    """One imported module.

    Attributes
    ----------
    module : full dotted name; for `from a import b` both `a` and `a.b` are given.
    line : where. lazy : inside a function, so not run when the module is loaded.
    """

    module: str
    line: int
    lazy: bool


@dataclass(frozen=True, eq=False)
class Source:
    """A parsed file: `path` from the project's root with forward slashes, `text` and `tree`."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def imports(self) -> list[Import]:
        return list(_imports(self.tree, lazy=False))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.AST, what: str) -> str:
        """Return one line of a report: place and finding."""
        return f"{self.path}:{getattr(node, 'lineno', 0)} {what}"


def _imports(node: ast.AST, *, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from _imports(child, lazy=True)
        elif isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, child.lineno, lazy)
        elif isinstance(child, ast.ImportFrom):
            yield Import(child.module or ".", child.lineno, lazy)
            for name in child.names:
                yield Import(f"{child.module}.{name.name}", child.lineno, lazy)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, lazy=lazy or inside)


@cache
def sources(*roots: str) -> tuple[Source, ...]:
    """Return the parsed files under these folders; a file may stand for itself."""
    starts = [PROJECT / root for root in roots]
    files = [[start] if start.is_file() else sorted(start.rglob("*.py")) for start in starts]
    return tuple(_parsed(file) for some in files for file in some)


@cache
def _parsed(file: Path) -> Source:
    text = file.read_text(encoding="utf-8")
    path = file.relative_to(PROJECT).as_posix()
    return Source(path, text, ast.parse(text, path))
