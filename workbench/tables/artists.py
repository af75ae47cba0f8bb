"""Artists: one row an artist, own roster and prospects alike."""

import dataframely as dy

from workbench.tables import columns as c


class Artists(dy.Schema):
    """artist_id | name | country | genres | signed (null: not known)."""

    artist_id = c.key()
    name = dy.String(min_length=1)
    country = c.territory(nullable=True)
    genres = dy.List(dy.String(), nullable=True)
    signed = dy.Bool(nullable=True)
