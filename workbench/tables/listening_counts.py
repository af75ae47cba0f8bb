"""Listening counts: how often a listener played an artist or track, from sources without times."""

import dataframely as dy

from workbench.tables import columns as c

ENTITIES = ("artist", "track")


class ListeningCounts(dy.Schema):
    """listener_id | entity (artist, track) | entity_id | plays."""

    listener_id = c.key()
    entity = c.one_of(ENTITIES, primary_key=True)
    entity_id = c.key()
    plays = dy.Int64(min=0)
