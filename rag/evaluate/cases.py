"""A file of questions with known answers → cases; what is wrong with a line is said by its number."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rag.errors import InputError

_FORM: Final = 'write {"question": "…", "language": "de", "articles": ["id"], "evidence": ["…"]}'


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the articles that answer it (none: it must abstain) and strings a right quote contains."""

    question: str
    language: str
    articles: tuple[str, ...]
    evidence: tuple[str, ...]


def read_cases(path: Path) -> list[tuple[Case, dict[str, Any]]]:
    """Read a file of questions, one JSON object a line; each comes with its line as it stands there.

    Raises:
        InputError: the file cannot be read or holds no question, or a line is none; the message names it.
    """
    cases = [(case(line, where), line) for where, line in read_lines(path)]
    if not cases:
        raise InputError(f"{path} holds no question", hint=_FORM)
    return cases


def read_lines(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Read a .jsonl file of objects; each comes behind its place, "FILE:NUMBER". Blank lines are skipped.

    Raises:
        InputError: the file cannot be read, or a line is no JSON object.
    """
    try:
        texts = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}", hint="give a .jsonl file in UTF-8") from error
    return [
        (f"{path}:{number}", _object(text, f"{path}:{number}"))
        for number, text in enumerate(texts, start=1)
        if text.strip()
    ]


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
    return Case(question, language, _texts(line, "articles", where), _texts(line, "evidence", where))


def _texts(line: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
    values = line.get(field) or []
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise _wrong(where, f'"{field}" must be a list of texts, got {values!r}')
    return tuple(values)


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise _wrong(where, f"it is no JSON: {error}") from error
    if not isinstance(line, dict):
        raise _wrong(where, f"it must be a JSON object, got {text.strip()[:40]}")
    return line


def _wrong(where: str, what: str) -> InputError:
    return InputError(f"{where} is no question: {what}", hint=_FORM)
