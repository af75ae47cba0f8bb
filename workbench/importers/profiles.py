"""Mappings as TOML files: those that ship with the project, and those that a label saved."""

import json
import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path

from workbench.errors import BadInput
from workbench.importers.mapping import (
    ColumnRule,
    Mapping,
    Question,
    TableRule,
    Unpivot,
    checked,
)
from workbench.importers.sheet import Reading
from workbench.store.files import write_text
from workbench.tables import TABLES

SHIPPED = Path(__file__).parent / "mappings"
SAVED = "mappings"


def known(home: Path) -> list[Mapping]:
    """Return the mappings that files are recognised by: the label's own first."""
    return [
        load(path) for folder in (home / SAVED, SHIPPED) for path in sorted(folder.glob("*.toml"))
    ]


def named(name: str, home: Path) -> Mapping:
    """Return a mapping by its name or the path of its file.

    Raises
    ------
    BadInput
        There is none; the message lists those that exist.
    """
    if name.endswith(".toml"):
        return load(Path(name))
    for folder in (home / SAVED, SHIPPED):
        if re.fullmatch(r"[\w-]+", name) and (folder / f"{name}.toml").is_file():
            return load(folder / f"{name}.toml")
    have = ", ".join(mapping.name for mapping in known(home))
    raise BadInput(
        f"There is no mapping “{name}”. Known: {have}; or give the path of a .toml file."
    )


def save(mapping: Mapping, home: Path) -> Path:
    """Write a mapping into the label's folder, where it is recognised from then on."""
    slug = re.sub(r"[^a-z0-9]+", "_", mapping.name.casefold()).strip("_")
    if not slug:
        raise BadInput("A mapping needs a name of letters or digits.")
    path = home / SAVED / f"{slug}.toml"
    text = toml(mapping)
    parsed(text, slug)
    write_text(path, text)
    return path


def saved(mapping: Mapping, home: Path) -> Path | None:
    """Return the file of a mapping that the label saved; None where it is none of these."""
    path = home / SAVED / f"{mapping.name}.toml"
    if not path.is_file():
        return None
    known, ours = load(path), (mapping.title, mapping.header)
    return path if (known.title, known.header) == ours else None


def load(path: Path) -> Mapping:
    """Return the mapping that a TOML file holds; raises BadInput with what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The mapping {path} cannot be read: {error}.") from error
    return parsed(text, path.stem)


def parsed(text: str, name: str) -> Mapping:
    """Return the mapping that a TOML text states.

    Raises
    ------
    BadInput
        It is no TOML, uses a word that is not in the vocabulary, names no table or column of ours,
        or leaves a column open that every row needs.
    """
    where = f"The mapping “{name}”"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where} is no valid TOML: {error}.") from error
    file = dict(_kind(raw.pop("file", {}), dict, f"{where}, [file]"))
    header = _texts(file.pop("columns", []), f"{where}, [file] columns")
    reading = _made(Reading, file, f"{where}, [file]")
    tables = _kind(raw.pop("tables", []), list, f"{where}, [[tables]]")
    questions = _kind(raw.pop("questions", []), list, f"{where}, [[questions]]")
    recording = _columns(raw.pop("recording", {}), f"{where}, [recording]")
    made = _made(
        Mapping,
        {
            "name": name,
            "title": raw.pop("title", name),
            "source": raw.pop("source", name),
            **raw,
            "header": header,
            "tables": tuple(_table(entry, where) for entry in tables),
            "questions": tuple(_made(Question, q, f"{where}, question") for q in questions),
            "reading": reading,
            "recording": recording,
        },
        where,
    )
    return checked(made)


def toml(mapping: Mapping) -> str:
    """Return a mapping as the text that `parsed` reads."""
    head = {"title": mapping.title, "source": mapping.source, "about": mapping.about}
    lines = [_line(name, value) for name, value in head.items()]
    lines += ["", "[file]", _line("columns", mapping.header), *_set_fields(mapping.reading)]
    if mapping.recording:
        lines += ["", "[recording]", *_rules(mapping.recording)]
    for question in mapping.questions:
        lines += ["", "[[questions]]", *_set_fields(question)]
    for rule in mapping.tables:
        lines += ["", "[[tables]]", _line("name", rule.name)]
        lines += _set_fields(rule, "name", "columns", "unpivot")
        if rule.unpivot:
            lines += ["", "[tables.unpivot]", *_set_fields(rule.unpivot)]
        lines += ["", "[tables.columns]", *_rules(rule.columns)]
    return "\n".join(lines) + "\n"


def _rules(columns: tuple[tuple[str, ColumnRule], ...]) -> list[str]:
    return [f"{name} = {{ {', '.join(_set_fields(one))} }}" for name, one in columns]


def _set_fields(entry: object, *but: str) -> list[str]:
    found = {f.name: (getattr(entry, f.name), f.default) for f in fields(entry)}
    return [
        _line(name, dict(value) if name == "values" else value)
        for name, (value, default) in found.items()
        if name not in but and value != default
    ]


def _line(name: str, value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in value.items())
        return f"{name} = {{ {inside} }}"
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _table(entry: object, where: str) -> TableRule:
    raw = dict(_kind(entry, dict, f"{where}, [[tables]]"))
    name = raw.get("name")
    if name not in TABLES:
        raise BadInput(f"{where}: there is no table “{name}”. Tables: {', '.join(TABLES)}.")
    where = f"{where}, table {name}"
    rules = _columns(raw.pop("columns", {}), f"{where}, columns")
    if "unpivot" in raw:
        unpivot = _kind(raw.pop("unpivot"), dict, f"{where}, unpivot")
        raw["unpivot"] = _made(Unpivot, unpivot, f"{where}, unpivot")
    return _made(TableRule, {**raw, "columns": rules}, where)


def _columns(value: object, where: str) -> tuple[tuple[str, ColumnRule], ...]:
    named = _kind(value, dict, where)
    return tuple((target, _column(one, f"{where}, {target}")) for target, one in named.items())


def _column(value: object, where: str) -> ColumnRule:
    if isinstance(value, str):
        return ColumnRule(column=(value,))
    raw = dict(_kind(value, dict, where))
    if isinstance(raw.get("column"), str):
        raw["column"] = (raw["column"],)
    if "values" in raw:
        raw["values"] = tuple(_kind(raw["values"], dict, f"{where}, values").items())
    if "constant" in raw and not isinstance(raw["constant"], str):
        constant = raw["constant"]
        raw["constant"] = str(constant).lower() if isinstance(constant, bool) else str(constant)
    return _made(ColumnRule, raw, where)


def _made(kind: type, raw: dict, where: str):
    """Build a dataclass of plain values; every word and type must be its own."""
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(raw) - set(known)):
        raise BadInput(f"{where}: unknown word {', '.join(unknown)}; known are {', '.join(known)}.")
    required = [f.name for f in known.values() if f.default is MISSING]
    if absent := sorted(set(required) - set(raw)):
        raise BadInput(f"{where}: {', '.join(absent)} is missing.")
    values = {}
    for name, value in raw.items():
        default = known[name].default
        if isinstance(value, list):
            value = _texts(value, f"{where}, {name}")
        plain = {bool: bool, str: str, int: int, tuple: tuple}.get(type(default))
        if plain and not (isinstance(value, plain) and isinstance(value, bool) == (plain is bool)):
            raise BadInput(f"{where}: {name} = {value!r} is not of the right kind.")
        values[name] = value
    return kind(**values)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise BadInput(f"{where} is a list of texts.")
    return tuple(value)


def _kind(value: object, kind: type, where: str):
    if not isinstance(value, kind):
        raise BadInput(f"{where} has the wrong shape.")
    return value
