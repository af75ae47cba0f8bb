"""The generator of the sample label: one step a module, in the order of `generate.py`."""
