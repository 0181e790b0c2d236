"""The settings → a language model of any provider that LangChain opens; Ollama, OpenAI-compatible, local."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlparse

from rag.answer.llm import failures, local
from rag.errors import ModelError
from rag.settings import Settings, is_local

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_PROVIDERS: Final = {
    "ollama": None, "openai": None, "anthropic": "anthropic", "google_genai": "google", "groq": "groq",
    "mistralai": "mistralai", "huggingface": "huggingface", "local": "local",
}  # fmt: skip
_KEYS: Final = {
    "openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google_genai": "GOOGLE_API_KEY",
    "groq": "GROQ_API_KEY", "mistralai": "MISTRAL_API_KEY",
}  # fmt: skip
_OLLAMA_URL: Final = "http://127.0.0.1:11434"
_RULES_TOKENS: Final = 700  # of the prompt beside the evidence
_OFFER_S: Final = 0.5  # how long a running Ollama may take to say what it has


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """An opened language model with what the chain has to know of it."""

    chat: BaseChatModel
    name: str  # as configured: "ollama:qwen3:4b"
    context_tokens: int = 8192  # what it can read and write together
    reply_tokens: int = 4096
    history_tokens: int = 600
    price_in: float | None = None  # US dollars for a million tokens
    price_out: float | None = None
    server: object = None  # what has to live as long as the model

    @property
    def evidence_tokens(self) -> int:
        """How many tokens of evidence leave room for the rules and a reply."""
        return max(
            300, self.context_tokens - min(self.reply_tokens, self.context_tokens // 4) - _RULES_TOKENS
        )


def language_model(settings: Settings) -> LanguageModel | None:
    """Open the configured language model, None where answers are extractive. Raises as `open_model` does."""
    name = settings.model_name()
    if name is None:
        _told_by_name(settings)
        return None
    server = None
    if _split(settings)[0] == "local":
        server = local.LocalServer(local.find(_split(settings)[1]), settings.llm_context)
        chat = _open("openai", "local", _served(server.url, settings))
    else:
        opened = open_model(settings)
        assert opened is not None
        chat = opened
    return LanguageModel(
        chat, name, settings.llm_context, settings.llm_reply, settings.history_tokens,
        settings.llm_price_in, settings.llm_price_out, server,
    )  # fmt: skip


def _told_by_name(settings: Settings) -> None:
    """Demand a model's name where a server is given: that it is not asked would go unnoticed.

    Raises:
        ModelError: RAG_LLM_URL stands alone.
    """
    if settings.llm_url and settings.llm is None:
        raise ModelError(
            "RAG_LLM_URL names a server, and RAG_LLM no model of it",
            hint="set RAG_LLM to a model that the server has (any word for llama.cpp), or to none",
        )


def open_model(settings: Settings) -> BaseChatModel | None:
    """Return the configured chat model, None where answers are extractive. No server is contacted yet.

    `RAG_LLM` is `provider:name` (`ollama:qwen3:8b`); with `RAG_LLM_URL` and no provider, an
    OpenAI-compatible server is meant.

    Raises:
        ModelError: the provider is unknown, or its package, its key or the model's name is missing.
    """
    if settings.model_name() is None:
        return None
    provider, name = _split(settings)
    return _open(provider, name, _options(provider, settings))


def _open(provider: str, name: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
        return model
    except ImportError as error:
        extra = _PROVIDERS.get(provider)
        install = f"pip install 'quellenchat[{extra}]'" if extra else f"pip install langchain-{provider}"
        raise ModelError(f"the provider {provider!r} is not installed", hint=install) from error
    except Exception as error:  # each provider's client raises its own kinds for a bad key or option
        shown = f"{provider}:{name}"
        if provider in _KEYS and "key" in str(error).lower():
            raise ModelError(
                f"the language model {shown} cannot be opened without a key",
                hint=f"set RAG_LLM_API_KEY or {_KEYS[provider]} to your key, or ask with --llm none",
            ) from error
        raise ModelError(
            f"the language model {shown} cannot be opened: {failures.line(error)}",
            hint="check RAG_LLM, RAG_LLM_URL and RAG_LLM_API_KEY, or ask with --llm none",
        ) from error


def is_remote(settings: Settings) -> bool:
    """Tell whether questions and quotes leave this machine for the configured language model."""
    if settings.model_name() is None:
        return False
    provider, _ = _split(settings)
    if provider in ("huggingface", "local"):
        return False
    heeded = settings.llm_url if provider in ("openai", "ollama") else None
    url = heeded or (_OLLAMA_URL if provider == "ollama" else "")
    return not is_local(url)


def offered(url: str = _OLLAMA_URL) -> list[str]:
    """Return the models of an Ollama that runs on this machine as RAG_LLM names them, [] without one.

    For offering them where none is configured; nothing is asked of a model. `url` must be of this machine.
    """
    if not is_local(url):
        return []
    from ollama import Client

    try:
        with Client(host=url, timeout=_OFFER_S, trust_env=False) as client:
            models = client.list().models
    except Exception:  # whatever listens there is no Ollama that could be offered
        return []
    return sorted(f"ollama:{model.model}" for model in models if model.model)


def _split(settings: Settings) -> tuple[str, str]:
    """Return provider and model name of RAG_LLM."""
    model = settings.model_name() or ""
    provider, colon, name = model.partition(":")
    if colon and provider in _PROVIDERS:
        if not name.strip():
            raise ModelError(f"RAG_LLM={model!r} names no model", hint=_example(provider))
        return provider, name.strip()
    if settings.llm_url:
        return "openai", model
    raise ModelError(
        f"RAG_LLM={model!r} names no provider",
        hint="write ollama:qwen3:8b or openai:gpt-5-mini, or give the server's address as RAG_LLM_URL",
    )


def _example(provider: str) -> str:
    """Return what to write for a model's name."""
    examples = {
        "ollama": "write ollama:qwen3:4b; `ollama list` shows the models that are there",
        "local": local.EXAMPLE,
        "huggingface": "write huggingface:FOLDER, a folder with a chat model",
    }
    return examples.get(provider, f"write {provider}:NAME with a model's name as the provider lists it")


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """Return what a provider's client is told; retries are `reply`'s, so theirs are off."""
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    options: dict[str, Any]
    limits: dict[str, Any] = {"timeout": settings.llm_timeout_s, "max_tokens": settings.llm_reply}
    match provider:
        case "openai":
            if settings.llm_url:
                return _served(settings.llm_url, settings)
            options = {"temperature": 0.0, "max_retries": 0, **limits}
        case "ollama":
            options = {
                "temperature": 0.0, "num_ctx": settings.llm_context, "num_predict": settings.llm_reply,
                "base_url": settings.llm_url or _OLLAMA_URL,
                "client_kwargs": {"timeout": settings.llm_timeout_s},
            }  # fmt: skip
        case "huggingface":
            written = {"max_new_tokens": settings.llm_reply, "return_full_text": False, "do_sample": False}
            return {"task": "text-generation", "pipeline_kwargs": written}
        case "mistralai":
            options = {
                "temperature": 0.0,
                "timeout": round(settings.llm_timeout_s),
                "max_tokens": settings.llm_reply,
            }
        case "google_genai":
            options = {"temperature": 0.0, "max_retries": 1, **limits}
        case _:
            options = {"temperature": 0.0, "max_retries": 0, **limits}
    return options | ({"api_key": key} if key is not None else {})


def _served(url: str, settings: Settings) -> dict[str, Any]:
    """Return what the client of an OpenAI-compatible server is told."""
    if urlparse(url).scheme not in ("http", "https"):
        raise ModelError(
            f"RAG_LLM_URL={url!r} is no address",
            hint="write the whole of it, such as http://127.0.0.1:8080/v1",
        )
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else "none"
    return {
        "temperature": 0.0, "base_url": url, "api_key": key, "stream_usage": True, "max_retries": 0,
        "timeout": settings.llm_timeout_s, "max_tokens": settings.llm_reply,
    }  # fmt: skip
