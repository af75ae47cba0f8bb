"""Window totals: one metric of a track or artist over a window, for sources without days."""

import dataframely as dy

from workbench.tables import columns as c
from workbench.tables.listening_counts import ENTITIES


class WindowTotals(dy.Schema):
    """A metric over a window, its last day included.

    entity | entity_id | window_start | window_end | territory | store | metric | value
    """

    entity = c.one_of(ENTITIES, primary_key=True)
    entity_id = c.key()
    window_start = dy.Date(primary_key=True)
    window_end = dy.Date(primary_key=True)
    territory = c.territory(primary_key=True)
    store = c.key()
    metric = c.key()
    value = dy.Float64()

    @dy.rule()
    def window_is_not_negative(cls):
        return cls.window_end.col >= cls.window_start.col
