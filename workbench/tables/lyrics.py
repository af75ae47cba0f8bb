"""Lyrics: the text of a track as one source gave it, kept raw; cleaning is `workbench.lyrics`'s."""

import dataframely as dy

from workbench.tables import columns as c


class Lyrics(dy.Schema):
    """track_id | source (label, genius, ...) | text | language (as stated) | fetched_at."""

    track_id = c.key()
    source = c.key()
    text = dy.String()
    language = c.text()
    fetched_at = c.moment(nullable=True)
