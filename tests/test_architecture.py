"""The house keeps its shape: each rule of its layout as a test over the source text.

A failure names every place.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from tests.sources import PROJECT, Source, sources

FOUNDATION = ("settings", "errors")
DATA = ("analysis", "parameters", "dataset", "tables", "store")
FEATURES = (
    "engine", "listening", "lyrics", "catalogue", "importers", "audience", "recommend",
    "promotion", "sales", "rights", "sketch", "report",
)  # fmt: skip
RANK = (
    dict.fromkeys(FOUNDATION, 0)
    | dict.fromkeys(DATA, 1)
    | {package: 2 + place for place, package in enumerate(FEATURES)}
    | {"charts": 50, "ui": 60, "pages": 70, "app": 80, "commands": 80}
)
COMMAND_LINE = "workbench/__main__.py"  # starts everything, and nothing imports it
HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "scipy.stats",
    "implicit",
    "nbformat",
)
DESERIALISERS = ("pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal")
EXECUTING = (
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "torch.load",
    "st.html",
)
OPENING = ("unsafe_allow_html", "unsafe_allow_javascript", "shell", "allow_pickle")
RELATIONAL = ("group_by", "group_by_dynamic", "join", "join_asof", "join_where", "filter", "pivot",
              "agg", "sql")  # fmt: skip
EMPTY_NAMES = ("utils", "util", "helpers", "helper", "common", "core", "manager", "misc")


def listed(found: Iterable[str]) -> str:
    return "\n" + "\n".join(sorted(found))


def room(path: str) -> str:
    """Return the layer or package that a file belongs to."""
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[1] if parts[0] == "workbench" and len(parts) > 1 else parts[0]


def imported_rooms(source: Source) -> list[tuple[str, int]]:
    """Return the rooms of the house that a file imports, with lines."""
    rooms = []
    for found in source.imports:
        parts = found.module.split(".")
        if parts[0] == "workbench":
            rooms.append((parts[1] if len(parts) > 1 else "dataset", found.line))
        elif parts[0] in ("pages", "app"):
            rooms.append((parts[0], found.line))
    return [(name, line) for name, line in rooms if name in RANK]


def house() -> list[Source]:
    return [s for s in sources("workbench", "pages", "app.py") if s.path != COMMAND_LINE]


def test_every_package_has_a_place():
    inside = {room(s.path) for s in sources("workbench")} - {"__init__", "__main__"}
    assert inside <= RANK.keys(), listed(inside - RANK.keys())


def test_imports_go_downwards():
    found = []
    for source in house():
        own = "dataset" if source.path == "workbench/__init__.py" else room(source.path)
        for name, line in imported_rooms(source):
            side_by_side = RANK[name] == RANK[own] < 2
            if name != own and not side_by_side and RANK[name] >= RANK[own]:
                found.append(f"{source.path}:{line} {own} imports {name}")
    assert not found, listed(found)


@pytest.mark.parametrize(
    ("library", "homes"),
    [("streamlit", ("workbench/ui/", "pages/", "app.py")), ("plotly", ("workbench/charts/",))],
)
def test_a_library_stays_in_its_room(library, homes):
    found = [
        f"{source.path}:{line.line}"
        for source in house()
        for line in source.imports
        if line.module.split(".")[0] == library and not source.path.startswith(homes)
    ]
    assert not found, listed(found)


def test_nothing_heavy_at_module_level():
    found = [
        f"{source.path}:{line.line} {line.module}"
        for source in [*house(), *sources(COMMAND_LINE)]
        for line in source.imports
        if not line.lazy and f"{line.module}.".startswith(tuple(f"{name}." for name in HEAVY))
    ]
    assert not found, listed(found)


def loaded_after(imports: str) -> list[str]:
    """Return which of the dear modules a fresh Python holds after these statements."""
    dear = (*HEAVY, "streamlit", "plotly")
    code = f"{imports}\nimport sys\nprint(*[m for m in {dear!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_notebook_starts_light():
    assert loaded_after("import workbench") == []


def test_every_page_comes_up_without_heavy_libraries():
    modules = {
        found.module
        for source in sources("pages", "app.py")
        for found in source.imports
        if (PROJECT / f"{found.module.replace('.', '/')}.py").exists()
        or (PROJECT / found.module.replace(".", "/") / "__init__.py").exists()
    }
    loaded = loaded_after("\n".join(f"import {module}" for module in sorted(modules)))
    assert [name for name in loaded if name in HEAVY] == []


def test_pages_stand_in_sections():
    # Streamlit would serve a flat pages/*.py by itself, without app.py and its sign-in
    assert sorted(path.name for path in PROJECT.glob("pages/*.py")) == []
    assert sorted(path.as_posix() for path in PROJECT.glob("pages/*/*/*.py")) == []


def test_every_page_is_registered_and_every_entry_has_a_page():
    from workbench.ui.navigation import PAGES

    files = {path.relative_to(PROJECT).as_posix() for path in PROJECT.glob("pages/*/*.py")}
    assert {page.file for page in PAGES} == files
    assert len({page.url for page in PAGES}) == len(PAGES)


def test_nothing_runs_what_was_only_stored():
    found = []
    for source in [*house(), *sources(COMMAND_LINE, "benchmarks", "sample_data")]:
        for line in source.imports:
            if line.module.split(".")[0] in DESERIALISERS:
                found += [f"{source.path}:{line.line} {line.module}"]
        for call in source.calls():
            if ast.unparse(call.func) in EXECUTING:
                found.append(source.at(call, ast.unparse(call.func)))
            for given in call.keywords:
                if given.arg in OPENING and ast.unparse(given.value) != "False":
                    found.append(source.at(call, given.arg))
    assert not found, listed(found)


def test_charts_and_pages_only_draw():
    found = []
    for source in sources("workbench/charts", "pages"):
        for call in source.calls():
            if not (isinstance(call.func, ast.Attribute) and call.func.attr in RELATIONAL):
                continue
            text = isinstance(call.func.value, ast.Constant | ast.JoinedStr)  # ", ".join(...)
            if not (call.func.attr == "join" and text):
                found.append(source.at(call, f".{call.func.attr}()"))
    assert not found, listed(found)


def decorated(name: str, *, parameters: bool = False) -> list[str]:
    """Return the functions under a decorator, on request only those that take parameters."""
    return [
        f"{source.path} {node.name}"
        for source in house()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if re.search(rf"\b{name}\b", ast.unparse(decorator))
        and (ast.unparse(node.args) or not parameters)
    ]


def test_one_function_caches_results():
    assert decorated("cache_data") == ["workbench/ui/compute.py _result"]
    # what takes no parameters is a constant that is read late; beside those only the database's
    # engine is kept, and everything else asks compute or memory
    kept = decorated("(cache|lru_cache|cache_resource)", parameters=True)
    assert set(kept) <= {"workbench/store/state.py engine"}


def test_files_stay_readable():
    limits = {"pages": 110, "workbench": 250, "app.py": 250, "benchmarks": 250, "tools": 250}
    found = [
        f"{source.path}: {source.lines} lines, at most {limit}"
        for root, limit in limits.items()
        for source in sources(root)
        if source.lines > limit
    ]
    assert not found, listed(found)


def test_names_say_something():
    found = []
    for source in sources("workbench", "pages", "benchmarks", "tools", "sample_data"):
        parts = PurePosixPath(source.path).with_suffix("").parts
        found += [f"{source.path} {p}" for p in parts if set(p.split("_")) & set(EMPTY_NAMES)]
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith(("get_", "calculate_")):
                found.append(source.at(node, node.name))
    assert not found, listed(found)


def test_tests_run_the_real_thing():
    found = []
    for source in sources("tests"):
        for call in source.calls():
            name = ast.unparse(call.func)
            if name in ("time.sleep", "sleep") or "Mock" in name:
                found.append(source.at(call, name))
            # a constant may be made smaller; behaviour may not be replaced, only looked at
            if name == "monkeypatch.setattr" and source.path != "tests/apptest.py":
                if not str(getattr(call.args[1], "value", "")).isupper():
                    found.append(source.at(call, name))
    assert not found, listed(found)


def committed() -> list[str]:
    """Return the project's own files: what git tracks or would take."""
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if known.returncode:
        pytest.skip("not a git checkout, so what belongs to the project is not known")
    return [name for name in known.stdout.split("\0") if (PROJECT / name).is_file()]


def test_no_text_names_somebodys_machine():
    folders = "|".join(("work", "tmp", "root", "Users", "home/[a-z]"))
    place = re.compile(rf"""(?<![\w.*~}})\]/-])/(?:{folders})/|[A-Z]:\\Users""")
    beside = re.compile(r"(?<!\.\./)\bshared/")
    found = []
    for name in committed():
        if not name.endswith((".parquet", ".npz", ".safetensors", ".png", ".nc")):
            text = (PROJECT / name).read_text(encoding="utf-8")
            if place.search(text) or beside.search(text):
                found.append(name)
    assert not found, listed(found)
