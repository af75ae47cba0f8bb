"""Playlist spells: one stay of a track on a playlist."""

import dataframely as dy

from workbench.tables import columns as c

KINDS = ("editorial", "algorithmic", "listener")


class PlaylistSpells(dy.Schema):
    """track_id | playlist | added_at | removed_at (null: still on it) | followers | kind."""

    track_id = c.key()
    playlist = c.key()
    added_at = c.moment(primary_key=True)
    removed_at = c.moment(nullable=True)
    followers = c.count()
    kind = c.one_of(KINDS, nullable=True)

    @dy.rule()
    def removed_after_added(cls):
        return cls.removed_at.col.is_null() | (cls.removed_at.col >= cls.added_at.col)
