"""Check which language model the settings open, and what they say leaves the machine."""

import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.answer.llm.model import LanguageModel, is_remote, language_model, offered, open_model
from rag.errors import ModelError
from rag.settings import load

LOCAL = "http://127.0.0.1:9/v1"


@pytest.mark.parametrize("name", [None, "", "none", "None", " NONE ", "extractive"])
def test_no_model_is_no_model(name: str | None) -> None:
    """Open nothing and send nothing where none is configured, whatever the address."""
    settings = load(llm=name, llm_url=LOCAL)
    assert open_model(settings) is None
    assert not is_remote(settings)


@pytest.mark.parametrize(
    ("name", "url", "kind", "model"),
    [
        ("scripted", LOCAL, "ChatOpenAI", "scripted"),
        ("openai:gpt-5-mini", LOCAL, "ChatOpenAI", "gpt-5-mini"),
        ("org/model:free", LOCAL, "ChatOpenAI", "org/model:free"),
        ("ollama:qwen3:8b", None, "ChatOllama", "qwen3:8b"),
    ],
)
def test_a_model_is_opened_without_a_connection(name: str, url: str | None, kind: str, model: str) -> None:
    """Read provider and name; nobody has to be listening yet."""
    opened = open_model(load(llm=name, llm_url=url))
    assert type(opened).__name__ == kind
    assert (getattr(opened, "model_name", None) or opened.model) == model  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["gpt-5-mini", "unknown:model", "qwen3:8b"])
def test_a_name_without_a_provider_is_refused(name: str) -> None:
    """Say how a model is named."""
    with pytest.raises(ModelError, match=name) as caught:
        open_model(load(llm=name))
    assert "ollama:" in caught.value.hint
    assert "RAG_LLM_URL" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("anthropic:claude", "langchain_anthropic", "quellenchat[anthropic]"),
     ("google_genai:gemini", "langchain_google_genai", "quellenchat[google]"),
     ("groq:llama", "langchain_groq", "quellenchat[groq]"),
     ("mistralai:mistral-small", "langchain_mistralai", "quellenchat[mistralai]"),
     ("huggingface:model", "langchain_huggingface", "quellenchat[huggingface]")],
)  # fmt: skip
def test_a_missing_package_is_named_with_its_extra(name: str, package: str, extra: str) -> None:
    """Say what to install."""
    if importlib.util.find_spec(package):
        pytest.skip(f"{package} is installed")
    with pytest.raises(ModelError, match=name.partition(":")[0]) as caught:
        open_model(load(llm=name, llm_api_key="k"))
    assert extra in caught.value.hint


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say that something is wrong with the settings, not with the program."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="cannot be opened") as caught:
        open_model(load(llm="openai:gpt-5-mini"))
    assert "RAG_LLM_API_KEY" in caught.value.hint


def test_a_key_is_never_shown() -> None:
    """Keep the key out of what may be printed."""
    opened = open_model(load(llm="m", llm_url=LOCAL, llm_api_key="sehr-geheim"))
    assert "sehr-geheim" not in repr(opened)


@pytest.mark.parametrize(
    ("name", "url", "remote"),
    [
        ("m", LOCAL, False),
        ("m", "http://localhost:8080", False),
        ("m", "http://[::1]:8080/v1", False),
        ("m", "http://LOCALHOST:8080/v1", False),
        ("ollama:m", None, False),
        ("ollama:m", "http://192.168.1.7:11434", True),
        ("m", "https://api.example/v1", True),
        ("m", "http://localhost.example/v1", True),
        ("m", "http://127.0.0.1@evil.example/v1", True),
        ("openai:m", None, True),
        ("anthropic:m", None, True),
        ("anthropic:m", LOCAL, True),
        ("groq:m", "http://localhost:1", True),
    ],
)
def test_what_leaves_the_machine_is_said(name: str, url: str | None, remote: bool) -> None:
    """Call a model remote unless its address is this machine, and the provider heeds the address."""
    assert is_remote(load(llm=name, llm_url=url)) == remote


@pytest.mark.parametrize("name", ["ollama:", "openai: ", "local:", "anthropic:"])
def test_a_missing_name_is_told(name: str) -> None:
    """Say what to write, in one line."""
    with pytest.raises(ModelError, match="names no model") as caught:
        open_model(load(llm=name))
    assert name.strip() in caught.value.hint
    assert "\n" not in caught.value.hint


def test_a_server_without_a_model_is_told() -> None:
    """Say that the server is not asked, unless quotations were asked for by name."""
    with pytest.raises(ModelError, match="RAG_LLM no model") as caught:
        language_model(load(llm_url=LOCAL))
    assert "RAG_LLM" in caught.value.hint
    assert language_model(load(llm="none", llm_url=LOCAL)) is None


@pytest.mark.parametrize("url", ["127.0.0.1:8080/v1", "localhost:8080", "file:///etc"])
def test_an_address_without_its_scheme_is_told(url: str) -> None:
    """Say how it is written, instead of that nobody listens there."""
    with pytest.raises(ModelError, match="is no address") as caught:
        open_model(load(llm="m", llm_url=url))
    assert "http://" in caught.value.hint


def test_a_running_ollama_is_offered() -> None:
    """Return its models as RAG_LLM names them, asking nothing of a model; and none where nobody listens."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps({"models": [{"model": "qwen3:4b", "name": "qwen3:4b"}]}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        assert offered(f"http://127.0.0.1:{server.server_address[1]}") == ["ollama:qwen3:4b"]
    finally:
        server.shutdown()
        server.server_close()
    assert asked == ["/api/tags"]
    assert offered("http://127.0.0.1:9") == []
    assert offered("https://ollama.example") == []


@pytest.mark.parametrize(("context", "reply"), [(8192, 4096), (1024, 4096), (131_072, 4096)])
def test_evidence_leaves_room_for_the_reply(context: int, reply: int) -> None:
    """Never plan for more than a model holds."""
    room = LanguageModel(None, "m", context, reply).evidence_tokens  # type: ignore[arg-type]
    assert 300 <= room < context
