"""A promotion plan to hand on: one page of HTML that needs no network, sheets, or one table."""

import datetime
import html
from dataclasses import dataclass

import polars as pl

from workbench.report import plan_figures

STYLE = """
:root { color-scheme: light dark; --ink: CanvasText; --faint: GrayText; --own: steelblue; }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: Canvas;
  max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.1rem; margin-top: 1.8rem }
.by, caption, figcaption, .ticks { color: var(--faint) } .sample { font-weight: bold }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .6rem;
  border-bottom: 1px solid var(--faint); vertical-align: top } th { font-weight: 600 }
figure { margin: 0 } svg { width: 100%; height: auto } svg text { font-size: 12px }
.ticks { fill: var(--faint) } .band { fill: var(--own); opacity: .18 } .bar { fill: var(--own) }
.own { stroke: var(--own) } .now { stroke: var(--faint); stroke-dasharray: 4 4 }
.own, .now { fill: none; stroke-width: 2 } .axis { stroke: var(--faint); stroke-width: .5 }
@media print { body { margin: 0; max-width: none } }
"""
# Nothing is fetched and nothing runs, whatever a name in the page says.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

TABLE = ("section", "item", "plan", "text", "low", "value", "high", "unit")


@dataclass(frozen=True, eq=False)
class PlanReport:
    """What is told of a plan, in words and numbers that analyses gave.

    Attributes
    ----------
    title : of the release. label : its name. sample : whether it is generated. author, made : who
    made the page, when. version : of the fit. finding : the outcome in a sentence.
    facts : fact | current | scenario. answers : answer | current | scenario | change, as text.
    figures : the same as numbers: answer | plan (current, scenario or change) | low | median | high
    (90 %) | unit.
    spend : channel | current | scenario, money of the flight. weekly : of `Outcome`.
    warnings, assumptions : sentences.
    """

    title: str
    label: str
    sample: bool
    author: str
    made: datetime.date
    version: str
    currency: str
    finding: str
    facts: pl.DataFrame
    answers: pl.DataFrame
    figures: pl.DataFrame
    spend: pl.DataFrame
    weekly: pl.DataFrame
    warnings: tuple[str, ...]
    assumptions: tuple[str, ...]


def plan_page(report: PlanReport) -> bytes:
    """Return the plan as one HTML file; its figures are inline SVG, and every text is escaped."""
    say = html.escape
    sample = '<p class="sample">SAMPLE: a generated label.</p>' if report.sample else ""
    parts = [
        f"<h1>{say(report.title)}</h1>",
        f'<p class="by">{say(_origin(report))}</p>{sample}',
        f"<p>{say(report.finding)}</p>",
        "<h2>Answers</h2>", _table(report.answers),
        "<h2>Streams a week</h2>",
        f"<figure>{plan_figures.fan(report.weekly)}<figcaption>Solid: this plan, with its 90 % "
        "interval. Dashed: the current plan.</figcaption></figure>",
        f"<h2>Spend, {say(report.currency)}</h2>",
        f"<figure>{plan_figures.bars(report.spend)}</figure>",
        "<h2>The plans</h2>", _table(report.facts),
        "<h2>Read with it</h2>", _list(report.warnings or ("No warning.",)),
        "<h2>Assumptions</h2>", _list(report.assumptions),
        '<p class="by">Intervals are 90 % and hold what the model is unsure of, not that it may be '
        "wrong. Differences are on the same draws. Internal.</p>",
    ]  # fmt: skip
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{say(report.title)}</title><style>{STYLE}</style></head><body>\n"
    )
    return (head + "\n".join(parts) + "\n</body></html>\n").encode()


def plan_sheets(report: PlanReport) -> dict[str, pl.DataFrame]:
    """Return the plan as sheets of a workbook, by name."""
    words = [("made", _origin(report)), ("finding", report.finding)]
    words += [("warning", text) for text in report.warnings]
    words += [("assumption", text) for text in report.assumptions]
    if report.sample:
        words.insert(0, ("SAMPLE", "A generated label."))
    return {
        "Plan": report.facts,
        "Spend": report.spend,
        "Answers": report.figures,
        "Weekly": report.weekly,
        "Notes": pl.DataFrame(words, schema={"kind": pl.String, "text": pl.String}, orient="row"),
    }


def plan_table(report: PlanReport) -> pl.DataFrame:
    """Return the plan as one table, in which numbers are numbers.

    Returns
    -------
    section | item | plan (current, scenario, change) | text | low | value (median of answers, sum
    of spend) | high | unit
    """
    sheets = plan_sheets(report)
    facts, spend = (
        sheets[name].unpivot(index=key, variable_name="plan", value_name=of).rename({key: "item"})
        for name, key, of in (("Plan", "fact", "text"), ("Spend", "channel", "value"))
    )
    notes = sheets["Notes"].rename({"kind": "item"})
    answers = sheets["Answers"].rename({"answer": "item", "median": "value"})
    parts = {
        "Plan": facts.with_columns(pl.col("text").cast(pl.String)),
        "Spend": spend.with_columns(unit=pl.lit(report.currency)),
        "Answers": answers,
        "Notes": notes,
    }
    told = [frame.select(pl.lit(name).alias("section"), pl.all()) for name, frame in parts.items()]
    return pl.concat(told, how="diagonal").select(TABLE)


def _origin(report: PlanReport) -> str:
    return f"{report.label} · by {report.author} · {report.made} · data version {report.version}"


def _table(frame: pl.DataFrame) -> str:
    head = "".join(f"<th>{html.escape(name.capitalize())}</th>" for name in frame.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{'–' if v is None else html.escape(str(v))}</td>" for v in row)
        + "</tr>"
        for row in frame.iter_rows()
    )  # fmt: skip
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _list(texts: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in texts) + "</ul>"
