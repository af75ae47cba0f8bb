"""docs/formats.md says what the code does: tables, keys, vocabulary, and an example that works."""

import re
import textwrap
from dataclasses import fields

import bringing
import pytest

from workbench.dataset import open_dataset
from workbench.importers import profiles
from workbench.importers.mapping import ColumnRule, TableRule
from workbench.settings import PROJECT
from workbench.tables import TABLES

PAGE = (PROJECT / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", TABLES.values(), ids=lambda kind: kind.name)
def test_each_table_is_listed_with_its_columns_and_key(kind):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {kind.name} |"))
    names = [name.strip() for name in re.sub(r"\([^)]*\)", "", row.split("|")[2]).split(",")]
    assert [name.rstrip("*") for name in names] == list(kind.polars_schema)
    assert [name[:-1] for name in names if name.endswith("*")] == kind.key


def test_each_word_of_the_vocabulary_is_explained():
    words = {field.name for rule in (ColumnRule, TableRule) for field in fields(rule)}
    explained = set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE))
    assert explained == words - {"name", "columns"}


def test_the_example_of_the_page_works(tmp_path):
    block = PAGE.split("## A mapping\n")[1].split("\nA mapping may have")[0]
    stated = profiles.parsed(textwrap.dedent(block), "example")
    label = bringing.empty_label(tmp_path / "label")
    file = "Track;Artist;Country;Date;Plays\nt1;Adé;DE;03.07.2026;1.200\n".encode("latin-1")
    report = bringing.brought(label, file, mapping=stated, answers={"store": "spotify"})
    assert report.unused == ("Artist",)
    rows = open_dataset(str(label.folder)).table("daily_streams")
    assert rows.select("entity_id", "territory", "store", "streams").rows() == [
        ("t1", "DE", "spotify", 1200)
    ]
