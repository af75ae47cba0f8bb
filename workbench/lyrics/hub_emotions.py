"""A model of the hub in place of our emotion heads: any with the 28 labels of GoEmotions.

`WORKBENCH_EMOTIONS="owner/model@commit"`, lying in the local cache of the hub: safetensors only, no
code of its own. It gives the probabilities. What a line's are held against is found by running it
once over the reference songs: how each label stands there; the threshold that as many of those
lines pass as pass ours; and valence, arousal and dominance as our heads give them there, told from
its 28 log-odds by ridge regressions - derived, so that they go by the same model's reading.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.errors import SetUpError
from workbench.lyrics.batches import batches, spared
from workbench.lyrics.encoder import encoded
from workbench.lyrics.encoder_files import PACKAGED
from workbench.lyrics.families import LABELS
from workbench.lyrics.heads import HIGHEST, LOWEST, Scale, heads
from workbench.lyrics.training.reference import reference_lines, standing
from workbench.lyrics.windows import pieces
from workbench.settings import settings
from workbench.store.files import write_text
from workbench.store.memory import memory

BATCH_TOKENS = 1_024
RIDGE = 10.0
_NAME = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
_UNSET = "or unset WORKBENCH_EMOTIONS to use the model that ships."
_AGAIN = f"Fetch the model again, name another, {_UNSET}"
_LEAST = 1e-6  # probabilities nearer to 0 or 1 than this have no log-odds worth telling apart


@dataclass(frozen=True, eq=False)
class HubEmotions:
    """A loaded model: its tokenizer, and where each of our labels stands among its own."""

    tokenizer: object
    model: object
    places: list[int]
    one_of_all: bool

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Return (n, 28) probabilities; a long text is the mean of its pieces, by their tokens."""
        rows, ids = [], []
        for row, text in enumerate(texts):
            for part in pieces(text, self._count) or [text]:
                rows.append(row)
                ids.append(self.tokenizer(part)["input_ids"])
        found = np.zeros((len(texts), len(LABELS)))
        weight = np.zeros((len(texts), 1))
        for group in batches(ids, BATCH_TOKENS):
            for part, said in spared(self._forward, group, ids):
                for place, i in enumerate(part):
                    found[rows[i]] += len(ids[i]) * said[place]
                    weight[rows[i]] += len(ids[i])
        return found / np.maximum(weight, 1)

    def _count(self, text: str) -> int:
        return len(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _forward(self, ids: list[list[int]]) -> np.ndarray:
        import torch

        inputs = self.tokenizer.pad({"input_ids": ids}, return_tensors="pt")
        with torch.inference_mode():
            logits = self.model(**inputs).logits[:, self.places]
            return (logits.softmax(1) if self.one_of_all else logits.sigmoid()).numpy()


def hub_folder(name: str) -> Path:
    """Return the folder of a model in the local cache of the hub, its files checked.

    Raises
    ------
    SetUpError
        The name has no commit; the model is not cached, has no safetensors, brings code of its
        own, or has other labels.
    """
    if not _NAME.fullmatch(name):
        raise SetUpError(
            f"WORKBENCH_EMOTIONS={name!r} must be owner/model@commit, with the 40 letters and "
            f"figures of a commit, so that the model cannot change; name one, {_UNSET}"
        )
    repository, _, revision = name.partition("@")
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(repository, revision=revision, local_files_only=True))
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # what the hub raises of a missing one are both
        raise SetUpError(
            f"The emotion model “{name}” is not whole in the local model cache. Fetch it once "
            f"while online (hf download {repository} --revision {revision}), {_UNSET}"
        ) from None
    if not any(folder.glob("*.safetensors")):
        raise SetUpError(
            f"“{name}” has no weights as safetensors; other files of weights may run code and are "
            f"not opened. Name a commit that has them, {_UNSET}"
        )
    if not isinstance(config, dict):
        raise SetUpError(f"The config.json of “{name}” is none. Fetch it again, {_UNSET}")
    if "auto_map" in config:
        raise SetUpError(
            f"“{name}” brings code of its own, which is not run. Name another, {_UNSET}"
        )
    found = {str(label).strip().lower() for label in _labels(config)}
    if missing := [label for label in LABELS if label not in found]:
        raise SetUpError(
            f"“{name}” lacks labels of GoEmotions: {', '.join(missing)}. Name another, {_UNSET}"
        )
    return folder


def _labels(config: dict) -> list:
    named = config.get("id2label")
    return list(named.values()) if isinstance(named, dict) else []


def hub_emotions() -> HubEmotions:
    """Return the model that WORKBENCH_EMOTIONS names, loaded once."""
    name = settings().emotions
    return memory.load(f"emotions {name}", lambda: _loaded(name), lambda held: _bytes(held.model))


def _bytes(model) -> int:
    return sum(weight.nbytes for weight in model.parameters())


def _loaded(name: str) -> HubEmotions:
    from safetensors import SafetensorError
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = str(hub_folder(name))
    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        model, told = AutoModelForSequenceClassification.from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, **options
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        fit = "its weights do not fit its config.json"
        why = fit if isinstance(error, RuntimeError) else str(error).splitlines()[0]
        raise SetUpError(f"“{name}” cannot be loaded: {why}. {_AGAIN}") from error
    # transformers would go on with weights drawn by lot, and with a tokenizer without words
    if missing := sorted(told["missing_keys"]):
        raise SetUpError(f"“{name}” lacks weights: {', '.join(missing[:3])}. {_AGAIN}")
    if len(tokenizer) <= len(set(tokenizer.all_special_ids)):
        raise SetUpError(f"The tokenizer of “{name}” knows no words. {_AGAIN}")
    own = {label.strip().lower(): int(i) for i, label in model.config.id2label.items()}
    one_of_all = model.config.problem_type == "single_label_classification"
    return HubEmotions(tokenizer, model.eval(), [own[label] for label in LABELS], one_of_all)


@dataclass(frozen=True, eq=False)
class HubScale(Scale):
    """A scale with the ridge regressions: affect (29, 3), of 28 log-odds and their shift."""

    affect: np.ndarray

    def affects(self, probabilities: np.ndarray) -> np.ndarray:
        """Return (n, 3) valence, arousal and dominance, 1 to 5, derived from probabilities."""
        return np.clip(_with_shift(log_odds(probabilities)) @ self.affect, LOWEST, HIGHEST)


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Return the log-odds of probabilities."""
    kept = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.log(kept / (1 - kept))


def _with_shift(rows: np.ndarray) -> np.ndarray:
    return np.concatenate([rows, np.ones((len(rows), 1))], axis=1)


def hub_scale() -> HubScale:
    """Return the scale of the model that WORKBENCH_EMOTIONS names; found once, kept in a file."""
    name = settings().emotions
    return memory.load(f"emotions scale {name}", lambda: _scale(name), lambda _: 10_000)


def _scale(name: str) -> HubScale:
    held = heads(PACKAGED)
    digest = hashlib.sha256(f"{name} {json.dumps(held.facts['files'])}".encode()).hexdigest()[:16]
    path = settings().home / f"emotions-{digest}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = _found(reference_lines(), held)
        write_text(path, json.dumps(found))
    thresholds = np.array(found["thresholds"], np.float32)
    return HubScale(found["standing"], thresholds, np.array(found["affect"]))


def _found(lines: list[str], held) -> dict:
    theirs = hub_emotions().probabilities(lines)
    ours, affects = np.zeros_like(theirs), np.zeros((len(lines), 3))
    for part in encoded(lines, name=PACKAGED):
        vectors = (part.embedding, part.layers, part.outputs)
        ours[part.rows] = held.probabilities(*vectors)
        affects[part.rows] = held.affects(*vectors)
    pass_ours = (ours >= held.thresholds).mean(axis=0)
    thresholds = [np.quantile(theirs[:, i], 1 - share) for i, share in enumerate(pass_ours)]
    rows = _with_shift(log_odds(theirs))
    held_down = np.diag([RIDGE] * len(LABELS) + [0.0])
    affect = np.linalg.solve(rows.T @ rows + held_down, rows.T @ affects)
    return {
        "standing": standing(log_odds(theirs)), "thresholds": np.array(thresholds).tolist(),
        "affect": affect.tolist(),
    }  # fmt: skip
