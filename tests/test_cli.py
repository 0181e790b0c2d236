"""Check every command as a script sees it: exit codes, streams, and the shape of its JSON."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import pytest

from rag import cli
from rag.library import Library
from tests import processes
from tests.llm_server import MODEL, LanguageModelServer, Reply
from tests.stores import news, write_news

NATO = "Was forderte Putin bezüglich der NATO?"
UNANSWERABLE = "Wie viele Einwohner hat die Hauptstadt von Peru?"


@dataclass(frozen=True)
class Run:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


Rag = Callable[..., Run]


@pytest.fixture
def rag(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rag:
    """Return a function that runs a command line in this process, as the installed script would."""

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        code: Any = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code or 0
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return run


def script(*arguments: object, **environment: str) -> Run:
    """Run a command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from rag.cli import main; main()", *map(str, arguments)],
        capture_output=True, timeout=120, env=os.environ | environment,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def check_error(run: Run, code: int = 1) -> None:
    """Demand one line that says what is wrong, one that says what to do, and nothing else."""
    assert run.code == code
    assert run.out == ""
    first, *hints = run.err.rstrip("\n").split("\n")
    assert first.startswith("rag: ")
    assert len(hints) == 1
    assert hints[0].startswith("     ")
    assert "Traceback" not in run.err


# -- help -------------------------------------------------------------------------------------------------

COMMANDS = ["index", "sync", "sources", "articles", "remove", "search", "ask", "evaluate", "serve"]


def test_help_names_every_command(rag: Rag) -> None:
    """List the commands; without any, show the help."""
    run = rag("--help")
    assert run.code == 0
    assert all(f"  {command} " in run.out for command in COMMANDS)
    assert "--debug" in run.out
    assert "Usage" in (bare := rag()).out + bare.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(rag: Rag, command: str) -> None:
    """Explain each command and its options."""
    run = rag(command, "--help")
    assert run.code == 0
    assert "--store" in run.out
    wanted = {
        "index": ["--json"],
        "articles": ["--json"],
        "search": ["-k", "--reranker", "--json"],
        "ask": ["--llm", "--reranker", "--json"],
        "evaluate": ["--llm", "--details", "--plot", "--compare", "--json"],
        "serve": ["--host", "--port", "--llm"],
    }
    assert all(option in run.out for option in wanted.get(command, []))


def test_help_loads_nothing_heavy() -> None:
    """Answer at once."""
    heavy = (
        "torch",
        "chromadb",
        "gradio",
        "langchain",
        "langchain_core",
        "onnxruntime",
        "sqlalchemy",
        "numpy",
    )
    code = (
        "import sys\nfrom rag.cli import main\nsys.argv = ['rag', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.rstrip().endswith("[]")


@pytest.mark.parametrize(
    "arguments",
    [["--unbekannt"], ["unbekannt"], ["index"], ["remove"], ["ask"], ["search"], ["search", "x", "-k", "0"],
     ["search", "x", "-k", "viele"], ["evaluate"],
     ["evaluate", "q.jsonl", "--compare", "a", "b"], ["evaluate", "--compare", "a"],
     ["serve", "--port", "99999"], ["ask", "a", "b"]],
)  # fmt: skip
def test_a_wrong_command_line_is_code_2(rag: Rag, arguments: list[str]) -> None:
    """Explain the usage."""
    run = rag(*arguments)
    assert run.code == 2
    assert run.out == ""
    assert run.err


# -- articles in ------------------------------------------------------------------------------------------


def test_index_all_well_is_code_0(rag: Rag, tmp_path: Path) -> None:
    """Say what was done, the second time that nothing was."""
    folder = write_news(tmp_path / "news", range(3))
    run = rag("index", folder, "--store", tmp_path / "s")
    assert (run.code, run.out) == (
        0,
        "3 added, 0 updated, 0 unchanged, 0 failed; the collection has 3 articles\n",
    )
    again = rag("index", folder, "--store", tmp_path / "s", "--json")
    ids = ["000.txt", "001.txt", "002.txt"]
    nothing = {key: [] for key in ("added", "updated", "removed", "gone", "failed", "warnings")}
    assert again.json == nothing | {"unchanged": ids}
    assert (again.code, again.err) == (0, "")


def test_index_with_failures_is_code_3_and_names_them(rag: Rag, tmp_path: Path) -> None:
    """Index the rest, and name each input that failed with its reason."""
    folder = write_news(tmp_path / "news", range(2))
    (folder / "leer.txt").touch()
    (folder / "alt.txt").write_bytes(news(7).encode("cp1252"))
    run = rag("index", folder, tmp_path / "weg", "--store", tmp_path / "s")
    assert run.code == 3
    assert run.out.startswith("3 added, 0 updated, 0 unchanged, 2 failed")
    assert f"failed: {folder / 'leer.txt'}: the file is empty" in run.err
    assert f"failed: {tmp_path / 'weg'}: there is no such file" in run.err
    assert f"note: {folder / 'alt.txt'}: read as" in run.err
    as_json = rag("index", folder, tmp_path / "weg", "--store", tmp_path / "s", "--json")
    assert as_json.code == 3
    assert {Path(failure["input"]).name for failure in as_json.json["failed"]} == {"leer.txt", "weg"}
    assert all(set(failure) == {"input", "error", "hint"} for failure in as_json.json["failed"])
    assert all(set(warning) == {"input", "warning"} for warning in as_json.json["warnings"])


def test_articles_lists_them_newest_first(rag: Rag, samples: Library, samples_store: Path) -> None:
    """Print id, date, language and title of each; all that is known as JSON."""
    listed = rag("articles", "--store", samples_store, "--json").json
    assert [one["id"] for one in listed] == [source.id for source in samples.articles()]
    assert set(listed[0]) == {
        "id",
        "title",
        "publisher",
        "published",
        "url",
        "author",
        "language",
        "origin",
        "updated",
        "agency",
        "guessed",
    }
    assert [one["published"] for one in listed] == sorted((one["published"] for one in listed), reverse=True)
    run = rag("articles", "--store", samples_store)
    assert all(one["id"] in run.out and one["title"] in run.out for one in listed)
    assert run.out.rstrip().endswith(f"{len(listed)} articles")


def test_remove_takes_articles_out(rag: Rag, tmp_path: Path) -> None:
    """Remove by id; an unknown one is an error and removes nothing."""
    store = tmp_path / "s"
    rag("index", write_news(tmp_path / "news", range(3)), "--store", store)
    check_error(run := rag("remove", "000.txt", "weg.txt", "--store", store))
    assert "weg.txt" in run.err
    assert len(rag("articles", "--store", store, "--json").json) == 3
    assert (
        rag("remove", "000.txt", "002.txt", "000.txt", "--store", store).out == "removed 2, 1 article left\n"
    )
    assert [one["id"] for one in rag("articles", "--store", store, "--json").json] == ["001.txt"]


# -- questions in -----------------------------------------------------------------------------------------

PASSAGE = {"article", "start", "end", "text", "score"}
CITATION = {"marker", "article", "title", "publisher", "published", "url", "start", "end", "quote", "support"}
ANSWER = {"question", "language", "query", "answered", "text", "model", "citations", "passages", "warnings",
          "timings_ms"}  # fmt: skip


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


def test_filters_limit_articles_search_and_ask(rag: Rag, samples_store: Path) -> None:
    """Look only at articles of a period, a publisher, a language."""
    of = ("--store", samples_store, "--json", "--since", "2021-12-01", "--until", "2021-12-31")
    of += ("--publisher", "quellenchat sample desk", "--language", "en")
    listed = {one["id"] for one in rag("articles", *of).json}
    assert listed
    assert {one["article"] for one in rag("search", NATO, *of).json["passages"]} <= listed
    answer = rag("ask", NATO, *of).json
    assert {one["article"] for one in (*answer["passages"], *answer["citations"])} <= listed


def test_a_filter_that_cannot_be_is_one_clear_line(rag: Rag, samples_store: Path) -> None:
    """Name the known publishers; a day that is none, or an end before the begin, is a usage error."""
    check_error(run := rag("search", NATO, "--publisher", "Nirgends", "--store", samples_store))
    assert "Quellenchat Sample Desk" in run.err
    for days in (("--since", "gestern"), ("--since", "2022-01-02", "--until", "2022-01-01")):
        assert rag("articles", *days, "--store", samples_store).code == 2


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


def test_evaluate_prints_figures_and_writes_details(rag: Rag, samples_store: Path, tmp_path: Path) -> None:
    """Measure a file of questions; keep each question's own fields in the details."""
    questions = tmp_path / "q.jsonl"
    lines = [
        {"question": NATO, "language": "de", "articles": ["2021-12-08-kreml-videogipfel.md"],
         "evidence": ["rechtlich bindende"], "note": "eigenes Feld"},
        {"question": UNANSWERABLE, "language": "de", "articles": [], "evidence": []},
    ]  # fmt: skip
    questions.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    details = tmp_path / "out.jsonl"
    run = rag("evaluate", questions, "--store", samples_store, "--json", "--details", details)
    assert run.code == 0
    assert (run.json["model"], run.json["all"]["answerable"], run.json["all"]["unanswerable"]) == (
        "extractive", 1, 1,
    )  # fmt: skip
    written = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
    for line, result in zip(lines, written, strict=True):
        assert {name: result[name] for name in line} == line
        assert len(result["retrieved"]) == 10
        assert all(set(one) >= PASSAGE for one in result["retrieved"])
        assert set(result["answer"]) >= ANSWER
    plot = tmp_path / "curve.svg"
    table = rag("evaluate", questions, "--store", samples_store, "--plot", plot).out
    assert "success@1" in table
    assert "all (1+1)" in table
    assert "threshold 0.4" in plot.read_text(encoding="utf-8")
    compared = rag("evaluate", "--compare", details, details)
    assert (compared.code, "second − first" in compared.out) == (0, True)
    assert rag("evaluate", "--compare", details, details, "--json").json["all"]["mrr"]["difference"] == 0.0


def test_comparing_runs_loads_no_library() -> None:
    """Compare two files without what questions need."""
    code = (
        "import sys\nfrom rag.evaluate import run\n"
        "print([name for name in ('chromadb', 'langchain_core', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_evaluate_says_what_it_cannot_measure(rag: Rag, samples_store: Path, tmp_path: Path) -> None:
    """Name articles that are not there, and refuse a plot's wrong ending before asking anything."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps({"question": NATO, "articles": ["weg.md"]}))
    run = rag("evaluate", questions, "--store", samples_store)
    assert (run.code, "weg.md" in run.err) == (0, True)
    check_error(rag("evaluate", questions, "--store", samples_store, "--plot", tmp_path / "curve.doc"))


# -- what goes wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["latin-1", "cp437"])
def test_an_output_of_few_letters_takes_every_answer(samples_store: Path, encoding: str) -> None:
    """Print what the output can take, and JSON in full."""
    run = script("ask", NATO, "--store", samples_store, PYTHONIOENCODING=encoding)
    assert (run.code, run.err) == (0, "") and "rechtlich bindende" in run.out
    as_json = script("ask", NATO, "--store", samples_store, "--json", PYTHONIOENCODING=encoding).json
    assert "„" in as_json["text"]


def test_names_of_files_do_not_command_the_terminal(rag: Rag, tmp_path: Path) -> None:
    """Print ids without the escapes that colour, move and rename a terminal."""
    store, folder = tmp_path / "s", tmp_path / "news"
    folder.mkdir()
    (folder / "a\x1b[31m.txt").write_text(news(1), encoding="utf-8")
    (folder / "b\x1b]0;x\x07.txt").touch()
    runs = [rag("index", folder, "--store", store), rag("articles", "--store", store)]
    runs += [rag(command, news(1)[:40], "--store", store) for command in ("search", "ask")]
    assert not any("\x1b" in run.out + run.err for run in runs)
    assert "a\ufffd[31m.txt" in runs[1].out and "b\ufffd]0;x\ufffd.txt" in runs[0].err
    assert rag("articles", "--store", store, "--json").json[0]["id"] == "a\x1b[31m.txt"


def test_a_full_disk_below_the_output_is_said() -> None:
    """Say that there is no room instead of asking for a report."""
    done = subprocess.run(
        "exec rag --version > /dev/full", shell=True, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "rag: No space left on device\n     check free disk space and permissions\n"


def test_a_wait_of_more_than_a_year_is_a_usage_error(rag: Rag, tmp_path: Path) -> None:
    """Refuse what no clock can wait for, before anything is looked at."""
    run = rag("sync", "--watch", "--every", "99999999999d", "--store", tmp_path / "s")
    assert (run.code, "more than a year" in run.err) == (2, True)


def test_no_store_is_one_clear_line(rag: Rag, tmp_path: Path) -> None:
    """Say how to begin, for every command that reads."""
    for arguments in (["articles"], ["remove", "x"], ["search", "x"], ["ask", "x"], ["evaluate", "q.jsonl"]):
        run = rag(*arguments, "--store", tmp_path / "weg")
        check_error(run)
        assert "rag index" in run.err
    assert not (tmp_path / "weg").exists()


@pytest.mark.parametrize("question", ["", "  ", "?"])
def test_no_question_is_one_clear_line(rag: Rag, samples_store: Path, question: str) -> None:
    """Ask for one."""
    for command in ("ask", "search"):
        check_error(rag(command, question, "--store", samples_store))


def test_a_question_of_20000_characters_is_one_clear_line(rag: Rag, samples_store: Path) -> None:
    """Say how long it may be, without printing it."""
    for command in ("ask", "search"):
        run = rag(command, "Frage " * 3_334, "--store", samples_store)
        check_error(run)
        assert "4,000" in run.err
        assert len(run.err) < 300


def test_an_empty_collection_is_one_clear_line(rag: Rag, tmp_path: Path) -> None:
    """Say that articles must be added."""
    assert rag("index", tmp_path / "weg", "--store", tmp_path / "s").code == 3
    check_error(rag("ask", NATO, "--store", tmp_path / "s"))
    assert rag("articles", "--store", tmp_path / "s", "--json").json == []


def test_a_store_of_another_model_is_one_clear_line(rag: Rag, store: Path) -> None:
    """Refuse to index into it, and lose nothing."""
    manifest = json.loads((store / "store.json").read_text())
    (store / "store.json").write_text(json.dumps(manifest | {"embedding_model": "other@1"}))
    for arguments in (["ask", NATO], ["index", store]):
        run = rag(*arguments, "--store", store)
        check_error(run)
        assert "other@1" in run.err
    (store / "store.json").write_text(json.dumps(manifest))
    assert len(rag("articles", "--store", store, "--json").json) > 20


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("kein JSON", "no question"),
        ("[]", "no question"),
        ('{"question": "x"}', "no question"),
        ("", "no question"),
    ],
)
def test_a_bad_file_of_questions_is_one_clear_line(
    rag: Rag, samples_store: Path, tmp_path: Path, line: str, message: str
) -> None:
    """Name the file and the line."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(line + "\n")
    run = rag("evaluate", questions, "--store", samples_store)
    check_error(run)
    assert str(questions) in run.err
    assert message in run.err
    check_error(rag("evaluate", tmp_path / "weg.jsonl", "--store", samples_store))


def test_an_unknown_model_is_one_clear_line(rag: Rag, samples_store: Path) -> None:
    """Say how models are named."""
    run = rag("ask", NATO, "--store", samples_store, "--llm", "unbekannt")
    check_error(run)
    assert "ollama:" in run.err


def test_a_wrong_setting_is_one_clear_line(
    rag: Rag, samples_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name the variable."""
    monkeypatch.setenv("RAG_PASSAGES", "viele")
    run = rag("ask", NATO, "--store", samples_store)
    check_error(run)
    assert "RAG_PASSAGES" in run.err


def test_debug_shows_the_traceback_wherever_it_stands(tmp_path: Path) -> None:
    """Print what a bug report needs."""
    run = script("ask", "x", "--store", tmp_path / "weg", "--debug")
    assert run.code == 1
    assert "Traceback" in run.err
    assert "StoreError" in run.err


def test_the_installed_command_asks_in_a_process_of_its_own(samples_store: Path) -> None:
    """Read the store from RAG_STORE and write UTF-8, wherever standard output goes."""
    run = script("ask", NATO, "--json", RAG_STORE=str(samples_store), PYTHONIOENCODING="utf-8")
    assert (run.code, run.err) == (0, "")
    assert run.json["answered"]


def test_explain_shows_what_is_left_out_and_indexes_nothing(rag: Rag, tmp_path: Path) -> None:
    """Name the lines of the page with their reasons, and mark what was guessed."""
    page = tmp_path / "a.txt"
    page.write_text(f"Startseite\nAuf Facebook teilen\n{news(3)}\n\n17 Kommentare\n", encoding="utf-8")
    shown = rag("index", "--explain", page)
    assert shown.code == 0
    assert "line 1, navigation: Startseite" in shown.out
    assert "line 2, share: Auf Facebook teilen" in shown.out
    assert "language   de  (guessed)" in shown.out
    (told,) = rag("index", "--explain", "--json", page, tmp_path / "none.txt").json
    assert told["text"] == news(3)
    assert [cut["reason"] for cut in told["removed"]] == ["navigation", "share", "comments"]
    assert told["title"] == "Rostock: Theater wird ausgebaut"
    assert {"title", "language"} <= set(told["guessed"])
    assert rag("articles", "--store", tmp_path / "store").code == 1
    asked = rag("index", "--explain", "https://example.org/a")
    assert "addresses are not read here" in asked.err


def test_ask_writes_for_other_programs(rag: Rag, samples_store: Path) -> None:
    """Print Markdown with footnotes, BibTeX and CSL-JSON of what is cited."""
    assert "\n[^1]: „" in rag("ask", NATO, "--store", samples_store, "--format", "markdown").out
    assert rag("ask", NATO, "--store", samples_store, "--format", "bibtex").out.startswith("@misc{")
    assert (
        rag("ask", NATO, "--store", samples_store, "--format", "csl").json[0]["type"] == "article-newspaper"
    )
    assert set(rag("ask", NATO, "--store", samples_store, "--format", "json").json) >= ANSWER


def test_edit_corrects_an_article(rag: Rag, tmp_path: Path) -> None:
    """Set fields, show them without the mark of a guess, list the rest with it."""
    store, page = tmp_path / "store", write_news(tmp_path / "n", range(1)) / "000.txt"
    rag("index", page, "--store", store)
    assert "guessed: language, title" in rag("articles", "--store", store).out
    shown = rag("edit", "000.txt", "--published", "2021-12-07", "--title", "Neu", "--store", store)
    assert "published  2021-12-07\n" in shown.out
    assert "title      Neu\n" in shown.out
    (one,) = rag("articles", "--store", store, "--json").json
    assert (one["published"], one["title"], one["guessed"]) == ("2021-12-07", "Neu", ["language"])
    assert rag("edit", "000.txt", "--published", "bald", "--store", store).code == 1
    assert rag("edit", "000.txt", "--store", store).code == 1


def test_columns_of_a_dump_are_named_on_the_command_line(rag: Rag, tmp_path: Path) -> None:
    """Map fields to columns, and refuse a mapping that is none."""
    dump = tmp_path / "a.csv"
    dump.write_text(f'nr,ganz\n7,"{news(1)}"\n', encoding="utf-8")
    store = tmp_path / "store"
    assert rag("index", dump, "--store", store, "--json").code == 3
    assert rag("index", dump, "--map", "text=ganz", "--map", "id=nr", "--store", store, "--json").json[
        "added"
    ] == ["7"]
    assert rag("index", dump, "--map", "ganz", "--store", store).code == 2


# -- looking again ----------------------------------------------------------------------------------------


def test_sync_and_sources(rag: Rag, tmp_path: Path) -> None:
    """Remember a folder, look at it again, remove from it only when told to, and forget it."""
    folder = write_news(tmp_path / "news", range(2))
    store = ("--store", tmp_path / "s")
    rag("index", folder, *store)
    (folder / "000.txt").unlink()
    write_news(folder, range(2, 3))
    run = rag("sync", *store)
    assert run.code == 0
    assert run.out == "1 added, 0 updated, 1 unchanged, 0 failed; the collection has 3 articles\n"
    assert "gone: 000.txt" in run.err
    assert rag("sync", "--prune", "--json", *store).json["removed"] == ["000.txt"]
    assert rag("sources", *store).out.startswith("folder ")
    (listed,) = rag("sources", "--json", *store).json
    assert (listed["kind"], listed["target"], listed["problem"]) == ("folder", str(folder), None)
    folder.rename(tmp_path / "weg")
    assert rag("sync", *store).code == 3
    assert rag("sources", "remove", folder, *store).code == 0
    assert rag("sources", "--json", *store).json == []
    check_error(rag("sources", "remove", folder, *store))
    check_error(rag("sync", folder, *store))


def test_the_store_of_sources_may_stand_before_their_command(rag: Rag, tmp_path: Path) -> None:
    """Take the source out of the collection that is named, not of the one the environment names."""
    folder, named, other = write_news(tmp_path / "news", range(2)), tmp_path / "s", tmp_path / "other"
    for store in (named, other):
        rag("index", folder, "--store", store)
    run = rag("sources", "--store", named, "remove", folder)
    assert (run.code, run.out) == (0, "1 forgotten, 0 sources left\n")
    assert rag("sources", "--store", named, "--json").json == []
    assert len(rag("sources", "--store", other, "--json").json) == 1


@pytest.mark.parametrize("command", ["articles", "sources"])
def test_lists_are_read_without_a_model(rag: Rag, tmp_path: Path, command: str) -> None:
    """Load nothing heavy to list a collection, whichever model built it."""
    store = tmp_path / "s"
    rag("index", write_news(tmp_path / "news", range(2)), "--store", store)
    before = rag(command, "--store", store).out
    manifest = json.loads((store / "store.json").read_text())
    (store / "store.json").write_text(json.dumps(manifest | {"embedding_model": "other@1"}))
    assert rag(command, "--store", store).out == before
    heavy = ("chromadb", "langchain_core", "onnxruntime", "tokenizers", "httpx")
    code = (
        f"import sys\nfrom rag.cli import main\nsys.argv = ['rag', {command!r}, '--store', {str(store)!r}]\n"
        f"try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == before + "[]\n"


def test_a_list_is_whole_after_a_killed_writer(rag: Rag, tmp_path: Path) -> None:
    """Complete what was left half before it is listed."""
    store = tmp_path / "s"
    rag("index", write_news(tmp_path / "news", range(2)), "--store", store)
    write_news(tmp_path / "news", range(3))
    assert (
        processes.run(processes.index_and_die, store, [tmp_path / "news"], "vectors written, terms not") == -9
    )
    assert len(rag("articles", "--store", store, "--json").json) == 3


@pytest.mark.parametrize("every", ["bald", "0s", "-1m", "5x"])
def test_a_pause_must_be_a_duration(rag: Rag, tmp_path: Path, every: str) -> None:
    """Refuse anything else as wrong usage."""
    run = rag("sync", "--watch", "--every", every, "--store", tmp_path / "s")
    assert run.code == 2


def wait_for_line(stream: IO[str], start: str) -> None:
    """Read lines up to one that starts so."""
    assert any(line.startswith(start) for line in iter(stream.readline, ""))


def test_watching_ends_with_ctrl_c(tmp_path: Path) -> None:
    """Take up what comes, and end cleanly."""
    folder = write_news(tmp_path / "news", range(1))
    process = subprocess.Popen(
        [sys.executable, "-c", "from rag.cli import main; main()", "index", folder, "--watch", "--every",
         "0.2s", "--store", tmp_path / "s"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        wait_for_line(process.stdout, "1 added")
        write_news(folder, range(1, 2))
        wait_for_line(process.stdout, "1 added")
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err.strip().endswith("stopped watching")
    assert "Traceback" not in err


def test_the_version_is_told_and_nothing_else_done(rag: Rag) -> None:
    """Demand the version that the package has, as its metadata says it too."""
    told = rag("--version")
    assert (told.code, told.out) == (0, f"quellenchat {version('quellenchat')}\n")
