"""The planted shop as a label."""

import pytest

from tests.sales.shop import shop
from workbench.dataset import open_dataset
from workbench.store.change import change


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("shop") / "label"
    with change(place) as writing:
        for name, frame in shop().items():
            writing.put(name, frame, source="test")
    return place


@pytest.fixture(scope="session")
def label(shop_folder):
    return open_dataset(str(shop_folder), rows=True)
