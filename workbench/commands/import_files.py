"""`import`: files into a label, with a report of what came of each row."""

import argparse
import sys
from functools import partial
from pathlib import Path

from workbench.commands.terminal import on_terminal
from workbench.errors import BadInput


def import_arguments(imported: argparse.ArgumentParser) -> None:
    """Declare what `import` takes."""
    imported.add_argument("file", nargs="+", type=Path, help="files, and folders or zips of them")
    imported.add_argument("--mapping", help="name or .toml file; else the columns decide")
    imported.add_argument(
        "--answer", action="append", default=[], type=_answer, metavar="NAME=VALUE",
        help="what the files do not say; FILE:NAME=VALUE for one of several; may be repeated",
    )  # fmt: skip
    imported.add_argument(
        "--sheet", help="of a workbook with several: short for --answer sheet=NAME"
    )
    imported.add_argument("--rejects", type=Path, help="folder for the rejected rows, as CSV")
    imported.add_argument("--dry-run", action="store_true", help="report only, store nothing")


def import_(arguments: argparse.Namespace) -> None:
    """Import files: each row is accepted, repaired or rejected, and the report says why."""
    from workbench.dataset import open_dataset
    from workbench.importers import gathering, profiles, run
    from workbench.importers.mapping import Unanswered

    label = open_dataset(arguments.label)
    mapping = profiles.named(arguments.mapping, label.home) if arguments.mapping else None
    found = gathering.gathered(arguments.file)
    # a folder or a zip may hold a readme; a file that was named is meant
    meant = not any(path.is_dir() for path in arguments.file)
    meant = meant and not any("/" in source.name for source in found.sources)
    plans, left_out, unanswered = [], list(found.left_out), []
    for source in found.sources:
        try:
            plans.append(_planned(source, run.after(plans, label), mapping, arguments))
        except Unanswered as error:
            unanswered.append(str(error))
        except BadInput as error:
            if meant:
                raise
            left_out.append(str(error))
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    if unanswered:
        raise BadInput("\n".join(unanswered))
    if not plans:
        raise BadInput("None of the files was recognised. Nothing was stored.")
    reports = [planned.report for planned in plans]
    if arguments.rejects:
        _write_rejects(plans, arguments.rejects)
    taken = any(planned.rows for planned in plans)
    if taken and not arguments.dry_run:
        reports = run.store(plans, label, on_terminal)
    _tell(plans, reports)
    if not taken:
        raise BadInput("No row could be taken. Nothing was stored.")
    print("Dry run: nothing was stored." if arguments.dry_run else f"Stored in {label.title}.")


def _tell(plans: list, reports: list) -> None:
    """Print what came of the files, what is to be confirmed, and what would count twice."""
    from workbench.importers import doubts, held_already

    asked = [doubts.questions(one.understood.sheet.doubtful, one.source.name) for one in plans]
    twice = [[f"note: {note}"] for note in held_already.told_twice(plans)]
    for lines in (*(report.lines() for report in reports), *asked, *twice):
        print("\n".join(lines), end="\n" if lines else "")


def _planned(source, label, mapping, arguments: argparse.Namespace):
    """Return the plan of one file; it heeds the answers about recordings in doubt."""
    from workbench.importers import decisions, run, steps

    answers, dry_run = _of_file(source.name, arguments.answer), arguments.dry_run
    if arguments.sheet:
        answers = {"sheet": arguments.sheet, **answers}
    plan = partial(run.plan, source, label, mapping=mapping, answers=answers, dry_run=dry_run)
    with steps.told(on_terminal):
        planned = plan()
    doubtful = planned.understood.sheet.doubtful
    said = {key: answers[key] for key in doubtful["decision"].unique() if key in answers}
    if not said or dry_run:
        return planned
    decisions.decide(label, doubtful, said, planned.report.kept_as)
    return plan()


def _write_rejects(plans: list, folder: Path) -> None:
    """Write the rejected rows of each file as CSV; no two files of one name meet."""
    from workbench.report.export import csv

    for planned in plans:
        if planned.report.rejected:
            folder.mkdir(parents=True, exist_ok=True)
            name = planned.source.name.replace("/", " - ")
            path = folder / f"{name}.rejected.csv"
            if any(p.source.name == planned.source.name for p in plans if p is not planned):
                path = folder / f"{name}.{planned.source.sha256[:8]}.rejected.csv"
            path.write_bytes(csv(planned.rejected_rows))


def _of_file(file: str, answers: list[tuple[str, str]]) -> dict[str, str]:
    """Return the answers for one file: those for all files, and those that name it."""
    own = {}
    for called in dict.fromkeys((file.rpartition("/")[2], file)):
        own |= {n.removeprefix(f"{called}:"): v for n, v in answers if n.startswith(f"{called}:")}
    return dict(answers) | own


def _answer(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not (name and found and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value
