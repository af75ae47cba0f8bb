"""The finding of a comparison of two, in words."""

import polars as pl

from workbench.lyrics.families import NEUTRAL, UNCLEAR

# Measures named in a sentence.
_NAMED = 3
_AXES = {"valence": ("less pleasant", "more pleasant"), "arousal": ("calmer", "more stirred")}


def sentence(sides: pl.DataFrame, measures: pl.DataFrame) -> str:
    """Return “Beside A, B has more sadness (31 % against 4 %) and is less pleasant”.

    Only what stands apart is named, the largest difference of shares first.
    """
    names = dict(sides.select("side", "name").iter_rows())
    apart = measures.filter(pl.col("apart"), ~pl.col("measure").is_in([NEUTRAL, UNCLEAR])).sort(
        pl.col("difference").abs(), descending=True
    )
    rows = apart.to_dicts()
    shares = [
        f"{'more' if row['difference'] > 0 else 'less'} {row['measure']} "
        f"({row['second']:.0%} against {row['first']:.0%})".replace("%", " %")
        for row in rows
        if row["measure"] not in _AXES
    ]
    axes = [_AXES[row["measure"]][row["difference"] > 0] for row in rows if row["measure"] in _AXES]
    said = []
    if shares:
        said.append("has " + _listed(shares[:_NAMED]))
    if axes:
        said.append("is " + _listed(axes))
    if said:
        return f"Beside {names['first']}, {names['second']} {' and '.join(said)}"
    if measures["difference_low"].null_count() == measures.height:
        return "Too few songs to say what sets the two apart"
    return "No mood, valence or arousal sets the two apart beyond what chance gives"


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " * (len(parts) > 1) + parts[-1]
