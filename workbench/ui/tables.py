"""Words that people use for columns: the mapping from code words to screen words."""

from streamlit import column_config as column

HOLDINGS = {
    "table": None,
    "title": column.TextColumn("Table"),
    "rows": column.NumberColumn("Rows", format="localized"),
    "first": column.DateColumn("From"),
    "last": column.DateColumn("To"),
    "days_behind": column.NumberColumn(
        "Days behind", help="Days that this table ends before the label's newest day"
    ),
    "sources": column.NumberColumn("Sources"),
    "brought_by": column.TextColumn("Comes with", width="large"),
}
ARTIFACTS = {
    "artifact": None,
    "title": column.TextColumn("Artifact"),
    "made": column.CheckboxColumn("Made"),
    "reads": column.TextColumn("Learns from", width="large"),
    "version": column.TextColumn("Version"),
}
ASSUMPTIONS = {
    "setting": column.TextColumn("Setting"),
    "value": column.TextColumn("In force"),
    "default": column.TextColumn("Default"),
}
PLAN_CHANNELS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "current_spend": column.NumberColumn("Spend now", format="localized"),
    "scenario_spend": column.NumberColumn("Spend in scenario", format="localized"),
    "current_low": None,
    "current_median": column.NumberColumn("Streams now", format="compact"),
    "current_high": None,
    "scenario_low": column.NumberColumn("at least (5 %)", format="compact"),
    "scenario_median": column.NumberColumn("Streams in scenario", format="compact"),
    "scenario_high": column.NumberColumn("at most (95 %)", format="compact"),
    "current_revenue": None,
    "scenario_revenue": column.NumberColumn("Revenue in scenario", format="%.0f"),
    "current_return": None,
    "scenario_return": column.NumberColumn(
        "Return", format="percent", help="Revenue of the streams won, over the spend"
    ),
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
        "Width against the prior", format="percent", min_value=0, max_value=1,
        help="Above 80 % the prior speaks louder than the data",
    ),
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
        help="Rows that later imports have not replaced; not known for plays, which are merged",
    ),
    "sha256": column.TextColumn("Hash of the file", width="small"),
    "source": column.TextColumn("Import", width="small"),
}
BEST_SPLIT = {
    "channel": column.TextColumn("Channel", pinned=True),
    "now": column.NumberColumn("In scenario", format="localized"),
    "best": column.NumberColumn("Best split", format="localized"),
    "ceiling": column.NumberColumn(
        "Ceiling", format="%.0f", help="1.2 times the largest week tried, over the flight"
    ),
}
BROUGHT = {
    "channel": column.TextColumn("Channel", pinned=True),
    "spend": column.NumberColumn("Spent", format="localized"),
    "brought_low": column.NumberColumn("at least (5 %)", format="compact"),
    "brought": column.NumberColumn("Streams brought", format="compact"),
    "brought_high": column.NumberColumn("at most (95 %)", format="compact"),
    "per_money": column.NumberColumn("Streams for one unit of money", format="%.1f"),
}
