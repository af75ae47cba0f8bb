"""Plays: one row a play. A play of 30 seconds or more is a stream."""

import dataframely as dy

from workbench.tables import columns as c

INTENTIONAL = ("library", "artist_page", "listener_playlist", "search")
PROGRAMMED = ("editorial", "algorithmic", "radio")
SOURCES = (*INTENTIONAL, *PROGRAMMED, "unknown")
STREAM_MS = 30_000


class Plays(dy.Schema):
    """listener_id | track_id | played_at | ms_played | source | skipped | saved."""

    listener_id = c.key()
    track_id = c.key()
    played_at = c.moment(primary_key=True)
    ms_played = dy.Int64(nullable=True, min=0)
    source = c.one_of(SOURCES)
    skipped = dy.Bool(nullable=True)
    saved = dy.Bool(nullable=True)
