"""Sliders of amounts that add up: one is moved, those that are not locked give way."""

import math

import streamlit as st

from workbench.promotion.amounts import rebalanced
from workbench.ui.text import percent, unbroken

OPEN = 6  # channels that stand open; of more, the smallest are folded away
ROW = (9, 5, 2)  # widths of a slider, its field and its lock
TENTH = 0.1  # of a percent: the smallest share that sliders tell apart


def scale(amount: float) -> float:
    """Return where a slider ends for amounts up to this one: the next number of two digits."""
    if amount <= 0:
        return 1.0
    digit = math.floor(math.log10(amount)) - 1
    return round(math.ceil(round(amount / 10**digit, 6)) * 10.0**digit, 6)


def amount_sliders(
    base: str, opening: dict[str, float], titles: dict[str, str], total: str, unit: float
) -> dict[str, float]:
    """Show a slider, a field and a lock for each channel; they add up to the state's `total`.

    Parameters
    ----------
    base : what the names of the widgets begin with. opening : amounts where none was set yet.
    titles : by name. unit : the smallest amount that is told apart.
    """
    state = st.session_state
    for name, amount in opening.items():
        state.setdefault(f"{base}:{name}", float(amount))
    held = {name: state[f"{base}:{name}"] for name in opening}
    # one scale for all, so that lengths can be compared; it grows where an amount leaves it
    top = scale(max(sum(opening.values()), *held.values()))
    state[f"{base}:top"] = top = max(top, state.get(f"{base}:top", 0.0))
    whole = sum(held.values()) or 1.0
    stopped = state.pop(f"{base}:stopped", None)
    given = {"step": unit, "format": "%.0f" if unit == 1 else "%.2f", "on_change": settle}
    folded = _folded(opening)
    box = st.expander(f"{len(folded)} more channels") if folded else None
    for name in sorted(opening, key=lambda one: one in folded):
        key, more = f"{base}:{name}", (base, tuple(opening), total, name, unit)
        with box if name in folded else st.container():
            slider, field, lock = st.columns(ROW, vertical_alignment="bottom", gap="xsmall")
            locked = _lock(lock, base, name, titles[name])
            slider.slider(
                unbroken(f"{titles[name]} · {percent(held[name] / whole)}"), 0.0, top, key=key,
                disabled=locked, args=more, **given,
            )  # fmt: skip
            state[f"{key}:field"] = state[key]
            field.number_input(
                f"{titles[name]}, amount", 0.0, key=f"{key}:field", label_visibility="collapsed",
                disabled=locked, args=(*more, f"{key}:field"), **given,
            )  # fmt: skip
            if name == stopped:
                st.caption(
                    f":orange[{titles[name]} stops at {held[name]:,.0f}]: the budget and what is "
                    "locked leave no more. Raise the budget first."
                )
    if inside := sum(held[name] for name in folded):
        st.caption(f"The folded channels have {percent(inside / whole)} of the budget.")
    return _standing(base, tuple(opening))


def share_sliders(base: str, opening: dict[str, float], titles: dict[str, str]) -> dict[str, float]:
    """Show a slider and a lock for each share, in percent; they add up to 100."""
    for name, amount in opening.items():
        st.session_state.setdefault(f"{base}:{name}", float(amount))
        row, lock = st.columns([6, 1], vertical_alignment="bottom")
        locked = _lock(lock, base, name, titles[name])
        row.slider(
            titles[name], 0.0, 100.0, step=TENTH, key=f"{base}:{name}", disabled=locked,
            format="%.1f %%", on_change=settle,
            args=(base, tuple(opening), f"{base}:hundred", name, TENTH),
        )  # fmt: skip
    return _standing(base, tuple(opening))


def _folded(opening: dict[str, float]) -> set[str]:
    """Return the channels that are folded away: without money, or beyond the largest."""
    largest = sorted(opening, key=lambda name: (-opening[name], name))
    folded = {name for name in largest if not opening[name]} | {*largest[OPEN:]}
    return folded if 1 < len(folded) < len(opening) else set()


def _lock(place, base: str, name: str, title: str) -> bool:
    return place.toggle(
        f"Lock {title}", key=f"{base}:lock:{name}", label_visibility="collapsed",
        help="Locked: keeps its amount when others move.",
    )  # fmt: skip


def _standing(base: str, names: tuple[str, ...]) -> dict[str, float]:
    """Return the amounts; a move begins from them where something else has set them."""
    state = st.session_state
    amounts = {name: float(state[f"{base}:{name}"]) for name in names}
    if state.get(f"{base}:move", {}).get("to") != amounts:
        state[f"{base}:move"] = {"what": None, "from": amounts, "to": amounts}
    return amounts


def settle(
    base: str,
    names: tuple[str, ...],
    total: str,
    moved: str | None,
    unit: float,
    field: str | None = None,
) -> None:
    """Let the other sliders give way, so that they add up again.

    While one slider is moved on they give from what they had before it was first moved: moving it
    back brings all of them back, and so does a budget that comes back from zero.

    Parameters
    ----------
    total : key of the sum, 100 where there is none. moved : name, None for the sum.
    field : key of the field in which the amount was typed.
    """
    state = st.session_state
    locked = frozenset(name for name in names if state.get(f"{base}:lock:{name}"))
    move, what = state[f"{base}:move"], (moved, locked)
    begin = move["from"]
    if move["what"] != what and any(move["to"].values()):
        begin = move["to"]
    now = {} if moved is None else {moved: float(state[field or f"{base}:{moved}"])}
    settled = rebalanced(begin | now, float(state.get(total, 100.0)), moved, locked, unit)
    if moved is not None and now[moved] - settled[moved] >= unit:
        state[f"{base}:stopped"] = moved
    for name, amount in settled.items():
        state[f"{base}:{name}"] = amount
    state[f"{base}:move"] = {"what": what, "from": begin, "to": settled}
    if total in state:
        state[total] = float(sum(settled.values()))
