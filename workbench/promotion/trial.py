"""An experiment's rows as arrays: who was treated, what came of it, what was known before.

Arms are named by whoever brought the table. Which one is the control is told by its name where it
says so, else asked.
"""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.errors import BadInput, NotEnoughEvidence

CONTROL = re.compile(r"(?i)\b(control|hold-?out|placebo|untreated)\b|^(no|none|nothing|a|0)\b(?!-)")
UNKNOWN = "not known"
LARGEST = 1e15  # beyond it squares and single precision leave the numbers that can be computed


@dataclass(frozen=True, eq=False)
class Trial:
    """Two arms of an experiment, over n units and p covariates.

    Attributes
    ----------
    treated_arm, control_arm : their names. units : ids, sorted (n,). hit : 1 treated, 0 control.
    outcome : (n,). names : of covariates (p,). x : (n, p), each known; where one was not known for
        everybody it is the mean, and a covariate of its own says for whom.
    left_out : units whose outcome is no number.
    """

    treated_arm: str
    control_arm: str
    units: pl.Series
    hit: np.ndarray
    outcome: np.ndarray
    names: tuple[str, ...]
    x: np.ndarray
    left_out: int

    @property
    def chance(self) -> bool:
        """Whether the outcome is yes or no, so that its mean is a share."""
        return bool(np.isin(self.outcome, (0.0, 1.0)).all())


def trial(rows: pl.DataFrame, treated: str | None, control: str | None, min_group: int) -> Trial:
    """Return one experiment's rows (of the table `experiments`) as arrays.

    Parameters
    ----------
    treated, control : arms. None: the control is the arm whose name says so, else the first by
        name; the treated one is the largest other.

    Raises
    ------
    BadInput
        No such arm, or twice the same; an outcome or covariate beyond 1e15.
    NotEnoughEvidence
        One arm only, fewer than `min_group` units in an arm, or an outcome that is always the same.
    """
    whole = rows.filter(pl.col("outcome").is_finite())
    sizes = whole.group_by("arm").len("units").sort(["units", "arm"], descending=[True, False])
    treated, control = _arms(sizes, treated, control)
    kept = whole.filter(pl.col("arm").is_in([treated, control])).sort("unit")
    hit = (kept["arm"] == treated).to_numpy().astype(float)
    least = max(min_group, 2)
    for arm, count in ((treated, int(hit.sum())), (control, int((1 - hit).sum()))):
        if count < least:
            raise NotEnoughEvidence(
                f"Arm “{arm}” has fewer than {least} units with an outcome: too few to compare."
            )
    outcome = kept["outcome"].to_numpy().astype(float)
    if np.ptp(outcome) == 0:
        raise NotEnoughEvidence(
            f"The outcome is {outcome[0]:g} for every unit of both arms, so there is nothing to "
            "compare. Bring the column that differs between units."
        )
    _small_enough("outcome", outcome)
    names, x = _covariates(kept)
    return Trial(treated, control, kept["unit"], hit, outcome, names, x, rows.height - whole.height)


def _arms(sizes: pl.DataFrame, treated: str | None, control: str | None) -> tuple[str, str]:
    arms = sizes["arm"].to_list()
    for asked in (treated, control):
        if asked is not None and asked not in arms:
            raise BadInput(
                f"The experiment has no arm “{asked}”; it has {', '.join(sorted(arms))}."
            )
    if treated is not None and treated == control:
        raise BadInput("Treated and control are two arms; choose another for one of them.")
    if len(arms) < 2:
        have = f"all its units are in arm “{arms[0]}”" if arms else "no unit has an outcome"
        raise NotEnoughEvidence(
            f"An experiment needs two arms, and {have}. Bring the other arm's rows, too."
        )
    if control is None:
        said = sorted(arm for arm in arms if arm != treated and CONTROL.search(arm))
        control = said[0] if said else min(arm for arm in arms if arm != treated)
    if treated is None:
        treated = next(arm for arm in arms if arm != control)
    return treated, control


def _small_enough(name: str, values: np.ndarray) -> None:
    largest = np.abs(values).max()
    if largest > LARGEST:
        raise BadInput(
            f"The {name} of a unit is {largest:.3g}, and beyond {LARGEST:.0e} nothing can be "
            "computed with it. Correct that column of the sheet, or leave it out, and import it "
            "again."
        )


def _covariates(kept: pl.DataFrame) -> tuple[tuple[str, ...], np.ndarray]:
    """Return names and values (n, p); those that are the same for everybody are left out."""
    long = (
        kept.lazy()
        .select(pl.int_range(pl.len()).alias("row"), "covariates")
        .explode("covariates", empty_as_null=True)
        .unnest("covariates")
        .filter(pl.col("name").is_not_null(), pl.col("value").is_finite())
        .unique(["row", "name"], keep="first", maintain_order=True)
        .collect()
    )
    names, columns = [], []
    for name in sorted(long["name"].unique().to_list()):
        mine = long.filter(pl.col("name") == name)
        _small_enough(f"“{name}”", mine["value"].to_numpy())
        values = np.full(kept.height, np.nan)
        values[mine["row"].to_numpy()] = mine["value"].to_numpy()
        gone = np.isnan(values)
        values[gone] = values[~gone].mean()
        for told, column in ((name, values), (f"{name} {UNKNOWN}", gone.astype(float))):
            if np.ptp(column) > 0:
                names.append(told)
                columns.append(column)
    x = np.stack(columns, 1) if columns else np.zeros((kept.height, 0))
    return tuple(names), x.astype(np.float32).astype(float)


def difference(
    hit: np.ndarray, outcome: np.ndarray, *, chance: bool = False
) -> tuple[float, float]:
    """Return the mean outcome of the treated less that of the others, and its standard error.

    Of a yes or no (`chance`) the error is that with one yes and one no more in each arm (Agresti
    and Caffo 2000): none in a hundred does not mean that there could be none.
    """
    means, error = [], 0.0
    for arm in (1, 0):
        mine = outcome[hit == arm]
        means.append(float(mine.mean()))
        if chance:
            share = (mine.sum() + 1) / (len(mine) + 2)
            error += float(share * (1 - share)) / (len(mine) + 2)
        else:
            error += float(mine.var(ddof=1)) / len(mine) if len(mine) > 1 else float("inf")
    return means[0] - means[1], float(np.sqrt(error))
