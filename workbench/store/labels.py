"""Where labels lie, which there are, and how a new one begins."""

import re
import unicodedata
import zoneinfo
from pathlib import Path

from workbench.errors import BadInput
from workbench.settings import PROJECT, settings
from workbench.store import manifest
from workbench.store.change import change

SAMPLE = "sample"
SAMPLE_FOLDER = PROJECT / "sample_data" / "label"
LONGEST = 60
# Windows takes these for devices, whatever folder they are in.
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def new_label(name: str, currency: str = "EUR", time_zone: str = "UTC") -> Path:
    """Make an empty label in the home folder; return its folder.

    Raises
    ------
    BadInput
        The name, currency or time zone is none, or the name is taken.
    """
    title = " ".join(name.split())
    folder = settings().home / _slug(title)
    if folder == settings().home:
        raise BadInput(f"“{name}” cannot name a label; give a name with letters or digits.")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadInput(f"“{currency}” is no currency; give three letters such as EUR.")
    if time_zone not in zoneinfo.available_timezones():
        raise BadInput(f"“{time_zone}” is no time zone; give one such as Europe/Berlin.")
    if folder.name == SAMPLE:
        raise BadInput(f"“{name}” is taken: it is the label that ships. Choose another name.")
    with change(folder) as writing:
        if writing.manifest.generation:
            raise BadInput(f"“{name}” is taken: {folder} holds a label. Choose another name.")
        writing.describe(title=title, currency=currency, time_zone=time_zone)
    return folder


def labels() -> list[str]:
    """Return the names of the labels that can be opened, the sample first."""
    home = settings().home
    own = sorted(path.parent.name for path in home.glob(f"*/{manifest.NAME}"))
    sample = [SAMPLE] if (SAMPLE_FOLDER / manifest.NAME).exists() else []
    return [*sample, *(name for name in own if name != SAMPLE)]


def places(name: str) -> tuple[Path, Path]:
    """Return the folder of a label's tables and the folder of what is derived from them."""
    if name == SAMPLE:
        return SAMPLE_FOLDER, settings().home / SAMPLE
    if "/" in name or "\\" in name:
        folder = Path(name).expanduser().resolve()
    else:
        folder = settings().home / name
    return folder, folder


def _slug(title: str) -> str:
    """Return a folder's name for a title: letters and digits of any script, and hyphens."""
    words = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", title).casefold())
    slug = words[:LONGEST].strip("-")
    return f"{slug}-label" if _DEVICES.fullmatch(slug) else slug
