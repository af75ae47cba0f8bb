"""`lyrics` and `isrcs`: look up what a label lacks, after a note was accepted."""

import argparse
import importlib
import re
import signal
import textwrap

from workbench.commands.terminal import on_terminal

WIDTH = 90
# Per service: what fetches, and what says what came of it.
FETCHING = {
    "genius": ("workbench.importers.lyric_fetch", "workbench.importers.lyric_outcomes"),
    "musicbrainz": (
        "workbench.importers.identifier_fetch",
        "workbench.importers.identifier_outcomes",
    ),
}


def lyrics(arguments: argparse.Namespace) -> None:
    """Look up lyrics that are missing, at Genius."""


def isrcs(arguments: argparse.Namespace) -> None:
    """Look up ISRCs that are missing, at MusicBrainz and ListenBrainz."""


def look_up_arguments(command: argparse.ArgumentParser, service: str) -> None:
    """Declare what the look-ups at a service take."""
    parts = command.add_subparsers(required=True, metavar="part")
    fetched = parts.add_parser("fetch", help=fetch.__doc__)
    fetched.set_defaults(function=fetch, service=service)
    fetched.add_argument("--limit", type=_count, metavar="N", help="tracks at most")
    fetched.add_argument(
        "--again", action="store_true", help="also ask anew what was not there lately"
    )
    shown = parts.add_parser("terms", help=terms.__doc__)
    shown.set_defaults(function=terms, service=service)
    said = shown.add_mutually_exclusive_group()
    said.add_argument("--accept", action="store_true", help="you have read it and accept it")
    said.add_argument("--withdraw", action="store_true", help="nothing is asked any more")
    for part in (fetched, shown):
        part.add_argument("--label", default=None, help="name or folder of a label")


def fetch(arguments: argparse.Namespace) -> None:
    """Ask for released tracks that lack it; stopped, it goes on where it was."""
    from workbench.dataset import open_dataset
    from workbench.importers import permission
    from workbench.store.jobs import job

    asking, saying = (importlib.import_module(name) for name in FETCHING[arguments.service])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the app's Stop is a clean end
    label = open_dataset(arguments.label)
    permission.required(label, arguments.service)
    with job(label.home, asking.JOB) as progress:

        def say(done: int, total: int, text: str) -> None:
            progress(done, total, text)
            on_terminal(done, total, text)

        counts = asking.fetch(label, limit=arguments.limit, again=arguments.again, progress=say)
    for outcome, count in counts.most_common():
        title, advice = saying.MEANING[outcome]
        print(f"{title:<22}{count:>6,}  {advice}")
    rows = saying.outcomes(open_dataset(arguments.label))
    asked = sum(rows["outcome"] == saying.DOUBTFUL)
    if asked:
        print(f"{asked:,} wait to be confirmed on the Import page.")
    elif not counts:
        print("No released track lacks anything that is not settled yet.")


def terms(arguments: argparse.Namespace) -> None:
    """Show the note on a service's terms; accept it for a label, or withdraw that."""
    from workbench.dataset import open_dataset
    from workbench.importers import permission

    service, label = arguments.service, open_dataset(arguments.label)
    if arguments.withdraw:
        permission.withdraw(label, service)
    elif arguments.accept:
        permission.accept(label, service)
    else:
        for paragraph in permission.NOTES[service].split("\n\n"):
            plain = re.sub(r"\*\*|\[(.*?)\]\((.*?)\)", _plain, paragraph)
            print(textwrap.fill(plain, WIDTH), end="\n\n")
    given = permission.accepted(label, service)
    print(
        f"Accepted by {given.user} on {given.at:%Y-%m-%d %H:%M} UTC for {label.title}."
        if given
        else f"Not accepted for {label.title}: nothing is looked up. To accept it: "
        f"python -m workbench {permission.COMMANDS[service]} terms --accept"
    )


def _plain(found: re.Match) -> str:
    return f"{found[1]} ({found[2]})" if found[1] else ""


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of tracks")
    return int(text)
