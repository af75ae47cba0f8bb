"""Which recording of a song a title means: the words that name a version, in several languages.

A version has kinds (remix, live, remaster, ...) and a detail: the words that are left, such as the
remixer, the place or the year. Two recordings are the same only when both agree. Some texts name
the plain recording: an "Original Mix" or an "Album Version" is no other recording than the song.
"""

import re
from dataclasses import dataclass

from workbench.catalogue.names import simple

# Kind -> what a bracket or a tail after a dash must hold. Texts come folded: no case, accents or
# signs, one space between words.
_VERSION = r"(?:version|versione|versio|versao|fassung|ver|take|mix|edit)"
KINDS: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "remaster": r"\b(?:re ?master\w*|digitally mastered)\b|リマスター",
        "remix": r"\b(?:re ?mix\w*|rmx|re ?work(?:ed)?|refix|retouch\w*|reboot|bootleg|re ?edit"
        r"|redux|remezcla|mash ?up|vip$|vip (?:mix|edit)|flip$)|リミックス",
        "mix": r"\bmix(?:ed|es)?$|\bmix (?:\d{4}|edit|cut|version|by)\b",
        "edit": r"\b(?:edit(?:ed)?$|edit (?:by|\d{4})|(?:radio|single|short|tv|video|clean)"
        r" (?:edit|version|cut)|radio mix|radio$|cut$|clean$)",
        "live": r"^live$|^live (?:at|in|from|on|aus|im|am|a|en|de|by|with|version|sessions?"
        r"|acoustic|recording|mix|edit|take|und|and|bonus|performance|lounge|room|\d{2,4})\b|\blive$"
        r"|\blive (?:version|sessions?|recording|edit|mix|lounge|\d{4})\b|\b(?:en vivo|ao vivo"
        r"|en directo|en direct|dal vivo|en concierto|en concert|in concert|im konzert|live aus"
        r"|recorded (?:live|at)|konzertmitschnitt)\b|ライブ|現場",
        "acoustic": r"\b(?:acoustic\w*|acustic\w*|acoustique|akust\w*|unplugged"
        r"|stripped(?: down)?(?: version)?$)|アコースティック",
        "instrumental": r"\b(?:instrumental\w*|backing track|off vocals?|minus one)\b"
        r"|^instr?(?: ver\w*| mix)?$|^(?:no|without) vocals?$|伴奏|インストゥルメンタル|カラオケ",
        "karaoke": r"\bkaraoke\b",
        "a cappella": r"\ba ?c+ap+el+a\b",
        "demo": rf"\b(?:demos?(?: {_VERSION}| recording| tape| \d{{4}})*$|maqueta|work ?tape"
        r"|rough mix)|^(?:original )?demo\b|デモ",
        "sped up": r"\b(?:sped up|speed up|speeded up|nightcore|fast version)\b",
        "slowed": r"\b(?:slowed|slow version|chopped|screwed|daycore)\b",
        "extended": r"\b(?:extended|xtended|12 inch|long version|maxi)\b"
        r"|^12 (?:mix|version|single)",
        "dub": r"\bdub(?: mix| version| edit)?$",
        "orchestral": r"\b(?:orchestral|symphonic)\b",
        "mono": r"\bmono(?: version| mix)?$",
        "cover": r"\bcover(?: version)?$|\b(?:tribute to|originally (?:performed|recorded) by"
        r"|made famous by|in the style of)\b",
        "session": r"\b(?:sessions?(?: \d{4})?$|spotify (?:studios|singles)|colors show)",
        "reprise": r"\breprise$",
        "alternate": r"\b(?:altern(?:ate|ative) (?:take|version|mix)|outtake|take \d+$"
        r"|(?:early|first) (?:take|version))",
        "re-recorded": r"\b(?:re ?recorded|re ?recording|new recording)\b",
        "lo-fi": r"\blo ?fi\b",
        "8d": r"\b8d\b",
        "version": r"\b(?:version|versione|versio|versao|fassung|ver$|edition$)",
    }.items()
}
# Texts of these words alone name the plain recording, when one of the first set is among them.
_PLAIN = frozenset((
    "original", "album", "lp", "ep", "main", "full", "standard", "explicit", "stereo", "bonus",
    "deluxe", "official", "uncut", "regular",
))  # fmt: skip
_PLAIN_TOO = _PLAIN | frozenset((
    "the", "mix", "version", "track", "edition", "recording", "audio", "video", "lyric", "cut",
))  # fmt: skip
NOTE = re.compile(
    r"^(?:(?:music|theme|song|songs) )?from\b|^(?:official )?soundtrack\b|\bsoundtrack$|\bost$"
    r"|^(?:co )?prod(?:uced)?(?: by)?\b"
)
BARE = re.compile(
    r"""(?xi)
    (?<=\S) (?P<tail> \s+
      (?: (?:radio|extended|club|original|acoustic|live|instrumental|demo|album|single|karaoke
            |remastered|orchestral) \s+ (?:edit|mix|version|remix|remaster)
        | remix | rmx | remaster(?:ed)? (?: \s+ \d{4})? | \d{4} \s+ remaster(?:ed)?
        | sped \s up | slowed (?: \s* (?:\+|and|&) \s* reverb)? | instrumental
        | en \s vivo | ao \s vivo | unplugged ) \s* ) $
    """
)
# Words of a version that say nothing about which one: they are left out of the detail.
_EMPTY = frozenset((
    "a", "the", "of", "in", "at", "from", "on", "by", "de", "en", "im", "am", "aus", "und",
    "and", "y", "e", "et", "la", "le", "el", "con", "with", "remix", "remixed", "remixes",
    "rmx", "mix", "mixed", "remaster", "remastered", "remasterizado", "remasterizada",
    "remasterise", "remasterisee", "remasterizzato", "remastering", "master", "mastered",
    "digital", "digitally", "version", "versione", "versao", "versio", "fassung", "ver", "edit",
    "edited", "cut", "live", "vivo", "ao", "directo", "direct", "dal", "concert", "concierto",
    "concerto", "recorded", "recording", "acoustic", "acustico", "acustica", "acoustique",
    "akustik", "instrumental", "inst", "instr", "karaoke", "demo", "acapella", "cappella",
    "capella", "sped", "speed", "speeded", "up", "slowed", "reverb", "extended", "dub",
    "reprise", "session", "sessions", "re", "original", "bonus", "track", "album", "explicit",
    "stereo",
))  # fmt: skip


@dataclass(frozen=True)
class Version:
    """What a version text means: `kinds` and `detail` in order; neither: the plain song."""

    kinds: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()


def words(text: str) -> str:
    """Return folded words of one text, as the patterns here expect them."""
    bare = re.sub(r"['’.]", "", simple(text)).replace("@", " at ")
    return " ".join(re.sub(r"[^\w]+|_+", " ", bare).split())


def version(text: str, *, certain: bool = False) -> Version | None:
    """Return what a bracket, a tail after a dash or a version column says; None: no version.

    Parameters
    ----------
    text : as written. certain : it stood in a column for versions, so it is one whatever it says.
    """
    kinds, detail, plain = set(), set(), False
    for piece in re.split(r"[/;|]", text):
        said = words(piece)
        if _is_plain(said):
            plain = True
            continue
        kinds |= {kind for kind, pattern in KINDS.items() if pattern.search(said)}
        detail |= set(said.split()) - _EMPTY
    if not kinds and not (certain and detail):
        return Version() if plain else None
    return Version(_settled(kinds), tuple(sorted(detail)))


def _is_plain(said: str) -> bool:
    given = set(said.split())
    return bool(given & _PLAIN) and given <= _PLAIN_TOO


def _settled(kinds: set[str]) -> tuple[str, ...]:
    """Leave "mix" and "version" to texts that say no more: an Extended Mix is an extended one."""
    named = kinds - {"version", "mix"}
    if not named:
        named = {"remix"} if "mix" in kinds else {"version"}
    return tuple(sorted(named))
