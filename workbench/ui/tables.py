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
