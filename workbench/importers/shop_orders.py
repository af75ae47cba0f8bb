"""Orders of a shop, one row a line: known by their columns, as mappings/orders declares them."""

from dataclasses import replace

import polars as pl

from workbench.importers import beneath, forms, statement_rows
from workbench.importers.forms import Fitted
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, Question, checked
from workbench.importers.order_lines import NUMBERS, ORDER, unread, with_orders
from workbench.importers.recordings_named import OURS
from workbench.importers.totals import Sum

FOLDER = "orders"
OF_AN_ORDER = ("purchased_at", "buyer", "currency", "status")
CURRENCY = Question("currency", "In which currency are the prices (three letters, such as EUR)?")


def recognised(incoming: Incoming) -> Understood | None:
    """Return the orders of a shop with what they mean."""
    known = forms.shipped(FOLDER)
    found = beneath.table_beneath(incoming, lambda header: forms.fitted(known, header))
    if found is None:
        return None
    sheet, fit = found.sheet, found.form
    if not {"order_id", "purchased_at"} <= fit.order_lines.keys():
        return None
    sheet = replace(sheet, frame=_filled(sheet.frame, fit))
    sheet, void = beneath.rows_without(sheet, _void(sheet.columns, fit))
    said = (f"{void.height:,} lines of orders that were voided or refunded passed over",)
    numbers = [fit.order_lines[name] for name in NUMBERS if name in fit.order_lines]
    sign = statement_rows.decimal_sign(sheet.frame, numbers)
    currency, questions = _currency(fit)
    frame, rules = with_orders(sheet.frame, fit, sign, currency)
    mapping = Mapping(
        name=f"orders_{fit.form.name}",
        title=fit.form.title,
        source=fit.form.source,
        header=tuple(fit.order_lines.values()),
        tables=tuple(replace(rule, only="") if rule.name == "purchases" else rule
                     for rule in rules),
        questions=questions,
        about=" ".join(fit.form.about.split()),
        also=tuple(fit.order_lines.values()),
    )  # fmt: skip
    whole = replace(
        sheet,
        frame=frame,
        notes=(*sheet.notes, *(said if void.height else ())),
        added=tuple(name for name in frame.columns if name.startswith(OURS)),
        refused=pl.concat([sheet.refused, unread(frame, fit, sign)]),
        order=ORDER,
    )
    return Understood(whole, checked(mapping), (Sum("purchases", "amount", "currency", "amounts"),))


def _filled(frame: pl.DataFrame, fit: Fitted) -> pl.DataFrame:
    """Give each line what stands in the first line of its order only."""
    order = fit.order_lines["order_id"]
    columns = [fit.order_lines[name] for name in OF_AN_ORDER if name in fit.order_lines]
    filled = [pl.col(n).fill_null(pl.col(n).drop_nulls().first().over(order)) for n in columns]
    numbered = pl.col(order).str.strip_chars().fill_null("") != ""
    return frame.with_columns(
        pl.when(numbered).then(new).otherwise(pl.col(name)).alias(name)
        for new, name in zip(filled, columns, strict=True)
    )


def _void(names: list[str], fit: Fitted) -> pl.Expr:
    if fit.form.payouts is None:
        return pl.lit(False)
    return statement_rows.marked(names, fit.form.payouts)


def _currency(fit: Fitted) -> tuple[ColumnRule, tuple[Question, ...]]:
    if column := fit.order_lines.get("currency"):
        return ColumnRule(column=(column,)), ()
    return ColumnRule(answer=CURRENCY.name), (CURRENCY,)
