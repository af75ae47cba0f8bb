"""What the lab's answers take on the sample label, one by one, and what they weigh.

python -m benchmarks.lab [--quick]
"""

import datetime
from dataclasses import replace

from benchmarks.report import Figure, options, percentile, show
from benchmarks.whatif import timed
from workbench.promotion.plan import Plan

WEEKS = 26


def figures(times: int) -> list[Figure]:
    """Time each answer on plans that were never asked before, in turn."""
    from workbench.dataset import make, open_dataset
    from workbench.promotion.aims import Aim
    from workbench.promotion.compared import plans_compared
    from workbench.promotion.lifetime import plan_lifetime
    from workbench.promotion.margins import plan_margins
    from workbench.promotion.money import Money
    from workbench.promotion.optimise import best_split
    from workbench.promotion.outcome import plan_outcome
    from workbench.promotion.overview import opening_plan, releases
    from workbench.promotion.per_listener import per_listener
    from workbench.promotion.saved import packed, unpacked

    label = open_dataset("sample")
    if not label.has("promotion"):
        make(label, "promotion", lambda done, total, text: None)
    known = releases(label).tracks.row(0, named=True)
    opening = opening_plan(label, track_id=known["track_id"], weeks=WEEKS).plan
    each = per_listener(label, track_id=known["track_id"])
    beside = Money(distribution=0.15, artist=0.5, beyond=True, spill=0.1, purchases=1.0)
    moves = iter(range(10**9))

    def moved() -> Plan:
        step = next(moves)
        return opening.with_spend({name: money + step % 97 for name, money in opening.spend})

    asked = {
        "the whole answer": lambda: plan_outcome(
            label, plan=moved(), current=opening, listeners=each
        ),
        "the same with all that counts beside": lambda: plan_outcome(
            label, plan=moved(), current=opening, money=beside, listeners=each
        ),
        "next unit of money": lambda: plan_margins(label, plan=moved()),
        "the same with all that counts beside (next unit)": lambda: plan_margins(
            label, plan=moved(), money=beside, listeners=each
        ),
        "best split in money, all that counts": lambda: best_split(
            label, plan=moved(), aim=Aim("money"), money=beside, listeners=each, cells=True
        ),
        "by a day and over a life": lambda: plan_lifetime(label, plan=moved(), current=opening),
        "three scenarios side by side": lambda: plans_compared(
            label, current=opening, plans=tuple((name, moved()) for name in "ABC")
        ),
    }
    found = timed(list(asked.values()), times)
    goals = dict.fromkeys(list(asked)[:1], 20.0)
    rows = [
        Figure(f"{name}, p95", percentile(wall, 0.95), "ms", goal=goals.get(name),
               spread=(min(wall), max(wall)))
        for name, (wall, _) in zip(asked, found, strict=True)
    ]  # fmt: skip
    rows += [
        Figure(f"{name}, processor time", percentile(busy, 0.5), "ms")
        for name, (_, busy) in zip(list(asked)[:2], found[:2], strict=True)
    ]
    earlier = replace(opening, release_date=known["release_date"] - datetime.timedelta(weeks=2))
    until, window, life = plan_lifetime(label, plan=earlier, current=opening).counted.to_dicts()
    link = packed(opening)
    assert unpacked(link) == opening
    return [
        *rows,
        Figure("letters of a link to a plan", len(link), "", None, 1000),
        *(
            Figure(f"two weeks earlier: streams {name}", row["change_median"], "",
                   spread=(row["change_low"], row["change_high"]))
            for name, row in (("by the old last day", until), ("in 26 weeks of its own", window),
                              ("over 104 weeks", life))
        ),
    ]  # fmt: skip


def main() -> None:
    """Time the answers and weigh them."""
    asked = options(__doc__.splitlines()[0])
    show("The lab on the sample label", figures(10 if asked.quick else 60))


if __name__ == "__main__":
    main()
