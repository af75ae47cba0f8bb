"""The catalogue as one: listening and lyrics of each track side by side."""
