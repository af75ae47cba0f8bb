"""Saved models of PyMC-Marketing and Meridian: read as they are, and refused in clear words.

The files are real: tools/own_model_files.py says how they were made.
"""

import contextlib
import io
import random
from pathlib import Path

import bringing
import h5py
import numpy as np
import pytest

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.promotion.draws import LEAD
from workbench.promotion.response import adstock, reached

FOLDER = Path(__file__).parent / "models"
FILES = {name: (FOLDER / f"{name}.nc").read_bytes() for name in ("pymc_marketing", "meridian")}
HILL = {"pymc_marketing": False, "meridian": True}


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def changed(data: bytes, change) -> bytes:
    """Return a file after `change` has written to it."""
    held = io.BytesIO(data)
    with h5py.File(held, "r+") as file:
        change(file)
    return held.getvalue()


@pytest.mark.parametrize("name", list(FILES))
def test_the_draws_bring_what_the_file_itself_says(label, name):
    report = bringing.brought(label, FILES[name], f"{name}.nc")
    assert report.tables[0].accepted == 240
    assert any("contributions come out of its draws" in note for note in report.notes)
    held = open_dataset(str(label.folder)).table("channel_draws").sort("draw", "channel")
    columns = ("adstock", "saturation", "effect", "spend_scale")
    carry, bend, effect, scale = (held[one].to_numpy().reshape(-1, 2) for one in columns)
    with h5py.File(io.BytesIO(FILES[name])) as file:
        own = file["posterior/channel_contribution"][:].reshape(-1, 40, 2)
        own = own * file["constant_data/target_scale"][()]
        spend = file["constant_data/channel_data"][:]
        window = {"pymc_marketing": 8, "meridian": 9}[name]
    x = (spend / scale[0])[:, None]
    bend = 1 / bend if HILL[name] else bend
    # there spend works for `window` weeks: a push without an end, less what is left of it then
    x = np.concatenate([np.zeros((window, *x.shape[1:])), x])
    endless = adstock(np.broadcast_to(x, (len(x), *carry.shape)).copy(), carry)
    cut = (endless[window:] - carry**window * endless[:-window]) / (1 - carry**window)
    found = effect * reached(bend * cut, HILL[name])
    assert found == pytest.approx(own.transpose(1, 0, 2), rel=1e-6, abs=1e-6 * own.max())
    # and so does the form that the workbench has, but for what is left after the window
    ours = effect * reached(bend * endless[window:], HILL[name])
    assert window <= LEAD + 1
    assert np.abs(ours - found).max() < (carry**window).max() * own.max()


def test_the_same_file_again_changes_nothing_and_another_model_is_not_mixed_in(label):
    bringing.brought(label, FILES["meridian"])
    label = open_dataset(str(label.folder))
    before = label.table("channel_draws")
    report = bringing.brought(label, FILES["meridian"])
    assert (report.tables[0].accepted, report.tables[0].replaced) == (240, 0)
    label = open_dataset(str(label.folder))
    assert label.table("channel_draws").equals(before)
    with pytest.raises(BadInput, match="draws of another model already"):
        bringing.brought(label, FILES["pymc_marketing"])


def _replace(path: str, value, **attributes):
    def change(file):
        if path in file:
            del file[path]
        file[path] = value
        file[path].attrs.update(attributes)

    return change


def _nan(file):
    file["posterior/adstock_alpha"][0, 3, 1] = np.nan


def _without(*paths: str):
    def change(file):
        for path in paths:
            del file[path]

    return change


def _said(name: str, value: str):
    return lambda file: file.attrs.__setitem__(name, value)


def _renamed(before: str, after: str):
    return lambda file: file["posterior"].move(before, after)


def _elsewhere(file):
    del file["constant_data/channel_scale"]
    file["constant_data/channel_scale"] = h5py.ExternalLink("/etc/hosts", "/x")


PYMC, MERIDIAN = FILES["pymc_marketing"], FILES["meridian"]
REFUSED = {
    "no model": (PYMC, _without("posterior"), "without a posterior"),
    "a draw that is no number": (PYMC, _nan, "1 of 120 draws hold values that are no numbers"),
    "no scale of spend": (MERIDIAN, _without("constant_data/channel_scale"), "were divided by"),
    "a scale in another file": (PYMC, _elsewhere, "has no `constant_data/channel_scale`"),
    "a missing parameter": (PYMC, _without("posterior/saturation_beta"), "read are geometric"),
    "another saturation": (PYMC, _renamed("saturation_lam", "saturation_slope"), "saturation_slo"),
    "another adstock": (PYMC, _said("adstock", '{"lookup_name": "delayed", "l_max": 8}'),
                        "only geometric"),
    "effects that vary": (PYMC, _said("time_varying_media", "true"), "vary over time"),
    "no window": (PYMC, _said("adstock", "{"), "for how many weeks"),
    "another window": (PYMC, _said("adstock", '{"l_max": 2}'), "other contributions than the file"),
    "another scale": (PYMC, _replace("constant_data/channel_scale", [1.0, 2.0]), "other contribut"),
    "scale of nothing": (PYMC, _replace("constant_data/target_scale", 0.0), "above zero"),
    "days": (PYMC, _replace("constant_data/date", np.arange(16), units="days since 2024-01-01"),
             "not a model of weeks"),
    "an S-shaped curve": (MERIDIAN, _replace("posterior/slope_m", np.full((2, 60, 2), 1.3)),
                          "`slope_m` other than 1"),
    "reach and frequency": (MERIDIAN, _replace("posterior/alpha_rf", np.zeros((2, 60, 1))),
                            "with reach and frequency"),
    "several places": (MERIDIAN, _replace("posterior/beta_gm", np.ones((2, 60, 3, 2))),
                       "several markets or places"),
    "names of numbers": (PYMC, _replace("posterior/channel", np.arange(2)), "holds no names"),
    "too large": (PYMC, lambda file: (
        file.__delitem__("posterior/adstock_alpha"),
        file.create_dataset("posterior/adstock_alpha", (4_000, 4_000, 2), "f8", chunks=(9, 9, 2)),
    ), "more than 20,000,000 numbers"),
    "an adstock of one": (PYMC, _replace("posterior/adstock_alpha", np.ones((2, 60, 2))),
                          "above 0 and below 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_is_no_form_of_ours_is_refused_in_words(label, case):
    data, change, words = REFUSED[case]
    with pytest.raises(BadInput, match=words):
        bringing.planned(label, changed(data, change), "model.nc")


def test_without_its_own_contributions_a_model_is_read_and_that_is_said(label):
    data = changed(PYMC, _without("posterior/channel_contribution"))
    assert any("was not checked" in note for note in bringing.brought(label, data).notes)


def test_damage_anywhere_is_told_or_does_no_harm(label):
    for seed in range(16):
        rng, data = random.Random(seed), bytearray(PYMC)
        if seed % 4 == 0:
            del data[rng.randrange(9, len(data)) :]
        for _ in range(rng.choice([1, 20, 300])):
            data[rng.randrange(9, len(data))] = rng.randrange(256)
        with contextlib.suppress(BadInput):  # and nothing else is thrown
            bringing.planned(label, bytes(data), "model.nc")
    assert open_dataset(str(label.folder)).table("channel_draws").is_empty()
