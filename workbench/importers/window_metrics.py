"""Metrics that stand side by side in a report, as totals over the window that the report covers.

YouTube Studio and Apple Music for Artists write them alike: a row a song, video or day, a column a
metric, headers and numbers in the language of whoever made the report.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass, replace

import polars as pl

from workbench.dataset import Dataset
from workbench.errors import BadInput
from workbench.importers import asked, casting, statement_rows
from workbench.importers.mapping import DAY, ColumnRule, Question, TableRule, Unpivot
from workbench.importers.one_song import song_asked
from workbench.importers.recordings_named import OURS
from workbench.importers.sheet import REFUSED, ROW, Sheet
from workbench.importers.spans import spans
from workbench.importers.territories import alpha2

COUNT, CHANGE, AMOUNT, CLOCK = "count", "change", "amount", "clock"
METRIC, VALUE, DATE = f"{OURS}metric", f"{OURS}value", f"{OURS}day"
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and marks of direction
# A count has no decimals, so three digits behind a sign can only be thousands.
GROUPED = r"^[+-]?[1-9]\d{0,2}((\.\d{3})+|(,\d{3})+)$"
WHOLE = r"^[+-]?\d+([.,]0+)?$"
TIME = r"^(?:(\d{1,4}):)?(\d{1,2}):([0-5]\d)(?:[.,]\d+)?$"
MOST_DIGITS = 15  # more are not kept exactly
FROM = Question("from", "First day of the window that the report covers", DAY)
TO = Question("to", "Last day of the window that the report covers", DAY)
WHERE = Question("territory", "Which country was chosen in the report? WW where none was.")
WHOSE = Question("whose", "Whose numbers are these? An artist, or one song: its title or id, or "
                          "“Artist - Title” if new.")  # fmt: skip


@dataclass(frozen=True)
class Metric:
    """A metric of a report.

    Attributes
    ----------
    name : as window_totals has it. headers : that it may stand under, in any capitals.
    kind : COUNT, CHANGE (a count that may be below zero), AMOUNT or CLOCK (hours:minutes:seconds,
    kept in seconds).
    """

    name: str
    headers: tuple[str, ...]
    kind: str = COUNT


def heading(name: str) -> str:
    """Return a header without case, accents, marks that nobody sees, and repeated spaces."""
    apart = unicodedata.normalize("NFKD", UNSEEN.sub("", name)).replace("’", "'")
    return " ".join(re.sub("[\u0300-\u036f]", "", apart).casefold().split())


def found(header: list[str], names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return columns of a file by what they are: the first header of each that the file has."""
    here = {heading(name): name for name in reversed(header)}
    columns = {ours: [heading(one) for one in known] for ours, known in names.items()}
    first = {ours: next((n for n in known if n in here), None) for ours, known in columns.items()}
    return {ours: here[known] for ours, known in first.items() if known}


def prepared(sheet: Sheet, here: dict[str, str], metrics: tuple[Metric, ...]) -> Sheet:
    """Return a sheet with a column of plain numbers for each metric; what is no count is refused.

    Parameters
    ----------
    sheet : the rows. here : columns of the file by name of the metric. metrics : those it has.
    """
    cells = [cell(one, here[one.name]) for one in metrics]
    ours = [f"{OURS}{one.name}" for one in metrics]
    frame = sheet.frame.with_columns(e.alias(name) for e, name in zip(cells, ours, strict=True))
    nothing = pl.all_horizontal(pl.col(ours).is_null())
    empty = frame.select(ROW, nothing.alias("nothing")).filter("nothing")
    # a row of which nothing is known keeps one empty cell, so that it is refused and not forgotten
    frame = frame.with_columns(pl.when(nothing).then(pl.lit("")).otherwise(ours[0]).alias(ours[0]))
    refused = [sheet.refused, _refused(empty[ROW], "holds no number")]
    for one, name in zip(metrics, ours, strict=True):
        for reason, wrong in _wrong(one, pl.col(name)).items():
            rows = frame.filter(wrong)[ROW]
            refused.append(_refused(rows, f"“{here[one.name]}” {reason}"))
    grouped = sum(
        frame[here[one.name]].str.replace_all(r"[\s'’]", "").str.contains(GROUPED).sum()
        for one in metrics if one.kind in (COUNT, CHANGE)
    )  # fmt: skip
    said = (f"{grouped:,} counts with separators read as whole numbers",) if grouped else ()
    return replace(
        sheet,
        frame=frame,
        notes=(*sheet.notes, *said),
        added=(*sheet.added, *ours),
        taken=(*sheet.taken, *(here[one.name] for one in metrics)),
        refused=pl.concat(refused),
    )


def cell(metric: Metric, column: str) -> pl.Expr:
    """Return the cells of a metric as text that a number can be read from; nothing is null."""
    text = casting.bare(pl.col(column).str.strip_chars(" \t\u00a0\u202f%"))
    text = pl.when(~text.is_in(["", "—", "..."])).then(text)
    if metric.kind == AMOUNT:
        return text
    if metric.kind == CLOCK:
        hours, minutes, seconds = (
            text.str.extract(TIME, n).cast(pl.Int64, strict=False).fill_null(0) for n in (1, 2, 3)
        )
        clock = ((hours * 60 + minutes) * 60 + seconds).cast(pl.String)
        return pl.when(text.str.contains(TIME)).then(clock).otherwise(text)
    tight = text.str.replace_all(r"[\s\u{a0}\u{202f}'’]", "").str.replace("−", "-", literal=True)
    return (
        pl.when(tight.str.contains(GROUPED))
        .then(tight.str.replace_all("[.,]", ""))
        .when(tight.str.contains(WHOLE))
        .then(tight.str.replace(r"[.,]0+$", ""))
        .otherwise(text)
    )


def _wrong(metric: Metric, text: pl.Expr) -> dict[str, pl.Expr]:
    whole = text.str.contains(r"^[+-]?\d+$")
    reasons = {}
    if metric.kind in (COUNT, CHANGE):
        reasons["is no whole number"] = ~whole & (text != "")
        reasons["is too large"] = whole & (text.str.count_matches(r"\d") > MOST_DIGITS)
    if metric.kind != CHANGE:
        reasons["is below what is possible"] = text.str.contains(r"^[-−(]") & (
            whole | pl.lit(metric.kind != COUNT)
        )
    return {reason: wrong.fill_null(value=False) for reason, wrong in reasons.items()}


def _refused(rows: pl.Series, reason: str) -> pl.DataFrame:
    return pl.DataFrame({ROW: rows}).select(
        ROW, column=pl.lit("value"), reason=pl.lit(reason)
    ).cast(REFUSED)  # fmt: skip


def with_days(sheet: Sheet, column: str) -> Sheet:
    """Return a sheet with the day of each row; what is no day stays as it is, to be refused."""
    read = spans(sheet.frame[column])
    one_day = pl.when(read["start"] == read["end"]).then(read["start"])
    frame = sheet.frame.with_columns(pl.coalesce(one_day, pl.col(column)).alias(DATE))
    return replace(sheet, frame=frame, added=(*sheet.added, DATE), taken=(*sheet.taken, column))


def totals(
    sheet: Sheet, metrics: tuple[Metric, ...], what: tuple[tuple[str, ColumnRule], ...],
    territory: str, store: ColumnRule,
) -> TableRule:  # fmt: skip
    """Return the rule that makes a row of window_totals of each metric of each row.

    Parameters
    ----------
    sheet : of `prepared`. metrics : those of the file. what : rules of entity, entity_id and the
    two ends of the window. territory, store : of all rows.
    """
    ours = {f"{OURS}{one.name}": one.name for one in metrics}
    amounts = [f"{OURS}{one.name}" for one in metrics if one.kind == AMOUNT]
    sign = statement_rows.decimal_sign(sheet.frame, amounts)
    columns = {
        **dict(what),
        "territory": ColumnRule(constant=territory),
        "store": store,
        "metric": ColumnRule(column=(METRIC,), values=tuple(ours.items())),
        "value": ColumnRule(column=(VALUE,), decimal=sign),
    }
    turned = Unpivot(name=METRIC, value=VALUE, columns=tuple(ours))
    return TableRule("window_totals", tuple(columns.items()), unpivot=turned, only=VALUE)


def ends(start: ColumnRule, end: ColumnRule) -> tuple[tuple[str, ColumnRule], ...]:
    """Return the rules of the two ends of a window."""
    return ("window_start", start), ("window_end", end)


ONE_DAY = ends(ColumnRule(column=(DATE,)), ColumnRule(column=(DATE,)))


def window(answers: dict[str, str]) -> tuple[tuple[str, ColumnRule], ...]:
    """Return the rules of the window that was answered.

    Raises
    ------
    BadInput
        It ends before it begins.
    """
    start, end = (datetime.date.fromisoformat(answers[q.name]) for q in (FROM, TO))
    if start > end:
        raise BadInput(f"The window ends ({end}) before it begins ({start}).")
    return ends(ColumnRule(constant=start.isoformat()), ColumnRule(constant=end.isoformat()))


def territory(answers: dict[str, str]) -> str:
    """Return the code of the territory that was answered; raises BadInput where it is none."""
    code = alpha2(pl.Series([answers[WHERE.name]]))[0]
    if code is None:
        raise BadInput(
            f"{WHERE.name}: “{answers[WHERE.name]}” is no country that is known. Give its name, "
            "its two letters, or WW for all of them."
        )
    return code


def of_whom(
    sheet: Sheet, answer: str, label: Dataset, source: str
) -> tuple[Sheet, tuple[tuple[str, ColumnRule], ...], tuple[TableRule, ...]]:
    """Return the sheet, the rules of entity and entity_id, and those that make what is new.

    Parameters
    ----------
    sheet : the rows. answer : to WHOSE. label : whose artist or song it is. source : of this
    import.

    Raises
    ------
    BadInput
        An artist and a song are called so, or the song is in doubt.
    """
    artist = asked.artist(answer, label)
    songs = asked.songs(label)
    named = (pl.col("track_id") == answer) | (pl.col("title").str.to_lowercase() == answer.lower())
    known = songs.filter(named)
    if not artist.new and known.height:
        raise BadInput(
            f"“{answer}” is an artist and a song of the label. Say which by the id: "
            f"{artist.artist_id}, or {', '.join(known['track_id'].head(3))}."
        )
    if artist.new and (known.height or any(dash in answer for dash in asked.DASHES)):
        sheet, who, rules = song_asked(sheet, answer, label, source)
        return sheet, (("entity", ColumnRule(constant="track")), ("entity_id", who)), rules
    who = ColumnRule(constant=artist.artist_id)
    return sheet, (("entity", ColumnRule(constant="artist")), ("entity_id", who)), artist.rules
