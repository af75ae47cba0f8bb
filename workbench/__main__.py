"""The command line: `python -m workbench --help`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from workbench.commands.decisions import decisions, decisions_arguments
from workbench.commands.import_files import import_, import_arguments
from workbench.commands.look_ups import isrcs, look_up_arguments, lyrics
from workbench.commands.terminal import timed_on_terminal
from workbench.errors import UsageError, WorkbenchError
from workbench.settings import PROJECT, settings

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


def new(arguments: argparse.Namespace) -> None:
    """Make an empty label."""
    from workbench.dataset import new_label

    print(f"Made {new_label(arguments.name, arguments.currency, arguments.time_zone)}")


def make(arguments: argparse.Namespace) -> None:
    """Make artifacts that are missing, one after the other."""
    from workbench.dataset import make as make_artifact
    from workbench.dataset import open_dataset
    from workbench.errors import Busy, MissingTable, NotMade
    from workbench.store.artifacts import ARTIFACTS, declared, in_order
    from workbench.store.jobs import job

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the app's Stop is a clean end
    for name in in_order(arguments.artifact or ARTIFACTS):
        label = open_dataset(arguments.label)
        if declared(name).schema is None and label.has(name):
            print(f"{name}: made already", file=sys.stderr)
            continue
        try:
            with job(label.home, name) as progress:
                make_artifact(label, name, _both(progress))
        except (Busy, MissingTable, NotMade) as error:
            # Asked for everything, a label without lyrics still gets its clusters.
            if arguments.artifact:
                raise
            print(f"{name}: {error}", file=sys.stderr)


def _both(progress):
    """Record progress for the app and show it on a terminal."""
    on_terminal = timed_on_terminal()

    def say(done: int, total: int, text: str) -> None:
        progress(done, total, text)
        on_terminal(done, total, text)

    return say


def describe(arguments: argparse.Namespace) -> None:
    """Print what a label holds."""
    from workbench.dataset import open_dataset
    from workbench.listening.holdings import holdings
    from workbench.store.artifacts import ARTIFACTS

    label = open_dataset(arguments.label)
    print(f"{label.title}: generation {label.manifest.generation}, {label.folder}")
    for row in holdings(label).iter_rows(named=True):
        if row["rows"]:
            period = f"{row['first']} to {row['last']}" if row["first"] else ""
            print(f"  {row['table']:<18}{row['rows']:>12,}  {period}")
    for name in ARTIFACTS:
        print(f"  {name:<18}{'made' if label.has(name) else 'not made':>12}")


def erase(arguments: argparse.Namespace) -> None:
    """Erase a listener from a label."""
    from workbench.dataset import open_dataset
    from workbench.store.erasure import erase as erased
    from workbench.store.state import log_access

    label = open_dataset(arguments.label)
    rows = erased(label.folder, label.home, arguments.listener_id)
    log_access(label.home, settings().current_user, "listener erased", label.name)
    print(f"Erased {rows:,} rows. Make what read them again: python -m workbench make")


def serve(arguments: argparse.Namespace) -> None:
    """Serve the app; what is missing is made meanwhile by a job."""
    from workbench.dataset import open_dataset

    label = open_dataset(arguments.label)
    environment = {**os.environ, "WORKBENCH_LABEL": label.name}
    app = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")]
    server = subprocess.Popen(
        [*app, "--server.port", str(arguments.port)], cwd=PROJECT, env=environment
    )
    job = [sys.executable, "-m", "workbench", "make", "--label", label.name]
    making = subprocess.Popen(
        job, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        code = server.wait()
    except KeyboardInterrupt:
        code = server.wait()
    finally:
        if making.poll() is None:
            making.terminate()
    sys.exit(code)


def _artifact(name: str) -> str:
    from workbench.store.artifacts import declared

    try:
        return declared(name).name
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m workbench", description="The A&R Workbench.")
    commands = top.add_subparsers(required=True, metavar="command")

    def command(function, *, label: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(function.__name__.rstrip("_"), help=function.__doc__)
        added.set_defaults(function=function)
        if label:
            added.add_argument("--label", default=None, help="name or folder of a label")
        return added

    made = command(new, label=False)
    made.add_argument("name", help="lower-case name of its folder")
    made.add_argument("--currency", default="EUR", help="home currency, ISO 4217")
    made.add_argument("--time-zone", default="UTC", help="home time zone, e.g. Europe/Berlin")
    import_arguments(command(import_))
    look_up_arguments(command(lyrics, label=False), "genius")
    look_up_arguments(command(isrcs, label=False), "musicbrainz")
    decisions_arguments(command(decisions))
    command(make).add_argument(
        "artifact", nargs="*", type=_artifact, help="all that are missing by default"
    )
    command(describe)
    command(erase).add_argument("listener_id", help="the pseudonym")
    served = command(serve)
    served.add_argument("--port", type=_port, default=8501, help="1 to 65535; 8501 if not told")
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    arguments = parser().parse_args(words)
    try:
        arguments.function(arguments)
        sys.stdout.flush()
    except WorkbenchError as error:
        print(f"workbench: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # `describe | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("workbench: interrupted; what was finished is kept", file=sys.stderr)
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
