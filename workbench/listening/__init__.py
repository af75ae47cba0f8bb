"""Which source counts, and what listening adds up to by day, week, track and artist."""
