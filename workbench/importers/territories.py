"""Countries as statements and ad managers write them, as ISO 3166 alpha-2 codes.

Names come from the Unicode CLDR (through Babel) in the languages that exports are made in.
"""

from functools import cache

import polars as pl

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
WORLD = ("world", "worldwide", "ww", "global", "all countries", "all territories", "weltweit")
# What exports write and no edition of the CLDR does.
SPELT = {
    "uk": "GB", "great britain": "GB", "usa": "US", "united states of america": "US",
    "korea": "KR", "korea republic of": "KR", "republic of korea": "KR", "south korea": "KR",
    "russian federation": "RU", "czech republic": "CZ", "viet nam": "VN", "hong kong": "HK",
    "macau": "MO", "macao": "MO", "turkey": "TR", "turkiye": "TR", "holland": "NL",
    "the netherlands": "NL", "macedonia": "MK", "swaziland": "SZ", "cape verde": "CV",
    "ivory coast": "CI", "brunei darussalam": "BN", "syrian arab republic": "SY",
    "lao people's democratic republic": "LA", "republic of moldova": "MD",
    "palestinian territory": "PS", "vatican": "VA", "congo": "CG",
}  # fmt: skip
NO_COUNTRY = ("EU", "UN", "EZ", "ZZ", "QO", "XA", "XB")


@cache
def _codes() -> dict[str, str]:
    """Return alpha-2 codes by names and codes in lower case."""
    from babel import Locale
    from babel.core import get_global

    found: dict[str, str] = {}
    for language in reversed(LANGUAGES):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY:
                found |= {_plain(name): code, code.casefold(): code}
    for old, new in get_global("territory_aliases").items():
        if len(old) == 3 and old.isalpha() and len(new) == 1 and len(new[0]) == 2:
            found.setdefault(old.casefold(), new[0])
    return found | SPELT | dict.fromkeys(WORLD, "WW")


def alpha2(territories: pl.Series) -> pl.Series:
    """Return the codes of territories; null where the name is not known.

    Parameters
    ----------
    territories : alpha-2 or alpha-3 codes, or names in one of `LANGUAGES`, in any capitals.
    """
    codes = _codes()
    distinct = territories.drop_nulls().unique()
    read = [_code(name, codes) for name in distinct]
    return territories.replace_strict(distinct, read, return_dtype=pl.String)


def _code(name: str, codes: dict[str, str]) -> str | None:
    whole = _plain(name)
    head, _, rest = whole.partition(",")
    tried = (whole, whole.replace(",", ""), f"{rest.strip()} {head}", head if rest else "")
    bracket = whole.rstrip(")").rpartition("(")[2] if whole.endswith(")") else ""
    dashed = whole.partition(" - ")
    return next((codes[t] for t in (*tried, bracket, dashed[0], dashed[2]) if t in codes), None)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").replace("&", "and").split())
