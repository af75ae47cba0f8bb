"""Lyrics: from raw text to moods by line, song and catalogue.

text, headers, structure   raw text -> clean lines with sections, performers, stamps, repeats
language, vocables, outcome   what can be scored, line by line and song by song, and why not
reading, windows   the artifact `lyric_lines`: every lyric read once; lines packed for the encoder
encoder_files, base, layers, tuned, shipped, encoder   frozen vectors and tuned outputs, one pass
embedding   the artifact `line_embeddings`: each distinct line and window once
families, heads, moods   28 emotion labels and three affects; the artifact `line_moods`
songs, arc, catalogue, groups, similar   the analyses
training   how the tuned layers and the heads in weights/ were trained
"""
