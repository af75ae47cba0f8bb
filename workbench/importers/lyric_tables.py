"""Tables of lyrics: one row a song, with its words, known by the usual names of the columns."""

from workbench.importers.catalogue_sheet import ALIASES
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.lyrics_named import FILE, FRESH, NAMING, TEXT, Lyrics, understood
from workbench.importers.own_tables import spelt

# As spelt() has them; the first that the file has is taken.
WORDS = ("lyrics", "lyric", "lyrics_text", "lyric_text", "song_lyrics", "song_text",
         "full_lyrics", "plain_lyrics", "plainlyrics", "paroles", "letra", "songtext")  # fmt: skip
# Any text may be called so: it is a lyric where the row says of which recording.
TEXTS = ("text", "words")
SAID = {name: ALIASES[name] for name in (*NAMING, *FRESH, "features")} | {
    "track_id": ("track_id", "trackid"),
    "language": ("language", "lyrics_language", "lang", "language_code"),
    "source": ("source", "lyrics_source"),
    "fetched_at": ("fetched_at", "retrieved_at", "scraped_at"),
    FILE: ("lyric_file", "lyrics_file", "file_name", "filename"),
}


def recognised(incoming: Incoming) -> Understood | None:
    """Return a table with a column of lyrics and one that says whose they are."""
    sheet = incoming.sheet
    if sheet is None:
        return None
    spelled = {spelt(name): name for name in reversed(sheet.columns)}
    here = {
        ours: next((spelled[name] for name in names if name in spelled), None)
        for ours, names in SAID.items()
    }
    here = {ours: name for ours, name in here.items() if name}
    named = {"track_id", "isrc"} & here.keys() or {"title", "artist"} <= here.keys()
    words = next((spelled[name] for name in WORDS if name in spelled), None)
    if words is None and named:
        words = next((spelled[name] for name in TEXTS if name in spelled), None)
    if words is None or not (named or {"title", FILE} & here.keys()):
        return None
    lyrics = Lyrics("lyric_tables", "Table of lyrics", "lyric-table", sheet, here | {TEXT: words})
    return understood(incoming, lyrics)
