"""Statements: one row a line of a distributor's statement, in one shape for all of them."""

import dataframely as dy

from workbench.tables import columns as c


class Statements(dy.Schema):
    """A line of a statement.

    source_file | file_hash | source_row | source | statement_period | sale_start | sale_end |
    store | territory | isrc | track_title | track_artist | upc | release_title | release_artist |
    label | catalog_no | sale_type | quantity | gross | net | currency | fx_rate.

    Identifiers stay as the statement printed them; matching to tracks is the catalogue's.
    """

    file_hash = c.key()
    source_row = dy.Int64(primary_key=True, min=1)
    source_file = dy.String()
    source = dy.String()
    statement_period = c.text()
    sale_start = dy.Date(nullable=True)
    sale_end = dy.Date(nullable=True)
    store = c.text()
    territory = c.territory(nullable=True)
    isrc = c.text()
    track_title = c.text()
    track_artist = c.text()
    upc = c.text()
    release_title = c.text()
    release_artist = c.text()
    label = c.text()
    catalog_no = c.text()
    sale_type = c.text()
    quantity = dy.Int64(nullable=True)
    gross = dy.Decimal(24, 10, nullable=True)
    net = dy.Decimal(24, 10, nullable=True)
    currency = c.currency()
    fx_rate = dy.Float64(nullable=True, min_exclusive=0.0)
