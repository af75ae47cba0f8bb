"""What can be seen of rows in a damaged stretch of JSON: the cells that are taken, as they stand.

Its other text is left out, as it may hold addresses.
"""

import itertools
import re

from workbench.importers.records import personal

SHOWN = 500
VALUE = r'(?:"(?:[^"\\\n]|\\.){0,200}"?|[\w.+-]{1,40})'


def torn(text: str, marker: str, columns: tuple[str, ...]) -> list[str]:
    """Return what is left of each row, as often as the key of a row stands there; once at least.

    Parameters
    ----------
    text : the stretch. marker : the key that each row has. columns : that are taken, `a.b` is b
    within a; those that say who somebody is are left out.
    """
    marks = [match.start() for match in re.finditer(f'"{re.escape(marker)}"', text)]
    begins = [0, *(max(text.rfind("{", 0, mark), 0) for mark in marks[1:]), len(text)]
    names = {column.rpartition(".")[2] for column in columns}
    keys = "|".join(re.escape(name) for name in sorted(names) if not personal(name))
    cell = re.compile(rf'"(?:{keys})"\s*:\s*{VALUE}')
    rows = (cell.findall(text[begin:end]) for begin, end in itertools.pairwise(begins))
    return [", ".join(cells)[:SHOWN].encode("utf-8", "replace").decode() for cells in rows]
