"""The registry of pages: to add one, write pages/<section>/<page>.py and one line here."""

from dataclasses import dataclass

from workbench.errors import UsageError
from workbench.settings import PROJECT

SECTIONS = {
    "start": "Start",
    "scout": "Scout",
    "songs": "Songs",
    "audience": "Audience",
    "promote": "Promote",
    "share": "Share",
}


@dataclass(frozen=True)
class PageEntry:
    """One page.

    Attributes
    ----------
    route : “section/page”, which is also its file. title : in the menu. question : what it answers.
    icon : a Material symbol. tables : that bring it to life; any of them will do.
    """

    route: str
    title: str
    question: str
    icon: str
    tables: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Section of the menu."""
        return self.route.split("/")[0]

    @property
    def url(self) -> str:
        """Path in the browser; Streamlit allows no slash in it."""
        return self.route.replace("/", "-").replace("_", "-")

    @property
    def file(self) -> str:
        """Path of the script from the project's root."""
        return f"pages/{self.route}.py"


STREAMS = ("daily_streams", "plays", "window_totals")
PEOPLE, TIERS = ("plays", "listening_counts"), ("plays", "daily_streams")
PAGES = (
    PageEntry("start/home", "Home", "What should I look at today?", "home"),
    PageEntry("start/import_data", "Import", "What can I bring, what came of it?", "upload_file"),
    PageEntry("scout/catalogue", "Catalogue", "Which songs move?", "library_music", STREAMS),
    PageEntry("scout/artist", "Artist", "Is this artist growing, and on what?", "artist", STREAMS),
    PageEntry("scout/mood_gap", "Mood gap",
              "Which moods do our listeners want that we do not have?", "balance", ("lyrics",)),
    PageEntry("songs/song", "Song", "What does this song say, and to whom?", "lyrics", ("tracks",)),
    PageEntry("songs/moods", "Moods", "What does the catalogue feel like?", "mood", ("lyrics",)),
    PageEntry("songs/themes", "Themes",
              "What are our songs about, and which song fits these words?", "topic", ("lyrics",)),
    PageEntry("songs/compare", "Compare two", "What sets these two apart?", "compare_arrows",
              ("lyrics",)),
    PageEntry("songs/demo", "Demo", "What would this lyric be among ours?", "edit_note"),
    PageEntry("audience/segments", "Taste clusters", "Who are our listeners?", "groups", PEOPLE),
    PageEntry("audience/tiers", "Listener tiers", "Who is loyal, who slips away?", "stairs", TIERS),
    PageEntry("audience/overlap", "Overlap",
              "Whose listeners do we share, win and lose?", "join_inner", PEOPLE),
    PageEntry("audience/prospects", "Potential listeners", "Who would love this song?",
              "person_search", PEOPLE),
    PageEntry("audience/recommendations", "Recommendations", "What next for this audience?",
              "queue_music", PEOPLE),
    PageEntry("promote/lab", "Lab", "What if?", "experiment", ("campaigns",)),
    PageEntry("promote/checks", "Checks", "Can I believe this model?", "fact_check",
              ("campaigns",)),
    PageEntry("promote/results", "Results", "What did it do?", "query_stats", ("campaigns",)),
    PageEntry("promote/experiments", "Experiments", "Who can be moved?", "ads_click",
              ("experiments",)),
    PageEntry("promote/calendar", "Calendar", "When should it come out?", "calendar_month",
              STREAMS),
    PageEntry("promote/sales", "Sales", "Who buys next, and what?", "storefront",
              ("purchases", "statements")),
    PageEntry("share/evaluation", "Evaluation", "How good are the recommendations?", "grading",
              PEOPLE),
    PageEntry("share/methods", "Methods", "Why should I believe it?", "science"),
)  # fmt: skip


def entry(route: str) -> PageEntry:
    """Return the page of a route; raises UsageError when there is none."""
    for page in PAGES:
        if page.route == route:
            return page
    raise UsageError(f"There is no page “{route}”; pages are listed in {__name__}.")


def script(route: str) -> str:
    """Return the absolute path of a page's script."""
    return str(PROJECT / entry(route).file)


def open_routes() -> frozenset[str]:
    """Return the routes that can be linked to."""
    return frozenset(page.route for page in PAGES)
