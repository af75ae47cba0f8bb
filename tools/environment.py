"""Make `.venv` as requirements.txt says, or leave it alone when it already is.

Runs on a bare Python, on every system: `python tools/environment.py`, `... --remove`.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
LOCK = PROJECT / "requirements.txt"
STAMP = VENV / "installed.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VERSIONS = [(3, 11), (3, 12), (3, 13)]  # the first is what the project is tried on
TORCH_CPU = "https://download.pytorch.org/whl/cpu"
LEFT_BEHIND = ["__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", ".ipynb_checkpoints"]


def main(arguments: list[str]) -> int:
    """Bring the environment to what the lock says; return an exit code."""
    if arguments == ["--remove"]:
        return remove()
    if arguments:
        print("usage: python tools/environment.py [--remove]", file=sys.stderr)
        return 2
    if sys.version_info[:2] not in VERSIONS:
        return with_another_python()
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and PYTHON.exists():
        return 0
    STAMP.unlink(missing_ok=True)
    if not (same_python() or make_venv()):
        return 1
    if not (install_torch() and install_rest()):
        return 1
    find_workbench()
    STAMP.write_text(wanted)
    return 0


def fingerprint() -> str:
    """Return what the environment depends on: this file, the lock, Python, where it stands."""
    digest = hashlib.sha256()
    for part in (LOCK.read_bytes(), Path(__file__).read_bytes(), str(PROJECT).encode()):
        digest.update(hashlib.sha256(part).digest())
    return f"{platform.python_version()} {platform.machine()} {digest.hexdigest()}\n"


def with_another_python() -> int:
    """Run this file under a Python that the lock was resolved for, if there is one."""
    for major, minor in VERSIONS:
        other = shutil.which(f"python{major}.{minor}")
        # a version manager may answer to a name whose version it does not have
        if other and subprocess.run([other, "--version"], capture_output=True).returncode == 0:
            return subprocess.run([other, __file__]).returncode
    say(
        f"This is Python {platform.python_version()}; the workbench needs 3.11, 3.12 or 3.13.",
        "Install Python 3.11, or name one you have: make run PYTHON=/path/to/python3.11",
    )
    return 1


def same_python() -> bool:
    """Say whether `.venv` is whole and made by this version of Python."""
    settings = VENV / "pyvenv.cfg"
    if not (settings.is_file() and PYTHON.exists()):
        return False
    made_by = re.search(r"^version\s*=\s*(\S+)", settings.read_text(), re.MULTILINE)
    if made_by is None or made_by[1] != platform.python_version():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def make_venv() -> bool:
    say(f"Making .venv with Python {platform.python_version()}")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV])
    if done.returncode:
        say("The environment could not be made. On Debian and Ubuntu: apt-get install python3-venv")
    return done.returncode == 0


def install_torch() -> bool:
    """Install the CPU build of torch; the plain name pulls gigabytes of GPU packages on Linux.

    Three places in turn: wherever pip is set up to look, PyTorch's own index of CPU builds, and
    the plain name (macOS and Windows, where that is the CPU build).
    """
    version = re.search(r"^torch==([\w.]+)", LOCK.read_text(), re.MULTILINE)[1]
    question = "from importlib.metadata import version; print(version('torch'))"
    found = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True)
    if found.stdout.strip().split("+")[0] == version:
        return True
    ladder = [
        ["--no-deps", f"torch=={version}+cpu"],
        ["--no-deps", "--index-url", TORCH_CPU, f"torch=={version}+cpu"],
        ["--constraint", str(LOCK), f"torch=={version}"],
    ]
    say(f"Installing torch {version} (about 200 MB)")
    answers = []
    for rung in ladder:
        tried = subprocess.run(pip("--quiet", *rung), capture_output=True, text=True)
        if tried.returncode == 0:
            return True
        answers.append(tried.stderr.strip())
    say(*answers, f"torch {version} could not be installed; above is what pip said, try by try.")
    return False


def install_rest() -> bool:
    total = len(re.findall(r"^[\w.-]+==", LOCK.read_text(), re.MULTILINE))
    say(f"Installing requirements.txt ({total} packages, about three minutes the first time)")
    command = pip("--requirement", str(LOCK))
    looked_at = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            if line.startswith("Collecting ") and sys.stdout.isatty():
                looked_at += 1
                print(f"\r  downloaded {min(looked_at, total)} of {total}", end="", flush=True)
            elif line.startswith("Installing collected") and sys.stdout.isatty():
                print("\r  unpacking, the slowest part  ", flush=True)
    if running.returncode:
        say("Nothing is lost: mend what pip names above and run the same command again.")
    return running.returncode == 0


def pip(*arguments: str) -> list[str]:
    start = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*start, *arguments]


def find_workbench() -> None:
    """Let every Python of the environment import the workbench, notebooks above all."""
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=True)
    Path(answer.stdout.strip(), "workbench.pth").write_text(f"{PROJECT}\n", encoding="utf-8")


def remove() -> int:
    """Delete the environment and what tools left behind; labels and results stay."""
    shutil.rmtree(VENV, ignore_errors=True)
    for name in LEFT_BEHIND:
        for folder in list(PROJECT.rglob(name)):
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
