"""Names of artists: folded for comparison, and credits split into the artists that they name.

A credit is split by the field's separators, but never inside a name that is known: the label's own
artists, and a list of acts whose names hold a separator. Weak separators (and, y, und, "/") part
only two names that are known both.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

# Letters that keep their own code point when accents are taken away, and those that stars write.
_LETTERS = {"ø": "o", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
            "ı": "i", "ς": "σ", "&": " and ", "＋": "+"}  # fmt: skip
_STAGE = (
    (r"([\pL\pN])\$([\pL\pN])", "${1}s$2"),
    (r"\$([\pL\pN]{2})", "s$1"),
    (r"(\pL)!(\pL)", "${1}i$2"),
)
_ACCENTS = r"[\x{0300}-\x{036F}]"
_JOINED = r"['’‘`´ʼ.]"
_OUT = r"[^\pL\pM\pN]+"

_SEPARATORS = re.compile(
    r"""(?xi)
      (?P<featured> \s* [(\[]? \b(?:feat\b\.?|ft\b\.?|featuring\b) \s* (?=\S)
                  | \s+ (?:with|con|avec|mit) \s+ )
    | (?P<weak> \s+ (?:and|y|und|et|e|och|og|en) \s+ | (?<=\S) / (?=\S) )
    | (?P<strong> \s* [;|、•·] \s* | \s+ / \s+ | ,\s+ | \s* & \s* | \s+ \+ \s+
                | \s+ (?:(?-i:x)|×|vs\.?|versus|meets|pres\.?|presents) \s+ )
    """
)
# What may follow a comma or an ampersand inside one name.
_NAME_END = re.compile(r"(?i)^(?:jr|sr|iii?|iv|inc|esq)\b\.?$")
_BAND = re.compile(r"(?i)^(?:the|his|her|their|los|las|les|die|sus|su|seine|ihre)\s")
_ARTICLE = re.compile(r"(?i)^(?:the|los|las|les|die|der|das)$")

ACTS = (
    "AC/DC", "Au/Ra", "A Boogie Wit da Hoodie", "Angus & Julia Stone", "Belle & Sebastian",
    "Big & Rich", "Black Country, New Road", "Blood, Sweat & Tears", "Brooks & Dunn",
    "Chase & Status", "Crosby, Stills & Nash", "Crosby, Stills, Nash & Young", "Dan + Shay",
    "Dimitri Vegas & Like Mike", "Earth, Wind & Fire", "Emerson, Lake & Palmer",
    "England Dan & John Ford Coley", "For King & Country", "Florence + The Machine",
    "Hall & Oates", "Daryl Hall & John Oates", "Iron & Wine", "Kruder & Dorfmeister",
    "Me First and the Gimme Gimmes", "Mike + The Mechanics", "Mumford & Sons", "Nico & Vinz",
    "Of Mice & Men", "Peter Bjorn and John", "Peter, Paul & Mary", "Rodrigo y Gabriela",
    "Salt-N-Pepa", "Sam & Dave", "She & Him", "Simon & Garfunkel", "Sonny & Cher",
    "Tegan and Sara", "Tyler, The Creator", "Wisin & Yandel", "Yusuf / Cat Stevens",
    "Zion & Lennox",
)  # fmt: skip


def folded(text: pl.Expr) -> pl.Expr:
    """Return text for comparison: no case, accents, punctuation; & is and; single spaces.

    Letters of other scripts keep their marks. Text of nothing but signs ("!!!") keeps the signs.
    """
    form = text.str.normalize("NFKC").str.to_lowercase().str.normalize("NFKD")
    form = form.str.replace_all(_ACCENTS, "").str.normalize("NFC")
    for pattern, by in _STAGE:
        form = form.str.replace_all(pattern, by)
    form = form.str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    signs = form.str.replace_all(r"\s+", "")
    words = form.str.replace_all(_JOINED, "").str.replace_all(_OUT, " ").str.strip_chars(" ")
    return pl.when(words == "").then(signs).otherwise(words)


def plain(text: str) -> str:
    """Return one text as `folded` returns a column."""
    return pl.Series("x", [text]).to_frame().select(folded(pl.col("x"))).item()


def name_key(name: pl.Expr) -> pl.Expr:
    """Return what two spellings of one artist share: folded words in order, without "the"."""
    form = folded(name)
    words = form.str.replace_all(r"\b(the|and)\b", " ").str.extract_all(r"\S+").list.sort()
    return pl.when(words.list.len() == 0).then(form).otherwise(words.list.join(" "))


@dataclass(frozen=True)
class Credit:
    """Who is named: the `lead` artists, then the `featured` ones, each as written."""

    lead: tuple[str, ...]
    featured: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Name:
    """A name as it is put together: where it starts in the credit, and whether it is known."""

    start: int
    name: str
    known: bool


def simple(name: str) -> str:
    """Return a name as the set of known names holds it: no case, accents or repeated spaces."""
    if name.isascii():
        return " ".join(name.lower().split())
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    return " ".join(unicodedata.normalize("NFC", bare).split())


def known_names(names: Iterable[str] = ()) -> frozenset[str]:
    """Return the exception list: names never to be split, the label's own and the built-in acts."""
    return frozenset(simple(name) for name in (*ACTS, *names))


BUILT_IN = known_names()


def credit(text: str, known: frozenset[str] = BUILT_IN) -> Credit:
    """Return the artists whom a credit such as "A & B feat. C" names.

    Parameters
    ----------
    text : the credit. known : of `known_names`; these names stay whole.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or simple(text) in known:
        return Credit((text,) if text else ())
    sides: dict[bool, list[str]] = {False: [], True: []}
    featured = False
    for pieces, after in _sides(text):
        sides[featured] += _names(text, pieces, known)
        featured = featured or after
    if not sides[False]:
        return Credit(tuple(sides[True]) or (text,))
    return Credit(tuple(sides[False]), tuple(sides[True]))


def _sides(text: str) -> list[tuple[list[tuple[int, int, str]], bool]]:
    """Cut at the words for featuring; a piece is (start, end, kind of separator before it)."""
    sides, pieces, start, kind = [], [], 0, ""
    for found in _SEPARATORS.finditer(text):
        pieces.append((start, found.start(), kind))
        start, kind = found.end(), found.lastgroup or ""
        if kind == "featured":
            sides.append((pieces, True))
            pieces, kind = [], ""
    pieces.append((start, len(text), kind))
    return [*sides, (pieces, False)]


def _names(text: str, pieces: list[tuple[int, int, str]], known: frozenset[str]) -> list[str]:
    """Return names: the longest run of pieces that is known stays one, then the rules of commas."""
    names: list[_Name] = []
    at = 0
    while at < len(pieces):
        start, _, kind = pieces[at]
        lengths = range(len(pieces), at, -1)
        runs = ((j, _clean(text[start : pieces[j - 1][1]])) for j in lengths)
        end = next((j for j, name in runs if simple(name) in known), None)
        stop = pieces[(end or at + 1) - 1][1]
        name = _Name(start, _clean(text[start:stop]), end is not None)
        if names and name.name and not _apart(names[-1], name, kind):
            before = names.pop()
            turned = f"{name.name} {before.name}"  # "Beatles, The"
            whole = turned if _ARTICLE.match(name.name) else _clean(text[before.start : stop])
            names.append(_Name(before.start, whole, simple(whole) in known))
        elif name.name:
            names.append(name)
        at = end or at + 1
    return [name.name for name in names]


def _apart(before: "_Name", after: "_Name", kind: str) -> bool:
    """Return whether a separator of this kind parts two names."""
    if kind == "weak":
        return before.known and after.known
    return after.known or not any(rule.match(after.name) for rule in (_NAME_END, _ARTICLE, _BAND))


def _clean(name: str) -> str:
    name = name.strip(" \t,;&")
    closed = name.endswith((")", "]")) and not set(name) & set("([")
    return name[:-1].rstrip() if closed else name


def credits_split(texts: pl.Series, known: frozenset[str] = BUILT_IN) -> pl.DataFrame:
    """Return `credit` of each row, worked out once for each distinct text.

    Returns
    -------
    lead | featured : lists of names, empty where there is no credit.
    """
    kinds = {"credit": pl.String, "lead": pl.List(pl.String), "featured": pl.List(pl.String)}
    distinct = texts.drop_nulls().unique()
    split = [credit(text, known) for text in distinct]
    rows = [distinct.to_list(), [list(c.lead) for c in split], [list(c.featured) for c in split]]
    table = pl.DataFrame(dict(zip(kinds, rows, strict=True)), kinds)
    frame = texts.rename("credit").to_frame()
    joined = frame.join(table, on="credit", how="left", maintain_order="left")
    return joined.select(pl.col("lead", "featured").fill_null(pl.lit([], pl.List(pl.String))))
