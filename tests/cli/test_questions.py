"""`rag search` and `rag ask` as a script sees them: the shape of their JSON, and what people read."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.library import Library
from tests.cli.runs import ANSWER, CITATION, NATO, PASSAGE, UNANSWERABLE, Rag, script
from tests.llm_server import MODEL, LanguageModelServer, Reply


def check_passages(library: Library, passages: list[dict[str, Any]]) -> None:
    """Demand the promised fields, exact texts and the best first."""
    for one in passages:
        assert set(one) >= PASSAGE
        assert library.article(one["article"]).text[one["start"] : one["end"]] == one["text"]
    assert [one["score"] for one in passages] == sorted((one["score"] for one in passages), reverse=True)


def test_search_finds_passages(rag: Rag, samples: Library, samples_store: Path) -> None:
    """Print ranked passages; as many as asked for."""
    run = rag("search", NATO, "-k", 4, "--store", samples_store, "--json")
    assert run.json["question"] == NATO
    assert len(run.json["passages"]) == 4
    check_passages(samples, run.json["passages"])
    text = rag("search", NATO, "--store", samples_store).out
    assert run.json["passages"][0]["article"] in text.splitlines()[0]
    assert len([line for line in text.splitlines() if line[:3].strip(" .").isdigit()]) == 10


def test_search_tells_which_words_it_put_right(rag: Rag, samples_store: Path) -> None:
    """Name what was searched for, as `rag ask` does, and its time; nothing where all words are known."""
    typed = "What guaranetes did Putin want in Decmeber 2021?"
    right = "What guarantees did Putin want in December 2021?"
    run = rag("search", typed, "--store", samples_store, "--json").json
    assert (run["question"], run["query"]) == (typed, right)
    assert run["periods"] == [{"since": "2021-12-01", "until": "2021-12-31"}]
    assert rag("search", typed, "--store", samples_store).out.startswith(f"(searched for: {right})\n")
    german = rag("search", "Wie lange dauerte der Videogpifel?", "--store", samples_store).out
    assert german.startswith("(gesucht nach: Wie lange dauerte der Videogipfel?)\n")
    assert "(searched for" not in rag("search", f"  {right}\n", "--store", samples_store).out


def test_filters_limit_articles_search_and_ask(rag: Rag, samples_store: Path) -> None:
    """Look only at articles of a period, a publisher, a language."""
    of = ("--store", samples_store, "--json", "--since", "2021-12-01", "--until", "2021-12-31")
    of += ("--publisher", "quellenchat sample desk", "--language", "en")
    listed = {one["id"] for one in rag("articles", *of).json}
    assert listed
    assert {one["article"] for one in rag("search", NATO, *of).json["passages"]} <= listed
    answer = rag("ask", NATO, *of).json
    assert {one["article"] for one in (*answer["passages"], *answer["citations"])} <= listed


def test_ask_json_is_what_scripts_rely_on(rag: Rag, samples: Library, samples_store: Path) -> None:
    """Print the promised fields with exact quotes and markers."""
    run = rag("ask", NATO, "--store", samples_store, "--json")
    answer = run.json
    assert (run.code, run.err) == (0, "")
    assert set(answer) >= ANSWER
    assert (answer["question"], answer["language"], answer["answered"]) == (NATO, "de", True)
    assert (answer["model"], answer["warnings"]) == ("extractive", [])
    assert "reason" not in answer
    assert set(answer["timings_ms"]) >= {"retrieve", "answer", "total"}
    assert answer["citations"]
    for number, one in enumerate(answer["citations"], start=1):
        assert set(one) >= CITATION
        assert one["marker"] == f"[{number}]"
        assert one["marker"] in answer["text"]
        assert samples.article(one["article"]).text[one["start"] : one["end"]] == one["quote"]
        assert 0 <= one["support"] <= 1
    check_passages(samples, answer["passages"])


def test_an_abstention_as_json_has_its_reason(rag: Rag, samples: Library, samples_store: Path) -> None:
    """Print the same fields, a reason, and exit with 0: it is an answer."""
    run = rag("ask", UNANSWERABLE, "--store", samples_store, "--json")
    assert run.code == 0
    assert set(run.json) >= ANSWER | {"reason"}
    assert (run.json["answered"], run.json["citations"]) == (False, [])
    assert run.json["text"] == "Dazu sagen die Artikel der Sammlung nichts."
    assert run.json["reason"]
    check_passages(samples, run.json["passages"])


def test_ask_prints_the_answer_and_its_sentences(rag: Rag, samples_store: Path) -> None:
    """Print text, sources and which model answered; the reason of an abstention."""
    run = rag("ask", NATO, "--store", samples_store)
    assert run.code == 0
    assert "rechtlich bindende" in run.out
    assert "\n[1] " in run.out
    assert "characters" in run.out
    assert "(extractive, " in run.out
    assert "Wahrscheinlichkeit" in rag("ask", UNANSWERABLE, "--store", samples_store).out
    empty = rag("ask", UNANSWERABLE, "--store", samples_store, "--format", "bibtex")
    assert empty.out == "" and "nothing is cited" in empty.err and "Wahrscheinlichkeit" in empty.err


def test_ask_tells_what_it_searched_for(rag: Rag, samples_store: Path) -> None:
    """Print what a mistyped question was read as, and nothing where it was read as typed."""
    typed = rag("ask", "Was velrangte Putin von der Nato?", "--store", samples_store).out
    assert typed.startswith("(gesucht nach: Was verlangte Putin von der Nato?)\n")
    assert "gesucht" not in rag("ask", "Was verlangte Putin von der Nato?", "--store", samples_store).out


def test_ask_through_a_language_model(rag: Rag, samples_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the model that --llm or RAG_LLM names; `none` wins over the variable."""
    with LanguageModelServer() as server:
        monkeypatch.setenv("RAG_LLM_URL", server.url)
        server.say("Er forderte Garantien [1.1].", Reply(status=401), "Er forderte Garantien [1.1].")
        answer = rag("ask", NATO, "--store", samples_store, "--llm", MODEL, "--json").json
        assert (answer["model"], answer["text"]) == (MODEL, "Er forderte Garantien [1].")
        failed = rag("ask", NATO, "--store", samples_store, "--llm", MODEL)
        assert failed.code == 0
        assert "note: " in failed.err
        assert "(extractive, " in failed.out
        monkeypatch.setenv("RAG_LLM", MODEL)
        assert rag("ask", NATO, "--store", samples_store, "--json").json["model"] == MODEL
        assert (
            rag("ask", NATO, "--store", samples_store, "--llm", "none", "--json").json["model"]
            == "extractive"
        )
        assert len(server.requests) == 3


def test_the_installed_command_asks_in_a_process_of_its_own(samples_store: Path) -> None:
    """Read the store from RAG_STORE and write UTF-8, wherever standard output goes."""
    run = script("ask", NATO, "--json", RAG_STORE=str(samples_store), PYTHONIOENCODING="utf-8")
    assert (run.code, run.err) == (0, "")
    assert run.json["answered"]


def test_ask_writes_for_other_programs(rag: Rag, samples_store: Path) -> None:
    """Print Markdown with footnotes, BibTeX and CSL-JSON of what is cited."""
    assert "\n[^1]: „" in rag("ask", NATO, "--store", samples_store, "--format", "markdown").out
    assert rag("ask", NATO, "--store", samples_store, "--format", "bibtex").out.startswith("@misc{")
    assert (
        rag("ask", NATO, "--store", samples_store, "--format", "csl").json[0]["type"] == "article-newspaper"
    )
    assert set(rag("ask", NATO, "--store", samples_store, "--format", "json").json) >= ANSWER


def test_figures_that_differ_are_told_in_one_statement(rag: Rag, tmp_path: Path) -> None:
    """List each article's figure with its day and marker, in text, footnotes and JSON."""
    counts = {3: 30, 4: 40, 5: 45}
    rows = [
        {"id": f"{day}", "title": f"Tag {day}", "published": f"2022-05-0{day}", "publisher": f"Blatt {day}",
         "text": f"Im Hafen von Quellenhausen wird aufgeräumt, es ist Tag {day}. Bei dem Brand im Hafen von "
                 f"Quellenhausen wurden {count} Menschen verletzt. Die Ursache ist offen."}
        for day, count in counts.items()
    ]  # fmt: skip
    dump, store = tmp_path / "a.jsonl", tmp_path / "store"
    dump.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert rag("index", dump, "--store", store).code == 0
    question = "Wie viele Menschen wurden bei dem Brand im Hafen von Quellenhausen verletzt?"
    answer = rag("ask", question, "--store", store, "--json").json
    markers = {one["article"]: one["marker"] for one in answer["citations"]}
    told = [(f"{count} Menschen", markers[f"{day}"]) for day, count in counts.items()]
    assert answer["differences"] == [[{"figure": figure, "markers": [marker]} for figure, marker in told]]
    one, two, three = (
        f"„{figure}“ ({day}. Mai 2022 {marker})" for day, (figure, marker) in zip(counts, told, strict=True)
    )
    words = f"Die Artikel nennen verschiedene Zahlen: {one}, {two} und {three}."
    assert f"\n{words}\n" in rag("ask", question, "--store", store).out
    footnotes = rag("ask", question, "--store", store, "--format", "markdown").out
    assert f"\n> {words.replace('[', '[^')}\n" in footnotes
