"""The commands of `python -m workbench` that are more than a call."""
