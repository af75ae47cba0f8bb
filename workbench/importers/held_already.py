"""Money that would count twice: what the label holds of the same sales, or of the same spend.

Lines of a statement and rows of spend stand beside those of other imports, also where both tell of
the same: a report delivered again, or a campaign exported by ad and as a whole.
"""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import history
from workbench.importers.settling import Settled
from workbench.store.slices import scan
from workbench.tables import Table, table

if TYPE_CHECKING:
    from workbench.importers.run import Planned

SHOWN = 5
TOLD = {"statements": "lines of this sender", "campaigns": "spend of these campaigns"}
TWICE = "both count. If this file replaces the other or tells the same, take that import back"
BESIDE = (
    "these corrected rows are stored beside them. Where you brought the same corrections before, "
    "take that import back"
)
ALWAYS = datetime.date(1970, 1, 1)  # a period that is named needs no days


@dataclass(frozen=True)
class Held:
    """Earlier imports that tell of the same as a file.

    Attributes
    ----------
    sources : of the imports. notes : for people, one a table.
    """

    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def held_already(
    label: Dataset, decided: list[Settled], source: str, *, corrected: bool = False
) -> Held:
    """Return which imports hold the same senders' periods, or the same campaigns' days.

    Parameters
    ----------
    label : where the rows go. decided : the rows. source : of this import; it replaces itself.
    corrected : they were rejected before and belong to an import that holds the same.
    """
    then = BESIDE if corrected else TWICE
    sources: list[str] = []
    notes, names = [], {}
    for one in decided:
        kind = table(one.records.rule.name)
        if kind.name not in TOLD or one.rows.is_empty():
            continue
        mine, found = _spoken_of(kind, one.rows.lazy()).collect(), []
        for entry in label.manifest.of(kind.name):
            if entry.source == source:
                continue
            rows = scan(label.folder, kind, [entry])
            # a row of the same key gives way, so it does not count twice
            rows = rows.join(one.rows.select(kind.key).lazy(), on=kind.key, how="anti")
            both = _overlapping(_spoken_of(kind, rows).collect(), mine)
            if both.is_empty():
                continue
            names = names or _files(label)
            found += [f"{when} ({names.get(entry.source, entry.source)})" for when in _when(both)]
            sources.append(entry.source)
        if found:
            notes.append(f"the label holds {TOLD[kind.name]} for {_listed(found)}; {then}")
    return Held(() if corrected else tuple(dict.fromkeys(sources)), tuple(notes))


def told_twice(plans: list["Planned"]) -> list[str]:
    """Return in words which files of one drop tell of the same sales, or of the same spend."""
    notes = []
    for one, other in itertools.combinations(plans, 2):
        if one.report.source == other.report.source:
            continue
        for kind, mine, theirs in _pairs(one, other):
            rows = theirs.lazy().join(mine.select(kind.key).lazy(), on=kind.key, how="anti")
            spoken = [_spoken_of(kind, frame).collect() for frame in (rows, mine.lazy())]
            if when := _when(both) if (both := _overlapping(*spoken)).height else []:
                notes.append(
                    f"{one.source.name} and {other.source.name} both bring {TOLD[kind.name]} for "
                    f"{_listed(when)}; both count. If they tell the same, leave one of them out"
                )
    return notes


def _pairs(one: "Planned", other: "Planned") -> Iterator[tuple[Table, pl.DataFrame, pl.DataFrame]]:
    """Give the tables of money that both fill, with the rows of each."""
    rows = [{s.records.rule.name: s.rows for s in planned.settled} for planned in (one, other)]
    for name in TOLD:
        if all(name in of and not of[name].is_empty() for of in rows):
            yield table(name), rows[0][name], rows[1][name]


def _listed(found: list[str]) -> str:
    said = sorted(set(found))
    more = f" and {len(said) - SHOWN:,} more" if len(said) > SHOWN else ""
    return ", ".join(said[:SHOWN]) + more


def _spoken_of(kind: Table, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return who | period | first | last of rows: whose money it is, and of which days."""
    here = rows.collect_schema().names()
    rows = rows.with_columns(
        pl.lit(None, dtype).alias(name)
        for name, dtype in kind.polars_schema.items() if name not in here
    )  # fmt: skip
    if kind.name == "campaigns":  # the name of a campaign stands before that of its parts
        who = ["channel", pl.col("campaign_id").str.split(" · ").list.first()]
        period = pl.lit(None, pl.String)
        first = pl.col("day")
        last = first.dt.offset_by(pl.format("{}d", pl.col("days") - 1))
    else:
        who = [pl.col(n).fill_null("") for n in ("source", "store", "territory")]
        period = pl.col("statement_period")
        who.append(period.fill_null(""))
        named = period.is_not_null()
        first = pl.when(named).then(ALWAYS).otherwise("sale_start")
        last = pl.when(named).then(ALWAYS).otherwise(pl.coalesce("sale_end", "sale_start"))
    spoken = rows.select(
        who=pl.concat_str(who, separator="\x1f"), period=period, first=first, last=last
    )
    return spoken.drop_nulls(["who", "first", "last"]).unique()


def _overlapping(theirs: pl.DataFrame, mine: pl.DataFrame) -> pl.DataFrame:
    """Return those of their spans that share a day with one of ours."""
    ours = mine.sort("first").select(
        "who", begin="first", reach=pl.col("last").cum_max().over("who")
    )
    joined = theirs.sort("last").join_asof(
        ours, left_on="last", right_on="begin", by="who", check_sortedness=False
    )
    return joined.filter(pl.col("reach") >= pl.col("first"))


def _when(both: pl.DataFrame) -> list[str]:
    """Return the periods in words; one range of days where no period is named."""
    days = both.filter(pl.col("period").is_null())
    said = both["period"].drop_nulls().unique().sort().to_list()
    if not days.is_empty():
        said.append(f"{days['first'].min()} to {days['last'].max()}")
    return said


def _files(label: Dataset) -> dict[str, str]:
    past = history.history(label).select("source", "file").unique("source", keep="first")
    return dict(past.iter_rows())
