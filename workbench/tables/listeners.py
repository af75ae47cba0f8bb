"""Listeners: pseudonyms with the little that a label may know of them."""

import dataframely as dy

from workbench.tables import columns as c


class Listeners(dy.Schema):
    """listener_id (a pseudonym) | country | age_band | first_seen | consent (to be contacted)."""

    listener_id = c.key()
    country = c.territory(nullable=True)
    age_band = c.text()
    first_seen = dy.Date(nullable=True)
    consent = dy.Bool(nullable=True)
