"""`lyrics`: look up the lyrics that a label lacks, and the note that must be accepted before."""

import argparse
import re
import signal
import textwrap

from workbench.commands.terminal import on_terminal

WIDTH = 90


def lyrics_arguments(lyrics: argparse.ArgumentParser) -> None:
    """Declare what `lyrics` takes."""
    parts = lyrics.add_subparsers(required=True, metavar="part")
    fetched = parts.add_parser("fetch", help=fetch.__doc__)
    fetched.set_defaults(function=fetch)
    fetched.add_argument("--limit", type=_count, metavar="N", help="tracks at most")
    fetched.add_argument(
        "--again", action="store_true", help="also ask anew what Genius did not have lately"
    )
    shown = parts.add_parser("terms", help=terms.__doc__)
    shown.set_defaults(function=terms)
    said = shown.add_mutually_exclusive_group()
    said.add_argument("--accept", action="store_true", help="you have read it and accept it")
    said.add_argument("--withdraw", action="store_true", help="nothing is asked any more")
    for part in (fetched, shown):
        part.add_argument("--label", default=None, help="name or folder of a label")


def lyrics(arguments: argparse.Namespace) -> None:
    """Look up lyrics that are missing, at Genius."""


def fetch(arguments: argparse.Namespace) -> None:
    """Fetch the lyrics of released tracks that have none; stopped, it goes on where it was."""
    from workbench.dataset import open_dataset
    from workbench.importers import lyric_fetch, permission
    from workbench.importers.lyric_outcomes import MEANING, outcomes
    from workbench.importers.services import GENIUS
    from workbench.store.jobs import job

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the app's Stop is a clean end
    label = open_dataset(arguments.label)
    permission.required(label, GENIUS.name)
    with job(label.home, lyric_fetch.JOB) as progress:

        def say(done: int, total: int, text: str) -> None:
            progress(done, total, text)
            on_terminal(done, total, text)

        counts = lyric_fetch.fetch(
            label, limit=arguments.limit, again=arguments.again, progress=say
        )
    for outcome, count in counts.most_common():
        title, advice = MEANING[outcome]
        print(f"{title:<22}{count:>6,}  {advice}")
    asked = sum(outcomes(open_dataset(arguments.label))["outcome"] == lyric_fetch.DOUBTFUL)
    print(
        f"{asked:,} wait to be confirmed on the Import page."
        if asked
        else ("Done." if counts else "No released track lacks a lyric that is not settled yet.")
    )


def terms(arguments: argparse.Namespace) -> None:
    """Show the note on Genius' terms; accept it for a label, or withdraw that."""
    from workbench.dataset import open_dataset
    from workbench.importers import permission
    from workbench.importers.services import GENIUS

    label = open_dataset(arguments.label)
    if arguments.withdraw:
        permission.withdraw(label, GENIUS.name)
    elif arguments.accept:
        permission.accept(label, GENIUS.name)
    else:
        for paragraph in permission.NOTES[GENIUS.name].split("\n\n"):
            plain = re.sub(r"\*\*|\[(.*?)\]\((.*?)\)", _plain, paragraph)
            print(textwrap.fill(plain, WIDTH), end="\n\n")
    given = permission.accepted(label, GENIUS.name)
    print(
        f"Accepted by {given.user} on {given.at:%Y-%m-%d %H:%M} UTC for {label.title}."
        if given
        else f"Not accepted for {label.title}: nothing is looked up. To accept it: "
        "python -m workbench lyrics terms --accept"
    )


def _plain(found: re.Match) -> str:
    return f"{found[1]} ({found[2]})" if found[1] else ""


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of tracks")
    return int(text)
