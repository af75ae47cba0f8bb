"""Experiments: who was in which arm of a test, and what came of it."""

import dataframely as dy

from workbench.tables import columns as c


class Experiments(dy.Schema):
    """experiment | unit (a listener or a territory) | arm | outcome | date | covariates."""

    experiment = c.key()
    unit = c.key()
    arm = dy.String(min_length=1)
    outcome = dy.Float64()
    date = dy.Date(nullable=True)
    covariates = dy.List(
        dy.Struct({"name": dy.String(), "value": dy.Float64(nullable=True)}), nullable=True
    )
