"""A file of questions with known answers → cases; what is wrong with a line is said by its number."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rag.errors import InputError, QuestionError
from rag.ingest.text.characters import canonical, encodable

_FORM: Final = 'write {"question": "…", "language": "de", "articles": ["id"], "evidence": ["…"]}'


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the articles that answer it (none: it must abstain) and strings a right quote contains."""

    question: str
    language: str
    articles: tuple[str, ...]
    evidence: tuple[str, ...]


def read_cases(path: Path, check: Callable[[str], object] | None = None) -> list[tuple[Case, dict[str, Any]]]:
    """Read a file of questions, one JSON object a line; each comes with its line as it stands there.

    `check` is given each question and raises QuestionError where it cannot be asked.

    Raises:
        InputError: the file cannot be read or holds no question, or a line is none, or one that cannot be
            asked; the message names it.
    """
    cases = []
    for where, line in read_lines(path):
        one = case(line, where)
        try:
            if check is not None:
                check(one.question)
        except QuestionError as error:
            message = f"{where} cannot be asked: {one.question[:80]!r}: {error}"
            raise InputError(message, hint=error.hint) from error
        cases.append((one, line))
    if not cases:
        raise InputError(f"{path} holds no question", hint=_FORM)
    return cases


def read_lines(path: Path, noun: str = "question", hint: str = _FORM) -> list[tuple[str, dict[str, Any]]]:
    """Read a .jsonl file of objects; each comes behind its place, "FILE:NUMBER". Blank lines are skipped.

    `noun` and `hint` say in messages what a line should be.

    Raises:
        InputError: the file cannot be read, or a line is no JSON object.
    """
    try:
        texts = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", hint="give a .jsonl file in UTF-8") from error
    lines = []
    for number, text in enumerate(texts, start=1):
        if text.strip():
            try:
                lines.append((f"{path}:{number}", _object(text)))
            except (ValueError, RecursionError) as error:
                raise InputError(f"{path}:{number} is no {noun}: {error}", hint=hint) from error
    return lines


def case(line: dict[str, Any], where: str) -> Case:
    """Return the case that a line describes.

    Raises:
        InputError: a field is missing or of the wrong kind.
    """
    for field in ("question", "articles"):
        if field not in line:
            raise _wrong(where, f'"{field}" is missing')
    question, language = line["question"], line.get("language") or ""
    if not isinstance(question, str) or not question.strip():
        raise _wrong(where, f'"question" must be a text, got {question!r}')
    if not isinstance(language, str):
        raise _wrong(where, f'"language" must be a code such as "de", got {language!r}')
    evidence = _texts({"evidence": []} | line, "evidence", where)
    return Case(encodable(question), language, _texts(line, "articles", where), evidence)


def _texts(line: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
    """Return the texts of a field, each once; evidence as articles have it, so that it can be found there."""
    values = line[field]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _wrong(where, f'"{field}" must be a list of texts, got {values!r}')
    texts = tuple(dict.fromkeys((canonical if field == "evidence" else encodable)(one) for one in values))
    if not all(one.strip() for one in texts):
        raise _wrong(where, f'"{field}" must be a list of texts that are not empty, got {values!r}')
    return texts


def _object(text: str) -> dict[str, Any]:
    """Return the object that a line holds; raises ValueError, and RecursionError of one that is too deep."""
    try:
        line = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is no JSON: {error}") from error
    if not isinstance(line, dict):
        raise ValueError(f"it must be a JSON object, got {text.strip()[:40]}")
    return line


def _wrong(where: str, what: str) -> InputError:
    return InputError(f"{where} is no question: {what}", hint=_FORM)
