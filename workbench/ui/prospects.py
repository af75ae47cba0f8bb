"""The parts of Potential listeners: what is asked for, whom it reaches, and what leaves here."""

import polars as pl
import streamlit as st

from workbench.listening.holdings import choices
from workbench.listening.song import song_choices
from workbench.parameters import Filters
from workbench.recommend.prospect_cells import CLUSTER, COUNTRY, TIER
from workbench.recommend.prospect_export import (
    audience_definition,
    demo_definition,
    hashed_audience,
)
from workbench.recommend.prospects import Prospects, demo_prospects, prospects
from workbench.settings import settings
from workbench.ui import demo
from workbench.ui import moods as words
from workbench.ui.hashed_ids import offer_ids
from workbench.ui.page import Headline, Page
from workbench.ui.selection import entity_choice
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped, short, span

SONG, ARTIST, DEMO = "Song", "Artist", "Demo lyric"
KINDS = {COUNTRY: "Market", CLUSTER: "Taste cluster", TIER: "Tier"}
UNKNOWN = "Not known"
_column = st.column_config
CELLS = {
    "name": _column.TextColumn("Group", pinned=True),
    "people": _column.NumberColumn("Do not know it", format="localized", help="To the nearest 5"),
    "expected": _column.NumberColumn("Expected to come", format="localized"),
    "low": _column.NumberColumn("at least (5 %)", format="localized"),
    "high": _column.NumberColumn("at most (95 %)", format="localized"),
    "share": _column.NumberColumn("Share", format=PERCENT, help="Expected of those in the group"),
    "audience": _column.NumberColumn(
        "In the audience", format="localized", help="Of the group, among the likeliest; – for few"
    ),
}
DEFINITION = {
    "kind": _column.TextColumn("By", pinned=True),
    "key": _column.TextColumn("Is", pinned=True),
    "people": _column.NumberColumn("People", format="localized", help="To the nearest 5"),
    "of_audience": _column.NumberColumn("Of the audience", format=PERCENT),
    "index": _column.NumberColumn(
        "Index", format="%.0f", help="100 is as many as among all who do not know it"
    ),
}


def asked(page: Page) -> dict[str, object] | None:
    """Ask for what; return the parameters of it, None where that is not said yet."""
    row = st.container(horizontal=True, vertical_alignment="bottom", key="for-what")
    kind = row.segmented_control(
        "For", [SONG, ARTIST, DEMO], default=SONG, required=True, key="for", bind="query-params"
    )
    if kind == DEMO:
        return _demo(page)
    if kind == ARTIST:
        names = dict(page.compute(choices).artists.iter_rows())
        if not names:
            st.info("This label has no artists yet.", icon=":material/search:")
            return None
        return {"artist": entity_choice(row, "Artist", names, key="artist_id", width=320)}
    find = words.find_song(row)
    linked = tuple(st.query_params.get_all("track"))
    songs = page.compute(song_choices, find=find, linked=linked)
    names = dict(songs.songs.iter_rows())
    if not names:
        st.info("No song has this in its name.", icon=":material/search:")
        return None
    return {"track": words.song_choice(row, names)}


def _demo(page: Page) -> dict[str, object] | None:
    lyric = demo.lyric_given()
    row = st.container(horizontal=True, vertical_alignment="bottom", key="demo-facts")
    offered = page.compute(choices)
    names = {"": "a new artist", **dict(offered.artists.iter_rows())}
    artist = row.selectbox(
        "By", list(names), format_func=names.get, key="demo-artist", width=320,
        help="Its other songs speak for a new one",
    )  # fmt: skip
    genres = {"": "not said", **{genre: genre for genre in offered.genres}}
    genre = row.selectbox(
        "Genre", list(genres), format_func=genres.get, key="demo-genre", width=220
    )
    facts = {"artist": artist or None, "genre": genre or None}
    if not genre:
        st.caption("Without a genre it is ranked worse than the trials below, which knew it.")
    return None if lyric is None else {"lyric": lyric, **facts}


def share_choice() -> float:
    """Ask how large the audience is; return its share of those who do not know it."""
    return st.slider(
        "Audience: the likeliest", 1, 50, 10, 1, format="%d %%", key="share", width=320,
        help="Of all listeners who do not know it yet",
    ) / 100  # fmt: skip


def found_for(page: Page, who: dict[str, object], filters: Filters, share: float) -> Prospects:
    """Return the expected audience of what was asked for."""
    return page.compute(
        demo_prospects if "lyric" in who else prospects, name="expected", **who, filters=filters,
        share=share, min_group=settings().min_group,
    )  # fmt: skip


def told(found: Prospects) -> str:
    """Return the finding in words."""
    return (
        f"{escaped(found.named)}: {short(found.expected)} {span(found.low, found.high)} of "
        f"{short(found.people)} listeners of the panel who do not know it are expected to come."
    )


def strip(found: Prospects, share: float) -> list[Headline]:
    """Return the numbers of an expected audience."""
    auc = found.bands["auc"].dot(found.bands["items"]) / max(found.items, 1)
    return [
        Headline("Do not know it", short(found.people), note="listeners of the panel",
                 help="To the nearest five; nothing is said of people outside the panel"),
        Headline("Expected to come", short(found.expected), note=span(found.low, found.high)[1:-1],
                 help=f"Sum of chances, and 90 % interval. A chance is that a listener "
                      f"{found.meaning}"),
        Headline("Audience", short(found.audience), note=f"the likeliest {100 * share:.0f} %",
                 help="To the nearest five"),
        Headline("Of those who come", f"{100 * found.caught:.0f} %",
                 note=f"in the audience, {found.caught / share:.1f}x chance",
                 help="By the chances; how true they are stands below"),
        Headline("Ranked right", f"{100 * auc:.0f} %", note=f"in trials of {found.items} of them",
                 help="How often one who came stood above one who did not (AUC), over songs or "
                      "artists whose next listeners were held back"),
    ]  # fmt: skip


def kind_choice(found: Prospects) -> str | None:
    """Ask by what groups are shown; None where nothing is known of the listeners."""
    held = set(found.cells["kind"])
    kinds = [kind for kind in KINDS if kind in held]
    if not kinds:
        return None
    return st.segmented_control(
        "By", kinds, format_func=KINDS.get, default=kinds[0], required=True, key="by",
        bind="query-params",
    )  # fmt: skip


def cells_of(found: Prospects, kind: str) -> pl.DataFrame:
    """Return the groups of a kind, hidden ones last, as shown."""
    rows = [place for place, one in enumerate(found.cells["kind"]) if one == kind]
    return found.cells[rows]


def listed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the table of groups as shown."""
    named = rows.with_columns(pl.col("name").str.replace_all("_", " "))
    return readable(named.select(*CELLS), CELLS)


def definition(page: Page, who: dict[str, object], filters: Filters, share: float) -> None:
    """Show what leaves the house: the audience in groups, and hashed ids of those who consent."""
    least = settings().min_group_outside
    found = page.attempt(
        demo_definition if "lyric" in who else audience_definition, name="definition", **who,
        filters=filters, share=share, min_group=least,
    )  # fmt: skip
    if found is not None:
        worded = found.with_columns(pl.col("key").str.replace_all("_", " "))
        page.table(readable(worded, DEFINITION), key="audience_definition", columns=DEFINITION,
                   height=320)  # fmt: skip
        st.caption(
            f"For targeting: it holds only groups of {least} people or more. Download, at the top, "
            "takes it away."
        )
    if "lyric" not in who:
        st.caption("Hashed ids are of the whole panel, whatever the filter.")
        offer_ids(page, hashed_audience, str(next(iter(who.values()))), "audience-sha256.csv",
                  **who, share=share)  # fmt: skip


def market_link(page: Page, who: dict[str, object], home: str, filters: Filters) -> None:
    """Show the way to the same question in one market."""
    asked_for = {"artist_id": who["artist"], "for": ARTIST} if "artist" in who else who
    if "lyric" not in who:
        whose = {"among": filters.segment.name} if filters.segment else {}
        page.link("audience/prospects", f"Only {home}", **asked_for, **whose, country=home)
