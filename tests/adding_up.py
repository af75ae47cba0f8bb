"""Damaged copies of a good file: whatever is done to it, every row of it is accounted for."""

import random

from tests import bringing
from tests.damage import damaged
from workbench.dataset import Dataset
from workbench.errors import BadInput
from workbench.importers.report import ImportReport

STRANGE = (
    b"", b"NaN", b"null", b"1.234,56", b"1,234", b"03/04/2026", b"1970-01-01", b"2999-01-01",
    b"=1+1", b"<b>", b"a@b.org", b"\0", b'"', b'""', b"\\", b"-", b"1e400", b"9" * 30, b"true",
    b"[", b"]", b"{", b"}", b",", b"\t", b"\n", b'{"a":', b"\\ud800", b"\xff", "\u202e".encode(),
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """Return a file with a few random damages, some of bytes and some of what people write."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        if not data or chance.random() < 0.5:
            place = chance.randrange(len(data) + 1)
            end = min(len(data), place + chance.choice((0, 0, 1, 4, 12)))
            data = data[:place] + chance.choice(STRANGE) + data[end:]
        else:
            data = damaged(data, chance)
    return data


def checked(label: Dataset, data: bytes, name: str, **options: object) -> ImportReport | None:
    """Plan an import, hold its counts against each other; None where it is refused in words."""
    try:
        report = bringing.planned(label, data, name, dry_run=True, **options).report
    except BadInput:
        return None
    for table in report.tables:
        assert table.read == table.accepted + table.repaired + table.rejected
        assert table.stored + table.repeated == table.accepted + table.repaired
        assert table.rejects["reason"].null_count() == 0
    return report
