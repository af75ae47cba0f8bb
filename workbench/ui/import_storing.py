"""Storing what was brought, what can be seen since, and taking an import back."""

import streamlit as st

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.importers import decided_rows, history, run
from workbench.importers.held_already import told_twice
from workbench.importers.report import ImportReport
from workbench.importers.run import Planned
from workbench.ui.navigation import PAGES, entry
from workbench.ui.page import Page
from workbench.ui.tables import IMPORTS, told
from workbench.ui.text import escaped


def confirm(page: Page, label: Dataset, plans: list[Planned]) -> None:
    """Show the button that stores all files of the page in one change, and what came of it."""
    held = label.manifest.sources()
    fresh = [
        planned
        for planned in plans
        if planned.report.source not in held or decided_rows.stale(label, planned)
    ]
    if said := st.session_state.pop("import_said", None):
        st.success(f"Stored in {escaped(label.title)}.", icon=":material/check:")
        with st.expander("What came of it"):
            st.code(said, language=None)
        page.link("start/home", "See what is loaded and what stands out", label=label.name)
        for route in st.session_state.pop("import_opened", ()):
            opened = entry(route)
            page.link(route, f"New: {opened.title} – {opened.question}", label=label.name)
    elif plans and not fresh:
        st.success("All of this is in the label already.", icon=":material/check:")
    if not fresh:
        return
    earlier = _earlier(label, fresh)
    chosen = st.pills(
        "Corrected files? These imports of the same name, or of the same sender and days, can be "
        "taken back in the same step.",
        list(earlier), selection_mode="multi", format_func=earlier.get, key="instead",
    ) if earlier else []  # fmt: skip
    for note in told_twice(fresh):
        st.warning(f"{escaped(note)}.", icon=":material/warning:")
    rows = sum(planned.rows for planned in fresh)
    text = f"Store {rows:,} rows of {len(fresh)} file{'s' if len(fresh) > 1 else ''} in"
    if st.button(f"{text} {escaped(label.title)}", type="primary", key="store"):
        bar = st.progress(0.0, text="Storing")
        before = frozenset(held.table for held in label.manifest.slices)
        try:
            reports = run.store(
                fresh,
                label,
                lambda done, total, said: bar.progress(done / max(total, 1), text=escaped(said)),
                instead_of=tuple(chosen),
            )
        except WorkbenchError as error:
            st.error(escaped(error), icon=":material/error:")
            return
        st.session_state["import_said"] = "\n".join(
            line for report in reports for line in report.lines()
        )
        st.session_state["import_opened"] = _opened(before, reports)
        st.rerun()


def past(page: Page, label: Dataset) -> None:
    """Show what came in before, with a way to take it back."""
    imports = history.history(label)
    if imports.is_empty():
        return
    st.subheader("What came in before", anchor=False)
    rows = page.table(told(imports), key="imports", columns=IMPORTS, select="single-row")
    if not rows:
        st.caption("Choose a row to take its import back.")
        return
    source, file = imports["source"][rows[0]], imports["file"][rows[0]]
    with st.popover(f"Take back {escaped(file)}", icon=":material/undo:"):
        words, possible = _leaving(label, source)
        st.markdown(words)
        if st.button("Take it back", key="undo", type="primary", disabled=not possible):
            try:
                history.undo(label, source)
            except WorkbenchError as error:
                st.error(escaped(error), icon=":material/error:")
            else:
                st.rerun()


def _leaving(label: Dataset, source: str) -> tuple[str, bool]:
    """Return in words what goes with an import and what stays, and whether it can go."""
    if source in label.manifest.merged:
        words = "Plays of this file were merged with those of other imports by an earlier version,"
        return f"{words} month by month, and cannot be taken back on their own.", False
    found = [rows for (_, name), rows in label.manifest.standing().items() if name == source]
    if not found:
        return (
            "Nothing of this file stands any more: it was taken back, or newer files say it.",
            False,
        )
    stand = "1 row of this file still stands"
    if sum(found) != 1:
        stand = f"{sum(found):,} rows of this file still stand"
    words = (
        f"{stand} and will go. Plays that another import brought as well stay until that one is "
        "taken back too. Rows that it had replaced do not come back: bring their file again. What "
        "it changed in tracks of other imports is put back where nothing changed it since."
    )
    if rows := history.nameless(label, source):
        what = (
            "1 row of other imports names" if rows == 1 else f"{rows:,} rows of other imports name"
        )
        words += f" {what} its tracks: they stay and have no song."
    return words, True


def _earlier(label: Dataset, plans: list[Planned]) -> dict[str, str]:
    """Return earlier imports of the same files or sales that still stand, with words for each."""
    names = {planned.report.kept_as for planned in plans}
    held = {source for planned in plans for source in planned.report.held}
    itself = {planned.report.source for planned in plans}
    found = {}
    for row in history.history(label).iter_rows(named=True):
        same = row["file"] in names or row["source"] in held
        if same and row["standing"] and row["source"] not in itself:
            found[row["source"]] = f"{row['file']} of {row['at']:%d %B %Y}"
    return found


def _opened(before: frozenset[str], reports: list[ImportReport]) -> list[str]:
    """Return the pages that had nothing to show before these imports and have now."""
    stored = {one.table for report in reports for one in report.tables if one.stored}
    return [one.route for one in PAGES if stored & set(one.tables) and not before & set(one.tables)]
