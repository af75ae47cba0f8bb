"""Titles split into the core, the version and the featured artists, before any comparison.

`parts` cuts a title into pieces that, put together again, are the title: nothing is lost. Fuzzy
scores on whole titles merge different recordings ("Song" and "Song (Remix)" score 100 or 90);
after the split only cores are compared, and versions must agree.
"""

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from workbench.catalogue import names
from workbench.catalogue.versions import BARE, NOTE, Version, version, words

CORE, VERSION, FEATURED, NOTES, MARK = "core", "version", "featured", "note", "mark"

_OPEN = {"(": ")", "[": "]", "{": "}", "【": "】", "〔": "〕", "「": "」", "『": "』", "<": ">"}
_DASH = re.compile(r"\s+[-‐‑‒–—―−~|]\s*(?=\S)|(?<=\S)\s*[–—―]\s+(?=\S)|\s+/\s+(?=\S)")
_FEAT = re.compile(
    r"(?i)(?:^|(?<=[\s(\[]))(?:feat\b\.?|ft\b\.?|featuring\b|part\.(?!\s*\d))\s*(?=\S)"
)
# Words that stand for "with" only where an artist follows: never before one of these.
_WITH = re.compile(
    r"(?i)^(?:with|w/|con|avec|mit|com|med|met)\s+(?!(?:a|an|all|another|anyone|each|every\w*|her|him|his|it"
    r"|love|me|my|no|nobody|no\s?one|nothing|one|or|out|our|some\w*|that|them|these|this|those|two|u"
    r"|us|ya|you|your|la|el|los|las|un|una|tu|ti|mi|te|il|lo|le|les|des|toi|moi|elle|lui|nous|vous"
    r"|dir|mir|dem|der|den|einem|einer|uns|ihr|ihm|voc[eê]|seu|meu|minha|sua|dig|mig|jou)\b)(?=\S)"
)
_DATE = re.compile(
    r"(?i)^\W*(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W+)?(?:\d\d?\W+){0,2}"
    r"(?:19|20)\d\d\W*$"
)
# A title without any of these is all core; most are, and they never reach the parser.
_PLAIN = (
    r"[()\[\]{}【】〔〕「」『』<>]|\s[-‐‑‒–—―−~|/]|[–—―]\s"
    r"|(?i:\b(feat|ft|featuring|part\.|remix|rmx|remaster|instrumental|unplugged|vivo|sped|slowed"
    r"|mix|edit|version)\b|remastered)"
)
KINDS = {
    "core": pl.String, "version": pl.String, "featured": pl.List(pl.String), "note": pl.String,
    "kinds": pl.String, "detail": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A piece of a title: `text` as written, `kind` one of core, version, featured, note, mark."""

    kind: str
    text: str


@dataclass(frozen=True)
class _Span:
    """A stretch of text as the signs cut it: `form` is plain, bracket, dash or mark."""

    form: str
    text: str


def parts(title: str) -> tuple[Part, ...]:
    """Return the pieces of a title; their texts joined are the title in Unicode's NFKC form."""
    spans = _spans(unicodedata.normalize("NFKC", title))
    found: list[Part] = []
    versioned = False
    for span in spans:
        if span.form == "mark":
            found.append(Part(MARK, span.text))
            continue
        if span.form == "dash" and versioned and not _FEAT.search(span.text):
            pieces = [Part(VERSION, span.text)]  # "Live at the Hall, London - May 26, 1966"
        else:
            pieces = _classified(span)
        versioned = span.form == "dash" and any(p.kind == VERSION for p in pieces)
        found += pieces
    found = _dates([p if words(p.text) or p.kind != CORE else Part(MARK, p.text) for p in found])
    if not any(p.kind == CORE and words(p.text) for p in found):
        found = _with_core(found)
    return tuple(part for part in found if part.text)


def _spans(text: str) -> list[_Span]:
    spans: list[_Span] = []
    start = at = 0
    while at < len(text):
        end = _closing(text, at) if text[at] in _OPEN else None
        if end is None:
            at += 1
            continue
        spans += _dashes(text[start:at])
        spans += [_Span("mark", text[at]), _Span("bracket", text[at + 1 : end]),
                  _Span("mark", text[end : end + 1])]  # fmt: skip
        start = at = end + 1
    return spans + _dashes(text[start:])


def _closing(text: str, at: int) -> int | None:
    """Return where a bracket ends; one that is never closed ends with the title."""
    shut, depth = _OPEN[text[at]], 0
    for place in range(at, len(text)):
        depth += (text[place] == text[at]) - (text[place] == shut)
        if depth == 0:
            return place
    inside = text[at + 1 :]
    return len(text) if text[at] in "([{" and (_FEAT.match(inside) or version(inside)) else None


def _dashes(text: str) -> list[_Span]:
    spans, start, form = [], 0, "plain"
    for sign in _DASH.finditer(text):
        spans += [_Span(form, text[start : sign.start()]), _Span("mark", sign.group())]
        start, form = sign.end(), "dash"
    return [*spans, _Span(form, text[start:])]


def _classified(span: _Span) -> list[Part]:
    text = span.text
    if named := _FEAT.search(text):
        before = _classified(_Span(span.form, text[: named.start()])) if named.start() else []
        tail = _bare(text[named.end() :], FEATURED)
        return [*before, Part(MARK, named.group()), *tail]
    if span.form == "plain":
        return _bare(text, CORE)
    if with_ := _WITH.match(text.lstrip()):
        cut = len(text) - len(text.lstrip()) + with_.end()
        return [Part(MARK, text[:cut]), Part(FEATURED, text[cut:])]
    if version(text):
        return [Part(VERSION, text)]
    if NOTE.search(words(text)):
        return [Part(NOTES, text)]
    return [Part(CORE, text)]


def _bare(text: str, kind: str) -> list[Part]:
    """Take a version from the end of a text without brackets: "Song Remix", "Song Radio Edit"."""
    tail = BARE.search(text)
    if tail and words(text[: tail.start()]) not in ("", "the", "a", "my", "this", "your"):
        return [Part(kind, text[: tail.start()]), Part(VERSION, tail.group())]
    return [Part(kind, text)]


def _dates(found: list[Part]) -> list[Part]:
    """Read a year or a day in brackets or after a dash as part of the version, if there is one."""
    if not any(part.kind == VERSION for part in found):
        return found
    return [
        Part(VERSION, part.text) if part.kind == CORE and i and _DATE.match(part.text) else part
        for i, part in enumerate(found)
    ]


def _with_core(found: list[Part]) -> list[Part]:
    """Call the first text the core where all of it looked like something else: "Live", "(Demo)"."""
    for rule in (
        lambda part: part.kind != MARK and words(part.text),
        lambda part: part.text.strip(),
    ):
        for i, part in enumerate(found):
            if rule(part):
                return [*found[:i], Part(CORE, part.text), *found[i + 1 :]]
    return found


def split(title: str, known: frozenset[str] = names.BUILT_IN) -> dict[str, object]:
    """Return one title as a row of `titles_split`."""
    found = parts(title)
    texts = {
        kind: [" ".join(p.text.split()) for p in found if p.kind == kind and p.text.strip()]
        for kind in (CORE, VERSION, FEATURED, NOTES)
    }
    meant = [v for text in texts[VERSION] if (v := version(text, certain=True))]
    credited = [names.credit(text, known) for text in texts[FEATURED]]
    return {
        "core": " ".join(texts[CORE]),
        "version": ", ".join(texts[VERSION]) or None,
        "featured": [name for c in credited for name in (*c.lead, *c.featured)],
        "note": words(" ".join(texts[NOTES])) or None,
        **version_row(meant),
    }


def version_row(versions: list[Version]) -> dict[str, str]:
    """Return kinds and detail of several versions of one title as two texts, in fixed order."""
    kinds = sorted({kind for v in versions for kind in v.kinds})
    if len(kinds) > 1:
        kinds = [kind for kind in kinds if kind != "version"]
    return {
        "kinds": "+".join(kinds),
        "detail": " ".join(sorted({w for v in versions for w in v.detail})),
    }


def titles_split(titles: pl.Series, known: frozenset[str] = names.BUILT_IN) -> pl.DataFrame:
    """Return titles split, one row a title in the order given, each distinct title parsed once.

    Parameters
    ----------
    titles : text, null allowed. known : names that are never split, of `names.known_names`.

    Returns
    -------
    core | version (as written, null: none) | featured (names) | note (such as "from the film") |
        kinds (of version, joined by "+", empty: the plain song) | detail (remixer, place, year)
    """
    frame = titles.rename("title").to_frame()
    distinct = frame.drop_nulls().unique()
    normal = pl.col("title").str.normalize("NFKC")
    parsed = distinct.filter(normal.str.contains(_PLAIN))
    rows = [{"title": title, **split(title, known)} for title in parsed["title"]]
    table = pl.DataFrame(rows, {"title": pl.String, **KINDS})
    joined = frame.join(table, on="title", how="left", maintain_order="left")
    core = normal.str.replace_all(r"\s+", " ").str.strip_chars()
    return joined.select(
        pl.col("core").fill_null(core),
        "version",
        pl.col("featured").fill_null(pl.lit([], pl.List(pl.String))),
        "note",
        pl.col("kinds", "detail").fill_null(""),
    )


_NUMERALS = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
             "xi": "11", "xii": "12"}  # fmt: skip


def core_key(core: pl.Expr) -> pl.Expr:
    """Return what two spellings of one core share: folded, numerals and "part" in one form."""
    key = names.folded(core).str.replace_all(r"\b(pt|parte|teil)\b", "part")
    key = key.str.replace_all(r"\b(vol|volumen)\b", "volume")
    for roman, number in _NUMERALS.items():
        key = key.str.replace_all(rf"\b{roman}\b", number)
    for roman, number in (("i", "1"), ("v", "5"), ("x", "10")):
        key = key.str.replace_all(rf"\b(part|volume|no|chapter|act) {roman}\b", f"${{1}} {number}")
    return key


def numbers(key: pl.Expr) -> pl.Expr:
    """Return the numbers in a core key, in order: "part 1" and "part 2" are two songs."""
    return key.str.extract_all(r"\d+").list.sort().list.join(" ")
