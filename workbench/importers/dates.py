"""Text becomes days and times; a form that could mean two days is refused."""

import polars as pl

from workbench.importers.casting import Cast, bare, nothing, unread

ISO_DAY = r"^\d{4}-\d{2}-\d{2}$"
PARTIAL_DAY = r"^\d{4}(-\d{2})?$"
# Where one of two numbers is above 12 it is the day.
DAY_FIRST = r"^(1[3-9]|2\d|3[01])([/-])(\d{1,2})[/-](\d{4})$"
MONTH_FIRST = r"^(\d{1,2})([/-])(1[3-9]|2\d|3[01])[/-](\d{4})$"
SLASHED = r"^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}"
# Forms of a day that can mean one day only.
CERTAIN_DAYS = ("%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%B %d, %Y",
                "%b %d, %Y")  # fmt: skip
ISO_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$"


def day(
    raw: pl.Expr, *, forms: tuple[str, ...] = (), partial: bool = False, plus_days: int = 0
) -> Cast:
    """Return dates.

    Parameters
    ----------
    raw : the text. forms : how a day is written where that is known, as strptime has it.
    partial : whether a year or a month alone may be left empty instead of refused.
    plus_days : added to each date.
    """
    text = bare(raw)
    midnight = text.str.replace(r"[T ]00:00(:00(\.0+)?)?Z?$", "")
    if forms:
        value = certain = pl.coalesce(
            _four_digits(midnight.str.to_date(form, strict=False)) for form in forms
        )
    else:
        iso = pl.when(midnight.str.contains(ISO_DAY)).then(midnight)
        value = _four_digits(iso.str.to_date("%Y-%m-%d", strict=False))
        timed = pl.when(midnight.str.contains(r"^\d{4}-\d{2}-\d{2}[T ]")).then(midnight)
        certain = pl.coalesce(
            value,
            _four_digits(timed.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)),
            *(_four_digits(midnight.str.to_date(form, strict=False)) for form in CERTAIN_DAYS),
            _clear(midnight, DAY_FIRST, "$4-$3-$1"),
            _clear(midnight, MONTH_FIRST, "$4-$1-$3"),
        )
    alone = text.str.contains(PARTIAL_DAY) & certain.is_null()
    emptied = alone & pl.lit(partial)
    refused = text.is_not_null() & certain.is_null() & ~emptied
    problem = (
        pl.when(refused & alone)
        .then(pl.lit("is a year or month, not a day"))
        .when(refused & text.str.contains(SLASHED))
        .then(pl.lit("is a date that can be read in two ways (say the form of dates)"))
        .when(refused)
        .then(pl.lit("is no date"))
    )
    change = (
        pl.when(emptied)
        .then(pl.lit("a year or month is no day; left empty"))
        .when(certain.is_not_null() & value.is_null())
        .then(pl.lit("a date in another form, read as year-month-day"))
    )
    return Cast(certain.dt.offset_by(f"{plus_days}d"), problem, change)


def _clear(text: pl.Expr, form: str, iso: str) -> pl.Expr:
    shaped = pl.when(text.str.contains(form)).then(text.str.replace(form, iso))
    return shaped.str.to_date("%Y-%m-%d", strict=False)


def _four_digits(read: pl.Expr) -> pl.Expr:
    """Leave out years of the first centuries: 3/4/26 is none of them, and 0000 is no year."""
    return pl.when(read.dt.year() >= 1000).then(read)


def moment(
    raw: pl.Expr, *, forms: tuple[str, ...] = (), epoch: str | None = None, zone: str = "UTC"
) -> Cast:
    """Return instants, UTC, in milliseconds.

    Parameters
    ----------
    raw : the text. forms : strptime forms where they are known. epoch : “s” or “ms” where the
    column counts from 1970. zone : of times that name none, and of a clock that counts from 1970 in
    its own zone.
    """
    text = bare(raw)
    kind = pl.Datetime("ms", "UTC")
    if epoch:
        factor = 1000 if epoch == "s" else 1
        count = text.cast(pl.Float64, strict=False) * factor
        value = count.round().cast(pl.Int64, strict=False).cast(kind)
        if zone != "UTC":  # a clock that counted by the hands on its wall
            wall = value.dt.replace_time_zone(None)
            placed = wall.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
            value = placed.dt.convert_time_zone("UTC")
        reason = "is no number of seconds" + ("" if zone == "UTC" else ", or no time of that zone")
        whole = raw.cast(pl.Int64, strict=False)
        plain = pl.when(whole.abs() < 2**53 // factor).then((whole * factor).cast(kind))
        problem = unread(text, value, reason)
        return Cast(value, problem, nothing(), plain if zone == "UTC" else None)
    if forms:
        value = pl.coalesce(_local(text, form, zone) for form in forms)
        return Cast(value, unread(text, value, "is no time in the form that was said"), nothing())
    iso = text.str.replace(" ", "T", literal=True)
    shaped = pl.when(iso.str.contains(ISO_TIME)).then(iso)
    zoned = shaped.str.contains(r"(Z|[+-]\d{2}:?\d{2})$")
    absolute = pl.coalesce(
        pl.when(zoned).then(shaped).str.to_datetime(form, strict=False, time_zone="UTC")
        for form in ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
    )
    local = pl.when(~zoned).then(shaped)
    value = pl.coalesce(
        absolute.cast(kind),
        _local(local, "%Y-%m-%dT%H:%M:%S%.f", zone),
        _local(local, "%Y-%m-%dT%H:%M", zone),
    )
    only_day = _local(
        pl.when(text.str.contains(ISO_DAY)).then(pl.concat_str(text, pl.lit("T00:00"))),
        "%Y-%m-%dT%H:%M",
        zone,
    )
    change = pl.when(only_day.is_not_null()).then(pl.lit("a day without a time; taken as midnight"))
    value = pl.coalesce(value, only_day)
    return Cast(value, unread(text, value, "is no time (year-month-day hour:minute)"), change)


def _local(text: pl.Expr, form: str, zone: str) -> pl.Expr:
    """Read a time that names no zone; one that the clock skipped or repeated is not read."""
    read = text.str.to_datetime(form, strict=False, time_unit="ms")
    placed = read.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    return placed.dt.convert_time_zone("UTC")
