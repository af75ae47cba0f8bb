"""Distributors' statements: all of them become lines of one table.

What a statement looks like is declared in mappings/statements, one file a distributor. Here stands
what they have in common: months, countries, the decimal sign, totals, and the recordings they name.
"""

import re
from dataclasses import replace

import polars as pl

from workbench.importers import beneath, forms, statement_rows
from workbench.importers.dates import SLASHED
from workbench.importers.forms import Fitted
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, Question, TableRule, checked
from workbench.importers.order_lines import ORDER, SOLD, unread, with_orders
from workbench.importers.recordings_named import OURS, recordings_named
from workbench.importers.sheet import REFUSED, ROW, Sheet
from workbench.importers.spans import spans
from workbench.importers.statement_rows import ADJUSTMENT
from workbench.importers.territories import alpha2
from workbench.importers.totals import Sum

FOLDER = "statements"
PLAIN = ("store", "isrc", "track_artist", "upc", "release_artist", "label", "catalog_no")
MONEY = ("gross", "net")
CURRENCY = Question("currency", "In which currency are the amounts (three letters, such as EUR)?")


def recognised(incoming: Incoming) -> Understood | None:
    """Return a statement of a known distributor, wherever in the file its header stands."""
    known = forms.shipped(FOLDER)
    found = beneath.table_beneath(incoming, lambda header: forms.fitted(known, header))
    if found is None:
        return None
    return understood(incoming, found.sheet, found.form, found.above)


def understood(
    incoming: Incoming, sheet: Sheet, fit: Fitted, above: tuple[tuple[str, ...], ...] = ()
) -> Understood:
    """Return the rows of a statement with what they mean.

    Parameters
    ----------
    incoming : the file. sheet : its rows. fit : its columns. above : rows above the header.
    """
    form, columns = fit.form, fit.columns
    numbers = [columns[name] for name in (*MONEY, "quantity", "fx_rate") if name in columns]
    sign = statement_rows.decimal_sign(sheet.frame, numbers)
    lines = statement_rows.sorted_out(sheet, fit, above, sign)
    sheet = lines.sheet
    frame, notes = _with_spans_and_places(sheet.frame, fit, lines.adjusted)
    frame = frame.with_columns(
        pl.col(ROW).cast(pl.String).alias(f"{OURS}row"),
        *_titles(frame, fit),
        _sale_type(lines.adjusted, columns),
    )
    frame, currency_rule, questions = _currency(frame, fit)
    source = incoming.stored_as(form.source)
    named = recordings_named(_naming(frame, fit), incoming.label, source)
    rules = [*named.rules]
    if named.rules:
        frame = frame.hstack(named.columns)
    if {"order_id", "purchased_at"} <= fit.order_lines.keys():
        sheet = replace(sheet, refused=pl.concat([sheet.refused, unread(frame, fit, sign)]))
        frame, orders = with_orders(frame, fit, sign, currency_rule)
        rules += orders
    statement = TableRule("statements", _rules(incoming, frame, fit, sign, currency_rule))
    mapping = Mapping(
        name=f"statement_{form.name}",
        title=form.title,
        source=form.source,
        header=tuple(columns.values()),
        tables=(statement, *rules),
        questions=questions,
        about=" ".join(form.about.split()),
        also=(*columns.values(), *fit.order_lines.values()),
    )
    total = Sum("statements", "net", "currency", "net amounts", lines.stated)
    whole = replace(
        sheet,
        frame=frame,
        notes=(
            *sheet.notes,
            *lines.notes,
            *notes,
            *named.notes,
        ),
        added=tuple(name for name in frame.columns if name.startswith(OURS)),
        refused=pl.concat([sheet.refused, _impossible(frame, fit), _numberless(frame, fit)]),
        order=ORDER if ORDER in frame.columns else "",
    )
    return Understood(named.beside(whole), checked(mapping), (total,))


def _with_spans_and_places(
    frame: pl.DataFrame, fit: Fitted, adjusted: pl.Series
) -> tuple[pl.DataFrame, list[str]]:
    """Add sale_start | sale_end | statement_period | territory in one form; say what is unknown."""
    columns, order, notes = fit.columns, fit.form.order, []
    if period := columns.get("statement_period"):
        read = spans(frame[period], order, monthly=True)
        said = pl.when(~adjusted).then(pl.col(period))  # its words stand in the first column
        said = pl.coalesce(read["period"], said).alias(f"{OURS}statement_period")
        frame = frame.with_columns(said)
    if sold := columns.get("sale_start"):
        read = spans(frame[sold], order, monthly=re.search("(?i)month|period", sold) is not None)
        frame = frame.with_columns(
            read["start"].alias(f"{OURS}sale_start"), read["end"].alias(f"{OURS}sale_end")
        )
        notes += _unread(frame, sold, f"{OURS}sale_start", "dates of sale")
    if place := columns.get("territory"):
        frame = frame.with_columns(alpha2(frame[place]).alias(f"{OURS}territory"))
        notes += _unread(frame, place, f"{OURS}territory", "countries")
    return frame, notes


def _impossible(frame: pl.DataFrame, fit: Fitted) -> pl.DataFrame:
    """Return rows with a date that cannot be in a sender's own order of day and month."""
    columns, order, found = fit.columns, fit.form.order, [pl.DataFrame(schema=REFUSED)]
    for name in ("statement_period", "sale_start") if order else ():
        if (column := columns.get(name)) is not None:
            read = spans(frame[column], order)["start"]
            wrong = read.is_null() & frame[column].str.strip_chars().str.contains(SLASHED)
            rows = frame.filter(wrong.fill_null(value=False)).select(ROW)
            reason = pl.lit(f"is no date with the {order}")
            found.append(rows.with_columns(column=pl.lit(name), reason=reason).cast(REFUSED))
    return pl.concat(found)


def _numberless(frame: pl.DataFrame, fit: Fitted) -> pl.DataFrame:
    """Return rows that state nothing: a remark across the page, or a row that was cut off."""
    numbers = [fit.columns[name] for name in (*MONEY, "quantity") if name in fit.columns]
    blank = pl.all_horizontal(pl.col(numbers).str.strip_chars().fill_null("") == "")
    reason = pl.lit("has neither an amount nor a quantity")
    return frame.filter(blank).select(ROW, column=pl.lit(""), reason=reason).cast(REFUSED)


def _unread(frame: pl.DataFrame, raw: str, read: str, what: str) -> list[str]:
    """Say which texts of a column mean nothing to us and were left empty."""
    lost = frame.filter(pl.col(raw).str.strip_chars() != "", pl.col(read).is_null())
    if lost.is_empty():
        return []
    texts = lost[raw].unique(maintain_order=True)
    more = f" and {texts.len() - 5:,} more" if texts.len() > 5 else ""
    listed = ", ".join(f"“{text[:40]}”" for text in texts.head(5))
    return [f"{what} that could not be read, left empty in {lost.height:,} rows: {listed}{more}"]


def _titles(frame: pl.DataFrame, fit: Fitted) -> list[pl.Expr]:
    """Return titles where they are put together, or one column has recordings and releases."""
    columns, form = fit.columns, fit.form
    if (item := columns.get("item_title")) is not None:
        release = pl.lit(False)
        if form.releases is not None:
            release = statement_rows.marked(frame.columns, form.releases).fill_null(value=False)
        return [
            pl.when(~release).then(pl.col(item)).alias(f"{OURS}track_title"),
            pl.when(release).then(pl.col(item)).alias(f"{OURS}release_title"),
        ]
    if (version := columns.get("track_version")) and (title := columns.get("track_title")):
        both = pl.format("{} ({})", pl.col(title), pl.col(version))
        said = pl.col(version).str.strip_chars().fill_null("") != ""
        return [pl.when(said).then(both).otherwise(pl.col(title)).alias(f"{OURS}track_title")]
    return []


def _sale_type(adjusted: pl.Series, columns: dict[str, str]) -> pl.Expr:
    said = pl.col(columns["sale_type"]) if "sale_type" in columns else pl.lit(None, pl.String)
    return pl.when(adjusted).then(pl.lit(ADJUSTMENT)).otherwise(said).alias(f"{OURS}sale_type")


def _currency(
    frame: pl.DataFrame, fit: Fitted
) -> tuple[pl.DataFrame, ColumnRule, tuple[Question, ...]]:
    """Return where the currency stands: in a column, in a header, with the form, or nowhere."""
    if column := fit.columns.get("currency"):
        said = frame[column].str.strip_chars()
        distinct = said.drop_nulls().unique()
        codes = [forms.currency(text) or text for text in distinct]
        read = said.replace_strict(distinct, codes, return_dtype=pl.String)
        if len(set(codes)) == 1:  # a rounding at the end often has none of its own
            read = read.fill_null(codes[0])
        frame = frame.with_columns(read.alias(f"{OURS}currency"))
        return frame, ColumnRule(column=(f"{OURS}currency",)), ()
    if code := fit.currencies.get("net") or fit.form.currency:
        return frame, ColumnRule(constant=code), ()
    return frame, ColumnRule(answer=CURRENCY.name), (CURRENCY,)


def _naming(frame: pl.DataFrame, fit: Fitted) -> pl.DataFrame:
    """Return what the rows say of recordings."""
    columns = fit.columns
    where = {
        "isrc": columns.get("isrc"),
        "title": _own(frame, columns, "track_title"),
        "artist": columns.get("track_artist") or columns.get("release_artist"),
        "album": columns.get("release_title"),
        "upc": columns.get("upc"),
        "label": columns.get("label"),
    }
    return frame.select(
        pl.col(column).alias(name) if column else pl.lit(None, pl.String).alias(name)
        for name, column in where.items()
    )


def _own(frame: pl.DataFrame, columns: dict[str, str], name: str) -> str | None:
    ours = f"{OURS}{name}"
    return ours if ours in frame.columns else columns.get(name)


def _rules(
    incoming: Incoming, frame: pl.DataFrame, fit: Fitted, sign: str | None, currency: ColumnRule
) -> tuple[tuple[str, ColumnRule], ...]:
    form, columns = fit.form, fit.columns
    made = {
        "file_hash": ColumnRule(constant=incoming.source.sha256),
        "source_row": ColumnRule(column=(f"{OURS}row",)),
        "source_file": ColumnRule(constant=incoming.source.name),
        "source": ColumnRule(constant=form.source),
        "currency": currency,
    }
    for name in ("statement_period", "sale_start", "sale_end", "territory", "sale_type",
                 "track_title", "release_title"):  # fmt: skip
        if column := _own(frame, columns, name):
            made[name] = ColumnRule(column=(column,))
    made |= {name: ColumnRule(column=(columns[name],)) for name in PLAIN if name in columns}
    if form.constant_store:
        made["store"] = ColumnRule(constant=form.constant_store)
    for name in MONEY:
        if name in columns:
            made[name] = ColumnRule(column=(columns[name],), decimal=sign, decimals=10,
                                    missing=("*",))  # fmt: skip
    for name in ("quantity", "fx_rate"):
        if name in columns:
            made[name] = ColumnRule(column=(columns[name],), decimal=sign, else_empty=True)
    if "quantity" in columns and SOLD in frame.columns:  # a refund takes back what was sold
        made["quantity"] = replace(made["quantity"], column=(SOLD,))
    return tuple(made.items())
