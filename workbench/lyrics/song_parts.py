"""The parts of a song's answer: sentence, arc, evidence, repeats, sections."""

import numpy as np
import polars as pl

from workbench.lyrics.arc import smoothed
from workbench.lyrics.families import CARRIED, NEUTRAL, UNCLEAR
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.track_lines import Z90

# Lines quoted for and against, and the fewest lines that a section's interval may stand on.
QUOTED, LEAST = 3, 3
_SHOWN = (
    "line section label kind performers stanza text written heard state lead named first first_p "
    "second second_p third third_p valence arousal times"
)


def shown(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with the three families that stand out most, and their probabilities."""
    names = [*CARRIED]
    table = lines.select(f"p_{name}" for name in names).to_numpy()
    stands = lines.select(f"m_{name}" for name in names).to_numpy()
    order = np.argsort(-np.nan_to_num(stands, nan=-99.0), axis=1, kind="stable")[:, :3]
    known = (lines["state"] == SCORED).to_numpy()
    ranked = []
    for rank, name in enumerate(("first", "second", "third")):
        moods = [names[i] if k else None for i, k in zip(order[:, rank], known, strict=True)]
        said = np.take_along_axis(table, order[:, rank : rank + 1], axis=1)[:, 0]
        said = [float(p) if k else None for p, k in zip(said, known, strict=True)]
        ranked += [pl.Series(name, moods, pl.String), pl.Series(f"{name}_p", said, pl.Float64)]
    return lines.with_columns(ranked).select(_SHOWN.split())


def sentence(scored: pl.DataFrame, lead: str | None, meaning: str) -> str:
    """Return the finding: “Sadness turning to joy; a mood stands out in 20 of 44 lines”."""
    if lead is None:
        return meaning
    total = scored["heard"].sum()
    clear = scored.filter(~pl.col("lead").is_in([NEUTRAL, UNCLEAR]))["heard"].sum()
    count = f"a mood stands out in {clear} of {total} lines"
    if lead == NEUTRAL:
        return f"Mostly told without a mood; {count}"
    if lead == UNCLEAR:
        return f"No mood leads; {count}"
    half = scored.height // 2
    first, last = (_leading(part) for part in (scored.head(half), scored.tail(half)))
    if first and last and first != last:
        return f"{first.capitalize()} turning to {last}; {count}"
    return f"{lead.capitalize()} leads; {count}"


def _leading(part: pl.DataFrame) -> str | None:
    """Return the family of most lines, None where it has fewer than two."""
    counts = (
        part.filter(pl.col("lead").is_in(CARRIED))
        .group_by("lead")
        .agg(pl.col("heard").sum())
        .sort("heard", "lead", descending=[True, False])
    )
    return counts["lead"][0] if not counts.is_empty() and counts["heard"][0] >= 2 else None


def arc(scored: pl.DataFrame) -> pl.DataFrame:
    """Return line | text | lead | axis | score | smooth | low | high, in the order sung."""
    frames = []
    for axis in ("valence", "arousal"):
        mean, spread = smoothed(scored[axis].to_numpy().astype(float))
        frames.append(
            scored.select(
                "line", "text", "lead", axis=pl.lit(axis), score=pl.col(axis)
            ).with_columns(
                smooth=pl.Series(mean),
                low=pl.Series(mean - Z90 * spread),
                high=pl.Series(mean + Z90 * spread),
            )
        )
    return pl.concat(frames).cast({"score": pl.Float64}).sort("axis", "line")


def evidence(scored: pl.DataFrame, lead: str | None) -> pl.DataFrame:
    """Return the lines that speak most for the lead and those that lead elsewhere most clearly.

    Where the song has no lead family, nothing speaks against it: the clearest lines are given.
    """
    distinct = scored.unique("text_hash", keep="first", maintain_order=True)
    own, stands = (
        pl.coalesce(pl.when(pl.col("lead") == name).then(pl.col(of + name)) for name in CARRIED)
        for of in ("p_", "m_")
    )
    moods = distinct.filter(pl.col("lead").is_in(CARRIED)).select(
        pl.when(pl.col("lead") == pl.lit(lead, pl.String))
        .then(pl.lit("for"))
        .otherwise(pl.lit("against" if lead in CARRIED else "clearest"))
        .alias("side"),
        "line", "text", pl.col("lead").alias("family"), own.cast(pl.Float64).alias("probability"),
        stands.cast(pl.Float64).alias("margin"),
    )  # fmt: skip
    ranked = moods.sort("margin", "line", descending=[True, False])
    best = ranked.group_by("side", maintain_order=True).head(QUOTED)
    return best.sort("side", "margin", "line", descending=[True, True, False])


def repeats(lines: pl.DataFrame) -> pl.DataFrame:
    """Return text | times | share | lead of lines sung twice or more, the most sung first."""
    total = max(lines["heard"].sum(), 1)
    return (
        lines.unique("text_hash", keep="first", maintain_order=True)
        .filter(pl.col("times") >= 2)
        .sort("times", "line", descending=[True, False])
        .select("text", "times", (pl.col("times") / total).alias("share"), "lead")
    )


def parts(scored: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return lead, valence and arousal of each section, or of each kind of section."""
    named = scored.filter(pl.col("kind") != "") if by == "kind" else scored
    groups = []
    for (key,), part in named.group_by(by, maintain_order=True):
        lead = _leading(part)
        row = {by: key, "label": part["label"][0], "lines": int(part["heard"].sum()), "lead": lead}
        row["lead_lines"] = int(
            part.filter(pl.col("lead") == pl.lit(lead, pl.String))["heard"].sum()
        )
        for axis in ("valence", "arousal"):
            distinct = part.unique("text_hash")[axis]
            enough = len(distinct) >= LEAST
            half = Z90 * distinct.std() / len(distinct) ** 0.5 if enough else None
            row |= {
                axis: distinct.mean(),
                f"{axis}_low": distinct.mean() - half if enough else None,
                f"{axis}_high": distinct.mean() + half if enough else None,
            }
        groups.append(row)
    numbers = [f"{axis}{end}" for axis in ("valence", "arousal") for end in ("", "_low", "_high")]
    schema = {
        by: scored.schema[by], "label": pl.String, "lines": pl.Int64, "lead": pl.String,
        "lead_lines": pl.Int64, **dict.fromkeys(numbers, pl.Float64),
    }  # fmt: skip
    return pl.DataFrame(groups, schema=schema)
