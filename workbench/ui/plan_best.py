"""The best plan for a budget: what is sought, what must be kept, and a button that takes it."""

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.promotion.aims import Aim
from workbench.promotion.bounds import Limits
from workbench.promotion.optimise import BestSplit, best_split
from workbench.promotion.plan import Plan
from workbench.ui.page import Page
from workbench.ui.plan_panel import place_of, shares_key
from workbench.ui.text import escaped, percent, short

CARE = {"All draws alike": 0.0, "Balanced": 0.5, "Careful": 1.0}
SOUGHT = {"Streams": "streams", "Money kept": "money"}
HELD = {
    "locked": "locked",
    "ceiling": "has its most",
    "least": "has its least",
    "minimum": "platform's minimum",
}
column = st.column_config
LIMITED = {
    "channel": column.TextColumn("Channel", disabled=True),
    "least": column.NumberColumn("At least", min_value=0.0, format="localized"),
    "most": column.NumberColumn("At most", min_value=0.0, format="localized"),
    "move": column.NumberColumn(
        "Moves by", min_value=0.0, max_value=1000.0, format="± %.0f %%",
        help="How far it may go from its amount in the scenario, in percent.",
    ),
}  # fmt: skip
FLOORS = {
    "cell": None,
    "name": column.TextColumn("Gets", disabled=True),
    "floor": column.NumberColumn(
        "At least", min_value=0.0, max_value=100.0, format="%.0f %%", help="Of all spend."
    ),
}
SPLIT = {
    "channel": column.TextColumn("Channel", pinned=True),
    "now": column.NumberColumn("In scenario", format="localized"),
    "best": column.NumberColumn("Best", format="localized"),
    "change": column.NumberColumn("Change", format="localized"),
    "ceiling": column.NumberColumn(
        "At most", format="localized", step=1,
        help="Of your limit, 1.2 times what was tried in a week, and what the platform takes, the "
        "least.",
    ),
    "next": column.NumberColumn(
        "Next unit brings", format="%.2f", help="Streams that one more unit of money would win."
    ),
    "held": column.TextColumn("Held by"),
}  # fmt: skip
PARTS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "name": column.TextColumn("Where"),
    "now": column.NumberColumn("In scenario", format="localized", step=1),
    "best": column.NumberColumn("Best", format="localized", step=1),
}


def best_plan(page: Page, plan: Plan, cells: pl.DataFrame, currency: str, group: int) -> None:
    """Show the best split of the plan's budget; it is looked for while its box is open.

    Parameters
    ----------
    cells : cell, audience, name. currency : of all amounts. group : smallest group shown.
    """
    base = place_of(plan)
    box = st.expander(
        "Best plan for this budget", icon=":material/auto_awesome:", key=f"{base}:best",
        on_change="rerun",
    )  # fmt: skip
    if not box.open:
        return
    with box:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
        aim, split = _sought(row, base, cells, bool(plan.segments))
        with row.popover("Limits", icon=":material/tune:"):
            limits = _limits(base, plan, cells)
        found = page.attempt(
            best_split, plan=plan, limits=limits, aim=aim, cells=split, keep=False,
            min_group=group,
        )  # fmt: skip
        if found is None:
            return
        _offer(found, aim, currency)
        _tables(page, found, split)


def _sought(row, base: str, cells: pl.DataFrame, segments: bool) -> tuple[Aim, bool]:
    """Ask what is sought, how careful, and whether cells are split, too."""
    of = row.segmented_control(
        "Best in", list(SOUGHT), default="Streams", key=f"{base}:best-in", required=True,
        help="Money kept: streams that promotion wins, times the payout, less the spend. It may "
        "leave money unspent.",
    )  # fmt: skip
    care = row.segmented_control(
        "Risk appetite", list(CARE), default="All draws alike", key=f"{base}:best-care",
        required=True,
        help="Careful looks at the worst tenth of draws alone (CVaR), balanced half at them and "
        "half at all.",
    )  # fmt: skip
    split = cells.height > 1 and row.toggle(
        f"Over {'segments' if segments else 'territories'}, too", key=f"{base}:best-cells",
        help="Each channel may be split in its own way. Nowhere does a listener get more than at "
        "the channel's most.",
    )  # fmt: skip
    return Aim(SOUGHT[of], CARE[care]), bool(split)


def _limits(base: str, plan: Plan, cells: pl.DataFrame) -> Limits:
    """Ask for limits in small tables; locked sliders are limits, too."""
    names = [name for name, _ in plan.spend]
    st.caption("What a better plan must keep. Locked sliders keep their amount.")
    empty = pl.Series([None] * len(names), dtype=pl.Float64)
    given = st.data_editor(
        pl.DataFrame({"channel": [spoken(name) for name in names], "least": empty, "most": empty,
                      "move": empty}),
        key=f"{base}:best-limits", column_config=LIMITED, hide_index=True, width="stretch",
    )  # fmt: skip
    floors = st.data_editor(
        cells.select("cell", "name", floor=pl.lit(None, pl.Float64)),
        key=f"{shares_key(plan)}:best-floors", column_config=FLOORS, hide_index=True,
        width="stretch",
    )  # fmt: skip
    state = st.session_state

    def asked(column: str, unit: float = 1.0) -> tuple[tuple[str, float], ...]:
        pairs = zip(names, given[column].to_list(), strict=True)
        return tuple((name, value / unit) for name, value in pairs if value is not None)

    floor = floors.drop_nulls("floor").select("cell", pl.col("floor") / 100).iter_rows()
    return Limits(
        least=asked("least"),
        most=asked("most"),
        moves=asked("move", 100.0),
        locked=tuple(name for name in names if state.get(f"{base}:spend:lock:{name}")),
        floors=tuple((cell, share) for cell, share in floor if share > 0),
    )


def _offer(found: BestSplit, aim: Aim, currency: str) -> None:
    """Say what the best plan changes, with a button that takes it."""
    moved = found.spend.filter((pl.col("best") - pl.col("now")).abs() > 1e-9)
    if moved.is_empty() and not found.plan.channel_shares:
        st.caption(
            f"**The scenario is the best split already**: no other within these limits lies more "
            f"than {percent(found.gap)} above it."
        )
        return
    st.markdown(_told(found, aim, currency))
    st.button(
        "Take the best plan", key=f"{place_of(found.plan)}:take", type="primary",
        icon=":material/auto_awesome:", on_click=_take, args=(found.plan,),
    )  # fmt: skip


def _told(found: BestSplit, aim: Aim, currency: str) -> str:
    """Return what the best plan changes, in words."""
    money = (
        f"{short(abs(found.money))} {escaped(currency)} {'more' if found.money >= 0 else 'less'}"
    )
    streams = f"{short(abs(found.gain))} streams {'more' if found.gain >= 0 else 'fewer'}"
    first, second = (streams, money) if aim.of == "streams" else (money, streams)
    words = [
        f"**The best split brings {first}** on average ({second}), and is better on "
        f"{percent(found.better)} of draws."
    ]
    if not found.kept:
        words = [
            "**The scenario goes beyond these limits or what was tried.** Within them the best "
            f"split brings {first} on average ({second})."
        ]
    if aim.caution:
        unit = "streams" if aim.of == "streams" else escaped(currency)
        way = "more" if found.worst >= 0 else "fewer" if aim.of == "streams" else "less"
        words.append(f"In the worst tenth of draws it is {short(abs(found.worst))} {unit} {way}.")
    change = found.spend.select("channel", by=pl.col("best") - pl.col("now")).sort("by", "channel")
    less = [f"{spoken(name)} −{short(-by)}" for name, by in change.rows() if by < 0]
    more = [f"{spoken(name)} +{short(by)}" for name, by in reversed(change.rows()) if by > 0]
    if more or less:
        words.append(f"It gives {', '.join([*more, *less])}.")
    if found.unspent >= 1 and aim.of == "streams":
        words.append(
            f"{short(found.unspent)} {escaped(currency)} find no channel below its most: beyond "
            "1.2 times what was tried nothing is known."
        )
    elif found.unspent >= 1:
        words.append(
            f"{short(found.unspent)} {escaped(currency)} stay unspent: they would win back less "
            "than they cost within the window."
        )
    return " ".join(words)


def _tables(page: Page, found: BestSplit, split: bool) -> None:
    spoken_of = {name: spoken(name) for name in found.spend["channel"]}
    shown = found.spend.select(
        pl.col("channel").replace(spoken_of), "now", "best", change=pl.col("best") - pl.col("now"),
        ceiling=pl.col("ceiling").round(0), next=pl.col("next").round(2),
        held=pl.col("held").replace(HELD),
    )  # fmt: skip
    page.table(shown, key="best", columns=SPLIT, height="content")
    if split:
        parts = found.cells.filter((pl.col("now") > 0) | (pl.col("best") > 0))
        parts = parts.select(pl.col("channel").replace(spoken_of), "name",
                             pl.col("now", "best").round(0))  # fmt: skip
        page.table(parts, key="best-cells", columns=PARTS)


def _take(plan: Plan) -> None:
    base, state = place_of(plan), st.session_state
    for name, amount in plan.spend:
        state[f"{base}:spend:{name}"] = float(amount)
    state[f"{base}:budget"] = float(plan.budget)
    if plan.channel_shares:
        state[f"{shares_key(plan)}:apart"] = plan.channel_shares
