"""Exports of ad managers: one row a campaign, or a part of one, and a day or a range of days.

What each looks like, in several languages, is declared in mappings/ads. Rows of a campaign that
differ in ad set, ad, age or place stay apart, as their spend adds up and their reach does not.
"""

import hashlib
from dataclasses import replace

import polars as pl

from workbench.importers import beneath, forms, statement_rows
from workbench.importers.forms import Fitted
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import DAY, ColumnRule, Mapping, Question, TableRule, checked
from workbench.importers.recordings_named import OURS
from workbench.importers.sheet import Sheet
from workbench.importers.spans import Span, span, spans
from workbench.importers.territories import alpha2
from workbench.importers.totals import Stated, Sum

FOLDER = "ads"
PARTS = ("adset", "ad", "age", "gender", "platform", "placement", "device", "network")
COUNTS = ("impressions", "clicks", "results")
LONGEST = 180
TOTAL = r"(?i)^\s*(?:grand )?(?:total|gesamt(?:summe)?|summe)\s*(?::.*|of \d[\d.,]* .*)?$"
NUMERIC = r"^[-(]?\s*(?:[A-Z]{3}|[€$£])?\s*\d[\d.,'\s\u{a0}\u{202f}]*(?:%|[€$£]|[A-Z]{3})?\)?$"
NOTHING = ("", "--", "-", "–", "—")
CURRENCY = Question("currency", "In which currency is the spend (three letters, such as EUR)?")
FROM = Question("from", "On which day does the report begin (year-month-day)?", DAY)
TO = Question("to", "On which day does the report end (year-month-day)?", DAY)


def recognised(incoming: Incoming) -> Understood | None:
    """Return an export of Meta, Google Ads or TikTok with what its rows mean."""
    known = forms.shipped(FOLDER)
    found = beneath.table_beneath(incoming, lambda header: forms.fitted(known, header))
    if found is None:
        return None
    fit, within = found.form, _within(found.above)
    sign = statement_rows.decimal_sign(found.sheet.frame, _numeric(found.sheet, fit))
    sheet, stated = _without_totals(found.sheet, fit, sign)
    sheet, notes = _delivered(sheet, fit)
    dated = {"day", "start"} & fit.columns.keys() or within
    mapping = Mapping(
        name=f"ads_{fit.form.name}",
        title=fit.form.title,
        source=fit.form.source,
        header=tuple(fit.columns.values()),
        tables=(TableRule("campaigns", _rules(fit, sign)),),
        questions=(*(() if _currency(fit) else (CURRENCY,)), *(() if dated else (FROM, TO))),
        about=" ".join(fit.form.about.split()),
        also=tuple(fit.columns.values()),
    )

    def completed(answers: dict[str, str]) -> Understood:
        said = within if dated else span(f"{answers['from']} - {answers['to']}")
        frame, more = _with_days_and_names(sheet.frame, fit, said)
        added = tuple(name for name in frame.columns if name.startswith(OURS))
        whole = replace(sheet, frame=frame, added=added, notes=(*sheet.notes, *notes, *more))
        return Understood(whole, checked(mapping), (Sum("campaigns", "spend", "currency", "spend",
                                                        stated),))  # fmt: skip

    return Understood(sheet, mapping, completed=completed)


def _within(above: tuple[tuple[str, ...], ...]) -> Span | None:
    """Return the range of dates that stands above the header."""
    for cells in above:
        for text in (", ".join(cell for cell in cells if cell), *cells):
            if (found := span(text)) is not None:
                return found
    return None


def _numeric(sheet: Sheet, fit: Fitted) -> list[str]:
    """Return the columns of which every cell is a number: they show the decimal sign."""
    apart = {fit.columns.get(name) for name in ("day", "start", "end", "campaign", "campaign_id")}
    found = []
    for name in sheet.columns:
        cells = sheet.frame[name].drop_nulls().str.strip_chars()
        cells = cells.filter(~cells.is_in(NOTHING))
        if name not in apart and cells.len() and cells.str.contains(NUMERIC).all():
            found.append(name)
    return found


def _without_totals(
    sheet: Sheet, fit: Fitted, sign: str | None
) -> tuple[Sheet, tuple[Stated, ...]]:
    """Take out rows of totals: those that say so, and those that name no campaign."""
    words = pl.any_horizontal(pl.col(sheet.columns).str.contains(TOTAL)).fill_null(value=False)
    named = pl.col(fit.columns["campaign"]).str.strip_chars().fill_null("")
    nobody = (named == "") | named.is_in(NOTHING) | named.str.contains(TOTAL)
    sheet, totals = beneath.rows_without(sheet, nobody & (words | (named == "")))
    spend = [text for text in totals[fit.columns["spend"]] if text]
    read = next((n for text in spend if (n := statement_rows.amount(text, sign))), None)
    rows = "1 row" if totals.height == 1 else f"{totals.height:,} rows"
    said = f"{rows} of totals passed over"
    if totals.height:
        sheet = replace(sheet, notes=(*sheet.notes, said))
    return sheet, (Stated(*read),) if read else ()


def _delivered(sheet: Sheet, fit: Fitted) -> tuple[Sheet, tuple[str, ...]]:
    """Take out rows of which nothing is known: no spend, no impressions, no clicks."""
    counts = [fit.columns[name] for name in COUNTS if name in fit.columns]
    idle = pl.all_horizontal(
        _is(fit.columns["spend"], NOTHING), *(_is(name, (*NOTHING, "0", "0.00")) for name in counts)
    )
    sheet, gone = beneath.rows_without(sheet, idle)
    rows = "1 row" if gone.height == 1 else f"{gone.height:,} rows"
    said = f"{rows} without spend, impressions and clicks passed over"
    return sheet, ((said,) if gone.height else ())


def _is(name: str, texts: tuple[str, ...]) -> pl.Expr:
    return pl.col(name).str.strip_chars().fill_null("").is_in(texts)


def _with_days_and_names(
    frame: pl.DataFrame, fit: Fitted, within: Span | None
) -> tuple[pl.DataFrame, list[str]]:
    """Add what a campaign's row is called, which days it covers, and where."""
    columns, notes = fit.columns, []
    if "day" in columns or "start" in columns:
        read = spans(frame[columns.get("day") or columns["start"]])
        last = read["end"]
        if "day" not in columns and "end" in columns:
            last = spans(frame[columns["end"]])["end"]
        days = read.select(
            start=pl.col("start").fill_null(frame[columns.get("day") or columns["start"]]),
            days=(last.str.to_date() - read["start"].str.to_date()).dt.total_days() + 1,
        )
    else:
        covered = (within[1] - within[0]).days + 1
        days = frame.select(
            start=pl.lit(within[0].isoformat()), days=pl.repeat(covered, pl.len(), dtype=pl.Int64)
        )
    if "territory" in columns:
        place = alpha2(frame[columns["territory"]])
        lost = frame.filter(place.is_null())[columns["territory"]].drop_nulls().unique()
        if lost.len():
            notes.append(f"countries not known, taken as WW: {', '.join(lost.sort().head(5))}")
        place = place.fill_null("WW")
    else:
        place = pl.repeat("WW", frame.height, dtype=pl.String, eager=True)
    parts = [columns[name] for name in PARTS if name in columns]
    named = [columns[name] for name in ("campaign", "campaign_id") if name in columns]
    called = frame.select(
        name=pl.concat_str([*named, *parts], separator=" · ", ignore_nulls=True),
        part=pl.concat_str(parts, separator=" · ", ignore_nulls=True) if parts else pl.lit(None),
    )
    frame = frame.with_columns(
        _short(called["name"]).alias(f"{OURS}campaign"),
        called["part"].cast(pl.String).replace("", None).alias(f"{OURS}targeting"),
        days["start"].alias(f"{OURS}day"),
        days["days"].cast(pl.String).alias(f"{OURS}days"),
        place.alias(f"{OURS}territory"),
    )
    return frame, notes


def _short(names: pl.Series) -> pl.Series:
    """Return names that are not too long for an id; what is cut off is told by a mark."""
    distinct = names.unique().drop_nulls()
    short = [
        name
        if len(name) <= LONGEST
        else f"{name[: LONGEST - 9]}…{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        for name in distinct
    ]
    return names.replace_strict(distinct, short, return_dtype=pl.String)


def _currency(fit: Fitted) -> ColumnRule | None:
    if code := fit.currencies.get("spend"):
        return ColumnRule(constant=code)
    column = fit.columns.get("currency")
    return ColumnRule(column=(column,)) if column else None


def _rules(fit: Fitted, sign: str | None) -> tuple[tuple[str, ColumnRule], ...]:
    columns = fit.columns
    rules = {
        "campaign_id": ColumnRule(column=(f"{OURS}campaign",), prefix=f"{fit.form.source}:"),
        "channel": ColumnRule(constant=fit.form.source),
        "spend": ColumnRule(column=(columns["spend"],), decimal=sign, decimals=4),
        "currency": _currency(fit) or ColumnRule(answer=CURRENCY.name),
    }
    for name in ("day", "territory", "targeting", "days"):
        rules[name] = ColumnRule(column=(f"{OURS}{name}",))
    for name in COUNTS:
        if name in columns:
            rules[name] = ColumnRule(column=(columns[name],), decimal=sign, else_empty=True)
    if "result_kind" in columns:
        rules["result_kind"] = ColumnRule(column=(columns["result_kind"],))
    elif "convers" in columns.get("results", "").casefold():  # “Results” alone may be anything
        rules["result_kind"] = ColumnRule(constant="conversions")
    return tuple(rules.items())
