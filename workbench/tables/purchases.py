"""Purchases: one row an order line; a refund is a line with a negative quantity and amount."""

import dataframely as dy

from workbench.tables import columns as c


class Purchases(dy.Schema):
    """order_id | line | listener_id | product_id | quantity | amount | currency | purchased_at."""

    order_id = c.key()
    line = dy.Int64(primary_key=True, min=1)
    listener_id = c.reference(nullable=True)
    product_id = c.reference(nullable=True)
    quantity = dy.Int64()
    amount = c.money()
    currency = c.currency()
    purchased_at = c.moment()
