"""`rag serve`: the page."""

from __future__ import annotations

import gc
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli import arenas
from rag.cli.logs import Format, Level, configure
from rag.cli.options import Llm, RerankerName, Store, opened
from rag.cli.printing import progress

if TYPE_CHECKING:
    from rag.library import Library
    from rag.settings import Settings


Host = Annotated[str, typer.Option(help="Address to listen on; the default is this machine only.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port; the first free one from 7860 on.")]
Mcp = Annotated[
    bool, typer.Option("--mcp", help="Be an MCP server, too, for assistants that may ask the collection.")
]
RootPath = Annotated[
    str | None, typer.Option("--root-path", help="Path of the page behind a reverse proxy (RAG_ROOT_PATH).")
]
LogFormat = Annotated[
    Format, typer.Option("--log-format", help="Lines of the log, which goes to the error stream.")
]
LogLevel = Annotated[
    Level, typer.Option("--log-level", help="What is logged; debug tells questions and texts, too.")
]


def serve(
    store: Store = None,
    host: Host = "127.0.0.1",
    port: Port = None,
    llm: Llm = None,
    mcp: Mcp = False,
    reranker: RerankerName = None,
    root_path: RootPath = None,
    log_format: LogFormat = Format.TEXT,
    log_level: LogLevel = Level.WARNING,
) -> None:
    """Open the page. An empty collection is filled with the sample articles first."""
    arenas.few()
    configure(log_format, log_level)
    with opened(store, llm=llm, reranker=reranker, root_path=root_path, create=True) as library:
        _fill(library)
        from rag.ui.app import serve as serve_page
        from rag.ui.server.serving import FIRST_PORT

        _warn_if_open(host, library.settings)

        def ready(url: str) -> None:
            if port is None and not url.endswith(f":{FIRST_PORT}/"):
                typer.echo(
                    f"Port {FIRST_PORT} is in use, by another page perhaps: the next free one is taken."
                )
            typer.echo(f"Quellenchat is open at {url} (Ctrl-C ends it)")
            if mcp:
                typer.echo(f"MCP server: {url}gradio_api/mcp/")
            Thread(target=_warm_up, args=(library,), daemon=True).start()

        serve_page(library, host, port, ready, mcp=mcp)


def _warm_up(library: Library) -> None:
    """Load what first questions need, and keep the garbage collector from walking all that for good."""
    library.warm_up()
    gc.collect()
    gc.freeze()


def _fill(library: Library) -> None:
    """Put the sample articles into an empty collection."""
    if library.count():
        return
    typer.echo(f"The collection in {library.settings.store} is empty: adding the sample articles.", err=True)
    with progress("Indexing", quiet=False) as show:
        library.index_samples(show)


def _warn_if_open(host: str, settings: Settings) -> None:
    """Warn where others reach the page and nobody has to log in."""
    from rag.access.people import People, file_of

    if host not in ("127.0.0.1", "localhost", "::1") and not People(file_of(settings)).known():
        typer.secho(
            f"WARNING: listening on {host}, and nobody has to log in: whoever reaches this machine can ask,\n"
            "         add, edit and remove articles. `rag user add NAME` makes the page ask for a password.",
            fg="red",
            err=True,
        )
