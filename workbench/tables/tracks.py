"""Tracks: one row a recording; a remix, a live take and a remaster are recordings of their own."""

import dataframely as dy

from workbench.tables import columns as c

STATUS = ("released", "planned", "demo")


class Tracks(dy.Schema):
    """A recording.

    track_id | isrc | title | version | artist_id | featured | release_date | genre | language |
    duration_ms | album | upc | label | writers | explicit | status | audio_valence and audio_energy
    (0 to 1, from the audio) | tempo (beats a minute).
    """

    track_id = c.key()
    isrc = dy.String(nullable=True, regex=r"^[A-Z]{2}[A-Z0-9]{3}\d{7}$")
    title = dy.String(min_length=1)
    version = c.text()
    artist_id = c.reference()
    featured = dy.List(dy.String(), nullable=True)
    release_date = dy.Date(nullable=True)
    genre = c.text()
    language = c.text()
    duration_ms = dy.Int64(nullable=True, min=1)
    album = c.text()
    upc = dy.String(nullable=True, regex=r"^\d{12,14}$")
    label = c.text()
    writers = dy.List(dy.String(), nullable=True)
    explicit = dy.Bool(nullable=True)
    status = c.one_of(STATUS)
    audio_valence = c.share()
    audio_energy = c.share()
    tempo = dy.Float64(nullable=True, min=1.0, max=400.0)
