"""The A&R Workbench.

`open_dataset` opens a label. A question is answered by an analysis, a function in one of:

- `listening`: which source counts, streams by day and week, momentum, the roster
- `lyrics`: text, languages, embeddings, moods
- `catalogue`: identifiers and titles
- `importers`: files become tables
- `audience`: listener profiles, taste clusters, tiers
- `recommend`: models of what next, their blend and evaluation
- `promotion`: the response model, what-if
- `report`: a page as a notebook, exports

`charts` draws what an analysis returned; `ui` is the app.
"""

from workbench.dataset import open_dataset

__version__ = "0.1.0"
__all__ = ["open_dataset"]
