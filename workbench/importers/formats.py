"""The registry of formats: to add one, write a file with a recogniser and add it here.

A recogniser looks at what came in and returns how it is understood, or None. It goes by the
header or the structure, never by the name of the file. The first that answers counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from workbench.importers import (
    ad_managers,
    apple_music,
    catalogue_sheet,
    dsr,
    events_sheet,
    experiments_sheet,
    genius_json,
    listenbrainz,
    lrc,
    lyric_tables,
    lyric_texts,
    own_models,
    own_tables,
    profiles,
    scrobbles_json,
    scrobbles_table,
    shop_orders,
    spotify_artists,
    spotify_history,
    statements,
    statements_mapped,
    youtube_studio,
)
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import Mapping
from workbench.importers.recordings_mapped import by_recording, named_by_title
from workbench.importers.records import personal

Recogniser = Callable[[Incoming], Understood | None]


def _by_mapping(incoming: Incoming) -> Understood | None:
    """Recognise a file by the headers of the known mappings; the one that names most counts."""
    if incoming.sheet is None:
        return None
    here = {name.casefold() for name in incoming.sheet.columns}
    fitting = [
        mapping
        for mapping in profiles.known(incoming.home)
        if (header := _asked_for(mapping)) and header <= here
    ]
    if not fitting:
        return None
    return understood(incoming, max(fitting, key=lambda mapping: len(mapping.header)))


def _asked_for(mapping: Mapping) -> set[str]:
    """Return the header that a mapping needs: our rejected rows lack what nobody may read."""
    header = {name.casefold(): name for name in mapping.header}
    return {key for key, name in header.items() if key in mapping.used or not personal(name)}


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes
    ----------
    recognised : what tells it. files : what people call it. brings : what it fills, in words.
    """

    recognised: Recogniser
    files: str
    brings: str


FORMATS = (
    Format(own_models.recognised,
           "The saved fit of a PyMC-Marketing or Meridian model (.nc)", "draws of your own model"),
    Format(dsr.recognised, "DDEX sales reports (DSR)", "statements, recordings"),
    Format(spotify_history.recognised, "Spotify privacy export: the zip, or its JSON files",
           "plays, recordings"),
    Format(listenbrainz.recognised, "ListenBrainz export", "plays, recordings"),
    Format(scrobbles_json.recognised, "Last.fm as JSON pages", "plays, recordings"),
    Format(genius_json.recognised, "What lyricsgenius saves: a song, an artist, an album",
           "lyrics, recordings"),
    Format(lrc.recognised, "Lyrics with times (.lrc)", "lyrics, recordings"),
    Format(_by_mapping, "Any table that you mapped before", "what the mapping says"),
    Format(spotify_artists.recognised,
           "Spotify for Artists: audience timeline, songs, playlists, one song",
           "daily streams, totals of a window, playlist stays"),
    Format(youtube_studio.recognised, "YouTube Studio: videos, videos by day, days of a channel",
           "totals of a window"),
    Format(apple_music.recognised, "Apple Music for Artists: songs, plays by day",
           "totals of a window, daily streams"),
    Format(scrobbles_table.recognised,
           "Last.fm, Libre.fm, Maloja, Pano Scrobbler, .scrobbler.log", "plays, recordings"),
    Format(experiments_sheet.recognised,
           "An experiment: one row a unit, with its arm, what came of it, what was known before",
           "experiments"),
    Format(own_tables.recognised, "Our own tables, as they are downloaded here", "the same table"),
    Format(events_sheet.recognised,
           "A sheet of events: name, kind, first day, and last day, value, artist, song, country",
           "events"),
    Format(lyric_texts.recognised, "Lyrics as .txt, one file a song", "lyrics"),
    Format(statements.recognised,
           "Statements of DistroKid, TuneCore, CD Baby, Believe, The Orchard, Bandcamp, Beatport, "
           "Symphonic", "statements, recordings; of Bandcamp also purchases"),
    Format(shop_orders.recognised, "Shop orders (Shopify, or any sheet of order lines)",
           "purchases, products"),
    Format(ad_managers.recognised, "Meta, Google and TikTok ads", "campaigns"),
    Format(lyric_tables.recognised, "A table of lyrics: text, and id, ISRC, title or artist",
           "lyrics, recordings"),
    Format(catalogue_sheet.recognised, "A catalogue sheet or release schedule: title, artist, …",
           "recordings, also those to come"),
)  # fmt: skip


def known() -> pl.DataFrame:
    """Return files | brings of the kinds of file that are recognised, by name."""
    return pl.DataFrame([(one.files, one.brings) for one in FORMATS],
                        schema=["files", "brings"], orient="row").sort("files")  # fmt: skip


def understood(incoming: Incoming, mapping: Mapping) -> Understood:
    """Return a file read as a mapping says."""
    sheet, mapping = incoming.read_as(mapping.reading), named_by_title(mapping)
    sheet, mapping = statements_mapped.with_places(sheet, mapping, incoming)
    found = Understood(sheet, mapping)
    if mapping.recording:
        found = by_recording(sheet, mapping, incoming.label, incoming.stored_as(mapping.source))
    return replace(found, sums=statements_mapped.sums(mapping))


def recognised(incoming: Incoming) -> Understood | None:
    """Return how a file is understood; None where no format knows it.

    Raises
    ------
    BadInput
        It cannot be read at all.
    """
    for one in FORMATS:
        found = one.recognised(incoming)
        if found is not None:
            return found
    if incoming.error is not None:
        raise incoming.error
    return None
