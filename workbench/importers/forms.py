"""Forms: what statements and reports of one sender look like, each declared in a TOML file.

A form names the columns that a file is recognised by, and for each column of ours the headers that
it may stand under. A header that names a currency, such as “Earnings (USD)”, is “Earnings (*)”.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import BadInput

SHIPPED = Path(__file__).parent / "mappings"
ALTERNATIVE = "|"
SIGNS = {"$": "USD", "$us": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "$ca": "CAD", "ca$": "CAD",
         "$au": "AUD", "au$": "AUD", "a$": "AUD", "c$": "CAD", "¥": "JPY"}  # fmt: skip


@dataclass(frozen=True)
class Marked:
    """Rows that are known by what stands in one column.

    Attributes
    ----------
    column : of the file. values : what stands there, in lower case.
    """

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What the files of one sender look like.

    Attributes
    ----------
    name : of the form. title : for people. source : what its rows are called. header : the columns
    that it is recognised by, alternatives parted by “|”. columns : headers by column of ours.
    order : “month first” or “day first” where dates do not show it. currency : where files do not
    say it. constant_store : the one store there is. releases : rows that are about a release.
    payouts : rows of money that moved. order_lines : headers by column of an order.
    about : what to know.
    """

    name: str
    title: str
    source: str
    header: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    order: str | None = None
    currency: str | None = None
    constant_store: str | None = None
    releases: Marked | None = None
    payouts: Marked | None = None
    order_lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True)
class Fitted:
    """A form with the columns of one file.

    Attributes
    ----------
    form : what the file is. columns, order_lines : column of the file by column of ours, those that
    it has. currencies : that headers name, by column of ours.
    """

    form: Form
    columns: dict[str, str]
    order_lines: dict[str, str]
    currencies: dict[str, str]


def fitted(forms: tuple[Form, ...], header: list[str]) -> Fitted | None:
    """Return the form that a header fits; the one that asks for most columns counts."""
    here = {_plain(name): name for name in reversed(header) if name}
    if len(here) < 2:
        return None
    fits = [form for form in forms if all(_has(here, one) for one in form.header)]
    if not fits:
        return None
    form = max(fits, key=lambda form: len(form.header))
    found = {ours: _found(here, names) for ours, names in form.columns.items()}
    lines = {ours: _found(here, names) for ours, names in form.order_lines.items()}
    return Fitted(
        form=form,
        columns={ours: name for ours, (name, _) in found.items() if name},
        order_lines={ours: name for ours, (name, _) in lines.items() if name},
        currencies={ours: code for ours, (_, code) in found.items() if code},
    )


def _has(here: dict[str, str], alternatives: str) -> bool:
    return _found(here, alternatives.split(ALTERNATIVE))[0] is not None


def _found(here: dict[str, str], names) -> tuple[str | None, str | None]:
    """Return the column of the file, and the currency that its header names."""
    for name in names:
        plain = _plain(name)
        if "*" not in plain:
            if plain in here:
                return here[plain], None
            continue
        pattern = re.compile(re.escape(plain).replace(r"\*", r"([^()]+)"))
        for header, written in here.items():
            if (match := pattern.fullmatch(header)) and (code := currency(match[1])):
                return written, code
    return None, None


def currency(text: str) -> str | None:
    """Return the ISO code of a currency as a header has it: USD, $US, €."""
    from babel.core import get_global

    plain = text.strip().casefold()
    code = SIGNS.get(plain, plain.upper())
    return code if code in get_global("all_currencies") else None


def _plain(name: str) -> str:
    words = " ".join(name.replace("_", " ").replace("\u2019", "'").casefold().split())
    return re.sub(r"\s*/\s*", "/", words)


def shipped(kind: str) -> tuple[Form, ...]:
    """Return the forms of a kind (a folder of `mappings`) that ship with the project."""
    files = sorted((SHIPPED / kind).glob("*.toml"))
    return tuple(parsed(path.read_text(encoding="utf-8"), path.stem) for path in files)


def parsed(text: str, name: str) -> Form:
    """Return the form that a TOML text states; raises BadInput where a word is not known."""
    raw = tomllib.loads(text)
    known = set(Form.__dataclass_fields__) - {"name"}
    if unknown := sorted(set(raw) - known):
        raise BadInput(f"The form “{name}” has words that are not known: {', '.join(unknown)}.")
    marked = {
        key: Marked(raw[key]["column"], tuple(raw[key]["values"]))
        for key in ("releases", "payouts")
        if key in raw
    }
    tables = {
        key: {ours: tuple(names) for ours, names in raw.get(key, {}).items()}
        for key in ("columns", "order_lines")
    }
    return Form(**{**raw, "name": name, "header": tuple(raw["header"]), **marked, **tables})
