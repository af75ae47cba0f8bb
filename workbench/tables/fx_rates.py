"""Exchange rates: units of a currency for one unit of the home currency on a day."""

import dataframely as dy

from workbench.tables import columns as c


class FxRates(dy.Schema):
    """currency | day | rate (units of `currency` for one unit of the home currency) | source."""

    currency = c.currency(primary_key=True)
    day = dy.Date(primary_key=True)
    rate = dy.Float64(min_exclusive=0.0)
    source = c.text()
