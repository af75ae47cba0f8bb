"""The few column kinds that tables share: what an id, a country, a time and an amount look like."""

from collections.abc import Sequence

import dataframely as dy
import polars as pl

# An id is any printable text: labels bring ISRCs, URIs and numbers of their own.
_ID = r"^[^\x00-\x1f\x7f]{1,200}$"


def key(**options: object) -> dy.String:
    """Return an identifier that belongs to the primary key."""
    return dy.String(primary_key=True, regex=_ID, **options)


def reference(*, nullable: bool = False) -> dy.String:
    """Return an identifier that points at a row of another table."""
    return dy.String(nullable=nullable, regex=_ID)


def text() -> dy.String:
    """Return free text that a source may lack."""
    return dy.String(nullable=True)


def count() -> dy.Int64:
    """Return a whole number of people or events, zero or more, that a source may lack."""
    return dy.Int64(nullable=True, min=0)


def share() -> dy.Float64:
    """Return a number from 0 to 1 that a source may lack."""
    return dy.Float64(nullable=True, min=0.0, max=1.0)


def moment(**options: object) -> dy.Datetime:
    """Return an instant, UTC, in milliseconds."""
    return dy.Datetime(time_unit="ms", time_zone="UTC", **options)


def money(**options: object) -> dy.Decimal:
    """Return an amount in the currency that the row names."""
    return dy.Decimal(18, 4, **options)


def currency(*, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return an ISO 4217 code."""
    return dy.String(nullable=nullable, primary_key=primary_key, regex=r"^[A-Z]{3}$")


def territory(*, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return an ISO 3166 alpha-2 code, or WW where a source gives no breakdown."""
    return dy.String(nullable=nullable, primary_key=primary_key, regex=r"^[A-Z]{2}$")


def one_of(values: Sequence[str], *, nullable: bool = False, primary_key: bool = False):
    """Return text that must be one of `values`."""
    allowed = list(values)

    def check(column: pl.Expr) -> pl.Expr:
        return column.is_in(allowed)

    return dy.String(nullable=nullable, primary_key=primary_key, check=check)
