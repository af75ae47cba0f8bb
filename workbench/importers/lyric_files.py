"""Lyrics that come in many files: each kind of them is one import, and not one a song."""

from workbench.importers import genius_json, lrc, lyric_texts
from workbench.importers.reading import Source


def combined(sources: list[Source]) -> list[Source]:
    """Return sources with all lyric texts as one, all LRC files, and all files of lyricsgenius.

    Timed lyrics come last: where a song has a text of both kinds, the one that says more stays.
    """
    genius = [source for source in sources if genius_json.is_genius(source)]
    timed = [source for source in sources if lrc.is_lrc(source)]
    prose = [source for source in sources if lyric_texts.is_prose(source)]
    taken = {*genius, *timed, *prose}
    rest = [source for source in sources if source not in taken]
    return [
        *rest,
        *genius_json.combined(genius),
        *([lyric_texts.combined(prose)] if prose else []),
        *([lrc.combined(timed)] if timed else []),
    ]
