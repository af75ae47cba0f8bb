"""How the mood heads are trained: `python -m workbench.lyrics.training`.

data       GoEmotions and EmoBank as published, with their splits and hashes
vectors    both embedded once, cached under build/ by hash
fit        28 logistic heads and two ridge regressions on the frozen vectors
reference  what the heads say of ordinary song lines
evaluation macro-F1 with thresholds from dev, Pearson, and the spread of both
"""
