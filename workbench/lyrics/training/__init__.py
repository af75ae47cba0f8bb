"""How the mood model is trained: `python -m workbench.lyrics.training`.

data, examples  GoEmotions, EmoBank and XED as published, with their splits and hashes
base, lower     the encoder's lower layers, which run once and are kept under build/ by hash
plan, tune      the upper layers, tuned on the three sets together; a run can be stopped
vectors         texts as the heads read them, kept under build/ by hash
fit             28 logistic heads and three ridge regressions on the frozen vectors
blend           frozen and tuned weighed together on dev, which calibrates them
reference       what the heads say of ordinary song lines
evaluation      macro-F1, thresholds, Pearson, calibration, and how far they may vary
"""
