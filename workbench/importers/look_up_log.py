"""The log of look-ups: read, added to, and counted by outcome."""

from collections.abc import Mapping

import polars as pl

from workbench.dataset import Dataset
from workbench.importers.services import Service
from workbench.settings import settings
from workbench.store import state
from workbench.store.looked_up import LookUp


def events(label: Dataset, service: Service) -> pl.DataFrame:
    """Return all that was said of a label's tracks by or about a service, oldest first."""
    return state.rows(label.home, LookUp).filter(pl.col("service") == service.name)


def note(label: Dataset, service: Service, track: str, outcome: str, **said: object) -> None:
    """Add one line; `said` are found, url, score, doubt and value."""
    state.record(
        label.home, LookUp, user=settings().current_user, service=service.name, track_id=track,
        outcome=outcome, **said,
    )  # fmt: skip


def by_outcome(rows: pl.DataFrame, meaning: Mapping[str, tuple[str, str]]) -> pl.DataFrame:
    """Return rows with an outcome counted, in the order of `meaning`: title | tracks | advice."""
    words = pl.DataFrame(
        [(outcome, *said) for outcome, said in meaning.items()],
        schema=["outcome", "title", "advice"],
        orient="row",
    )
    counts = rows.group_by("outcome").agg(tracks=pl.len())
    told = words.join(counts, on="outcome", how="inner", maintain_order="left")
    return told.select("title", "tracks", "advice")
