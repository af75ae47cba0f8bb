"""Why to believe it: the model cards, what is made, what is assumed."""

from dataclasses import fields
from functools import cache

import polars as pl

from workbench.analysis import analysis
from workbench.settings import PROJECT, Settings, settings
from workbench.store.artifacts import ARTIFACTS
from workbench.tables import TABLES

CARDS = PROJECT / "docs" / "methods.md"
MARK = "<!-- card: "


@cache
def cards() -> dict[str, str]:
    """Return the model cards, Markdown by anchor, in the order of the document."""
    text = CARDS.read_text(encoding="utf-8")
    parts = (part.partition(" -->") for part in text.split(MARK)[1:])
    return {anchor.strip(): body.strip() for anchor, _, body in parts}


@cache
def titles() -> dict[str, str]:
    """Return what each card is about in a word or three, by anchor."""
    first = {anchor: text.partition("\n")[0].lstrip("# ") for anchor, text in cards().items()}
    return {anchor: title.partition(":")[0] for anchor, title in first.items()}


@analysis(optional=" ".join(ARTIFACTS))
def artifacts(label) -> pl.DataFrame:
    """Return what is dear to make and whether it is there for the present data.

    Returns
    -------
    artifact | title | made | reads (titles) | version
    """
    rows = [
        {
            "artifact": name,
            "title": artifact.title,
            "made": label.has(name),
            "reads": ", ".join(_title(read) for read in (*artifact.reads, *artifact.optional)),
            "version": label.version(name).split(":", 1)[1],
        }
        for name, artifact in ARTIFACTS.items()
    ]
    return pl.DataFrame(rows).sort("artifact")


def _title(name: str) -> str:
    known = ARTIFACTS.get(name) or TABLES.get(name)
    return known.title.lower() if known else name.replace("_", " ")


@analysis()
def assumptions(label) -> pl.DataFrame:
    """Return the settings in force that shape a number.

    Returns
    -------
    setting | value | default
    """
    shown = (
        "min_group", "min_group_outside", "payout", "distribution_share", "artist_share",
        "currency", "encoder", "emotions", "lyric_languages",
    )  # fmt: skip
    standard = {field.name: field.default for field in fields(Settings)}
    return pl.DataFrame(
        [
            {
                "setting": name,
                "value": _in_words(getattr(settings(), name)),
                "default": _in_words(standard[name]),
            }
            for name in sorted(shown)
        ]
    )


def _in_words(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(value)
    return str(value) or "what ships"
