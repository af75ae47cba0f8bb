"""Why to believe it: the model cards, what is made, what is assumed."""

from dataclasses import fields
from functools import cache

import polars as pl

from workbench.analysis import analysis
from workbench.settings import PROJECT, Settings, settings
from workbench.store.artifacts import ARTIFACTS

CARDS = PROJECT / "docs" / "methods.md"
MARK = "<!-- card: "


@cache
def cards() -> dict[str, str]:
    """Return the model cards, Markdown by anchor, in the order of the document."""
    text = CARDS.read_text(encoding="utf-8")
    parts = (part.partition(" -->") for part in text.split(MARK)[1:])
    return {anchor.strip(): body.strip() for anchor, _, body in parts}


@analysis(optional=" ".join(ARTIFACTS))
def artifacts(label) -> pl.DataFrame:
    """Return what is dear to make and whether it is there for the present data.

    Returns
    -------
    artifact | title | made | reads | version
    """
    rows = [
        {
            "artifact": name,
            "title": artifact.title,
            "made": label.has(name),
            "reads": ", ".join((*artifact.reads, *artifact.optional)),
            "version": label.version(name).split(":", 1)[1],
        }
        for name, artifact in ARTIFACTS.items()
    ]
    return pl.DataFrame(rows).sort("artifact")


@analysis()
def assumptions(label) -> pl.DataFrame:
    """Return the settings in force that shape a number.

    Returns
    -------
    setting | value | default
    """
    shown = ("min_group", "min_group_outside", "payout", "currency", "encoder")
    standard = {field.name: field.default for field in fields(Settings)}
    return pl.DataFrame(
        [
            {
                "setting": name,
                "value": str(getattr(settings(), name)),
                "default": str(standard[name]),
            }
            for name in sorted(shown)
        ]
    )
