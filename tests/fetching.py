"""A small label that lacks lyrics, and a Genius that has them."""

from answering import Service
from genius_answers import SEARCH, by_query, listed, lyric_page, serves, song

from workbench.dataset import Dataset, open_dataset
from workbench.importers.lyric_outcomes import outcomes
from workbench.importers.services import Limits

ADA, BO = "Ada *Star*", "Bo & the Bees"
QUICK = Limits(tries=1, connect=2, read=0.3, whole=1, pause=0.01, patience=1)


def again(label: Dataset) -> Dataset:
    """Open a label anew: it was written to."""
    return open_dataset(str(label.folder))


def said(label: Dataset) -> dict[str, str]:
    """Return the last outcome of each track."""
    return dict(outcomes(again(label)).select("track_id", "outcome").iter_rows())


def all_there(server: Service) -> None:
    """Let Genius have the three released songs of the label."""
    songs = {"Leaving": ADA, "=Arriving": ADA, "Home <b>": BO}
    words = {title.strip("=").split()[0]: listed(song(title, who)) for title, who in songs.items()}
    server.on(SEARCH, by_query(**words))
    for title, who in songs.items():
        serves(server, title, who, lyric_page(title, who))
