"""What a listener spends: counted by hand on the small label."""

import labels
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.sales.spent import spent_per_listener
from workbench.store.change import change


def test_a_listener_of_an_artist_spends_the_mean_over_all_who_listen(tmp_path):
    label = labels.opened(tmp_path / "full")
    ada = labels.plays().filter(
        pl.col("track_id").is_in(["tr-1", "tr-2"]), pl.col("ms_played") >= 30_000
    )
    people = set(ada["listener_id"])
    # each third of thirty bought one shirt of Ada for 25, whether they heard her or not
    buyers = len(people & {f"{n:08x}" for n in range(0, 30, 3)})
    found = spent_per_listener(label, currency="EUR", artist_id="ar-ada", min_group=5)
    assert found.value == pytest.approx(25 * buyers / len(people))
    assert found.low < found.value < found.high
    assert (found.of, found.margin) == ("artist", None)
    assert (found.listeners, found.buyers) == (5 * round(len(people) / 5), 5 * round(buyers / 5))
    assert spent_per_listener(label, currency="EUR", track_id="tr-2", min_group=5).value == (
        pytest.approx(found.value)
    )
    # who came after the last order had no order that could be seen
    late = labels.plays().with_columns(
        listener_id="late-" + pl.col("listener_id"), played_at=pl.lit(labels.moment(41, hour=9))
    )
    with change(tmp_path / "full") as writing:
        writing.put("plays", late.unique(["listener_id", "track_id"]), source="late")
    later = open_dataset(str(tmp_path / "full"))
    again = spent_per_listener(later, currency="EUR", artist_id="ar-ada", min_group=5)
    assert (again.value, again.listeners) == (found.value, found.listeners)
    # of Bo nobody bought: each listener of each artist counts
    other = spent_per_listener(label, currency="EUR", artist_id="ar-bo", min_group=5)
    assert other.of == "label"
    assert other.value < found.value
    with pytest.raises(NotEnoughEvidence, match="Fewer than 11"):
        spent_per_listener(label, currency="EUR", artist_id="ar-ada", min_group=11)
