"""Which language models can be chosen: the configured one, and those of an Ollama on this machine."""

import pytest

from rag.answer.llm.choice import Models
from rag.errors import ModelError
from rag.settings import load
from tests.answer.conftest import CLIENTS
from tests.llm_server import MODEL, LanguageModelServer

pytestmark = CLIENTS


def test_what_runs_here_is_offered_and_opened_once(model: LanguageModelServer) -> None:
    models = Models(load(ollama_url=model.ollama))
    assert models.configured is models.get(None) is None
    assert models.offered() == (f"ollama:{MODEL}",)
    opened = models.get(f"ollama:{MODEL}")
    assert opened is not None and opened is models.get(f"ollama:{MODEL}")
    model.say("Guten Tag aus Auenbach")
    assert "".join(str(piece.text) for piece in opened.chat.stream("Hallo")) == "Guten Tag aus Auenbach"


def test_the_configured_model_is_chosen_by_its_name_or_none(model: LanguageModelServer) -> None:
    models = Models(load(llm="scripted", llm_url=model.url, ollama_url=""))
    assert models.get("scripted") is models.get(None) is models.configured is not None
    assert models.offered() == ()


@pytest.mark.parametrize(
    "name", ["ollama:other", "openai:gpt-5", "http://evil.example", "local:/etc/passwd", ""]
)
def test_nothing_else_can_be_chosen(model: LanguageModelServer, name: str) -> None:
    models = Models(load(llm="scripted", llm_url=model.url, ollama_url=model.ollama))
    with pytest.raises(ModelError, match="not there to be chosen"):
        models.get(name)


def test_an_ollama_elsewhere_is_not_asked() -> None:
    assert Models(load(ollama_url="http://ollama.example:11434")).offered() == ()
