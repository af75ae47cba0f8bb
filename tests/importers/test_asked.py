"""Answers to what a file cannot say are held against the label before anything is read by them."""

import bringing
import pytest

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import asked
from workbench.importers.mapping import Question

CATALOGUE = (
    "track_id,title,artist_id,status\n"
    "t1,Leaving,a1,released\nt2,Same,a1,released\nt3,Same,a2,released\nt4,No Artist,name:Zoë,demo\n"
)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    label = bringing.empty_label(tmp_path_factory.mktemp("asked") / "label")
    bringing.brought(label, CATALOGUE)
    bringing.brought(label, "artist_id,name\na1,Ada Moor\na2,Otto\na3,otto\n")
    return open_dataset(str(label.folder))


def held(label, kind: str, answer: str) -> str:
    question = Question("it", "Which?", kind)
    return asked.answered((question,), {"it": answer}, label, "f.csv")["it"]


@pytest.mark.parametrize(
    ("kind", "answer", "meant"),
    [
        ("song", "t1", "t1"),
        ("song", " leaving ", "t1"),
        ("song", "Nora Vale – Slow Tide", "Nora Vale – Slow Tide"),
        ("artist", "a1", "a1"),
        ("artist", "moor, ADA", "a1"),
        ("artist", "Somebody New", "Somebody New"),
        ("day", "2026-07-03", "2026-07-03"),
        ("zone", "Europe/Berlin", "Europe/Berlin"),
        ("text", "anything", "anything"),
    ],
)
def test_an_answer_becomes_what_it_means(label, kind, answer, meant):
    assert held(label, kind, answer) == meant


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("song", "same", "Several tracks are called “same”: t2 .Same, Ada Moor., t3 .Same, Otto."),
        ("song", "Unheard", "No track of the label is called “Unheard”"),
        ("song", " - Slow Tide", "No track of the label"),
        ("artist", "OTTO", "Several artists are called “OTTO”: a2, a3"),
        ("day", "03.07.2026", "“03.07.2026” is no day"),
        ("zone", "Berlin", "“Berlin” is no time zone"),
        ("zone", "../etc/passwd", "is no time zone"),
        ("text", "  ", "f.csv does not say.*it: Which?"),
    ],
)
def test_an_answer_that_means_nothing_or_several_things_is_refused(label, kind, answer, said):
    with pytest.raises(BadInput, match=said):
        held(label, kind, answer)


def test_a_new_song_is_parted_into_artist_and_title(label):
    assert asked.song("Nora Vale - Slow Tide", label) == asked.Song(None, "Slow Tide", "Nora Vale")
    assert asked.song("t4", label) == asked.Song("t4", "No Artist", "Zoë")


def test_what_can_be_chosen_is_sorted_by_what_people_read(label):
    assert asked.songs(label)["track_id"].to_list() == ["t1", "t4", "t2", "t3"]
    assert asked.artists(label)["name"].to_list() == ["Ada Moor", "Otto", "otto"]


def test_a_song_is_named_with_its_version(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(
        label,
        "track_id,title,version,artist_id,status\n"
        "t1,Slow Tide,,name:Nora,released\nt2,Slow Tide,Live,name:Nora,released\n"
        "t3,Dusk,Remix,name:Nora,released\n",
    )
    label = open_dataset(str(label.folder))
    assert held(label, "song", "slow tide (live)") == "t2"
    assert held(label, "song", "Dusk") == "t3"
    assert held(label, "song", "Dusk (Remix)") == "t3"
    assert asked.song("Dusk (Remix)", label) == asked.Song("t3", "Dusk", "Nora")
    titles = ["Dusk (Remix)", "Slow Tide", "Slow Tide (Live)"]
    assert sorted(asked.versions(label)["title"]) == titles
    with pytest.raises(BadInput, match=r"t1 .Slow Tide, Nora., t2 .Slow Tide .Live., Nora."):
        held(label, "song", "Slow Tide")
