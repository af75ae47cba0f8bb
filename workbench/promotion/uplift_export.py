"""Whom a policy treats, as a list to take away: hashed ids, only who consented, whole hundreds."""

import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence
from workbench.promotion import policy
from workbench.promotion.uplift import TARGETABLE, chosen_groups, of_label
from workbench.settings import settings
from workbench.store.contact_list import consenting, hashed_list


@analysis(reads="experiments listeners")
def hashed_targets(
    label,
    *,
    experiment: str,
    treated: str | None = None,
    control: str | None = None,
    worth: float = 1.0,
    cost: float = 0.0,
    seed: int = 0,
    min_group: int = 100,
) -> pl.DataFrame:
    """Return SHA-256 of the ids of those in the groups that pay who consented to be contacted.

    As many whole `min_group`s as there are, by id. For a file to hand over, never for a notebook.

    Returns
    -------
    sha256, sorted

    Raises
    ------
    NotEnoughEvidence
        Nobody can be told apart, no group pays, or fewer than `min_group` consented; otherwise as
        `uplift`.
    """
    least = max(min_group, settings().min_group_outside)
    found = of_label(label, experiment, treated, control, settings().min_group)
    verdict, cut = chosen_groups(label, experiment, found, settings().min_group, seed)
    if verdict != TARGETABLE:
        raise NotEnoughEvidence(
            "Nobody can be told apart here, so there is no list of whom to treat."
        )
    inside = policy.paying(found, cut, worth, cost)
    ids = found.units.filter(inside)
    few = f"Fewer than {least} of the groups that pay consented: too few to leave the house."
    return hashed_list(ids.filter(ids.is_in(consenting(label).implode())), least, few)
