"""What must be there before a service is asked anything: a note read and accepted, and a token.

Nothing here asks anybody; both are kept by the label and by the machine.
"""

import datetime
import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from workbench.dataset import Dataset
from workbench.errors import ReadOnly, SetUpError
from workbench.settings import PROJECT, settings
from workbench.store import state
from workbench.store.looked_up import Consent

TOKEN = "GENIUS_ACCESS_TOKEN"
SECRETS = (PROJECT / ".streamlit" / "secrets.toml", Path("~/.streamlit/secrets.toml"))
HOW_TO_GET_ONE = (
    "Make an API client at https://genius.com/api-clients (any name and address will do), press "
    f"“Generate access token”, and put it where the workbench starts: as {TOKEN} in the "
    "environment, or as a line "
    f'{TOKEN} = "…" in .streamlit/secrets.toml. Then start the workbench again. It is never shown, '
    "logged or stored."
)
NOTES = {
    "genius": """\
**Your own files come first.** The label or its publishers hold the words of its songs. What you \
import yourself is always shown instead of what was found at Genius.

**What Genius allows.** Its interface for programs gives facts about songs, but not their words. \
Those are read from its public pages. Its terms of service (read for this note as of June 2020; \
[the current ones](https://genius.com/static/terms) may differ) forbid to collect its pages by \
program, and commercial use, unless Genius agrees. Nobody can take that risk for you: ask Genius \
or your lawyer before you do this for a whole catalogue. The words themselves belong to writers \
and publishers, wherever they are read.

**What leaves this machine.** Title and artist of each released track that has no lyric, with your \
token. Planned tracks and demos are never sent.

**What is kept.** The words, cleaned of what the page prints around them, with their source, the \
address of the page and the day. Whoever may see the label sees them. Each run can be taken back \
as a whole, each song on its own.

**How it asks.** At most one request a second, for all processes together; it waits when Genius \
says so, and stops when Genius refuses.""",
    "musicbrainz": """\
**Your own files come first.** An ISRC is given by whoever owns the recording. Only tracks that \
have none are looked up, and what stands in your files is never changed.

**What both services allow.** MusicBrainz and ListenBrainz are run by the MetaBrainz Foundation. \
Their facts about recordings are free for any use (CC0), but volunteers enter them and may err. \
MusicBrainz asks for at most one request a second and an address to write to when something goes \
wrong; companies that use it are [asked to support it](https://metabrainz.org/supporters).

**What leaves this machine.** Title and artist of each released track without an ISRC, and the \
contact that you set. Planned tracks and demos are never sent.

**What is kept.** One ISRC where exactly one recording is surely the track and bears exactly one; \
where from and when. Each can be taken back. The table of tracks changes with it, so clusters and \
the promotion model are made again.

**How it asks.** At most one request a second, for all processes together.""",
}
TITLES = {"genius": "Genius' terms", "musicbrainz": "MusicBrainz and ListenBrainz"}
# The command that shows a service's note.
COMMANDS = {"genius": "lyrics", "musicbrainz": "isrcs"}


@dataclass(frozen=True)
class Given:
    """Who accepted the note that is in force, and when."""

    user: str
    at: datetime.datetime


def accepted(label: Dataset, service: str) -> Given | None:
    """Return who accepted a service's note; None: nobody, it was withdrawn, or it has changed."""
    last = [row for row in state.rows(label.home, Consent).to_dicts() if row["service"] == service]
    if not last or not last[-1]["given"] or last[-1]["note"] != _version(service):
        return None
    return Given(last[-1]["user"], last[-1]["at"])


def accept(label: Dataset, service: str) -> None:
    """Note that the user of this process read a service's note and accepts it for the label."""
    _say(label, service, given=True)


def withdraw(label: Dataset, service: str) -> None:
    """Take that back; what was looked up stays, and nothing more is asked."""
    _say(label, service, given=False)


def required(label: Dataset, service: str) -> None:
    """Raise unless the note is accepted and the label can be written to."""
    if label.manifest.sample:
        raise ReadOnly("The sample label is read only. Say which label: --label NAME.")
    if accepted(label, service) is None:
        raise SetUpError(
            f"Nobody has accepted the note on {TITLES[service]} for this label. Read it on the "
            f"Import page, or by: python -m workbench {COMMANDS[service]} terms"
        )


def token() -> str | None:
    """Return the token of Genius from the environment or Streamlit's secrets; None: there is none.

    Raises
    ------
    SetUpError
        It cannot be one, or the secrets cannot be read; the message does not repeat them.
    """
    found, place = os.environ.get(TOKEN), "the environment"
    for path in () if found else (path.expanduser() for path in SECRETS):
        try:
            found, place = tomllib.loads(path.read_text(encoding="utf-8")).get(TOKEN), path
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            raise SetUpError(f"{path} cannot be read as TOML; correct it.") from None
        if found:
            break
    if not found:
        return None
    if not (isinstance(found, str) and re.fullmatch(r"[\x21-\x7e]{8,200}", found)):
        raise SetUpError(f"{TOKEN} in {place} is no token: give it as one word, in quotes.")
    return found


def _version(service: str) -> str:
    return hashlib.sha256(NOTES[service].encode()).hexdigest()[:16]


def _say(label: Dataset, service: str, *, given: bool) -> None:
    if label.manifest.sample:
        raise ReadOnly("The sample label is read only. Start your own label on the Home page.")
    user = settings().current_user
    state.record(
        label.home, Consent, user=user, service=service, note=_version(service), given=given
    )
    act = "note accepted" if given else "acceptance withdrawn"
    state.log_access(label.home, user, act, service)
