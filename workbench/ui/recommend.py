"""The parts of Recommendations: for whom, how far to go, and the list."""

import hashlib

import polars as pl
import streamlit as st

from workbench.audience import saved, segments
from workbench.parameters import Private
from workbench.recommend.lists import DIAL, Recommendations
from workbench.recommend.marks import Audience
from workbench.recommend.pasted import Pasted, pasted
from workbench.settings import settings
from workbench.store import state
from workbench.ui.page import Headline, Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped, short

EVERYBODY, CLUSTER, SEGMENT, SONGS = "Everybody", "Taste cluster", "Saved segment", "List of songs"
LISTENER = "One listener"
WHICH = {"released": "Released", "new": "New releases", "all": "Also planned"}
MOST_LISTED = 50
_column = st.column_config
LIST = {
    "rank": _column.NumberColumn("#", width="small", pinned=True),
    "mark": _column.TextColumn(
        "Why here",
        help="Kept: liked before. To find out: drawn, so that the list asks of songs "
        "that it would not have shown",
    ),
    "title": _column.TextColumn("Title", pinned=True),
    "artist": _column.TextColumn("Artist"),
    "because": _column.ListColumn(
        "Because of", width="large", help="Songs of the profile that add most to its score"
    ),
    "same": _column.TextColumn("In common with the first", help="Artist, genre, leading mood"),
    "heard": _column.NumberColumn(
        "Heard by", format=PERCENT, help="Share of this audience that streamed it; – where few did"
    ),
    "score": _column.NumberColumn(
        "Fit", format="%.1f", help="Standard scores over all songs, before dial and variety"
    ),
    "basis": _column.TextColumn("Rests on", help="What the score comes of"),
    "genre": _column.TextColumn("Genre"),
    "release_date": _column.DateColumn("Released"),
    "isrc": _column.TextColumn("ISRC"),
}
LINES = {
    "line": _column.NumberColumn("Line"),
    "text": _column.TextColumn("As pasted"),
    "name": _column.TextColumn("Taken as"),
    "track_id": None,
}


def audience(page: Page, countries: tuple[str, ...]) -> tuple[dict[str, object], Audience] | None:
    """Ask for whom the list is; return its parameters and name, None where that is not said yet.

    Who lives in some countries only is an audience of its own: what is said of its lists is, too.
    """
    chosen = _chosen(page)
    if chosen is None or not countries or "listener" in chosen[0]:
        return chosen
    return chosen[0], Audience(f"{chosen[1].name} in {', '.join(countries)}")


def _chosen(page: Page) -> tuple[dict[str, object], Audience] | None:
    rules = {one.id: one for one in saved.saved(page.label.home).segments}
    clustered = page.label.has("segments")
    kinds = [EVERYBODY, *([CLUSTER] if clustered else []), *([SEGMENT] if rules else []), SONGS]
    kinds += [LISTENER] if settings().single_listeners else []
    row = st.container(horizontal=True, vertical_alignment="bottom", key="for-whom")
    kind = row.segmented_control(
        "For", kinds, default=EVERYBODY, required=True, key="for", bind="query-params"
    )
    if kind == CLUSTER:
        found = page.attempt(segments.clusters, min_group=settings().min_group)
        names = dict(found.cards.select("segment", "name").iter_rows()) if found else {}
        chosen = row.selectbox(
            "Cluster", list(names), format_func=names.get, key="cluster", bind="query-params"
        )
        if chosen is None:
            return None
        return {"cluster": chosen}, Audience(f"Taste cluster {names[chosen]}")
    if kind == SEGMENT:
        names = {key: one.name for key, one in rules.items()}
        chosen = row.selectbox(
            "Segment", list(names), format_func=names.get, key="segment", bind="query-params"
        )
        return {"segment": rules[chosen]}, Audience(f"Segment {chosen}")
    if kind == SONGS:
        return _songs(page)
    if kind == LISTENER:
        return _listener(page)
    return {}, Audience(EVERYBODY)


def _listener(page: Page) -> tuple[dict[str, object], Audience] | None:
    """Ask for a pseudonym and log its opening; it stands in no URL, download or notebook."""
    typed = st.text_input("Pseudonym", key="listener", max_chars=64, autocomplete="off").strip()
    st.caption("Each opening is logged. Nothing of it can be downloaded or opened in a notebook.")
    if typed and st.session_state.get("listener opened") != typed:
        state.log_access(page.label.home, settings().current_user, "listener opened", typed)
    st.session_state["listener opened"] = typed
    if not typed:
        return None
    return {"listener": Private(typed)}, Audience(f"{LISTENER} {typed}", typed)


def _songs(page: Page) -> tuple[dict[str, object], Audience] | None:
    text = st.text_area(
        "Songs, one a line", key="songs", height=120, max_chars=20_000,
        placeholder="Title – Artist", help="Title and artist, a title, an ISRC or an id",
    )  # fmt: skip
    found = page.compute(pasted, keep=False, text=text)
    if found.unknown:
        _unknown(page, found)
    if not found.tracks:
        st.info("Paste songs of this label, one a line.", icon=":material/playlist_add:")
        return None
    digest = hashlib.sha256("\n".join(sorted(found.tracks)).encode()).hexdigest()[:16]
    return {"songs": found.tracks}, Audience(f"Songs {digest}")


def _unknown(page: Page, found: Pasted) -> None:
    lines = "1 line names" if found.unknown == 1 else f"{found.unknown} lines name"
    st.caption(
        f"{lines} no song of this label and {'is' if found.unknown == 1 else 'are'} left out."
    )
    with st.expander("The list as it was read", icon=":material/checklist:"):
        page.table(found.lines, key="pasted_lines", columns=LINES)


def choices() -> dict[str, object]:
    """Ask how far to go and what may be in the list; return the parameters of it."""
    row = st.container(horizontal=True, vertical_alignment="bottom", key="how-far")
    dial = row.slider(
        "Familiar to adventurous", 0.0, 1.0, DIAL, 0.05, key="dial", width=220,
        help="How far songs that this audience already knows are held back",
    )  # fmt: skip
    variety = row.slider(
        "Variety", 0.0, 1.0, 0.2, 0.05, key="variety", width=160,
        help="How far songs like those above them are held back",
    )  # fmt: skip
    which = row.segmented_control(
        "Songs", list(WHICH), format_func=WHICH.get, default="released", required=True,
        key="which", bind="query-params", help="New: within 180 days of the newest release",
    )  # fmt: skip
    length = row.number_input("How many", 5, MOST_LISTED, 20, 5, key="length", width=120)
    own = row.toggle("Own roster only", key="own", help="Signed artists")
    clean = row.toggle("Nothing explicit", key="clean")
    return {
        "dial": round(dial, 2), "variety": round(variety, 2), "which": which,
        "length": int(length), "own": own, "clean": clean,
    }  # fmt: skip


def strip(found: Recommendations) -> list[Headline]:
    """Return the numbers of a list."""
    songs = found.songs
    kept = int(songs["kept"].sum())
    unheard = songs["heard"].null_count()
    heard = songs["heard"].fill_null(0.0).mean() or 0.0
    people = Headline(
        "Listeners", short(found.listeners or 0), help="Of this audience, to the nearest five"
    )
    knowing = Headline(
        "Heard on average by",
        f"{100 * heard:.0f} %",
        note=f"{unheard} hardly heard" if unheard else None,
        help="Share of the audience that streamed a song of the list; hardly heard: by fewer "
        f"than {found.min_group} of it",
    )
    return [
        *([people] if found.listeners is not None else []),
        Headline(
            "Songs known",
            f"{found.songs_known:,}",
            note="that speak for the list",
            help=f"Streamed by {found.min_group} or more of the audience, or pasted",
        ),
        Headline(
            "In the list",
            f"{songs.height:,}",
            note=f"{f'{kept} kept, ' if kept else ''}of {found.candidates + kept:,} that may be",
            help="After the choices of songs, artists and genres",
        ),
        Headline("Artists", f"{songs['artist_id'].n_unique():,}", help="Different ones, in it"),
        *([knowing] if unheard < songs.height else []),
    ]


def listed(found: Recommendations) -> pl.DataFrame:
    """Return the playlist draft as shown."""
    mark = pl.when("kept").then(pl.lit("Kept")).when(pl.col("propensity") < 1).then(
        pl.lit("To find out"))  # fmt: skip
    return readable(found.songs.with_columns(mark.alias("mark")).select(*LIST), LIST)


def told(found: Recommendations) -> str:
    """Return the list's first song in words, or that there is none."""
    if found.songs.is_empty():
        return "No song fits these choices."
    # not one that was drawn to find out, nor one that was liked before, where there is another
    chosen = found.songs.sort("kept", pl.col("propensity") < 1, "rank")
    first = chosen.row(0, named=True)
    because = f", because of {escaped(first['because'][0])}" if first["because"] else ""
    return f"First: {escaped(first['title'])} – {escaped(first['artist'])}{because}."
