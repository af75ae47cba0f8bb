"""Files of every format that is imported, made up by chance, with the rows that they mean.

What a file means is written down from what it was made of, never read from it.
"""
