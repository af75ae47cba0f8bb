"""Daily streams: what a store counted for a track or artist on a day in a territory."""

import dataframely as dy

from workbench.tables import columns as c
from workbench.tables.listening_counts import ENTITIES


class DailyStreams(dy.Schema):
    """What a store counted on a day.

    entity | entity_id | day | territory | store | streams | listeners | saves | followers |
    monthly_listeners | monthly_active_listeners | super_listeners | playlist_adds.

    A row that is not there is not known, unless the source says that it lists every day with
    streams. Listeners are people of that day and are never summed.
    """

    entity = c.one_of(ENTITIES, primary_key=True)
    entity_id = c.key()
    day = dy.Date(primary_key=True)
    territory = c.territory(primary_key=True)
    store = c.key()
    streams = c.count()
    listeners = c.count()
    saves = c.count()
    followers = c.count()
    monthly_listeners = c.count()
    monthly_active_listeners = c.count()
    super_listeners = c.count()
    playlist_adds = c.count()
