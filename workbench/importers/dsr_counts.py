"""The counts that a DDEX sales report ends with, held against what was read of it."""

import polars as pl

from workbench.errors import BadInput
from workbench.importers.dsr_records import (
    FILE,
    FOOT,
    KIND,
    RELEASES,
    RESOURCES,
    SRFO,
    USAGES,
    Report,
)


def counted(report: Report, file: str) -> tuple[str, ...]:
    """Hold the counts that the report ends with against what was read; return what agrees.

    Raises
    ------
    BadInput
        They do not agree: lines were lost, added or changed on the way.
    """
    whole = report.lines.filter(pl.col(KIND).is_in([*RESOURCES, *RELEASES, *USAGES]))
    blocks = dict(whole.group_by(FILE).agg(pl.col("1").n_unique()).iter_rows())
    summaries = [text for text in report.texts.values() if text.startswith("SY")]
    foots, notes = report.records("FOOT", "SRFO"), []
    for place, (foot, counted) in enumerate(
        zip(foots, report.counted.iter_rows(named=True), strict=False), 1
    ):
        said = {
            name: int(foot[at])
            for name, at in (FOOT if foot[0] == "FOOT" else SRFO).items()
            if at < len(foot) and foot[at].strip().isdecimal()
        }
        here = {
            "lines": {counted["all_lines"], counted["data_lines"]},
            "summaries": {len(summaries), len(set(summaries))},
            "blocks": {blocks.get(counted[FILE], 0)},
        }
        wrong = [
            f"{said[name]:,} {name} and there are {max(counts):,}"
            for name, counts in here.items()
            if name in said and said[name] not in counts
        ]
        of = f" of file {place}" if len(foots) > 1 else ""
        if wrong:
            raise BadInput(
                f"{file}: the last record{of} says {'; '.join(wrong)}. The report is not whole, or "
                "was changed, so nothing of it is stored. Get it again."
            )
        agreed = ", ".join(f"{said[name]:,} {name}" for name in here if name in said)
        notes.append(f"the last record{of} agrees: {agreed}")
    if len(foots) > 1:
        notes.append("rows are counted on through all files of the report")
    return tuple(notes)
