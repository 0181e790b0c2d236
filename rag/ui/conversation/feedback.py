"""A person's verdicts on answers and citations → evaluation questions, kept beside the collection.

`feedback/verdicts.jsonl` holds every verdict as it was given, `feedback/questions.jsonl` what follows from
the latest ones, in the form that `rag evaluate` reads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rag.errors import StoreError

FOLDER: Final = "feedback"
QUESTIONS: Final = "questions.jsonl"
_VERDICTS: Final = "verdicts.jsonl"
_MOST_CHARS: Final = 20_000  # of a question or a quote
_MOST_CITED: Final = 50  # in one answer
MOST_BYTES: Final = 50_000_000  # of all verdicts: who may ask must not be able to fill the disk


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a quote supports an answer; without an article, whether abstaining was right."""

    question: str
    language: str
    article: str
    quote: str
    right: bool
    given: str = ""


def verdicts(asked: object) -> list[Verdict]:
    """Read the verdicts that the browser sent: one for each citation, or one on an abstention.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(asked, Mapping) or not isinstance(asked.get("right"), bool):
        raise ValueError("a verdict needs `question`, `language`, `right` and `citations`")
    question, language = _text(asked.get("question")), _text(asked.get("language"))
    if not question.strip():
        raise ValueError("a verdict needs a question")
    cited = asked.get("citations") or [{"article": "", "quote": ""}]
    if len(cited) > _MOST_CITED:
        raise ValueError(f"a verdict is on {_MOST_CITED} citations at most")
    right, now = asked["right"], datetime.now(UTC).isoformat(timespec="seconds")
    return [
        Verdict(question, language, _text(one.get("article")), _text(one.get("quote")), right, now)
        for one in cited
    ]


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MOST_CHARS:
        raise ValueError("a verdict's parts are texts")
    return value


class Feedback:
    """The verdicts on one collection's answers."""

    def __init__(self, store: Path) -> None:
        self._folder = store / FOLDER
        self._lock = threading.Lock()

    def give(self, given: Iterable[Verdict]) -> None:
        """Keep verdicts and write the questions anew.

        Raises:
            StoreError: the store cannot be written, or holds as many verdicts as it may.
        """
        lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in given)
        try:
            with self._lock:
                self._folder.mkdir(exist_ok=True)
                with (self._folder / _VERDICTS).open("a+b") as file:
                    size = file.tell()
                    if size > MOST_BYTES:
                        raise StoreError(
                            f"{self._folder / _VERDICTS} holds as many verdicts as it may",
                            hint="move the file away; what is in it stays readable there",
                        )
                    file.seek(max(size - 1, 0))
                    cut_short = file.read(1) not in (b"", b"\n")
                    file.write(("\n" * cut_short + lines).encode())
                partial = self._folder / (QUESTIONS + ".partial")
                partial.write_text("".join(_questions(self._kept())), encoding="utf-8")
                partial.replace(self._folder / QUESTIONS)
        except OSError as error:
            raise StoreError(
                f"the verdict cannot be kept: {error.strerror}",
                hint="check free disk space and that the store's folder is writable",
            ) from error

    def _kept(self) -> list[Verdict]:
        """Return all verdicts, oldest first; a line cut short by a full disk is passed over.

        A question may hold what `splitlines` takes for the end of a line, too, such as U+2028.
        """
        kept = []
        for line in (self._folder / _VERDICTS).read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                kept.append(Verdict(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return kept


def _questions(kept: Iterable[Verdict]) -> Iterable[str]:
    """Yield a line for each question that a verdict says how to answer: the latest verdict counts."""
    latest = {(one.question, one.article, one.quote): one for one in kept}
    right: dict[str, list[Verdict]] = {}
    for one in latest.values():
        if one.right:
            right.setdefault(one.question, []).append(one)
    for question, given in right.items():
        quoted = [one for one in given if one.article]
        line: dict[str, Any] = {
            "question": question,
            "language": given[0].language,
            "articles": sorted({one.article for one in quoted}),
            "evidence": list(dict.fromkeys(one.quote for one in quoted)),
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"
