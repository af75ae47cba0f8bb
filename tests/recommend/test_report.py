"""The label's evaluation: what models are worth on planted tastes, and what stays hidden."""

import pytest

from tests.audience.conftest import written
from tests.audience.planted import planted
from workbench.audience import clusters as clustering
from workbench.dataset import make, open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.recommend.report import evaluation


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    made = written(tmp_path_factory.mktemp("planted") / "label", **planted())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4, 5))
        patch.setattr(clustering, "RESAMPLES", 3)
        for name in ("segments", "recommender"):
            make(made, name, lambda *_: None)
    return open_dataset(str(made.folder))


@pytest.fixture(scope="module")
def found(label):
    return evaluation(label)


def test_what_knows_the_taste_beats_what_is_popular(found):
    means = {row["model"]: row for row in found.models.filter(metric="ndcg").to_dicts()}
    assert means["Blend"]["mean"] > means["Most popular"]["mean"]
    assert all(row["low"] <= row["mean"] <= row["high"] for row in means.values())
    against = found.against.filter(metric="ndcg", model="Most popular").to_dicts()[0]
    gap = means["Blend"]["mean"] - means["Most popular"]["mean"]
    assert against["difference"] == pytest.approx(gap)
    assert against["p"] < 0.05


def test_every_model_has_every_metric(found):
    models = found.models["model"].unique().sort().to_list()
    assert models == ["ALS", "Blend", "Content", "EASE", "Item kNN", "Most popular", "RP3beta"]
    assert found.models.height == len(models) * found.models["metric"].n_unique()
    assert found.coverage["model"].to_list() == models
    assert found.coverage["coverage"].is_between(0, 1).all()
    assert found.weights["part"].to_list() == ["EASE", "ALS", "Content"]


def test_clusters_are_told_in_fives_and_small_ones_not(label, found):
    shown = found.segments.filter(~found.segments["hidden"])
    assert shown.height and (shown["listeners"] % 5 == 0).all()
    closed = evaluation(label, min_group=60).segments
    assert closed["hidden"].any()
    assert closed.filter("hidden").select("listeners", "ndcg", "low", "high", "popular").null_count(
    ).row(0) == (closed["hidden"].sum(),) * 5  # fmt: skip
    with pytest.raises(NotEnoughEvidence, match="too few"):
        evaluation(label, min_group=1000)


def test_the_same_again(label, found):
    again = evaluation(label)
    assert again.models.equals(found.models) and again.against.equals(found.against)
