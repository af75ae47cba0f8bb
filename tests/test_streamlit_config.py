"""The look and the guards that .streamlit/config.toml promises."""

import colorsys
import itertools
import re
import tomllib

import numpy as np
import pytest

from tests.sources import PROJECT
from workbench.importers.source import LIMITS

TEXT = (PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
CONFIG = tomllib.loads(TEXT)
THEMES = ("light", "dark")

# Machado, Oliveira, Fernandes 2009: what is seen with full severity, on linear RGB
VISION = {
    "common": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
# Ottosson 2020: linear RGB to cone responses, their cube roots to Oklab
CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
OKLAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours, 1 to 21."""
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def difference(one: str, other: str, vision: np.ndarray) -> float:
    """Return the distance in Oklab as that vision sees it; black to white is 1."""
    seen = [OKLAB @ np.cbrt(CONES @ np.clip(vision @ linear(c), 0, 1)) for c in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_measure_of_contrast_is_the_published_one():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert difference("#ffffff", "#000000", VISION["common"]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("theme", THEMES)
def test_text_and_series_stand_out_from_the_page(theme):
    chosen = CONFIG["theme"][theme]
    page = chosen["backgroundColor"]
    assert contrast(chosen["textColor"], page) >= 7  # WCAG AAA
    for name in ("primaryColor", "linkColor", "greenColor", "redColor"):
        assert contrast(chosen[name], page) >= 4.5, name
    for colour in chosen["chartCategoricalColors"]:
        assert contrast(colour, page) >= 3, colour  # WCAG 1.4.11, graphics


@pytest.mark.parametrize("theme", THEMES)
def test_errors_are_red(theme):
    red = CONFIG["theme"][theme]["redColor"]
    channels = (int(red[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, _, saturation = colorsys.rgb_to_hls(*channels)
    assert min(hue, 1 - hue) < 1 / 36  # within ten degrees of pure red
    assert saturation > 0.5


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_series_keep_apart_for_every_eye(theme, vision):
    colours = CONFIG["theme"][theme]["chartCategoricalColors"]
    for one, other in itertools.combinations(colours, 2):
        assert difference(one, other, VISION[vision]) >= 0.05, (one, other)
    # the pair that carries "more" and "less" must be far apart
    assert difference(*colours[:2], VISION[vision]) >= 0.15


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["chartSequentialColors", "chartDivergingColors"])
def test_continuous_scales_have_the_ten_colours_that_streamlit_takes(theme, name):
    assert len(CONFIG["theme"][theme][name]) == 10


@pytest.mark.parametrize("theme", THEMES)
def test_a_sequence_only_gets_darker_or_only_lighter(theme):
    steps = [linear(c) @ [0.2126, 0.7152, 0.0722] for c in
             CONFIG["theme"][theme]["chartSequentialColors"]]  # fmt: skip
    direction = np.sign(np.diff(steps))
    assert (direction == direction[0]).all()


def test_streamlit_knows_every_option():
    from streamlit import config

    config.get_config_options()
    for section in ("server", "runner", "client", "browser", "logger"):
        for name in CONFIG[section]:
            assert f"{section}.{name}" in config._config_options_template


def test_the_guards_are_up():
    server, client = CONFIG["server"], CONFIG["client"]
    assert server["address"] == "127.0.0.1"
    assert server["enableXsrfProtection"] and server["enableCORS"]
    assert server["allowedHosts"] == ["127.0.0.1", "localhost"]
    assert client["disableDataExport"] and client["showErrorDetails"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["runner"]["enforceSerializableSessionState"] is True


def test_every_line_is_explained():
    before = [*zip(["", *TEXT.splitlines()], TEXT.splitlines(), strict=False)]
    bare = [line for above, line in before if re.match(r"\w+ = ", line) and above[:1] != "#"]
    assert bare == []


def test_the_drop_zone_takes_what_an_import_reads():
    assert CONFIG["server"]["maxUploadSize"] * 1_000_000 == LIMITS.bytes
