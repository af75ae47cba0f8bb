"""All benchmarks or some, one after the other; unless quick they write docs/benchmarks.md.

python -m benchmarks [--quick] [name ...]
"""

import argparse
import datetime
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "benchmarks.md"
# `lyrics` runs these with itself.
PARTS = {
    "lyric_shipped",
    "lyric_songs",
    "lyric_speed",
    "lyric_verse",
    "lyric_sample",
    "lyric_languages",
}
SUPPORT = {"__init__", "__main__", "report", "server", "session", "misspelt", "variants", "exports",
           "hetrec", "lyric_sets", "round_trips", "simulated"} | PARTS  # fmt: skip
NAMES = sorted({file.stem for file in Path(__file__).parent.glob("*.py")} - SUPPORT)
SHOWN = ("streamlit", "polars", "numpy", "scipy", "scikit-learn", "torch")


def main() -> int:
    """Run what was asked for; return 1 when a benchmark could not be carried out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="at most ten minutes each")
    asked = parser.parse_args()
    names = asked.names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    failed = []
    for name in names:
        print(f"\n=== {name}", flush=True)
        at = f"{datetime.datetime.now(datetime.UTC).date()}{busy()}"
        text, minutes, code = run(name, quick=asked.quick)
        if code:
            failed.append(name)
        if not asked.quick:
            old = PAGE.read_text("utf-8") if PAGE.exists() else ""
            told = section(name, text, f"{minutes:.1f} min, {at}", code)
            PAGE.write_text(page(sections(old) | {name: told}), "utf-8")
    if failed:
        print(f"Could not be carried out: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run(name: str, *, quick: bool) -> tuple[str, float, int]:
    """Run one benchmark in its own process, showing what it prints; return that, minutes, code."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if quick else [])]
    began, lines = time.perf_counter(), []
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return "".join(lines), (time.perf_counter() - began) / 60, process.returncode


def sections(text: str) -> dict[str, str]:
    """Return the sections of a page by the benchmark that wrote each; others are left out."""
    parts = (f"## {part.strip()}" for part in text.split("\n## ")[1:])
    named = {part.splitlines()[0].removeprefix("## "): part for part in parts}
    return {name: part for name, part in named.items() if name in NAMES}


def page(held: dict[str, str]) -> str:
    """Return the page of these sections, in the order of their names."""
    return "\n\n".join([heading(), *(held[name] for name in sorted(held))]) + "\n"


def section(name: str, text: str, when: str, code: int) -> str:
    """Return a benchmark's part of the page: what it prints for people, without the JSON.

    `when` : how long it took, on which day, and how busy the machine was before.
    """
    if code:
        return f"## {name}\n\nCould not be carried out (exit code {code})."
    kept = [line for line in text.rstrip().splitlines() if not line.startswith("[{")]
    shown = kept[next(i for i, line in enumerate(kept) if line.startswith("| ")) - 2 :]
    return f"## {name}\n\n" + "\n".join(shown).strip() + f"\n\n`{name}`: {when}."


def heading() -> str:
    """Return the head of the page: on what, with which versions."""
    packages = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    return (
        "# Benchmarks\n\n"
        "Written by `make bench`, or section by section by `python -m benchmarks NAME`, on "
        f"{machine()}; Python {platform.python_version()}, {packages}. Below each stand how "
        "long it took, its day and the load average before it. Compare ratios before seconds. A "
        "goal that is not reached says NO."
    )


def busy() -> str:
    """Return how much else the machine was doing when it began, where the system tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f", load average {os.getloadavg()[0]:.1f}"


def machine() -> str:
    """Return processor, cores, memory and system in words."""
    processor = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        models = [line for line in described.read_text().splitlines() if "model name" in line]
        processor = models[0].split(":")[1].strip() if models else processor
    memory = ""
    if hasattr(os, "sysconf"):
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        memory = f", {size / 2**30:.0f} GB of memory"
    return f"{processor}, {os.cpu_count()} cores{memory}, {platform.system()}"


if __name__ == "__main__":
    sys.exit(main())
