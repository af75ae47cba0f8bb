"""Who is in a segment, counted by hand on five listeners; what may be shown of it."""

import labels
import polars as pl
import pytest

from workbench.audience import rules
from workbench.audience.rules import Segment, checked, fits, in_words, known_of, members
from workbench.audience.tier_rules import TIERS
from workbench.dataset import open_dataset
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence, NotMade
from workbench.parameters import literal
from workbench.store.change import change

SUPER = Segment("s-super", "Super", tiers=("super",))
AMERICA = Segment("s-us", "America", countries=("US",))
ROWS = (
    # listener, track, days, source, ms
    ("a", "tr-1", range(88, 101), "library", 180_000),  # 13 of pop
    ("b", "tr-3", range(90, 95), "search", 180_000),  # 5 of folk
    ("b", "tr-1", range(95, 99), "library", 180_000),  # 4 of pop
    ("c", "tr-1", (99, 100), "radio", 180_000),  # 2 of pop, programmed
    ("c", "tr-3", range(60, 80), "library", 12_000),  # too short to count
    ("d", "tr-3", (10,), "library", 180_000),  # 90 days before the end
    ("e", "tr-1", (100,), "library", 180_000),
    ("e", "tr-3", (100,), "library", 180_000),  # as much folk as pop
)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules") / "five"
    plays = [
        {
            "listener_id": who, "track_id": track, "ms_played": ms, "source": source,
            "played_at": labels.moment(day, hour=8 + (track == "tr-3")),
            "skipped": False, "saved": False,
        }
        for who, track, days, source, ms in ROWS
        for day in days
    ]  # fmt: skip
    people = {"listener_id": list("abcd"), "country": ["US", "US", "DE", None]}
    with change(folder) as writing:
        writing.describe(title="Five listeners")
        writing.put("tracks", labels.tracks(), source="test")
        writing.put("plays", pl.DataFrame(plays), source="test")
        writing.put("listeners", pl.DataFrame(people), source="test")
    return open_dataset(str(folder)).view(("plays",), ("tracks", "listeners"))


def test_what_is_known_of_five_listeners(label):
    assert known_of(label).rows() == [
        ("a", "super", 13, "US", "pop"),
        ("b", "moderate", 9, "US", "folk"),
        ("c", "programmed", 2, "DE", "pop"),
        ("d", "previously_active", 0, None, None),
        ("e", "light", 2, None, "folk"),  # of equals the first by name
    ]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"countries": ("US",)}, "ab"),
        ({"genres": ("pop",)}, "ac"),
        ({"genres": ("folk", "pop")}, "abce"),
        ({"tiers": ("super", "programmed")}, "ac"),
        ({"least_streams": 9}, "ab"),
        ({"countries": ("US",), "genres": ("pop",)}, "a"),
        ({"tiers": TIERS}, "abcde"),
    ],
)
def test_all_conditions_must_hold(label, conditions, expected):
    rule = checked(Segment("s", "S", **conditions))
    assert "".join(known_of(label).filter(fits(rule))["listener_id"]) == expected


@pytest.mark.parametrize(("how", "expected"), [("any", "abce"), ("all", "a"), ("without", "b")])
def test_sets_of_segments(label, how, expected):
    pop = Segment("s-p", "Pop or light", parts=(Segment("p", "Pop", genres=("pop",)),
                  Segment("l", "Light", tiers=("light",))), how="any")  # fmt: skip
    rule = checked(Segment("s", "S", parts=(AMERICA, pop), how=how))
    assert "".join(rules.inside(label, rule)["listener_id"]) == expected
    assert "Pop or light" in in_words(rule)


def test_what_people_buy_and_their_mood_and_cluster_are_asked_only_of_labels_that_know(label):
    bought = Segment("s", "S", least_orders=1)
    assert rules.also(bought, Segment("m", "M", parts=(Segment("x", "X", moods=("joy",)), bought)))
    whole = label.dataset.view(("plays",), rules.READS.split())
    with pytest.raises(MissingTable):
        rules.inside(whole, bought)
    with pytest.raises(MissingTable):
        rules.inside(whole, Segment("s", "S", moods=("joy",)))
    with pytest.raises(NotMade):
        rules.inside(whole, Segment("s", "S", clusters=(0,)))


def test_who_bought_twice_and_a_refund_is_no_order(tmp_path):
    folder = tmp_path / "buyers"
    people = [f"{n:08x}" for n in range(30)]
    again = [people[0], people[3], people[6], people[3]]
    with change(labels.written(folder, "full")) as writing:
        writing.put(
            "purchases",
            pl.DataFrame({
                "order_id": ["x-1", "x-2", "x-3", "x-2"], "line": [1, 1, 1, 2],
                "listener_id": again, "product_id": ["p-1"] * 4, "quantity": [1, 1, -1, 1],
                "amount": [9.0] * 4, "currency": ["EUR"] * 4,
                "purchased_at": [labels.moment(50)] * 4,
            }),
            source="again",
        )  # fmt: skip
    whole = open_dataset(str(folder)).view(("plays",), rules.READS.split())
    ones = rules.inside(whole, Segment("s", "S", least_orders=1))
    twice = rules.inside(whole, Segment("s", "S", least_orders=2))
    assert ones.height == 10
    assert twice["listener_id"].to_list() == [people[0], people[3]]


def test_a_listener_counts_in_the_first_that_fits(label):
    found = members(label, (SUPER, AMERICA), min_group=1)
    assert found["segment"].to_list() == ["s-super", "s-us", "rest", "rest", "rest"]
    with pytest.raises(NotEnoughEvidence, match="Super"):  # nobody is left for the second
        members(label, (AMERICA, SUPER), min_group=1)


def test_a_small_cell_or_a_small_rest_is_refused(label):
    with pytest.raises(NotEnoughEvidence, match="America: fewer than 3"):
        members(label, (AMERICA,), min_group=3)
    most = Segment("s-most", "Most", genres=("pop", "folk"))
    with pytest.raises(NotEnoughEvidence, match="Everybody else"):
        members(label, (most,), min_group=2)
    everybody = Segment("s-all", "All", tiers=TIERS)
    assert members(label, (everybody,), min_group=5)["segment"].unique().to_list() == ["s-all"]


def test_sizes_are_rounded_and_small_groups_hidden(label):
    not_a = Segment("s-not-a", "Without one", tiers=tuple(t for t in TIERS if t != "super"))
    folk = Segment("s-folk", "Folk or pop in Germany and the US", countries=("US", "DE"))
    sizes = rules.segment_sizes(label, segments=(SUPER, AMERICA, not_a, folk), min_group=2)
    shown = {row["segment"]: row for row in sizes.to_dicts()}
    assert shown["s-us"]["listeners"] == 2
    assert shown["s-us"]["streams_share"] == 0.85  # 22 of 26
    assert shown["s-folk"]["listeners"] == 4  # three people, in twos
    for key in ("s-super", "s-not-a"):  # one person inside, one person outside
        assert shown[key]["hidden"]
        assert shown[key]["listeners"] is shown[key]["streams_share"] is None


def test_a_rule_is_a_plain_parameter_and_words():
    rule = Segment("s", "S", countries=("US", "DE"), tiers=("super",), least_streams=3)
    assert literal(rule) == (
        "workbench.audience.rules.Segment(id='s', name='S', countries=('US', 'DE'), "
        "tiers=('super',), least_streams=3)"
    )
    assert in_words(rule) == "US, DE · super · 3 streams or more"


@pytest.mark.parametrize(
    "rule",
    [
        Segment("s", " ", countries=("US",)),
        Segment("s", "S"),
        Segment("s", "S", tiers=("gold",)),
        Segment("s", "S", least_streams=-1),
    ],
)
def test_a_rule_that_says_nothing_is_refused(rule):
    with pytest.raises(BadInput):
        checked(rule)
