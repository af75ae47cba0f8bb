"""Importers: files become tables; every row is accepted, repaired or rejected."""
