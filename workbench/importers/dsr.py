"""DDEX sales reports (DSR flat file, Basic Audio profile) as lines of the statements table.

Each usage becomes a line with what its summary, resource and release say. Revenue stands on the
summaries only, so each summary that has some becomes a line of its own, without a recording and
without a quantity. The counts of the last record (FOOT, SRFO) are held against the lines read.
"""

from dataclasses import replace

import polars as pl

from workbench.errors import BadInput
from workbench.importers import dsr_records, dsr_rejects
from workbench.importers.dsr_counts import counted
from workbench.importers.dsr_records import (
    FILE,
    KIND,
    OTHERS,
    RELEASES,
    RESOURCES,
    SINGLES,
    SUMMARIES,
    TAKEN,
    TYPE,
    USAGES,
    Report,
    cells,
    worked_out,
)
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, TableRule, checked
from workbench.importers.recordings_named import OURS, TRACK, recordings_named
from workbench.importers.sheet import MALFORMED, REFUSED, ROW, Sheet
from workbench.importers.spans import spans
from workbench.importers.steps import step
from workbench.importers.territories import alpha2
from workbench.importers.totals import Sum

SOURCE = "ddex-dsr"
TITLE = "DDEX sales report (DSR, Basic Audio)"
COLUMNS = ("territory", "currency", "model", "use", "isrc", "title", "subtitle", "artist", "upc",
           "release", "release_subtitle", "release_artist", "label", "catalog_no", "usages",
           "returns", "gross", "net")  # fmt: skip
NO_SUMMARY = "names a summary record that the report does not have"
NO_RESOURCE = "names a resource that its block does not have"


def recognised(incoming: Incoming) -> Understood | None:
    """Return a sales report with its lines joined.

    Raises
    ------
    BadInput
        It is cut off, a file of its set is missing, its counts do not agree, or it holds no usage.
    """
    if dsr_records.is_report(incoming.source):
        sheet, head = _joined(incoming)
    elif sheet := dsr_rejects.corrected(incoming, COLUMNS):
        head = dsr_rejects.head_of(sheet, incoming.source.name)
    else:
        return None
    made = {
        ("territory",): pl.col("territory").map_batches(alpha2, return_dtype=pl.String),
        ("title", "subtitle"): _titled("title", "subtitle"),
        ("release", "release_subtitle"): _titled("release", "release_subtitle"),
        ("usages", "returns"): _quantity(),
        ("model", "use"): pl.concat_str("model", "use", separator=" · ", ignore_nulls=True),
    }
    frame = sheet.frame
    frame = frame.with_columns(
        pl.col(ROW).cast(pl.String).alias(f"{OURS}row"),
        *(worked_out(frame, f"{OURS}{of[0]}", value, *of) for of, value in made.items()),
    )
    naming = frame.select("isrc", "upc", "label", title=f"{OURS}title", album=f"{OURS}release",
                          artist=pl.coalesce("artist", "release_artist"))  # fmt: skip
    step(2, 3, "finding the recordings")
    named = recordings_named(naming, incoming.label, incoming.stored_as(SOURCE))
    if named.rules:
        frame = frame.hstack(named.columns.drop(TRACK))
    sheet = replace(
        sheet,
        frame=frame,
        notes=(*sheet.notes, *named.notes),
        added=tuple(column for column in frame.columns if column.startswith(OURS)),
    )
    mapping = Mapping(
        name="ddex_dsr",
        title=TITLE,
        source=SOURCE,
        header=(),
        tables=(TableRule("statements", _rules(incoming, head)), *named.rules),
        about="Usages stand without money: revenue is reported by summary, as lines of their own.",
        also=(*COLUMNS, *dsr_rejects.HEAD),
    )
    sums = (Sum("statements", "net", "currency", "revenue"),) if frame["net"].count() else ()
    return Understood(named.beside(sheet), checked(mapping), sums)


def _joined(incoming: Incoming) -> tuple[Sheet, dict[str, str]]:
    """Return the lines of a report, each with what its first record says, and that record."""
    name = incoming.source.name
    step(0, 3, "reading the records")
    report = dsr_records.report(incoming.source)
    head = dsr_records.head_of(report, name)
    counts = counted(report, name)
    step(1, 3, "joining usages, recordings and releases")
    frame, refused = _lines(report)
    if frame.is_empty():
        raise BadInput(f"{name} is a sales report without a usage or a revenue in it.")
    malformed, unread = _others(report)
    stated = [pl.lit(head[name], pl.Categorical).alias(name) for name in dsr_rejects.HEAD]
    notes = (*counts, *_versions(report))
    return Sheet(
        frame.with_columns(stated), malformed, notes=notes, unread=unread, refused=refused
    ), head


def _lines(report: Report) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the usages and the summaries with revenue, and the usages that cannot be joined."""
    lines = report.lines
    summaries = cells(lines, SUMMARIES)
    each = [name for name in summaries.columns if name not in (ROW, FILE)]
    summaries = summaries.unique(each, keep="first", maintain_order=True)  # said again in each file
    context = summaries.select("summary", "model", "use", "territory", "currency")
    context = context.unique("summary", keep="first").with_columns(_known=pl.lit(value=True))
    block, single = _blocks(lines), cells(lines, SINGLES)
    usages = pl.concat([block, single], how="diagonal")
    usages = usages.join(context, on="summary", how="left", maintain_order="left")
    usages = usages.with_columns(pl.coalesce("own_use", "use").alias("use"))
    refused = usages.select(
        ROW,
        pl.when(pl.col("_known").is_null())
        .then(pl.lit(NO_SUMMARY))
        .when(pl.col("lost"))
        .then(pl.lit(NO_RESOURCE))
        .alias("reason"),
    ).drop_nulls("reason")
    paid = summaries.filter(pl.any_horizontal(pl.col("gross", "net").is_not_null()))
    paid = paid.with_columns(use=pl.lit("summary", pl.Categorical))
    frame = pl.concat([usages, paid], how="diagonal").sort(ROW)
    refused = refused.select(ROW, pl.lit("").alias("column"), "reason").cast(REFUSED)
    return frame.select(ROW, *COLUMNS), refused


def _blocks(lines: pl.DataFrame) -> pl.DataFrame:
    """Return usages of blocks with their resource and release; “lost” where one is not there."""
    place = [FILE, "block"]
    usages = cells(lines, USAGES)
    resources = cells(lines, RESOURCES).drop(ROW, KIND).unique([*place, "reference"], keep="first")
    releases = cells(lines, RELEASES)
    parts = releases.filter(pl.col(KIND) == "RE02").select(*place, "reference", "used")
    alone = ~pl.col("used").cast(pl.String).str.contains("|", literal=True)
    parts = parts.with_columns(used=pl.when(alone).then("used"))
    parts = parts.unique([*place, "reference"], keep="first")
    whole = releases.filter(pl.col(KIND) == "RE01").drop(ROW, KIND, "reference", "used")
    usages = (
        usages.join(parts, left_on=[*place, "release_ref"], right_on=[*place, "reference"],
                    how="left", maintain_order="left")
        .with_columns(pl.coalesce("resource_ref", "used").alias("resource_ref"))
        .join(resources.with_columns(_there=pl.lit(value=True)),
              left_on=[*place, "resource_ref"], right_on=[*place, "reference"], how="left",
              maintain_order="left")
        .join(whole.unique(place, keep="first"), on=place, how="left", maintain_order="left")
    )  # fmt: skip
    return usages.with_columns(
        lost=pl.col("resource_ref").is_not_null() & pl.col("_there").is_null()
    ).drop("_there", "used")


def _titled(title: str, subtitle: str) -> pl.Expr:
    both = pl.format("{} ({})", pl.col(title), pl.col(subtitle))
    return pl.coalesce(both, pl.col(title))


def _quantity() -> pl.Expr:
    """Return usages less returns, as text; what is no number is left to be told as that."""
    used, back = (pl.col(name).str.replace(r"\.0+$", "") for name in ("usages", "returns"))
    less = used.cast(pl.Int64, strict=False) - back.cast(pl.Int64, strict=False)
    return pl.coalesce(less.cast(pl.String), used)


def _others(report: Report) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return lines that are no records, and the kinds of records that are not taken."""
    rest = report.lines.filter(~pl.col(KIND).is_in([*TAKEN, "HEAD", "FOOT", "SRFO"]))
    rest = rest.select(ROW, pl.col(TYPE).cast(pl.String))
    known = pl.col(TYPE).str.contains(OTHERS)
    kinds = rest.filter(known).group_by(TYPE).len().sort(TYPE)
    reason = "is no record that a sales report has"
    odd = [
        (row, reason, report.texts[row].replace("\0", "�")[:500])
        for row in rest.filter(~known | pl.col(TYPE).is_null())[ROW]
    ]
    malformed = pl.DataFrame(odd, schema=MALFORMED, orient="row")
    return malformed, tuple(f"{kind} ({n:,} records)" for kind, n in kinds.iter_rows())


def _versions(report: Report) -> tuple[str, ...]:
    """Tell versions of records that are read like those that are known."""
    types = report.lines.filter(pl.col(KIND).is_in([*TAKEN]))[TYPE].unique().cast(pl.String).sort()
    new = [kind for kind in types if kind not in dsr_records.KNOWN]
    return (f"versions not known here, read like older ones: {', '.join(new[:10])}",) if new else ()


def _rules(incoming: Incoming, head: dict[str, str]) -> tuple[tuple[str, ColumnRule], ...]:
    when = spans(pl.Series([f"{head['start']}--{head['end']}"])).row(0, named=True)
    made = {
        "file_hash": ColumnRule(constant=incoming.source.sha256),
        "source_row": ColumnRule(column=(f"{OURS}row",)),
        "source_file": ColumnRule(constant=incoming.source.name),
        "source": ColumnRule(constant=SOURCE),
        "territory": ColumnRule(column=(f"{OURS}territory",)),
        "track_title": ColumnRule(column=(f"{OURS}title",)),
        "release_title": ColumnRule(column=(f"{OURS}release",)),
        "sale_type": ColumnRule(column=(f"{OURS}model",)),
        "quantity": ColumnRule(column=(f"{OURS}usages",), decimal=".", else_empty=True),
    }
    for ours, cell in (("isrc", "isrc"), ("track_artist", "artist"), ("upc", "upc"),
                       ("release_artist", "release_artist"), ("label", "label"),
                       ("catalog_no", "catalog_no"), ("currency", "currency")):  # fmt: skip
        made[ours] = ColumnRule(column=(cell,))
    for money in ("gross", "net"):
        made[money] = ColumnRule(column=(money,), decimal=".", decimals=10)
    for ours, text in (("statement_period", when["period"]), ("sale_start", when["start"]),
                       ("sale_end", when["end"]), ("store", head["sender"].strip())):  # fmt: skip
        if text:
            made[ours] = ColumnRule(constant=text)
    return tuple(made.items())
