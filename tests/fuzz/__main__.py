"""Fuzz for a while, led by coverage: python -m tests.fuzz [TARGET…] --seconds 600   (needs: pip install atheris)

Each target runs in a process of its own with atheris, from its corpus; without atheris Hypothesis makes the
inputs. What crashes is written to tests/fuzz/corpus/TARGET/, where the tests try it from then on, and so is
what leads to lines that no input before it reached.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

NAMES = ("reader", "cleaner", "page", "marker", "front", "spans", "browser", "setting")
CORPUS = Path(__file__).with_name("corpus")
_LONGEST = 20_000  # bytes of an input


def main() -> int:
    """Fuzz the chosen targets one after the other; the exit code is the number of those that crashed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", default=[])
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where inputs are kept, by target")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    chosen = options.targets or list(NAMES)
    if options.inside:
        _fuzz(chosen[0], options.seconds, options.corpus / chosen[0])
        return 0
    each = max(1, options.seconds // len(chosen))
    crashed = 0
    for name in chosen:
        command = [sys.executable, "-m", "tests.fuzz", name, "--inside", "--seconds", str(each)]
        command += ["--corpus", str(options.corpus)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=each + 600)
        runs = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("inputs:")]
        print(
            f"{name:10} {runs[-1] if runs else 'inputs: unknown':24} {'CRASH' if done.returncode else 'no crash'}"
        )
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:])
            crashed += 1
    return crashed


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Feed one target until the time is over or it crashes."""
    try:
        import atheris
    except ImportError:
        atheris = None
    with atheris.instrument_imports(include=["rag"]) if atheris else nullcontext():
        from tests.fuzz.targets import TARGETS, seeds

    until, count = float("inf"), 0  # the corpus is tried in any case

    def once(data: bytes) -> None:
        nonlocal count
        if time.monotonic() > until:
            print(f"inputs: {count}", flush=True)
            os._exit(0)
        count += 1
        try:
            TARGETS[name](data)
        except Exception:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
            print(f"inputs: {count}", flush=True)
            raise

    for data in seeds(name):
        once(data)
    until = time.monotonic() + seconds
    if atheris is None:
        _with_hypothesis(once)
        return
    arguments = [sys.argv[0], f"-max_len={_LONGEST}", "-timeout=120", "-rss_limit_mb=4000", "-verbosity=0"]
    atheris.Setup(arguments + ([str(folder)] if folder.is_dir() else []), once)
    atheris.Fuzz()


def _with_hypothesis(once: object) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    phases = [Phase.generate, Phase.target]
    checks = list(HealthCheck)
    run = settings(
        max_examples=10**9, deadline=None, phases=phases, suppress_health_check=checks, database=None
    )
    run(given(st.binary(max_size=_LONGEST) | st.text().map(str.encode))(once))()  # type: ignore[operator]


if __name__ == "__main__":
    raise SystemExit(main())
