"""Kill a command of the recipe at every change that it makes to its files, and each time let it go on.

`python -m tests.training.kills FOLDER START CHANGES ARGUMENTS…` runs the command in a copy of the folder
START: once undisturbed, and for every n once more, killed at its n-th change and run again. Which changes
count says a regular expression, `.` all. A file that is opened to be written is cut off within its first
bytes; every other change does not happen. `{work}` in the arguments is the copy. Prints a line of JSON for
each: where it was killed, how it ended when run again, and which files came out otherwise than undisturbed.
"""

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import rag.training.export
import rag.training.launch  # noqa: F401  (what takes long to load: once, for all the processes made below)
from rag.training.__main__ import app

MOVES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink"}
WRITING = os.O_WRONLY | os.O_RDWR
FEW_BYTES = 8
UNLIKE = ("log.jsonl", "checkpoints", ".new")  # times are in them, or they were not finished


def main(folder: Path, start: Path, changes: re.Pattern[str], arguments: list[str]) -> None:
    wanted, made = folder / "undisturbed", folder / "killed"
    shutil.copytree(start, wanted)
    assert run(arguments, wanted) == 0, (folder / "output.txt").read_text()
    for number in range(1, 1000):
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(start, made)
        mark = folder / "killed-at.txt"
        if run(arguments, made, killer(made, changes, number, mark)) == 0:
            break
        again = run(arguments, made)
        report = {"at": mark.read_text(), "again": again, "different": different(wanted, made)}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def run(
    arguments: list[str], work: Path, hook: Callable[[str, tuple[object, ...]], None] | None = None
) -> int:
    """Run the command in a process of its own, and return how it ended."""
    child = os.fork()
    if child == 0:
        with (work.parent / "output.txt").open("w") as output:
            os.dup2(output.fileno(), sys.stdout.fileno())
            os.dup2(output.fileno(), sys.stderr.fileno())
        if hook:
            sys.addaudithook(hook)
        try:
            app([argument.replace("{work}", str(work)) for argument in arguments], standalone_mode=False)
        except BaseException as error:
            os.write(2, repr(error).encode())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killer(
    work: Path, wanted: re.Pattern[str], number: int, mark: Path
) -> Callable[[str, tuple[object, ...]], None]:
    """Return a hook that ends its process at the change of that number to what is in `work`."""
    changes = 0

    def hook(event: str, given: tuple[object, ...]) -> None:
        nonlocal changes
        path = str(given[event == "os.symlink"]) if event == "open" or event in MOVES else ""
        is_reading = event == "open" and not int(given[2]) & WRITING
        is_there = event == "os.mkdir" and Path(path).exists()
        if not path.startswith(str(work)) or is_reading or is_there:
            return
        change = f"{event} {os.path.relpath(path, work)}"
        if not wanted.match(change):
            return
        changes += 1
        if changes == number:
            mark.write_text(change)
            if event != "open":
                os.kill(os.getpid(), signal.SIGKILL)
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (FEW_BYTES, FEW_BYTES))

    return hook


def different(one: Path, other: Path) -> list[str]:
    """Return the names of the files that are not in both folders with the same content."""
    first, second = contents(one), contents(other)
    return sorted(name for name in first | second if first.get(name) != second.get(name))


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not any(part in str(path) for part in UNLIKE)
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), re.compile(sys.argv[3]), sys.argv[4:])
