"""Fetching lyrics that a label lacks from Genius; stopped at any moment, it goes on from there."""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from workbench.dataset import Dataset, open_dataset
from workbench.errors import SetUpError
from workbench.importers import permission
from workbench.importers.genius import (
    DOUBTFUL,
    FOUND,
    INSTRUMENTAL,
    NO_TEXT,
    Genius,
    Song,
    closest,
)
from workbench.importers.look_up_log import note
from workbench.importers.lyric_outcomes import ROWS, SOURCE, declined, waiting
from workbench.importers.services import GENIUS, LIMITED, LIMITS, NOT_FOUND, TOKEN, Failed
from workbench.importers.web import Client
from workbench.settings import settings
from workbench.store import state
from workbench.store.change import change
from workbench.store.slices import scan
from workbench.tables import table

JOB = "lyrics_fetch"
# Tracks between two writes: what is asked for again when the process is killed.
BATCH = 10
# Failures in a row after which nothing more is asked.
ENOUGH = 3
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Result:
    """What came of one track; `error` where the service itself failed."""

    track: str
    outcome: str
    found: str = ""
    url: str = ""
    score: float | None = None
    doubt: str = ""
    text: str = ""
    error: Failed | None = None


def fetch(
    label: Dataset, *, limit: int | None = None, again: bool = False,
    progress: Progress = lambda done, total, text: None,
) -> Counter[str]:  # fmt: skip
    """Look up the lyrics of tracks that have none; return how many tracks had which outcome.

    Parameters
    ----------
    limit : tracks at most. again : also those whose last answer would hold for 30 days.

    Raises
    ------
    SetUpError
        The note was not accepted, or there is no token. Failed : Genius does not answer, or not
        this machine; what was found is kept. ReadOnly : the label is the sample.
    """
    permission.required(label, GENIUS.name)
    access = permission.token()
    if access is None:
        raise SetUpError(f"There is no token of Genius. {permission.HOW_TO_GET_ONE}")
    run = _Run(label, again=again)
    run.queue(limit)
    client = Client(GENIUS, limits=LIMITS, tell=lambda seconds: run.waits(seconds, progress))
    genius = Genius(client, access)
    try:
        while (row := run.next()) is not None:
            run.now = f"{row['title']} – {row['artist'] or 'unknown artist'}"
            progress(run.done, run.total, run.now)
            permission.required(label, GENIUS.name)  # it may be withdrawn meanwhile
            run.add(_looked_up(genius, row, run.declined.get(row["track_id"], set())))
    finally:
        run.write()
    progress(run.done, max(run.total, 1), "done")
    return run.counts


def _looked_up(genius: Genius, row: dict, not_these: set[str]) -> Result:
    song = Song(row["title"], row["version"], row["artist"], tuple(row["featured"] or ()))
    known = {"track": row["track_id"]}
    try:
        if row["url"]:  # a person has seen this page
            known |= {"found": row["found"], "url": row["url"], "score": row["score"]}
            words = genius.words(row["url"], None)
            return Result(**known, outcome=words.outcome, doubt=words.remark, text=words.text)
        hits = [hit for hit in genius.hits(song) if hit.url not in not_these]
        best = closest(song, hits)
        if best is None:
            said = f"none of {len(hits)} hits is like it" if hits else "no hits"
            return Result(**known, outcome=NOT_FOUND, doubt=said)
        known |= {"found": best.hit.name, "url": best.hit.url, "score": best.score}
        if best.doubt:
            return Result(**known, outcome=DOUBTFUL, doubt=best.doubt)
        if not best.hit.sung:
            return Result(**known, outcome=INSTRUMENTAL, doubt="the list of hits says so")
        if not best.hit.written:
            return Result(**known, outcome=NO_TEXT, doubt="not written down, or not released")
        words = genius.words(best.hit.url, best.hit.title)
        return Result(**known, outcome=words.outcome, doubt=words.remark, text=words.text)
    except Failed as failed:
        return Result(**known, outcome=failed.outcome, doubt=str(failed), error=failed)


class _Run:
    """One run: its queue, and what is not written yet."""

    def __init__(self, label: Dataset, *, again: bool) -> None:
        began = datetime.datetime.now(datetime.UTC)
        self.label, self.again = label, again
        self.source = f"{ROWS} {began:%Y-%m-%dT%H:%M:%S.%f}"
        self.declined = declined(label)
        self.counts: Counter[str] = Counter()
        self.found = self.cleaned = 0
        self.now = ""
        self._left: list[dict] = []
        # A track comes twice where a person confirms its hit while the run goes on.
        self._seen: set[tuple[str, str | None]] = set()
        self._unwritten: list[Result] = []
        self._failures = 0
        self._most: int | None = None

    @property
    def done(self) -> int:
        return len(self._seen) - 1 if self.now else len(self._seen)

    @property
    def total(self) -> int:
        return len(self._seen) + len(self._left)

    def queue(self, limit: int | None) -> None:
        self._most = limit
        self._fill()

    def _fill(self) -> None:
        """Queue what waits now, which may be more than at the start: people confirm meanwhile."""
        rows = waiting(open_dataset(str(self.label.folder)), again=self.again)
        fresh = [r for r in rows.to_dicts() if (r["track_id"], r["url"]) not in self._seen]
        room = len(fresh) if self._most is None else max(self._most - len(self._seen), 0)
        self._left = fresh[:room]

    def next(self) -> dict | None:
        """Return the next track to ask for; None at the end."""
        if not self._left:
            self.write()
            self._fill()
        if not self._left:
            self.now = ""
            return None
        row = self._left.pop(0)
        self._seen.add((row["track_id"], row["url"]))
        return row

    def waits(self, seconds: float, progress: Progress) -> None:
        """Say that Genius is left alone for a while."""
        progress(self.done, self.total, f"{self.now}: waiting {seconds:.0f} s, as Genius asks")

    def add(self, result: Result) -> None:
        """Take a result; raise where going on would be pointless or impolite."""
        self.counts[result.outcome] += 1
        self._unwritten.append(result)
        if len(self._unwritten) >= BATCH:
            self.write()
        failed = result.error
        if failed is None or failed.outcome == NOT_FOUND:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= ENOUGH or failed.outcome in (TOKEN, LIMITED):
            raise failed

    def write(self) -> None:
        """Store what was found, then note what came of each track."""
        results, self._unwritten = self._unwritten, []
        fresh = [result for result in results if result.outcome == FOUND]
        if fresh:
            self._store(fresh)
        for r in results:
            note(self.label, GENIUS, r.track, r.outcome, found=r.found, url=r.url, score=r.score,
                 doubt=r.doubt)  # fmt: skip

    def _store(self, fresh: list[Result]) -> None:
        now = datetime.datetime.now(datetime.UTC)
        rows = [
            {"track_id": r.track, "source": SOURCE, "text": r.text, "fetched_at": now}
            for r in fresh
        ]
        self.found += len(rows)
        self.cleaned += sum(bool(r.doubt) for r in fresh)
        kind = table("lyrics")
        new = pl.DataFrame(rows).with_columns(pl.col("fetched_at").dt.cast_time_unit("ms"))
        with change(self.label.folder, home=self.label.home) as writing:
            # What stands of this run by now: some of it may have been thrown out meanwhile.
            mine = [one for one in writing.manifest.of("lyrics") if one.source == self.source]
            old = scan(writing.folder, kind, mine).collect() if mine else new.clear()
            both = pl.concat([old, new], how="diagonal")
            writing.put("lyrics", both.unique(kind.key, keep="last"), source=self.source)
        # Among the imports, where it can be taken back, from its first song on.
        entry = {
            "user": settings().current_user, "file": "Lyrics from Genius", "sha256": "",
            "source": self.source, "table": "lyrics", "rows_read": self.found,
            "accepted": self.found - self.cleaned, "repaired": self.cleaned, "rejected": 0,
        }  # fmt: skip
        state.record_instead(self.label.home, state.Import, [entry], source=self.source)
