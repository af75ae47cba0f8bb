"""Song: what it says, and to whom."""

from functools import partial

import streamlit as st

from workbench.charts import lyric
from workbench.listening.song import song_choices, song_streams
from workbench.lyrics.moving_words import moving_words
from workbench.lyrics.similar import similar_songs
from workbench.lyrics.song import song_moods
from workbench.parameters import Filters
from workbench.ui import line_marks, song_lyric
from workbench.ui import moods as words
from workbench.ui.filters import counted_by
from workbench.ui.next_weeks import first_weeks, next_weeks
from workbench.ui.page import open_page
from workbench.ui.song_audience import who_listens
from workbench.ui.text import escaped

page = open_page("songs/song")
filters = page.filters("artists", "genres", "countries", "segment")
places = Filters(countries=filters.countries, segment=filters.segment)
counted_by(filters)
row = st.container(horizontal=True, vertical_alignment="bottom", key="song-choices")
find = words.find_song(row)
linked = tuple(st.query_params.get_all("track"))
choices = page.compute(song_choices, filters=filters, find=find, linked=linked)
names = dict(choices.songs.iter_rows())
if not names:
    st.info("No song fits these choices. Reset the filters.", icon=":material/search:")
    page.foot("Songs are found by title, version and artist.")
    st.stop()
track = words.song_choice(row, names)
with row:
    heard = words.heard_choice()
st.subheader(escaped(names[track]), anchor=False)

streams = page.attempt(song_streams, track=track, filters=places)
song = page.attempt(song_moods, track=track, heard=heard)
numbers = words.song_strip(song, streams)
if song is not None:
    st.markdown(f"**{escaped(song.sentence)}**")
if numbers:
    page.strip(numbers)
place = None
if song is not None:
    place, line = song_lyric.lyric_and_moods(page, song, chosen=partial(line_marks.ask, page, song))
if song_lyric.scored(song):
    st.subheader("Similar songs", anchor=False)
    by = words.alike_choice()
    alike = page.attempt(similar_songs, track=track, by=by, filters=filters)
    if alike is not None:
        song_lyric.similar(page, alike, track)
if streams is not None and streams.total:
    st.subheader("Where it is heard", anchor=False)
    page.chart(lyric.markets, streams, key="markets", alt=f"Streams of {names[track]} by country")
    if filters.segment is None:  # what comes next is told of all streams
        next_weeks(page, track_id=track)
elif streams is not None and streams.planned:
    first_weeks(page, track)
who_listens(page, track, places)
if place is not None:
    song_lyric.moved_by(page, place, page.attempt(moving_words, track=track, line=line))
page.foot(
    "Each line is scored by itself, once, however often it is sung; sounds and other languages "
    "are not. The arc is a random walk seen through the lines' noise, with 90 % bands. Similar "
    "songs share the mix of moods, the themes of their windows of lines, or both. Who listens is "
    "the panel of a year; Taste clusters are learnt from the same plays, this song's among them.",
    card="moods",
)
