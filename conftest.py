"""What every test and every notebook run gets: a home of its own, and no way out to the network."""

import os
import shutil
import socket
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import hypothesis
import pytest

PROJECT = Path(__file__).resolve().parent
MADE = PROJECT / ".made"  # artifacts of the sample label, addressed by their inputs: safe to keep

os.environ |= {
    "HF_HUB_OFFLINE": "1",  # a model that is not installed is an error, never a download
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# timings of a busy machine are not a property of the code; CI repeats the same examples each time
hypothesis.settings.register_profile(
    "project", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
hypothesis.settings.load_profile("project")


class OutsideRequest(ConnectionError):
    """A test tried to leave this machine."""


def _stay_inside(event: str, arguments: tuple) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    address = arguments[1]
    if arguments[0].family not in (socket.AF_INET, socket.AF_INET6):
        return
    try:
        inside = ip_address(address[0]).is_loopback
    except ValueError:
        inside = address[0] == "localhost"
    if not inside:
        raise OutsideRequest(f"{event} to {address[0]!r}: tests run without a network.")


sys.addaudithook(_stay_inside)


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch) -> Path:
    """Give each test an empty home for labels; settings are read again."""
    from workbench.settings import settings

    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    monkeypatch.delenv("WORKBENCH_LABEL", raising=False)
    settings.cache_clear()
    yield folder
    settings.cache_clear()


def made() -> Path:
    """Return a home in which every artifact of the sample label is made; kept between runs."""
    command = [sys.executable, "-m", "workbench", "make", "--label", "sample"]
    environment = os.environ | {"WORKBENCH_HOME": str(MADE)}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"The sample's artifacts could not be made:\n{done.stderr[-2000:]}")
    return MADE


@pytest.fixture(scope="session")
def made_home(tmp_path_factory) -> Path:
    """Return a copy of the home with all artifacts of the sample label, to be written to freely."""
    folder = tmp_path_factory.mktemp("made") / "home"
    return Path(shutil.copytree(made(), folder))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let notebooks, which run in kernels of their own, find what the app would have made."""
    if any(item.path.suffix == ".ipynb" for item in session.items):
        try:
            os.environ["WORKBENCH_HOME"] = str(made())
        except RuntimeError as error:
            pytest.exit(str(error), returncode=1)
