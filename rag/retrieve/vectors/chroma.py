"""Where the vectors live → an open Chroma collection: a folder of this machine, or a Chroma server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from rag.errors import SettingsError, StoreError, StoreMismatchError
from rag.retrieve.vectors import hnsw
from rag.retrieve.vectors.mirror import Mirror

COLLECTION: Final = "passages"
_MIRROR: Final = "mirror.f32"
_SPACE: Final = {"hnsw": {"space": "cosine"}}
_TIMEOUT_S: Final = 60.0  # of one request; Chroma's own client waits for ever
_PORTS: Final = {"http": 8000, "https": 443}
_TENANT: Final = "default_tenant"
_DATABASE: Final = "default_database"
_START_HINT: Final = "start the Chroma server, or check RAG_CHROMA_URL and RAG_CHROMA_TOKEN; then ask again"


class Place(ABC):
    """Where a collection is kept.

    Attributes:
        shared: whether every client sees at once what another wrote, and many may ask at the same time.
        pauses: seconds before the second and each further try of a request that failed.
        lost: what to do when it cannot be read.
        refused: what to do when it cannot be written.
    """

    shared: ClassVar[bool]
    pauses: ClassVar[tuple[float, ...]]
    lost: ClassVar[str]
    refused: ClassVar[str]

    @abstractmethod
    def connect(self, dimension: int) -> Any:
        """Return a client; raises Chroma's own errors."""

    @abstractmethod
    def collection(self, client: Any, dimension: int) -> Any:
        """Return the collection, made where it is missing; raises Chroma's own errors."""

    @abstractmethod
    def mirror(self, dimension: int) -> Mirror | None:
        """Return the file in which this machine keeps the vectors once more, None where it keeps none."""

    def release(self, client: Any) -> None:
        """Give back what a client holds."""
        client.close()

    def abandon(self) -> None:  # noqa: B027  # only a folder has something to do
        """Forget a client that could not be opened."""


@dataclass(frozen=True, slots=True)
class Folder(Place):
    """Chroma inside this process. A client never sees vectors that another added after it opened."""

    path: Path
    shared = False
    pauses = (0.05, 0.1, 0.2)
    lost = "`rag doctor --repair` makes them anew from the articles"
    refused = "check free disk space and that the store's folder is writable"

    def __str__(self) -> str:
        return str(self.path)

    def connect(self, dimension: int) -> Any:
        """Return a client.

        Raises:
            StoreError: files are damaged; Chroma would crash on them.
        """
        import chromadb

        if damage := hnsw.damage(self.path, dimension):
            raise StoreError(f"the vectors in {self.path} are damaged: {damage}", hint=self.lost)
        return chromadb.PersistentClient(str(self.path), settings=_settings())

    def collection(self, client: Any, dimension: int) -> Any:
        return _collection(client, {"dimension": dimension})

    def mirror(self, dimension: int) -> Mirror:
        """Return the file; it lies in Chroma's folder, to be copied and thrown away with it."""
        return Mirror(self.path / _MIRROR, dimension)

    def abandon(self) -> None:
        """Take a client that could not start out of Chroma's memory: every later one would be it."""
        from chromadb.api.shared_system_client import SharedSystemClient as Shared

        if str(self.path) not in Shared._identifier_to_refcount:
            Shared._identifier_to_system.pop(str(self.path), None)


@dataclass(frozen=True, slots=True)
class Server(Place):
    """A Chroma server, or any deployment that speaks its protocol, by address.

    `store` is the number of the store whose vectors these are: passage keys of two stores would meet in
    one collection, so each needs a database of its own. `folder` is this machine's for that store.
    """

    url: str  # http(s)://host[:port][/database]
    store: int
    folder: Path | None = None
    token: str = field(default="", repr=False)
    shared = True
    pauses = (0.1, 0.2, 0.4, 0.8, 1.6)  # 3 s together: a server that is started anew is waited for
    lost = refused = _START_HINT

    def __str__(self) -> str:
        return self.url

    def connect(self, dimension: int) -> Any:
        """Return a client of the database, which is made where it is missing.

        Raises:
            SettingsError: the address is none.
        """
        import chromadb

        scheme, host, port, database = split(self.url)
        headers = (
            {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token} if self.token else {}
        )
        at: dict[str, Any] = {"host": host, "port": port, "ssl": scheme == "https", "headers": headers}
        if database != _DATABASE:
            _make_database(at, database)
        client = chromadb.HttpClient(**at, database=database, settings=_settings())
        client._server._session.timeout = _TIMEOUT_S  # no setting reaches it
        return client

    def collection(self, client: Any, dimension: int) -> Any:
        """Return the collection of this store.

        Raises:
            StoreMismatchError: the vectors there are those of another store.
        """
        found = _collection(client, {"dimension": dimension, "store": self.store})
        if (found.metadata or {}).get("store") != self.store:
            scheme, host, port, _ = split(self.url)
            raise StoreMismatchError(
                f"the vectors at {self.url} belong to another store",
                hint=f"name a database for this one: RAG_CHROMA_URL={scheme}://{host}:{port}/NAME",
            )
        return found

    def mirror(self, dimension: int) -> Mirror | None:
        """Return the file of this machine: a server sends the vectors of 1,000 passages as 8 MB of JSON."""
        return Mirror(self.folder / _MIRROR, dimension) if self.folder else None

    def release(self, client: Any) -> None:
        for one in (client, client._admin_client):  # its own `close` leaves the connections of both open
            one._server._session.close()
        client.close()


def split(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and database of a server's address.

    Raises:
        SettingsError: it is none.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or "/" in parts.path.strip("/"):
        raise SettingsError(
            f"RAG_CHROMA_URL={url!r} is no address of a Chroma server",
            hint="write it like http://127.0.0.1:8000 or https://host:443/database",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts.scheme, host, port or _PORTS[parts.scheme], parts.path.strip("/") or _DATABASE


def _make_database(at: dict[str, Any], database: str) -> None:
    import chromadb
    from chromadb.errors import ChromaError, NotFoundError

    settings = _settings()
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host, settings.chroma_server_http_port = at["host"], at["port"]
    settings.chroma_server_ssl_enabled, settings.chroma_server_headers = at["ssl"], at["headers"]
    admin = chromadb.AdminClient(settings)
    try:
        admin.get_database(database, _TENANT)
    except NotFoundError:
        try:
            admin.create_database(database, _TENANT)
        except ChromaError:
            admin.get_database(database, _TENANT)  # another process was quicker, or it says why not
    finally:
        admin._server._session.close()


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _collection(client: Any, metadata: dict[str, int]) -> Any:
    return client.get_or_create_collection(
        COLLECTION,
        configuration=_SPACE,
        metadata=metadata,
        embedding_function=None,  # else Chroma attaches one that downloads a model
    )
