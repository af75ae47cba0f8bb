"""Events: what else moved streams, or will: shows, festivals, awards, outages, holidays."""

import dataframely as dy

from workbench.tables import columns as c


class Events(dy.Schema):
    """One event, or one row of a control series.

    event | name | kind (a free word; events of a kind are taken to do the same) | first_day |
    last_day (null: the same day) | value (null: 1; of a series, one number a row) | artist_id,
    track_id, territory (whom it touches; null: all)
    """

    event = c.key()
    name = c.reference()
    kind = c.reference()
    first_day = dy.Date()
    last_day = dy.Date(nullable=True)
    value = dy.Float64(nullable=True)
    artist_id = c.reference(nullable=True)
    track_id = c.reference(nullable=True)
    territory = c.territory(nullable=True)

    @dy.rule()
    def ends_after_it_begins(cls):
        return cls.last_day.col.is_null() | (cls.last_day.col >= cls.first_day.col)
