"""Products: what the label sells beside streams."""

import dataframely as dy

from workbench.tables import columns as c


class Products(dy.Schema):
    """product_id | artist_id | kind | name | price | unit_cost | currency | available_from."""

    product_id = c.key()
    artist_id = c.reference(nullable=True)
    kind = c.text()
    name = c.text()
    price = c.money(nullable=True)
    unit_cost = c.money(nullable=True)
    currency = c.currency(nullable=True)
    available_from = dy.Date(nullable=True)
