"""What an import says of itself while it works."""

import bringing
import pytest

from workbench.dataset import open_dataset
from workbench.importers import steps


def test_steps_are_told_in_order_and_only_to_those_who_listen(tmp_path):
    label, heard = bringing.empty_label(tmp_path / "label"), []
    with steps.told(lambda *said: heard.append(said)):
        bringing.planned(label, bringing.TRACKS)
    assert heard == [(0, 6, "reading the columns of tracks"), (0, 1, "deciding row by row: tracks")]
    bringing.planned(label, bringing.STREAMS)
    assert len(heard) == 2


def test_who_listens_can_stop_it_and_nothing_is_left(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    before = sorted(path.name for path in label.folder.rglob("*"))

    def stop(done: int, total: int, text: str) -> None:
        if text.startswith("deciding"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), steps.told(stop):
        bringing.planned(label, bringing.STREAMS, dry_run=True)
    assert sorted(path.name for path in label.folder.rglob("*")) == before
    assert not open_dataset(str(label.folder)).has("daily_streams")
    assert bringing.planned(label, bringing.STREAMS).rows == 2
