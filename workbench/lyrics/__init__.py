"""Lyrics: from raw text to moods by line, song and catalogue.

text, headers, structure   raw text -> clean lines with sections, performers, stamps, repeats
language, vocables, outcome   what can be scored, line by line and song by song, and why not
lyric_lines, windows   the artifact `lyric_lines`: every lyric read once; lines packed in windows
encoder_files, base, layers, tuned, shipped, batches, encoder   one pass: frozen and tuned layers
embedding   the artifact `line_embeddings`: each distinct line and window once
families, heads, hub_emotions, moods   28 emotion labels, three affects; the artifact `line_moods`
track_lines, catalogue, groups, words_and_sound   moods of every track, artist, genre, year
song, song_parts, arc, moving_words, marks   one song, line by line; what people say of its moods
similar, difference, contrast, contrast_words, vocabulary   songs and artists beside each other
aside, demo   an unreleased lyric, scored in memory
themes, theme_groups, theme_words   the artifact `themes`: what songs are about
query, search, search_index, search_evidence   songs found by meaning, mood and words
mood_performance, within   moods against saves, skips and decay, within artists
training   how the tuned layers and the heads in weights/ were trained
"""
