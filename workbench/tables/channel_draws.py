"""Posterior draws of channels by a model of one's own, in the form that the response model has."""

import dataframely as dy

from workbench.tables import columns as c


class ChannelDraws(dy.Schema):
    """One channel on one draw, of a model of the total over all tracks and territories.

    channel | draw (the same numbers for every channel) | adstock_kind (geometric) |
    saturation_kind (logistic or michaelis_menten, which is Hill's with a slope of 1; the same for
    all) | adstock (share of a week's push left a week later) | saturation (lam of
    (1 - e^-lam x) / (1 + e^-lam x), or k of x / (x + k)) | effect (streams a week when saturated) |
    spend_scale (money a week that is x = 1)
    """

    channel = c.key()
    draw = dy.Int64(primary_key=True, min=0)
    adstock_kind = c.one_of(("geometric",))
    saturation_kind = c.one_of(("logistic", "michaelis_menten"))
    adstock = dy.Float64(min_exclusive=0.0, max_exclusive=1.0)
    saturation = dy.Float64(min_exclusive=0.0)
    effect = dy.Float64(min_exclusive=0.0)
    spend_scale = dy.Float64(min_exclusive=0.0)
