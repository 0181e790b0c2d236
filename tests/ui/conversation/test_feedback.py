"""Check what is kept of verdicts, and that nobody fills the disk with them."""

import json
from pathlib import Path

import pytest

from rag.errors import StoreError
from rag.ui.conversation import feedback
from rag.ui.conversation.feedback import Feedback, verdicts

QUOTE = {"article": "a.md", "quote": "Das Watt wird kleiner."}


def given(right: bool = True) -> dict[str, object]:
    """Return a verdict as the browser sends it."""
    return {"question": "Was wird kleiner?", "language": "de", "right": right, "citations": [QUOTE]}


def test_the_latest_verdict_counts(tmp_path: Path) -> None:
    """Keep all verdicts, and as questions only what was called right last."""
    kept = Feedback(tmp_path)
    questions = tmp_path / "feedback" / "questions.jsonl"
    kept.give(verdicts(given()))
    assert json.loads(questions.read_text(encoding="utf-8"))["evidence"] == [QUOTE["quote"]]
    kept.give(verdicts(given(right=False)))
    assert questions.read_text(encoding="utf-8") == ""
    assert len((tmp_path / "feedback" / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\n"])
def test_a_question_of_several_lines_is_one_question(tmp_path: Path, mark: str) -> None:
    """Keep what was pasted with line ends of any kind."""
    kept = Feedback(tmp_path)
    kept.give(verdicts(given() | {"question": f"Was{mark}wird kleiner?"}))
    lines = (tmp_path / "feedback" / "questions.jsonl").read_text(encoding="utf-8").split("\n")
    assert [json.loads(line)["question"] for line in lines if line] == [f"Was{mark}wird kleiner?"]


def test_a_verdict_on_more_citations_than_an_answer_has_is_none() -> None:
    """Refuse what no page sends."""
    with pytest.raises(ValueError, match="50 citations"):
        verdicts(given() | {"citations": [QUOTE] * 51})


def test_verdicts_end_where_the_disk_would_fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that there are too many, and keep those that are there."""
    kept = Feedback(tmp_path)
    kept.give(verdicts(given()))
    monkeypatch.setattr(feedback, "MOST_BYTES", 10)
    with pytest.raises(StoreError, match="as many verdicts"):
        kept.give(verdicts(given()))
    assert len((tmp_path / "feedback" / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("last", [b"right", "ü".encode()[:1]], ids=["in a word", "in a letter"])
def test_a_line_that_a_full_disk_cut_short_takes_no_other_with_it(last: bytes, tmp_path: Path) -> None:
    """Lose the verdict whose line lacks its end, and keep those before it and after it."""
    kept = Feedback(tmp_path)
    for question in ("Wer kam?", "Was wird dünner?"):
        kept.give(verdicts(given() | {"question": question}))
    path = tmp_path / "feedback" / "verdicts.jsonl"
    written = path.read_bytes()
    path.write_bytes(written[: written.rindex(last) + len(last)])
    kept.give(verdicts(given() | {"question": "Wer ging?"}))
    lines = (tmp_path / "feedback" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["question"] for line in lines] == ["Wer kam?", "Wer ging?"]
