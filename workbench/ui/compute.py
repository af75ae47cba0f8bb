"""Results of analyses: the one cached function of the app."""

import uuid
from collections.abc import Callable

import streamlit as st

from workbench.analysis import Analysis
from workbench.dataset import Dataset
from workbench.parameters import Private, literal
from workbench.store.memory import memory

# Results hold classes of modules that a hot reload replaces, so they do not outlive one.
_LOAD = uuid.uuid4().hex
_PRIVATE = "results on a private text"
_BUSY = "Working it out"  # shown where an answer takes longer than half a second


@st.cache_data(max_size="256MB", show_spinner=_BUSY)
def _result(key: str, _run: Callable[[], object]) -> object:
    return _run()


def result(label: Dataset, analysis: Analysis, arguments: dict[str, object], *, keep: bool):
    """Return what an analysis gives, from the cache where the same was asked before.

    Parameters
    ----------
    label : the dataset. analysis, arguments : what to compute, all parameters given.
    keep : whether to keep the result; a slider's fifty positions are not worth keeping.
    """

    def run() -> object:
        return analysis(label, **arguments)

    private = [value.digest for value in arguments.values() if isinstance(value, Private)]
    if private:
        return _own_result(private, key(label, analysis, arguments), run)
    if keep:
        return _result(key(label, analysis, arguments), run)
    with st.spinner(_BUSY):
        return run()


def _own_result(texts: list[str], key: str, run: Callable[[], object]) -> object:
    """Return a result on a private text: it stays in the session, until another text comes."""
    held = st.session_state.get(_PRIVATE)
    if held is None or held[0] != texts:
        held = st.session_state[_PRIVATE] = (texts, {})
    if key not in held[1]:
        held[1][key] = run()
    return held[1][key]


def forget_private() -> None:
    """Drop what this session holds of a private text."""
    st.session_state.pop(_PRIVATE, None)


def key(label: Dataset, analysis: Analysis, arguments: dict[str, object]) -> str:
    """Return the text that stands for a result: data versions, function and parameters."""
    names = (*analysis.reads, *analysis.optional)
    return "\n".join(
        (
            _LOAD,
            str(label.folder),
            label.version(*names),
            analysis.name,
            *(f"{name}={literal(value)}" for name, value in arguments.items()),
        )
    )


def forget() -> None:
    """Drop all results."""
    _result.clear()


def forget_erased(label: Dataset) -> None:
    """Drop all results once after each erasure of a listener, whichever process erased."""
    erasures = f"erasures:{label.folder}:{len(label.manifest.erased)}"
    memory.load(erasures, forget, lambda _: 100)
