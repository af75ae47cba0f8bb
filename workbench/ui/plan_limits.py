"""The limits of a better plan, asked for in two small tables."""

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.promotion.bounds import Limits
from workbench.promotion.plan import Plan
from workbench.ui.plan_panel import place_of, shares_key

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


def limits_of(plan: Plan, cells: pl.DataFrame) -> Limits:
    """Ask for limits in small tables; locked sliders are limits, too."""
    base, names = place_of(plan), [name for name, _ in plan.spend]
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
