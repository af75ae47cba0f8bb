"""Filling ISRCs that tracks lack from MusicBrainz: only where null, each listed and undoable."""

from collections import Counter
from collections.abc import Callable

from workbench.dataset import Dataset
from workbench.errors import SetUpError
from workbench.importers import metabrainz, permission
from workbench.importers.identifier_outcomes import TAKEN, not_these, waiting, written
from workbench.importers.look_up_log import note
from workbench.importers.metabrainz import FOUND, PAGE, Answer, MetaBrainz
from workbench.importers.services import LIMITED, LIMITS, LISTENBRAINZ, MUSICBRAINZ, Failed
from workbench.importers.web import Client
from workbench.settings import settings

JOB = "identifiers_fetch"
# Tracks between two writes: each makes a new version of the table of tracks.
BATCH = 100
ENOUGH = 3
Progress = Callable[[int, int, str], None]


def fetch(
    label: Dataset, *, limit: int | None = None, again: bool = False,
    progress: Progress = lambda done, total, text: None,
) -> Counter[str]:  # fmt: skip
    """Look up ISRCs that are missing; return how many tracks had which outcome.

    Raises
    ------
    SetUpError
        The note was not accepted, or no contact is set. Failed : the service does not answer; what
        was found is kept. ReadOnly : the label is the sample.
    """
    permission.required(label, MUSICBRAINZ.name)
    contact = settings().contact
    if not contact:
        raise SetUpError(
            "MusicBrainz wants to know whom to write to: set WORKBENCH_CONTACT to an e-mail or web "
            "address, then start the workbench again."
        )
    rows = waiting(label, again=again)
    rows = rows.head(limit) if limit is not None else rows
    now = ["", 0]

    def tell(seconds: float) -> None:
        progress(now[1], rows.height, f"{now[0]}: waiting {seconds:.0f} s, as asked to")

    clients = [
        Client(service, limits=LIMITS, tell=tell, contact=contact)
        for service in (MUSICBRAINZ, LISTENBRAINZ)
    ]
    asked, no = MetaBrainz(*clients), not_these(label)
    counts: Counter[str] = Counter()
    pending: list[tuple[str, Answer]] = []
    failures = 0
    try:
        for done, row in enumerate(rows.iter_rows(named=True)):
            now[:] = f"{row['title']} – {row['artist']}", done
            progress(done, rows.height, now[0])
            permission.required(label, MUSICBRAINZ.name)  # it may be withdrawn meanwhile
            track, failed = row.pop("track_id"), None
            try:
                wanted = metabrainz.Track(**{**row, "featured": tuple(row["featured"] or ())})
                answer = asked.answer(wanted, no.get(track, set()))
            except Failed as error:
                answer, failed = Answer(error.outcome, doubt=str(error)), error
            pending.append((track, answer))
            counts[answer.outcome] += 1
            failures = failures + 1 if failed else 0
            if failed and (failures >= ENOUGH or failed.outcome == LIMITED):
                raise failed
            if len(pending) >= BATCH:
                _keep(label, pending)
    finally:
        _keep(label, pending)
    progress(rows.height, max(rows.height, 1), "done")
    return counts


def _keep(label: Dataset, pending: list[tuple[str, Answer]]) -> None:
    """Fill what was surely found, then note what came of each track."""
    wanted = {track: answer.isrc for track, answer in pending if answer.outcome == FOUND}
    done = written(label, wanted)
    for track, answer in pending:
        found, outcome = answer.recording, answer.outcome
        if outcome == FOUND and track not in done:
            outcome = TAKEN
        note(
            label, MUSICBRAINZ, track, outcome, value=answer.isrc, score=answer.score,
            doubt=answer.doubt, found=found.name if found else "",
            url=PAGE + found.mbid if found else "",
        )  # fmt: skip
    pending.clear()
