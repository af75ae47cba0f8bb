"""What fitted curves took of the scatter is given back."""

from dataclasses import replace

import numpy as np

from tests.promotion.planted import planted
from workbench.promotion.expected import curves
from workbench.promotion.posterior import SMALL, scatter
from workbench.promotion.predictive import scattered
from workbench.promotion.search import mode
from workbench.promotion.taken import scatter_places, taken


def test_scatter_comes_nearer_the_truth():
    bare, at, shared, own, _ = planted()
    truth = shared.copy()
    truth[at.at["noise"]], truth[at.at["memory"]] = -2.0, 0.5
    mean, places = curves(bare, at, truth, own).mean, scatter_places(at)
    off = []
    for seed in range(3):
        gap = scattered(bare.seen, at, truth, np.random.default_rng(seed))
        streams = np.maximum((mean + SMALL) * np.exp(gap) - SMALL, 0.0)
        data = replace(bare, streams=np.where(bare.seen, streams, 0.0))
        found, beside, _ = mode(data, at, scatter(data), truth, own)
        pull = taken(data, at, scatter(data), found, beside)
        again, _, _ = mode(data, at, scatter(data), found, beside, pull=pull)
        off.append([found[places] - truth[places], again[places] - truth[places]])
        # of the noise it is the number of parameters that the data taught
        count = pull[at.at["noise"]][0]
        assert 10 < count < at.size + own.size
        assert not np.delete(pull, places).any()
    joint, marginal = np.mean(off, 0)
    noise, memory, _ = range(3)
    assert joint[noise] < 0 and abs(marginal[noise]) < abs(joint[noise])
    assert marginal[memory] > joint[memory], "what lasts was taken for the curve of a song"
