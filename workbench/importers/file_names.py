"""The names of files as they are kept: without the people that they name."""

import re

import polars as pl

from workbench.importers.mapping import Mapping
from workbench.importers.sheet import Sheet
from workbench.tables import table

PERSON = "…"
ENDINGS = r"(?:\.(?:csv|tsv|txt|log|jsonl?|xlsx?|parquet|lrc|zip|gz))*"
EMAIL = re.compile(rf"[\w.+%-]+@[^\W_][^\W_.-]*(?:[.-][^\W_.-]+)*?(?={ENDINGS}(?![\w.-])|_)")
# Two exporters write the user into the name; the person who brings it may answer otherwise.
EXPORTS = re.compile(r"(?i)(?<![^\W_])(listenbrainz|recenttracks)([_-])[^/]+?(?=[_-]\d{8,}|\.|$)")


def without_people(file: str, people: list[str]) -> str:
    """Return the name of a file with “…” for e-mail addresses and for each of these people."""
    kept = EXPORTS.sub(rf"\1\2{PERSON}", EMAIL.sub(f"{PERSON}@{PERSON}", file))
    for person in sorted(people, key=len, reverse=True):
        kept = re.sub(rf"(?i)(?<![^\W_]){re.escape(person)}(?![^\W_])", PERSON, kept)
    return kept


def people(file: str, sheet: Sheet, mapping: Mapping, answers: dict[str, str]) -> list[str]:
    """Return the listeners of a file whom its name may mention.

    Parameters
    ----------
    file : its name. sheet, mapping : how it is understood. answers : by name of the question.
    """
    here = {name.casefold(): name for name in sheet.columns}
    found = []
    for rule in mapping.tables:
        column = dict(rule.columns).get(table(rule.name).listener)
        if column is None or not column.pseudonymise:
            continue
        found += [answers[column.answer].strip()] if column.answer else []
        for name in (here[name.casefold()] for name in column.column if name.casefold() in here):
            said = sheet.frame[name].cast(pl.String).drop_nulls().unique().str.strip_chars()
            named = pl.lit(file.casefold()).str.contains(
                pl.col(name).str.to_lowercase(), literal=True
            )
            found += said.to_frame().filter(named)[name].to_list()
    return [person for person in found if person]
