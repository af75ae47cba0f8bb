"""ListenBrainz: the export as a zip or as JSON lines, and the older one as a JSON list.

Names that ListenBrainz mapped to MusicBrainz are preferred to what players sent.
"""

import json
from dataclasses import replace

import polars as pl

from workbench.importers import archive, play_history
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.json_rows import Shape
from workbench.importers.mapping import ColumnRule
from workbench.importers.play_history import History
from workbench.importers.sheet import Sheet

TRACK, INFO = "track_metadata", "track_metadata.additional_info"
MAPPED = f"{TRACK}.mbid_mapping"
ISRC, PLAYED, USER = f"{INFO}.isrc", f"{INFO}.ms_played", "user_name"
CREDIT, OWNER, INFO_FILE = "→ credit", "→ listener", "user.json"
SHAPE = Shape(
    needed=frozenset(("listened_at", TRACK)),
    marker="listened_at",
    cells=(
        "listened_at", USER, f"{TRACK}.track_name", f"{TRACK}.artist_name",
        f"{TRACK}.release_name", ISRC, PLAYED, f"{MAPPED}.recording_name", f"{MAPPED}.artists",
    ),
)  # fmt: skip


def recognised(incoming: Incoming) -> Understood | None:
    """Return an export of ListenBrainz."""
    sheet = play_history.read_json(incoming, SHAPE)
    if sheet is None:
        return None
    sheet, listener = _owned(incoming, sheet)
    sheet = play_history.derived(sheet, CREDIT, f"{MAPPED}.artists", _credit)
    title, credit = pl.col(f"{MAPPED}.recording_name"), pl.col(CREDIT)
    mapped = title.is_not_null() & credit.is_not_null()
    named = {
        "title": pl.when(mapped).then(title).otherwise(f"{TRACK}.track_name"),
        "artist": pl.when(mapped).then(credit).otherwise(f"{TRACK}.artist_name"),
        "album": pl.col(f"{TRACK}.release_name"),
        "isrc": pl.col(ISRC),
    }
    history = History(
        name="listenbrainz",
        title="ListenBrainz: listens",
        started=ColumnRule(column=("listened_at",), epoch="s"),
        played=ColumnRule(column=(PLAYED,), else_empty=True),
        listener=listener,
        about="Titles and artists as MusicBrainz has them where ListenBrainz knows the recording, "
        "else as the player sent them. Feedback and pins are left out.",
    )
    return play_history.understood(incoming, sheet, history, named)


def _owned(incoming: Incoming, sheet: Sheet) -> tuple[Sheet, str | None]:
    """Return the sheet and its column of listeners, where the export says whose it is."""
    if sheet.frame[USER].null_count() == 0 and not sheet.frame.is_empty():
        return sheet, USER
    owner = _owner(incoming)
    if owner is None:
        return replace(sheet, taken=(*sheet.taken, USER)), None
    frame = sheet.frame.with_columns(pl.lit(owner).alias(OWNER))
    return replace(sheet, frame=frame, added=(*sheet.added, OWNER)), OWNER


def _owner(incoming: Incoming) -> str | None:
    """Return the user name that the zip states in a file of its own."""
    if not archive.is_archive(incoming.source):
        return None
    for name, head in archive.heads(incoming.source).items():
        if archive.bare(name) == INFO_FILE:
            try:
                said = json.loads(head)
            except (ValueError, RecursionError):
                return None
            found = said.get("username") if isinstance(said, dict) else None
            return found.strip() or None if isinstance(found, str) else None
    return None


def _credit(text: str) -> str | None:
    """Return a credit such as “A feat. B” from its artists and the words between them."""
    try:
        people = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(people, list) or not all(isinstance(one, dict) for one in people):
        return None
    parts = [(one.get("artist_credit_name"), one.get("join_phrase") or "") for one in people]
    if not parts or not all(isinstance(part, str) for both in parts for part in both):
        return None
    return "".join(name + joined for name, joined in parts).strip() or None
