"""Every knob, read once from RAG_* variables and `.env`; no other module reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

_LOCAL = ("127.0.0.1", "localhost", "::1")
NO_MODEL = ("", "none", "extractive")


class Settings(BaseSettings):
    """The knobs of a library; options of the command line override them one by one."""

    model_config = SettingsConfigDict(env_prefix="RAG_", env_file=".env", extra="ignore", frozen=True)

    store: Path = Field(
        default_factory=lambda: user_data_path("quellenchat") / "store",
        description="folder of the collection",
    )
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL for the articles: postgresql://user:password@host/database"
    )
    chroma_url: str | None = Field(None, description="Chroma server: http://host:port/database")
    chroma_token: SecretStr | None = Field(None, description="its token, where it wants one")
    embedding_model: str | None = Field(
        None, description="name or folder of a model; none or `bundled`: ours"
    )
    embedding_url: str | None = Field(None, description="server that embeds, TEI or OpenAI-compatible")
    embedding_api_key: SecretStr | None = Field(None, description="its key, where it wants one")
    embedding_timeout_s: float = Field(60.0, gt=0, description="longest wait for one of its answers")
    embedding_query_prefix: str | None = Field(
        None,
        description="put before questions for an embedding server; none: `query: ` for e5 models",
    )
    embedding_passage_prefix: str | None = Field(
        None,
        description="put before passages for an embedding server; none: `passage: ` for e5 models",
    )
    reranker: str | None = Field(None, description="CrossEncoder that reorders passages, name or folder")
    rerank_top: int = Field(20, ge=1, le=200, description="passages it reads for a question")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8), ge=1, le=64,
        description="threads that embed while articles are indexed",
    )  # fmt: skip
    threads: int = Field(1, ge=1, le=64, description="CPU threads of one embedding call")

    llm: str | None = Field(None, description="language model such as ollama:qwen3:8b, or none")
    llm_url: str | None = Field(None, description="base URL of an OpenAI-compatible server")
    llm_api_key: SecretStr | None = Field(None, description="its key, where it wants one")
    llm_timeout_s: float = Field(120.0, gt=0, description="longest wait for the next token")

    ollama_url: str = Field(
        "http://127.0.0.1:11434",
        description="an Ollama of this machine whose models the page offers; empty for none",
    )
    llm_context: int = Field(8192, ge=1024, description="tokens the language model can read and write")
    llm_reply: int = Field(4096, ge=64, description="longest reply, in tokens, thoughts included")
    llm_price_in: float | None = Field(None, ge=0, description="US dollars for a million tokens read")
    llm_price_out: float | None = Field(None, ge=0, description="US dollars for a million tokens written")
    history_tokens: int = Field(600, ge=0, description="of the conversation, shown to the language model")
    cache: bool = Field(False, description="answer an identical question on an unchanged store from memory")
    nli: str | None = Field(None, description="CrossEncoder for entailment, name or folder")

    passages: int = Field(8, ge=1, le=50, description="passages shown to the answerer")
    abstain_below: float = Field(0.4, ge=0, le=1, description="least probability of being answerable")

    passage_words: int = Field(130, ge=40, le=400, description="words at which a passage is full")
    article_mb: float = Field(2.0, gt=0, description="largest text of one article, in megabytes")
    fetch_private: bool = Field(False, description="fetch from private and loopback addresses too")
    fetch_mb: float = Field(20.0, gt=0, description="largest page, feed or sitemap, in megabytes")
    fetch_timeout_s: float = Field(60.0, gt=0, description="longest time for one address")
    fetch_delay_s: float = Field(1.0, ge=0, description="pause between two requests to the same host")
    question_chars: int = Field(4_000, ge=1, description="longest question, in characters")
    users: Path | None = Field(None, description="file of the people who may log in; below the store")
    session_hours: float = Field(12.0, gt=0, le=8760, description="how long a login lasts")
    questions_a_minute: int = Field(30, ge=1, description="of each person")
    answers_at_once: int = Field(4, ge=1, description="being written for each person")
    adding_at_once: int = Field(10, ge=1, description="runs of adding that wait or run, of each person")
    upload_mb: float = Field(100.0, gt=0, description="largest file that can be uploaded, in megabytes")
    upload_files: int = Field(200, ge=1, description="files that can be added at once on the page")
    shutdown_s: float = Field(20.0, ge=0, description="longest wait for running answers when the page ends")
    root_path: str | None = Field(
        None, pattern=r"^(/[\w.~-]+)+$", description="path of the page behind a reverse proxy, such as /news"
    )
    hosts: str | None = Field(None, description="names the page goes by beside this machine's, with commas")
    trusted_proxies: str = Field("127.0.0.1,::1", description="addresses whose X-Forwarded headers count")
    lock_timeout_s: float = Field(600.0, gt=0, description="longest wait for another writer")

    @field_validator("store", "users", mode="before")
    @classmethod
    def _at_home(cls, value: object) -> object:
        """Read ~ as shells do, which they leave to this program in `.env` and in quotes."""
        if value is None:
            return None
        if not str(value).strip():
            raise ValueError("a path is needed")
        try:
            return Path(str(value)).expanduser()
        except RuntimeError as error:
            raise ValueError(str(error)) from error

    def model_name(self) -> str | None:
        """Return the configured language model, None where answers are extractive."""
        if self.llm is None or self.llm.strip().lower() in NO_MODEL:
            return None
        return self.llm.strip()

    @property
    def remote_embedding(self) -> bool:
        """Whether texts and questions go to another machine to be embedded."""
        return bool(self.embedding_url) and not is_local(self.embedding_url or "")

    @property
    def remote_store(self) -> bool:
        """Whether a part of the collection is kept on another machine."""
        database = self.database_url.get_secret_value() if self.database_url else ""
        address = urlsplit(database)
        hosts = [address.hostname, *parse_qs(address.query).get("host", [])]  # postgresql:///name?host=other
        # Without a host, or with a path for one, it is reached by a socket of this machine.
        elsewhere = any(host and host not in _LOCAL and not host.startswith("/") for host in hosts)
        return elsewhere or bool(self.chroma_url and not is_local(self.chroma_url))


def is_local(url: str) -> bool:
    """Tell whether an address is one of this machine's own."""
    try:
        return urlsplit(url).hostname in _LOCAL
    except ValueError:  # no address; opening it says so
        return False


def load(**overrides: object) -> Settings:
    """Read the settings; overrides that are None leave the environment's value.

    Raises:
        SettingsError: a value that makes no sense, with its name.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        first = error.errors()[0]
        name = "RAG_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(
            f"{name}={first['input']!r}: {first['msg']}", hint="correct the option, the variable or `.env`"
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError("the file .env is not UTF-8", hint="save it as UTF-8 text") from error
