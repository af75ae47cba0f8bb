"""Whom a policy treats, as a list to take away: hashed ids, only who consented, whole hundreds."""

import hashlib

import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence
from workbench.promotion import policy
from workbench.promotion.uplift import TARGETABLE, chosen_groups, of_label
from workbench.settings import settings


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

    As many whole `min_group`s as there are, by hash, so that two files differ by a hundred people
    or by none. For a file to hand over, never for a notebook.

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
    may = label.scan("listeners").filter(pl.col("consent").fill_null(False)).select("listener_id")
    allowed = may.collect()["listener_id"].implode()
    ids = found.units.filter(inside)
    hashes = sorted(
        hashlib.sha256(one.encode()).hexdigest() for one in ids.filter(ids.is_in(allowed))
    )
    whole = len(hashes) // least * least
    if not whole:
        raise NotEnoughEvidence(
            f"Fewer than {least} of the groups that pay consented: too few to leave the house."
        )
    return pl.DataFrame({"sha256": hashes[:whole]})
