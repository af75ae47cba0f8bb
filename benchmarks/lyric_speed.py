"""How fast whole songs are scored, cleaned lines to moods, against the plain ways of the encoder.

Real songs, whose hooks repeat. The plain ways are those of sentence-transformers in float32, for
embeddings alone: one line after the other, and all lines in one call. Ours gives embeddings and
moods. One thread, and seconds of the processor, which other work on the machine disturbs least.

    python -m benchmarks.lyric_speed [--quick]
"""

import argparse
import statistics
import time
from collections.abc import Callable

from benchmarks import lyric_sets
from benchmarks.report import Figure, measured, options, show

SONGS, QUICK_SONGS = 100, 40
REPEATS, QUICK_REPEATS = 3, 2
# Lines that are encoded one by one; the others would take as long each.
ONE_BY_ONE = 300
# The encoder's own layers, and those of them that the tuned ones repeat.
LAYERS, TUNED = 6, 4


def scored(lines: list[str]) -> int:
    """Score lines the way the app does, each distinct one once; return how many there are."""
    from workbench.lyrics.encoder import encoded
    from workbench.lyrics.heads import heads
    from workbench.lyrics.lyric_lines import spoken

    distinct = list(dict.fromkeys(spoken(line) for line in lines))
    for part in encoded(distinct):
        vectors = (part.embedding, part.layers, part.outputs)
        heads().probabilities(*vectors)
        heads().affects(*vectors)
    return len(distinct)


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of the processor that work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def multiplied(tokens: int, layers: int) -> None:
    """Do nothing but the multiplications of so many tokens through so many layers."""
    import torch

    from workbench.lyrics.base import base_weights
    from workbench.lyrics.encoder import BATCH_TOKENS

    weights = [base_weights()[f"0.{part}.weight"] for part in
               ("asked", "attended", "wide", "narrow")]  # fmt: skip
    rows = [torch.ones(BATCH_TOKENS, weight.shape[1]) for weight in weights]
    with torch.inference_mode():
        for _ in range(round(tokens / BATCH_TOKENS) * layers):
            for weight, row in zip(weights, rows, strict=True):
                torch.nn.functional.linear(row, weight)


def figures(quick: bool) -> list[Figure]:
    """Measure lines a second by all ways in turn."""
    import torch

    from workbench.lyrics.encoder import encoder
    from workbench.lyrics.encoder_files import tokenizer
    from workbench.lyrics.lyric_lines import spoken
    from workbench.lyrics.structure import parsed_lyric

    texts = lyric_sets.nju(quick=False).texts[: QUICK_SONGS if quick else SONGS]
    lines = [line.text for text in texts for line in parsed_lyric(text).lines]
    found = tokenizer().encode_batch_fast(sorted({spoken(line) for line in lines}))
    tokens = sum(len(one.ids) for one in found)
    few = lines[:: max(len(lines) // ONE_BY_ONE, 1)]
    model = encoder()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        scored(few)  # warm, as are the other two below
        model.encode(few, show_progress_bar=False)
        ours, together, single, bound = [], [], [], []
        for _ in range(QUICK_REPEATS if quick else REPEATS):
            ours.append(seconds(lambda: scored(lines)))
            together.append(
                seconds(lambda: model.encode(lines, batch_size=32, show_progress_bar=False))
            )
            each = seconds(lambda: [model.encode(one, show_progress_bar=False) for one in few])
            single.append(each * len(lines) / len(few))
            bound.append(seconds(lambda: multiplied(tokens, LAYERS + TUNED)))
    finally:
        torch.set_num_threads(threads)
    pace = [len(lines) / taken for taken in ours]
    plain, alone = (statistics.median(len(lines) / taken for taken in way)
                    for way in (together, single))  # fmt: skip
    return [
        measured(
            f"Lines of {len(texts)} songs scored a second (anchor: encode, one by one)", pace,
            "lines/s", anchor=alone, goal=3 * alone, more_is_better=True,
        ),
        measured(
            "Lines scored a second (anchor: encode of all in one call)", pace, "lines/s",
            anchor=plain, goal=1.4 * plain, more_is_better=True,
        ),
        Figure("Share of lines that are the first of their words", len(found) / len(lines)),
        measured(
            "Share of our time that the multiplications alone would take",
            [low / taken for low, taken in zip(bound, ours, strict=True)], "",
        ),
    ]  # fmt: skip


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    show("Lyrics: speed", figures(asked.quick))


if __name__ == "__main__":
    main(options(__doc__))
