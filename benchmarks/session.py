"""One visitor of the running app, without a browser: Streamlit's own messages over its WebSocket.

A browser sends a page name or changed widgets and gets the elements of the page back. So does
this, and it also counts bytes and seconds. It is the only way to run a fragment alone as a browser
does, with its `fragment_id`.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

LISTS = {"slider": "double_array_value"}
PLAIN = {"number_input": "double_value", "button": "trigger_value", "checkbox": "bool_value"}


def addresses() -> dict[str, str]:
    """Return where each page stands in the URL, by its route; the first one is at the root."""
    from workbench.ui.navigation import PAGES

    return {page.route: "" if page is PAGES[0] else page.url for page in PAGES}


@dataclass
class Run:
    """One answer of the server.

    Attributes
    ----------
    seconds : from the request to the end of the script. payload : bytes received.
    fragment : whether a fragment alone was run.
    errors : exceptions that the page shows, as Streamlit words them.
    """

    seconds: float
    payload: int
    fragment: bool
    errors: list[str] = field(default_factory=list)


class Session:
    """A visitor; `open` a page first, then `set` widgets by their keys.

    Parameters
    ----------
    url : of a running server. patience : seconds until an answer must be complete.
    """

    def __init__(self, url: str, *, patience: float = 60.0) -> None:
        self.patience = patience
        self.page = ""
        self.query: dict[str, str | list[str]] = {}
        self._known: dict[str, ForwardMsg] = {}
        self._tree: dict[tuple[int, ...], tuple[Element, str]] = {}
        self._timed: set[str] = set()
        self._states: dict[str, WidgetState] = {}
        address = url.replace("http://", "ws://") + "/_stcore/stream"
        self._connection = connect(address, subprotocols=["streamlit"], max_size=None, proxy=None)

    def __enter__(self) -> "Session":
        self._socket = self._connection.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._connection.__exit__(*failure)

    # --- asking -----------------------------------------------------------------------------------

    def open(self, page: str = "", **query: str | list[str]) -> Run:
        """Open a page by its place in the URL, with query parameters; the home page by default."""
        self.page, self.query = page, query
        self._states.clear()
        return self._run(None)

    def rerun(self, fragment: str | None = None) -> Run:
        """Run the page once more as it stands, or one of its `fragments` alone."""
        return self._run(fragment)

    def set(self, key: str, value: object, *, alone: bool = False) -> Run:
        """Set the widget with this key and run what it belongs to: its fragment, else the page.

        Parameters
        ----------
        key : as the page gave it to the widget.
        value : bool, number or text, or a list of them; True presses a button.
        alone : run the fragment only; an error when the widget stands in none.
        """
        element, fragment = self._widget(key)
        if alone and not fragment:
            raise LookupError(f"The widget {key!r} stands in no fragment.")
        kind = element.WhichOneof("type")
        identity = getattr(element, kind).id
        state = _state(identity, kind, value)
        self._states[identity] = state
        run = self._run(fragment or None)
        if state.WhichOneof("value") == "trigger_value":
            del self._states[identity]
        return run

    # --- looking ----------------------------------------------------------------------------------

    def elements(self, kind: str) -> list:
        """Return the elements of one kind that stand on the page, e.g. "metric", top to bottom."""
        return [getattr(e, kind) for e in self._all() if e.WhichOneof("type") == kind]

    def text(self) -> str:
        """Return headings, paragraphs and captions, a line each."""
        return "\n".join(e.body for kind in ("heading", "markdown") for e in self.elements(kind))

    def page_title(self) -> str:
        """Return the first heading."""
        return self.elements("heading")[0].body

    def widget_keys(self) -> list[str]:
        """Return the keys of the widgets on the page."""
        return [key for key, _, _ in self._widgets()]

    def fragments(self) -> list[str]:
        """Return the ids of the fragments on the page: with an element, or run by a clock."""
        return sorted({fragment for _, fragment in self._tree.values() if fragment} | self._timed)

    def figure(self, key: str) -> dict:
        """Return the Plotly figure with this key as plain data."""
        return json.loads(self._widget(key)[0].plotly_chart.spec)

    def _all(self) -> Iterator[Element]:
        return (self._tree[path][0] for path in sorted(self._tree))

    def _widgets(self) -> Iterator[tuple[str, Element, str]]:
        for path in sorted(self._tree):
            element, fragment = self._tree[path]
            identity = getattr(getattr(element, element.WhichOneof("type")), "id", "")
            if isinstance(identity, str) and identity.startswith("$$ID-"):
                yield identity.split("-", 2)[2], element, fragment

    def _widget(self, key: str) -> tuple[Element, str]:
        for found, element, fragment in self._widgets():
            if found == key:
                return element, fragment
        raise LookupError(f"No widget {key!r} on the page; there are {self.widget_keys()}.")

    # --- the wire ---------------------------------------------------------------------------------

    def _run(self, fragment: str | None) -> Run:
        request = BackMsg()
        state = request.rerun_script
        state.page_name = self.page
        state.query_string = urlencode(self.query, doseq=True)
        state.widget_states.widgets.extend(self._states.values())
        state.cached_message_hashes.extend(self._known)
        if fragment:
            state.fragment_id = fragment
        began = time.perf_counter()
        self._socket.send(request.SerializeToString())
        return self._receive(began, bool(fragment))

    def _receive(self, began: float, fragment: bool) -> Run:
        payload, fresh, errors, timed = 0, {}, [], set()
        while True:
            left = self.patience - (time.perf_counter() - began)
            data = self._socket.recv(timeout=max(left, 0.001))
            payload += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                original = ForwardMsg()
                original.CopyFrom(self._known[message.ref_hash])
                original.metadata.CopyFrom(message.metadata)
                message, kind = original, original.WhichOneof("type")
            elif message.metadata.cacheable and message.hash:
                self._known[message.hash] = message
            if kind == "page_info_changed":  # the browser's URL follows, and goes with the next run
                self.query = parse_qs(message.page_info_changed.query_string)
            if kind == "auto_rerun":
                timed.add(message.auto_rerun.fragment_id)
            if kind == "page_not_found":
                errors.append(f"There is no page {self.page!r}.")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                path = tuple(message.metadata.delta_path)
                fresh[path] = (element, message.delta.fragment_id)
                if element.WhichOneof("type") == "exception":
                    errors.append(f"{element.exception.type}: {element.exception.message}")
            if kind == "script_finished" and message.script_finished != _EARLY:
                break
        self._tree = (self._tree | fresh) if fragment else fresh
        self._timed = (self._timed | timed) if fragment else timed
        return Run(time.perf_counter() - began, payload, fragment, errors)


_EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _state(identity: str, kind: str, value: object) -> WidgetState:
    """Return a widget's value in the field that its kind is read from."""
    state = WidgetState(id=identity)
    if kind in LISTS:
        values = value if isinstance(value, list | tuple) else [value]
        state.double_array_value.data.extend(float(v) for v in values)
    elif kind in PLAIN:
        setattr(state, PLAIN[kind], value)
    elif isinstance(value, list | tuple) or kind in ("button_group", "date_input"):
        texts = value if isinstance(value, list | tuple) else [value]
        state.string_array_value.data.extend(str(v) for v in texts)
    else:
        state.string_value = str(value)
    return state
