"""Lift tests: what a known change of spend on one channel brought against a control group."""

import dataframely as dy

from workbench.tables import columns as c


class LiftTests(dy.Schema):
    """One test of one channel; streams are counted from `start` to `end`, both included.

    test | channel | track_id (null: the label's campaigns together) | territory (null or WW: all) |
    start | end | control_spend (a week, without the change; null: what `campaigns` say) |
    extra_spend (a week, below zero where spend was cut) | currency | lift (streams against control)
    | standard_error | low | high (an interval in its place) | confidence (of it; null: 90 %)
    """

    test = c.key()
    channel = c.reference()
    track_id = c.reference(nullable=True)
    territory = c.territory(nullable=True)
    start = dy.Date()
    end = dy.Date()
    control_spend = c.money(nullable=True, min=0)
    extra_spend = c.money()
    currency = c.currency()
    lift = dy.Float64()
    standard_error = dy.Float64(nullable=True, min_exclusive=0.0)
    low = dy.Float64(nullable=True)
    high = dy.Float64(nullable=True)
    confidence = dy.Float64(nullable=True, min_exclusive=0.0, max_exclusive=1.0)

    @dy.rule()
    def ends_after_start(cls):
        return cls.end.col >= cls.start.col

    @dy.rule()
    def interval_is_wide(cls):
        return cls.low.col.is_null() | cls.high.col.is_null() | (cls.low.col < cls.high.col)
