"""The parts of Experiments: which test, its verdict in words, the columns of its tables."""

import polars as pl
import streamlit as st

from workbench.promotion import trial
from workbench.promotion.uplift import BARE, ENOUGH, EVENTS, FEW, NONE, Uplift
from workbench.ui.page import Headline
from workbench.ui.tables import POINTS
from workbench.ui.text import escaped, percent, short

_column = st.column_config
GROUPS = {
    "group": _column.TextColumn("Group", pinned=True, width="large"),
    "units": _column.NumberColumn("Units", format="localized", help="In fives"),
    "treat": _column.CheckboxColumn(
        "Treat", help="Pays on the half that made the groups, and on the other"
    ),
    "effect": _column.NumberColumn("Added per unit", format="%.4g", help="On the other half"),
    "low": _column.NumberColumn("at least (5 %)", format="%.4g"),
    "high": _column.NumberColumn("at most (95 %)", format="%.4g"),
    "gain": _column.NumberColumn(
        "Gain per unit treated", format="%.3f", help="Worth less cost, in the currency above"
    ),
}
LEARNERS = {
    "learner": _column.TextColumn("Learner", pinned=True),
    "used": _column.CheckboxColumn("Decides"),
    "qini": _column.NumberColumn("Normalised Qini", format="%.3f"),
    "low": _column.NumberColumn("at least (5 %)", format="%.3f"),
    "high": _column.NumberColumn("at most (95 %)", format="%.3f"),
    "auuc": _column.NumberColumn("AUUC", format="%.4g", help="Area under the curve"),
}
AT = {
    "share": _column.NumberColumn("Best share", format="%.0f %%"),
    "uplift": _column.NumberColumn("Added per unit", format="%.4g"),
    "low": _column.NumberColumn("at least (5 %)", format="%.4g"),
    "high": _column.NumberColumn("at most (95 %)", format="%.4g"),
}
BALANCE = {
    "covariate": _column.TextColumn("Known before", pinned=True),
    "treated": _column.NumberColumn("Mean, treated", format="%.4g"),
    "control": _column.NumberColumn("Mean, control", format="%.4g"),
    "difference": _column.NumberColumn("Standard deviations apart", format="%.3f"),
}


APART = (
    "Grey: less than a tenth of a standard deviation apart. One beside it is no alarm; the page "
    "warns where all together are further apart than a fair lot leaves them."
)


def learners(found: Uplift) -> pl.DataFrame:
    """Return the learners as shown."""
    name = pl.format("{}-learner", pl.col("learner").str.to_uppercase())
    return found.learners.select(*LEARNERS).with_columns(learner=name)


def chosen(held: pl.DataFrame) -> dict[str, str | None]:
    """Ask for the experiment and, where it has more than two arms, which two are compared."""
    names = held["experiment"].unique(maintain_order=True).to_list()
    row = st.container(horizontal=True, vertical_alignment="bottom", key="test-row")
    name = row.selectbox("Experiment", names, key="experiment", width=360, bind="query-params")
    arms = held.filter(pl.col("experiment") == name)["arm"].to_list()
    if len(arms) <= 2:
        return {"experiment": name, "treated": None, "control": None}
    first = next((arm for arm in arms if trial.CONTROL.search(arm)), arms[0])
    control = row.selectbox("Control", arms, arms.index(first), key=f"{name}:control", width=200)
    others = [arm for arm in arms if arm != control]
    treated = row.selectbox("Treated", others, key=f"{name}:{control}:treated", width=200)
    return {"experiment": name, "treated": treated, "control": control}


def money_choices(currency: str) -> dict[str, float]:
    """Ask what an outcome is worth and what treating a unit costs."""
    row = st.container(horizontal=True, vertical_alignment="bottom", key="money-row")
    worth = row.number_input(
        f"One of the outcome is worth, {currency}", 0.0, 1e6, 1.0, key="worth", width=220,
        help="An assumption; 1 counts outcomes.",
    )  # fmt: skip
    cost = row.number_input(
        f"Treating one costs, {currency}", 0.0, 1e6, 0.0, key="cost", width=220, format="%.3f"
    )
    return {"worth": float(worth), "cost": float(cost)}


def amount(found: Uplift, value: float) -> str:
    """Return what was added to the outcome: points of percent where it is yes or no."""
    return f"{100 * value:.1f} points" if found.chance else f"{value:.3g}"


def mean(found: Uplift, value: float) -> str:
    """Return a mean outcome: in percent where it is yes or no."""
    return percent(value, 1) if found.chance else f"{value:.3g}"


def columns(found: Uplift, plain: dict) -> dict:
    """Return the columns of a table, effects in points where the outcome is yes or no."""
    if not found.chance:
        return plain
    labels = {name: plain[name]["label"] for name in ("effect", "uplift", "low", "high")
              if name in plain}  # fmt: skip
    return plain | {
        name: _column.NumberColumn(label, format=POINTS) for name, label in labels.items()
    }


def strip(found: Uplift) -> list[Headline]:
    """Return the five numbers of an experiment at most."""
    treated, control = found.arms.to_dicts()
    low, high = (amount(found, value) for value in (found.low, found.high))
    lines = [
        Headline("Added per unit", amount(found, found.effect), note=f"{low} to {high}",
                 help="Mean outcome of the treated less that of the control; 90 % interval"),
        Headline("Treated", mean(found, treated["mean"]), help=escaped(treated["arm"]),
                 note=f"{short(treated['units'])} units"),
        Headline("Control", mean(found, control["mean"]), help=escaped(control["arm"]),
                 note=f"{short(control['units'])} units"),
    ]  # fmt: skip
    if found.learners.height:
        used = found.learners.row(by_predicate=pl.col("used"), named=True)
        lines.append(
            Headline("Told apart (Qini)", f"{used['qini']:.3f}",
                     note=f"{used['low']:.3f} to {used['high']:.3f}",
                     help="How well those who gain most can be told from the others: 0 is any "
                     "order, 1 takes knowing what came. Normalised Qini, 90 % band")
        )  # fmt: skip
    if found.at.height and found.at["uplift"][1] is not None:
        row = found.at.row(1, named=True)
        value, low, high = (amount(found, row[name]) for name in ("uplift", "low", "high"))
        lines.append(Headline("Best fifth", value, note=f"{low} to {high}",
                              help="Added per unit among those expected to gain most"))  # fmt: skip
    return lines


def average_told(found: Uplift) -> str:
    """Return the average effect in words."""
    low, high = (amount(found, value) for value in (found.low, found.high))
    of = "to the chance" if found.chance else "to the outcome"
    if found.low > 0:
        what = "added"
    elif found.high < 0:
        what, of = "took", of.replace("to", "from")
    else:
        return (
            f"No effect on average can be told: the treatment added between {low} and {high} "
            f"{of} of a unit (90 %)."
        )
    return (
        f"On average the treatment {what} {amount(found, abs(found.effect))} {of} of a unit "
        f"({low} to {high}, 90 %)."
    )


def verdict(found: Uplift) -> str:
    """Return whether anybody can be told apart, in words."""
    if found.verdict == BARE:
        return (
            "The sheet says nothing of the units from before the test, so nobody can be told apart."
        )
    if found.verdict == FEW:
        of_both = f"{EVENTS} successes and {EVENTS} failures"
        differing = f"{EVENTS} units that differ from the commonest outcome"
        return (
            f"There are too few to learn for whom it does more: that takes {ENOUGH} units in each "
            f"arm, with {of_both if found.chance else differing} among them."
        )
    used = found.learners.row(by_predicate=pl.col("used"), named=True)
    band = f"(normalised Qini {used['qini']:.3f}, {used['low']:.3f} to {used['high']:.3f})"
    if found.verdict == NONE:
        return (
            f"No targetable difference {band}: what is known of the units does not tell for whom "
            "it does more. Treat everybody or nobody."
        )
    return (
        f"It does more for some, and they can be told {band}; whether choosing them pays stands "
        "below."
    )


def warn(found: Uplift) -> None:
    """Say what an experiment must not be read without."""
    if found.balance.doubted:
        st.warning(
            "The arms were not alike before the test: a fair lot leaves them this far apart in one "
            f"case of {short(1 / max(found.balance.chance, 1e-9))}. The difference may be theirs, "
            "not the treatment's.",
            icon=":material/balance:",
        )
    if found.left_out:
        st.caption(f"{found.left_out:,} units without an outcome are left out.")


def shares(found: Uplift) -> str:
    """Return uplift at the best shares in words, and how the curve goes with the strip."""
    parts = [
        f"best {percent(row['share'])}: {amount(found, row['uplift'])}"
        for row in found.at.drop_nulls().to_dicts()
    ]
    parts.append(f"all of them: {amount(found, found.curve['gain'][-1])}")
    return (
        "Added per unit treated, among the units that were ranked (the others taught): "
        f"{', '.join(parts)}. The curve spreads it over everybody, and ends with all of them "
        f"treated. Over all units of the test it is {amount(found, found.effect)}."
    )
