"""Results of analyses: the one cached function of the app."""

import uuid
from collections.abc import Callable

import streamlit as st

from workbench.analysis import Analysis
from workbench.dataset import Dataset
from workbench.parameters import literal
from workbench.store.memory import memory

# Results hold classes of modules that a hot reload replaces, so they do not outlive one.
_LOAD = uuid.uuid4().hex


@st.cache_data(max_size="256MB", show_spinner=False)
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

    return _result(key(label, analysis, arguments), run) if keep else run()


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
