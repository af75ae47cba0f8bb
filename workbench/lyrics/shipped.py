"""The weights that ship, in weights/: read, checked against what was written down about them."""

import json
from contextlib import suppress
from pathlib import Path

from workbench.errors import SetUpError
from workbench.store.files import sha256

FOLDER = Path(__file__).resolve().parent / "weights"
FACTS = FOLDER / "moods.json"
# Heads over vectors and outputs; the tuned layers that make the outputs.
HEADS, TUNED = "moods.safetensors", "tuned.safetensors"

_AGAIN = "Get the file again, or train it: python -m workbench.lyrics.training"


def facts() -> dict:
    """Return what is known about the weights: data, hashes, figures, thresholds.

    Raises
    ------
    SetUpError
        The file is not there or is damaged.
    """
    with suppress(OSError, ValueError, LookupError, TypeError):
        found = json.loads(FACTS.read_text(encoding="utf-8"))
        if set(found["files"]) == {HEADS, TUNED} and found["encoder"]["name"]:
            return found
    raise SetUpError(f"{FACTS.name} of the mood model cannot be read. {_AGAIN}")


def weights_file(name: str) -> Path:
    """Return the path of a file of weights whose bytes are the known ones.

    Raises
    ------
    SetUpError
        It is not there, is damaged, or belongs to another training.
    """
    path = FOLDER / name
    if not path.is_file():
        raise SetUpError(f"{name} of the mood model is not there. {_AGAIN}")
    if sha256(path) != facts()["files"][name]:
        raise SetUpError(f"{name} of the mood model is damaged or of another version. {_AGAIN}")
    return path
