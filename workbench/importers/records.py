"""A mapping applied to a sheet: typed columns, with the problem and the change of every cell."""

import re
from dataclasses import dataclass

import polars as pl

from workbench.catalogue import identifiers
from workbench.errors import BadInput
from workbench.importers import casting, dates
from workbench.importers.casting import Cast
from workbench.importers.mapping import ColumnRule, Mapping, TableRule
from workbench.importers.sheet import ROW, Sheet
from workbench.importers.steps import step
from workbench.store.pseudonyms import pseudonym
from workbench.tables import Table, table

PROBLEM, CHANGE = "!", "~"  # before the name of the column that they speak of
EMAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
PSEUDONYM = r"^[0-9a-f]{16}$"
UNIT = rf"{PSEUDONYM}|^[A-Z]{{2}}$"  # of an experiment: a listener or a territory
# Columns that say who somebody is, or where to reach them.
PERSONAL = re.compile(
    r"\b(e ?mails?|(tele)?phone|mobile|user ?(name|id)?|paid to|ip addr(ess)?|((buyer|customer|"
    r"billing|shipping|recipient|first|last|full) ?|sur)(name|address ?\d?|street|city|zip|company|"
    r"note))\b"
)
UPPER = ("territory", "country", "currency", "isrc")
CODES = {"isrc": r"[\s-]", "upc": r"[\s-]"}  # what people put into codes for the eye
VALID = {"isrc": identifiers.isrc, "upc": identifiers.upc}
CHOICES = {("plays", "source"), ("playlist_spells", "kind")}


@dataclass(frozen=True, eq=False)
class Records:
    """What a file offers to one table, before it is decided which rows stand.

    Attributes
    ----------
    rule : the table and how it is filled. frame : file_row, the table's mapped columns, and the
    “!” (problem) and “~” (change) of those that have any. origins : columns of the file by column
    of the table.
    """

    rule: TableRule
    frame: pl.DataFrame
    origins: dict[str, tuple[str, ...]]


def records(sheet: Sheet, mapping: Mapping, answers: dict[str, str], key: bytes) -> list[Records]:
    """Return what a sheet offers to each table of a mapping.

    Parameters
    ----------
    sheet : the file. mapping : how it is understood. answers : by name of the question.
    key : of the label's pseudonyms.

    Raises
    ------
    BadInput
        A column that a rule reads is not in the file.
    """
    made, done, total = [], 0, sum(len(rule.columns) for rule in mapping.tables)
    for rule in mapping.tables:
        step(done, total, f"reading the columns of {table(rule.name).title.lower()}")
        made.append(_of_table(sheet, mapping, rule, answers, key))
        done += len(rule.columns)
    return made


def unused(sheet: Sheet, mapping: Mapping) -> list[str]:
    """Return the columns of a file that no rule reads."""
    turned = [rule.unpivot for rule in mapping.tables if rule.unpivot and rule.unpivot.but]
    if turned:
        return []
    read = {*mapping.used, *(name.casefold() for name in (*sheet.added, *sheet.taken))}
    return [*(name for name in sheet.columns if name.casefold() not in read), *sheet.unread]


def personal(column: str) -> bool:
    """Tell by its name whether a column says who somebody is."""
    words = re.sub(r"[\W_]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", column))
    return PERSONAL.search(words.casefold()) is not None


def _of_table(
    sheet: Sheet, mapping: Mapping, rule: TableRule, answers: dict[str, str], key: bytes
) -> Records:
    kind, frame = table(rule.name), _turned(sheet, rule)
    here = {name.casefold(): name for name in frame.columns if name != ROW}
    if rule.only:
        if rule.only.casefold() not in here:
            raise BadInput(f"The column {rule.only}, which says what is for {rule.name}, is gone.")
        frame = frame.filter(pl.col(here[rule.only.casefold()]).is_not_null())
    if rule.once:
        frame = frame.head(1)
    typed, origins = frame.select(ROW), {}
    for target, column in rule.columns:
        missing = [name for name in column.column if name.casefold() not in here]
        if missing and kind.schema.columns()[target].nullable:
            continue
        if missing:
            raise BadInput(
                f"{rule.name}.{target} is read from the column {', '.join(missing)}, which the "
                f"file does not have. It has: {', '.join(here.values())}."
            )
        origins[target] = tuple(here[name.casefold()] for name in column.column)
        if column.column:
            raw = frame.select(as_said(column, origins[target]).alias("raw"))
            typed = typed.hstack(_typed(kind, target, column, raw, key))
        else:  # the same for every row, so it is held once
            constant, answer = column.constant, column.answer
            stated = constant if constant is not None else answers[answer].strip()
            same = _typed(kind, target, column, pl.DataFrame({"raw": [stated]}), key)
            typed = typed.with_columns(pl.lit(one).first().alias(one.name) for one in same)
    return Records(rule, typed, origins)


def _typed(
    kind: Table, target: str, column: ColumnRule, raw: pl.DataFrame, key: bytes
) -> list[pl.Series]:
    """Return a column, and its problems and changes where there are any."""
    cast = _cast(kind, target, column, pl.col("raw").cast(pl.String))
    if cast.plain is not None:
        plain = raw.select(cast.plain.alias(target))[target]
        if plain.null_count() == raw["raw"].null_count():
            return [plain]
    change, problem = cast.change, cast.problem
    if not column.column:  # what a person or the mapping stated was not changed in the file
        change = casting.nothing()
    if column.else_empty:
        said = pl.concat_str(problem, pl.lit("; left empty"))
        change, problem = pl.coalesce(said, change), casting.nothing()
    # What stands often is read once. Where most cells differ, finding those that do not costs more
    # than reading all of them.
    varied = 2 * raw.select(pl.col("raw").approx_n_unique()).item() > raw.height
    read = (raw if varied else raw.unique()).select(
        "raw",
        cast.value.alias(target),
        problem.alias(PROBLEM + target),
        change.alias(CHANGE + target),
    )
    if target == kind.listener and column.pseudonymise:
        read = read.with_columns(_pseudonyms(read[target], key))
    said = [name for name in (PROBLEM + target, CHANGE + target) if read[name].count()]
    read = read.select("raw", target, *said)
    if not varied:
        read = raw.join(read, on="raw", how="left", nulls_equal=True, maintain_order="left")
    return read.drop("raw").get_columns()


def _turned(sheet: Sheet, rule: TableRule) -> pl.DataFrame:
    turn = rule.unpivot
    if turn is None:
        return sheet.frame
    here = {name.casefold(): name for name in sheet.columns}
    stated = turn.columns or turn.but
    if absent := [name for name in stated if name.casefold() not in here]:
        raise BadInput(f"The columns {', '.join(absent)} are not in the file.")
    named = [here[name.casefold()] for name in stated]
    own = named if turn.columns else [*named, *sheet.added]
    turned = named if turn.columns else [name for name in sheet.columns if name not in own]
    kept = [name for name in sheet.columns if name not in turned]
    if clash := {turn.name, turn.value} & set(kept):
        raise BadInput(f"The file has a column {', '.join(clash)} already; call it otherwise.")
    long = sheet.frame.unpivot(
        on=turned, index=[ROW, *kept], variable_name=turn.name, value_name=turn.value
    )
    return long.sort(ROW, maintain_order=True)


def as_said(column: ColumnRule, names: tuple[str, ...]) -> pl.Expr:
    """Return the text of a column before it is typed."""
    raw = pl.col(names[0])
    if column.missing or column.values:
        raw = raw.cast(pl.String)
    if len(names) > 1:
        parts = pl.col(names).cast(pl.String).str.strip_chars()
        raw = pl.concat_str(parts, separator=column.joiner)
    if column.missing:
        raw = pl.when(~raw.str.strip_chars().is_in(column.missing)).then(raw)
    if column.values:
        said = dict(column.values)
        raw = raw.str.strip_chars().replace(list(said), list(said.values()))
    return raw


def _cast(kind: Table, target: str, column: ColumnRule, raw: pl.Expr) -> Cast:
    declared = kind.schema.columns()[target]
    dtype = declared.dtype
    if dtype == pl.Date:
        return dates.day(
            raw, forms=column.dates, partial=declared.nullable, plus_days=column.plus_days
        )
    if dtype == pl.Datetime:
        return dates.moment(raw, forms=column.dates, epoch=column.epoch, zone=column.zone)
    if dtype == pl.Boolean:
        return casting.truth(raw)
    if dtype == pl.List:
        return casting.several(raw, dtype, split=column.split)
    if dtype.is_numeric():
        return casting.number(
            raw,
            dtype,
            decimal=column.decimal,
            multiply=column.multiply,
            decimals=column.decimals,
        )
    if (kind.name, target) == ("lyrics", "text"):
        return casting.verbatim(raw)
    return _words(kind, target, column, raw)


def _words(kind: Table, target: str, column: ColumnRule, raw: pl.Expr) -> Cast:
    cast = casting.words(raw)
    value, problem = cast.value, cast.problem
    if target == kind.listener:
        if not column.pseudonymise:
            form = UNIT if kind.name == "experiments" else PSEUDONYM
            strange = value.is_not_null() & ~value.str.contains(form)
            problem = pl.when(strange).then(pl.lit("is no pseudonym"))
        return Cast(value, problem, casting.nothing())
    if target in CODES:
        value = value.str.replace_all(CODES[target], "")
    if target in UPPER:
        value = value.str.to_uppercase()
    if target in ("entity", "status") or (kind.name, target) in CHOICES:
        value = value.str.to_lowercase().str.replace_all(" ", "_")
    if target in VALID and column.else_empty:
        none = value.is_not_null() & VALID[target](value).is_null()
        problem = pl.when(none).then(pl.lit(f"is no valid {target.upper()}"))
        value = pl.when(~none).then(value)
    spelt = pl.when(value != cast.value).then(pl.lit("spelt as the table has it"))
    private = pl.when(value.str.contains(EMAIL)).then(
        pl.lit("is an e-mail address; personal data is not stored here")
    )
    if column.prefix:
        value = pl.concat_str(pl.lit(column.prefix), value)
    return Cast(value, pl.coalesce(private, problem), pl.coalesce(cast.change, spelt))


def _pseudonyms(people: pl.Series, key: bytes) -> pl.Series:
    """Return keyed pseudonyms; an e-mail address is one person however it is capitalised."""
    names = people.unique().drop_nulls().to_list()
    made = [pseudonym(key, name.casefold() if "@" in name else name) for name in names]
    return people.replace_strict(names, made, return_dtype=pl.String)
