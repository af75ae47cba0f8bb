"""`decisions`: what people said of recordings in doubt, listed and undone."""

import argparse


def decisions_arguments(listing: argparse.ArgumentParser) -> None:
    """Declare what `decisions` takes."""
    listing.add_argument("--undo", metavar="KEY", help="undo one, with the rows it brought")
    listing.add_argument("--dry-run", action="store_true", help="say what would go, change nothing")


def decisions(arguments: argparse.Namespace) -> None:
    """List what was decided on recordings in doubt, or undo a decision with its effect."""
    from workbench.dataset import open_dataset
    from workbench.importers import decisions as kept
    from workbench.importers import undoing

    label = open_dataset(arguments.label)
    if arguments.undo is None:
        for row in kept.listed(label).iter_rows(named=True):
            print(f"{row['decision']}  {row['recording']} {row['answer']} "
                  f"({row['user']}, {row['at']:%Y-%m-%d %H:%M} UTC, {row['file']})")  # fmt: skip
        return
    kept.asked(label, arguments.undo)
    goes = undoing.effect(label, arguments.undo).words()
    if arguments.dry_run:
        print(f"Would go: {goes}. Dry run: nothing was changed.")
        return
    undoing.undo(label, arguments.undo)
    print(f"Undone; gone: {goes}. Bring the files again to be asked anew.")
