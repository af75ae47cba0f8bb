"""Campaigns: what was spent on a channel on a day (or over a few days) in a territory."""

import dataframely as dy

from workbench.tables import columns as c


class Campaigns(dy.Schema):
    """Spend of a campaign on a channel.

    campaign_id | channel | day (first one) | territory | track_id | targeting | spend |
    currency | impressions | clicks | results | result_kind | days (how many the row covers)
    """

    campaign_id = c.key()
    channel = c.key()
    day = dy.Date(primary_key=True)
    territory = c.territory(primary_key=True)
    track_id = c.reference(nullable=True)
    targeting = c.text()
    spend = c.money()
    currency = c.currency()
    impressions = c.count()
    clicks = c.count()
    results = c.count()
    result_kind = c.text()
    days = dy.Int64(min=1, max=366)
