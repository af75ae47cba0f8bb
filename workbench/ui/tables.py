"""Words that people use for columns: the mapping from code words to screen words."""

from collections.abc import Mapping

import polars as pl
from streamlit import column_config as column

from workbench.promotion.points import EDGE_NAMES
from workbench.tables import TABLES

# Shares in these formats are shown times 100 (`readable`): the browser's own percent has neither
# a fixed number of decimals nor the space before the sign.
PERCENT = "%.1f %%"
SIGNED = "%+.1f %%"
POINTS = "%.1f points"  # a difference of shares

HOLDINGS = {
    "table": None,
    "title": column.TextColumn("Table"),
    "rows": column.NumberColumn("Rows", format="localized"),
    "first": column.DateColumn("From"),
    "last": column.DateColumn("To"),
    "days_behind": column.NumberColumn(
        "Days behind", help="Days that this table ends before the label's newest day"
    ),
    "sources": column.NumberColumn("Sources", help="Imports that still stand"),
    "brought_by": column.TextColumn("What brings it", width="large"),
}
ARTIFACTS = {
    "artifact": None,
    "title": column.TextColumn("Artifact"),
    "made": column.CheckboxColumn("Made"),
    "reads": column.TextColumn("Learns from", width="large"),
    "version": column.TextColumn("Version"),
}
ASSUMPTIONS = {
    "meaning": column.TextColumn("What it is", width="large"),
    "value": column.TextColumn("In force"),
    "default": column.TextColumn("Default"),
    "setting": column.TextColumn("Set by", help="Variable of the environment"),
}
MEANINGS = {
    "artist_share": "Share of the artist of what arrives for a stream",
    "currency": "Currency of amounts, where a label names none",
    "distribution_share": "Share of the payout that the distributor keeps",
    "emotions": "Model of the hub that tells the moods of lines",
    "encoder": "Model that reads lyrics and similar songs",
    "lyric_languages": "Languages of lyrics that are scored",
    "min_group": "Listeners under which a number about people is hidden",
    "min_group_outside": "Listeners under which a cluster may not leave the house",
    "payout": "Money for one stream, in the home currency",
}
PLAN_CHANNELS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "current_spend": column.NumberColumn("Spend now", format="localized"),
    "scenario_spend": column.NumberColumn("Spend in scenario", format="localized"),
    "current_low": None,
    "current_median": column.NumberColumn("Streams now", format="localized", step=1, help="Median"),
    "current_high": None,
    "scenario_low": column.NumberColumn("at least (5 %)", format="localized", step=1),
    "scenario_median": column.NumberColumn("Streams in scenario", format="localized", step=1),
    "scenario_high": column.NumberColumn("at most (95 %)", format="localized", step=1),
    **{f"current_{m}_{edge}": None for m in ("revenue", "return") for edge in EDGE_NAMES},
    "scenario_revenue_low": column.NumberColumn("Revenue, at least", format="localized", step=1),
    "scenario_revenue_median": column.NumberColumn(
        "Revenue", format="localized", step=1, help="In the scenario: what is kept of streams won"
    ),
    "scenario_revenue_high": column.NumberColumn("Revenue, at most", format="localized", step=1),
    "scenario_return_low": column.NumberColumn("Return, at least", format=PERCENT),
    "scenario_return_median": column.NumberColumn(
        "Return", format=PERCENT, help="Revenue of the streams won in the window, over the spend"
    ),
    "scenario_return_high": column.NumberColumn("Return, at most", format=PERCENT),
}
PLANS = {
    "fact": column.TextColumn("", pinned=True),
    "current": column.TextColumn("Current plan"),
    "scenario": column.TextColumn("Scenario"),
}
PLAN_CELLS = {
    "cell": None,
    "name": column.TextColumn("Segment", pinned=True),
    "current_share": column.NumberColumn("Share of spend now", format=PERCENT),
    "current_streams": column.NumberColumn("Streams won now", format="localized", step=1),
    "scenario_share": column.NumberColumn("Share in scenario", format=PERCENT),
    "scenario_streams": column.NumberColumn("Streams won in scenario", format="localized", step=1),
    "scenario_low": column.NumberColumn("at least (5 %)", format="localized", step=1),
    "scenario_high": column.NumberColumn("at most (95 %)", format="localized", step=1),
}
BELIEFS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "parameter": column.TextColumn(
        "Parameter",
        help="carry: left after a week; bend: saturation; effect: streams of a usual week",
    ),
    "median": column.NumberColumn("Median", format="%.3g"),
    "low": column.NumberColumn("5 %", format="%.3g"),
    "high": column.NumberColumn("95 %", format="%.3g"),
    "sd": None,
    "prior_sd": None,
    "dominance": column.ProgressColumn(
        "Width against the prior",
        format="%.0f %%",
        min_value=0,
        max_value=100,
        help="Above 80 % the prior speaks louder than the data",
    ),
    "prior_median": column.NumberColumn("Before: median", format="%.3g"),
    "prior_low": column.NumberColumn("Before: 5 %", format="%.3g"),
    "prior_high": column.NumberColumn("Before: 95 %", format="%.3g"),
    "prior_louder": column.CheckboxColumn("Prior louder"),
    "weeks": column.NumberColumn("Weeks used"),
    "tracks": column.NumberColumn("Tracks"),
    "least": None,
    "usual": column.NumberColumn("Usual week", format="localized"),
    "most": column.NumberColumn("Largest week", format="localized"),
    "total": column.NumberColumn("Spent", format="localized"),
}
PRIORS = {
    "prior": column.TextColumn("Prior", pinned=True),
    "low": column.NumberColumn("5 %", format="%.3g"),
    "median": column.NumberColumn("Median", format="%.3g"),
    "high": column.NumberColumn("95 %", format="%.3g"),
    "meaning": column.TextColumn("What it is", width="large"),
    "source": column.TextColumn("Source", width="large"),
    "assumption": column.CheckboxColumn("Assumption"),
    "own": column.CheckboxColumn("Your own"),
}

KNOWN = {
    "files": column.TextColumn("File", width="large"),
    "brings": column.TextColumn("What it brings", width="large"),
}
IMPORTED = {
    "table": column.TextColumn("Fills"),
    "read": column.NumberColumn("Rows read", format="localized"),
    "accepted": column.NumberColumn("Accepted", format="localized"),
    "repaired": column.NumberColumn(
        "Repaired", format="localized", help="Taken with a change that is listed below"
    ),
    "rejected": column.NumberColumn(
        "Rejected", format="localized", help="Not taken, for the reason listed below"
    ),
    "stand": column.NumberColumn(
        "Will stand",
        format="localized",
        help="Rows that say the same thing again are stored once",
    ),
    "again": column.NumberColumn(
        "Held already",
        format="localized",
        help="Plays that another import told: nearer than a minute, they are one and count once",
    ),
    "things": column.NumberColumn(
        "Entities", format="localized", help="Different tracks, artists, listeners or campaigns"
    ),
    "first": column.DateColumn("From"),
    "last": column.DateColumn("To"),
}
FINDINGS = {
    "table": column.TextColumn("Table"),
    "outcome": column.TextColumn("Outcome"),
    "column": column.TextColumn("Column"),
    "finding": column.TextColumn("Finding", width="large"),
    "rows": column.NumberColumn("Rows", format="localized"),
    "example": column.TextColumn("Example"),
}
IMPORTS = {
    "at": column.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
    "user": column.TextColumn("Who"),
    "file": column.TextColumn("File"),
    "table": column.TextColumn("Table"),
    "rows_read": column.NumberColumn("Rows read", format="localized"),
    "accepted": column.NumberColumn("Accepted", format="localized"),
    "repaired": column.NumberColumn("Repaired", format="localized"),
    "rejected": column.NumberColumn("Rejected", format="localized"),
    "standing": column.NumberColumn(
        "Still stand",
        format="localized",
        help="Rows that go when the import is taken back: later imports have not replaced them, "
        "and no other import brought the same plays",
    ),
    "sha256": column.TextColumn("Hash of the file", width="small"),
    "source": column.TextColumn("Import", width="small"),
}
BROUGHT = {
    "channel": column.TextColumn("Channel", pinned=True),
    "spend": column.NumberColumn("Spent", format="localized"),
    "brought_low": column.NumberColumn("at least (5 %)", format="localized", step=1),
    "brought": column.NumberColumn("Streams brought", format="localized", step=1),
    "brought_high": column.NumberColumn("at most (95 %)", format="localized", step=1),
    "per_money": column.NumberColumn("Streams for one unit of money", format="%.1f"),
}


def readable(frame: pl.DataFrame, columns: Mapping) -> pl.DataFrame:
    """Return a table as it is shown: shares in percent, and rounded where a column has step 1.

    The browser would cut decimals off instead of rounding.
    """
    told = {
        name: column["type_config"]
        for name, column in columns.items()
        if column and name in frame.columns
    }
    shares = [
        name for name, kind in told.items() if str(kind.get("format")).endswith(("%%", "points"))
    ]
    whole = [name for name, kind in told.items() if kind.get("step") == 1]
    return frame.with_columns(
        *(pl.col(name) * 100 for name in shares), *(pl.col(name).round() for name in whole)
    )


def with_meaning(settings: pl.DataFrame) -> pl.DataFrame:
    """Return settings with what each is in words, and the variable that sets it."""
    words = pl.col("setting").replace_strict(MEANINGS, default=None, return_dtype=pl.String)
    variable = pl.format("WORKBENCH_{}", pl.col("setting").str.to_uppercase())
    return settings.select(words.alias("meaning"), "value", "default", variable.alias("setting"))


def told(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table about tables with their titles, and with columns as people write them."""
    titles = {name: kind.title for name, kind in TABLES.items()}
    words = {
        "table": pl.col("table").replace(titles),
        "column": pl.col("column").str.replace_all("_", " "),
    }
    return frame.with_columns(**{name: word for name, word in words.items() if name in frame})
