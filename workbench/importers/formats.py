"""The registry of formats: to add one, write a file with a recogniser and add its line here.

A recogniser looks at what came in and returns how it is understood, or None. It goes by the
header or the structure, never by the name of the file. The first that answers counts.
"""

from collections.abc import Callable

from workbench.importers import (
    ad_managers,
    apple_music,
    catalogue_sheet,
    dsr,
    genius_json,
    listenbrainz,
    lrc,
    lyric_tables,
    lyric_texts,
    own_tables,
    profiles,
    scrobbles_json,
    scrobbles_table,
    shop_orders,
    spotify_artists,
    spotify_history,
    statements,
    youtube_studio,
)
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import Mapping

Recogniser = Callable[[Incoming], Understood | None]


def _by_mapping(incoming: Incoming) -> Understood | None:
    """Recognise a file by the headers of the known mappings; the one that names most counts."""
    if incoming.sheet is None:
        return None
    here = {name.casefold() for name in incoming.sheet.columns}
    fitting = [
        mapping
        for mapping in profiles.known(incoming.home)
        if mapping.header and {name.casefold() for name in mapping.header} <= here
    ]
    if not fitting:
        return None
    return understood(incoming, max(fitting, key=lambda mapping: len(mapping.header)))


FORMATS: tuple[Recogniser, ...] = (
    dsr.recognised,
    spotify_history.recognised,
    listenbrainz.recognised,
    scrobbles_json.recognised,
    genius_json.recognised,
    lrc.recognised,
    _by_mapping,
    spotify_artists.recognised,
    youtube_studio.recognised,
    apple_music.recognised,
    scrobbles_table.recognised,
    own_tables.recognised,
    lyric_texts.recognised,
    statements.recognised,
    shop_orders.recognised,
    ad_managers.recognised,
    lyric_tables.recognised,
    catalogue_sheet.recognised,
)


def understood(incoming: Incoming, mapping: Mapping) -> Understood:
    """Return a file read as a mapping says."""
    return Understood(incoming.read_as(mapping.reading), mapping)


def recognised(incoming: Incoming) -> Understood | None:
    """Return how a file is understood; None where no format knows it.

    Raises
    ------
    BadInput
        It cannot be read at all.
    """
    for recognise in FORMATS:
        found = recognise(incoming)
        if found is not None:
            return found
    if incoming.error is not None:
        raise incoming.error
    return None
