"""The mapping wizard: which column of a file is what."""

import streamlit as st

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.importers import profiles, wizard
from workbench.importers.mapping import OF_FILE, Mapping, needed
from workbench.importers.sheet import ROW, Sheet
from workbench.importers.wizard import Choice
from workbench.tables import TABLES, Table
from workbench.ui.text import escaped

NOT_HERE, ONE_VALUE = "– not in this file", "– one value for all"
ACROSS, FIRST = 3, 5
NAMED = {"title": "Track title", "artist": "Artist name", "isrc": "ISRC", "version": "Version"}


def mapping_of(sheet: Sheet, label: Dataset, key: str, stem: str) -> Mapping | None:
    """Show the wizard and return the mapping chosen so far; None while something is open.

    Parameters
    ----------
    sheet : the file. label : where a saved mapping is kept. key : that begins all widget keys.
    stem : of the file's name, offered as the mapping's.
    """
    columns = sheet.columns
    name, about = st.columns([1, 2], vertical_alignment="bottom")
    chosen = name.selectbox(
        "What is in this file?",
        list(TABLES),
        index=list(TABLES).index(wizard.guessed_table(columns)),
        format_func=_title,
        key=f"{key}-table",
    )
    st.dataframe(sheet.frame.drop(ROW).head(FIRST), hide_index=True, key=f"{key}-raw")
    kind = TABLES[chosen]
    about.caption(f"Such as {kind.brought_by}. Columns: {escaped(', '.join(columns))}")
    named = _named(kind, columns, f"{key}-{chosen}")
    first = needed(kind)
    choices = _fields(kind, first, columns, f"{key}-{chosen}")
    with st.expander("More columns", expanded=False):
        shown = (*first, *OF_FILE.get(kind.name, ()))
        rest = [column for column in kind.polars_schema if column not in shown]
        choices |= _fields(kind, rest, columns, f"{key}-{chosen}")
    forms, decimal = _written(kind, f"{key}-{chosen}")
    if missing := wizard.still_needed(kind, choices, named):
        names = ", ".join(name.replace("_", " ") for name in missing)
        words = f"Every row needs {names}: choose a column, or one value for all rows."
        if wizard.TRACK_OF.get(kind.name) in missing:
            words += " Where no column has ids, choose the track title and the artist name."
        st.info(words, icon=":material/info:")
        return None
    if lost := wizard.taken_for_ids(kind, choices, named, sheet):
        st.warning(
            f"{escaped(lost)} reads like titles, not like ids: songs of one title would fall "
            "together. Choose it as the track title, and the artist name.",
            icon=":material/warning:",
        )
    title_of = st.text_input("Name of this mapping", stem, max_chars=60, key=f"{key}-name")
    try:
        made = wizard.mapping(
            title_of or stem, kind, choices, columns, date_forms=forms, decimal=decimal,
            named=named,
        )  # fmt: skip
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/error:")
        return None
    if st.button(
        "Save the mapping",
        key=f"{key}-save",
        icon=":material/bookmark_add:",
        help="Files with these columns are recognised by it from then on.",
    ):
        try:
            path = profiles.save(made, label.home)
        except WorkbenchError as error:
            st.error(escaped(error), icon=":material/error:")
        else:
            st.success(f"Saved as {escaped(path.name)}.", icon=":material/check:")
    return made


def forgettable(label: Dataset, mapping: Mapping, key: str) -> None:
    """Offer to delete the mapping that a file was recognised by, where the label saved it."""
    path = profiles.saved(mapping, label.home)
    if path is None:
        return
    if st.button(
        f"Saved mapping {escaped(mapping.name)} – forget it",
        key=f"{key}-forget",
        type="tertiary",
        icon=":material/bookmark_remove:",
        help="Files with these columns are asked about again. What they brought stays.",
    ):
        path.unlink(missing_ok=True)
        st.rerun()


def _title(name: str) -> str:
    return TABLES[name].title


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _fields(kind: Table, targets: list[str], columns: list[str], key: str) -> dict[str, Choice]:
    choices = {}
    for start in range(0, len(targets), ACROSS):
        places = st.columns(ACROSS)
        for place, target in zip(places, targets[start : start + ACROSS], strict=False):
            with place:
                choices[target] = _field(kind, target, columns, f"{key}-{target}")
    return choices


def _field(kind: Table, target: str, columns: list[str], key: str) -> Choice:
    guess = wizard.guessed_choice(kind, target, columns)
    options = [NOT_HERE, ONE_VALUE, *columns]
    first = guess.column or (ONE_VALUE if guess.constant else NOT_HERE)
    chosen = st.selectbox(_words(target), options, index=options.index(first), key=key)
    if chosen == ONE_VALUE:
        value = st.text_input(
            f"{target} of all rows", guess.constant or "", key=f"{key}-value",
            label_visibility="collapsed", placeholder="value of all rows",
        )  # fmt: skip
        return Choice(constant=value.strip() or None)
    return Choice(column=None if chosen == NOT_HERE else chosen)


def _written(kind: Table, key: str) -> tuple[tuple[str, ...], str | None]:
    """Show how dates and numbers are written."""
    types = kind.polars_schema.values()
    dates, numbers = st.columns(2)
    forms, decimal = (), None
    if any(dtype.is_temporal() for dtype in types):
        form = dates.selectbox("Dates are written", list(wizard.DATE_FORMS), key=f"{key}-dates")
        forms = wizard.DATE_FORMS[form]
    if any(dtype.is_numeric() for dtype in types):
        sign = numbers.selectbox("Decimal sign", list(wizard.DECIMALS), key=f"{key}-decimal")
        decimal = wizard.DECIMALS[sign]
    return forms, decimal


def _named(kind: Table, columns: list[str], key: str) -> dict[str, str | None]:
    """Show which columns name the recordings of the rows."""
    if kind.name not in wizard.TRACK_OF:
        return {}
    asked = ["artist"] if kind.name == "tracks" else list(NAMED)
    named, options = {}, [NOT_HERE, *columns]
    for place, what in zip(st.columns(len(asked)), asked, strict=True):
        guess = wizard.guessed_column(what, columns)
        chosen = place.selectbox(
            NAMED[what], options, index=options.index(guess or NOT_HERE), key=f"{key}-also-{what}",
            help="Recordings are held against the catalogue by these. New ones are made, and what "
            "is in doubt is asked.",
        )  # fmt: skip
        named[what] = None if chosen == NOT_HERE else chosen
    return named
