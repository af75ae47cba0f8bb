"""Mood families: which emotion labels carry each, how well, and which no label carries.

The only place where labels become families. `carried` says how far the label means what the family
means: "yes"; "weak" where it is a neighbour ("relief" for calm) or has few examples to learn from.
"""

from dataclasses import dataclass

import polars as pl

from workbench.store.lyric_rows import EMOTIONS

# Labels in the order of the heads.
LABELS = EMOTIONS

NEUTRAL = "neutral"
UNCLEAR = "unclear"


@dataclass(frozen=True)
class Family:
    """A mood family.

    Attributes
    ----------
    name : its id. labels : emotion labels that carry it; none where it is missing.
    carried : yes, weak or no. note : what to know before trusting it.
    """

    name: str
    labels: tuple[str, ...]
    carried: str
    note: str


FAMILIES = (
    Family("joy", ("joy", "excitement", "gratitude"), "yes", "gladness, thrill and thanks"),
    Family("love", ("love", "caring", "admiration"), "yes", "affection, care and praise"),
    Family("desire", ("desire",), "weak", "the label is wanting of any kind, seldom erotic"),
    Family("hope", ("optimism",), "yes", "expecting the good"),
    Family("pride", ("pride",), "weak", "few examples; defiance has no label"),
    Family("calm", ("relief",), "weak", "relief after worry stands in for rest and peace"),
    Family("longing", (), "no", "no label says missing someone or yearning; it shows as sadness"),
    Family(
        "sadness",
        ("sadness", "grief", "disappointment", "remorse"),
        "yes",
        "loss, regret, being let down",
    ),
    Family(
        "anger",
        ("anger", "annoyance", "disapproval", "disgust"),
        "yes",
        "rage, blame and contempt",
    ),
    Family("fear", ("fear", "nervousness"), "yes", "fright and worry"),
    Family("playfulness", ("amusement",), "weak", "the label is laughter, less so teasing"),
    Family("reflection", ("realization",), "weak", "coming to see; poorly recognised by any model"),
)
# Labels that no family takes: they are shown by name where a line is looked at.
UNMAPPED = ("approval", "confusion", "curiosity", "embarrassment", "surprise")

CARRIED = tuple(family.name for family in FAMILIES if family.labels)
MISSING = tuple(family.name for family in FAMILIES if not family.labels)


def mapping() -> pl.DataFrame:
    """Return the table as printed: family | labels | carried | note, then what is not mapped."""
    rows = [(f.name, ", ".join(f.labels) or "–", f.carried, f.note) for f in FAMILIES]
    rows.append((NEUTRAL, NEUTRAL, "yes", "the neutral label leads clearly"))
    rows.append((UNCLEAR, "–", "yes", "no label passes its threshold"))
    rows.append(("(none)", ", ".join(UNMAPPED), "–", "labels that no family takes"))
    return pl.DataFrame(rows, schema=["family", "labels", "carried", "note"], orient="row")
