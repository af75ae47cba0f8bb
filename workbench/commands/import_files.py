"""`import`: files into a label, with a report of what came of each row."""

import argparse
import sys
from pathlib import Path

from workbench.commands.terminal import on_terminal
from workbench.errors import BadInput


def import_arguments(imported: argparse.ArgumentParser) -> None:
    """Declare what `import` takes."""
    imported.add_argument("file", nargs="+", type=Path, help="files, or folders of them")
    imported.add_argument("--mapping", help="name or .toml file; else the columns decide")
    imported.add_argument(
        "--answer", action="append", default=[], type=_answer, metavar="NAME=VALUE",
        help="what the files do not say; FILE:NAME=VALUE for one of several; may be repeated",
    )  # fmt: skip
    imported.add_argument("--sheet", help="of a spreadsheet with several")
    imported.add_argument("--rejects", type=Path, help="folder for the rejected rows, as CSV")
    imported.add_argument("--dry-run", action="store_true", help="report only, store nothing")


def import_(arguments: argparse.Namespace) -> None:
    """Import files: each row is accepted, repaired or rejected, and the report says why."""
    from workbench.dataset import open_dataset
    from workbench.importers import profiles, run
    from workbench.importers.sheet import Reading
    from workbench.report.export import csv

    label = open_dataset(arguments.label)
    mapping = profiles.named(arguments.mapping, label.home) if arguments.mapping else None
    plans, refused = [], []
    for source in run.gathered(arguments.file):
        try:
            planned = run.plan(
                source,
                label,
                mapping=mapping,
                answers=_of_file(source.name, arguments.answer),
                how=Reading(sheet=arguments.sheet),
                dry_run=arguments.dry_run,
            )
            plans.append(planned)
        except run.NotRecognised as error:
            # a folder may hold a readme; a file that was named is meant
            if not any(path.is_dir() for path in arguments.file):
                raise
            refused.append(f"left out: {error}")
    print("\n".join(refused), end="\n" if refused else "", file=sys.stderr)
    if not plans:
        raise BadInput("None of the files was recognised. Nothing was stored.")
    reports = [planned.report for planned in plans]
    for planned in plans:
        if arguments.rejects and planned.report.rejected:
            arguments.rejects.mkdir(parents=True, exist_ok=True)
            path = arguments.rejects / f"{planned.source.name}.rejected.csv"
            path.write_bytes(csv(planned.rejected_rows))
    taken = any(planned.rows for planned in plans)
    if taken and not arguments.dry_run:
        reports = run.store(plans, label, on_terminal)
    for report in reports:
        print("\n".join(report.lines()))
    if not taken:
        raise BadInput("No row could be taken. Nothing was stored.")
    print("Dry run: nothing was stored." if arguments.dry_run else f"Stored in {label.title}.")


def _of_file(file: str, answers: list[tuple[str, str]]) -> dict[str, str]:
    """Return the answers for one file: those for all files, and those that name it."""
    own = [(n.removeprefix(f"{file}:"), v) for n, v in answers if n.startswith(f"{file}:")]
    return {**dict(answers), **dict(own)}


def _answer(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not (name and found and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value
