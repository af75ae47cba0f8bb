"""Personas: a Taste cluster in a few sentences, made of the numbers that its card shows.

Nothing is read and nothing added: what is hidden or not surely apart is not told.
"""

from __future__ import annotations

import polars as pl

from workbench.audience.properties import ARTIST, COUNTRY, GENRE, MOOD
from workbench.audience.tier_rules import ACTIVE

ONES = {
    10: "Every tenth",
    20: "Every fifth",
    25: "Every fourth",
    33: "Every third",
    50: "Every second",
}
MOST = 2


def persona(row: dict, traits: pl.DataFrame, currency: str | None) -> str:
    """Return the sentences of one cluster, empty where it is hidden.

    Parameters
    ----------
    row : of `Clusters.cards`. traits : `Clusters.traits` of that cluster. currency : of revenue.
    """
    if row["hidden"]:
        return ""
    told = traits.filter(~pl.col("hidden"))
    over = told.filter(pl.col("apart") & (pl.col("index") > 100)).sort("kind", "rank")
    kinds = {kind: over.filter(pl.col("kind") == kind).head(MOST).to_dicts() for kind in
             (GENRE, ARTIST, COUNTRY, MOOD)}  # fmt: skip
    parts = [_tastes(kinds[GENRE], kinds[ARTIST])]
    parts.append(_more("They live more often in", kinds[COUNTRY]))
    parts.append(_more("The songs they play are more often of", kinds[MOOD]))
    parts.append(_active(told))
    parts.append(_worth(row, currency))
    return " ".join([_size(row), *(part for part in parts if part)])


def _size(row: dict) -> str:
    share = round(100 * row["share"])
    near = min(ONES, key=lambda one: abs(one - share))
    if abs(near - share) <= 1:
        return f"{ONES[near]} listener."
    return f"{share} in 100 listeners."


def _tastes(genres: list[dict], artists: list[dict]) -> str:
    if not genres and not artists:
        return "No genre and no artist surely sets them apart."
    first = ""
    if genres:
        top = genres[0]
        first = (
            f"{_percent(top['share'])} play {top['name']} most, of everybody "
            f"{_percent(top['population_share'])}"
        )
    loved = " and ".join(f"{a['name']} (×{a['index'] / 100:.1f})" for a in artists)
    if not loved:
        return f"{first}."
    return f"{first}; they favour {loved}." if first else f"They favour {loved}."


def _more(lead: str, rows: list[dict]) -> str:
    named = " and ".join(f"{row['name']} (×{row['index'] / 100:.1f})" for row in rows)
    return f"{lead} {named}." if named else ""


def _active(told: pl.DataFrame) -> str:
    held = told.filter((pl.col("kind") == "tier") & pl.col("key").is_in(ACTIVE)).drop_nulls("share")
    if held.height < len(ACTIVE):
        return ""
    return f"{_percent(held['share'].sum())} chose a song themselves in the last 28 days."


def _worth(row: dict, currency: str | None) -> str:
    text = f"{row['streams_per_listener']:.0f} streams each"
    if row["buyers"] and row["revenue_per_buyer"] is not None:
        text += f"; {row['buyers']:,} buy, for {row['revenue_per_buyer']:.0f} {currency} on average"
    return f"{text}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
