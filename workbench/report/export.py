"""Tables as CSV that a spreadsheet opens without obeying what a cell says."""

import polars as pl

# A cell that begins with one of these is run as a formula by spreadsheets (OWASP, CSV injection).
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def safe_text(column: str) -> pl.Expr:
    """Return a text column whose cells no spreadsheet takes for a formula; a lone “-” stays."""
    text = pl.col(column).str.replace_all("\0", "")
    starts = pl.any_horizontal(text.str.starts_with(trigger) for trigger in TRIGGERS)
    return pl.when(starts & (text != "-")).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose lists are texts, since CSV has no lists."""
    lists = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    texts = [
        pl.col(name).map_elements(
            lambda value: ", ".join(str(item) for item in value), return_dtype=pl.String
        )
        for name in lists
    ]
    return frame.with_columns(texts)


def csv(frame: pl.DataFrame) -> bytes:
    """Return a frame as UTF-8 CSV with a header; texts are formula-safe, numbers stay numbers."""
    rows = flat(frame).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    names = [name for name, dtype in rows.schema.items() if dtype == pl.String]
    safe = rows.with_columns(safe_text(name).alias(name) for name in names)
    header = pl.DataFrame({"name": frame.columns}).select(safe_text("name")).to_series()
    return safe.rename(dict(zip(frame.columns, header, strict=True))).write_csv().encode()


def xlsx(sheets: dict[str, pl.DataFrame]) -> bytes:
    """Return frames as the sheets of one workbook, by name; no text is taken for a formula."""
    import io

    import xlsxwriter

    held = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, {"in_memory": True, **plain}) as book:
        for name, frame in sheets.items():
            rows = flat(frame).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
            rows.write_excel(book, worksheet=name, autofit=True)
    return held.getvalue()
