"""A page: what it asks, what it computed, what can be taken from it.

The page object is a plain local of the script: fragments and the download buttons close over it.
"""

from collections.abc import Callable, Mapping

import polars as pl
import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from workbench.analysis import Analysis
from workbench.audience import heard_by
from workbench.audience.saved import saved
from workbench.dataset import Dataset, open_dataset
from workbench.errors import (
    DataError,
    MissingTable,
    NotEnoughEvidence,
    NotMade,
    SetUpError,
    UsageError,
    WorkbenchError,
)
from workbench.listening import holdings
from workbench.parameters import Filters
from workbench.report import methods
from workbench.report.notebook import Call, Drawing, notebook
from workbench.settings import settings
from workbench.ui import compute, jobs, navigation, takeaway
from workbench.ui.chosen_label import label_choice, label_title
from workbench.ui.filters import filter_row, told_apart
from workbench.ui.headlines import Headline, show
from workbench.ui.text import escaped

__all__ = ["Headline", "Page", "open_page"]

CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["zoomIn2d", "zoomOut2d", "autoScale2d"]}


class Page:
    """One page of one label. Made by `open_page`."""

    def __init__(self, route: str, label: Dataset) -> None:
        self.entry = navigation.entry(route)
        self.label = label
        self.calls: dict[str, Call | Drawing] = {}
        self.shown: dict[str, pl.DataFrame] = {}
        self._results: list[tuple[str, object]] = []

    # --- computing ---------------------------------------------------------------------------

    def compute(self, analysis: Analysis, /, *, name=None, keep=True, **parameters):
        """Return what an analysis gives for this label; recorded for the notebook.

        Where a table or artifact is missing the page says what would fill it, and ends there.

        Parameters
        ----------
        analysis : what to ask. name : of the result in the notebook, the function's unless told;
            a second call of one analysis needs its own. keep : False for a slider's answers.
        """
        found = self.attempt(analysis, name=name, keep=keep, **parameters)
        if found is None:
            self._finish()
            st.stop()
        return found

    def attempt(self, analysis: Analysis, /, *, name=None, keep=True, **parameters):
        """Return as `compute` does; where something is missing, say so here and return None."""
        analysis, parameters = heard_by.asked(analysis, parameters, settings().min_group)
        arguments = analysis.arguments(parameters)
        try:
            found = compute.result(self.label, analysis, arguments, keep=keep)
        except MissingTable as error:
            self._missing(error)
            return None
        except NotMade as error:
            jobs.offer(self.label, error)
            return None
        except NotEnoughEvidence as error:
            st.info(escaped(error), icon=":material/query_stats:")
            return None
        except (DataError, SetUpError) as error:
            st.error(escaped(error), icon=":material/error:")
            return None
        name = name or analysis.function.__name__
        self.calls[name] = Call(name, analysis, parameters)
        self._results.append((name, found))
        return found

    def _missing(self, error: MissingTable) -> None:
        with st.container(border=True):
            st.markdown(f"**Not in this data.** {escaped(error)}")
            self.link("start/import_data", "Import a file", icon="upload_file")

    # --- what is chosen ----------------------------------------------------------------------

    def filters(self, *honoured: str) -> Filters:
        """Show the row of filters and return what is chosen of those that this page obeys."""
        return filter_row(self._choices(), honoured, saved(self.label.home).segments)

    def _choices(self) -> holdings.Choices:
        return compute.result(self.label, holdings.choices, {}, keep=True)

    # --- what is shown -----------------------------------------------------------------------

    def strip(self, headlines: list[Headline]) -> None:
        """Show at most five numbers in a row."""
        show(headlines)

    def chart(
        self, draw: Callable, *results: object, key: str, alt: str, select: str | None = None,
        **parameters: object,
    ) -> Mapping:  # fmt: skip
        """Draw a figure of results that this page computed; return what is selected in it.

        Parameters
        ----------
        draw : function of the results. key : of the widget. alt : the finding in words.
        select : “points”, “box” or “lasso” where a selection means something.
        parameters : plain ones of `draw`.
        """
        names = tuple(self._name_of(result) for result in results)
        self.calls[f"figure {key}"] = Drawing(draw, names, parameters)
        figure = draw(*results, **parameters)
        if select is None:
            st.plotly_chart(figure, key=key, alt=alt, config=CHART)
            return {}
        if select != "points":
            figure.update_layout(dragmode="select" if select == "box" else select)
        return st.plotly_chart(
            figure, key=key, alt=alt, config=CHART, on_select="rerun", selection_mode=[select]
        )

    def table(
        self, frame: pl.DataFrame, *, key: str, columns: Mapping | None = None,
        select: str | None = None, height: int | str = "auto",
    ) -> list[int]:  # fmt: skip
        """Show a table that can be sorted, searched and downloaded; return the selected rows.

        Parameters
        ----------
        frame : the rows, only the columns to show. key : of the widget and the download.
        columns : column_config by name. select : “single-row” or “multi-row”.
        """
        self.shown[key] = frame
        state = st.dataframe(
            frame,
            key=key,
            hide_index=True,
            column_config=dict(columns or {}),
            height=height,
            placeholder="–",
            on_select="rerun" if select else "ignore",
            selection_mode=select or "single-row",
        )
        # a table that became shorter since a row of it was chosen has that row no more
        return [row for row in state["selection"]["rows"] if row < frame.height] if select else []

    def _name_of(self, result: object) -> str:
        for name, held in reversed(self._results):
            if held is result:
                return name
        raise UsageError("A figure draws results that page.compute returned, whole.")

    # --- going elsewhere ---------------------------------------------------------------------

    def link(self, route: str, text: str, *, icon: str | None = None, **query: str) -> None:
        """Show a link to another page with its choices set; nothing where there is no such page.

        A selected row or point is followed by a link, never by st.switch_page: that clears the URL,
        which Streamlit refuses while a widget is bound to it.
        """
        if route in navigation.open_routes():
            try:
                st.page_link(
                    navigation.script(route),
                    label=text,
                    icon=f":material/{icon or navigation.entry(route).icon}:",
                    query_params=self.query(**query),
                )
            except StreamlitPageNotFoundError:  # a page run alone, outside of app.py
                st.caption(text)

    def query(self, **query: str) -> dict[str, str]:
        """Return URL parameters, with the label where it is not the first one.

        `artist` is the filter's and given as an id; its URL carries what it shows.
        """
        if artist := query.get("artist"):
            query["artist"] = told_apart(self._choices()).get(artist, artist)
        own = {} if self.label.name == settings().label else {"label": label_title(self.label.name)}
        return {**own, **query}

    # --- taking it away ----------------------------------------------------------------------

    def foot(self, method: str, *, card: str | None = None) -> None:
        """End the page: how it is computed, and the actions at its head.

        Parameters
        ----------
        method : three sentences. card : anchor of the model card on Methods.
        """
        with st.expander("How this is computed", icon=":material/function:"):
            st.markdown(method)
            if card:
                # the URL of a bound choice carries what it shows
                self.link("share/methods", "The model card", card=methods.titles()[card])
        self._finish()

    def _finish(self) -> None:
        with self._actions:
            takeaway.actions(self)

    def notebook(self) -> bytes:
        """Return this page as a notebook: the calls of its last run."""
        names = {
            read
            for call in self.calls.values()
            if isinstance(call, Call)
            for read in (*call.analysis.reads, *call.analysis.optional)
        }
        versions = {name: self.label.version_of(name) for name in sorted(names)}
        title = f"{self.entry.title}: {self.entry.question}"
        return notebook(title, self.label.name, versions, self.calls.values())

    def head(self) -> None:
        """Show title, question and what is loaded; keep the place of the actions."""
        # one row; in a narrow window the actions go under the title together, still one row
        row = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center",
            gap="xsmall", key="head",
        )  # fmt: skip
        row.header(self.entry.title, anchor=False, width="content")
        self._actions = row.container(horizontal=True, width="content", gap="xsmall", key="actions")
        st.caption(f"{self.entry.question} · {escaped(takeaway.loaded(self.label))}")


def open_page(route: str) -> Page:
    """Open a page: the label that is chosen, its heading and its caption. First line of a page."""
    name = label_choice()
    try:
        page = Page(route, open_dataset(name))
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/folder_off:")
        st.stop()
    compute.forget_erased(page.label)
    page.head()
    return page
