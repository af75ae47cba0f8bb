"""The parts of the Mood gap page: the brief in a sentence, its numbers, and its tables."""

import polars as pl
import streamlit as st

from workbench.audience import segments
from workbench.audience.mood_cells import EVERYBODY
from workbench.audience.mood_gap import FEW, NOISE, PLENTY, WANTED, MoodGap
from workbench.errors import WorkbenchError
from workbench.lyrics.mood_performance import DECAY, SAVES, SKIPS, MoodPerformance
from workbench.ui import clusters, compute
from workbench.ui.page import Headline, Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped, percent

MOST_SAID = 3
OUTCOMES = {SAVES: "Saves per listener", SKIPS: "Skip rate", DECAY: "Weekly change of streams"}
VERDICTS = {PLENTY: "played less", NOISE: "within noise", FEW: "too few songs"}
_column = st.column_config
_SIGNED = "%+.1f"
CELLS = {
    "name": _column.TextColumn("Cluster", pinned=True, width="medium"),
    "mood": _column.TextColumn("Mood"),
    "verdict": _column.TextColumn(
        "Verdict", help="At a false-discovery rate of 5 % over all cells that can be judged"
    ),
    "gap": _column.NumberColumn(
        "Gap, points", format=_SIGNED, help="Played less offered by the artists it plays"
    ),
    "gap_low": _column.NumberColumn("at least (5 %)", format=_SIGNED),
    "gap_high": _column.NumberColumn("at most (95 %)", format=_SIGNED),
    "demand": _column.NumberColumn(
        "Played", format=PERCENT, help="Share of the listening, every listener weighing the same"
    ),
    "demand_low": None,
    "demand_high": None,
    "offered": _column.NumberColumn(
        "Offered", format=PERCENT, help="Share of what the artists it plays have out"
    ),
    "index": _column.NumberColumn(
        "Over-index",
        format="%.0f",
        help="Played, against all clusters: 100 is the same. Mostly which artists it plays",
    ),
    "index_low": None,
    "index_high": None,
    "listeners": _column.NumberColumn(
        "Listeners", format="localized", help="Who played the mood, rounded to 5"
    ),
    "songs": _column.NumberColumn("Songs out", help="Scored songs on offer that it leads"),
    "planned": _column.NumberColumn("Planned", help="Planned songs and demos that it leads"),
    "plan_gap": _column.NumberColumn(
        "Played less planned", format=_SIGNED, help="In points, against the share of the plan"
    ),
    "plan_gap_low": _column.NumberColumn("plan: at least", format=_SIGNED),
    "plan_gap_high": _column.NumberColumn("plan: at most", format=_SIGNED),
    "q": _column.NumberColumn("q", format="%.3f", help="False-discovery rate"),
    "segment": None,
    "hidden": None,
}
MOODS = {
    "mood": _column.TextColumn("Mood", pinned=True),
    "songs": _column.NumberColumn("Songs out", format="localized"),
    "share": _column.NumberColumn(
        "Share of the offer", format=PERCENT, help="Of all songs out, by their days and age"
    ),
    "planned": _column.NumberColumn("Planned", format="localized"),
    "plan_share": _column.NumberColumn("Share of the plan", format=PERCENT),
    "plan_low": _column.NumberColumn("at least (5 %)", format=PERCENT),
    "plan_high": _column.NumberColumn("at most (95 %)", format=PERCENT),
    "judged": _column.CheckboxColumn("Can be judged", help="Three songs out or more"),
}
EFFECTS = {
    "outcome": _column.TextColumn("Outcome", pinned=True),
    "mood": _column.TextColumn("Mood", pinned=True),
    "songs": _column.NumberColumn("Songs"),
    "artists": _column.NumberColumn("Artists"),
    "usual": _column.NumberColumn("Usual", format=PERCENT, help="Mean of the songs compared"),
    "effect": _column.NumberColumn("Difference, points", format="%+.2f"),
    "low": _column.NumberColumn("at least (5 %)", format="%+.2f"),
    "high": _column.NumberColumn("at most (95 %)", format="%+.2f"),
    "q": _column.NumberColumn("q", format="%.3f", help="False-discovery rate"),
    "apart": _column.CheckboxColumn("Beyond noise"),
}


def count_choice(page: Page) -> int | None:
    """Show the numbers of Taste clusters offered, where there are any; return the one chosen."""
    try:
        offered = compute.result(page.label, segments.offered, {}, keep=True)
    except WorkbenchError:
        return None  # the analysis itself says what is missing, in its place
    return clusters.count_choice(offered)


def sentence(found: MoodGap) -> str:
    """Return the brief in plain words."""
    wanted = _of(found, WANTED)
    if wanted:
        said = [_wish(found, row) for row in wanted[:MOST_SAID]]
        more = len(wanted) - MOST_SAID
        rest = f" {more} more are in the table." if more > 0 else ""
        return "**Wanted more than it is offered.** " + " ".join(said) + rest
    judged = [row for row in found.cells.to_dicts() if row["verdict"] in (NOISE, PLENTY)]
    if not judged:
        return "**Nothing can be judged.** No mood leads three songs that enough listeners played."
    widest = judged[0]
    return (
        f"**Nothing beyond noise.** No cluster plays a mood more than the artists it plays offer, "
        f"beyond what chance gives in {len(judged)} comparisons. The widest gap, "
        f"{escaped(widest['mood'])} with {escaped(widest['name'])}, is {_points(widest)}."
    )


def plan_sentence(found: MoodGap) -> str:
    """Return what all clusters play that the plan hardly has; empty where too few are planned."""
    short = [
        row
        for row in found.cells.to_dicts()
        if row["segment"] == EVERYBODY and (row["plan_gap_low"] or 0) > 0
    ]
    if found.cells["plan_gap"].count() == 0:
        return ""
    if not short:
        return (
            f"The plan ({found.plan_scored} scored songs) holds as much of each mood as listeners "
            "play, as far as so few songs can tell."
        )
    said = [
        f"{escaped(row['mood'])} {percent(row['demand'])} of listening, {row['planned']} of "
        f"{found.plan_scored} planned songs"
        for row in sorted(short, key=lambda row: -row["plan_gap"])[:MOST_SAID]
    ]
    return f"Played more than planned, at 90 %: {'; '.join(said)}."


def _of(found: MoodGap, verdict: str) -> list[dict]:
    return [row for row in found.cells.to_dicts() if row["verdict"] == verdict]


def _points(row: dict) -> str:
    low, gap, high = (100 * row[name] + 0.0 for name in ("gap_low", "gap", "gap_high"))
    return f"{gap:+.1f} points (90 %: {low:+.1f} to {high:+.1f})"


def _wish(found: MoodGap, row: dict) -> str:
    plan = f"; {row['planned']} of {found.plan_scored} planned songs" if found.plan_scored else ""
    who = f"{escaped(row['name'])} gives"
    if row["segment"] == EVERYBODY:
        who = "All clusters together give"
    return (
        f"{who} {escaped(row['mood'])} {percent(row['demand'])} of the listening, the artists "
        f"played offer {percent(row['offered'])}: {_points(row)}{plan}."
    )


def strip(found: MoodGap) -> list[Headline]:
    """Return the numbers at the head: findings, songs, plan, clusters, what is hidden."""
    wanted, plenty = len(_of(found, WANTED)), len(_of(found, PLENTY))
    judged = wanted + plenty + len(_of(found, NOISE))
    unjudged = [row["mood"] for row in found.moods.to_dicts() if not row["judged"]]
    out = found.segments["left_out"].sum()
    return [
        Headline(
            "Wanted beyond the offer",
            f"{wanted}",
            note=f"of {judged} comparisons; {plenty} the other way",
            help="Clusters and moods at a false-discovery rate of 5 %.",
        ),
        Headline(
            "Songs on offer",
            f"{found.songs:,}",
            note=f"with a scored lyric, of {found.artists:,} artists",
            help="Instrumentals, other languages and songs without a lyric are on neither side.",
        ),
        Headline(
            "Planned songs",
            f"{found.plan_scored:,}",
            note=f"with a scored lyric, of {found.planned:,}",
            help="Planned or demo, or released after the last play. Under 5 nothing is compared.",
        ),
        Headline(
            "Moods not judged",
            f"{len(unjudged)}",
            note=", ".join(unjudged) or "none",
            help="Fewer than three songs lead with it, or no emotion label says it: what nobody "
            "could play, nobody can be seen to want.",
        ),
        Headline(
            "Hidden for privacy",
            f"{found.hidden:,}",
            note=f"cells under {found.min_group} people"
            + (f"; {out} clusters too small" if out else ""),
            help="And what would give them away.",
        ),
    ]


def finding(found: MoodGap) -> str:
    """Return what the figure shows, in words, for those who cannot see it."""
    return sentence(found).replace("**", "").replace("\\", "")


def judged_songs(found: MoodPerformance, outcome: str) -> str:
    """Return the finding of one outcome in words."""
    rows = found.effects.filter(outcome=outcome).drop_nulls("effect")
    if rows.is_empty():
        return "Too few songs can be compared within their artists, so nothing is shown."
    apart = rows.filter("apart")
    if apart.is_empty():
        return f"No mood differs beyond noise, of {rows.height} that can be compared."
    said = [
        f"{row['mood']} {100 * row['effect']:+.1f} points ({100 * row['low']:+.1f} to "
        f"{100 * row['high']:+.1f})"
        for row in apart.to_dicts()
    ]
    return f"Beyond noise: {', '.join(said)}; of {rows.height} that can be compared."


def comparable(found: MoodPerformance, outcome: str) -> int:
    """Return how many moods can be compared by an outcome."""
    return found.effects.filter(outcome=outcome)["effect"].count()


def outcome_choice(found: MoodPerformance) -> str:
    """Show what performance is measured by, kept in the URL; return it."""
    return st.segmented_control(
        "Performance", list(OUTCOMES), default=SAVES, required=True, key="outcome",
        bind="query-params", format_func=OUTCOMES.get, label_visibility="collapsed",
    )  # fmt: skip


def effects(found: MoodPerformance) -> pl.DataFrame:
    """Return the table of effects with outcomes in words, differences in points."""
    words = found.effects.with_columns(pl.col("outcome").replace(OUTCOMES))
    return readable(words.with_columns(pl.col("effect", "low", "high") * 100), EFFECTS)


def cells(found: MoodGap) -> pl.DataFrame:
    """Return the table of clusters and moods, gaps in points."""
    points = pl.col("gap", "gap_low", "gap_high", "plan_gap", "plan_gap_low", "plan_gap_high")
    words = pl.col("verdict").replace(VERDICTS)
    return readable(found.cells.select(*CELLS).with_columns(points * 100, words), CELLS)
