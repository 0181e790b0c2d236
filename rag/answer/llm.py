"""The settings → a chat model of any provider that LangChain opens; Ollama and OpenAI-compatible first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlparse

from rag.errors import ModelError
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_PROVIDERS: Final = {
    "ollama": None, "openai": None, "anthropic": "anthropic", "google_genai": "google", "groq": "groq",
    "mistralai": "mistralai", "huggingface": "huggingface",
}  # fmt: skip
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_OLLAMA_URL: Final = "http://127.0.0.1:11434"


def open_model(settings: Settings) -> BaseChatModel | None:
    """Return the configured chat model, None where answers are extractive. No server is contacted yet.

    `RAG_LLM` is `provider:name` (`ollama:qwen3:8b`); with `RAG_LLM_URL` and no provider, an
    OpenAI-compatible server is meant.

    Raises:
        ModelError: the provider is unknown or its package is not installed.
    """
    if settings.model_name() is None:
        return None
    provider, name = _split(settings)
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **_options(provider, settings))
        return model
    except ImportError as error:
        extra = _PROVIDERS.get(provider)
        install = f"pip install 'quellenchat[{extra}]'" if extra else f"pip install langchain-{provider}"
        raise ModelError(f"the provider {provider!r} is not installed", hint=install) from error
    except Exception as error:  # each provider's client raises its own kinds for a bad key or option
        raise ModelError(
            f"the language model {settings.llm!r} cannot be opened: {error}",
            hint="check RAG_LLM, RAG_LLM_URL and RAG_LLM_API_KEY, or ask with --llm none",
        ) from error


def is_remote(settings: Settings) -> bool:
    """Tell whether questions and quotes leave this machine for the configured language model."""
    if settings.model_name() is None:
        return False
    provider, _ = _split(settings)
    if provider == "huggingface":
        return False
    heeded = settings.llm_url if provider in ("openai", "ollama") else None
    url = heeded or (_OLLAMA_URL if provider == "ollama" else "")
    return urlparse(url).hostname not in _LOCAL


def _split(settings: Settings) -> tuple[str, str]:
    """Return provider and model name of RAG_LLM."""
    model = settings.model_name() or ""
    provider, colon, name = model.partition(":")
    if colon and provider in _PROVIDERS:
        return provider, name
    if settings.llm_url:
        return "openai", model
    raise ModelError(
        f"RAG_LLM={model!r} names no provider",
        hint="write ollama:qwen3:8b or openai:gpt-5-mini, or give the server's address as RAG_LLM_URL",
    )


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {"temperature": 0.0}
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    if provider == "openai":
        options |= {"timeout": settings.llm_timeout_s, "max_retries": 1}
        if settings.llm_url:
            options |= {"base_url": settings.llm_url, "stream_usage": True, "api_key": key or "none"}
    elif provider == "ollama":
        options |= {
            "base_url": settings.llm_url or _OLLAMA_URL,
            "client_kwargs": {"timeout": settings.llm_timeout_s},
        }
    if key is not None:
        options["api_key"] = key
    return options
