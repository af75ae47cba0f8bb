"""The app: opening a page, computing with a cache and a record, filters, tables, jobs."""
