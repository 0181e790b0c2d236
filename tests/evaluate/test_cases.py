"""Check reading questions: every field, every mistake, by its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import InputError
from rag.evaluate.cases import Case, read_cases
from rag.resources import folder


def test_questions_are_read_with_what_else_stands_there(tmp_path: Path) -> None:
    """Read the promised fields and keep the others; blank lines, a BOM and a missing language are fine."""
    path = tmp_path / "q.jsonl"
    line: dict[str, Any] = {
        "question": "Wer?\u2028So?",
        "language": "de",
        "articles": ["a"],
        "evidence": ["x"],
    }
    lines = [json.dumps(line | {"note": 7}, ensure_ascii=False), "", '{"question": "Was?", "articles": []}']
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    (first, fields), (second, _) = read_cases(path)
    assert first == Case("Wer?\u2028So?", "de", ("a",), ("x",))
    assert fields["note"] == 7
    assert second == Case("Was?", "", (), ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no question"),
        (b"\n\n", "holds no question"),
        (b'{"question": "x", "articles": []}\nkaputt\n', r"q\.jsonl:2 is no question: it is no JSON"),
        (b"\n[1]\n", r"q\.jsonl:2 is no question: it must be a JSON object, got \[1\]"),
        (b'{"question": "x"}\n', r'q\.jsonl:1 is no question: "articles" is missing'),
        (b'{"articles": []}\n', r'q\.jsonl:1 is no question: "question" is missing'),
        (b'{"question": " ", "articles": []}\n', '"question" must be a text'),
        (b'{"question": 3, "articles": []}\n', '"question" must be a text, got 3'),
        (b'{"question": "x", "language": 1, "articles": []}\n', '"language" must be a code'),
        (b'{"question": "x", "articles": 5}\n', '"articles" must be a list of texts, got 5'),
        (b'{"question": "x", "articles": "id"}\n', "\"articles\" must be a list of texts, got 'id'"),
        (b'{"question": "x", "articles": [], "evidence": [""]}\n', '"evidence" must be a list of texts'),
        (b'{"question": "x", "articles": [], "evidence": [" "]}\n', '"evidence" must be .* not empty'),
        (
            b'{"question": "x", "articles": ["a"], "evidence": ["\\u200b"]}\n',
            '"evidence" must be .* not empty',
        ),
        (b'{"question": "x", "articles": ""}\n', "\"articles\" must be a list of texts, got ''"),
        (b'{"question": "x", "articles": null}\n', '"articles" must be a list of texts, got None'),
        (b"[" * 100_000 + b"\n", r"q\.jsonl:1 is no question: .*recursion"),
        (b'{"question": "\xff", "articles": []}\n', "cannot be read"),
    ],
)
def test_a_bad_file_of_questions_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    """Say which line is wrong, what is wrong with it, and how it should be."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_cases(path)
    assert caught.value.hint


def test_what_is_named_twice_counts_once(tmp_path: Path) -> None:
    """Keep an id that stands there twice from making the best ranking impossible."""
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"question": "x", "articles": ["b", "a", "b"], "evidence": ["y", "y"]}))
    assert read_cases(path)[0][0] == Case("x", "", ("b", "a"), ("y",))


def test_evidence_is_read_as_articles_are(tmp_path: Path) -> None:
    """Take decomposed letters, ligatures and invisible signs for what articles have in their place."""
    path = tmp_path / "q.jsonl"
    path.write_text(
        json.dumps({"question": "x", "articles": ["a"], "evidence": ["Gro\u0308\u00ad\ufb01ler"]})
    )
    assert read_cases(path)[0][0].evidence == ("Gröfiler",)


def test_a_missing_file_of_questions_is_named(tmp_path: Path) -> None:
    """Say so, and so for a folder."""
    for path in (tmp_path / "weg.jsonl", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_cases(path)


def test_the_shipped_questions_can_be_read() -> None:
    """Demand that what is shipped is in the form that is documented."""
    assert len(read_cases(folder("data") / "questions" / "samples.jsonl")) >= 60
