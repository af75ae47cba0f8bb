"""Whom to treat by an experiment: whether choosing pays, in words, and a list to take."""

from workbench.promotion.uplift import Uplift
from workbench.promotion.uplift_export import hashed_targets
from workbench.ui.hashed_ids import offer_ids
from workbench.ui.page import Page
from workbench.ui.text import escaped, money, short


def whom_told(found: Uplift, cost: float, currency: str) -> str:
    """Return whether choosing groups pays, in words; empty where there are none to choose from.

    Parameters
    ----------
    cost : of treating one; at zero there is little to choose. currency : of it and of the gain.
    """
    rows = {row["whom"]: row for row in found.plans.to_dicts()}
    if "chosen groups" not in rows:
        return ""
    more = rows["more than everybody"]
    gain, low, high = (short(more[name]) for name in ("gain", "low", "high"))
    less, gain = (f"{one} {escaped(currency)}" for one in (gain.removeprefix("-"), gain))
    much = f"than treating all (90 %: {low} to {high})"
    if found.groups["treat"].all():
        told = "**Treat everybody**: every group gains."
    elif not found.groups["treat"].any():
        told = "**Treat nobody**: no group gains on both halves of the units."
    elif more["gain"] <= 0:
        told = f"**Treat everybody**: choosing groups brings {less} less {much}."
    elif more["low"] <= 0:
        told = (
            f"**Whether choosing pays cannot be told**: it brings {gain} more {much}; treat "
            "everybody, or test again."
        )
    else:
        told = f"**Treat the groups ticked**: that brings {gain} more {much}."
    if cost == 0:
        told += (
            " Treating costs nothing as you have set it, so that only a group that loses by the "
            "treatment is left out: type what one costs."
        )
    return told


def gain_told(found: Uplift, currency: str) -> str:
    """Return what treating everybody and the chosen groups brings, in words."""
    rows = {row["whom"]: row for row in found.plans.to_dicts()}
    every = rows["everybody"]
    told = (
        f"Treating all {short(every['units'])} brings {money(every['gain'], currency)} "
        f"({short(every['low'])} to {short(every['high'])})"
    )
    if "chosen groups" not in rows:
        return f"{told}."
    some = rows["chosen groups"]
    return (
        f"{told}; treating only the {short(some['units'])} in the groups ticked "
        f"{money(some['gain'], currency)} ({short(some['low'])} to {short(some['high'])}). "
        "Groups were made and chosen on one half of the units; effects and gains are those of the "
        "other half, counted for all. A group that gains nothing there is not ticked, which "
        "flatters the sum of the others a little."
    )


def export(page: Page, found: Uplift, asked: dict, worth: dict) -> None:
    """Offer the hashed ids of the chosen groups, where enough of them consented."""
    if found.groups.height < 2 or not page.label.has("listeners"):
        return
    offer_ids(page, hashed_targets, f"experiment {found.experiment}", "targets-sha256.csv",
              **asked, **worth)  # fmt: skip
