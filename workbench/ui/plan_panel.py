"""The sliders of the lab: a plan put together, amounts that add up, locks."""

import datetime
from dataclasses import replace

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.charts.theme import percent, short
from workbench.promotion.optimise import BestSplit
from workbench.promotion.overview import Releases
from workbench.promotion.plan import Plan, grain, rebalanced
from workbench.ui.text import escaped


def plan_panel(
    known: Releases, opening: Plan, track: dict, currency: str, cells: pl.DataFrame
) -> Plan:
    """Show the sliders for one release and return the plan they make.

    Parameters
    ----------
    known : channels of the model. opening : where the sliders begin, with its segments.
    track : the release: release_date, to_come. currency : of all amounts.
    cells : cell, audience, name: territories, or the segments of the opening plan.
    """
    base = f"lab:{opening.track_id}"
    spend = dict(opening.spend)
    channels = tuple(spend)
    release = opening.release_date
    if track["to_come"]:
        release = st.date_input(
            "Release date",
            track["release_date"],
            min_value=known.last_week + datetime.timedelta(weeks=1),
            key=f"{base}:date",
        )
    unit = grain(opening.budget)
    top = max(1000.0, round(3 * opening.budget, -3)) if unit == 1 else max(3 * opening.budget, 1.0)
    budget = f"{base}:budget"
    st.session_state.setdefault(budget, float(opening.budget))
    st.slider(
        f"Budget ({currency})",
        0.0,
        top,
        step=50 * unit,
        key=budget,
        format="%.0f" if unit == 1 else "%.2f",
        on_change=_settle,
        args=(f"{base}:spend", channels, budget, None, unit),
    )
    st.caption("Channels add up to the budget. The switch beside one keeps its amount.")
    amounts = _sliders(f"{base}:spend", spend, budget, top, unit)
    flight = st.slider("Weeks of spend after the release", 0, 16, (0, 8), key=f"{base}:flight",
                       help="First and last week; spend is even over them.")  # fmt: skip
    # other segments have other sliders: shares of one set would not add up in another
    chosen = "".join(f":{one.id}" for one in opening.segments)
    shares = _targeting(f"{base}:cells{chosen}", cells, bool(chosen))
    weeks = st.selectbox(
        "Counted over", (13, 26, 52), index=1, key=f"{base}:weeks", format_func="{} weeks".format
    )
    payout = st.number_input(
        "Payout a stream", 0.0, 0.1, opening.payout, 0.0005, format="%.4f", key=f"{base}:payout",
        help="An assumption, until statements are read.",
    )  # fmt: skip
    first, end = flight if flight[1] > flight[0] else (flight[0], flight[0] + 1)
    return replace(
        opening.with_spend(amounts),
        release_date=release,
        flight=(first, end - first),
        shares=shares,
        weeks=weeks,
        payout=float(payout),
    )


def _sliders(
    base: str,
    opening: dict[str, float],
    total: str,
    top: float,
    unit: float = 1.0,
    titles: dict[str, str] | None = None,
) -> dict[str, float]:
    """Show one slider and lock a name; they add up to the value under the key `total`."""
    names = tuple(opening)
    for name in names:
        title = titles[name] if titles else spoken(name)
        st.session_state.setdefault(f"{base}:{name}", float(opening[name]))
        row, lock = st.columns([6, 1], vertical_alignment="bottom")
        locked = lock.toggle(
            f"Lock {title}", key=f"{base}:lock:{name}", label_visibility="collapsed",
            help="Locked: keeps its amount when others move.",
        )  # fmt: skip
        row.slider(
            title, 0.0, top, step=unit, key=f"{base}:{name}", disabled=locked,
            format="%.0f" if unit == 1 else "%.2f", on_change=_settle,
            args=(base, names, total, name, unit),
        )  # fmt: skip
    return {name: float(st.session_state[f"{base}:{name}"]) for name in names}


def _settle(base: str, names: tuple[str, ...], total: str, moved: str | None, unit: float) -> None:
    """Let the other sliders give way, so that they add up again."""
    state = st.session_state
    amounts = {name: float(state[f"{base}:{name}"]) for name in names}
    locked = frozenset(name for name in names if state.get(f"{base}:lock:{name}"))
    whole = float(state.get(total, 100.0))
    settled = rebalanced(amounts, whole, moved, locked, unit)
    for name, amount in settled.items():
        state[f"{base}:{name}"] = amount
    if total in state:
        state[total] = float(sum(settled.values()))


def _targeting(base: str, cells: pl.DataFrame, named: bool) -> tuple[tuple[str, float], ...]:
    """Ask for the shares of spend of territories or segments; empty follows the audience."""
    if cells.height < 2:
        return ()
    own = st.toggle(f"Choose {'shares of segments' if named else 'territories'}", key=f"{base}:own",
                    help="Off: spend follows the audience.")  # fmt: skip
    if not own:
        return ()
    audience = dict(cells.select("cell", "audience").iter_rows())
    titles = {cell: escaped(name) for cell, name in cells.select("cell", "name").iter_rows()}
    even = rebalanced({name: 100 * s for name, s in audience.items()}, 100.0, None, frozenset())
    amounts = _sliders(base, even, f"{base}:hundred", 100.0, titles=titles if named else None)
    whole = sum(amounts.values())
    return tuple((name, amount / whole) for name, amount in sorted(amounts.items()) if amount > 0)


def offer_best(best: BestSplit, currency: str) -> None:
    """Show the best split of the budget, and a button that takes it."""
    base = f"lab:{best.plan.track_id}:spend"
    if best.gain <= 0:
        st.caption("No better split of this budget was found, within what was tried before.")
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Take the best plan",
        key=f"{base}:take",
        icon=":material/auto_awesome:",
        on_click=_take,
        args=(base, best.plan.spend, best.plan.budget),
    )
    left = f" {best.unspent:,.0f} {currency} find no channel below its ceiling."
    row.caption(
        f"The same budget split best wins {short(best.gain)} streams more on average, and more on "
        f"{percent(best.better)} of draws; no channel beyond 1.2 times what was tried."
        + (left if best.unspent >= 1 else "")
    )


def _take(base: str, spend: tuple[tuple[str, float], ...], budget: float) -> None:
    for name, amount in spend:
        st.session_state[f"{base}:{name}"] = float(amount)
    st.session_state[base.removesuffix(":spend") + ":budget"] = float(budget)


def locked_channels(plan: Plan) -> tuple[str, ...]:
    """Return the channels that the user has locked."""
    base = f"lab:{plan.track_id}:spend:lock"
    return tuple(name for name, _ in plan.spend if st.session_state.get(f"{base}:{name}"))
