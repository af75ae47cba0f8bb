"""An import from end to end: recognise, map, decide row by row, store in one change, record."""

import datetime
import secrets
from dataclasses import dataclass, replace

import polars as pl

from workbench.dataset import Dataset
from workbench.errors import BadInput, ReadOnly
from workbench.importers import (
    asked,
    changed_cells,
    decided_rows,
    file_names,
    formats,
    history,
    reading,
    records,
    settling,
    standing,
    totals,
    workbook,
)
from workbench.importers.held_already import held_already
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import KEEP, Mapping
from workbench.importers.named_in_passing import without_rows_of_none
from workbench.importers.orders_whole import orders_whole
from workbench.importers.report import ImportReport, rejected_rows, table_report
from workbench.importers.same_plays import as_held
from workbench.importers.settling import Settled
from workbench.importers.sheet import AS_IT_COMES, Reading
from workbench.importers.source import Source
from workbench.importers.steps import Progress, step
from workbench.store.change import change
from workbench.store.pseudonyms import KEY, pseudonym_key
from workbench.tables import table

NAMED = ("artists", "tracks")


@dataclass(frozen=True, eq=False)
class Planned:
    """An import that is ready to be stored; nothing is written yet.

    Attributes
    ----------
    source : the file. understood : how. settled : the rows, table by table. report : what will
    come of it.
    """

    source: Source
    understood: Understood
    settled: tuple[Settled, ...]
    report: ImportReport

    @property
    def rows(self) -> int:
        """Rows that would stand, of all tables."""
        return sum(one.rows.height for one in self.settled)

    @property
    def rejected_rows(self) -> pl.DataFrame:
        """The rejected rows as they stood in the file, with the reasons."""
        return rejected_rows(
            self.understood.sheet, self.understood.mapping, list(self.report.tables)
        )


def bytes_held(source: Source, made: Understood | Planned | None) -> int:
    """Return about how much memory what was read of a file takes: a zip many times its own."""
    found = made.understood if isinstance(made, Planned) else made
    rows = 0 if found is None else found.sheet.frame.estimated_size()
    return 4 * max(len(source.unpacked), rows)


class NotRecognised(BadInput):
    """No format knows the file; a mapping can take it."""


def plan(
    source: Source, label: Dataset, *, mapping: Mapping | None = None,
    found: Understood | None = None, answers: dict[str, str] | None = None,
    how: Reading = AS_IT_COMES, now: datetime.datetime | None = None, dry_run: bool = False,
) -> Planned:  # fmt: skip
    """Return what an import would store, without storing it.

    Parameters
    ----------
    source : the file. label : that it goes to. mapping : how to understand it, recognised by the
    header unless told. found : how it was understood, where that is known already. answers : to
    the questions of the mapping. how : to read the file, where a person said something.
    now : no event may lie after it. dry_run : do not even make the key of the label's pseudonyms.

    Raises
    ------
    NotRecognised
        No format knows the file. BadInput : it cannot be read, or a question is open.
    """
    if source.is_workbook and (chosen := (answers or {}).get(workbook.NAME)):
        how = replace(how, sheet=chosen)
    incoming = Incoming(source, label, how)
    with reading.clear(source.name):
        if mapping is None:
            found = found or formats.recognised(incoming)
        else:
            found = formats.understood(incoming, mapping)
        if found is None:
            columns = ", ".join(incoming.sheet.columns)
            raise NotRecognised(
                f"{source.name} is not recognised by its columns ({columns}). Say what they mean "
                "with a mapping: on the Import page, or --mapping FILE.toml."
            )
        said = asked.answered(found.mapping.questions, answers or {}, label, source.name)
        if found.completed is not None:
            found = found.completed(said)
        key = _key(label, dry_run)
        offered = records.records(found.sheet, found.mapping, said, key)
        when, decided = now or datetime.datetime.now(datetime.UTC), []
        for at, rows in enumerate(offered):
            step(at, len(offered), f"deciding row by row: {table(rows.rule.name).title.lower()}")
            decided.append(settling.settled(rows, found.sheet, when))
        decided = orders_whole(decided, found.sheet, when)
        decided = without_rows_of_none(decided, found.sheet, when)
    named = file_names.people(source.name, found.sheet, found.mapping, said)
    stored_as = incoming.stored_as(found.mapping.source)
    held = held_already(label, decided, stored_as, corrected=found.sheet.corrected)
    report = ImportReport(
        file=source.name,
        kept_as=file_names.without_people(source.name, named),
        sha256=source.sha256,
        title=found.mapping.title,
        source=stored_as,
        tables=tuple(table_report(one, _again(label, one, stored_as)) for one in decided),
        unused=tuple(records.unused(found.sheet, found.mapping)),
        notes=(*found.sheet.notes, *totals.said(found.sums, decided), *held.notes),
        held=held.sources,
    )
    return Planned(source, found, tuple(decided), report)


def after(plans: list[Planned], label: Dataset) -> Dataset:
    """Return a label as it will be once plans are stored, for those that come after them.

    Files of one drop name the same recordings, and must not each make its own.
    """
    for planned in plans:
        for one in planned.settled:
            rule, rows = one.records.rule, one.rows
            if rule.name not in NAMED:
                continue
            if rule.existing == KEEP:
                key = table(rule.name).key
                rows = rows.join(label.table(rule.name), on=key, how="anti")
            label = label.expecting(rule.name, rows)
    return label


def store(
    plans: list[Planned], label: Dataset, progress: Progress = lambda done, total, text: None,
    *, instead_of: tuple[str, ...] = (),
) -> list[ImportReport]:  # fmt: skip
    """Store imports in one change, record them, and return what came of them.

    Either all of them count or none does. The same file again changes nothing.

    Parameters
    ----------
    plans : what is stored. label : where. progress : told of each table. instead_of : sources of
    earlier imports that are taken back in the same change, as a corrected file replaces them.

    Raises
    ------
    ReadOnly
        The label is the sample.
    """
    if label.manifest.sample:
        raise ReadOnly("The sample label is read only. Say which label the files go to.")
    total = sum(len(planned.settled) for planned in plans)
    reports, done = [], 0
    with change(label.folder, home=label.home) as writing:
        for source in instead_of:
            writing.drop(source=source)
            changed_cells.put_back(writing, label, source)
        for planned in plans:
            before, tables = writing.manifest, []
            for one, report in zip(planned.settled, planned.report.tables, strict=True):
                progress(done, total, f"{planned.source.name}: {report.table}")
                tables.append(standing.put(writing, one, report, planned.report.source))
                done += 1
            decided_rows.noted(label, planned, before, writing.manifest)
            changed_cells.noted(label, planned, before, writing.manifest)
            unchanged = _content(writing.manifest) == _content(before)
            if unchanged:
                writing.manifest = before
            reports.append(replace(planned.report, tables=tuple(tables), unchanged=unchanged))
    progress(total, total, "stored")
    for source in instead_of:
        changed_cells.forget(label, source)
    for report in reports:
        history.record(label, report)
    return reports


def _again(label: Dataset, one: Settled, source: str) -> int:
    """Return how many plays another import told already."""
    if one.records.rule.name != "plays":
        return 0
    return as_held(label.folder, label.manifest.of("plays"), one.rows, source)[1]


def _content(manifest) -> set[tuple[str, str, str, str]]:
    return {(entry.table, entry.hash, entry.source, entry.period) for entry in manifest.slices}


def _key(label: Dataset, dry_run: bool) -> bytes:
    if (dry_run or label.manifest.sample) and not (label.home / KEY).exists():
        return secrets.token_bytes(32)
    return pseudonym_key(label.home)
