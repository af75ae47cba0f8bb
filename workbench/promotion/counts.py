"""What counts as the money of a plan, as the switches beside it stood; kept with the plan."""

from dataclasses import dataclass

from workbench.errors import BadInput

MOST_SPILL = 2.0  # streams of other songs for one stream won


@dataclass(frozen=True)
class Counts:
    """What counts as the money of a plan, as it was set beside it.

    Shares of distributor and artist are not among it: they are the label's.

    Attributes
    ----------
    statements : whether streams pay what statements say, where there are any.
    beyond : whether streams after the window count. spill : streams of other songs for one won.
    purchases : whether what listeners who stay buy counts.
    """

    statements: bool = True
    beyond: bool = False
    spill: float = 0.0
    purchases: bool = False


AT_FIRST = Counts()


def checked_counts(counts: Counts) -> None:
    """Say what is wrong with what counts.

    Raises
    ------
    BadInput
        More streams of other songs than the Lab offers, or fewer than none.
    """
    if not 0 <= counts.spill <= MOST_SPILL:
        raise BadInput(f"One stream won leads to 0 to {MOST_SPILL:g} streams of other songs.")
