"""Reference lines: what the heads say of ordinary song lines.

The heads learnt on comments, where feelings are named. Song lines name them seldom, so against the
thresholds of GoEmotions nearly every line is neutral. What counts in a song is what stands out from
song lines: each family passes where it is stronger than in 92 of 100 lines of the reference. That
is the English lyrics written for the sample label: present-day, ours to use, and planned evenly
over the families. Their planned moods are not looked at. (Public-domain songs were tried: a century
away from today's lines, they made four songs in ten "reflection".)
"""

import numpy as np

from workbench.lyrics.families import FAMILIES, LABELS
from workbench.lyrics.language import line_languages
from workbench.lyrics.lyric_lines import spoken
from workbench.lyrics.outcome import SCORED, reading
from workbench.lyrics.structure import parsed_lyric
from workbench.settings import PROJECT

SONGS = PROJECT / "sample_data" / "source" / "lyrics"
ENGLISH = frozenset({"en"})
# Share of reference lines that a family passes in, the same for each.
PASSES = 0.08


def reference_lines() -> list[str]:
    """Return the distinct English lines of the reference songs, as they are scored, in order."""
    lines: dict[str, None] = {}
    for path in sorted(SONGS.glob("*.txt")):
        sung = parsed_lyric(path.read_text(encoding="utf-8")).lines
        codes = [held.code for held in line_languages([(x.text, x.stanza) for x in sung])]
        pairs = [(line.text, code) for line, code in zip(sung, codes, strict=True)]
        if reading(pairs, ENGLISH).outcome == SCORED:
            lines |= {spoken(text): None for text, code in pairs if code in ENGLISH}
    return list(lines)


def standing(log_odds: np.ndarray) -> dict:
    """Return what a line's log-odds are held against.

    Parameters
    ----------
    log_odds : (lines, 28) of the reference.

    Returns
    -------
    lines; mean and spread of each label; and for each carried family the score that only PASSES of
    the lines exceed. A family's score is the mean of its labels' standard scores.
    """
    mean, spread = log_odds.mean(axis=0), log_odds.std(axis=0)
    scores = (log_odds - mean) / spread
    passes = {}
    for family in FAMILIES:
        if family.labels:
            own = scores[:, [LABELS.index(label) for label in family.labels]].mean(axis=1)
            passes[family.name] = float(np.quantile(own, 1 - PASSES))
    return {
        "lines": len(log_odds), "mean": mean.tolist(), "spread": spread.tolist(), "passes": passes
    }  # fmt: skip
