"""Lists of people for an ad platform or a mailing: who consented, hashed, in whole hundreds."""

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from workbench.errors import NotEnoughEvidence

if TYPE_CHECKING:
    from workbench.dataset import View


def consenting(label: "View") -> pl.Series:
    """Return the ids of the listeners who consented to be contacted."""
    may = label.scan("listeners").filter(pl.col("consent").fill_null(False))
    return may.select("listener_id").collect()["listener_id"]


def hashed_list(ids: pl.Series, least: int, few: str) -> pl.DataFrame:
    """Return SHA-256 of the first ids, as many whole `least`s as there are.

    Its size tells of nobody, and its order tells no rank.

    Returns
    -------
    sha256, sorted

    Raises
    ------
    NotEnoughEvidence
        Fewer than `least` ids, in the words `few`.
    """
    whole = len(ids) // least * least
    if not whole:
        raise NotEnoughEvidence(few)
    hashes = (hashlib.sha256(one.encode()).hexdigest() for one in ids.head(whole))
    return pl.DataFrame({"sha256": sorted(hashes)})
