"""Order lines of a shop: who bought what and when, one row a line, refunds with a minus."""

import polars as pl

from workbench.importers import casting
from workbench.importers.forms import Fitted
from workbench.importers.mapping import KEEP, ColumnRule, TableRule
from workbench.importers.recordings_named import OURS
from workbench.importers.sheet import REFUSED, ROW

REFUND = r"(?i)\b(refund|reversal|chargeback)"
NUMBERS = ("quantity", "price", "amount", "extra", "discount")
TIMES = ("%m/%d/%y %I:%M%p", "%m/%d/%Y %I:%M%p", "%d %b %Y %H:%M:%S", "%m/%d/%Y %H:%M",
         "%Y/%m/%d %H:%M:%S")  # fmt: skip
LONGEST = 180
ORDER, PRODUCT, SOLD = f"{OURS}order", f"{OURS}product", f"{OURS}sold"


def with_orders(
    frame: pl.DataFrame, fit: Fitted, sign: str | None, currency: ColumnRule
) -> tuple[pl.DataFrame, tuple[TableRule, ...]]:
    """Return rows with what they say of orders, and the rules for purchases and products.

    Parameters
    ----------
    frame : rows of a file. fit : its columns; `order_lines` names those of the order. sign : the
    decimal sign. currency : where it stands.

    Notes
    -----
    The amount is the line's own, or price times quantity, less a discount and with what was paid
    on top; without taxes and shipping where a file says those apart. A refund is an order of its
    own, so that it never takes the place of the sale.
    """
    columns, source = fit.order_lines, fit.form.source
    texts = {name: pl.col(column).str.strip_chars() for name, column in columns.items()}
    number = {name: _number(texts[name], sign) for name in NUMBERS if name in columns}
    nought = pl.lit(0, pl.Decimal(18, 4))
    quantity = number.get("quantity", pl.lit(None, pl.Decimal(18, 4))).fill_null(1)
    amount = number.get("amount", pl.lit(None, pl.Decimal(18, 4)))
    if "price" in number:
        each = (number["price"] * quantity).cast(pl.Decimal(18, 4))
        amount = pl.coalesce(amount, each - number.get("discount", nought).fill_null(0))
    amount = amount + number.get("extra", nought).fill_null(0)
    none = pl.lit(None, pl.String)
    kind = texts.get("kind", none)
    back = (kind.str.contains(REFUND) | (amount < 0)).fill_null(value=False)
    order = pl.when(texts["order_id"] != "").then(texts["order_id"])
    made = frame.select(
        ROW,
        pl.format("{}:{}{}", pl.lit(source), order, pl.when(back).then(pl.lit(":refund"))
                  .otherwise(pl.lit(""))).alias(ORDER),
        pl.when(back).then(-quantity.abs()).otherwise(quantity).alias("quantity"),
        pl.when(back).then(-amount.abs()).otherwise(amount).alias("amount"),
        pl.when(back & (texts.get("quantity", none) != "0")).then(
            pl.format("-{}", texts.get("quantity", none).str.strip_chars_start("-"))
        ).otherwise(texts.get("quantity", none)).alias(SOLD),
        _time(texts["purchased_at"]).alias(f"{OURS}purchased_at"),
        # a refund is of a kind of its own: it takes the product of the sale that it undoes
        _product(texts, source, back).alias(PRODUCT),
    ).with_columns(
        pl.col("quantity").cast(pl.String).str.replace(r"\.0*$", "").alias(f"{OURS}quantity"),
        pl.col("amount").cast(pl.String).alias(f"{OURS}amount"),
        pl.int_range(1, pl.len() + 1).over(ORDER).cast(pl.String).alias(f"{OURS}line"),
    )  # fmt: skip
    first = pl.col(ROW) == pl.col(ROW).min().over(PRODUCT)
    sold = pl.col(ORDER).is_not_null() & pl.col(PRODUCT).is_not_null()
    made = made.with_columns(pl.when(first & sold).then(PRODUCT).alias(f"{OURS}new product")).drop(
        ROW, "quantity", "amount"
    )
    return frame.hstack(made), _rules(columns, currency)


def unread(frame: pl.DataFrame, fit: Fitted, sign: str | None) -> pl.DataFrame:
    """Return file_row | column | reason of numbers that are none, so that none is made up."""
    found = [pl.DataFrame(schema=REFUSED)]
    for name in NUMBERS:
        if (column := fit.order_lines.get(name)) is not None:
            problem = casting.number(pl.col(column), pl.Decimal(18, 4), decimal=sign).problem
            rows = frame.select(ROW, column=pl.lit(column), reason=problem).drop_nulls("reason")
            found.append(rows.cast(REFUSED))
    return pl.concat(found)


def _rules(columns: dict[str, str], currency: ColumnRule) -> tuple[TableRule, ...]:
    ours = {"order_id": ORDER, "product_id": PRODUCT}
    ours |= {name: f"{OURS}{name}" for name in ("line", "quantity", "amount", "purchased_at")}
    purchase = {name: ColumnRule(column=(column,)) for name, column in ours.items()}
    purchase["currency"] = currency
    if "buyer" in columns:
        purchase["listener_id"] = ColumnRule(column=(columns["buyer"],))
    product = {"product_id": ColumnRule(column=(f"{OURS}new product",))}
    product |= {
        name: ColumnRule(column=(columns[of],))
        for name, of in (("name", "item"), ("kind", "kind"))
        if of in columns
    }
    return (
        TableRule("purchases", tuple(purchase.items()), only=ORDER),
        TableRule("products", tuple(product.items()), existing=KEEP, only=f"{OURS}new product"),
    )


def _number(text: pl.Expr, sign: str | None) -> pl.Expr:
    return casting.number(text, pl.Decimal(18, 4), decimal=sign).value


def _time(text: pl.Expr) -> pl.Expr:
    """Return times in ISO form where they are written otherwise; the rest as it stands."""
    plain = text.str.replace(r"\s*(UTC|GMT)$", "")
    read = pl.coalesce(plain.str.to_datetime(form, strict=False) for form in TIMES)
    joined = text.str.replace(r"\s+([+-]\d{2}:?\d{2})$", "$1").str.replace(r"\s*(UTC|GMT)$", "Z")
    return pl.coalesce(read.dt.strftime("%Y-%m-%dT%H:%M:%S"), joined)


def _product(texts: dict[str, pl.Expr], source: str, back: pl.Expr) -> pl.Expr:
    """Return what names a product: its number, or its artist, title and kind."""
    own = [texts[name] for name in ("artist", "item") if name in texts]
    parts = [*own, *([texts["kind"]] if "kind" in texts else [])]
    named = pl.concat_str(parts, separator=" · ", ignore_nulls=True).str.slice(0, LONGEST)
    if own:
        sold = pl.when(~back).then(named)
        named = pl.when(back).then(sold.drop_nulls().first().over(own)).otherwise(named)
    sku = texts.get("sku", pl.lit(None, pl.String))
    item = texts.get("item", pl.lit(None, pl.String))
    name = pl.when(sku != "").then(sku).when(item != "").then(named)
    return pl.format("{}:{}", pl.lit(source), name)
