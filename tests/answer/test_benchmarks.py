"""Check the benchmarks of answers on the scripted server."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks import answer_quality, overhead
from rag.answer.checks import support
from rag.answer.checks.support import Checker
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical.lexicon import bundled
from rag.schema import Answer, Citation, Source, Span, Statement
from tests.llm_server import MODEL, LanguageModelServer, Reply

SOURCE = Source(id="a", title="Titel", language="de")
RAIL = "Die Bahn will die Strecke nach Kiel bis 2027 ausbauen."
OPERA = "Die Oper in Kiel bleibt im Sommer geschlossen."


def answer(text: str, statements: tuple[Statement, ...]) -> Answer:
    """Return an answer that cites the railway as [1] and the opera as [2]."""
    cited = tuple(
        Citation(f"[{n}]", SOURCE, Span(100 * n, 100 * n + len(quote)), quote, 0.5)
        for n, quote in enumerate((RAIL, OPERA), start=1)
    )
    return Answer("Was?", "de", "Was?", text, "m", cited, statements)


def test_citations_are_judged_as_alce_defines() -> None:
    """Count a statement once, each of its citations by its use, and what is not cited as not carried."""
    checker = Checker(open_embedder(None, threads=1).encode, bundled(), support.bundled())
    text = "Die Strecke nach Kiel baut die Bahn bis 2027 aus [1][2]. Die Oper ist im Sommer zu. Wer weiß."
    first, second = text.index("Die Oper"), text.index("Wer")
    made = (
        Statement(Span(0, first - 1), ("[1]", "[2]")),
        Statement(Span(first, second - 1), ()),
        Statement(Span(second, len(text)), ("[2]",)),
    )
    judged = answer_quality.judge(checker, answer(text, made))
    assert judged.statements == (True, False, False)
    assert judged.citations == (True, False, False)
    assert (judged.recall, judged.precision) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert answer_quality.Judged((False,), ()).precision == 0.0


def test_the_quality_of_a_model_is_measured(
    model: LanguageModelServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, samples_store: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Ask, judge and report in a table and as JSON."""

    def reply(request: Mapping[str, Any]) -> str:
        return overhead.quoting(request)

    model.say(*[Reply(reply)] * 3, "NO ANSWER", *["KEINE ANTWORT"] * 4)
    monkeypatch.setenv("RAG_LLM_URL", model.url)
    out = tmp_path / "figures.json"
    given = ["--llm", MODEL, "--store", str(samples_store), "--limit", "8", "--out", str(out)]
    assert answer_quality.main(given) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["questions"] == 8
    assert figures["answers_of_the_model"] == 3
    assert figures["statements"] >= 9
    assert figures["citation_recall"] > 0.9
    assert figures["citation_precision"] > 0.9
    assert figures["wrong_abstentions"] > 0
    assert figures["output_tokens"] > 0
    assert 0 < figures["citations_found_by_program"] <= figures["citations"]
    assert "citation_recall" in capsys.readouterr().out


def test_a_model_that_cannot_be_opened_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Say why, with the hint, and fail."""
    assert answer_quality.main(["--llm", "ollama:", "--limit", "1"]) == 1
    assert "names no model" in capsys.readouterr().err
