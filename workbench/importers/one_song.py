"""A file about one song, which somebody named: what its rows are of, and what makes it if new."""

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import asked
from workbench.importers.mapping import ColumnRule, TableRule
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import TRACK
from workbench.importers.sheet import Sheet


def song_asked(
    sheet: Sheet, answer: str, label: Dataset, source: str
) -> tuple[Sheet, ColumnRule, tuple[TableRule, ...]]:
    """Return the sheet, where the track of its rows stands, and what makes it if it is new.

    Parameters
    ----------
    sheet : of one song. answer : which one that is. label : whose track it may be. source : of this
    import.

    Raises
    ------
    BadInput
        There is none, or several are called so. One in doubt is asked about like any other.
    """
    song = asked.song(answer, label)
    if song.track_id is not None:
        return sheet, ColumnRule(constant=song.track_id), ()
    rows = {"title": pl.lit(song.title), "artist": pl.lit(song.artist)}
    made, rules = recorded(sheet, rows, label, source)
    return made, ColumnRule(column=(TRACK,)), rules
