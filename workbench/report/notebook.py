"""A page as a notebook: the same calls, in the order in which the page made them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from workbench.analysis import Analysis
from workbench.parameters import Private, literal


@dataclass(frozen=True)
class Call:
    """One call of an analysis: its name on the page and the parameters that are not defaults."""

    name: str
    analysis: Analysis
    parameters: dict[str, object]

    @property
    def code(self) -> str:
        """The call as Python text."""
        given = "".join(
            f",\n    {key}={_text(key, value)}" for key, value in self.parameters.items()
        )
        body = f"label{given},\n" if given else "label"
        return f"{self.name} = {self.analysis.name}({body})"

    @property
    def modules(self) -> set[str]:
        """Modules that the text names."""
        return {self.analysis.function.__module__, *_modules(self.parameters.values())}


@dataclass(frozen=True)
class Drawing:
    """One figure: its function and the names of the results that it draws."""

    function: Callable
    results: tuple[str, ...]
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The drawing as Python text."""
        given = [*self.results, *(f"{k}={literal(v)}" for k, v in self.parameters.items())]
        return f"{self.function.__module__}.{self.function.__qualname__}({', '.join(given)})"

    @property
    def modules(self) -> set[str]:
        """Modules that the text names."""
        return {self.function.__module__, *_modules(self.parameters.values())}


def notebook(
    title: str, label: str, versions: dict[str, str], steps: Iterable[Call | Drawing]
) -> bytes:
    """Return a notebook that computes what a page shows.

    Parameters
    ----------
    title : the page's question. label : as `open_dataset` takes it. versions : version by table
        and artifact, so that the notebook says when the data has changed since.
    steps : calls and drawings, in order.
    """
    import nbformat  # takes half of the time to the first page: it builds a grammar at import
    from nbformat import v4

    steps = list(steps)
    modules = sorted({"workbench", *(name for step in steps for name in step.modules)})
    imports = "\n".join(f"import {name}" for name in modules)
    opening = (
        f"{imports}\n\nlabel = workbench.open_dataset({label!r})\n"
        f"page = {versions!r}\n"
        "changed = [name for name in page if label.version_of(name) != page[name]]\n"
        'print("Changed since the page was shown:", ", ".join(changed) or "nothing")'
    )
    note = f"# {title}\n\nInternal: groups of listeners under the privacy limit are hidden."
    if label == "sample":
        note += " SAMPLE: a generated label."
    cells = [v4.new_markdown_cell(note), v4.new_code_cell(opening)]
    for step in steps:
        shown = f"{step.code}\n{step.name}" if isinstance(step, Call) else step.code
        cells.append(v4.new_code_cell(shown))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # the same page gives the same bytes
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return nbformat.writes(made).encode()


def _text(name: str, value: object) -> str:
    if isinstance(value, Private):
        return f"workbench.parameters.Private.of_file(input({f'File of the {name}: '!r}))"
    return literal(value)


def _modules(values: Iterable[object]) -> set[str]:
    """Modules that the literals of these values name."""
    found = set()
    for value in values:
        if isinstance(value, tuple):
            found |= _modules(value)
        elif hasattr(value, "__dataclass_fields__"):
            found.add(type(value).__module__)
            found |= _modules(getattr(value, name) for name in value.__dataclass_fields__)
        elif "datetime.date(" in literal(value):
            found.add("datetime")
    return found
