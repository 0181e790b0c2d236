"""What the documentation says that can be checked: its blocks of code, commands, links and tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        ROOT / "benchmarks" / "README.md",
        ROOT / "data" / "model" / "README.md",
    ]
)
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.M | re.S)
_ASSIGNED = re.compile(r"[A-Z_]+=")


@dataclass(frozen=True)
class Command:
    """One command of a page: where it stands, what it sets for itself, and its words."""

    page: str
    variables: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {' '.join(self.words)}"


def read(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a page that are written in a language."""
    return [code for name, code in _FENCE.findall(read(page)) if name == language]


def prose(page: str) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", read(page))


def commands() -> list[Command]:
    """Return every command of every block of shell."""
    return [
        one
        for page in PAGES
        for block in blocks(page, "sh")
        for line in block.replace("\\\n", " ").splitlines()
        for one in _commands(page, line)
    ]


def _commands(page: str, line: str) -> Iterator[Command]:
    """Yield the commands of a line; the brackets of a synopsis are left out."""
    words = shlex.split(line.replace("[--", "--").replace("] ", " ").removesuffix("]"), comments=True)
    found: list[list[str]] = [[]]
    for word in words:
        if word in ("&&", "||", "|", ";", "&"):
            found.append([])
        else:
            found[-1].append(word)
    for one in found:
        first = next((n for n, word in enumerate(one) if not _ASSIGNED.match(word)), len(one))
        if first < len(one):
            yield Command(page, tuple(one[:first]), tuple(one[first:]))


def inline() -> list[Command]:
    """Return every command of ours that stands within a sentence."""
    return [
        Command(page, (), tuple(code.replace("[", "").replace("]", "").split()))
        for page in PAGES
        for code in re.findall(r"`((?:rag|python -m) [^`\n]+)`", prose(page))
    ]
