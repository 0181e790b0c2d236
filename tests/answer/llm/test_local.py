"""Check answers through a real llama.cpp server that serves a tiny random model made here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_openai import ChatOpenAI

from rag import settings
from rag.answer.checks import support
from rag.answer.checks.support import Checker
from rag.answer.llm import local
from rag.answer.llm.model import is_remote, language_model
from rag.answer.writer import Writer
from rag.errors import ModelError
from rag.library import Library
from rag.retrieve.embedding.opening import open_embedder
from rag.retrieve.lexical.lexicon import bundled
from rag.schema import Answer
from tests import random_llm

pytest.importorskip("xllamacpp")
QUESTION = "Was forderte Putin bezüglich der NATO?"
CONTEXT = 24_576  # every byte of a prompt is a token of this model


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model's file."""
    return random_llm.write(tmp_path_factory.mktemp("model") / "tiny.gguf", context=CONTEXT)


@pytest.fixture(scope="module")
def answering(gguf: Path, samples_store: Path) -> Iterator[Library]:
    """Return the sample collection, asked through the model in this process."""
    chosen = settings.load(store=samples_store, llm=f"local:{gguf}", llm_context=CONTEXT, llm_reply=96)
    with Library.open(chosen) as library:
        yield library


def test_a_local_model_answers_through_the_whole_chain(answering: Library) -> None:
    """Stream what random weights say, find no citation in it, and let quotations stand in."""
    answer = answering.ask(QUESTION)
    assert isinstance(answer, Answer)
    assert not answering.remote
    assert answer.model == "extractive"
    assert any("local:" in warning for warning in answer.warnings)
    assert answer.usage is not None
    assert answer.usage.input_tokens > 3_000
    assert 0 < answer.usage.output_tokens <= 96
    for citation in answer.citations:
        text = answering.article(citation.source.id).text
        assert citation.quote == text[citation.span.start : citation.span.end]


def test_a_local_model_that_cites_is_believed(gguf: Path, answering: Library) -> None:
    """Have the server's grammar make the model cite, and resolve its marker to the sentence."""
    opened = language_model(settings.load(llm=f"local:{gguf}", llm_context=CONTEXT))
    assert opened is not None
    assert isinstance(opened.chat, ChatOpenAI)
    hits = answering.search(QUESTION, 3)
    passage = hits[0].passage
    sentence = passage.quote(passage.sentences[-1])
    said = sentence.replace("\\", "").replace('"', "").rstrip(".")
    rule = f'root ::= "{said} [1.{len(passage.sentences)}]."'
    citing = opened.chat.model_copy(update={"extra_body": {"grammar": rule}})
    encode = open_embedder(None, threads=1).encode
    writer = Writer(replace(opened, chat=citing), Checker(encode, bundled(), support.bundled()), encode)
    *_, last = writer.write(QUESTION, "de", hits)
    assert last.outcome == "whole"
    assert last.text == f"{said} [1]."
    (citation,) = last.citations
    assert citation.quote == sentence
    (statement,) = last.statements
    assert statement.supported


def test_evidence_is_shortened_to_what_a_model_holds(gguf: Path, samples_store: Path) -> None:
    """Show less after the server says that it is too much, and say so."""
    chosen = settings.load(store=samples_store, llm=f"local:{gguf}", llm_context=8192, llm_reply=64)
    with Library.open(chosen) as library:
        answer = library.ask(QUESTION)
    assert answer.model == "extractive"
    assert any("Kontextfenster" in warning for warning in answer.warnings)
    assert answer.usage is not None
    assert answer.usage.input_tokens < 8192


def test_a_file_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    """Say so on opening, with a hint."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF and nothing else")
    with pytest.raises(ModelError, match="broken") as caught:
        language_model(settings.load(llm=f"local:{path}"))
    assert "GGUF" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("missing.gguf", "no file", "OWNER/REPO"),
        ("nonsense", "neither", "local:model.gguf"),
        ("a/b/c", "neither", "local:model.gguf"),
    ],
)
def test_a_name_that_leads_nowhere_is_an_error(name: str, said: str, hint: str) -> None:
    """Say how a local model is named."""
    with pytest.raises(ModelError, match=said) as caught:
        local.find(name)
    assert hint in caught.value.hint


def test_a_hub_that_cannot_be_reached_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Name the model and what to do instead; what was downloaded before is used without asking."""
    import huggingface_hub
    from huggingface_hub import constants

    class Unreachable:
        def model_info(self, repository: str, timeout: float) -> None:
            raise OSError("no route to the hub")

    monkeypatch.setattr(huggingface_hub, "HfApi", Unreachable)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"owner/model-GGUF.*no route") as caught:
        local.find("owner/model-GGUF")
    assert "local:FILE.gguf" in caught.value.hint
    folder = tmp_path / "models--owner--model-GGUF" / "snapshots" / "abc"
    folder.mkdir(parents=True)
    for half in ("mmproj-model.gguf", "model-Q4_K_M-00001-of-00003.gguf"):  # broken off before the rest came
        (folder / half).write_bytes(b"x")
        with pytest.raises(ModelError, match="no route"):
            local.find("owner/model-GGUF")
        (folder / half).unlink()
    (folder / "model-Q4_K_M.gguf").write_bytes(b"x")
    assert local.find("owner/model-GGUF") == folder / "model-Q4_K_M.gguf"


def test_the_file_of_a_repository_is_chosen() -> None:
    """Prefer four bits, leave vision parts, take all parts of a split model."""
    files = ["README.md", "m-Q8_0.gguf", "m-Q4_K_M.gguf", "mmproj-m-Q4_K_M.gguf"]
    assert local.choose(files) == ["m-Q4_K_M.gguf"]
    split = ["m-Q4_K_M-00002-of-00002.gguf", "m-Q4_K_M-00001-of-00002.gguf"]
    assert local.choose(split) == sorted(split)
    with pytest.raises(ModelError):
        local.choose(["model.safetensors"])


def test_nothing_leaves_the_machine() -> None:
    """Count a local model as local."""
    assert not is_remote(settings.load(llm="local:model.gguf"))
