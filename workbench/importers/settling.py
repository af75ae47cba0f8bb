"""Which rows stand: every row is accepted, repaired or rejected, and nothing else."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from workbench.importers.records import CHANGE, PROBLEM, Records
from workbench.importers.sheet import ROW, Sheet
from workbench.tables import Table, table
from workbench.tables.keys import standing_twice

# What happened on a day cannot have happened tomorrow, and 1970 is a clock that was never set.
HAPPENED = {
    "plays": "played_at", "daily_streams": "day", "window_totals": "window_end",
    "purchases": "purchased_at", "playlist_spells": "added_at", "listeners": "first_seen",
    "fx_rates": "day",
}  # fmt: skip
REJECTS = pl.Schema({ROW: pl.Int64(), "column": pl.String(), "reason": pl.String()})
BROKEN = {
    "nullability": "is missing",
    "regex": "does not have the form that this column needs",
    "min": "is below what is possible",
    "max": "is above what is possible",
    "min_exclusive": "must be more than zero",
    "min_length": "is empty",
    "check": "is not one of the values that this column knows",
}
TWICE = "the same key stands in several rows with different values; which counts is not known"


@dataclass(frozen=True, eq=False)
class Settled:
    """What came of the rows that a file offered to one table.

    Attributes
    ----------
    records : where they came from. rows : those that stand, in the table's columns, one a key.
    rejects : file_row | column | reason; a row may have several. changes : column | change | rows |
    before | after, with one example each.
    read = accepted + repaired + rejected. repeated : accepted or repaired rows that say again what
    another row of the file says.
    """

    records: Records
    rows: pl.DataFrame
    rejects: pl.DataFrame
    changes: pl.DataFrame
    read: int
    accepted: int
    repaired: int
    rejected: int
    repeated: int


def settled(records: Records, sheet: Sheet, now: datetime.datetime) -> Settled:
    """Decide on each row of a table.

    Parameters
    ----------
    records : the typed rows with their problems. sheet : the file they came from.
    now : no event may lie a day after it.
    """
    kind = table(records.rule.name)
    frame = _dated(kind, records.frame, now).with_row_index("offered")
    targets, problems = list(records.origins), _with(frame, PROBLEM)
    rejects = [
        frame.filter(pl.col(PROBLEM + name).is_not_null()).select(
            "offered", ROW, pl.lit(name).alias("column"), pl.col(PROBLEM + name).alias("reason")
        )
        for name in problems
    ]
    refused = frame.select("offered", ROW).join(sheet.refused, on=ROW)
    rejects.append(refused.select("offered", ROW, "column", "reason"))
    kept = ~pl.col("offered").is_in(refused["offered"].implode())
    clean = frame.filter(~_any(PROBLEM + name for name in problems) & kept)
    clean, missing = _with_key(kind, clean)
    clean, unique, conflicts = _one_per_key(kind, clean, targets, records.rule.agree)
    unique, broken = _valid(kind, unique, targets)
    # A row that says what a broken row says is broken with it.
    again = clean.select("offered", ROW, *kind.key).join(
        broken.select(*kind.key, "column", "reason"), on=kind.key, how="inner"
    )
    found = pl.concat([*rejects, *missing, conflicts, again.select(rejects[0].columns)])
    gone = found["offered"].unique()
    stands = clean.filter(~pl.col("offered").is_in(gone.implode()))
    changed = stands.select(_any(CHANGE + name for name in _with(stands, CHANGE)).sum())
    repaired = int(changed.item()) if stands.height else 0
    malformed = sheet.malformed.select(ROW, pl.lit("").alias("column"), "reason")
    if records.rule.once or (records.rule.only and not records.rule.unpivot):
        malformed = malformed.clear()
    return Settled(
        records=records,
        rows=unique.select(targets),
        rejects=pl.concat([found.select(list(REJECTS)), malformed]).sort(ROW, "column"),
        changes=_changes(stands, records, sheet),
        read=frame.height + malformed.height,
        accepted=stands.height - repaired,
        repaired=repaired,
        rejected=gone.len() + malformed.height,
        repeated=stands.height - unique.height,
    )


def _with(frame: pl.DataFrame, sign: str) -> list[str]:
    """Return the columns that have a problem or a change in some row."""
    return [name[1:] for name in frame.columns if name.startswith(sign) and name[1:] in frame]


def _any(names: Iterable[str]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *(pl.col(name).is_not_null() for name in names))


def _dated(kind: Table, frame: pl.DataFrame, now: datetime.datetime) -> pl.DataFrame:
    """Add the problem of events that cannot have been."""
    name = HAPPENED.get(kind.name)
    if name not in frame.columns:
        return frame
    day = pl.col(name).dt.date() if frame.schema[name] == pl.Datetime else pl.col(name)
    found = (
        pl.when(day.dt.year() <= 1970)
        .then(pl.lit("is 1970 or before: a clock that was never set"))
        .when(day > (now + datetime.timedelta(days=1)).date())
        .then(pl.lit("lies in the future"))
    )
    said = [PROBLEM + name] if PROBLEM + name in frame.columns else []
    dated = frame.with_columns(pl.coalesce(*said, found).alias(PROBLEM + name))
    return dated if dated[PROBLEM + name].count() else dated.drop(PROBLEM + name)


def _with_key(kind: Table, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Take out rows whose key has a hole."""
    rejects = [
        frame.filter(pl.col(name).is_null()).select(
            "offered", ROW, pl.lit(name).alias("column"), pl.lit("is missing").alias("reason")
        )
        for name in kind.key
    ]
    return frame.filter(pl.all_horizontal(pl.col(kind.key).is_not_null())), rejects


def _one_per_key(
    kind: Table, frame: pl.DataFrame, targets: list[str], agree: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Fold rows of one key into one, where they do not contradict each other.

    Returns the rows with what was changed, one row a key, and the rows that contradict.
    """
    none = frame.clear().select(
        "offered", ROW, pl.lit("").alias("column"), pl.lit("").alias("reason")
    )
    several = frame[standing_twice(frame, kind.key)]
    if several.is_empty():
        return frame, frame.select("offered", ROW, *targets), none
    values = [name for name in targets if name not in kind.key]
    texts = [
        pl.col(n).cast(pl.String) if not frame.schema[n].is_nested() else pl.col(n).hash()
        for n in values
    ]
    kinds = several.select(*kind.key, *texts).group_by(kind.key).agg(
        pl.col(values).drop_nulls().n_unique()
    )  # fmt: skip
    folded = several.group_by(kind.key, maintain_order=True).agg(
        pl.col("offered", ROW).first(), pl.col(values).drop_nulls().first()
    )
    differing = [name for name in values if (kinds[name] > 1).any()]
    for name in (name for name in differing if name in agree):
        unsure = kinds.filter(pl.col(name) > 1).select(kind.key).with_columns(_unsure=True)
        emptied = pl.when(pl.col("_unsure").is_null()).then(pl.col(name)).alias(name)
        said = pl.when(pl.col("_unsure")).then(pl.lit("rows of one key disagree; left empty"))
        folded = folded.join(unsure, on=kind.key, how="left").with_columns(emptied).drop("_unsure")
        before = [CHANGE + name] if CHANGE + name in frame.columns else []
        frame = (
            frame.join(unsure, on=kind.key, how="left")
            .with_columns(emptied, pl.coalesce(*before, said).alias(CHANGE + name))
            .drop("_unsure")
        )
    against = [name for name in differing if name not in agree]
    conflicts = none
    if against:
        first = pl.coalesce(pl.when(pl.col(n) > 1).then(pl.lit(n)) for n in against)
        bad = kinds.select(*kind.key, first.alias("column")).drop_nulls("column")
        conflicts = several.select("offered", ROW, *kind.key).join(bad, on=kind.key)
        conflicts = conflicts.select("offered", ROW, "column", pl.lit(TWICE).alias("reason"))
        folded = folded.join(bad, on=kind.key, how="anti")
    columns = ["offered", ROW, *targets]
    single = frame.join(several.select("offered"), on="offered", how="anti", maintain_order="left")
    return frame, pl.concat([single.select(columns), folded.select(columns)]), conflicts


def _valid(
    kind: Table, frame: pl.DataFrame, targets: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Hold rows, one a key, against the schema; return those that fit and what the others break."""
    schema = type(kind.schema.__name__, (kind.unkeyed,), {ROW: dy.Int64()})
    missing = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in kind.polars_schema.items()
        if name not in targets
    ]
    good, failure = schema.filter(frame.drop("offered").with_columns(missing))
    empty = frame.clear().select(*kind.key, pl.lit("").alias("column"), pl.lit("").alias("reason"))
    if not len(failure):
        return good, empty
    details = failure.details()
    rules = [name for name in details.columns if name not in (*kind.polars_schema, ROW)]
    broken = [
        details.filter(pl.col(rule) == "invalid").select(
            *kind.key,
            pl.lit(rule.partition("|")[0] if "|" in rule else "").alias("column"),
            pl.lit(_reason(rule)).alias("reason"),
        )
        for rule in rules
    ]
    return good, pl.concat([empty, *broken])


def _reason(rule: str) -> str:
    column, _, name = rule.partition("|")
    return BROKEN.get(
        name.partition("__")[0], f"breaks the rule “{(name or column).replace('_', ' ')}”"
    )


def _changes(stands: pl.DataFrame, records: Records, sheet: Sheet) -> pl.DataFrame:
    """Count what was changed, with one example of each."""
    found = []
    for name in _with(stands, CHANGE):
        kept = stands.filter(pl.col(CHANGE + name).is_not_null())
        for (change,), rows in sorted(kept.group_by(CHANGE + name)):
            after = rows[name][0]
            before = original(sheet, rows[ROW][0], records.origins.get(name, ()))
            found.append((name, change, rows.height, before, None if after is None else str(after)))
    names = ("column", "change", "rows", "before", "after")
    types = (pl.String, pl.String, pl.Int64, pl.String, pl.String)
    return pl.DataFrame(found, schema=dict(zip(names, types, strict=True)), orient="row")


def original(sheet: Sheet, row: int, columns: tuple[str, ...]) -> str | None:
    """Return what a row of the file says in these columns; None where that is not known."""
    here = [name for name in columns if name in sheet.frame.columns]
    if not here:
        return None
    place = sheet.frame[ROW].search_sorted(row)
    cells = sheet.frame.select(here).row(place)
    return " · ".join(cell for cell in cells if cell is not None)[:120]
