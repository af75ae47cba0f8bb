"""Importing on a page: where files go, and what each of them holds."""

import hashlib
from functools import partial
from pathlib import PurePath

import streamlit as st

from workbench.dataset import SAMPLE, Dataset, labels, new_label, open_dataset
from workbench.errors import BadInput, WorkbenchError
from workbench.importers import decisions, formats, gathering, preview, profiles, run
from workbench.importers.doubts import in_words
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.lyric_texts import as_brought
from workbench.importers.mapping import Mapping
from workbench.importers.run import Planned
from workbench.importers.sheet import AS_IT_COMES, Reading
from workbench.importers.source import Source
from workbench.importers.workbook import sheet_question
from workbench.report.export import csv
from workbench.store.memory import memory
from workbench.tables import table
from workbench.ui import import_progress
from workbench.ui.confirming import confirm_list
from workbench.ui.import_answers import answers_of
from workbench.ui.import_wizard import forgettable, mapping_of
from workbench.ui.page import Page
from workbench.ui.tables import FINDINGS, IMPORTED, KNOWN, told
from workbench.ui.text import escaped, short

NEW = "A new label …"


def target(page: Page) -> Dataset | None:
    """Return the label that files go to: the one that is open, or on the sample the one asked for.

    None while nobody has said; nothing is made without being asked for.
    """
    if not page.label.manifest.sample:
        return page.label
    own = [name for name in labels() if name != SAMPLE]
    st.info(
        "The sample label is read only. Say which label the files go to.",
        icon=":material/info:",
    )
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    if (made := st.session_state.pop("import_made", None)) in own:
        st.session_state["import_label"] = made
    chosen = left.selectbox(
        "Files go to", [*own, NEW], index=None if own else 0, key="import_label",
        placeholder="Choose a label",
    )  # fmt: skip
    if chosen is None:
        return None
    if chosen != NEW:
        return open_dataset(chosen)
    title = middle.text_input("Its name", key="import_new", max_chars=60)
    if right.button("Make it", key="import_make", icon=":material/add:"):
        try:
            st.session_state["import_made"] = new_label(title).name
        except WorkbenchError as error:
            st.error(escaped(error), icon=":material/error:")
        else:
            st.rerun()
    return None


def dropped(label: Dataset | None) -> list[Source]:
    """Show the drop zone and return the files in it and in its zips; say what is left out."""
    files = st.file_uploader(
        "Drop files here: CSV, TSV, Excel, Parquet, JSON, lyrics as .txt or .lrc; also packed "
        "with gzip, or many of them in a zip",
        accept_multiple_files=True,
        key="files",
        disabled=label is None,
    )
    if not files:
        with st.expander("Which exports are known", icon=":material/list:"):
            st.dataframe(formats.known(), column_config=KNOWN, hide_index=True, key="formats")
            st.caption(
                "They are recognised by their columns, whatever they are called. Any other table "
                "can be taken by saying once what its columns mean."
            )
    brought = [Source(PurePath(file.name).name, file.getvalue()) for file in files or []]
    key = f"import:files:{[file.file_id for file in files or []]}"  # a zip is unpacked once
    try:
        found = memory.load(
            key,
            partial(gathering.bundled, brought),
            lambda found: sum(len(source.data) for source in found.sources),
        )
    except BadInput as error:
        st.error(escaped(error), icon=":material/error:")
        return []
    if found.left_out:
        with st.expander(f"Left out: {len(found.left_out):,}", icon=":material/warning:"):
            st.code("\n".join(found.left_out), language=None)
    return found.sources


def panels(label: Dataset, sources: list[Source]) -> list[Planned]:
    """Show the files one after the other; return the plans of those that can be stored.

    Each is read as it will come: after the files before it.
    """
    plans: list[Planned] = []
    for source in sources:
        planned = panel(run.after(plans, label), source)
        plans += [planned] if planned else []
    return plans


def panel(label: Dataset, source: Source) -> Planned | None:
    """Show one file: what it is, what is asked, what will stand; return its plan if it has one."""
    key = source.sha256[:10]
    with st.container(border=True):
        st.markdown(f"**{escaped(source.name)}** · {short(len(source.data))}B")
        if import_progress.stopped(source):
            return None
        try:
            how = _how(label, source, key)
            if how is None:
                return None
            key = f"{key}-{how.sheet}" if how.sheet else key
            with import_progress.shown(source, "what"):
                found = _understood(label, source, how)
            if found is not None and st.session_state.get(f"{key}-anew"):
                _anew(key)
                if found.mapping.name == "lyric_texts":
                    source = as_brought(source)
                found = None
            mapping = _mapping(label, source, how, found, key)
            if mapping is None:
                return None
            answers = answers_of(label, mapping.questions, key)
            if any(one.name not in answers for one in mapping.questions if not one.optional):
                return None
            with import_progress.shown(source, "rows"):
                planned = _planned(label, source, how, found, mapping, answers)
        except WorkbenchError as error:
            st.error(escaped(error), icon=":material/error:")
            return None
        _show(planned, key)
        confirm_list(label, planned, key)
        if planned.settled[0].rows.is_empty():
            st.error(
                "As it is understood now, no row of this file could be taken. Correct what the "
                "list above says of its rows, or say anew what its columns mean.",
                icon=":material/error:",
            )
            if found is not None:
                _anew(key)
            return None
        return planned


def _anew(key: str) -> None:
    """Let a person say what the columns of a file mean that a format took for its own."""
    st.toggle("Say what its columns mean", key=f"{key}-anew")


def _how(label: Dataset, source: Source, key: str) -> Reading | None:
    """Return how a file is read; of a workbook with several tables it is asked, None meanwhile."""
    question = memory.load(
        f"import:{source.sha256}:sheets", partial(sheet_question, source), lambda _: 1_000
    )
    if question is None:
        return AS_IT_COMES
    answers = answers_of(label, (question,), key)
    return Reading(sheet=answers[question.name]) if answers else None


def _understood(label: Dataset, source: Source, how: Reading) -> Understood | None:
    incoming = Incoming(source, label, how)
    what = f"understood {how.sheet}"
    return _kept(label, source, what, lambda: formats.recognised(incoming))


def _planned(
    label: Dataset, source: Source, how: Reading, found: Understood | None, mapping: Mapping,
    answers: dict[str, str],
) -> Planned:  # fmt: skip
    said = hashlib.sha256(repr((mapping, how, sorted(answers.items()))).encode()).hexdigest()
    stated = mapping if found is None else None

    def make() -> Planned:
        return run.plan(source, label, mapping=stated, found=found, answers=answers, how=how)

    return _kept(label, source, said, make)


def _kept(label: Dataset, source: Source, what: str, make):
    """Keep what was read of a file while its page is open, in the one bounded store."""
    saved = [
        (path.name, path.stat().st_mtime_ns)
        for path in sorted((label.home / profiles.SAVED).glob("*.toml"))
    ]
    key = f"import:{label.folder}:{label.manifest.generation}:{saved}:{source.sha256}:{what}"
    key += f":{decisions.version(label)}:{label.expected}"
    return memory.load(key, make, partial(run.bytes_held, source))


def _mapping(
    label: Dataset, source: Source, how: Reading, found: Understood | None, key: str
) -> Mapping | None:
    """Return how a file is understood; where no format knows it, the wizard asks."""
    if found is not None:
        st.markdown(f":blue-badge[recognised] {escaped(found.mapping.title)}")
        if found.mapping.about:
            st.caption(escaped(" ".join(found.mapping.about.split())))
        forgettable(label, found.mapping, key)
        return found.mapping
    st.markdown(":gray-badge[not recognised] Say once what its columns mean.")
    sheet = Incoming(source, label, how).sheet
    if sheet is None:
        raise BadInput(f"{source.name} holds no table.")
    return mapping_of(sheet, label, key, PurePath(source.name).stem)


def _show(planned: Planned, key: str) -> None:
    report = planned.report
    show = partial(st.dataframe, hide_index=True, placeholder="–")
    show(preview.overview(planned), column_config=IMPORTED, key=f"{key}-counts")
    found = preview.findings(planned)
    if not found.is_empty():
        show(told(found), column_config=FINDINGS, key=f"{key}-findings")
    asked = in_words(planned.understood.sheet.doubtful)  # the list below says it at length
    for note in (note for note in report.notes if note not in asked):
        st.caption(f"Note: {escaped(note)}.")
    if report.unused:
        st.caption(f"Columns that are not taken: {escaped(', '.join(report.unused))}.")
    with st.expander("First rows as they will be stored"):
        for one in planned.settled:
            st.caption(table(one.records.rule.name).title)
            show(preview.first_rows(one), key=f"{key}-{one.records.rule.name}")
    if report.rejected:
        st.download_button(
            "Rejected rows, to correct and drop again",
            data=partial(_rejects, planned),
            file_name=f"{PurePath(report.file).stem}.rejected.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"{key}-rejects",
            icon=":material/download:",
        )


def _rejects(planned: Planned) -> bytes:
    return csv(planned.rejected_rows)
