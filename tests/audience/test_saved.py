"""Saved segments: what was saved comes back, under an id that stays."""

import pytest

from workbench.audience.rules import Segment
from workbench.audience.saved import Saved, delete, save, saved
from workbench.errors import BadInput
from workbench.store import state

FANS = Segment("", "Fans “at home”", countries=("US",), tiers=("super",), least_streams=12)


def test_looking_makes_no_database(tmp_path):
    assert saved(tmp_path) == Saved()
    assert not list(tmp_path.iterdir())


def test_a_rule_comes_back_as_it_was_saved(tmp_path):
    made = save(tmp_path, "ada", FANS)
    other = save(tmp_path, "ada", Segment("", "Folk", genres=("folk",)))
    assert saved(tmp_path).segments == (made, other)
    assert made.id.startswith("seg-") and made.id != other.id
    assert made.countries == ("US",) and made.least_streams == 12


def test_a_deleted_one_is_gone_and_its_id_too(tmp_path):
    made = save(tmp_path, "ada", FANS)
    with pytest.raises(BadInput, match="already"):
        save(tmp_path, "bo", FANS)
    delete(tmp_path, made.id)
    assert saved(tmp_path).segments == ()
    assert save(tmp_path, "bo", FANS).id != made.id


def test_a_rule_that_says_nothing_is_not_saved(tmp_path):
    with pytest.raises(BadInput, match="condition"):
        save(tmp_path, "ada", Segment("", "Everybody"))
    assert saved(tmp_path) == Saved()


@pytest.mark.parametrize(
    "text",
    [
        "open('broken', 'w')",
        "Segment(id=__import__('os').getcwd(), name='S', countries=('US',))",
        "Segment(id='seg-1', name='S', colour='red')",
        "Segment('seg-1', 'S')",
        "Segment(",
        "7",
    ],
)
def test_a_text_that_is_no_rule_is_named_and_never_run(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    state.record(tmp_path, state.SavedSegment, user="ada", segment="seg-1", name="Odd", rule=text)
    assert saved(tmp_path) == Saved((), (("seg-1", "Odd"),))
    assert not (tmp_path / "broken").exists()
    delete(tmp_path, "seg-1")
    assert saved(tmp_path) == Saved()


def test_an_erased_listener_leaves_the_list_readable(tmp_path):
    save(tmp_path, "ada", FANS)
    made = save(tmp_path, "ada", Segment("", "Twenty", least_streams=20))
    state.erase(tmp_path, "12")  # a listener whose pseudonym is a number of the first rule
    found = saved(tmp_path)
    assert found.segments == (made,)
    assert [name for _, name in found.unreadable] == [FANS.name]


def test_a_combination_comes_back_with_its_parts(tmp_path):
    fans, folk = (
        save(tmp_path, "ada", FANS),
        save(tmp_path, "ada", Segment("", "F", moods=("joy",))),
    )
    both = save(tmp_path, "ada", Segment("", "Both", parts=(fans, folk), how="without"))
    assert saved(tmp_path).segments[-1] == both
    assert both.parts == (fans, folk)
    with pytest.raises(BadInput, match="Two segments or more"):
        save(tmp_path, "ada", Segment("", "Alone", parts=(fans,)))
